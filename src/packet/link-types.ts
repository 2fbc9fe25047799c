import {
  LAYER_CHDLC,
  LAYER_ENC,
  LAYER_ERF,
  LAYER_ETHERNET,
  LAYER_FAMILY,
  LAYER_FDDI,
  LAYER_FRAME_RELAY,
  LAYER_IP,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_JUNIPER_CHDLC,
  LAYER_JUNIPER_ETHERNET,
  LAYER_JUNIPER_FRAME_RELAY,
  LAYER_JUNIPER_PPP,
  LAYER_LLC,
  LAYER_MPLS,
  LAYER_NFLOG,
  LAYER_PFLOG,
  LAYER_PKTAP,
  LAYER_PPI,
  LAYER_PPP,
  LAYER_PPP_DIRECTION,
  LAYER_PPPOE,
  LAYER_PRISM,
  LAYER_RADIOTAP,
  LAYER_SLL,
  LAYER_SLL2,
  LAYER_SUBFRAME,
  LAYER_WIFI,
  type Layer,
} from './packet.js';

/** A link type as captures name it: its LINKTYPE_ value and name, the first header of its packets, and what that is. */
export interface LinkType {
  readonly value: number;
  readonly name: string;
  readonly layer: Layer;
  readonly holds: string;
}

const table = (...rows: readonly (readonly [number, string, Layer, string])[]): readonly LinkType[] =>
  rows.map(([value, name, layer, holds]) => ({ value, name, layer, holds }));

/** Those that are read (https://www.tcpdump.org/linktypes.html). A new link type is one more line. */
export const LINK_TYPES: readonly LinkType[] = table(
  [0, 'NULL', LAYER_FAMILY, 'BSD loopback, in the byte order of the capturing host'],
  [1, 'ETHERNET', LAYER_ETHERNET, 'Ethernet'],
  [9, 'PPP', LAYER_PPP, 'PPP'],
  [10, 'FDDI', LAYER_FDDI, 'FDDI'],
  [12, 'RAW', LAYER_IP, 'IPv4 or IPv6; DLT_RAW of most systems, which some tools write as it is'],
  [14, 'RAW', LAYER_IP, "IPv4 or IPv6; OpenBSD's DLT_RAW"],
  [50, 'PPP_HDLC', LAYER_PPP, 'PPP in HDLC framing'],
  [51, 'PPP_ETHER', LAYER_PPPOE, 'PPPoE sessions'],
  [100, 'ATM_RFC1483', LAYER_LLC, 'LLC in ATM'],
  [101, 'RAW', LAYER_IP, 'IPv4 or IPv6'],
  [104, 'C_HDLC', LAYER_CHDLC, 'Cisco HDLC'],
  [105, 'IEEE802_11', LAYER_WIFI, 'IEEE 802.11'],
  [107, 'FRELAY', LAYER_FRAME_RELAY, 'Frame Relay'],
  [108, 'LOOP', LAYER_FAMILY, 'OpenBSD loopback, in network byte order'],
  [109, 'ENC', LAYER_ENC, "IPsec as OpenBSD's enc interface shows it"],
  [113, 'LINUX_SLL', LAYER_SLL, 'Linux cooked capture'],
  [117, 'PFLOG', LAYER_PFLOG, "log of OpenBSD's pf"],
  [119, 'IEEE802_11_PRISM', LAYER_PRISM, 'IEEE 802.11 behind a Prism header'],
  [127, 'IEEE802_11_RADIOTAP', LAYER_RADIOTAP, 'IEEE 802.11 behind radiotap'],
  [163, 'IEEE802_11_AVS', LAYER_PRISM, 'IEEE 802.11 behind an AVS header'],
  [178, 'JUNIPER_ETHER', LAYER_JUNIPER_ETHERNET, "Ethernet behind Juniper's header"],
  [179, 'JUNIPER_PPP', LAYER_JUNIPER_PPP, 'PPP behind it'],
  [180, 'JUNIPER_FRELAY', LAYER_JUNIPER_FRAME_RELAY, 'Frame Relay behind it'],
  [181, 'JUNIPER_CHDLC', LAYER_JUNIPER_CHDLC, 'Cisco HDLC behind it'],
  [192, 'PPI', LAYER_PPI, 'another link type behind per-packet information'],
  [197, 'ERF', LAYER_ERF, 'Endace records with their headers'],
  [204, 'PPP_WITH_DIR', LAYER_PPP_DIRECTION, 'PPP behind an octet of direction'],
  [219, 'MPLS', LAYER_MPLS, 'MPLS labels'],
  [228, 'IPV4', LAYER_IPV4, 'IPv4'],
  [229, 'IPV6', LAYER_IPV6, 'IPv6'],
  [239, 'NFLOG', LAYER_NFLOG, "log of Linux' netfilter"],
  [258, 'PKTAP', LAYER_PKTAP, "another link type behind the note of Apple's systems"],
  [276, 'LINUX_SLL2', LAYER_SLL2, 'Linux cooked capture, version 2'],
);

/** Of a record that was narrowed to what follows its first packet (packets.ts). No capture has it. */
export const LINKTYPE_SUBFRAMES = -2;

/** First layer by LINKTYPE_ value. */
export const FIRST_LAYERS: ReadonlyMap<number, Layer> = new Map([
  ...LINK_TYPES.map(({ value, layer }) => [value, layer] as const),
  [LINKTYPE_SUBFRAMES, LAYER_SUBFRAME],
]);

const NAMES: ReadonlyMap<number, string> = new Map(LINK_TYPES.map(({ value, name }) => [value, name]));

/** `ETHERNET`, or the number where it has no name here. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? String(linkType);
}
