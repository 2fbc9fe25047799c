import { FIN, SYN } from '../tcp/control.js';
import { after, distance, later } from '../tcp/sequence.js';
import type { EndpointFacts, Mark, Reset, TailSegment } from './types.js';

/**
 * A filter that keeps only SYN, FIN and RST hides all data, but not what the numbers of those segments
 * tell: how much each end had sent and received when it closed or reset, and, by the timestamps they
 * echo, when an end had last heard of the other.
 */

type Known = Pick<
  Reset,
  'rst' | 'sender' | 'receiver' | 'tail' | 'phase' | 'handshake' | 'quality' | 'aftermath' | 'siblings'
>;
type Told = Pick<Reset, 'sender' | 'receiver' | 'phase' | 'handshake' | 'idleData'>;

/** One tick of a timestamp clock, ns: RFC 7323 §5.4 allows 1 ms to 1 s, the stacks in use count milliseconds. */
const TICK = 1e6;

/** Segment size assumed where no SYN told it (RFC 9293 §3.7.1). */
const DEFAULT_MSS = 536;

/** The facts that the numbers tell, null where the capture is no such one or the RST's number is no believable one. */
export function toldByNumbers(facts: Known): Told | null {
  const { rst, sender, receiver, aftermath, siblings, tail, handshake } = facts;
  if (!facts.quality.flagsOnly || sender.iss === null || receiver.iss === null || handshake?.synAck == null)
    return null;
  // Somebody who goes on, or who had reset before at another number, was not reset by this one.
  if (aftermath.senderWentOn !== null || aftermath.receiverWentOn !== null) return null;
  if (siblings.some((s) => s.fromSender && s.frame < rst.frame)) return null;
  const sent = distance(rst.seq, sender.iss) - 1 - (sender.fin !== null && after(rst.seq, sender.fin.seq) ? 1 : 0);
  if (sent < sender.bytes) return null;

  const fin = tail.find((s) => s.from === 'sender' && (s.control & FIN) !== 0);
  const acked = rst.hasAck ? rst.ack : (fin?.ack ?? null);
  const volume = (ack: number) => distance(ack, receiver.iss ?? 0) - 1;
  const closed = receiver.fin !== null && acked !== null && after(acked, receiver.fin.seq) ? 1 : 0;
  const received = Math.max(receiver.bytes, acked === null ? 0 : volume(acked) - closed);
  const beforeFin = fin === undefined ? 0 : Math.max(0, volume(fin.ack));
  const afterFin = fin === undefined ? 0 : received - beforeFin;
  const lull = silenceBefore({ time: rst.time, tsEcr: rst.timestamps?.tsEcr ?? null }, tail);
  const { synAck } = handshake;
  /** When the RST's sender heard last of the other end. */
  const heard: Mark = { frame: rst.frame, time: rst.time - (lull ?? 0) };
  const spoke = (length: number, first: Mark, last: Mark): Partial<EndpointFacts> => ({
    firstData: first,
    lastData: last,
    messages: 1,
    lastMessage: { first, last, length, idleBefore: null, octets: new Uint8Array(0) },
  });
  const mss = receiver.mss ?? DEFAULT_MSS;
  // Who spoke last is told where the other had said nothing, where a short question got a long answer, and where data
  // came after a FIN.
  const answered = sender.role === 'client' && sent <= mss && received >= 2 * mss && receiver.fin === null;
  let said: Partial<EndpointFacts> = sent > 0 && received === 0 ? spoke(sent, heard, heard) : {};
  let asked: Partial<EndpointFacts> = (sent === 0 && received > 0) || answered ? spoke(received, synAck, heard) : {};
  if (fin !== undefined && afterFin > 0) {
    // More than a segment before the FIN and more after it: it was in the middle of sending.
    const running = beforeFin >= mss;
    asked = running ? spoke(received, synAck, heard) : spoke(afterFin, heard, heard);
    if (sent > 0) said = spoke(sent, fin, fin);
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

/**
 * How long the sender of this segment had heard nothing new, as the capture point saw both: the timestamp it
 * echoes is that of the last segment it took (RFC 7323 §4.3), counted from the other end's SYN. null without timestamps.
 */
function silenceBefore(s: Pick<TailSegment, 'time' | 'tsEcr'>, tail: readonly TailSegment[]): number | null {
  const syn = tail.find((t) => t.from === 'receiver' && (t.control & SYN) !== 0);
  if (s.tsEcr === null || syn === undefined || syn.tsVal === null) return null;
  const silence = s.time - syn.time - distance(s.tsEcr, syn.tsVal) * TICK;
  // A clock that runs faster than that tells nothing.
  return silence < -TICK ? null : Math.max(0, silence);
}
