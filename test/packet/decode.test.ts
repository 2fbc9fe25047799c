import { describe, expect, test } from 'vitest';
import { addressText } from '../../src/packet/address.js';
import { Decoder } from '../../src/packet/decode.js';
import type { Segment } from '../../src/packet/segment.js';
import { ACK, PSH, RST } from '../../src/tcp/control.js';
import { decode, fieldsOf } from '../support/decoding.js';
import {
  ethernet,
  ip,
  ipv4,
  ipv6,
  linuxCooked,
  linuxCooked2,
  mac,
  octets,
  option,
  type PacketFields,
  tcp,
  tcpPacket,
} from '../support/packets.js';

const V4: PacketFields = { source: '192.0.2.1', destination: '198.51.100.7', ttl: 57, tos: 2, ipId: 0xbeef };
const V6: PacketFields = {
  source: '2001:db8::1',
  destination: '2001:db8::ffff:2',
  ttl: 57,
  tos: 0x1c,
  flowLabel: 0xabcde,
};
const TCP: PacketFields = {
  sourcePort: 54_321,
  destinationPort: 443,
  seq: 0xfedcba98,
  ack: 0x80000001,
  flags: 'PA',
  window: 501,
  payload: 'GET /',
};

const OPTIONS: Record<string, readonly [Uint8Array, Partial<Segment>]> = {
  'no options': [octets(), {}],
  'NOP NOP timestamps': [
    octets(option.nop, option.nop, option.timestamps(0xf0000001, 7)),
    { hasTimestamps: true, tsVal: 0xf0000001 | 0, tsEcr: 7 },
  ],
  'the SYN of Linux': [
    octets(option.mss(1460), option.sackPermitted, option.timestamps(1, 0), option.nop, option.windowScale(7)),
    { mss: 1460, sackPermitted: true, hasTimestamps: true, tsVal: 1, windowScale: 7 },
  ],
  'the SYN of Windows': [
    octets(option.mss(1460), option.nop, option.windowScale(8), option.nop, option.nop, option.sackPermitted),
    { mss: 1460, sackPermitted: true, windowScale: 8 },
  ],
  'a window scale of 15 counts as 14': [octets(option.windowScale(15)), { windowScale: 14 }],
  'SACK of three blocks': [
    octets(option.nop, option.nop, option.sack([10, 20], [0xffff_fff0, 0xffff_fff8], [40, 50])),
    { sackBlocks: 3, sackRight: 50, sackLongest: 10 },
  ],
  'timestamps and SACK': [
    octets(option.nop, option.nop, option.timestamps(3, 4), option.nop, option.nop, option.sack([1, 2])),
    { hasTimestamps: true, tsVal: 3, tsEcr: 4, sackBlocks: 1, sackRight: 2, sackLongest: 1 },
  ],
  'TCP-MD5': [option.md5, { hasSignature: true }],
  'TCP-AO': [option.ao, { hasSignature: true }],
  MP_CAPABLE: [option.mptcp(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), { mptcp: 1 }],
  'MP_TCPRST with its reason': [
    octets(option.mptcp(2, 0), option.mptcp(8, 4)),
    { mptcp: (1 << 2) | (1 << 8), mptcpReason: 4 },
  ],
  'unknown options are passed over': [octets(254, 6, 1, 2, 3, 4, option.mss(9)), { mss: 9 }],
  'what follows the end of the list is padding': [octets(0, option.mss(9)), {}],
  'an option of length 0 ends the reading': [octets(option.mss(536), 8, 0, option.sackPermitted), { mss: 536 }],
  'an option longer than the list ends the reading': [octets(option.mss(536), 5, 40, 0, 0), { mss: 536 }],
};

function fields(packet: Uint8Array, linkType = 1): Record<string, unknown> & Segment {
  const { kind, segment } = decode(packet, { linkType });
  expect(kind).toBe('tcp');
  return fieldsOf(segment) as Record<string, unknown> & Segment;
}

describe('the fields of a segment', () => {
  test('over IPv4', () => {
    expect(fields(tcpPacket({ ...V4, ...TCP }))).toMatchObject({
      ipVersion: 4,
      source0: 0,
      source1: 0,
      source2: 0xffff,
      source3: 0xc0000201 | 0,
      destination3: 0xc6336407 | 0,
      ttl: 57,
      tos: 2,
      ipId: 0xbeef,
      df: 1,
      flowLabel: 0,
      sourcePort: 54_321,
      destinationPort: 443,
      seq: 0xfedcba98 | 0,
      ack: 0x80000001 | 0,
      control: PSH | ACK,
      window: 501,
      headerLength: 20,
      length: 5,
      payload: [...octets('GET /')],
      tcpAfterIp: 20,
    });
  });

  test('over IPv6', () => {
    const segment = fields(tcpPacket({ ...V6, ...TCP }));
    expect(segment).toMatchObject({ ipVersion: 6, ttl: 57, tos: 0x1c, ipId: -1, df: 1, flowLabel: 0xabcde, length: 5 });
    const { destination0, destination1, destination2, destination3 } = segment;
    expect(addressText(destination0, destination1, destination2, destination3)).toBe('2001:db8::ffff:2');
  });

  test('one decoder forgets the packet before', () => {
    const decoder = new Decoder();
    const rich = octets(option.mss(1), option.sackPermitted, option.timestamps(5, 6), option.md5);
    const packets = [
      tcpPacket({ ...V6, ...TCP, options: rich, vlans: [7] }),
      tcpPacket({ ...V4, ...TCP }),
      tcpPacket({ ...V4, options: option.mptcp(8, 1) }),
      ethernet({}, ipv4(V4, octets(option.nop, 1, 2, 3))),
      tcpPacket(V6),
      linuxCooked(ipv4(V4, tcp())),
      tcpPacket({ ...V4, options: octets(option.nop, option.nop, option.timestamps(1, 2)) }),
    ];
    for (const packet of [...packets, ...packets.reverse()]) {
      const linkType = packet.length > 14 && packet[2] === 0 && packet[5] === 6 ? 113 : 1;
      const reused = decode(packet, { decoder, linkType });
      const fresh = decode(packet, { linkType });
      expect(reused.kind).toBe(fresh.kind);
      if (fresh.kind === 'tcp') expect(fieldsOf(reused.segment)).toEqual(fieldsOf(fresh.segment));
    }
  });
});

describe('options', () => {
  const none = fields(tcpPacket());
  for (const [name, [options, expected]] of Object.entries(OPTIONS)) {
    test(name, () => {
      const segment = fields(tcpPacket({ options }));
      const headerLength = 20 + Math.ceil(options.length / 4) * 4;
      expect(segment).toEqual({ ...none, headerLength, ...expected });
    });
  }

  test('that the capture cut: what was seen, and that there may be more', () => {
    const options = octets(
      option.mss(1460),
      option.sackPermitted,
      option.timestamps(1, 0),
      option.nop,
      option.windowScale(7),
    );
    const packet = tcpPacket({ flags: 'S', options });
    const { kind, segment } = decode(packet.subarray(0, 14 + 20 + 20 + 4), { originalLength: packet.length });
    expect(kind).toBe('tcp');
    expect(segment).toMatchObject({ mss: 1460, sackPermitted: false, optionsCut: true, length: 0 });
  });
});

describe('link types', () => {
  const v4 = ipv4(V4, tcp(TCP));
  const v6 = ipv6(V6, tcp(TCP));
  const macs = { macSource: 0, macDestination: 0 };
  const family = (value: number, packet: Uint8Array, littleEndian = true) =>
    octets(littleEndian ? octets([value, 4]).reverse() : [value, 4], packet);
  const table: readonly (readonly [string, number, Uint8Array, Uint8Array, Partial<Segment>?])[] = [
    ['Ethernet', 1, ethernet({}, v4), ethernet({}, v6)],
    ['Ethernet, 802.1Q', 1, ethernet({ vlans: [42] }, v4), ethernet({ vlans: [42] }, v6), { encapsulation: 42 }],
    [
      'Ethernet, QinQ',
      1,
      ethernet({ vlans: [[0x88a8, 7], 42] }, v4),
      ethernet({ vlans: [[0x9100, 0xf007], 0xe02a] }, v6),
      { encapsulation: 42 },
    ],
    ['Ethernet, LLC SNAP', 1, snap(v4), snap(v6)],
    ['Ethernet, MPLS', 1, mpls(v4), mpls(v6)],
    ['Ethernet, PPPoE', 1, pppoe(0x21, v4), pppoe(0x57, v6)],
    ['PPP', 9, octets(0xff, 3, [0x21, 2], v4), octets([0x57, 2], v6), macs],
    ['PPP, compressed protocol', 50, octets(0xff, 3, 0x21, v4), octets(0x57, v6), macs],
    ['PPP with direction', 204, octets(1, 0xff, 3, [0x21, 2], v4), octets(9, [0x57, 2], v6), { ...macs, direction: 2 }],
    ['Cisco HDLC', 104, octets(0x0f, 0, [0x800, 2], v4), octets(0x0f, 0, [0x86dd, 2], v6), macs],
    ['RAW', 101, v4, v6, macs],
    ['DLT_RAW 12', 12, v4, v6, macs],
    ['DLT_RAW 14', 14, v4, v6, macs],
    ['NULL, little-endian', 0, family(2, v4), family(30, v6), macs],
    ['NULL, big-endian', 0, family(2, v4, false), family(24, v6, false), macs],
    ['LOOP', 108, family(2, v4, false), family(28, v6, false), macs],
    ['Linux cooked, in', 113, linuxCooked(v4, 0), linuxCooked(v6, 3), { direction: 1, macDestination: 0 }],
    ['Linux cooked, out', 113, linuxCooked(v4, 4), linuxCooked(v6, 4), { direction: 2, macDestination: 0 }],
    [
      'Linux cooked v2',
      276,
      linuxCooked2(v4, 4, 9),
      linuxCooked2(v6, 4, 9),
      { direction: 2, interfaceId: 9, macDestination: 0 },
    ],
    ['MPLS', 219, octets([0x12345100, 4], v4), octets([0x12345100, 4], v6), macs],
    ['FDDI', 10, fddi(v4), fddi(v6)],
  ];
  for (const [name, linkType, four, six, extra] of table) {
    for (const packet of [four, six]) {
      test(`${name} (IPv${packet === four ? 4 : 6})`, () => {
        const plain = fields(ethernet({}, packet === six ? v6 : v4));
        expect(fields(packet, linkType)).toEqual({ ...plain, ...extra });
      });
    }
  }

  test('IPV4 and IPV6', () => {
    expect(fields(v4, 228)).toEqual({ ...fields(ethernet({}, v4)), ...macs });
    expect(decode(v6, { linkType: 228 }).kind).toBe('malformed');
    expect(fields(v6, 229)).toEqual({ ...fields(ethernet({}, v6)), ...macs });
    expect(decode(v4, { linkType: 229 }).kind).toBe('malformed');
  });

  test('an unknown one', () => {
    expect(decode(v4, { linkType: 147 }).kind).toBe('unknown-link');
  });

  test('the two MAC addresses are told apart, and all-zero ones are 0', () => {
    const there = fields(tcpPacket({ sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' }));
    const back = fields(tcpPacket({ sourceMac: '02:00:00:00:00:02', destinationMac: '02:00:00:00:00:01' }));
    expect(there.macSource).toBe(back.macDestination);
    expect(there.macSource).not.toBe(there.macDestination);
    const loopback = fields(tcpPacket({ sourceMac: '00:00:00:00:00:00', destinationMac: '00:00:00:00:00:00' }));
    expect([loopback.macSource, loopback.macDestination]).toEqual([0, 0]);
  });
});

describe('lengths', () => {
  test('padding behind the packet is no payload', () => {
    const segment = fields(octets(tcpPacket({ flags: 'R' }), new Uint8Array(6)));
    expect(segment).toMatchObject({ control: RST, length: 0, payload: [] });
    expect(fields(octets(tcpPacket({ ...V6, payload: 'ab' }), new Uint8Array(6))).length).toBe(2);
  });

  test('a total length of 0 is that of the frame (TSO)', () => {
    const packet = tcpPacket({ totalLength: 0, payload: 'x'.repeat(3000) });
    expect(fields(packet)).toMatchObject({ length: 3000 });
    expect(decode(packet.subarray(0, 100), { originalLength: packet.length }).segment.length).toBe(3000);
    expect(fields(tcpPacket({ ...V6, totalLength: 0, payload: 'x'.repeat(3000) }))).toMatchObject({ length: 3000 });
  });

  test('a snaplen shortens the captured payload, not the length', () => {
    const packet = tcpPacket({ payload: 'x'.repeat(1000) });
    const { segment } = decode(packet.subarray(0, 64), { originalLength: packet.length });
    expect(segment.length).toBe(1000);
    expect(segment.payloadEnd - segment.payloadStart).toBe(10);
  });

  test('16 octets of TCP are enough, 15 are not', () => {
    const packet = tcpPacket({ flags: 'RA', seq: 5, ack: 6, window: 7 });
    const { kind, segment } = decode(packet.subarray(0, 50), { originalLength: 54 });
    expect(kind).toBe('tcp');
    expect(segment).toMatchObject({ seq: 5, ack: 6, window: 7, length: 0, optionsCut: false });
    expect(decode(packet.subarray(0, 49), { originalLength: 54 }).kind).toBe('cut');
  });

  test('IPv4 options are walked past', () => {
    expect(fields(tcpPacket({ ...TCP, ipOptions: octets(7, 3, 4, 1, 148, 4, 0, 0) }))).toMatchObject({
      length: 5,
      tcpAfterIp: 28,
    });
  });
});

describe('IPv6 extension headers', () => {
  const hopByHop = [0, octets(0, 5, 2, 0, 0, 1, 0)] as const;
  const destination = [60, octets(1, 1, 12, new Uint8Array(12))] as const;
  const routing = [43, octets(2, 4, 1, new Uint8Array(20))] as const;
  const authentication = [51, octets(4, new Uint8Array(22))] as const;
  const atomicFragment = [44, octets(0, [0, 2], [77, 4])] as const;
  const chains = {
    'hop-by-hop': [hopByHop],
    'hop-by-hop, routing, destination': [hopByHop, routing, destination],
    authentication: [authentication],
    'an atomic fragment': [atomicFragment],
    'all of them': [hopByHop, destination, routing, atomicFragment, authentication, destination],
  };
  for (const [name, extensions] of Object.entries(chains)) {
    test(name, () => {
      expect(fields(tcpPacket({ ...V6, ...TCP, extensions }))).toMatchObject({ length: 5, sourcePort: 54_321 });
    });
  }
  test('no next header, and unknown ones', () => {
    expect(decode(tcpPacket({ ...V6, protocol: 59 })).kind).toBe('other');
    expect(decode(tcpPacket({ ...V6, protocol: 253 })).kind).toBe('other');
  });
});

describe('fragments', () => {
  const rest = new Uint8Array(32);
  test('wait for the others (fragments.test.ts)', () => {
    expect(decode(tcpPacket({ ...TCP, fragment: 0x2000, payload: 'of 12 octets' })).kind).toBe('part');
    expect(decode(ethernet({}, ipv4({ fragment: 0x2001 }, rest))).kind).toBe('part');
    expect(decode(ethernet({}, ipv4({ fragment: 0x0010 }, rest))).kind).toBe('part');
    const six = (word: number) => ethernet({}, ipv6({ ...V6, extensions: [[44, octets(0, [word, 2], [7, 4])]] }, rest));
    expect(decode(six(0x11)).kind).toBe('part');
    expect(decode(six(1)).kind).toBe('part');
  });
  test('of IPv4 have no IPv6 fragment header', () => {
    const authenticated = octets(44, 4, new Uint8Array(22), 6, 0, [1, 2], [7, 4], tcp(TCP));
    expect(decode(ethernet({}, ipv4({ protocol: 51 }, authenticated))).kind).toBe('malformed');
  });
});

describe('headers that contradict themselves', () => {
  const table: readonly (readonly [string, Uint8Array])[] = [
    ['IPv4 header length under 20', patched(tcpPacket(), 14, 0x44)],
    ['IPv4 of another version', patched(tcpPacket(), 14, 0x65)],
    ['IPv4 total length under its header', tcpPacket({ totalLength: 19 })],
    ['IPv4 total length without room for TCP', tcpPacket({ totalLength: 39 })],
    ['IPv6 of another version', patched(tcpPacket(V6), 14, 0x45)],
    ['IPv6 payload without room for TCP', tcpPacket({ ...V6, totalLength: 19 })],
    ['IPv6 extension header behind the end', tcpPacket({ ...V6, extensions: [[60, octets(200, new Uint8Array(6))]] })],
    ['TCP data offset under 5', tcpPacket({ headerLength: 16 })],
    ['TCP data offset behind the end', tcpPacket({ headerLength: 60 })],
    ['a frame that is no Ethernet', octets(1, 2, 3)],
  ];
  for (const [name, packet] of table) {
    test(name, () => expect(decode(packet).kind).toBe('malformed'));
  }
});

describe('what is not TCP', () => {
  const table: readonly (readonly [string, Uint8Array])[] = [
    ['ARP', ethernet({ etherType: 0x0806 }, new Uint8Array(28))],
    ['UDP', ethernet({}, ip({ protocol: 17 }, octets([53, 2], [53, 2], [8, 2], [0, 2])))],
    ['ICMP echo', ethernet({}, ip({ protocol: 1 }, octets(8, 0, new Uint8Array(30))))],
    ['ICMPv6 neighbour solicitation', ethernet({}, ip({ ...V6, protocol: 58 }, octets(135, 0, new Uint8Array(30))))],
    [
      'spanning tree',
      octets(mac('01:80:c2:00:00:00'), mac('02:00:00:00:00:01'), [38, 2], 0x42, 0x42, 3, new Uint8Array(40)),
    ],
    ['ESP', ethernet({}, ip({ protocol: 50 }, new Uint8Array(40)))],
  ];
  for (const [name, packet] of table) {
    test(name, () => expect(decode(packet).kind).toBe('other'));
  }
});

function patched(packet: Uint8Array, at: number, octet: number): Uint8Array {
  const copy = packet.slice();
  copy[at] = octet;
  return copy;
}

function snap(packet: Uint8Array): Uint8Array {
  const body = octets(0xaa, 0xaa, 3, 0, 0, 0, [packet[0]! >> 4 === 6 ? 0x86dd : 0x800, 2], packet);
  return ethernet({ etherType: body.length }, body);
}

function fddi(packet: Uint8Array): Uint8Array {
  const frame = snap(packet);
  return octets(0x50, frame.subarray(0, 12), frame.subarray(14));
}

function mpls(packet: Uint8Array): Uint8Array {
  return ethernet({ etherType: 0x8847 }, octets([0x12345040, 4], [0x54321140, 4], packet));
}

function pppoe(protocol: number, packet: Uint8Array): Uint8Array {
  return ethernet({ etherType: 0x8864 }, octets(0x11, 0, [7, 2], [packet.length + 2, 2], [protocol, 2], packet));
}
