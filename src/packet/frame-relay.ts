import { behindEtherType } from './ether-types.js';
import { LAYER_ETHERTYPE, LAYER_IPV4, LAYER_IPV6, type Layer, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_OTHER, type Decoded } from './segment.js';

/** Network layer protocol identifiers (ISO/IEC TR 9577). */
const NLPID_SNAP = 0x80;
const NLPID_IPV4 = 0xcc;
const NLPID_IPV6 = 0x8e;
/** Control field of an unnumbered information frame (Q.922 §3.6). */
const UNNUMBERED = 0x03;

/** Frame Relay: an address of two to four octets (Q.922 §3.2), then RFC 2427's header or Cisco's, which is an EtherType. */
export function frameRelay(p: Packet): Layer | Decoded {
  const { view, end } = p;
  let at = p.at;
  // The last octet of the address is odd.
  do {
    if (end - at < 4) return DECODED_CUT;
    at++;
  } while ((view.getUint8(at - 1) & 1) === 0);
  if (view.getUint8(at) !== UNNUMBERED) {
    p.at = at + 2;
    return behindEtherType(p, view.getUint16(at));
  }
  at++;
  // An octet of padding may stand before the identifier (RFC 2427 §3).
  if (view.getUint8(at) === 0) at++;
  if (end - at < 1) return DECODED_CUT;
  p.at = at + 1;
  switch (view.getUint8(at)) {
    case NLPID_IPV4:
      return LAYER_IPV4;
    case NLPID_IPV6:
      return LAYER_IPV6;
    case NLPID_SNAP:
      if (end - p.at < 5) return DECODED_CUT;
      // The organisation 0: an EtherType.
      if (view.getUint16(p.at) !== 0 || view.getUint8(p.at + 2) !== 0) return DECODED_OTHER;
      p.at += 3;
      return LAYER_ETHERTYPE;
    default:
      return DECODED_OTHER;
  }
}
