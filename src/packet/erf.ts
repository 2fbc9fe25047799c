import { ERF_HEADER, ERF_MORE } from '../capture/erf.js';
import { LAYER_CHDLC, LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6, LAYER_PPP, type Layer, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_OTHER, type Decoded } from './segment.js';

/** Record types that are read (Endace, ERF types, 2023): with whatever their counters and colours mean. */
export const ERF_TYPES: ReadonlyMap<number, { readonly name: string; readonly layer: Layer | null }> = new Map([
  [1, { name: 'HDLC', layer: null }],
  [2, { name: 'Ethernet', layer: LAYER_ETHERNET }],
  [10, { name: 'HDLC, coloured', layer: null }],
  [11, { name: 'Ethernet, coloured', layer: LAYER_ETHERNET }],
  [15, { name: 'HDLC, for several streams', layer: null }],
  [16, { name: 'Ethernet, for several streams', layer: LAYER_ETHERNET }],
  [19, { name: 'HDLC, coloured by a hash', layer: null }],
  [20, { name: 'Ethernet, coloured by a hash', layer: LAYER_ETHERNET }],
  [22, { name: 'IPv4', layer: LAYER_IPV4 }],
  [23, { name: 'IPv6', layer: LAYER_IPV6 }],
]);

/** An Endace record (LINKTYPE_ERF): its header, extension headers, then what its type says. */
export function erf(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < ERF_HEADER) return DECODED_CUT;
  const first = view.getUint8(at + 8);
  let next = at + ERF_HEADER;
  for (let more = first; (more & ERF_MORE) !== 0; next += 8) {
    if (end - next < 8) return DECODED_CUT;
    more = view.getUint8(next);
  }
  const type = ERF_TYPES.get(first & 0x7f);
  if (type === undefined) return DECODED_OTHER;
  // Two octets of padding let the packet inside the frame lie on a word.
  p.at = type.layer === LAYER_ETHERNET ? next + 2 : next;
  if (end - p.at < 2) return DECODED_CUT;
  if (type.layer !== null) return type.layer;
  // PPP begins with all stations (RFC 1662 §3.1), Cisco's HDLC with unicast or multicast.
  return view.getUint8(p.at) === 0xff ? LAYER_PPP : LAYER_CHDLC;
}
