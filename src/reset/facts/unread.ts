import type { Limits } from '../../limits.js';
import { DEFAULT_MSS } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { Message, Reset } from '../types.js';
import { asksWithoutBody } from './content.js';

type Known = Pick<Reset, 'rst' | 'sender' | 'receiver' | 'quality' | 'idleData'>;

/** Data of the RST's receiver that came after the last data of its sender. */
export function unansweredOf({ rst, sender, receiver, quality, idleData }: Known, limits: Limits): Message | null {
  // What the RST acknowledges and no segment before it carried was missed, or captured behind it.
  // What a segment before it acknowledged as well had come earlier.
  const missed =
    rst.hasAck && receiver.sndNxt !== null
      ? Math.min(distance(rst.ack, receiver.sndNxt), distance(rst.ack, sender.rcvNxt ?? receiver.sndNxt))
      : 0;
  if (missed > 1 && receiver.bytes > 0)
    return { first: rst, last: rst, length: missed, idleBefore: idleData, octets: new Uint8Array(0) };
  const last = receiver.lastMessage;
  if (last === null) return null;
  // Where packets are out of order, what came in one moment may have come the other way round.
  const apart = sender.lastData === null ? Number.POSITIVE_INFINITY : last.last.time - sender.lastData.time;
  if (quality.unseen && Math.abs(apart) < limits.disorder) return null;
  return sender.lastData === null || sender.lastData.frame < last.last.frame ? last : null;
}

/**
 * Window proof of unread data (docs/causes.md, "Unread data"). Unread octets freeze the right edge; Linux purges the
 * queue before it writes the window of the RST, so that window is larger again.
 */
export function unreadOf({ rst, sender, receiver }: Known, limits: Limits): Reset['unread'] {
  if (!rst.hasAck || sender.windowScale === null || sender.rcvNxt === null || sender.rcvWnd === null) return null;
  const grew = distance(rst.ack, sender.rcvNxt) + (rst.window << sender.windowScale) - sender.rcvWnd;
  const octets = sender.unreadLowerBound ?? 0;
  // A receiver tells its window anew when it has grown by two segments or by half (RFC 9293 §3.8.6.2.2; linux:
  // tcp_cleanup_rbuf): on loopback half of it is less than two segments.
  const offered = octets + sender.rcvWnd;
  const enough = Math.min(limits.unreadSegments * (receiver.mss ?? DEFAULT_MSS), Math.max(1, offered / 2));
  // Half of it must come back with the RST, or the window must have been shut: a rate-limited buffer looks frozen too.
  const confirmed = grew * 2 >= octets || (sender.rawWindow === 0 && rst.window > 0);
  return octets >= enough && confirmed ? { octets, grew, since: sender.frozenSince } : null;
}

/** null also where a filter dropped all other acknowledgments. */
export function freshlyAcked({ rst, sender, quality }: Known): number | null {
  if (!rst.hasAck || sender.rcvNxt === null || quality.flagsOnly) return null;
  return Math.max(0, distance(rst.ack, sender.rcvNxt));
}

/** Is the receiver's last message a request that waited for an answer and may lie unread? */
export function expectsAnswer(
  { rtt, sender, receiver, unanswered }: Pick<Reset, 'rtt' | 'sender' | 'receiver' | 'unanswered'>,
  limits: Limits,
): boolean {
  if (unanswered === null) return false;
  // Whoever sends piece after piece without waiting expects no answers: silence tells nothing then. HTTP owes each request
  // one (RFC 9110 §3.3), and what asks without a body is not a piece of a longer one.
  const pause = Math.max(limits.exchangeIdle, limits.idleRoundTrips * (rtt ?? 0));
  const inPieces = unanswered.last.time - unanswered.first.time > pause && !asksWithoutBody(unanswered);
  if (sender.bytes === 0 && inPieces) return false;
  // A window that moved on with all of a long message shows a program that read it.
  const enough = 2 * limits.unreadSegments * (receiver.mss ?? DEFAULT_MSS);
  return !(sender.unreadLowerBound === 0 && sender.windowScale !== null && unanswered.length >= enough);
}
