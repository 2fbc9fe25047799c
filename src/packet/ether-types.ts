import { known } from './known.js';
import {
  LAYER_ETHERNET,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_LLC,
  LAYER_MPLS,
  LAYER_NSH,
  LAYER_PPP,
  LAYER_PPPOE,
  LAYER_SERVICE_TAG,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_OTHER, type Decoded } from './segment.js';

/** EtherTypes that are read (https://www.iana.org/assignments/ieee-802-numbers), in frames and in tunnels that use them. */
export const ETHER_TYPES = known(
  [0x0800, 'IPv4', LAYER_IPV4],
  [0x86dd, 'IPv6', LAYER_IPV6],
  [0x8847, 'MPLS unicast', LAYER_MPLS],
  [0x8848, 'MPLS multicast', LAYER_MPLS],
  [0x8864, 'PPPoE session', LAYER_PPPOE],
  [0x880b, 'PPP', LAYER_PPP],
  [0x88e7, 'backbone service tag (802.1ah)', LAYER_SERVICE_TAG],
  [0x894f, 'NSH (RFC 8300)', LAYER_NSH],
  [0x6558, 'Ethernet (transparent bridging)', LAYER_ETHERNET],
);

/** A tag between an EtherType and the next, `octets` long. */
interface Tag {
  readonly name: string;
  readonly octets: number;
}

export const TAGS: ReadonlyMap<number, Tag> = new Map([
  [0x8100, { name: 'VLAN (802.1Q)', octets: 2 }],
  [0x88a8, { name: 'provider VLAN (802.1ad)', octets: 2 }],
  [0x9100, { name: 'provider VLAN, before 802.1ad', octets: 2 }],
  [0x8926, { name: 'Cisco VN-Tag', octets: 4 }],
  [0x893f, { name: 'E-Tag (802.1BR)', octets: 6 }],
  [0x8909, { name: 'Cisco MetaData', octets: 6 }],
]);

/** A tag this long is a VLAN's (IEEE 802.1Q §9.6), whose id is the encapsulation's. */
const VLAN_TAG = 2;

/** EtherType → layer. */
export function etherType(type: number): Layer | Decoded {
  return ETHER_TYPES.get(type)?.layer ?? DECODED_OTHER;
}

/** What stands at `p.at`, behind an EtherType of that number and any number of tags. */
export function behindEtherType(p: Packet, first: number): Layer | Decoded {
  let type = first;
  for (let tag = TAGS.get(type); tag !== undefined; tag = TAGS.get(type)) {
    const next = p.at + tag.octets;
    if (p.end - next < 2) return DECODED_CUT;
    if (tag.octets === VLAN_TAG) p.segment.encapsulation = p.view.getUint16(p.at) & 0x0fff;
    type = p.view.getUint16(next);
    p.at = next + 2;
  }
  // A number below 0x0600 is a length (IEEE 802.3 §3.2.6).
  return type < 0x0600 ? LAYER_LLC : etherType(type);
}
