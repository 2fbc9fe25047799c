import { ACK, SYN } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';
import type { EndpointFacts, Message, ResetSegment, TailSegment } from './types.js';

/**
 * A capture of one direction holds no packet of the receiver, but the sender's acknowledgments tell
 * what it had sent: how much in all, and whether some of it came after the sender's own last data.
 */
export function heardByAcks(
  receiver: EndpointFacts,
  sender: EndpointFacts,
  rst: ResetSegment,
  tail: readonly TailSegment[],
): { receiver: EndpointFacts; unanswered: Message | null } | null {
  if (receiver.segments > 0 || sender.rcvNxt === null) return null;
  const opening = tail.find((s) => s.from === 'sender' && (s.control & (SYN | ACK)) === (SYN | ACK));
  if (opening === undefined) return null;
  const end = rst.hasAck && distance(rst.ack, sender.rcvNxt) > 0 ? rst.ack : sender.rcvNxt;
  const bytes = Math.max(0, distance(end, opening.ack));
  const moved = sender.lastAckMoved;
  const at = rst.hasAck && distance(rst.ack, sender.rcvNxt) > 0 ? { frame: rst.frame, time: rst.time } : moved;
  const fresh = bytes > 0 && at !== null && (sender.lastData === null || at.frame > sender.lastData.frame);
  return {
    receiver: { ...receiver, bytes },
    unanswered:
      fresh && at !== null ? { first: at, last: at, length: bytes, idleBefore: null, octets: new Uint8Array(0) } : null,
  };
}
