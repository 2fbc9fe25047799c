import type { Limits } from '../../limits.js';
import { SYN } from '../../tcp/control.js';
import { after, distance } from '../../tcp/sequence.js';
import { bytes, cited, fact, flagsOf, span, the, whose } from '../evidence.js';
import { asksWithoutBody, isHalfSent } from '../facts/content.js';
import type { Goodbye, Reset } from '../types.js';
import { isServer, programOf } from './side.js';
import type { Match } from './verdict.js';

/** An acknowledgment may be put off for so long, ns (RFC 9293 §3.8.6.3). */
const ACK_DELAY = 500e6;

/**
 * Why the connection was not at rest when the RST came; null where nothing was outstanding either way: all data
 * acknowledged, the last request answered, nobody sending. A goodbye needs no answer.
 * @param delayedAck the RST may be the first acknowledgment of the last data: a program reads before its kernel speaks
 */
export function outstanding(reset: Reset, goodbye: Goodbye | null, delayedAck = false): string | null {
  const { rst, sender, receiver, unread, unanswered, freshlyAcked, aftermath } = reset;
  if (reset.phase === 'orphan' || reset.phase === 'syn-sent' || reset.phase === 'handshake')
    return 'the handshake was not complete';
  if (sender.bytes + receiver.bytes === 0 && receiver.fin === null) return 'no data was exchanged';
  const mine = goodbye?.by === sender ? goodbye.length : 0;
  const theirs = goodbye?.by === receiver ? goodbye.length : 0;
  // Who answers last and is gone before the other kernel need acknowledge leaves that open, and nothing else.
  const young = delayedAck && sender.lastData !== null && rst.time - sender.lastData.time < ACK_DELAY;
  if (sender.bytesUnacked > mine && !(young && isServer(sender) && saidTheLastWord(reset)))
    return `${bytes(sender.bytesUnacked)} of the ${sender.role} were not acknowledged`;
  if (unread !== null) return `at least ${bytes(unread.octets)} were unread`;
  if (windowCameBack(reset))
    return `its window grew from ${sender.rawWindow} to ${rst.window} with the RST, as where unread bytes are thrown away`;
  if (receiver.sndNxt !== null && rst.hasAck && distance(receiver.sndNxt, rst.ack) > 1 + theirs)
    return `${bytes(distance(receiver.sndNxt, rst.ack))} were on the way`;
  if (aftermath.receiverWentOn !== null && aftermath.receiverWentOn.length > 0)
    return `the ${receiver.role} was still sending (${cited(aftermath.receiverWentOn)})`;
  if (sender.retransmitting !== null || receiver.retransmitting !== null) return 'data was being sent again';
  if (sender.zeroWindow !== null || receiver.zeroWindow !== null) return 'a window was shut';
  if (!delayedAck && freshlyAcked !== null && freshlyAcked > 1 + theirs)
    return `the last ${bytes(freshlyAcked)} had just come`;
  if (goodbye !== null) return null;
  const asked = isServer(sender) ? unanswered : unansweredRequest(reset);
  return asked === null ? null : `${bytes(asked.length)} had not been answered`;
}

/**
 * Was the window larger again with the RST: a queue that is thrown away gives its room back before that is written
 * (linux: __tcp_close)? What comes back had gone; a window that never shrank is that of a buffer which grows with use.
 */
export function windowCameBack({ rst, sender, tail }: Pick<Reset, 'rst' | 'sender' | 'tail'>): boolean {
  if (sender.windowScale === null || sender.segments <= 1 || rst.window <= sender.rawWindow) return false;
  const mine = tail.filter((s) => s.from === 'sender' && (s.control & SYN) === 0);
  return mine.length < 2 || mine.some((s, i) => i > 0 && s.window < mine[i - 1].window);
}

/** Had both sides closed, and each acknowledged the other's FIN? */
export function isOver({ sender, receiver }: Pick<Reset, 'sender' | 'receiver'>): boolean {
  return sender.fin !== null && receiver.fin !== null && sender.fin.acked !== null && receiver.fin.acked !== null;
}

/** What a client that resets had asked last, where no answer had come. */
function unansweredRequest({ sender, receiver }: Reset): { readonly length: number } | null {
  const { lastMessage, lastData } = sender;
  if (lastMessage === null || lastData === null) return null;
  // Octets that no captured segment brought anew (a copy of what was lost, a gap) had come all the same.
  if (receiver.lastData === null && receiver.bytes > 0) return null;
  return receiver.lastData === null || receiver.lastData.frame < lastData.frame ? lastMessage : null;
}

/** Had the sender of the RST received no data at all, as both ends' numbers say? */
export function receivedNothing({ rst, receiver }: Pick<Reset, 'rst' | 'receiver'>): boolean {
  return receiver.bytes === 0 && receiver.iss !== null && (!rst.hasAck || distance(rst.ack, receiver.iss) === 1);
}

/** Did new data of the receiver draw the RST: beyond all that its sender had acknowledged? */
export function drewByNewData({ trigger, sender }: Pick<Reset, 'trigger' | 'sender'>): boolean {
  if (trigger === null || trigger.length === 0) return false;
  return sender.rcvNxt === null || after((trigger.seq + trigger.length) | 0, sender.rcvNxt);
}

/**
 * A Windows end that dropped the connection though it had the answer to all it had asked, and the other end all of its
 * data: null for another stack, and where something was outstanding. Its kernel delays acknowledgments by up to
 * 200 ms, so that the RST is often the first of the last data.
 */
export function droppedAtRest(reset: Reset): Match | null {
  const { rst, sender, receiver } = reset;
  if (sender.stack?.family !== 'windows' || sender.fin !== null || reset.mechanism.kind !== 'live-socket') return null;
  if (sender.lastData === null || receiver.lastData === null || outstanding(reset, null, true) !== null) return null;
  const last = sender.lastData.frame > receiver.lastData.frame ? sender : receiver;
  const open = sender.bytesUnacked;
  return {
    confidence: 'likely',
    responsible: programOf(sender),
    severity: open > 0 ? 'warning' : 'note',
    evidence: [
      fact(
        last.lastData,
        `${the(last)} sent the last data${open > 0 ? `, ${bytes(open)} of it not acknowledged yet` : ''}; nothing was waiting for an answer${open > 0 ? '' : ' or on its way'}`,
      ),
      fact(
        rst,
        `${span(rst.time - (last.lastData?.time ?? rst.time))} later ${whose(sender)} live socket sent ${flagsOf(rst)} without a FIN`,
        {
          window: rst.window,
        },
      ),
    ],
    doubt: [
      'Why then: packets do not tell. A process that is stopped, and bytes left unread, make the same packet on Windows.',
      ...(open > 0 ? [`Whether ${the(receiver)} read the last ${bytes(open)} before the RST is not to be seen.`] : []),
    ],
  };
}

/** Was what the RST's sender said last an answer to all that it was sent, with no part of a request still to come? */
export function saidTheLastWord({ sender, receiver, unanswered }: Reset): boolean {
  if (sender.lastData === null || unanswered !== null || isHalfSent(receiver.lastMessage)) return false;
  return sender.lastData.frame > (receiver.lastData?.frame ?? 0);
}

/**
 * For how long after an answer the rest of what it answers may still come, ns: of a request in HTTP/1 that carries no body
 * nothing is on the way.
 */
export function restOfRequest({ receiver, rtt }: Pick<Reset, 'receiver' | 'rtt'>, limits: Limits): number {
  const whole = receiver.lastMessage !== null && asksWithoutBody(receiver.lastMessage);
  return Math.max(limits.exchangeIdle, whole ? 0 : 2 * (rtt ?? 0));
}

/** Whether the RST's sender had closed its side before, as the end of a sentence that says what it sent. */
export function behindFin({ rst, sender }: Pick<Reset, 'rst' | 'sender'>): string {
  const { fin } = sender;
  return fin === null ? 'without a FIN before it' : `${span(rst.time - fin.time)} after its FIN (${cited(fin)})`;
}

/** Octets of the receiver behind what the sender's FIN acknowledged: what came before may have been read. */
export function sentAfterFin({ sender, receiver, tail }: Pick<Reset, 'sender' | 'receiver' | 'tail'>): number {
  const message = receiver.lastMessage?.length ?? 0;
  const fin = tail.find((s) => s.from === 'sender' && s.frame === sender.fin?.frame);
  if (fin === undefined || receiver.sndNxt === null) return message;
  const behind = distance(receiver.sndNxt, fin.ack) - (receiver.fin === null ? 0 : 1);
  return behind > 0 ? Math.min(message, behind) : message;
}

/**
 * Did the RST's receiver wait for an acknowledgment in what it said last, behind less than a full segment (Nagle's
 * algorithm, RFC 9293 §3.7.4)? Then it may be two requests, of which one answer leaves the second unread.
 */
export function cameInTurns({ tail, receiver }: Pick<Reset, 'tail' | 'receiver'>): boolean {
  const first = receiver.lastMessage?.first.frame ?? 0;
  const said = tail.filter((s) => s.frame >= first);
  const last = said.findLastIndex((s) => s.from === 'receiver' && s.length > 0);
  const before = said.slice(0, last).findLastIndex((s) => s.from === 'receiver' && s.length > 0);
  if (before < 0 || said[before].length >= said[last].length) return false;
  const { seq, length } = said[before];
  return said.slice(before, last).some((s) => s.from === 'sender' && distance(s.ack, seq) >= length);
}
