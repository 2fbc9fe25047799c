import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { FIN } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import { bytes, cited, fact, span, the, whose } from '../evidence.js';
import { mayBeClientHello } from '../facts/content.js';
import { isTlsRecord } from '../facts/tls.js';
import type { Reset } from '../types.js';
import { idleReuse } from './idle-reuse.js';
import { programOf } from './side.js';
import { mayBeTurnedAway, turnedAway } from './turned-away.js';
import type { Match, SignatureResult, With } from './verdict.js';

/** Octets that may be under way at once (RFC 7323 §2.3). */
const MOST_WINDOW = 1 << 30;

/** A more special story of data that met a closed socket. */
export function otherStory(reset: With<'drawn'>, context: Context, limits: Limits): string | null {
  const reuse = idleReuse(reset, limits);
  if (reuse !== undefined && !('no' in reuse))
    return `the connection had been idle for ${span(reuse.idle)} after a complete exchange: it was reused, not written on`;
  if (mayBeTurnedAway(reset, context, limits))
    return 'the handshake is missing: the server may have closed at once after it had accepted';
  const met = turnedAway(reset, context, limits);
  return met !== null && met.confidence !== 'possible'
    ? 'the server had closed at once after it had accepted the connection'
    : null;
}

/** The data is not in the capture, but a socket that has just closed answers nothing else with an RST. */
export function dataUnseen(reset: With<'drawn'>, limits: Limits): SignatureResult {
  const { rst, sender, receiver, drawn, tail } = reset;
  if (sender.fin === null) return { no: 'no FIN was seen' };
  if (receiver.fin !== null) return { no: `the ${receiver.role} had closed its side too (${cited(receiver.fin)})` };
  const since = drawn.time - sender.fin.time;
  // Later it may be a repeated FIN; a TLS goodbye meets a closed socket as often; and what came before may be a FIN.
  const vague = reset.quality.midStream || mayBeClientHello(reset, limits) || tail.some((s) => isTlsRecord(s.head));
  return {
    confidence: since < limits.retransmissionFloor && !vague ? 'likely' : 'possible',
    responsible: programOf(sender),
    lost: 'data lost',
    evidence: [
      fact(sender.fin, `${the(sender)} closed (FIN)`),
      fact(rst, `${span(since)} later ${whose(sender)} kernel answered data nobody was there to read`, {
        seq: rst.seq,
      }),
    ],
    doubt: [
      'Inferred: the data, whose direction is not in this capture. With TCP_LINGER2 below zero a plain acknowledgment draws the same.',
    ],
  };
}

/**
 * A FIN of the other side behind data that never came: a socket that closed answers it with RST, since it tells of octets that
 * nobody will read (linux: tcp_rcv_state_process). null where the segment that drew the RST is no such FIN.
 */
export function finBehindAGap(reset: Reset): Match | null {
  const { rst, sender, receiver, trigger } = reset;
  if (trigger === null || sender.fin === null || sender.rcvNxt === null || (trigger.control & FIN) === 0) return null;
  const gap = distance(trigger.seq, sender.rcvNxt);
  // A number that far ahead is no place in this connection.
  if (gap <= 0 || gap > MOST_WINDOW) return null;
  return {
    // When they were sent, and whether they were a goodbye, is what decides.
    confidence: 'possible',
    responsible: 'unknown',
    lost: `${bytes(gap)} lost`,
    evidence: [
      fact(sender.fin, `${the(sender)} closed (FIN)`),
      fact(
        trigger,
        `${the(receiver)} closed, too, behind ${bytes(gap)} that never came, as far as this capture tells`,
        { missing: gap },
      ),
      fact(rst, `nobody was there to wait for them: ${whose(sender)} kernel answered with an RST`, { seq: rst.seq }),
    ],
    doubt: [
      `Whether ${the(receiver)} sent them before or after ${the(sender)} had closed cannot be told: they were lost on the way, or by the capture.`,
    ],
  };
}

/** How the RST of a sender that had closed with FIN came about: `what` the other side sent drew it, or it was its own doing. */
export function resetAfterFin({ rst, sender, shape }: Reset, what: string): string {
  if (shape === 'reply' || sender.fin === null) return `${what} met a closed socket: RST`;
  return `${span(rst.time - sender.fin.time)} later it aborted what was left of the connection: RST`;
}
