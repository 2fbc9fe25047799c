import { LAYER_ETHERNET, LAYER_IP, LAYER_IPV4, LAYER_IPV6, LAYER_MPLS, type Layer, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_OTHER, type Decoded } from './segment.js';

/** Headers of providers and data centres that say little, with the packet behind them. */

/** Next protocols of NSH (RFC 8300 §2.2). */
const NEXT_PROTOCOLS: ReadonlyMap<number, Layer> = new Map([
  [1, LAYER_IPV4],
  [2, LAYER_IPV6],
  [3, LAYER_ETHERNET],
  [5, LAYER_MPLS],
]);

/** Network service header (RFC 8300 §2): its length in words stands in the six low bits of the second octet. */
export function networkService(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const length = (view.getUint8(at + 1) & 0x3f) * 4;
  if (view.getUint8(at) >> 6 !== 0 || length < 8) return DECODED_OTHER;
  p.at = at + length;
  return p.at > end ? DECODED_CUT : (NEXT_PROTOCOLS.get(view.getUint8(at + 3)) ?? DECODED_OTHER);
}

/** Service tag (IEEE 802.1Q §9.7): flags and an identifier of 24 bits, then the customer's frame. */
export function serviceTag(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  p.segment.encapsulation = view.getUint32(at) & 0xffffff;
  p.at = at + 4;
  return LAYER_ETHERNET;
}

/** What OpenBSD's enc interface puts before a packet (LINKTYPE_ENC): family, SPI, flags. */
export function encapsulating(p: Packet): Layer | Decoded {
  if (p.end - p.at < 12) return DECODED_CUT;
  p.at += 12;
  return LAYER_IP;
}
