/** An Ethernet frame as other link types and tunnels carry it: the same packet in every coat there is. */
import { ethernet, ipv4, linuxCooked, linuxCooked2, octets } from './packets.js';

export interface Encapsulation {
  readonly name: string;
  readonly linkType: number;
  /** The Ethernet frame, put in its coat. */
  readonly wrap: (frame: Uint8Array) => Uint8Array;
  /** No octet of it tells the hosts' MAC addresses. */
  readonly withoutMac?: true;
  /** Wireshark does not read it as it is set up at first: this link type, or the standard's order of frame control in CAPWAP. */
  readonly notInWireshark?: true;
}

const packetOf = (frame: Uint8Array) => frame.subarray(14);
const typeOf = (frame: Uint8Array): readonly [number, number] => [(frame[12]! << 8) | frame[13]!, 2];
const llc = (frame: Uint8Array) => octets([0xaaaa03, 3], [0, 3], typeOf(frame), packetOf(frame));
const destination = (frame: Uint8Array) => frame.subarray(0, 6);
const source = (frame: Uint8Array) => frame.subarray(6, 12);
const BSSID = octets([0x020000, 3], [0xa, 3]);
const little = (value: number, length: 2 | 4) =>
  octets(...Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff));

/** IEEE 802.11 data frame towards an access point (QoS where asked), from one, or between two. */
export function wifi(frame: Uint8Array, how: 'up' | 'down' | 'bridged' | 'ad-hoc', qos?: Uint8Array): Uint8Array {
  const flags = { up: 1, down: 2, bridged: 3, 'ad-hoc': 0 }[how];
  const [to, from] = [destination(frame), source(frame)];
  const addresses = {
    up: [BSSID, from, to],
    down: [to, BSSID, from],
    bridged: [BSSID, BSSID, to],
    'ad-hoc': [to, from, BSSID],
  }[how];
  return octets(
    qos === undefined ? 0x08 : 0x88,
    flags,
    [0, 2],
    ...addresses,
    [0, 2],
    ...(how === 'bridged' ? [from] : []),
    ...(qos === undefined ? [] : [qos]),
    llc(frame),
  );
}

const attribute = (type: number, value: Uint8Array) =>
  octets(little(value.length + 4, 2), little(type, 2), value, new Uint8Array(-value.length & 3));
const tunnel = (port: number, header: Uint8Array, inner: Uint8Array) => {
  const datagram = octets([50_000, 2], [port, 2], [8 + header.length + inner.length, 2], [0, 2], header, inner);
  return ethernet({}, ipv4({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 17 }, datagram));
};
const gre = (type: number, inner: Uint8Array) =>
  ethernet({}, ipv4({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 47 }, octets([0, 2], [type, 2], inner)));
const radiotap = (inner: Uint8Array, flags = 0) =>
  octets(0, 0, little(18, 2), little(3, 4), new Uint8Array(8), flags, 0, inner);

/** Two words, the radio's binding 802.11, a native frame. */
const CAPWAP_WIFI = octets([(2 << 19) | (1 << 9) | 0x100, 4], [0, 4]);

export const ENCAPSULATIONS: readonly Encapsulation[] = [
  { name: 'Linux cooked', linkType: 113, wrap: (f) => linuxCooked(packetOf(f)), withoutMac: true },
  { name: 'Linux cooked v2', linkType: 276, wrap: (f) => linuxCooked2(packetOf(f)), withoutMac: true },
  { name: 'raw IP', linkType: 101, wrap: packetOf, withoutMac: true },
  {
    name: 'BSD loopback',
    linkType: 0,
    wrap: (f) => octets(little(f[14]! >> 4 === 6 ? 30 : 2, 4), packetOf(f)),
    withoutMac: true,
  },
  { name: 'VLAN', linkType: 1, wrap: (f) => octets(f.subarray(0, 12), [0x8100, 2], [42, 2], f.subarray(12)) },
  { name: '802.11 to the access point', linkType: 105, wrap: (f) => wifi(f, 'up') },
  { name: '802.11 from the access point', linkType: 105, wrap: (f) => wifi(f, 'down') },
  { name: '802.11 between two', linkType: 105, wrap: (f) => wifi(f, 'bridged', octets(0, 0)) },
  { name: '802.11 without access point', linkType: 105, wrap: (f) => wifi(f, 'ad-hoc') },
  { name: 'radiotap', linkType: 127, wrap: (f) => radiotap(wifi(f, 'down', octets(0, 0))) },
  {
    name: 'radiotap with padding',
    linkType: 127,
    wrap: (f) => {
      const frame = wifi(f, 'down', octets(0, 0));
      return radiotap(octets(frame.subarray(0, 26), [0, 2], frame.subarray(26)), 0x20);
    },
  },
  {
    name: 'Prism',
    linkType: 119,
    wrap: (f) => octets(little(0x44, 4), little(144, 4), new Uint8Array(136), wifi(f, 'up')),
  },
  { name: 'AVS', linkType: 163, wrap: (f) => octets([0x80211001, 4], [64, 4], new Uint8Array(56), wifi(f, 'up')) },
  { name: 'PPI', linkType: 192, wrap: (f) => octets(0, 0, little(8, 2), little(105, 4), wifi(f, 'up')) },
  {
    name: 'PKTAP',
    linkType: 258,
    wrap: (f) =>
      octets(little(108, 4), little(1, 4), little(1, 4), new Uint8Array(24), little(0, 4), new Uint8Array(68), f),
  },
  {
    name: 'PFLOG',
    linkType: 117,
    wrap: (f) => octets(61, f[14]! >> 4 === 6 ? 24 : 2, new Uint8Array(62), packetOf(f)),
    withoutMac: true,
  },
  {
    name: 'NFLOG',
    linkType: 239,
    wrap: (f) =>
      octets(
        f[14]! >> 4 === 6 ? 10 : 2,
        0,
        [0, 2],
        attribute(1, octets(typeOf(f), 1, 0)),
        attribute(10, octets('seen', 0)),
        attribute(9, packetOf(f)),
      ),
    withoutMac: true,
  },
  {
    name: 'MPLS',
    linkType: 219,
    wrap: (f) => octets([(7 << 12) | 0x1ff, 4], packetOf(f)),
    withoutMac: true,
    notInWireshark: true,
  },
  { name: 'GRE', linkType: 1, wrap: (f) => gre(typeOf(f)[0], packetOf(f)) },
  { name: 'VXLAN', linkType: 1, wrap: (f) => tunnel(4789, octets([0x08000000, 4], [0x700, 4]), f) },
  { name: 'Geneve', linkType: 1, wrap: (f) => tunnel(6081, octets([0x6558, 4], [0x700, 4]), f) },
  { name: 'CAPWAP with 802.3', linkType: 1, wrap: (f) => tunnel(5247, octets([2 << 19, 4], [0, 4]), f) },
  {
    name: 'CAPWAP with 802.11',
    linkType: 1,
    wrap: (f) => tunnel(5247, CAPWAP_WIFI, wifi(f, 'down')),
    notInWireshark: true,
  },
  {
    name: 'CAPWAP with 802.11, its frame control swapped',
    linkType: 1,
    wrap: (f) => {
      const [kind = 0, flags = 0, ...rest] = wifi(f, 'down');
      return tunnel(5247, CAPWAP_WIFI, octets(flags, kind, ...rest));
    },
  },
];
