import { NETSCALER_NAME } from '../../context/stacks.js';
import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { ACK } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import { HeldView } from '../held/held-view.js';
import type { HeldResets } from '../held/hold.js';
import { R, RT } from '../held/layout.js';
import { PackedTail, TAIL } from '../held/packed-tail.js';
import type { Aftermath, EndpointFacts, Reset, ResetSegment, Shape, SiblingReset, StatedReason } from '../types.js';
import { blackHoleOf } from './black-hole.js';
import { endpointFacts } from './endpoint-facts.js';
import { inferredFromNumbers } from './flags-only.js';
import { goodbyeOf } from './goodbye.js';
import { stepOf } from './ip-id.js';
import { mechanismOf } from './mechanism.js';
import { acceptedAt, drawnAt, heardByAcks } from './one-sided.js';
import { isOfNearLeg, marksOf, provenanceOf } from './provenance.js';
import { isIgnored } from './roles.js';
import { findTrigger, shapeOf, type Trigger } from './shape.js';
import { netscalerCode, statedReason } from './stated.js';
import { aftermath, connectionFacts, dfOf, resetSegment, ttlOf } from './unpack.js';
import { freshlyAcked, unansweredOf, unreadOf } from './unread.js';
import { drawnByWhatFollows, unseenTrigger } from './unseen-trigger.js';

/** RSTs of one incarnation that are compared with each other; a volley has more, all alike. */
const SIBLINGS = 64;

/** Numbers of the held resets of the same incarnation, in frame order. */
export function chain(held: HeldResets, index: number): number[] {
  const { words, w } = held.at(index);
  // Most are alone.
  if (words[w + R.HEAD] === index && words[w + R.NEXT] < 0) return [index];
  const numbers: number[] = [];
  for (let at = words[w + R.HEAD]; at >= 0 && numbers.length < SIBLINGS; ) {
    if (held.has(at)) numbers.push(at);
    else {
      // Those before were given up already: go on with this one.
      at = index;
      numbers.push(at);
    }
    const h = held.at(at);
    at = h.words[h.w + R.NEXT];
  }
  return numbers;
}

/**
 * A client in SYN-SENT that turns an unacceptable acknowledgment away keeps waiting (RFC 9293
 * §3.10.7.3): that its connection goes on says nothing against the RST.
 */
function keepsSocket(
  { rst, sender, receiver, phase }: Pick<Reset, 'rst' | 'sender' | 'receiver' | 'phase'>,
  trigger: Trigger | null,
): boolean {
  if (sender.role !== 'client' || sender.dataSegments > 0 || sender.iss === null) return false;
  // A bare RST bears the number that it turns away, also where a filter dropped the segment.
  const waits = phase === 'handshake' && receiver.iss === null;
  const unseen = trigger === null && waits && !rst.hasAck;
  if (unseen) return distance(rst.seq, sender.iss) !== 1;
  return trigger !== null && (trigger.control & ACK) !== 0 && distance(trigger.ack, sender.iss) !== 1;
}

/** What came after `time` alone: of captures with clocks of their own, what stands a little behind the RST may have come before it. */
function wentOnBehind(
  { senderWentOn, receiverWentOn }: Aftermath,
  time: number,
): Pick<Aftermath, 'senderWentOn' | 'receiverWentOn'> {
  return {
    senderWentOn: senderWentOn !== null && senderWentOn.time > time ? senderWentOn : null,
    receiverWentOn: receiverWentOn !== null && receiverWentOn.time > time ? receiverWentOn : null,
  };
}

/**
 * Did an acknowledgment come late that the sender had sent before its RST? A full queue on the way holds packets back for
 * longer than the handshake took. Told where bare RSTs came before and after it whose IP IDs go on in one counter: one
 * kernel answered packet after packet, so that nothing lived on between.
 */
function isStraggler(
  { rst, aftermath: { senderWentOn }, siblings }: Pick<Reset, 'rst' | 'aftermath' | 'siblings'>,
  limits: Limits,
): boolean {
  if (senderWentOn === null || senderWentOn.length > 0 || rst.hasAck || rst.ipId === null) return false;
  const { ipId } = rst;
  const behind = siblings.find((s) => s.fromSender && !s.hasAck && s.frame > senderWentOn.frame);
  if (behind === undefined || behind.ttl !== rst.ttl || behind.seq !== rst.seq) return false;
  const step = stepOf(ipId, behind.ipId, false);
  return behind.ipId >= 0 && step > 0 && step <= limits.ipIdStep;
}

/** Does the RST carry the receiver's own last data back (a box that reflects packets)? That is no reason. */
function isReflected({ rst, receiver }: Pick<Reset, 'rst' | 'receiver'>): boolean {
  const sent = receiver.lastMessage?.octets;
  return (
    sent !== undefined &&
    rst.payload.length > 0 &&
    sent.length > 0 &&
    rst.payload.subarray(0, Math.min(sent.length, rst.payload.length)).every((octet, i) => octet === sent[i])
  );
}

/**
 * NetScaler puts its reason into the window of an RST that no live socket made; of an orphan that cannot be told, and of
 * a reply, in which some stacks leave a window of theirs, only where the sender's SYN-ACK was a NetScaler's.
 */
function statedByWindow(rst: ResetSegment, shape: Shape, { stack }: EndpointFacts): StatedReason | null {
  if (rst.timestamps !== null || rst.window === 0 || shape === 'orphan') return null;
  if (shape === 'reply' && stack?.name !== NETSCALER_NAME) return null;
  const text = netscalerCode(rst.window);
  return text === null ? null : { by: 'NetScaler', text };
}

/** The other RSTs of the incarnation, seen from the sender of the one that `view` shows. */
function siblingsOf(held: HeldResets, index: number, view: HeldView): SiblingReset[] {
  const siblings: SiblingReset[] = [];
  for (const number of chain(held, index)) {
    if (number === index) continue;
    const v = new HeldView(held.at(number));
    siblings.push({
      frame: v.time(RT.FRAME),
      time: v.time(RT.TIME),
      fromSender: v.senderSide === view.senderSide,
      seq: v.word(R.SEQ) >>> 0,
      ack: v.word(R.ACK) >>> 0,
      ttl: ttlOf(v.word(R.TTL)),
      ipId: v.word(R.IPID),
      df: dfOf(v.word(R.DF_TOS)),
      hasAck: (v.word(R.CONTROL) & 0x10) !== 0,
      window: v.word(R.WINDOW),
    });
  }
  return siblings;
}

/** What is copied out of a held reset, before anything is concluded from it. */
function capturedFacts(
  held: HeldResets,
  index: number,
  view: HeldView,
  tail: PackedTail,
  context: Context,
  limits: Limits,
) {
  const rst = resetSegment(view, held.payloads.get(index));
  const siblings = siblingsOf(held, index, view);
  const connection = connectionFacts(view);
  // Spelled out: each property behind a spread is a slow one.
  return {
    rst,
    sender: endpointFacts(view, view.senderSide, context),
    receiver: endpointFacts(view, (view.senderSide ^ 1) as 0 | 1, context),
    phase: connection.phase,
    handshake: connection.handshake,
    rtt: connection.rtt,
    rttParts: connection.rttParts,
    incarnation: connection.incarnation,
    start: connection.start,
    exchanges: connection.exchanges,
    idle: connection.idle,
    idleData: connection.idleData,
    history: connection.history,
    packets: connection.packets,
    icmp: connection.icmp,
    pendingSyn: connection.pendingSyn,
    quality: connection.quality,
    tail: tail.segments(),
    aftermath: aftermath(
      view,
      siblings.filter((s) => s.frame > rst.frame).map((s) => s.frame),
      rst.time,
      limits,
    ),
    siblings,
    copies: held.copies.get(index) ?? [],
    translated: held.translated.get(index) ?? [],
  };
}

/**
 * The Reset of held number `index`: everything a signature may look at.
 * @param lasting it is kept: its tail stays packed
 */
export function assemble(held: HeldResets, index: number, context: Context, limits: Limits, lasting = false): Reset {
  const view = new HeldView(held.at(index));
  const packed = PackedTail.of(view);
  const captured = capturedFacts(held, index, view, packed, context, limits);
  const inferred = inferredFromNumbers(captured);
  const facts = inferred === null ? captured : { ...captured, ...inferred };
  const { rst, siblings } = facts;
  const fitting = findTrigger(facts, limits);
  const marks = marksOf(view, facts, fitting, context, limits);
  const shape = facts.quality.rootless ? 'orphan' : shapeOf(facts, fitting, marks, limits);
  // Nothing draws a bare RST that is an abort, whatever fits its number.
  const seenTrigger = shape === 'active' && !rst.hasAck ? null : fitting;
  const behind = drawnByWhatFollows(facts, shape, limits);
  const trigger = seenTrigger ?? (shape === 'reply' && (inferred !== null || behind) ? unseenTrigger(facts) : null);
  let later = facts.aftermath;
  if (keepsSocket(facts, trigger) || isOfNearLeg(view, rst, context))
    later = { ...later, senderWentOn: null, receiverWentOn: null };
  // What was accepted when it was asked for again is a connection of its own, and proves nothing about a refusal before it.
  else if (isStraggler(facts, limits) || later.synAgain?.accepted != null) later = { ...later, senderWentOn: null };
  if (context.lag > 0) later = { ...later, ...wentOnBehind(later, rst.time + context.lag) };
  const provenance = provenanceOf(view, marks, facts, seenTrigger, later, siblings, context, limits);
  const heard = heardByAcks(facts, limits);
  const { sender, receiver, phase, exchanges, idleData } = heard ?? facts;
  const { handshake, rttParts } = facts;
  const goodbye = goodbyeOf({ rst, sender, receiver, tail: facts.tail }, limits);
  const mechanism = mechanismOf(
    { rst, sender, receiver, shape, trigger, phase, rttParts, aftermath: later, tail: facts.tail, provenance },
    limits,
  );
  // Spelled out: made by spreading `facts`, 50,000 take half as long again and 300 MB more (measured).
  const reset = {
    rst,
    sender,
    receiver,
    phase,
    handshake,
    rtt: facts.rtt,
    rttParts,
    incarnation: facts.incarnation,
    start: facts.start,
    exchanges,
    idle: facts.idle,
    idleData,
    history: facts.history,
    packets: facts.packets,
    icmp: facts.icmp,
    pendingSyn: facts.pendingSyn,
    quality: facts.quality,
    aftermath: later,
    siblings,
    copies: facts.copies,
    translated: facts.translated,
    trigger,
    shape,
    drawn: drawnAt(facts, trigger, shape),
    provenance,
    stated: isReflected(facts) ? null : (statedReason(rst) ?? statedByWindow(rst, shape, sender)),
    goodbye,
    // Nobody answers a goodbye.
    unanswered: goodbye?.clear ? null : heard === null ? unansweredOf(facts, limits) : heard.unanswered,
    unread: unreadOf(facts, limits),
    blackHole: blackHoleOf(view, facts.icmp, limits),
    freshlyAcked: freshlyAcked(facts),
    effective: !isIgnored({ rst, shape, siblings, phase: facts.phase, aftermath: later }),
    mechanism,
    accepted: acceptedAt({ sender, receiver, handshake, mechanism }),
    tail: facts.tail,
  };
  return Object.freeze(lasting ? TAIL.give(reset, packed.copy()) : reset);
}
