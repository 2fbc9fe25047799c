import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../capture/types.js';
import {
  LAYER_CHDLC,
  LAYER_ETHERNET,
  LAYER_FRAME_RELAY,
  LAYER_IP,
  LAYER_JUNIPER_CHDLC,
  LAYER_JUNIPER_ETHERNET,
  LAYER_JUNIPER_FRAME_RELAY,
  LAYER_JUNIPER_PPP,
  LAYER_PPP,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_MALFORMED, DECODED_OTHER, type Decoded } from './segment.js';

/** "MGC", with which the header begins. */
const MAGIC = 0x4d4743;
/** Its flags: the packet came in; it has no link layer; extensions follow, their length first. */
const IN = 0x01;
const NO_LINK_LAYER = 0x02;
const EXTENDED = 0x80;
/** Octets that stand for the missing link layer: a protocol number of Juniper's own. */
const PROTOCOL = 4;

const INSIDE: ReadonlyMap<Layer, Layer> = new Map([
  [LAYER_JUNIPER_ETHERNET, LAYER_ETHERNET],
  [LAYER_JUNIPER_PPP, LAYER_PPP],
  [LAYER_JUNIPER_FRAME_RELAY, LAYER_FRAME_RELAY],
  [LAYER_JUNIPER_CHDLC, LAYER_CHDLC],
]);

/** Header of Juniper's routers (LINKTYPE_JUNIPER_*, as libpcap's gencode.c and tcpdump read it): magic, flags, extensions. */
export function juniper(p: Packet, layer: Layer): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  const word = view.getUint32(at);
  if (word >>> 8 !== MAGIC) return DECODED_MALFORMED;
  p.segment.direction = (word & IN) !== 0 ? DIRECTION_INBOUND : DIRECTION_OUTBOUND;
  let next = at + 4;
  if ((word & EXTENDED) !== 0) {
    if (end - next < 2) return DECODED_CUT;
    next += 2 + view.getUint16(next);
  }
  const bare = (word & NO_LINK_LAYER) !== 0;
  p.at = bare ? next + PROTOCOL : next;
  if (p.at > end) return DECODED_CUT;
  return bare ? LAYER_IP : (INSIDE.get(layer) ?? DECODED_OTHER);
}
