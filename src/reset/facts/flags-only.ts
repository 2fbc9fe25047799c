import { DEFAULT_MSS, FIN, SYN } from '../../tcp/control.js';
import { after, distance, later } from '../../tcp/sequence.js';
import type { EndpointFacts, Mark, Reset, TailSegment } from '../types.js';

/**
 * A filter that keeps only SYN, FIN and RST hides all data, but not what the numbers of those segments
 * tell: how much each end had sent and received when it closed or reset, and, by the timestamps they
 * echo, when an end had last heard of the other.
 */

type Known = Pick<
  Reset,
  'rst' | 'sender' | 'receiver' | 'tail' | 'phase' | 'handshake' | 'quality' | 'aftermath' | 'siblings'
>;
type Inferred = Pick<Reset, 'sender' | 'receiver' | 'phase' | 'handshake' | 'idleData'>;

/** One tick of a timestamp clock, ns: RFC 7323 §5.4 allows 1 ms to 1 s, the stacks in use count milliseconds. */
const TICK = 1e6;

/** The facts that the numbers tell, null where the capture is no such one or the RST's number is no believable one. */
export function inferredFromNumbers(facts: Known): Inferred | null {
  const { rst, sender, receiver, aftermath, siblings, tail, handshake } = facts;
  if (!facts.quality.flagsOnly || sender.iss === null || receiver.iss === null || !handshake?.synAck) return null;
  // Somebody who goes on, or who had reset before at another number, was not reset by this one.
  if (aftermath.senderWentOn !== null || aftermath.receiverWentOn !== null) return null;
  if (siblings.some((s) => s.fromSender && s.frame < rst.frame)) return null;
  // The other end's first number is nobody's count: a box took it from the SYN that it did not let through.
  if (distance(rst.seq, receiver.iss) === 0) return null;
  const sent = volume(rst.seq, sender.iss, sender.fin);
  if (sent < sender.bytes) return null;

  const fin = tail.find((s) => s.from === 'sender' && (s.control & FIN) !== 0);
  const acked = rst.hasAck ? rst.ack : (fin?.ack ?? null);
  const received = Math.max(receiver.bytes, acked === null ? 0 : volume(acked, receiver.iss, receiver.fin));
  const beforeFin = fin === undefined ? received : volume(fin.ack, receiver.iss, receiver.fin);
  const lull = silenceBefore({ time: rst.time, tsEcr: rst.timestamps?.tsEcr ?? null }, tail);
  const { synAck } = handshake;
  const heard: Mark = { frame: rst.frame, time: rst.time - (lull ?? 0) };
  const mss = receiver.mss ?? DEFAULT_MSS;

  // Who spoke last is told where the other had said nothing, where a short question got a long answer, and where data
  // came after a FIN: with more than a segment before it, that was in the middle of a message.
  const download = sender.role === 'client' && sent <= mss && received >= 2 * mss && receiver.fin === null;
  let said = received === 0 ? spoke(sent, heard, heard) : {};
  let asked = sent === 0 || download ? spoke(received, synAck, heard) : {};
  if (fin !== undefined && received > beforeFin) {
    said = spoke(sent, fin, fin);
    asked = beforeFin >= mss ? spoke(received, synAck, heard) : spoke(received - beforeFin, heard, heard);
  }
  return {
    sender: {
      ...sender,
      ...said,
      bytes: sent,
      sndNxt: rst.seq,
      fin: sender.fin && { ...sender.fin, idleBefore: fin === undefined ? null : silenceBefore(fin, tail) },
    },
    receiver: {
      ...receiver,
      ...asked,
      bytes: received,
      sndNxt: acked === null ? receiver.sndNxt : later(acked, receiver.sndNxt ?? acked) >>> 0,
    },
    phase: facts.phase === 'handshake' ? 'established' : facts.phase,
    // Data flowed, so its third packet had come.
    handshake: { ...handshake, ack: handshake.ack ?? synAck },
    idleData: lull,
  };
}

/** Octets of data below a sequence number: neither the SYN nor a FIN counts. */
function volume(number: number, iss: number, fin: EndpointFacts['fin']): number {
  return distance(number, iss) - 1 - (fin !== null && after(number, fin.seq) ? 1 : 0);
}

/** One message of this length, its octets unknown; nothing where it has none. */
function spoke(length: number, first: Mark, last: Mark): Partial<EndpointFacts> {
  if (length === 0) return {};
  const lastMessage = { first, last, length, idleBefore: null, octets: new Uint8Array(0) };
  return { firstData: first, lastData: last, messages: 1, lastMessage };
}

/**
 * How long the sender of this segment had heard nothing new, as the capture point saw both: the timestamp it
 * echoes is that of the last segment it took (RFC 7323 §4.3), counted from the other end's SYN. null without timestamps.
 */
function silenceBefore(s: Pick<TailSegment, 'time' | 'tsEcr'>, tail: readonly TailSegment[]): number | null {
  const syn = tail.find((t) => t.from === 'receiver' && (t.control & SYN) !== 0);
  if (s.tsEcr === null || syn === undefined || syn.tsVal === null) return null;
  const silence = s.time - syn.time - distance(s.tsEcr, syn.tsVal) * TICK;
  // Later than the segment or earlier than the SYN cannot be: another clock rate, or no echo at all.
  if (silence < -TICK || silence > s.time - syn.time + TICK) return null;
  return Math.max(0, silence);
}
