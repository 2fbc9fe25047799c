import { initialTtl } from '../../context/initial-ttl.js';
import type { Limits } from '../../limits.js';
import { controlNames } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import { span } from '../evidence.js';
import type { Confidence, EndpointFacts, Evidence, Mechanism, MechanismKind, Provenance, Reset } from '../types.js';
import { isOfLiving, isPrompt, WRONG_NUMBER } from './shape.js';

type Known = Pick<
  Reset,
  'rst' | 'sender' | 'receiver' | 'shape' | 'trigger' | 'phase' | 'rttParts' | 'aftermath' | 'tail'
> & {
  readonly provenance: Provenance;
};

interface Fact {
  /** Positive: someone else made it; negative: the named sender's host did. */
  readonly weight: number;
  /** The fact settles it alone. */
  readonly decisive?: boolean;
  readonly frame?: number;
  readonly text: string;
  readonly values?: Evidence['values'];
}

/**
 * How much a fact says of who made the packet. Only their order and their sums count: one that is strong and one that is
 * slight are as much as one that is grave, and weak ones alone convince nobody. Set by hand on recordings where the truth
 * is known (docs/causes.md, "Who made the packet"); test/reset/facts/mechanism.test.ts holds each.
 */
const WEIGHT = {
  /** The named sender went on as if nothing had been. */
  proof: 6,
  /** No stack starts with both TTLs. */
  grave: 5,
  /** A copy of another packet, another card, faster than light. */
  strong: 4,
  clear: 3,
  /** Seen of honest hosts as well. */
  weak: 2,
  slight: 1,
} as const;
/** Sum of the weights from which another machine is likely, whatever the shape. */
const LIKELY_OTHER = 5;
/** Sum of what speaks for another machine that must be explained before the named host can have made it. */
const SUSPICION = 3;
/** Sum down to which the named host's socket is likely; that up to which it is possible where nothing drew the RST. */
const LIKELY_OWN = -2;
const POSSIBLY_OWN = 1;
/** Facts told where they do not decide. */
const TOLD = 4;

/**
 * The table of provenance evidence (docs/causes.md, "Who made the packet"). Weights order and add up inside this file only;
 * reports show the facts. A row returns undefined where it cannot be tested or does not hold.
 */
const EVIDENCE: readonly ((r: Known, limits: Limits) => Fact | undefined)[] = [
  ({ provenance: p }) =>
    p.senderWentOn
      ? {
          weight: WEIGHT.proof,
          decisive: true,
          frame: p.senderWentOn.frame,
          text:
            p.senderWentOn.length > 0
              ? `its named sender sent ${p.senderWentOn.length} more bytes: its TCP had reset nothing`
              : 'its named sender went on with the connection',
        }
      : undefined,
  ({ provenance: p, rst, sender }) =>
    // A server that turned an acknowledgment of another number away keeps waiting: its SYN-ACK again is no wonder.
    p.synAckAfter && (sender.iss === null || distance(rst.seq, sender.iss) === 1 || rst.hasAck)
      ? {
          weight: WEIGHT.proof,
          decisive: true,
          frame: p.synAckAfter.frame,
          text: 'the named sender accepted the connection after "its" RST',
        }
      : undefined,
  ({ provenance: p, phase, sender }, limits) => {
    if (!p.ttl || p.ttl.rst === p.ttl.usual) return undefined;
    if (hasResetTtl(sender, p.ttl))
      return { weight: -WEIGHT.slight, text: `TTL ${p.ttl.rst}, as ${sender.stack?.name} gives its resets` };
    const away = Math.abs(p.ttl.rst - p.ttl.usual);
    const far = initialTtl(p.ttl.rst) !== initialTtl(p.ttl.usual) && p.ttl.samples >= 2;
    const base = p.ttl.samples >= limits.ttlSamples || far || (isNearer(p.ttl) && p.ttl.samples >= 2);
    if (!base) return { weight: away >= limits.ttlDifference ? WEIGHT.weak : WEIGHT.slight, text: ttlText(p.ttl) };
    const differentClass = initialTtl(p.ttl.rst) !== initialTtl(p.ttl.usual);
    // A scanner's kernel answers with its own TTL, whatever its crafted SYN had.
    if (phase === 'handshake' && sender.role === 'client') return { weight: WEIGHT.slight, text: ttlText(p.ttl) };
    return {
      weight: away >= limits.ttlDifference ? (differentClass ? WEIGHT.grave : WEIGHT.strong) : WEIGHT.clear,
      text: ttlText(p.ttl),
      values: { ttl: p.ttl.rst, usual: p.ttl.usual },
    };
  },
  ({ provenance: p }, limits) =>
    p.ttl && p.ttl.rst === p.ttl.usual
      ? {
          weight: p.ttl.samples >= limits.ttlSamples ? -WEIGHT.weak : -WEIGHT.slight,
          text: `TTL ${p.ttl.rst}, as in its other packets`,
          values: { ttl: p.ttl.rst },
        }
      : undefined,
  ({ provenance: p }) =>
    p.timestamps === 'kept' ? { weight: -WEIGHT.proof, text: 'TCP timestamps were kept and in line' } : undefined,
  ({ provenance: p }) =>
    p.timestamps === 'odd' ? { weight: WEIGHT.clear, text: 'its TCP timestamp ran backwards' } : undefined,
  ({ provenance: p, shape, sender }) =>
    p.timestamps === 'missing' && sender.stack?.abortTimestamps !== false && (shape === 'active' || shape === 'forward')
      ? { weight: WEIGHT.slight, text: 'TCP timestamps were negotiated and are missing' }
      : undefined,
  ({ provenance: p, rst }) =>
    p.ipId === 'continues'
      ? {
          weight: -WEIGHT.strong,
          text: `its IP ID went on from the last packet (${hex(rst.ipId)})`,
          values: { ipId: rst.ipId },
        }
      : undefined,
  ({ provenance: p, rst }) =>
    p.ipId === 'mirrors'
      ? { weight: WEIGHT.strong, text: `its IP ID ${hex(rst.ipId)} is a copy of the trigger's` }
      : undefined,
  ({ provenance: p, rst }) =>
    p.ipId === 'breaks' && rst.hasAck
      ? { weight: WEIGHT.weak, text: `its IP ID ${hex(rst.ipId)} breaks the sender's sequence` }
      : undefined,
  ({ provenance: p, rst }) =>
    p.dfDiffers
      ? {
          weight: WEIGHT.weak,
          text: `its DF bit is ${rst.df ? 'set' : 'clear'}, unlike all other packets of that sender`,
        }
      : undefined,
  ({ provenance: p }) =>
    p.macDiffers
      ? { weight: WEIGHT.strong, text: "it came from another MAC address than that sender's other packets" }
      : undefined,
  ({ provenance: p }) =>
    p.tooFast
      ? { weight: WEIGHT.strong, text: 'it came back faster than the round trip to that host allows' }
      : undefined,
  ({ provenance: p, shape }) =>
    p.window === 'mirrors' && shape === 'mirror'
      ? { weight: WEIGHT.strong, text: "its window is a copy of the trigger's" }
      : undefined,
  ({ provenance: p, rst, sender }) =>
    p.window === 'plausible' && rst.hasAck && (p.timestamps !== 'missing' || sender.stack?.abortTimestamps === false)
      ? { weight: -WEIGHT.weak, text: `its window is a real one (${rst.window})`, values: { window: rst.window } }
      : undefined,
  ({ rst, shape, sender }) =>
    abortsSo(sender, rst) && shape === 'active'
      ? {
          weight: -WEIGHT.weak,
          text: `window 0 at the next number: so ${sender.stack?.name} aborts`,
          values: { window: 0 },
        }
      : undefined,
  ({ shape }) =>
    shape === 'forward'
      ? { weight: WEIGHT.strong, text: "its numbers are a copy of the sender's own last segment" }
      : undefined,
  ({ shape }) =>
    WRONG_NUMBER.includes(shape)
      ? { weight: WEIGHT.weak, text: 'its sequence number is not one the sender would use' }
      : undefined,
  ({ provenance: p, shape }) =>
    p.alike.length > 0 &&
    p.volley.length > 0 &&
    (shape === 'ahead' || shape === 'behind' || p.ttl === null || p.ttl.rst !== p.ttl.usual)
      ? {
          weight: WEIGHT.clear,
          text: `RSTs ${p.alike.join(', ')} have the same TTL and IP ID but other sequence numbers`,
        }
      : undefined,
  ({ provenance: p }) =>
    p.twin !== null
      ? { weight: WEIGHT.proof, frame: p.twin, text: 'its twin came with it, at a number that no TCP would use' }
      : undefined,
  ({ provenance: p, trigger, rst, shape }) =>
    p.bothEnds && trigger === null && (shape === 'active' || shape === 'reply') && rst.window === 0
      ? {
          weight: WEIGHT.clear,
          frame: p.bothEnds.frame,
          text: 'an RST in the name of the other end came in the same moment',
        }
      : undefined,
  ({ rst, shape, sender, provenance: p }) =>
    shape === 'reply' && !rst.hasAck && rst.window !== 0 && sender.stack?.family === 'linux' && p.window !== 'mirrors'
      ? {
          weight: WEIGHT.grave,
          text: `it has no ACK and a window of ${rst.window}: a Linux kernel writes 0 there`,
          values: { window: rst.window },
        }
      : undefined,
  (r) =>
    r.shape === 'reply' && r.trigger !== null && hadTaken(r)
      ? {
          weight: WEIGHT.weak,
          frame: r.sender.lastAckMoved?.frame,
          text: 'its named sender had acknowledged the segment that it would answer: a socket was there',
        }
      : undefined,
  (r, limits) =>
    r.trigger !== null && (r.shape === 'reply' || r.shape === 'reply-to-syn') && !r.provenance.tooFast && !hadTaken(r)
      ? {
          weight: -WEIGHT.slight,
          text: answerText(r, limits),
        }
      : undefined,
  (r) =>
    isNoStack(r)
      ? {
          weight: WEIGHT.slight,
          text: 'a live Linux socket would keep timestamps in it, and a Linux kernel without one answers a segment with ACK without ACK',
        }
      : undefined,
  (r) =>
    r.rst.ipId === 0 && r.rst.df && r.rst.window === 0 && !isNoStack(r)
      ? {
          weight: -WEIGHT.slight,
          text: `IP ID 0, DF set, window 0, no options: as a ${r.sender.stack?.family === 'linux' ? 'Linux ' : ''}kernel answers without a socket`,
        }
      : undefined,
];

/**
 * RST,ACK at the numbers of a connection in use, with window 0 and without the timestamps that were agreed on: no Linux host
 * writes that, with a live socket (RFC 7323 §3.2; linux: tcp_send_active_reset) or without one (RFC 9293 §3.10.7.1). A
 * SYN-ACK alone may be that of a box which answers in the host's place.
 */
function isNoStack(reset: Known): boolean {
  const { rst, shape, sender, provenance } = reset;
  if (shape !== 'mirror' || !rst.hasAck || rst.window !== 0 || provenance.timestamps !== 'missing') return false;
  return sender.stack?.family === 'linux' && phaseUsed(reset);
}

/** Had the RST's sender acknowledged the data that would have drawn it, new when it came, and after it came? */
function hadTaken({ trigger, sender }: Known): boolean {
  if (trigger === null || trigger.length === 0 || trigger.note !== 'new' || sender.rcvNxt === null) return false;
  const { lastAckMoved } = sender;
  if (lastAckMoved === null || lastAckMoved.frame <= trigger.frame) return false;
  return distance(sender.rcvNxt, trigger.seq + trigger.length) >= 0;
}

/**
 * Did the RST come as soon as an answer does? What came long before it drew nothing, unless how long an answer takes is not
 * known, or data right behind it, captured out of order, may have drawn it.
 */
function mayHaveDrawn(reset: Known, trigger: NonNullable<Known['trigger']>, limits: Limits): boolean {
  return reset.rttParts === null || reset.aftermath.crossed !== null || isPrompt(trigger, reset, limits);
}

function answerText({ trigger, rst }: Known, limits: Limits): string {
  if (trigger === null || trigger.unseen)
    return 'its number is that of an answer, though what it answers was not captured before it';
  const since = rst.time - trigger.time;
  return since <= limits.exchangeIdle
    ? 'it answers a segment that had just come'
    : `its number answers a segment that had come ${span(since)} before`;
}

const hex = (id: number | null) => (id === null ? 'none' : `0x${id.toString(16).padStart(4, '0')}`);

function ttlText(ttl: NonNullable<Provenance['ttl']>): string {
  const packets = ttl.samples === 1 ? 'the one other packet' : `${ttl.samples} other packets`;
  return `TTL ${ttl.rst}, but ${ttl.usual} in ${packets} of that host`;
}

/**
 * Does this stack give its resets a TTL of their own, and had neither this nor its other packets crossed a router? Farther
 * away a box on the path may be what starts with that TTL.
 */
export function hasResetTtl(
  { stack }: Pick<EndpointFacts, 'stack'>,
  { rst, usual }: NonNullable<Provenance['ttl']>,
): boolean {
  return stack?.resetTtl === rst && isInitial(usual);
}

/** Is an RST with window 0 how this sender's stack aborts? */
function abortsSo({ stack }: EndpointFacts, rst: Known['rst']): boolean {
  return stack?.abortWindow === 'zero' && rst.window === 0 && rst.hasAck;
}

/** A TTL as hosts start with it: the packet has crossed no router. */
export function isInitial(ttl: number): boolean {
  return ttl === initialTtl(ttl);
}

/** Did it cross no router, though that host's other packets cross some? Hosts do not start one hop higher. */
function isNearer({ rst, usual }: NonNullable<Provenance['ttl']>): boolean {
  return rst > usual && isInitial(rst) && initialTtl(usual) === rst;
}

/** Another initial TTL, but as many hops away: another machine at the same place, not one on the way. */
export function sameDistance(a: number, b: number): boolean {
  return initialTtl(a) !== initialTtl(b) && Math.abs(initialTtl(a) - a - (initialTtl(b) - b)) <= 1;
}

/** One hop farther than that host's other packets, by the same initial TTL: made behind it, where no box on the way stands. */
export function oneHopFarther(rst: number, usual: number): boolean {
  return initialTtl(rst) === initialTtl(usual) && rst === usual - 1;
}

/** Had this end said more than its SYN? A filter may have kept no other segment, but its RST's number tells. */
export function isUsed({ segments, bytes }: Pick<EndpointFacts, 'segments' | 'bytes'>): boolean {
  return segments > 1 || bytes > 0;
}

/** Had the sender been heard of in this connection beyond its SYN-ACK? */
function phaseUsed(reset: Known): boolean {
  return reset.phase !== 'syn-sent' && reset.phase !== 'handshake' && isUsed(reset.sender);
}

/** Would the IP header tell whether the named sender made the RST, which a text does not hold, and nothing else tells? */
export function isOriginOpen({ provenance, mechanism }: Pick<Reset, 'provenance' | 'mechanism'>): boolean {
  return provenance.hidden && mechanism.confidence === 'possible';
}

/** Who made the packet: that host's live socket, its kernel, or a third party; with the facts, strongest first. */
export function mechanismOf(reset: Known, limits: Limits): Mechanism {
  const { rst, shape, trigger, provenance: p } = reset;
  const facts: Fact[] = [];
  for (const row of EVIDENCE) {
    const fact = row(reset, limits);
    if (fact !== undefined) facts.push(fact);
  }
  facts.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const sum = facts.reduce((total, f) => total + f.weight, 0);
  const evidence = (sign: number) =>
    facts
      .filter((f) => Math.sign(f.weight) === sign)
      .map((f): Evidence => ({ frame: f.frame ?? rst.frame, text: f.text, values: f.values ?? {} }));
  const decisive = facts.some((f) => f.decisive);
  const third = (confidence: Confidence): Mechanism => ({
    kind: 'third-party',
    confidence,
    hops: hopsOf(reset, decisive),
    facts: evidence(1),
  });
  const own = (kind: MechanismKind, confidence: Confidence): Mechanism => ({
    kind,
    confidence,
    hops: null,
    facts: evidence(-1),
  });

  const isReply = shape === 'reply' || shape === 'reply-to-syn';
  // A kernel answers a stray packet with a reset of its own though the connection lives (docs/causes.md, "Traps"): a bare
  // reply with all marks of that host is no proof against it, even when the host goes on.
  if (
    decisive &&
    isReply &&
    !rst.hasAck &&
    (p.hidden || (p.ttl !== null && p.ttl.rst === p.ttl.usual && p.ttl.samples >= limits.ttlSamples)) &&
    !p.macDiffers &&
    !p.dfDiffers &&
    p.ipId !== 'breaks' &&
    p.ipId !== 'mirrors'
  )
    return { kind: 'undecided', confidence: 'possible', hops: null, facts: [...evidence(1), ...evidence(-1)] };
  // A client that turns something away in its handshake keeps waiting for the right answer (RFC 9293 §3.10.7.3).
  const waiting =
    (reset.phase === 'handshake' || reset.phase === 'syn-sent') && reset.sender.role === 'client' && !rst.hasAck;
  if (decisive && !waiting) return third('certain');
  if (waiting) return own('kernel-reply', trigger === null ? 'possible' : 'likely');
  const farther = p.ttl !== null && oneHopFarther(p.ttl.rst, p.ttl.usual);
  if (
    isReply &&
    p.ttl !== null &&
    (farther || sameDistance(p.ttl.rst, p.ttl.usual)) &&
    trigger !== null &&
    mayHaveDrawn(reset, trigger, limits) &&
    !hadTaken(reset) &&
    phaseUsed(reset)
  ) {
    const otherMachine: Evidence = {
      frame: rst.frame,
      text: `${ttlText(p.ttl)}: another machine ${farther ? 'one hop farther' : 'at the same distance'}`,
      values: { ttl: p.ttl.rst, usual: p.ttl.usual },
    };
    return { kind: 'kernel-reply', confidence: 'likely', hops: null, facts: [otherMachine, ...evidence(-1)] };
  }
  if (sum >= LIKELY_OTHER) return third('likely');
  const against = facts.filter((f) => f.weight > 0);
  const ownTtl = p.ttl !== null && p.ttl.rst === p.ttl.usual && p.ttl.samples >= limits.ttlSamples;
  // Delays vary: what came early with the host's own TTL is still that host's, where nothing else speaks against it.
  // … or what does is slight beside an IP ID that goes on counting.
  const total = against.reduce((sum, f) => sum + f.weight, 0);
  const others = total - (p.tooFast ? WEIGHT.strong : 0);
  const early = p.tooFast && ownTtl && (others === 0 || (p.ipId === 'continues' && others < SUSPICION));
  const positive = early ? others : total;
  if (isReply) {
    // A reply has no timestamps and no IP ID of a socket: TTL, MAC and latency are all there is.
    if (positive >= SUSPICION) return third('likely');
    if ((trigger === null && reset.phase !== 'syn-sent') || p.hidden) return own('kernel-reply', 'possible');
    return own('kernel-reply', 'likely');
  }
  if (isOfLiving(shape)) {
    if (p.timestamps === 'kept' && positive === 0) return own('live-socket', 'certain');
    const usualWindow = p.window === 'plausible' || abortsSo(reset.sender, rst);
    if (p.ipId === 'continues' && usualWindow && positive === 0)
      return own('live-socket', early ? 'likely' : 'certain');
    if (sum <= LIKELY_OWN && positive < SUSPICION) return own('live-socket', 'likely');
    if (sum <= POSSIBLY_OWN && trigger === null && positive < SUSPICION) return own('live-socket', 'possible');
  }
  // Timestamps in an RST are a socket's: no kernel reply and no device known carries them.
  if (shape === 'orphan' && rst.timestamps !== null && rst.hasAck && rst.window > 0)
    return own('live-socket', 'likely');
  if (shape === 'orphan' && !rst.hasAck && rst.ipId === 0 && rst.df && rst.window === 0)
    return own('kernel-reply', 'possible');
  if (positive >= SUSPICION) return third('possible');
  if ((shape === 'mirror' || shape === 'zero') && rst.ipId === 0 && rst.df && rst.window === 0)
    return own('kernel-reply', 'possible');
  if (shape === 'mirror') return { kind: 'undecided', confidence: 'possible', hops: null, facts: evidence(-1) };
  return {
    kind: 'undecided',
    confidence: 'possible',
    hops: null,
    facts: [...evidence(-1), ...evidence(1)].slice(0, TOLD),
  };
}

/** Hops from the capture point to whoever made it, where the TTL is one a device starts with and not a forger's choice. */
function hopsOf(reset: Known, forged: boolean): number | null {
  const { ttl } = reset.provenance;
  if (forged || ttl === null || ttl.rst === ttl.usual) return null;
  return initialTtl(ttl.rst) - ttl.rst;
}

/** `RST ACK seq 5 win 0`, for evidence values. */
export function describe(rst: Known['rst']): string {
  return `${controlNames(rst.control)} seq ${rst.seq}${rst.hasAck ? ` ack ${rst.ack}` : ''} win ${rst.window}`;
}
