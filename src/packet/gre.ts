import { behindEtherType } from './ether-types.js';
import {
  LAYER_ETHERNET,
  LAYER_FRAME_RELAY,
  LAYER_IP,
  LAYER_PPP,
  LAYER_WIFI,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_OTHER, type Decoded } from './segment.js';

/** What a vendor puts in GRE: what it is called, and how its header is passed. */
interface Vendor {
  readonly name: string;
  readonly header: (p: Packet, flags: number) => Layer | Decoded;
}

/** Aruba's access points number their tunnels from 0x8200 to 0x8370, by sixteens; in each are 802.11 frames. */
const ARUBA = Array.from({ length: 24 }, (_, tunnel) => 0x8200 + tunnel * 0x10);

/** Protocol types of GRE that are no EtherTypes of ours. All EtherTypes that are read are read in it too. */
export const GRE_TYPES: ReadonlyMap<number, Vendor> = new Map([
  [0x6559, { name: 'Frame Relay', header: () => LAYER_FRAME_RELAY }],
  [0x8881, { name: 'PPP of CDMA2000', header: () => LAYER_PPP }],
  [0x88d2, { name: 'PPP of 3GPP2', header: () => LAYER_PPP }],
  [0x883e, { name: 'WCCP redirection', header: wccp }],
  [0x88be, { name: 'ERSPAN I and II', header: erspan2 }],
  [0x22eb, { name: 'ERSPAN III', header: erspan3 }],
  ...ARUBA.map((type) => [type, { name: 'IEEE 802.11 of Aruba', header: () => LAYER_WIFI }] as const),
]);

/** Bits of the first two octets, in either version. */
const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGMENT = 0x0080;
const VERSION = 0x0007;

/** GRE (RFC 2784 §2, key and sequence number RFC 2890 §2): the EtherType of what is inside. Routing (RFC 1701) is not read. */
export function gre(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  const flags = view.getUint16(at);
  const type = view.getUint16(at + 2);
  if ((flags & ROUTING) !== 0) return DECODED_OTHER;
  if ((flags & VERSION) === 1) return enhanced(p, flags);
  if ((flags & VERSION) !== 0) return DECODED_OTHER;
  let next = at + 4;
  if (flags & CHECKSUM) next += 4;
  if (flags & KEY) {
    if (end - next < 4) return DECODED_CUT;
    p.segment.encapsulation = view.getInt32(next);
    next += 4;
  }
  if (flags & SEQUENCE) next += 4;
  if (next > end) return DECODED_CUT;
  p.at = next;
  const vendor = GRE_TYPES.get(type);
  if (vendor !== undefined) return vendor.header(p, flags);
  // What would be a length in a frame is a protocol of no interest in GRE.
  return type < 0x0600 ? DECODED_OTHER : behindEtherType(p, type);
}

/** Version 1 is PPTP's (RFC 2637 §4.1): payload length and call id in place of the key, then PPP; without data an acknowledgment. */
function enhanced(p: Packet, flags: number): Layer | Decoded {
  const { view, at, end } = p;
  if ((flags & KEY) === 0 || view.getUint16(at + 2) !== 0x880b) return DECODED_OTHER;
  if (end - at < 8) return DECODED_CUT;
  if ((flags & SEQUENCE) === 0) return DECODED_OTHER;
  p.segment.encapsulation = view.getUint16(at + 6);
  p.at = at + ((flags & ACKNOWLEDGMENT) !== 0 ? 16 : 12);
  return p.at > end ? DECODED_CUT : LAYER_PPP;
}

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
