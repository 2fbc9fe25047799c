/** An Ethernet frame as other link types and tunnels carry it: the same packet in every coat there is. */
import { ethernet, ipv4, linuxCooked, linuxCooked2, octets, type Part } from './packets.js';

export interface Encapsulation {
  readonly name: string;
  readonly linkType: number;
  /** The Ethernet frame, put in its coat. */
  readonly wrap: (frame: Uint8Array) => Uint8Array;
  /** No octet of it tells the hosts' MAC addresses. */
  readonly withoutMac?: true;
  /** Octets behind the packet: a frame check sequence. */
  readonly trailer?: number;
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

/** Two frames in one frame of 802.11 (A-MSDU): the first is not TCP. */
function aggregated(frame: Uint8Array): Uint8Array {
  const subframe = (type: Part, packet: Uint8Array) =>
    octets(frame.subarray(0, 12), [8 + packet.length, 2], [0xaaaa03, 3], [0, 3], type, packet);
  const first = subframe([0x88b5, 2], octets('other', 0));
  const header = wifi(frame, 'down', octets(0x80, 0)).subarray(0, 26);
  return octets(header, first, new Uint8Array(-first.length & 3), subframe(typeOf(frame), packetOf(frame)));
}

/** Of PPP. */
const protocolOf = (frame: Uint8Array): Part => [isSix(frame) ? 0x57 : 0x21, 2];
const isSix = (frame: Uint8Array) => frame[14]! >> 4 === 6;
const pppOf = (frame: Uint8Array) => octets([0xff03, 2], protocolOf(frame), packetOf(frame));
const frameRelayOf = (frame: Uint8Array) => octets(0x18, 0x41, 3, isSix(frame) ? 0x8e : 0xcc, packetOf(frame));
const hdlcOf = (frame: Uint8Array) => octets([0x0f00, 2], typeOf(frame), packetOf(frame));
const label = octets([(7 << 12) | 0x1ff, 4]);
const behindType = (frame: Uint8Array, type: number, ...parts: readonly Part[]) =>
  octets(frame.subarray(0, 12), [type, 2], ...parts);
const greWith = (flags: number, type: number, ...parts: readonly Part[]) =>
  ethernet(
    {},
    ipv4({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 47 }, octets([flags, 2], [type, 2], ...parts)),
  );
/** Juniper's header with extensions of three octets and one of padding for none: a tag, its length, its value. */
const juniper = (inner: Uint8Array, flags = 0x81) => octets([0x4d4743, 3], flags, [3, 2], 3, 1, 10, inner);
/** An Endace record; what is fed to Wireshark has its frame check sequence. */
const erf = (type: number, ...inner: readonly Uint8Array[]) => {
  const data = octets(...inner, new Uint8Array(4));
  const wire = data.length - (type === 2 ? 2 : 0);
  return octets([0, 4], [0x00c8d265, 4], type, 4, [16 + data.length, 2], [0, 2], [wire, 2], data);
};

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
  { name: 'A-MSDU, the second packet', linkType: 105, wrap: aggregated },
  { name: 'MPLS in Ethernet', linkType: 1, wrap: (f) => behindType(f, 0x8847, label, packetOf(f)) },
  {
    name: 'pseudowire with control word',
    linkType: 1,
    wrap: (f) => octets(new Uint8Array(12), [0x8847, 2], label, [0, 4], f),
  },
  {
    name: 'pseudowire without control word',
    linkType: 1,
    wrap: (f) => octets(new Uint8Array(12), [0x8847, 2], label, f),
    notInWireshark: true,
  },
  { name: 'PPP', linkType: 9, wrap: pppOf, withoutMac: true },
  { name: 'Cisco HDLC', linkType: 104, wrap: hdlcOf, withoutMac: true },
  {
    name: 'PPPoE',
    linkType: 1,
    wrap: (f) => behindType(f, 0x8864, 0x11, 0, [1, 2], [pppOf(f).length - 2, 2], pppOf(f).subarray(2)),
  },
  { name: 'Frame Relay', linkType: 107, wrap: frameRelayOf, withoutMac: true },
  {
    name: 'Frame Relay with SNAP',
    linkType: 107,
    wrap: (f) => octets(0x18, 0x41, 3, 0, 0x80, [0, 3], typeOf(f), packetOf(f)),
    withoutMac: true,
  },
  {
    name: "Frame Relay in Cisco's framing",
    linkType: 107,
    wrap: (f) => octets(0x18, 0x41, typeOf(f), packetOf(f)),
    withoutMac: true,
  },
  { name: 'ATM with LLC', linkType: 100, wrap: llc, withoutMac: true },
  {
    name: 'OpenBSD enc',
    linkType: 109,
    wrap: (f) => octets(little(isSix(f) ? 24 : 2, 4), [1, 4], [0, 4], packetOf(f)),
    withoutMac: true,
  },
  { name: 'Juniper Ethernet', linkType: 178, wrap: (f) => juniper(f) },
  { name: 'Juniper PPP', linkType: 179, wrap: (f) => juniper(pppOf(f)), withoutMac: true },
  { name: 'Juniper Frame Relay', linkType: 180, wrap: (f) => juniper(frameRelayOf(f)), withoutMac: true },
  { name: 'Juniper HDLC', linkType: 181, wrap: (f) => juniper(hdlcOf(f)), withoutMac: true },
  {
    name: 'Juniper without extensions and link layer',
    linkType: 178,
    wrap: (f) => octets([0x4d4743, 3], 3, little(isSix(f) ? 6 : 2, 4), packetOf(f)),
    withoutMac: true,
  },
  { name: 'ERF Ethernet', linkType: 197, trailer: 4, wrap: (f) => erf(2, octets([0, 2]), f) },
  {
    name: 'ERF with an extension header',
    linkType: 197,
    trailer: 4,
    wrap: (f) => {
      const plain = erf(2, octets([0, 2]), f);
      return octets(
        plain.subarray(0, 8),
        0x82,
        4,
        [plain.length + 8, 2],
        plain.subarray(12, 16),
        3,
        new Uint8Array(7),
        plain.subarray(16),
      );
    },
  },
  { name: 'ERF HDLC', linkType: 197, trailer: 4, wrap: (f) => erf(1, hdlcOf(f)), withoutMac: true },
  { name: 'ERF PPP', linkType: 197, trailer: 4, wrap: (f) => erf(1, pppOf(f)), withoutMac: true },
  { name: 'ERF IP', linkType: 197, trailer: 4, wrap: (f) => erf(isSix(f) ? 23 : 22, packetOf(f)), withoutMac: true },
  { name: 'VN-Tag', linkType: 1, wrap: (f) => behindType(f, 0x8926, [0x12345, 4], f.subarray(12)) },
  { name: 'E-Tag', linkType: 1, wrap: (f) => behindType(f, 0x893f, [0, 2], [5, 4], f.subarray(12)) },
  { name: 'Cisco MetaData', linkType: 1, wrap: (f) => behindType(f, 0x8909, 1, 1, [1, 2], [7, 2], f.subarray(12)) },
  { name: 'backbone service tag', linkType: 1, wrap: (f) => octets(new Uint8Array(12), [0x88e7, 2], [99, 4], f) },
  {
    name: 'NSH',
    linkType: 1,
    wrap: (f) => octets(new Uint8Array(12), [0x894f, 2], [0x0fc2, 2], 2, 3, [0x100ff, 4], f),
  },
  { name: 'GRE with Ethernet and a key (NVGRE)', linkType: 1, wrap: (f) => greWith(0x2000, 0x6558, [0x70007, 4], f) },
  { name: 'ERSPAN I', linkType: 1, wrap: (f) => greWith(0, 0x88be, f) },
  { name: 'ERSPAN II', linkType: 1, wrap: (f) => greWith(0x1000, 0x88be, [1, 4], [0x10000000, 4], [0, 4], f) },
  { name: 'ERSPAN III', linkType: 1, wrap: (f) => greWith(0x1000, 0x22eb, [1, 4], [0x20000000, 4], [0, 4], [0, 4], f) },
  { name: 'WCCP', linkType: 1, wrap: (f) => greWith(0, 0x883e, [0, 4], packetOf(f)) },
  { name: 'GRE with PPP', linkType: 1, wrap: (f) => greWith(0, 0x880b, pppOf(f)) },
  { name: 'GRE with Frame Relay', linkType: 1, wrap: (f) => greWith(0, 0x6559, frameRelayOf(f)) },
  { name: 'GRE of Aruba', linkType: 1, wrap: (f) => greWith(0, 0x8210, wifi(f, 'down')) },
  { name: 'GRE with MPLS', linkType: 1, wrap: (f) => greWith(0, 0x8847, label, packetOf(f)) },
  {
    name: 'PPTP',
    linkType: 1,
    wrap: (f) => greWith(0x3081, 0x880b, [pppOf(f).length, 2], [9, 2], [1, 4], [1, 4], pppOf(f)),
  },
  { name: 'GRE', linkType: 1, wrap: (f) => gre(typeOf(f)[0], packetOf(f)) },
  { name: 'VXLAN', linkType: 1, wrap: (f) => tunnel(4789, octets([0x08000000, 4], [0x700, 4]), f) },
  { name: 'VXLAN-GPE', linkType: 1, wrap: (f) => tunnel(4790, octets([0x0c000003, 4], [0x700, 4]), f) },
  { name: 'GRE in UDP', linkType: 1, wrap: (f) => tunnel(4754, octets([0, 2], typeOf(f)), packetOf(f)) },
  { name: 'MPLS in UDP', linkType: 1, wrap: (f) => tunnel(6635, label, packetOf(f)) },
  { name: 'L2TP', linkType: 1, wrap: (f) => tunnel(1701, octets([0x0002, 2], [5, 2], [6, 2]), pppOf(f)) },
  {
    name: 'L2TP with all fields',
    linkType: 1,
    wrap: (f) =>
      tunnel(1701, octets([0x4a02, 2], [16 + pppOf(f).length, 2], [5, 2], [6, 2], [0, 4], [2, 2], [0, 2]), pppOf(f)),
  },
  { name: 'TZSP', linkType: 1, wrap: (f) => tunnel(37008, octets([0x01000001, 4], 0, 10, 1, 42, 1), f) },
  {
    name: 'MPLS in IP',
    linkType: 1,
    wrap: (f) =>
      ethernet({}, ipv4({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 137 }, octets(label, packetOf(f)))),
  },
  {
    name: 'AH',
    linkType: 1,
    wrap: (f) =>
      ethernet(
        {},
        ipv4(
          { source: '192.0.2.1', destination: '192.0.2.2', protocol: 51 },
          octets(isSix(f) ? 41 : 4, 4, [0, 2], [1, 4], [1, 4], new Uint8Array(12), packetOf(f)),
        ),
      ),
  },
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
