import { known } from './known.js';
import {
  LAYER_AH,
  LAYER_FRAGMENT,
  LAYER_GRE,
  LAYER_ICMP,
  LAYER_ICMPV6,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_MPLS,
  LAYER_TCP,
  LAYER_UDP,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_MALFORMED, DECODED_OTHER, type Decoded } from './segment.js';

/** Protocols that are read (https://www.iana.org/assignments/protocol-numbers). */
export const IP_PROTOCOLS = known(
  [6, 'TCP', LAYER_TCP],
  [1, 'ICMP', LAYER_ICMP],
  [58, 'ICMPv6', LAYER_ICMPV6],
  [17, 'UDP', LAYER_UDP],
  [4, 'IP in IP (RFC 2003)', LAYER_IPV4],
  [41, 'IPv6 in IP (6in4, RFC 4213)', LAYER_IPV6],
  [47, 'GRE (RFC 2784)', LAYER_GRE],
  [51, 'AH (RFC 4302)', LAYER_AH],
  [137, 'MPLS in IP (RFC 4023)', LAYER_MPLS],
);

/** Authentication header. */
const AH = 51;

/** Protocol number → layer. */
export function protocolLayer(protocol: number): Layer | Decoded {
  return IP_PROTOCOLS.get(protocol)?.layer ?? DECODED_OTHER;
}

/** Either version, by the first nibble. */
export function ip(p: Packet): Layer | Decoded {
  if (p.end - p.at < 1) return DECODED_CUT;
  const version = p.view.getUint8(p.at) >> 4;
  if (version === 4) return LAYER_IPV4;
  return version === 6 ? LAYER_IPV6 : DECODED_OTHER;
}

/** IPv4 (RFC 791 §3.1). */
export function ipv4(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 20) return p.wireEnd - at < 20 ? DECODED_MALFORMED : DECODED_CUT;
  const first = view.getUint32(at);
  if (first >>> 28 !== 4) return DECODED_MALFORMED;
  const headerLength = (first >>> 22) & 0x3c;
  let total = first & 0xffff;
  // 0: the network card was to cut this packet up (TSO) and to fill in the length; only the frame knows it.
  if (total === 0) total = p.wireEnd - at;
  if (headerLength < 20 || total < headerLength) return DECODED_MALFORMED;
  if (end - at < headerLength) return DECODED_CUT;

  const s = p.segment;
  const second = view.getInt32(at + 4);
  const third = view.getInt32(at + 8);
  if (s.ipVersion !== 4) {
    s.ipVersion = 4;
    s.source0 = s.source1 = s.destination0 = s.destination1 = 0;
    s.source2 = s.destination2 = 0xffff;
    s.flowLabel = 0;
  }
  s.ipStart = at;
  s.tos = (first >>> 16) & 0xff;
  s.ipId = second >>> 16;
  s.df = (second >> 14) & 1;
  s.ttl = third >>> 24;
  s.source3 = view.getInt32(at + 12);
  s.destination3 = view.getInt32(at + 16);
  // What follows the packet in the frame is padding.
  p.wireEnd = at + total;
  if (end > at + total) p.end = at + total;
  p.at = at + headerLength;
  const protocol = (third >> 16) & 0xff;
  p.moreFragments = (second & 0x2000) !== 0;
  if ((second & 0x3fff) !== 0) {
    p.fragmentOffset = (second & 0x1fff) << 3;
    p.fragmentId = second >>> 16;
    p.fragmentProtocol = protocol;
    return LAYER_FRAGMENT;
  }
  return protocol === 6 ? LAYER_TCP : protocolLayer(protocol);
}

/** IPv6 (RFC 8200 §3) and its extension headers (§4). */
export function ipv6(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 40) return p.wireEnd - at < 40 ? DECODED_MALFORMED : DECODED_CUT;
  const first = view.getUint32(at);
  if (first >>> 28 !== 6) return DECODED_MALFORMED;
  const s = p.segment;
  s.ipVersion = 6;
  s.ipStart = at;
  s.tos = (first >>> 20) & 0xff;
  s.flowLabel = first & 0xfffff;
  s.ipId = -1;
  s.df = 1;
  s.ttl = view.getUint8(at + 7);
  s.source0 = view.getInt32(at + 8);
  s.source1 = view.getInt32(at + 12);
  s.source2 = view.getInt32(at + 16);
  s.source3 = view.getInt32(at + 20);
  s.destination0 = view.getInt32(at + 24);
  s.destination1 = view.getInt32(at + 28);
  s.destination2 = view.getInt32(at + 32);
  s.destination3 = view.getInt32(at + 36);

  const payloadLength = view.getUint16(at + 4);
  // 0: a jumbogram (RFC 2675 §2) or segmentation offload; the frame's length is the same answer to both.
  if (payloadLength !== 0) {
    p.wireEnd = at + 40 + payloadLength;
    if (end > p.wireEnd) p.end = p.wireEnd;
  }
  p.moreFragments = false;
  p.at = at + 40;
  const next = view.getUint8(at + 6);
  return next === 6 ? LAYER_TCP : extensionHeaders(p, next);
}

/** IPsec's authentication header behind IPv4 (RFC 4302 §3.1.1); IPv6 has it among its extensions. */
export function authenticationHeader(p: Packet): Layer | Decoded {
  return extensionHeaders(p, AH);
}

/** From the header with the number `firstHeader` on. */
export function extensionHeaders(p: Packet, firstHeader: number): Layer | Decoded {
  const { view, end } = p;
  let next = firstHeader;
  let at = p.at;
  for (;;) {
    if (next !== 0 && next !== 43 && next !== 60 && next !== 44 && next !== AH) break;
    if (end - at < 8) return p.wireEnd - at < 8 ? DECODED_MALFORMED : DECODED_CUT;
    const header = next;
    next = view.getUint8(at);
    const lengthField = view.getUint8(at + 1);
    if (header === 44) {
      const offset = view.getUint16(at + 2);
      at += 8;
      p.segment.df = 0;
      // One that has it all is read like any other packet (RFC 6946).
      if ((offset & 0xfff9) !== 0) {
        // Not a header of IPv4.
        if (p.segment.ipVersion === 4) return DECODED_MALFORMED;
        p.moreFragments = (offset & 1) !== 0;
        p.fragmentOffset = offset & 0xfff8;
        p.fragmentId = view.getInt32(at - 4);
        p.fragmentProtocol = next;
        p.at = at;
        return LAYER_FRAGMENT;
      }
    } else if (header === AH) {
      // AH counts in words of 4 octets, minus 2 (RFC 4302 §2.2); the others in 8, minus 1.
      at += (lengthField + 2) * 4;
    } else {
      at += (lengthField + 1) * 8;
    }
    if (at > p.wireEnd) return DECODED_MALFORMED;
    if (at > end) return DECODED_CUT;
  }
  p.at = at;
  return protocolLayer(next);
}
