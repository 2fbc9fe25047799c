import { ipv4, ipv6, protocolLayer } from './ip.js';
import { LAYER_FRAGMENT, LAYER_TCP, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_ICMP, DECODED_OTHER, type Decoded } from './segment.js';
import { noOptions } from './tcp.js';

/** ICMP errors quote the packet they are about (RFC 792, RFC 1122 §3.2.2): 3, 4, 5, 11, 12. */
export function icmp(p: Packet): Decoded {
  return quoted(p, 4);
}

/** ICMPv6 errors are the types below 128 (RFC 4443 §2.1). */
export function icmpv6(p: Packet): Decoded {
  return quoted(p, 6);
}

function quoted(p: Packet, version: 4 | 6): Decoded {
  const { view, at } = p;
  if (p.end - at < 8) return DECODED_OTHER;
  const type = view.getUint8(at);
  const code = view.getUint8(at + 1);
  const isError = version === 4 ? type === 3 || type === 4 || type === 5 || type === 11 || type === 12 : type < 128;
  if (!isError) return DECODED_OTHER;
  const s = p.segment;
  // "Fragmentation needed" names the next hop's MTU in two octets (RFC 1191 §4), "packet too big" in four (RFC 4443 §3.2).
  s.icmpMtu =
    version === 4 ? (type === 3 && code === 4 ? view.getUint16(at + 6) : 0) : type === 2 ? view.getUint32(at + 4) : 0;
  s.icmpSource0 = s.source0;
  s.icmpSource1 = s.source1;
  s.icmpSource2 = s.source2;
  s.icmpSource3 = s.source3;
  p.at = at + 8;
  // From here on the quote's header fills the segment; a quote is cut short by nature.
  p.wireEnd = p.at + 65_575;
  let next = version === 4 ? ipv4(p) : ipv6(p);
  // Of a fragment the first is quoted (RFC 1122 §3.2.2).
  if (next === LAYER_FRAGMENT && p.fragmentOffset === 0) next = protocolLayer(p.fragmentProtocol);
  if (next !== LAYER_TCP) return next === DECODED_CUT ? DECODED_CUT : DECODED_OTHER;
  return quotedTcp(p, type, code);
}

/** At least 8 octets of the TCP header are quoted: ports and sequence number. */
function quotedTcp(p: Packet, type: number, code: number): Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const s = p.segment;
  const onWire = p.wireEnd - at;
  noOptions(s);
  s.icmpType = type;
  s.icmpCode = code;
  s.tcpStart = at;
  s.sourcePort = view.getUint16(at);
  s.destinationPort = view.getUint16(at + 2);
  s.seq = view.getInt32(at + 4);
  const whole = end - at >= 16;
  s.ack = whole ? view.getInt32(at + 8) : 0;
  s.control = whole ? view.getUint16(at + 12) & 0x1ff : 0;
  s.window = whole ? view.getUint16(at + 14) : 0;
  s.headerLength = whole ? (view.getUint8(at + 12) >> 4) * 4 : 20;
  s.length = Math.max(0, onWire - s.headerLength);
  s.payloadStart = Math.min(at + s.headerLength, end);
  s.payloadEnd = end;
  return DECODED_ICMP;
}
