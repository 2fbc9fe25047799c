import type { Repeat } from './repeats.js';
import type { EndpointFacts, Evidence, Mark, Reset, Verdict } from './types.js';

/**
 * The verdict of a repeat: that of the first of its kind, told with the repeat's own frames and addresses. What is its
 * own is made when it is asked for and not kept, because there may be tens of thousands of them.
 */
export function repeated(like: Verdict, repeat: Repeat, id: string): Verdict {
  return {
    id,
    get reset() {
      return own(like, repeat).reset;
    },
    role: 'first',
    of: null,
    cause: like.cause,
    confidence: like.confidence,
    severity: like.severity,
    mechanism: like.mechanism,
    responsible: like.responsible,
    kernelReasons: like.kernelReasons,
    applications: like.applications,
    get evidence() {
      return own(like, repeat).evidence;
    },
    doubt: like.doubt,
    lost: like.lost,
    alternatives: like.alternatives,
    against: like.against,
    untested: like.untested,
  };
}

function own(like: Verdict, repeat: Repeat): Pick<Verdict, 'reset' | 'evidence'> {
  const { reset } = like;
  const fromClient = reset.sender.role === 'client';
  const oldSyn = reset.handshake?.syn ?? null;
  const oldSynAck = reset.handshake?.synAck ?? null;
  const syn: Mark = { frame: repeat.synFrame, time: repeat.synTime };
  const synAck: Mark | null = repeat.synAckFrame === 0 ? null : { frame: repeat.synAckFrame, time: repeat.synAckTime };
  const moved = new Map<number, Mark>();
  if (oldSyn) moved.set(oldSyn.frame, syn);
  if (oldSynAck && synAck) moved.set(oldSynAck.frame, synAck);
  moved.set(reset.rst.frame, { frame: repeat.frame, time: repeat.time });
  const move = <T extends Mark>(mark: T): T => ({ ...mark, ...moved.get(mark.frame) });
  const end = (facts: EndpointFacts, place: { address: string; port: number }): EndpointFacts => ({
    ...facts,
    ...place,
    syn: facts.syn && move(facts.syn),
    lastSegment: facts.lastSegment && move(facts.lastSegment),
    lastAckMoved: facts.lastAckMoved && move(facts.lastAckMoved),
  });
  const [sender, receiver] = fromClient ? [repeat.client, repeat.server] : [repeat.server, repeat.client];
  const tail = reset.tail.filter((s) => moved.has(s.frame)).map(move);
  const trigger =
    reset.trigger && moved.has(reset.trigger.frame) ? { ...move(reset.trigger), index: tail.length - 1 } : null;
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
    const frame = e.frame === null ? null : moved.has(e.frame) ? moved.get(e.frame)!.frame : null;
    return { ...e, frame, values: e.frame !== null && 'seq' in e.values ? {} : e.values };
  };
  return { reset: changed, evidence: like.evidence.map(evidence) };
}
