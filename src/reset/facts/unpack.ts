import * as c from '../../flow/columns.js';
import { historyText } from '../../flow/history.js';
import type { Limits } from '../../limits.js';
import { distance } from '../../tcp/sequence.js';
import type { HeldView } from '../held/held-view.js';
import { NEXT_SYN, R, RT } from '../held/layout.js';
import type { Aftermath, Reset, ResetSegment } from '../types.js';
import { isLoneRefusal } from './endpoint-facts.js';
import { icmpError } from './icmp.js';

/** Nearly all RSTs are without; shared, because an array of nothing takes as much as any other. */
const NO_PAYLOAD = new Uint8Array(0);

/** A packed TTL, -1 where the capture does not tell it. */
export function ttlOf(packed: number): number | null {
  return packed < 0 ? null : packed;
}

/** The DF bit of a packed word of DF and TOS. */
export function dfOf(dfTos: number): boolean | null {
  return dfTos < 0 ? null : dfTos >>> 8 !== 0;
}

export function resetSegment(view: HeldView, payload: Uint8Array | undefined): ResetSegment {
  const control = view.word(R.CONTROL);
  const dfTos = view.word(R.DF_TOS);
  const checksum = view.word(R.CHECKSUM);
  return {
    frame: view.time(RT.FRAME),
    time: view.time(RT.TIME),
    seq: view.word(R.SEQ) >>> 0,
    ack: view.word(R.ACK) >>> 0,
    control,
    hasAck: (control & 0x10) !== 0,
    window: view.word(R.WINDOW),
    length: view.word(R.LENGTH),
    payload: payload ?? NO_PAYLOAD,
    headerLength: view.word(R.HEADER_LENGTH),
    ttl: ttlOf(view.word(R.TTL)),
    ipId: view.word(R.IPID) < 0 ? null : view.word(R.IPID),
    df: dfOf(dfTos),
    tos: dfTos & 0xff,
    timestamps: view.word(R.TS) !== 0 ? { tsVal: view.word(R.TS_VAL) >>> 0, tsEcr: view.word(R.TS_ECR) >>> 0 } : null,
    signature: view.word(R.SIGNATURE) !== 0,
    mptcp: view.word(R.MPTCP),
    mptcpReason: view.word(R.MPTCP_REASON) < 0 ? null : view.word(R.MPTCP_REASON),
    checksumValid: checksum < 0 ? null : checksum === 1,
    sackBlocks: view.word(R.SACK_BLOCKS),
    optionsCut: view.word(R.OPTIONS_CUT) !== 0,
    synOptions: view.word(R.SYN_OPTIONS) !== 0,
  };
}

/** Nothing came after an RST, as far as is told. */
export const NO_AFTERMATH: Aftermath = Object.freeze({
  senderWentOn: null,
  receiverWentOn: null,
  challengeAck: null,
  crossed: null,
  synAck: null,
  knewSynAck: false,
  resets: [],
  nextSyn: null,
  synAgain: null,
});

export function aftermath(view: HeldView, resets: readonly number[], time: number, limits: Limits): Aftermath {
  const senderOn = view.later(R.SENDER_ON_FRAME, RT.SENDER_ON);
  const receiverOn = view.later(R.RECEIVER_ON_FRAME, RT.RECEIVER_ON);
  const nextSyn = view.later(R.NEXT_SYN_FRAME, RT.NEXT_SYN);
  const answer = view.word(R.NEXT_SYN_ANSWER);
  const again = answer >= NEXT_SYN.AGAIN_BY_SENDER;
  const synAck = view.later(R.SYN_ACK_FRAME, RT.SYN_ACK);
  const anew = answer === NEXT_SYN.AGAIN_ACCEPTED;
  const crossed = view.word(R.CROSSED_FRAME);
  // A SYN-ACK that comes so late answers another SYN than the one that the RST refused.
  const late = synAck !== null && synAck.time - time > limits.settle;
  return {
    senderWentOn: senderOn === null ? null : { ...senderOn, length: view.word(R.SENDER_ON_LENGTH) },
    receiverWentOn: receiverOn === null ? null : { ...receiverOn, length: view.word(R.RECEIVER_ON_LENGTH) },
    challengeAck: view.later(R.CHALLENGE_FRAME, RT.CHALLENGE),
    synAck: anew || late ? null : synAck,
    knewSynAck: synAck !== null && view.word(R.SYN_ACK_KNOWN) !== 0,
    crossed: crossed === 0 ? null : view.frame(crossed),
    resets,
    nextSyn:
      nextSyn === null || again
        ? null
        : {
            ...nextSyn,
            answer: answer === NEXT_SYN.ACCEPTED ? 'accepted' : answer === NEXT_SYN.REFUSED ? 'refused' : null,
          },
    synAgain:
      nextSyn === null || !again
        ? null
        : {
            ...nextSyn,
            by: answer === NEXT_SYN.AGAIN_BY_SENDER ? 'sender' : 'receiver',
            accepted: anew ? synAck : null,
          },
  };
}

/** Do the RST's own numbers show data of which no segment was captured? */
function carriedData(view: HeldView): boolean {
  const me = view.senderSide;
  const you = me ^ 1;
  const syn = (side: number) => (view.bits(side) & c.E_SYN) !== 0;
  const sent = syn(me) ? distance(view.word(R.SEQ), view.ew(me, c.ISS)) - 1 : 0;
  const received =
    syn(you) && (view.word(R.CONTROL) & 0x10) !== 0 ? distance(view.word(R.ACK), view.ew(you, c.ISS)) - 1 : 0;
  return sent > 0 || received > 0;
}

/** Facts of the connection as a whole. */
export function connectionFacts(
  view: HeldView,
): Pick<
  Reset,
  | 'phase'
  | 'handshake'
  | 'rtt'
  | 'rttParts'
  | 'incarnation'
  | 'start'
  | 'exchanges'
  | 'idle'
  | 'idleData'
  | 'history'
  | 'packets'
  | 'icmp'
  | 'pendingSyn'
  | 'quality'
> {
  const me = view.senderSide;
  const you = (me ^ 1) as 0 | 1;
  const bits = view.connectionBits;
  const time = view.time(RT.TIME);
  const client = view.client;
  const server = client < 0 ? -1 : client ^ 1;
  const syn = client < 0 ? null : view.mark(client, c.SYN_FRAME, c.SYN_TIME);
  const synAck = server < 0 ? null : view.mark(server, c.SYN_FRAME, c.SYN_TIME);
  const established = view.word(c.ESTABLISHED_FRAME);
  const ack = established === 0 ? null : { frame: view.frame(established), time: view.time(c.ESTABLISHED) };
  const finished = (side: number) => (view.bits(side) & c.E_FIN) !== 0;
  // A retransmitted SYN leaves it open which one was answered (Karn's algorithm, RFC 6298 §3).
  const clear = client >= 0 && view.ew(client, c.SYNS) <= 1 && view.ew(server, c.SYNS) <= 1;
  // A FIN acknowledges too, but long after the SYN-ACK: the third packet of the handshake is missing.
  const third = ack !== null && !(finished(client) && ack.frame === view.frame(view.ew(client, c.FIN_FRAME)));
  const rttParts =
    clear && syn && synAck && ack && third ? { server: synAck.time - syn.time, client: ack.time - synAck.time } : null;
  const icmpFrame = view.word(c.ICMP_FRAME);
  const typeCode = view.word(c.ICMP_TYPE_CODE);
  const pendingSide = view.word(c.PENDING_SIDE);
  const spoke = (side: number) => (view.bits(side) & c.E_SPOKE) !== 0;
  let phase: Reset['phase'];
  const alone = !spoke(0) && !spoke(1);
  if (alone) phase = isLoneRefusal(view) ? 'syn-sent' : 'orphan';
  else if (finished(0) && finished(1)) phase = 'both-closed';
  else if (finished(me)) phase = 'sender-closed';
  else if (finished(you)) phase = 'receiver-closed';
  else if (
    syn &&
    !synAck &&
    !((bits & c.C_ESTABLISHED) !== 0) &&
    view.ew(client, c.DATA_SEGMENTS) === 0 &&
    !spoke(server)
  )
    // A client that resets its own attempt had an answer, captured or not.
    phase = client === me ? 'handshake' : 'syn-sent';
  else if (synAck && (bits & c.C_ESTABLISHED) === 0 && view.ew(0, c.DATA_SEGMENTS) + view.ew(1, c.DATA_SEGMENTS) === 0)
    phase = 'handshake';
  else phase = 'established';
  const lastPayload = view.time(c.LAST_PAYLOAD);
  const originator = Math.max(view.client, 0);
  return {
    phase,
    handshake: syn === null ? null : { syn, synAck, ack },
    rtt: rttParts === null ? null : rttParts.server + rttParts.client,
    rttParts,
    incarnation: view.word(c.INCARNATION),
    start: { frame: view.frame(view.word(c.START_FRAME)), time: view.time(c.START) },
    exchanges: Math.min(view.ew(0, c.MESSAGES), view.ew(1, c.MESSAGES)),
    idle: alone ? 0 : time - Math.max(view.et(0, c.LAST_TIME), view.et(1, c.LAST_TIME)),
    idleData: lastPayload === c.NEVER ? null : time - lastPayload,
    history: historyText(view.held.octets, view.held.o + c.HISTORY_AT, view.word(c.HISTORY_LENGTH), originator),
    packets: view.word(c.OTHER_SEGMENTS) + view.ew(0, c.SEGMENTS) + view.ew(1, c.SEGMENTS) + 1,
    icmp:
      icmpFrame === 0
        ? null
        : {
            frame: view.frame(icmpFrame),
            time: view.time(c.ICMP),
            ...icmpError(typeCode),
          },
    pendingSyn:
      pendingSide < 0
        ? null
        : {
            frame: view.frame(view.word(c.PENDING_FRAME)),
            time: view.time(c.PENDING),
            seq: view.word(c.PENDING_SEQ) >>> 0,
            from: pendingSide === me ? 'sender' : 'receiver',
          },
    quality: {
      midStream: syn === null && !(synAck !== null),
      // A host that answers a SYN with nothing but an RST is heard of all the same.
      oneSided: (!spoke(0) && (view.bits(1) & c.E_ACKED) !== 0) || (!spoke(1) && (view.bits(0) & c.E_ACKED) !== 0),
      cut: (bits & c.C_CUT) !== 0,
      garbled: (bits & c.C_GARBLED) !== 0,
      untimed: (bits & c.C_UNTIMED) !== 0,
      rootless: (bits & c.C_ROOTLESS) !== 0,
      flagsOnly:
        syn !== null &&
        synAck !== null &&
        !third &&
        view.ew(0, c.DATA_SEGMENTS) + view.ew(1, c.DATA_SEGMENTS) === 0 &&
        (finished(0) || finished(1) || carriedData(view)),
      unseen: ((view.bits(0) | view.bits(1)) & c.E_UNSEEN) !== 0,
    },
  };
}
