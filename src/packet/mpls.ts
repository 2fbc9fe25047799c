import { ETHER_TYPES, TAGS } from './ether-types.js';
import { LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6, type Layer, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_OTHER, type Decoded } from './segment.js';

/** Octets of a pseudowire's control word (RFC 4385 §3), whose first nibble is 0. */
const CONTROL_WORD = 4;

/**
 * MPLS label stack (RFC 3032 §2.1). What lies below it no field tells: it is IP where the first nibble is 4 or 6
 * (RFC 4928 §3), else a pseudowire's Ethernet frame, with a control word before it or without.
 */
export function mpls(p: Packet): Layer | Decoded {
  const { view, end } = p;
  let at = p.at;
  do {
    if (end - at < 4) return DECODED_CUT;
    at += 4;
  } while ((view.getUint8(at - 2) & 1) === 0);
  if (end - at < 4) return DECODED_CUT;
  p.at = at;
  const nibble = view.getUint8(at) >> 4;
  // An address of a frame may begin with any nibble; where an EtherType stands behind two addresses, it is a frame.
  if (isFrame(p, at) && (nibble !== 0 || !isFrame(p, at + CONTROL_WORD))) return LAYER_ETHERNET;
  if (nibble === 4) return LAYER_IPV4;
  if (nibble === 6) return LAYER_IPV6;
  if (nibble !== 0) return DECODED_OTHER;
  p.at = at + CONTROL_WORD;
  return LAYER_ETHERNET;
}

/** Two addresses, an EtherType that is read, and of IP the version that it says. */
function isFrame({ view, end, wireEnd }: Packet, at: number): boolean {
  if (end - at < 20) return false;
  const type = view.getUint16(at + 12);
  const version = view.getUint8(at + 14) >> 4;
  if (type === 0x0800) return version === 4 && view.getUint16(at + 16) <= wireEnd - at - 14;
  if (type === 0x86dd) return version === 6 && view.getUint16(at + 18) <= wireEnd - at - 54;
  const tag = TAGS.get(type);
  return tag !== undefined && end - at >= 16 + tag.octets && ETHER_TYPES.has(view.getUint16(at + 14 + tag.octets));
}
