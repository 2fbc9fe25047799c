import { stackOf } from '../../context/stacks.js';
import type { Context } from '../../context/types.js';
import * as c from '../../flow/columns.js';
import { ACK } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { HeldView } from '../held/held-view.js';
import { R } from '../held/layout.js';
import type { EndpointFacts, EndpointRole, Message } from '../types.js';

/**
 * Which endpoint is the client: the SYN's sender, or whom a refusal answers; without either the one with the
 * ephemeral port, else the first to speak.
 */
function originatorOf(view: HeldView): 0 | 1 {
  if (view.client >= 0) return view.client as 0 | 1;
  if (isLoneRefusal(view)) return (view.senderSide ^ 1) as 0 | 1;
  const [a, b] = [view.port(0), view.port(1)];
  // 32,768 is where Linux begins its ephemeral ports (ip_local_port_range).
  if (a < 32768 && b >= 32768) return 1;
  if (b < 32768 && a >= 32768) return 0;
  return 0;
}

/** Number 0 with an acknowledgment answers a SYN, though nothing else of the connection was captured. */
export function isLoneRefusal(view: HeldView): boolean {
  const spoke = ((view.bits(0) | view.bits(1)) & c.E_SPOKE) !== 0;
  return !spoke && view.word(R.SEQ) === 0 && (view.word(R.CONTROL) & ACK) !== 0;
}

export function endpointFacts(view: HeldView, side: 0 | 1, context: Context): EndpointFacts {
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
          frame: view.frame(view.ew(side, c.FIN_FRAME)),
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
            first: { frame: view.frame(view.ew(side, c.RUN_FIRST_FRAME)), time: view.et(side, c.RUN_FIRST_TIME) },
            last: { frame: view.frame(view.ew(side, c.RUN_LAST_FRAME)), time: view.et(side, c.RUN_LAST_TIME) },
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
    stack: seenSyn
      ? stackOf(view.ew(side, c.SYN_OPTIONS), view.ew(side, c.SYN_WINDOW), view.ew(side, c.TTL), role === 'client')
      : (context.host(view.address(side))?.stack ?? null),
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
