import type { Limits } from '../../limits.js';
import type { Mark, Reset } from '../types.js';
import { handshakeTrip, isBareAck, isOfLiving, shortestAnswer } from './shape.js';

/** Round trips that the retransmission timer counts at first: SRTT + 4 × RTTVAR, the latter half a round trip (RFC 6298 §2.2). */
const FIRST_TIMER = 3;
/** Half as much again for the path, as in `ackRepeat`. */
const ROOM = 1.5;

/**
 * The last data of the RST's sender, where the capture must lack its acknowledgment: a living socket sends again what is not
 * acknowledged, so what lay there for longer than its timer and was not sent again had been. null: nothing needs to be lacking.
 */
export function lackingAck(
  { rst, sender, receiver, rtt, shape }: Pick<Reset, 'rst' | 'sender' | 'receiver' | 'rtt' | 'shape'>,
  limits: Limits,
): Mark | null {
  const { lastData, bytesUnacked, retransmitting } = sender;
  if (bytesUnacked === 0 || lastData === null || retransmitting !== null) return null;
  if (receiver.zeroWindow !== null || !isOfLiving(shape)) return null;
  // Of Linux its own floor is known.
  const least = sender.stack?.family === 'linux' ? ROOM * limits.retransmissionFloor : limits.ackRepeat;
  const timer = Math.max(least, ROOM * FIRST_TIMER * (rtt ?? 0));
  return rst.time - lastData.time >= timer ? lastData : null;
}

/**
 * May the capture lack what drew the RST? Data or a FIN that no socket took explains it however late it is; an acknowledgment
 * alone is answered at once, so that after more than two round trips to the RST's sender something behind it may have been.
 * Where the handshake does not tell the round trip, the fastest answer seen does; false where there is none.
 */
export function mayLackTrigger(
  reset: Pick<Reset, 'shape' | 'trigger' | 'sender' | 'mechanism' | 'rttParts' | 'tail'>,
  limits: Limits,
): boolean {
  const { shape, trigger, mechanism, tail } = reset;
  if (shape !== 'reply' || trigger === null || mechanism.kind !== 'kernel-reply' || !isBareAck(trigger)) return false;
  const trip = handshakeTrip(reset) ?? shortestAnswer(tail);
  return trigger.latency > 2 * Math.max(0, trip) + limits.replyLatency;
}
