import { TAIL_SEGMENTS } from '../../flow/tail.js';
import type { Limits } from '../../limits.js';
import { ACK, FIN, sequenceLength } from '../../tcp/control.js';
import { after, before, between, distance } from '../../tcp/sequence.js';
import type { EndpointFacts, Reset, ResetSegment, Shape, TailSegment } from '../types.js';
import type { Marks } from './provenance.js';

/**
 * The shape of an RST (docs/causes.md, "Shapes"): what its numbers are, compared with what both ends had sent
 * and acknowledged, and the segment that drew it. Only arithmetic; who made it is provenance.
 */

/** Those whose number is not the next one. */
export const WRONG_NUMBER: readonly Shape[] = ['ahead', 'behind', 'stale-isn', 'zero'];

type Known = Pick<Reset, 'rst' | 'sender' | 'receiver' | 'tail' | 'phase' | 'rttParts'>;
type Whole = Known & Pick<Reset, 'quality' | 'aftermath' | 'idle'>;

export type Trigger = NonNullable<Reset['trigger']>;

/** Where a segment ends in sequence space. */
const endOf = (s: TailSegment) => (s.seq + sequenceLength(s.control, s.length)) | 0;

/**
 * The segment of the receiver that drew the RST, or null. A kernel without a socket answers with
 * seq = the ack it was sent (RFC 9293 §3.10.7.1); among several candidates it is the first one that
 * was new to the sender and is no closer than a round trip allows.
 */
export function findTrigger(reset: Known, limits: Limits): Trigger | null {
  const { rst, sender, tail } = reset;
  const expected = roundTripToSender(reset);
  const possible = (s: TailSegment) => rst.time - s.time >= expected * limits.fastReply;
  let best = -1;
  let taken = -1;
  for (let index = tail.length - 1; index >= 0; index--) {
    const s = tail[index];
    const latency = rst.time - s.time;
    if (latency > Math.max(limits.triggerWindow, 2 * expected)) break;
    if (s.from !== 'receiver' || !(draws(rst, s) || drawsByOwnNumber(reset, s) || drawsAfterClose(reset, s))) continue;
    if (isTaken(tail, index)) {
      if (taken < 0) taken = index;
      continue;
    }
    if (best < 0) {
      best = index;
      continue;
    }
    const isNew = sequenceLength(s.control, s.length) > 0;
    const near = latency <= expected * 1.5 + limits.replyLatency;
    // An answer faster than the round trip is a nearer box's: its trigger is the last segment all the same.
    // But no acknowledgment draws what data or a FIN behind it can have drawn.
    const bestIsNew = sequenceLength(tail[best].control, tail[best].length) > 0;
    if (!possible(tail[best])) best = near && (isNew || !bestIsNew) ? index : best;
    else if (possible(s) && isNew && near && (sender.rcvNxt === null || after(endOf(s), sender.rcvNxt))) best = index;
  }
  // A box that answers in the host's name does so whatever the host itself has acknowledged.
  if (best < 0) best = taken;
  return best < 0 ? null : triggerOf(tail, best, rst);
}

/** Segment `index` of the tail as what drew the RST; spelled out, because a spread takes many times as long. */
function triggerOf(tail: readonly TailSegment[], index: number, rst: ResetSegment): Trigger {
  const s = tail[index];
  return {
    frame: s.frame,
    time: s.time,
    from: s.from,
    seq: s.seq,
    ack: s.ack,
    control: s.control,
    length: s.length,
    window: s.window,
    ttl: s.ttl,
    ipId: s.ipId,
    tsVal: s.tsVal,
    tsEcr: s.tsEcr,
    note: s.note,
    head: s.head,
    fastclose: s.fastclose,
    latency: rst.time - s.time,
    index,
  };
}

/** Did the RST's sender acknowledge this segment afterwards? Whoever took it has answered it already. */
function isTaken(tail: readonly TailSegment[], index: number): boolean {
  const acknowledged = (i: number) =>
    tail.some((a, at) => at > i && a.from === 'sender' && (a.control & ACK) !== 0 && !before(a.ack, endOf(tail[i])));
  const numbered = (s: TailSegment) => sequenceLength(s.control, s.length) > 0;
  if (numbered(tail[index])) return acknowledged(index);
  // An acknowledgment alone is answered by nobody; but it had arrived where new data behind it was acknowledged.
  return tail.some((s, i) => i > index && s.from === 'receiver' && s.note === 'new' && numbered(s) && acknowledged(i));
}

/** Could this segment have drawn this RST? */
function draws(rst: ResetSegment, s: TailSegment): boolean {
  const hasAck = (s.control & 0x10) !== 0;
  if (!rst.hasAck) return hasAck && s.ack === rst.seq;
  if (!hasAck) return rst.ack === endOf(s) >>> 0;
  return s.ack === rst.seq && rst.ack === endOf(s) >>> 0;
}

/**
 * Could it have drawn a bare RST at the number up to which its sender was seen to send? The acknowledgment is of octets
 * that nobody was seen to send: rewritten on the way, or computed by a stack other than the one that answers.
 */
function drawsByOwnNumber({ rst, sender }: Known, s: TailSegment): boolean {
  const { sndNxt } = sender;
  return !rst.hasAck && sndNxt !== null && rst.seq === sndNxt && (s.control & ACK) !== 0 && after(s.ack, sndNxt);
}

/** Does the answer of this stack to data after its close look like an abort? */
export function answersAsItAborts(stack: EndpointFacts['stack']): boolean {
  return stack?.afterClose === 'with ACK' || stack?.afterClose === 'with old ACK';
}

/**
 * Is it data that met a stack which answers such data after its FIN with RST,ACK, acknowledging it (Windows), or not
 * (gVisor)? Where it crossed the FIN, its own acknowledgment is older than that.
 */
function drawsAfterClose({ rst, sender: { stack, fin, rcvNxt } }: Known, s: TailSegment): boolean {
  if (!rst.hasAck || fin === null || !answersAsItAborts(stack)) return false;
  const told = stack?.afterClose === 'with ACK' ? endOf(s) : s.seq;
  return s.length > 0 && rst.ack === told >>> 0 && (rcvNxt === null || after(endOf(s), rcvNxt));
}

/**
 * Round trip from the capture point to the RST's sender and back, ns; 0 where not known. The handshake's, or a shorter
 * one that the newest segments show: a SYN or SYN-ACK may have waited for an address to be resolved or a state made.
 */
export function roundTripToSender(reset: Pick<Reset, 'rttParts' | 'sender' | 'tail'>): number {
  const trip = handshakeTrip(reset);
  return trip === null ? 0 : Math.min(trip, shortestAnswer(reset.tail));
}

/** … as the handshake shows it; null where it does not. */
export function handshakeTrip({ rttParts, sender }: Pick<Reset, 'rttParts' | 'sender'>): number | null {
  if (rttParts === null) return null;
  return sender.role === 'server' ? rttParts.server : rttParts.client;
}

/** Does this shape say that a socket lived until it sent the RST? */
export function isOfLiving(shape: Shape): boolean {
  return shape === 'active' || shape === 'active-shrunk' || shape === 'active-after-fin';
}

/** Is it an acknowledgment alone: neither data nor a FIN? */
export function isBareAck({ length, control }: Pick<TailSegment, 'length' | 'control'>): boolean {
  return length === 0 && (control & FIN) === 0;
}

/** Shortest time in which the sender acknowledged data or a FIN of the receiver, ns; infinite where it did not. */
export function shortestAnswer(tail: readonly TailSegment[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  tail.forEach((s, index) => {
    if (s.from !== 'receiver' || s.note !== 'new' || sequenceLength(s.control, s.length) === 0) return;
    const answer = tail.find((a, at) => at > index && a.from === 'sender' && !before(a.ack, endOf(s)));
    if (answer !== undefined) shortest = Math.min(shortest, answer.time - s.time);
  });
  return shortest;
}

/** Is the segment that drew an RST among these, wherever within a round trip it came? A busy connection has more in flight. */
export function reachesBack(tail: readonly TailSegment[], rst: { readonly time: number }, roundTrip: number): boolean {
  return tail.length < TAIL_SEGMENTS || rst.time - tail[0].time >= roundTrip;
}

export function shapeOf(reset: Whole, trigger: Trigger | null, marks: Marks, limits: Limits): Shape {
  const { rst, sender, receiver, phase, tail } = reset;
  // What the sender is known to have sent, by its own segments or by the other's acknowledgments.
  const nxt =
    sender.sndNxt !== null && receiver.rcvNxt !== null && after(receiver.rcvNxt, sender.sndNxt)
      ? receiver.rcvNxt
      : (sender.sndNxt ?? receiver.rcvNxt);
  // The number up to which it was seen to send fits as well, whatever the other end acknowledged.
  const isNext = nxt !== null && (distance(rst.seq, nxt) === 0 || rst.seq === sender.sndNxt);
  if (rst.hasAck) {
    if (phase === 'syn-sent' && receiver.iss !== null && sender.sndNxt === null && trigger !== null)
      return 'reply-to-syn';
    if (phase === 'orphan' || nxt === null) return rst.seq === 0 ? 'reply-to-syn' : 'orphan';
    if (isNext) {
      const low = sender.rcvNxt ?? receiver.iss ?? rst.ack;
      // What it acknowledged before counts as sent, though the capture may lack it.
      const high = laterOf(receiver.sndNxt ?? rst.ack, low);
      const unseen = receiver.sndNxt === null || reset.sender.rcvNxt === null;
      if (unseen || between(rst.ack, low, high))
        return trigger !== null && isMirror(reset, trigger, marks, limits) ? 'mirror' : 'active';
    }
    if (trigger !== null) return 'mirror';
    if (isRolledBack(reset)) return 'active';
    if (sender.fin !== null && distance(rst.seq, nxt) === -1) return 'active-after-fin';
    if (isShrunk(reset, nxt)) return 'active-shrunk';
    const own = lastOf(tail, 'sender');
    if (own !== undefined && rst.ack === own.ack && (rst.seq === own.seq || rst.seq === endOf(own) >>> 0))
      return 'forward';
    if (rst.seq === 0 || rst.ack === 0) return 'zero';
  } else {
    if (phase === 'orphan' || nxt === null) return trigger !== null ? 'reply' : 'orphan';
    const drawn = trigger !== null && !isTaken(tail, trigger.index);
    if (isNext && ((!drawn && abortsBare(reset, marks, limits)) || abortsWithItsWindow(reset, marks))) return 'active';
    if (trigger !== null || isNext) return 'reply';
    if (sender.fin !== null && distance(rst.seq, nxt) === -1) return 'active-after-fin';
    if (rst.seq === 0) return 'zero';
  }
  if (sender.iss !== null && sender.bytes > 0 && distance(rst.seq, sender.iss) === 1) return 'stale-isn';
  return before(rst.seq, nxt) ? 'behind' : after(rst.seq, nxt) ? 'ahead' : 'active';
}

/** Did the RST come as soon after the segment whose number it bears as an answer does? A kernel or a box answers at once. */
export function isPrompt(
  { latency }: Pick<Trigger, 'latency'>,
  reset: Pick<Reset, 'rttParts' | 'sender' | 'tail'>,
  limits: Limits,
): boolean {
  return latency <= 2 * roundTripToSender(reset) + limits.exchangeIdle;
}

/**
 * Active and mirror coincide in their numbers when the sender had nothing outstanding. A host's answer to a segment
 * with ACK bears no ACK itself (RFC 9293 §3.10.7.1), so RST,ACK is a live socket's, unless it looks like a box that
 * answers in the host's name: another TTL, no timestamps, a copy of the trigger's window or 0. Windows aborts with
 * window 0, and few stacks keep timestamps in an RST: the sender's own TTL and IP ID weigh more than either.
 */
function isMirror(reset: Known, trigger: Trigger, { ttl, ipId }: Marks, limits: Limits): boolean {
  const { rst, sender } = reset;
  const { stack } = sender;
  if (rst.timestamps !== null) return false;
  // A window that happens to be the same long afterwards is no copy.
  const prompt = isPrompt(trigger, reset, limits);
  const copied = prompt && rst.window !== 0 && rst.window === trigger.window && rst.window !== sender.rawWindow;
  const ownTtl = ttl === null || ttl.rst === ttl.usual;
  if (stack?.reply !== 'with ACK' && ownTtl && !copied) {
    if (ipId === 'continues') return false;
    if (stack?.abortWindow === 'zero' && rst.window === 0 && ipId === null) return false;
  }
  if (sender.timestamps && stack?.abortTimestamps !== false) return rst.window === 0 || rst.window === trigger.window;
  return rst.window === 0 || copied;
}

/**
 * A bare RST at SND.NXT that nothing drew is an abort as RFC 9293 §3.10.5 words it; Windows 2000 and XP send it so where
 * others send RST,ACK. Told by its own TTL and an IP ID that goes on, since a device sends the like; and only where both
 * directions were captured, since what drew it may be missing otherwise.
 */
function abortsBare(
  { sender, receiver, phase, quality, aftermath, idle }: Whole,
  { ttl, ipId }: Marks,
  limits: Limits,
): boolean {
  if (phase === 'syn-sent' || phase === 'handshake' || receiver.segments === 0 || sender.segments === 0) return false;
  if (quality.oneSided || quality.flagsOnly || quality.unseen) return false;
  if (sender.fin !== null || (aftermath.crossed !== null && idle >= limits.messageGap)) return false;
  return ipId === 'continues' && (ttl === null || ttl.rst === ttl.usual);
}

/** A bare RST with the socket's own window, of a stack that aborts so; an answer without a socket has window 0. */
function abortsWithItsWindow({ rst, sender }: Whole, { ttl }: Marks): boolean {
  const own = ttl === null || ttl.rst === ttl.usual;
  return sender.stack?.abortsBare === true && own && rst.window > 0 && rst.window === sender.rawWindow;
}

/** The later of two sequence numbers. */
const laterOf = (a: number, b: number) => (after(b, a) ? b : a);

/**
 * Windows and the BSDs go back with SND.NXT to send again, so that they give up at the end of what they repeated last
 * (freebsd: tcp_timer_rexmt, tcp_drop).
 */
function isRolledBack({ rst, sender, tail }: Known): boolean {
  const own = lastOf(tail, 'sender');
  if (sender.retransmitting === null || own?.note !== 'retransmission') return false;
  return distance(rst.seq, endOf(own)) === 0 && distance(rst.ack, own.ack) === 0;
}

/** Linux and gVisor clip the RST's seq to the window the peer left them (tcp_acceptable_seq). */
function isShrunk(reset: Known, nxt: number): boolean {
  const { rst, sender, receiver } = reset;
  if (sender.sndUna === null || receiver.rcvWnd === null) return false;
  return distance(rst.seq, (sender.sndUna + receiver.rcvWnd) | 0) === 0 && before(rst.seq, nxt);
}

/** A refusal whose SYN is not in the capture: only what had no ACK bit is answered with number 0 (RFC 9293 §3.10.7.1). */
export function answersUnseenSyn({
  rst,
  shape,
  sender,
  receiver,
}: Pick<Reset, 'rst' | 'shape' | 'sender' | 'receiver'>): boolean {
  return shape === 'reply-to-syn' && sender.segments + receiver.segments === 0 && rst.seq === 0 && rst.hasAck;
}

export function lastOf(tail: readonly TailSegment[], from: TailSegment['from']): TailSegment | undefined {
  for (let i = tail.length - 1; i >= 0; i--) if (tail[i].from === from) return tail[i];
  return undefined;
}
