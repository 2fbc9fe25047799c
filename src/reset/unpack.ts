import * as c from '../flow/columns.js';
import { historyText } from '../flow/history.js';
import * as tail from '../flow/tail.js';
import { addressText } from '../packet/address.js';
import { distance } from '../tcp/sequence.js';
import { type Held, R, RT, TAIL_AT, TAIL_TIMES_AT } from './hold.js';
import type {
  Aftermath,
  EndpointFacts,
  EndpointRole,
  Mark,
  Message,
  Reset,
  ResetSegment,
  TailSegment,
} from './types.js';

/** Reads a held reset: the packed copy of a row becomes plain values in RFC 9293 names. */
export class HeldView {
  readonly senderSide: 0 | 1;
  readonly client: number;

  constructor(readonly held: Held) {
    this.senderSide = this.word(R.SIDE) as 0 | 1;
    this.client = this.word(c.CLIENT);
  }

  word(column: number): number {
    return this.held.words[this.held.w + column];
  }
  time(column: number): number {
    return this.held.times[this.held.t + column];
  }
  ew(side: number, column: number): number {
    return this.word(c.CONNECTION_WORDS + side * c.ENDPOINT_WORDS + column);
  }
  et(side: number, column: number): number {
    return this.time(c.CONNECTION_TIMES + side * c.ENDPOINT_TIMES + column);
  }
  bits(side: number): number {
    return this.ew(side, c.E_BITS);
  }
  get connectionBits(): number {
    return this.word(c.BITS);
  }

  address(side: number): string {
    const a = c.ADDRESS + 4 * side;
    return addressText(this.word(a), this.word(a + 1), this.word(a + 2), this.word(a + 3));
  }
  port(side: number): number {
    const ports = this.word(c.PORTS);
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  mark(side: number, frameColumn: number, timeColumn: number): Mark | null {
    const frame = this.ew(side, frameColumn);
    return frame === 0 ? null : { frame: frame >>> 0, time: this.et(side, timeColumn) };
  }

  /** A mark of the aftermath. */
  later(frameColumn: number, timeColumn: number): Mark | null {
    const frame = this.word(frameColumn);
    return frame === 0 ? null : { frame: frame >>> 0, time: this.time(timeColumn) };
  }
}

/** Which endpoint is the client: the SYN's sender; without a SYN the one with the ephemeral port, else the first to speak. */
function originatorOf(view: HeldView): 0 | 1 {
  if (view.client >= 0) return view.client as 0 | 1;
  const [a, b] = [view.port(0), view.port(1)];
  // 32,768 is where Linux begins its ephemeral ports (ip_local_port_range).
  if (a < 32768 && b >= 32768) return 1;
  if (b < 32768 && a >= 32768) return 0;
  return 0;
}

export function endpointFacts(view: HeldView, side: 0 | 1): EndpointFacts {
  const other = (side ^ 1) as 0 | 1;
  const bits = view.bits(side);
  const spoke = (bits & c.E_SPOKE) !== 0;
  const seenSyn = (bits & c.E_SYN) !== 0;
  const otherAcked = (view.bits(other) & c.E_ACKED) !== 0;
  const fin = (bits & c.E_FIN) !== 0;
  const sndNxt = view.ew(side, c.SND_NXT);
  const sndUna = view.ew(other, c.RCV_NXT);
  const counted = view.et(side, c.BYTES);
  // From the numbers where both ends of the range are known and it cannot have wrapped: a filter that
  // kept only SYN and FIN still tells the volume.
  const span = seenSyn ? distance(sndNxt, view.ew(side, c.ISS)) - 1 - (fin ? 1 : 0) : -1;
  const bytes = span >= 0 && counted < 2 ** 31 ? span : counted;
  const scale = view.ew(side, c.WINDOW_SCALE);
  const originator = originatorOf(view);
  const role: EndpointRole =
    view.client >= 0 ? (side === originator ? 'client' : 'server') : side === originator ? 'originator' : 'responder';
  const zero = seenSyn ? view.ew(side, c.ISS) : spoke ? view.ew(side, c.FIRST_SEQ) - 1 : otherAcked ? sndUna - 1 : 0;
  const frozen = view.ew(side, c.FROZEN);
  const run = view.ew(side, c.RUN);
  const probes = view.ew(side, c.PROBES);
  const probeFirst = view.mark(side, c.PROBE_FIRST_FRAME, c.PROBE_FIRST_TIME);
  const probeLast = view.mark(side, c.PROBE_LAST_FRAME, c.PROBE_LAST_TIME);
  const unacked =
    spoke && otherAcked ? Math.max(0, distance(sndNxt, sndUna) - (fin && distance(sndNxt, sndUna) > 0 ? 1 : 0)) : bytes;
  return {
    address: view.address(side),
    port: view.port(side),
    role,
    iss: seenSyn ? view.ew(side, c.ISS) >>> 0 : null,
    zero: zero >>> 0,
    sndNxt: spoke ? sndNxt >>> 0 : null,
    sndUna: otherAcked ? sndUna >>> 0 : null,
    rcvNxt: (bits & c.E_ACKED) !== 0 ? view.ew(side, c.RCV_NXT) >>> 0 : null,
    rcvWnd: scale >= 0 && spoke ? view.ew(side, c.WINDOW) << (view.ew(side, c.SEGMENTS) > 1 ? scale : 0) : null,
    rawWindow: view.ew(side, c.WINDOW),
    windowScale: scale >= 0 ? scale : null,
    mss: view.ew(side, c.MSS) >= 0 ? view.ew(side, c.MSS) : null,
    segments: view.ew(side, c.SEGMENTS),
    dataSegments: view.ew(side, c.DATA_SEGMENTS),
    bytes,
    bytesUnacked: Math.min(bytes, unacked),
    syn: view.mark(side, c.SYN_FRAME, c.SYN_TIME),
    fin: fin
      ? {
          frame: view.ew(side, c.FIN_FRAME) >>> 0,
          time: view.et(side, c.FIN_TIME),
          idleBefore: view.et(side, c.FIN_IDLE) < 0 ? null : view.et(side, c.FIN_IDLE),
          acked: view.mark(side, c.FIN_ACKED_FRAME, c.FIN_ACKED_TIME),
          seq: view.ew(side, c.FIN_SEQ) >>> 0,
        }
      : null,
    firstData: view.mark(side, c.FIRST_DATA_FRAME, c.FIRST_DATA_TIME),
    lastData: view.mark(side, c.LAST_DATA_FRAME, c.LAST_DATA_TIME),
    lastSegment: view.mark(side, c.LAST_FRAME, c.LAST_TIME),
    lastAckMoved: view.mark(side, c.ACK_MOVED_FRAME, c.ACK_MOVED_TIME),
    messages: view.ew(side, c.MESSAGES),
    lastMessage: message(view, side),
    retransmissions: view.ew(side, c.RETRANSMISSIONS),
    retransmitting:
      run > 0
        ? {
            count: run,
            first: { frame: view.ew(side, c.RUN_FIRST_FRAME) >>> 0, time: view.et(side, c.RUN_FIRST_TIME) },
            last: { frame: view.ew(side, c.RUN_LAST_FRAME) >>> 0, time: view.et(side, c.RUN_LAST_TIME) },
          }
        : null,
    keepAliveProbes:
      probes > 0 && probeFirst !== null && probeLast !== null
        ? {
            count: probes,
            first: probeFirst,
            last: probeLast,
            interval: probes > 1 ? (probeLast.time - probeFirst.time) / (probes - 1) : 0,
          }
        : null,
    zeroWindowProbes: view.ew(side, c.ZERO_PROBES),
    zeroWindow: (bits & c.E_ZERO_WINDOW) !== 0 ? view.mark(side, c.ZERO_WINDOW_FRAME, c.ZERO_WINDOW_TIME) : null,
    unreadLowerBound: (bits & c.E_WINDOW) !== 0 ? frozen : null,
    frozenSince: frozen > 0 ? view.mark(side, c.FROZEN_FRAME, c.FROZEN_TIME) : null,
    hole: (bits & c.E_HOLE) !== 0 || (view.bits(other) & c.E_RECEIVED_SACK_HOLE) !== 0,
    timestamps: (bits & (c.E_TIMESTAMPS | c.E_TS_OFFERED)) !== 0,
  };
}

function message(view: HeldView, side: number): Message | null {
  const first = view.mark(side, c.MESSAGE_FRAME, c.MESSAGE_TIME);
  const last = view.mark(side, c.LAST_DATA_FRAME, c.LAST_DATA_TIME);
  if (first === null || last === null) return null;
  const at = view.held.o + c.messageAt(side);
  const idle = view.et(side, c.MESSAGE_IDLE);
  return {
    first,
    last,
    length: view.ew(side, c.MESSAGE_LENGTH),
    idleBefore: idle < 0 ? null : idle,
    octets: view.held.octets.slice(at + 1, at + 1 + view.held.octets[at]),
  };
}

const NOTES = [
  'none',
  'new',
  'retransmission',
  'out-of-order',
  'keep-alive',
  'zero-window-probe',
  'duplicate-ack',
] as const;

/** The tail, oldest first, as seen from the RST's sender. */
export function tailSegments(view: HeldView): TailSegment[] {
  const { held } = view;
  const segments: TailSegment[] = [];
  for (let i = view.word(R.TAIL_COUNT) - 1; i >= 0; i--) {
    const e = tail.unpackTail(held.words, held.w + TAIL_AT, held.times, held.t + TAIL_TIMES_AT, i);
    segments.push({
      frame: e.frame,
      time: e.time,
      from: e.side === view.senderSide ? 'sender' : 'receiver',
      seq: e.seq,
      ack: e.ack,
      control: e.control,
      length: e.length,
      window: e.window,
      ttl: e.ttl,
      ipId: e.hasIpId ? e.ipId : null,
      tsVal: e.hasTimestamps ? e.tsVal >>> 0 : null,
      tsEcr: e.hasTimestamps ? e.tsEcr >>> 0 : null,
      note: NOTES[e.note],
      head: e.head,
    });
  }
  return segments;
}

export function resetSegment(view: HeldView, payload: Uint8Array | undefined): ResetSegment {
  const control = view.word(R.CONTROL);
  const dfTos = view.word(R.DF_TOS);
  const checksum = view.word(R.CHECKSUM);
  return {
    frame: view.word(R.FRAME) >>> 0,
    time: view.time(RT.TIME),
    seq: view.word(R.SEQ) >>> 0,
    ack: view.word(R.ACK) >>> 0,
    control,
    hasAck: (control & 0x10) !== 0,
    window: view.word(R.WINDOW),
    length: view.word(R.LENGTH),
    payload: payload ?? new Uint8Array(0),
    headerLength: view.word(R.HEADER_LENGTH),
    ttl: view.word(R.TTL),
    ipId: view.word(R.IPID) < 0 ? null : view.word(R.IPID),
    df: dfTos >>> 8 !== 0,
    tos: dfTos & 0xff,
    timestamps: view.word(R.TS) !== 0 ? { tsVal: view.word(R.TS_VAL) >>> 0, tsEcr: view.word(R.TS_ECR) >>> 0 } : null,
    signature: view.word(R.SIGNATURE) !== 0,
    mptcp: view.word(R.MPTCP),
    mptcpReason: view.word(R.MPTCP_REASON) < 0 ? null : view.word(R.MPTCP_REASON),
    checksumValid: checksum < 0 ? null : checksum === 1,
    sackBlocks: view.word(R.SACK_BLOCKS),
  };
}

export function aftermath(view: HeldView, resets: readonly number[]): Aftermath {
  const senderOn = view.later(R.SENDER_ON_FRAME, RT.SENDER_ON);
  const receiverOn = view.later(R.RECEIVER_ON_FRAME, RT.RECEIVER_ON);
  const nextSyn = view.later(R.NEXT_SYN_FRAME, RT.NEXT_SYN);
  const answer = view.word(R.NEXT_SYN_ANSWER);
  return {
    senderWentOn: senderOn === null ? null : { ...senderOn, length: view.word(R.SENDER_ON_LENGTH) },
    receiverWentOn: receiverOn === null ? null : { ...receiverOn, length: view.word(R.RECEIVER_ON_LENGTH) },
    challengeAck: view.later(R.CHALLENGE_FRAME, RT.CHALLENGE),
    synAck: view.later(R.SYN_ACK_FRAME, RT.SYN_ACK),
    crossed: view.word(R.CROSSED_FRAME) >>> 0 || null,
    resets,
    nextSyn:
      nextSyn === null ? null : { ...nextSyn, answer: answer === 1 ? 'accepted' : answer === 2 ? 'refused' : null },
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
  const ack = established === 0 ? null : { frame: established >>> 0, time: view.time(c.ESTABLISHED) };
  // A retransmitted SYN leaves it open which one was answered (Karn's algorithm, RFC 6298 §3).
  const clear = client >= 0 && view.ew(client, c.SYNS) <= 1 && view.ew(server, c.SYNS) <= 1;
  const rttParts =
    clear && syn && synAck && ack ? { server: synAck.time - syn.time, client: ack.time - synAck.time } : null;
  const icmpFrame = view.word(c.ICMP_FRAME);
  const typeCode = view.word(c.ICMP_TYPE_CODE);
  const pendingSide = view.word(c.PENDING_SIDE);
  const spoke = (side: number) => (view.bits(side) & c.E_SPOKE) !== 0;
  const finished = (side: number) => (view.bits(side) & c.E_FIN) !== 0;
  let phase: Reset['phase'];
  if (!spoke(0) && !spoke(1)) phase = 'orphan';
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
    phase = 'syn-sent';
  else if (synAck && (bits & c.C_ESTABLISHED) === 0 && view.ew(0, c.DATA_SEGMENTS) + view.ew(1, c.DATA_SEGMENTS) === 0)
    phase = 'handshake';
  else phase = 'established';
  const lastPayload = view.time(c.LAST_PAYLOAD);
  const originator = view.client >= 0 ? view.client : 0;
  return {
    phase,
    handshake: syn === null ? null : { syn, synAck, ack },
    rtt: rttParts === null ? null : rttParts.server + rttParts.client,
    rttParts,
    incarnation: view.word(c.INCARNATION),
    start: { frame: view.word(c.START_FRAME) >>> 0, time: view.time(c.START) },
    exchanges: Math.min(view.ew(0, c.MESSAGES), view.ew(1, c.MESSAGES)),
    idle: phase === 'orphan' ? 0 : time - Math.max(view.et(0, c.LAST_TIME), view.et(1, c.LAST_TIME)),
    idleData: lastPayload < 0 ? null : time - lastPayload,
    history: historyText(view.held.octets, view.held.o + c.HISTORY_AT, view.word(c.HISTORY_LENGTH), originator),
    packets: view.word(c.PACKETS) + 1,
    icmp:
      icmpFrame === 0
        ? null
        : {
            frame: icmpFrame >>> 0,
            time: view.time(c.ICMP),
            version: typeCode >>> 16 ? 6 : 4,
            type: (typeCode >>> 8) & 0xff,
            code: typeCode & 0xff,
          },
    pendingSyn:
      pendingSide < 0
        ? null
        : {
            frame: view.word(c.PENDING_FRAME) >>> 0,
            time: view.time(c.PENDING),
            seq: view.word(c.PENDING_SEQ) >>> 0,
            from: pendingSide === me ? 'sender' : 'receiver',
          },
    quality: {
      midStream: syn === null && !(synAck !== null),
      // A host that answers a SYN with nothing but an RST is heard of all the same.
      oneSided: (!spoke(0) && (view.bits(1) & c.E_ACKED) !== 0) || (!spoke(1) && (view.bits(0) & c.E_ACKED) !== 0),
      cut: (bits & c.C_CUT) !== 0,
      flagsOnly:
        syn !== null &&
        synAck !== null &&
        ack === null &&
        view.ew(0, c.DATA_SEGMENTS) + view.ew(1, c.DATA_SEGMENTS) === 0 &&
        (finished(0) || finished(1) || carriedData(view)),
      unseen: ((view.bits(0) | view.bits(1)) & c.E_UNSEEN) !== 0,
    },
  };
}
