import { optionList } from './options.js';
import type { Packet } from './packet.js';
import {
  DECODED_CUT,
  DECODED_FRAGMENT,
  DECODED_MALFORMED,
  DECODED_TCP,
  type Decoded,
  type Segment,
} from './segment.js';

/** NOP NOP Timestamps(10): the layout nearly every stack uses when timestamps are the only option (RFC 7323 appendix A). */
const NOP_NOP_TIMESTAMPS = 0x0101080a;

/** TCP (RFC 9293 §3.1). */
export function tcp(p: Packet): Decoded {
  const { view, at, end } = p;
  const onWire = p.wireEnd - at;
  if (end - at < 16 || onWire < 20) {
    if (p.moreFragments) return DECODED_FRAGMENT;
    return onWire < 20 ? DECODED_MALFORMED : DECODED_CUT;
  }
  const offsetAndControl = view.getUint16(at + 12);
  const headerLength = (offsetAndControl >> 10) & 0x3c;
  if (headerLength < 20) return DECODED_MALFORMED;
  if (headerLength > onWire && !p.moreFragments) return DECODED_MALFORMED;

  const s = p.segment;
  const ports = view.getUint32(at);
  s.tcpStart = at;
  s.sourcePort = ports >>> 16;
  s.destinationPort = ports & 0xffff;
  s.seq = view.getInt32(at + 4);
  s.ack = view.getInt32(at + 8);
  s.control = offsetAndControl & 0x1ff;
  s.window = view.getUint16(at + 14);
  s.headerLength = headerLength;
  const payload = at + headerLength;
  s.length = p.wireEnd > payload ? p.wireEnd - payload : 0;
  s.payloadStart = Math.min(payload, end);
  s.payloadEnd = end;

  if (headerLength === 20) {
    noOptions(s);
  } else if (headerLength === 32 && end - at >= 32 && view.getUint32(at + 20) === NOP_NOP_TIMESTAMPS) {
    noOptions(s);
    s.hasTimestamps = true;
    s.tsVal = view.getInt32(at + 24);
    s.tsEcr = view.getInt32(at + 28);
  } else {
    noOptions(s);
    s.rareOptions = true;
    optionList(p.data, at + 20, Math.min(payload, end), s);
    if (payload > end) s.optionsCut = true;
  }
  return DECODED_TCP;
}

/** The timestamps are cleared always; the rest only when the segment before this one had any of it. */
export function noOptions(s: Segment): void {
  s.hasTimestamps = false;
  s.tsVal = 0;
  s.tsEcr = 0;
  if (!s.rareOptions) return;
  s.rareOptions = false;
  s.mss = -1;
  s.windowScale = -1;
  s.sackPermitted = false;
  s.sackBlocks = 0;
  s.sackRight = 0;
  s.sackLongest = 0;
  s.hasSignature = false;
  s.mptcp = 0;
  s.mptcpReason = -1;
  s.optionsCut = false;
}
