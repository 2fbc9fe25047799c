import { packetTypeDirection } from '../capture/direction.js';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../capture/types.js';
import { behindEtherType } from './ether-types.js';
import { known } from './known.js';
import {
  LAYER_ETHERTYPE,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_LLC,
  LAYER_MPLS,
  LAYER_PPP,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_MALFORMED, DECODED_OTHER, type Decoded } from './segment.js';

/** A MAC address as one word; 0 for the all-zero addresses of a loopback interface. */
export function hashMac(view: DataView, at: number): number {
  return view.getInt32(at + 2) ^ Math.imul(view.getUint16(at), 0x9e3779b1);
}

/** Ethernet: two addresses, then an EtherType (IEEE 802.3 §3.2.6). */
export function ethernet(p: Packet): Layer | Decoded {
  const at = p.at;
  if (p.end - at < 14) return p.wireEnd - at < 14 ? DECODED_MALFORMED : DECODED_CUT;
  p.segment.macDestination = hashMac(p.view, at);
  p.segment.macSource = hashMac(p.view, at + 6);
  if (p.view.getUint16(at + 12) === 0x0800) {
    p.at = at + 14;
    return LAYER_IPV4;
  }
  p.at = at + 12;
  return LAYER_ETHERTYPE;
}

/** EtherType, and any number of tags. */
export function etherTypes(p: Packet): Layer | Decoded {
  if (p.end - p.at < 2) return DECODED_CUT;
  p.at += 2;
  return behindEtherType(p, p.view.getUint16(p.at - 2));
}

/** LLC with SNAP: AA AA 03, an organisation, and an EtherType after all (RFC 1042). */
export function llc(p: Packet): Layer | Decoded {
  if (p.end - p.at < 8) return p.wireEnd - p.at < 8 ? DECODED_OTHER : DECODED_CUT;
  if (p.view.getUint32(p.at) >>> 8 !== 0xaaaa03) return DECODED_OTHER;
  p.at += 6;
  return LAYER_ETHERTYPE;
}

/** FDDI: frame control, two addresses, LLC. */
export function fddi(p: Packet): Layer | Decoded {
  const at = p.at;
  if (p.end - at < 13) return DECODED_CUT;
  p.segment.macDestination = hashMac(p.view, at + 1);
  p.segment.macSource = hashMac(p.view, at + 7);
  p.at = at + 13;
  // 0101xxxx: an LLC frame.
  return (p.view.getUint8(at) & 0xf0) === 0x50 ? LAYER_LLC : DECODED_OTHER;
}

/** Linux cooked capture (LINKTYPE_LINUX_SLL): packet type, hardware type, address length, address, protocol. */
export function linuxCooked(p: Packet): Layer | Decoded {
  const at = p.at;
  if (p.end - at < 16) return DECODED_CUT;
  p.segment.direction = packetTypeDirection(p.view.getUint16(at));
  cookedAddress(p, p.view.getUint16(at + 4), at + 6);
  p.at = at + 14;
  return LAYER_ETHERTYPE;
}

/** Linux cooked capture v2 (LINKTYPE_LINUX_SLL2) names the interface of each packet. */
export function linuxCooked2(p: Packet): Layer | Decoded {
  const at = p.at;
  if (p.end - at < 20) return DECODED_CUT;
  p.segment.interfaceId = p.view.getInt32(at + 4);
  p.segment.direction = packetTypeDirection(p.view.getUint8(at + 10));
  cookedAddress(p, p.view.getUint8(at + 11), at + 12);
  p.at = at + 20;
  return behindEtherType(p, p.view.getUint16(at));
}

function cookedAddress(p: Packet, length: number, at: number): void {
  p.segment.macSource = length === 6 ? hashMac(p.view, at) : 0;
  p.segment.macDestination = 0;
}

/** BSD loopback: an address family in the byte order of the capturing host (NULL) or of the network (LOOP). */
export function family(p: Packet): Layer | Decoded {
  if (p.end - p.at < 4) return DECODED_CUT;
  const bigEndian = p.view.getUint32(p.at);
  const value = bigEndian > 0xffff ? p.view.getUint32(p.at, true) : bigEndian;
  p.at += 4;
  if (value === 2) return LAYER_IPV4;
  // AF_INET6 differs: 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD, 30 macOS, 23 Windows (Npcap).
  if (value === 24 || value === 28 || value === 30 || value === 10 || value === 23) return LAYER_IPV6;
  return DECODED_OTHER;
}

/** PPPoE session (RFC 2516 §4): version, code, session id, length. */
export function pppoe(p: Packet): Layer | Decoded {
  if (p.end - p.at < 6) return DECODED_CUT;
  p.at += 6;
  return LAYER_PPP;
}

/** Cisco HDLC (LINKTYPE_C_HDLC). */
export function ciscoHdlc(p: Packet): Layer | Decoded {
  if (p.end - p.at < 4) return DECODED_CUT;
  p.at += 2;
  return LAYER_ETHERTYPE;
}

/** PPP with direction (LINKTYPE_PPP_WITH_DIR): zero is received, anything else sent. */
export function pppDirection(p: Packet): Layer | Decoded {
  if (p.end - p.at < 1) return DECODED_CUT;
  p.segment.direction = p.view.getUint8(p.at) === 0 ? DIRECTION_INBOUND : DIRECTION_OUTBOUND;
  p.at += 1;
  return LAYER_PPP;
}

/** PPP protocol numbers that are read (https://www.iana.org/assignments/ppp-numbers). */
export const PPP_PROTOCOLS = known(
  [0x0021, 'IPv4', LAYER_IPV4],
  [0x0057, 'IPv6', LAYER_IPV6],
  [0x0281, 'MPLS unicast', LAYER_MPLS],
  [0x0283, 'MPLS multicast', LAYER_MPLS],
);

/** PPP (RFC 1661 §2), with or without the HDLC address and control octets (RFC 1662 §3.1). */
export function ppp(p: Packet): Layer | Decoded {
  const { view, end } = p;
  let at = p.at;
  if (end - at < 4) return DECODED_CUT;
  if (view.getUint16(at) === 0xff03) at += 2;
  // A protocol number whose first octet is odd was compressed to that octet (RFC 1661 §6.5).
  const compressed = (view.getUint8(at) & 1) !== 0;
  const protocol = compressed ? view.getUint8(at) : view.getUint16(at);
  p.at = at + (compressed ? 1 : 2);
  return PPP_PROTOCOLS.get(protocol)?.layer ?? DECODED_OTHER;
}
