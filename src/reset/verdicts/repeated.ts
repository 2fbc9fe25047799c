import { NO_AFTERMATH } from '../facts/unpack.js';
import { OnDemand } from '../held/on-demand.js';
import type { Repeat, Repeats } from '../held/repeats.js';
import type { EndpointFacts, Evidence, Mark, Reset } from '../types.js';
import { isServer } from '../vocabulary/side.js';
import type { Verdict } from '../vocabulary/verdict.js';
import { type GroupingFacts, groupingFactsOfReset, MADE_AGAIN } from './facts.js';

type Own = Pick<Verdict, 'reset' | 'evidence'>;

interface Source {
  readonly original: Verdict;
  readonly repeats: Repeats;
  readonly index: number;
}

const OWN = new OnDemand<Source, Own>(['reset', 'evidence'], ({ original, repeats, index }) =>
  make(original, repeats.get(index)),
);

/**
 * The verdict of repeat `index` (of its aftershock -1 - `index` where that is below 0): that of the first of its kind,
 * told with the repeat's own frames and addresses.
 */
export function repeated(
  own: Pick<Verdict, 'id' | 'role' | 'of'>,
  original: Verdict,
  repeats: Repeats,
  index: number,
): Verdict {
  // Spelled out: made by spreading, each of tens of thousands would take 600 octets more (measured).
  const shared = {
    id: own.id,
    role: own.role,
    of: own.of,
    cause: original.cause,
    confidence: original.confidence,
    severity: original.severity,
    mechanism: original.mechanism,
    responsible: original.responsible,
    kernelReasons: original.kernelReasons,
    applications: original.applications,
    doubt: original.doubt,
    lost: original.lost,
    alternatives: original.alternatives,
    against: original.against,
    untested: original.untested,
  };
  return OWN.give(shared, { original, repeats, index });
}

/** Was it made by {@link repeated}, whose facts are made when they are asked for? */
export function isRepeated(verdict: Verdict): boolean {
  return OWN.sourceOf(verdict) !== undefined;
}

/** Without making the facts of a verdict that are made on demand, of which there is far more than this. */
export function groupingFactsOf(verdict: Verdict): GroupingFacts {
  const again = MADE_AGAIN.sourceOf(verdict);
  if (again !== undefined) return again.groupingFacts();
  const source = OWN.sourceOf(verdict);
  if (source !== undefined) {
    const repeat = source.repeats.get(source.index);
    const { frame, time } = repeat;
    if (repeat.of === 'own') return { ...groupingFactsOf(source.original), frame, time };
    const turned = repeat.of === 'lone' && isServer(source.original.reset.sender);
    const [client, server] = turned ? [repeat.server, repeat.client] : [repeat.client, repeat.server];
    return { phase: source.original.reset.phase, frame, time, client, server };
  }
  return groupingFactsOfReset(verdict.reset);
}

/** … the phase alone. */
export function phaseOf(verdict: Verdict): Reset['phase'] {
  const again = MADE_AGAIN.sourceOf(verdict);
  if (again !== undefined) return again.phase;
  return (OWN.sourceOf(verdict)?.original ?? verdict).reset.phase;
}

function make(original: Verdict, repeat: Repeat): Own {
  return repeat.of === 'attempt' ? attempt(original, repeat) : bare(original, repeat);
}

/** The RST alone is another: one more on the same connection, or of a connection of which nothing else was captured. */
function bare({ reset, evidence }: Verdict, repeat: Repeat): Own {
  const mark = { frame: repeat.frame, time: repeat.time };
  const own = ownRst(reset, repeat);
  const lone = {
    sender: { ...reset.sender, ...repeat.client },
    receiver: { ...reset.receiver, ...repeat.server },
    start: mark,
    incarnation: repeat.incarnation,
  };
  const { packets, copies } = repeat;
  return {
    reset: { ...reset, ...(repeat.of === 'lone' ? lone : {}), rst: own, packets, copies, translated: [] },
    evidence: evidence.map((e) => (e.frame === reset.rst.frame ? { ...e, frame: repeat.frame, values: {} } : e)),
  };
}

function ownRst({ rst }: Reset, { frame, time, seq, ack, ipId, ttl }: Repeat): Reset['rst'] {
  return { ...rst, frame, time, seq, ack, ipId, ttl: ttl < 0 ? null : ttl };
}

function attempt(original: Verdict, repeat: Repeat): Own {
  const { reset } = original;
  const fromClient = reset.sender.role === 'client';
  const oldSyn = reset.handshake?.syn ?? null;
  const oldSynAck = reset.handshake?.synAck ?? null;
  const syn: Mark = { frame: repeat.synFrame, time: repeat.synTime };
  const synAck: Mark | null = repeat.synAckFrame === 0 ? null : { frame: repeat.synAckFrame, time: repeat.synAckTime };
  /** The repeat's own mark for one that the like verdict has by this frame number. */
  const moved = (frame: number): Mark | null => {
    if (frame === reset.rst.frame) return { frame: repeat.frame, time: repeat.time };
    if (synAck !== null && frame === oldSynAck?.frame) return synAck;
    return frame === oldSyn?.frame ? syn : null;
  };
  const move = <T extends Mark>(mark: T): T => ({ ...mark, ...moved(mark.frame) });
  const end = (facts: EndpointFacts, place: { address: string; port: number }): EndpointFacts => ({
    ...facts,
    ...place,
    syn: facts.syn && move(facts.syn),
    lastSegment: facts.lastSegment && move(facts.lastSegment),
    lastAckMoved: facts.lastAckMoved && move(facts.lastAckMoved),
  });
  const [sender, receiver] = fromClient ? [repeat.client, repeat.server] : [repeat.server, repeat.client];
  const tail = reset.tail.filter((s) => moved(s.frame) !== null).map(move);
  const trigger =
    reset.trigger && moved(reset.trigger.frame) !== null ? { ...move(reset.trigger), index: tail.length - 1 } : null;
  const changed: Reset = {
    ...reset,
    rst: ownRst(reset, repeat),
    sender: end(reset.sender, sender),
    receiver: end(reset.receiver, receiver),
    trigger: trigger && { ...trigger, latency: repeat.time - trigger.time },
    handshake: { syn, synAck, ack: null },
    start: syn,
    incarnation: repeat.incarnation,
    siblings: [],
    copies: repeat.copies,
    translated: [],
    tail,
    aftermath: NO_AFTERMATH,
  };
  const evidence = (e: Evidence): Evidence => {
    const frame = e.frame === null ? null : (moved(e.frame)?.frame ?? null);
    return { ...e, frame, values: e.frame !== null && 'seq' in e.values ? {} : e.values };
  };
  return { reset: changed, evidence: original.evidence.map(evidence) };
}
