import { known } from './known.js';
import { LAYER_ETHERNET, LAYER_IPV4, LAYER_IPV6, LAYER_MPLS, LAYER_PPPOE, type Layer } from './packet.js';
import { DECODED_OTHER, type Decoded } from './segment.js';

/** EtherTypes that are read (https://www.iana.org/assignments/ieee-802-numbers), in frames and in tunnels that use them. */
export const ETHER_TYPES = known(
  [0x0800, 'IPv4', LAYER_IPV4],
  [0x86dd, 'IPv6', LAYER_IPV6],
  [0x8847, 'MPLS unicast', LAYER_MPLS],
  [0x8848, 'MPLS multicast', LAYER_MPLS],
  [0x8864, 'PPPoE session', LAYER_PPPOE],
  [0x6558, 'Ethernet (transparent bridging)', LAYER_ETHERNET],
);

/** Tags of two octets with another EtherType behind them. */
export const VLAN_TAGS: ReadonlyMap<number, string> = new Map([
  [0x8100, 'VLAN (802.1Q)'],
  [0x88a8, 'provider VLAN (802.1ad)'],
  [0x9100, 'provider VLAN, before 802.1ad'],
]);

/** EtherType → layer. */
export function etherType(type: number): Layer | Decoded {
  return ETHER_TYPES.get(type)?.layer ?? DECODED_OTHER;
}
