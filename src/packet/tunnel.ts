import { etherType } from './ether-types.js';
import { LAYER_ETHERNET, LAYER_IP, LAYER_WIFI, LAYER_WIFI_SWAPPED, type Layer, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_FRAGMENT, DECODED_OTHER, type Decoded } from './segment.js';

/** A tunnel told by a number of its own: what it is called, and how its header is passed. */
interface Tunnel {
  readonly name: string;
  readonly header: (p: Packet, flags: number) => Layer | Decoded;
}

/** Protocol types of GRE that are no EtherTypes of ours: what vendors put in it. All EtherTypes that are read are read in it too. */
export const GRE_TYPES: ReadonlyMap<number, Tunnel> = new Map([
  [0x883e, { name: 'WCCP redirection', header: wccp }],
  [0x88be, { name: 'ERSPAN I and II', header: erspan2 }],
  [0x22eb, { name: 'ERSPAN III', header: erspan3 }],
]);

/** GRE (RFC 2784 §2, key and sequence number RFC 2890 §2): the EtherType of what is inside. */
export function gre(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  const flags = view.getUint16(at);
  const type = view.getUint16(at + 2);
  // Version 1 is PPTP's, with a header of its own (RFC 2637 §4.1): not read. Routing (RFC 1701) neither.
  if ((flags & 0x4007) !== 0) return DECODED_OTHER;
  let next = at + 4;
  if (flags & 0x8000) next += 4;
  if (flags & 0x2000) {
    if (end - next < 4) return DECODED_CUT;
    p.segment.encapsulation = view.getInt32(next);
    next += 4;
  }
  if (flags & SEQUENCE) next += 4;
  if (next > end) return DECODED_CUT;
  p.at = next;
  return GRE_TYPES.get(type)?.header(p, flags) ?? etherType(type);
}

/** GRE's bit for a sequence number. */
const SEQUENCE = 0x1000;

/** ERSPAN (draft-foschiano-erspan §4): type I has no header of its own and no GRE sequence number. */
function erspan2(p: Packet, flags: number): Layer | Decoded {
  if (flags & SEQUENCE) p.at += 8;
  return p.at > p.end ? DECODED_CUT : LAYER_ETHERNET;
}

/** … type III has 12 octets, and its O bit announces a platform-specific subheader of 8. */
function erspan3(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 12) return DECODED_CUT;
  p.at = at + (view.getUint8(at + 11) & 1 ? 20 : 12);
  return p.at > end ? DECODED_CUT : LAYER_ETHERNET;
}

/** WCCP: version 2 puts a header of 4 octets before the packet, version 1 none (draft-mclaggan-wccp-v2rev1 §4). */
function wccp(p: Packet): Layer | Decoded {
  if (p.at >= p.end) return DECODED_CUT;
  if (p.view.getUint8(p.at) >> 4 !== 4) p.at += 4;
  return p.at > p.end ? DECODED_CUT : LAYER_IP;
}

/** Data of a wireless access point and its controller, either of which sends from this port (RFC 5415 §3.1). */
const CAPWAP_DATA = 5247;

/** By destination port; of CAPWAP by either. */
export const UDP_TUNNELS: ReadonlyMap<number, Tunnel> = new Map([
  [4789, { name: 'VXLAN (RFC 7348)', header: vxlan }],
  [8472, { name: 'VXLAN as Linux numbered it first', header: vxlan }],
  [6081, { name: 'Geneve (RFC 8926)', header: geneve }],
  [2152, { name: 'GTP-U (3GPP TS 29.281)', header: gtpUser }],
  [CAPWAP_DATA, { name: 'CAPWAP data (RFC 5415)', header: capwap }],
]);

/** UDP (RFC 768), which is only looked into where a port is a tunnel's. */
export function udp(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_OTHER;
  p.at = at + 8;
  const tunnel = UDP_TUNNELS.get(view.getUint16(at + 2));
  if (tunnel !== undefined) return tunnel.header(p, 0);
  return view.getUint16(at) === CAPWAP_DATA ? capwap(p) : DECODED_OTHER;
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
