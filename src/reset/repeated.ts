import type { Repeat, Repeats } from './repeats.js';
import type { EndpointFacts, Evidence, Mark, Reset, Verdict } from './types.js';

/**
 * The verdict of a repeat: that of the first of its kind, told with the repeat's own frames and addresses. What is its
 * own is made when it is asked for and not kept, because there may be tens of thousands of them.
 */
export class Repeated implements Verdict {
  declare readonly reset: Reset;
  declare readonly evidence: readonly Evidence[];
  readonly cause: Verdict['cause'];
  readonly confidence: Verdict['confidence'];
  readonly severity: Verdict['severity'];
  readonly mechanism: Verdict['mechanism'];
  readonly responsible: Verdict['responsible'];
  readonly kernelReasons: Verdict['kernelReasons'];
  readonly applications: Verdict['applications'];
  readonly doubt: Verdict['doubt'];
  readonly lost: Verdict['lost'];
  readonly alternatives: Verdict['alternatives'];
  readonly against: Verdict['against'];
  readonly untested: Verdict['untested'];
  readonly #like: Verdict;
  readonly #repeats: Repeats;
  readonly #index: number;

  constructor(
    readonly id: string,
    like: Verdict,
    repeats: Repeats,
    /** Number of the repeat, or -1 - that of the aftershock. */
    index: number,
    readonly role: 'first' | 'aftershock' = 'first',
    readonly of: string | null = null,
  ) {
    this.cause = like.cause;
    this.confidence = like.confidence;
    this.severity = like.severity;
    this.mechanism = like.mechanism;
    this.responsible = like.responsible;
    this.kernelReasons = like.kernelReasons;
    this.applications = like.applications;
    this.doubt = like.doubt;
    this.lost = like.lost;
    this.alternatives = like.alternatives;
    this.against = like.against;
    this.untested = like.untested;
    this.#like = like;
    this.#repeats = repeats;
    this.#index = index;
    // Its own properties, so that it can be copied as any other verdict; one pair of functions for all of them.
    Object.defineProperties(this, OWN);
  }

  static own(verdict: Repeated): Own {
    if (newest?.of !== verdict)
      newest = { of: verdict, own: make(verdict.#like, verdict.#repeats.get(verdict.#index)) };
    return newest.own;
  }
}

const OWN: PropertyDescriptorMap & ThisType<Repeated> = {
  reset: {
    enumerable: true,
    get() {
      return Repeated.own(this).reset;
    },
  },
  evidence: {
    enumerable: true,
    get() {
      return Repeated.own(this).evidence;
    },
  },
};

type Own = Pick<Verdict, 'reset' | 'evidence'>;

/** The newest: who asks for one asks for more of it at once. */
let newest: { readonly of: Repeated; readonly own: Own } | null = null;

function make(like: Verdict, repeat: Repeat): Own {
  const { reset } = like;
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
    rst: {
      ...reset.rst,
      frame: repeat.frame,
      time: repeat.time,
      seq: repeat.seq,
      ack: repeat.ack,
      ipId: repeat.ipId,
      ttl: repeat.ttl,
    },
    sender: end(reset.sender, sender),
    receiver: end(reset.receiver, receiver),
    trigger: trigger && { ...trigger, latency: repeat.time - trigger.time },
    handshake: { syn, synAck, ack: null },
    start: syn,
    incarnation: repeat.incarnation,
    siblings: [],
    copies: [],
    translated: [],
    tail,
    aftermath: {
      senderWentOn: null,
      receiverWentOn: null,
      challengeAck: null,
      crossed: null,
      synAck: null,
      resets: [],
      nextSyn: null,
    },
  };
  const evidence = (e: Evidence): Evidence => {
    const frame = e.frame === null ? null : (moved(e.frame)?.frame ?? null);
    return { ...e, frame, values: e.frame !== null && 'seq' in e.values ? {} : e.values };
  };
  return { reset: changed, evidence: like.evidence.map(evidence) };
}
