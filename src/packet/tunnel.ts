import { etherType } from './ether-types.js';
import {
  LAYER_ETHERNET,
  LAYER_GRE,
  LAYER_IP,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_MPLS,
  LAYER_NSH,
  LAYER_PPP,
  LAYER_WIFI,
  LAYER_WIFI_SWAPPED,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_FRAGMENT, DECODED_OTHER, type Decoded } from './segment.js';

/** A tunnel told by its port: what it is called, and how its header is passed. */
interface Tunnel {
  readonly name: string;
  readonly header: (p: Packet) => Layer | Decoded;
}

/** Data of a wireless access point and its controller, either of which sends from this port (RFC 5415 §3.1). */
const CAPWAP_DATA = 5247;
/** A Teredo server or relay, which answers from it (RFC 4380 §2.7). */
const TEREDO = 3544;

/** By destination port; of CAPWAP and Teredo by either. */
export const UDP_TUNNELS: ReadonlyMap<number, Tunnel> = new Map([
  [4789, { name: 'VXLAN (RFC 7348)', header: vxlan }],
  [4790, { name: 'VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe)', header: vxlanGpe }],
  [8472, { name: 'VXLAN as Linux numbered it first', header: vxlan }],
  [6081, { name: 'Geneve (RFC 8926)', header: geneve }],
  [2152, { name: 'GTP-U (3GPP TS 29.281)', header: gtpUser }],
  [4754, { name: 'GRE in UDP (RFC 8086)', header: () => LAYER_GRE }],
  [6635, { name: 'MPLS in UDP (RFC 7510)', header: () => LAYER_MPLS }],
  [1701, { name: 'L2TP (RFC 2661)', header: l2tp }],
  [TEREDO, { name: 'Teredo (RFC 4380)', header: teredo }],
  [37008, { name: 'TZSP', header: tzsp }],
  [CAPWAP_DATA, { name: 'CAPWAP data (RFC 5415)', header: capwap }],
]);

/** UDP (RFC 768), which is only looked into where a port is a tunnel's. */
export function udp(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_OTHER;
  p.at = at + 8;
  const tunnel = UDP_TUNNELS.get(view.getUint16(at + 2));
  if (tunnel !== undefined) return tunnel.header(p);
  const source = view.getUint16(at);
  if (source === CAPWAP_DATA) return capwap(p);
  return source === TEREDO ? teredo(p) : DECODED_OTHER;
}

/** VXLAN (RFC 7348 §5). */
function vxlan(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  if ((view.getUint8(at) & 0x08) === 0) return DECODED_OTHER;
  p.segment.encapsulation = view.getUint32(at + 4) >>> 8;
  p.at = at + 8;
  return LAYER_ETHERNET;
}

/** VXLAN with a next protocol in place of Ethernet. */
function vxlanGpe(p: Packet): Layer | Decoded {
  const { view, at } = p;
  const ethernet = vxlan(p);
  return ethernet === LAYER_ETHERNET ? (NEXT_PROTOCOLS.get(view.getUint8(at + 3)) ?? DECODED_OTHER) : ethernet;
}

/** Next protocols of VXLAN-GPE. */
const NEXT_PROTOCOLS: ReadonlyMap<number, Layer> = new Map([
  [1, LAYER_IPV4],
  [2, LAYER_IPV6],
  [3, LAYER_ETHERNET],
  [4, LAYER_NSH],
  [5, LAYER_MPLS],
]);

/** Geneve (RFC 8926 §3.4): options of variable length, then what the protocol type says. */
function geneve(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const first = view.getUint8(at);
  if (first >> 6 !== 0) return DECODED_OTHER;
  p.segment.encapsulation = view.getUint32(at + 4) >>> 8;
  p.at = at + 8 + (first & 0x3f) * 4;
  return p.at > end ? DECODED_CUT : etherType(view.getUint16(at + 2));
}

/** GTP-U version 1 (3GPP TS 29.281 §5.1), message G-PDU, extension headers skipped (§5.2). */
function gtpUser(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const flags = view.getUint8(at);
  if ((flags & 0xf0) !== 0x30 || view.getUint8(at + 1) !== 0xff) return DECODED_OTHER;
  p.segment.encapsulation = view.getInt32(at + 4);
  let next = at + 8;
  if (flags & 0x07) {
    next += 4;
    if (next > end) return DECODED_CUT;
    let extension = flags & 0x04 ? view.getUint8(next - 1) : 0;
    while (extension !== 0) {
      if (end - next < 4) return DECODED_CUT;
      const length = view.getUint8(next) * 4;
      if (length === 0) return DECODED_OTHER;
      next += length;
      if (next > end) return DECODED_CUT;
      extension = view.getUint8(next - 1);
    }
  }
  p.at = next;
  return LAYER_IP;
}

/**
 * CAPWAP data (RFC 5415 §4.3): a header of its own length, then an 802.11 frame where its T bit is set, else an 802.3 one.
 * What is encrypted (DTLS) or a fragment is not read.
 */
function capwap(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  if (view.getUint8(at) !== 0) return DECODED_OTHER;
  const word = view.getUint32(at);
  // F: fragment, K: keep-alive.
  if ((word & 0x80) !== 0) return DECODED_FRAGMENT;
  if ((word & 0x08) !== 0) return DECODED_OTHER;
  p.at = at + (word >>> 19) * 4;
  if (end - p.at < 2) return DECODED_CUT;
  if ((word & 0x100) === 0) return LAYER_ETHERNET;
  // Version 0, type data, in one order of the octets or the other.
  const swapped = (view.getUint8(p.at) & 0x0f) !== 0x08 && (view.getUint8(p.at + 1) & 0x0f) === 0x08;
  return swapped ? LAYER_WIFI_SWAPPED : LAYER_WIFI;
}

/** L2TP version 2 (RFC 2661 §3.1): of data messages the bits say which fields there are, then PPP. */
function l2tp(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 6) return DECODED_CUT;
  const flags = view.getUint16(at);
  // T: a control message; the low bits are the version.
  if ((flags & 0x8000) !== 0 || (flags & 0x000f) !== 2) return DECODED_OTHER;
  // L: length.
  let next = at + ((flags & 0x4000) !== 0 ? 4 : 2);
  if (end - next < 4) return DECODED_CUT;
  p.segment.encapsulation = view.getInt32(next);
  next += 4;
  // S: two sequence numbers. O: how far the payload is off.
  if ((flags & 0x0800) !== 0) next += 4;
  if ((flags & 0x0200) !== 0) {
    if (end - next < 2) return DECODED_CUT;
    next += 2 + view.getUint16(next);
  }
  p.at = next;
  return next > end ? DECODED_CUT : LAYER_PPP;
}

/** Teredo (RFC 4380 §5.1.1): an authentication header and an origin's, each told by two octets, then IPv6. */
function teredo(p: Packet): Layer | Decoded {
  const { view, end } = p;
  if (end - p.at < 4) return DECODED_CUT;
  if (view.getUint16(p.at) === 1) {
    // Lengths of a client's name and of a key, a nonce, a word of confirmation.
    p.at += 13 + view.getUint8(p.at + 2) + view.getUint8(p.at + 3);
    if (end - p.at < 2) return DECODED_CUT;
  }
  if (view.getUint16(p.at) === 0) p.at += 8;
  if (end - p.at < 1) return DECODED_CUT;
  return view.getUint8(p.at) >> 4 === 6 ? LAYER_IPV6 : DECODED_OTHER;
}

/** TZSP, with which sniffers of access points send home what they see: tagged fields up to an end, then a frame. */
function tzsp(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  // Version 1, a received packet.
  if (view.getUint16(at) !== 0x0100) return DECODED_OTHER;
  const inside = TZSP_PROTOCOLS.get(view.getUint16(at + 2));
  if (inside === undefined) return DECODED_OTHER;
  for (let next = at + 4; next < end; ) {
    const tag = view.getUint8(next++);
    // Padding has no length, nor has the end.
    if (tag === 1) {
      p.at = next;
      return inside;
    }
    if (tag === 0) continue;
    if (next >= end) break;
    next += 1 + view.getUint8(next);
  }
  return DECODED_CUT;
}

const TZSP_PROTOCOLS: ReadonlyMap<number, Layer> = new Map([
  [1, LAYER_ETHERNET],
  [18, LAYER_WIFI],
]);
