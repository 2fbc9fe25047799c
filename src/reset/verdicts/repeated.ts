import type { StackFacts } from '../../context/stacks.js';
import type { Place } from '../../context/types.js';
import { NO_AFTERMATH } from '../facts/unpack.js';
import { OnDemand } from '../held/on-demand.js';
import type { Repeat, Repeats } from '../held/repeats.js';
import type { EndpointFacts, Evidence, Mark, Mechanism, Reset } from '../types.js';
import { isServer } from '../vocabulary/side.js';
import type { Cause, Verdict } from '../vocabulary/verdict.js';
import { type GroupingFacts, groupingFactsOfReset, MADE_AGAIN } from './facts.js';

/** What is told of a repeat in its own words; all else it has in common with the others of its kind. */
const OWN_FACTS = ['reset', 'mechanism', 'evidence', 'doubt', 'alternatives', 'against', 'untested'] as const;
type Own = Pick<Verdict, (typeof OWN_FACTS)[number]>;

/** Knows what a repeat's own numbers do not tell. */
export interface Teller {
  /** Who made the RST: the same as of its kind, in its own words. */
  mechanismOf(reset: Reset): Mechanism;
  /** What is said of the reset where it is due to this cause; null where it is told otherwise alone than among its kind. */
  toldBy(cause: Cause, reset: Reset): Omit<Own, 'reset' | 'mechanism'> | null;
  /** The stack of the host with this address, null where it is not known. */
  stackAt(address: string): StackFacts | null;
}

interface Source {
  readonly original: Verdict;
  readonly repeats: Repeats;
  readonly index: number;
  readonly teller: Teller;
}

const OWN = new OnDemand<Source, Own>([...OWN_FACTS], ({ original, repeats, index, teller }) =>
  make(original, repeats.get(index), teller),
);

/**
 * The verdict of repeat `index` (of its aftershock -1 - `index` where that is below 0): that of one of its kind, told with
 * the repeat's own frames, times and addresses.
 */
export function repeated(
  own: Pick<Verdict, 'id' | 'role' | 'of'>,
  original: Verdict,
  repeats: Repeats,
  index: number,
  teller: Teller,
): Verdict {
  // Spelled out: made by spreading, each of tens of thousands would take 600 octets more (measured).
  const shared = {
    id: own.id,
    role: own.role,
    of: own.of,
    cause: original.cause,
    confidence: original.confidence,
    severity: original.severity,
    responsible: original.responsible,
    kernelReasons: original.kernelReasons,
    applications: original.applications,
    lost: original.lost,
  };
  return OWN.give(shared, { original, repeats, index, teller });
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

function make(original: Verdict, repeat: Repeat, teller: Teller): Own {
  return repeat.of === 'own' ? another(original, repeat) : own(original, repeat, teller);
}

/** One more RST on the same connection. */
function another({ reset, evidence, mechanism, doubt, alternatives, against, untested }: Verdict, repeat: Repeat): Own {
  const { packets, copies } = repeat;
  return {
    reset: { ...reset, rst: ownRst(reset, repeat), packets, copies, translated: [] },
    mechanism,
    evidence: evidence.map((e) => (e.frame === reset.rst.frame ? { ...e, frame: repeat.frame, values: {} } : e)),
    doubt,
    alternatives,
    against,
    untested,
  };
}

/** The RST of a connection of its own. */
function own({ cause, ...original }: Verdict, repeat: Repeat, teller: Teller): Own {
  const { rst, mechanism } = original.reset;
  const reset = repeat.of === 'lone' ? lone(original.reset, repeat) : attempt(original.reset, repeat);
  const sender = { ...reset.sender, stack: stackOf(original.reset.sender, reset.sender, teller) };
  const receiver = { ...reset.receiver, stack: stackOf(original.reset.receiver, reset.receiver, teller) };
  const made = teller.mechanismOf({ ...reset, sender, receiver });
  const facts = made.kind === mechanism.kind ? made.facts : [];
  const changed = { ...reset, sender, receiver, mechanism: { ...mechanism, facts } };
  const told = original.role === 'first' ? teller.toldBy(cause, changed) : null;
  const { frame } = reset.rst;
  // Numbers of the segments before the RST are not kept.
  const unnumbered = (e: Evidence): Evidence => (e.frame !== frame && 'seq' in e.values ? { ...e, values: {} } : e);
  // What is cited of the original's connection is no packet of this one.
  const moved = (e: Evidence): Evidence => ({ ...e, frame: e.frame === rst.frame ? frame : null, values: {} });
  const { doubt, alternatives, against, untested } = told ?? original;
  return {
    reset: changed,
    mechanism: changed.mechanism,
    evidence: told === null ? original.evidence.map(moved) : told.evidence.map(unnumbered),
    doubt,
    alternatives,
    against,
    untested,
  };
}

/** The stack of an end of a repeat: that of the SYN, where the same host sent the original's. */
function stackOf(original: EndpointFacts, { address }: EndpointFacts, teller: Teller): StackFacts | null {
  return original.address === address ? original.stack : teller.stackAt(address);
}

const markOf = (frame: number, time: number): Mark | null => (frame === 0 ? null : { frame, time });

function ownRst({ rst }: Reset, { frame, time, seq, ack, ipId, ttl }: Repeat): Reset['rst'] {
  return { ...rst, frame, time, seq, ack, ipId, ttl: ttl < 0 ? null : ttl };
}

/** Of a connection of which nothing else was captured. */
function lone(reset: Reset, repeat: Repeat): Reset {
  return {
    ...reset,
    rst: ownRst(reset, repeat),
    sender: { ...reset.sender, ...repeat.client },
    receiver: { ...reset.receiver, ...repeat.server },
    start: { frame: repeat.frame, time: repeat.time },
    incarnation: repeat.incarnation,
    packets: repeat.packets,
    copies: repeat.copies,
    translated: [],
  };
}

/** Of a connection of which the attempt to open it was captured. */
function attempt(reset: Reset, repeat: Repeat): Reset {
  const fromClient = reset.sender.role === 'client';
  const [client, server] = fromClient ? [reset.sender, reset.receiver] : [reset.receiver, reset.sender];
  const rst = ownRst(reset, repeat);
  const syn = markOf(repeat.synFrame, repeat.synTime);
  const synAck = markOf(repeat.synAckFrame, repeat.synAckTime);
  /** The repeat's own mark for one that the like reset has by this frame number. */
  const moved = (frame: number): Mark | null => {
    if (synAck !== null && frame === server.syn?.frame) return synAck;
    return frame === client.syn?.frame ? syn : null;
  };
  const tail = reset.tail.flatMap((s) => {
    const mark = moved(s.frame);
    return mark === null ? [] : [{ ...s, ...mark }];
  });
  const drew = reset.trigger && moved(reset.trigger.frame);
  const trigger = drew &&
    reset.trigger && { ...reset.trigger, ...drew, latency: rst.time - drew.time, index: tail.length - 1 };
  const end = (facts: EndpointFacts, place: Place, opened: Mark | null): EndpointFacts => ({
    ...facts,
    ...place,
    syn: opened,
    lastSegment: facts.lastSegment && opened,
    lastAckMoved: facts.lastAckMoved && moved(facts.lastAckMoved.frame),
  });
  const ends = { client: end(client, repeat.client, syn), server: end(server, repeat.server, synAck) };
  return {
    ...reset,
    rst,
    sender: fromClient ? ends.client : ends.server,
    receiver: fromClient ? ends.server : ends.client,
    trigger,
    handshake: syn && { syn, synAck, ack: null },
    start: { frame: repeat.startFrame, time: repeat.startTime },
    idle: repeat.idle,
    packets: repeat.packets,
    incarnation: repeat.incarnation,
    siblings: [],
    copies: repeat.copies,
    translated: [],
    tail,
    aftermath: NO_AFTERMATH,
  };
}
