import { describe, expect, test } from 'vitest';
import { addressText } from '../../src/packet/address.js';
import { decode } from '../support/decoding.js';
import { wifi } from '../support/encapsulations.js';
import { ethernet, ipv4, ipv6, octets, tcp, tcpPacket } from '../support/packets.js';

const OUTER = { source: '192.0.2.1', destination: '192.0.2.2' };
const inner4 = ipv4({ source: '10.1.0.1', ttl: 61 }, tcp({ flags: 'R', seq: 4711 }));
const inner6 = ipv6({ source: 'fd01::1', ttl: 61 }, tcp({ flags: 'R', seq: 4711 }));
const frame = ethernet({ vlans: [5] }, inner4);
const udp = (port: number, payload: Uint8Array) =>
  ethernet(
    {},
    ipv4({ ...OUTER, protocol: 17 }, octets([50_000, 2], [port, 2], [8 + payload.length, 2], [0, 2], payload)),
  );
const ip = (protocol: number, payload: Uint8Array) => ethernet({}, ipv4({ ...OUTER, protocol }, payload));
const ip6 = (protocol: number, payload: Uint8Array) => ethernet({}, ipv6({ protocol }, payload));

describe('the innermost header wins', () => {
  const table: readonly (readonly [string, Uint8Array, number])[] = [
    ['IP in IP', ip(4, inner4), 0],
    ['6in4', ip(41, inner6), 0],
    ['IPv4 in IPv6', ip6(4, inner4), 0],
    ['IPv6 in IPv6', ip6(41, inner6), 0],
    ['GRE', ip(47, octets([0, 2], [0x800, 2], inner4)), 0],
    ['GRE in IPv6', ip6(47, octets([0, 2], [0x86dd, 2], inner6)), 0],
    ['GRE with checksum, key, sequence', ip(47, octets([0xb000, 2], [0x800, 2], [1, 4], [77, 4], [2, 4], inner4)), 77],
    ['GRE with Ethernet, and its VLAN', ip(47, octets([0x2000, 2], [0x6558, 2], [77, 4], frame)), 5],
    ['WCCP version 1', ip(47, octets([0, 2], [0x883e, 2], inner4)), 0],
    ['WCCP version 2', ip(47, octets([0, 2], [0x883e, 2], [0, 4], inner4)), 0],
    ['ERSPAN I', ip(47, octets([0, 2], [0x88be, 2], frame)), 5],
    ['ERSPAN II', ip(47, octets([0x1000, 2], [0x88be, 2], [1, 4], [0x10000000, 4], [0, 4], frame)), 5],
    ['ERSPAN III', ip(47, octets([0x1000, 2], [0x22eb, 2], [1, 4], [0x20000000, 4], [0, 4], [0, 4], frame)), 5],
    [
      'ERSPAN III with a subheader',
      ip(47, octets([0x1000, 2], [0x22eb, 2], [1, 4], [0x20000000, 4], [0, 4], [1, 4], [0, 8], frame)),
      5,
    ],
    ['VXLAN', udp(4789, octets([0x08000000, 4], [0x12345600, 4], tcpFrame())), 0x123456],
    ['VXLAN on the old port of Linux', udp(8472, octets([0x08000000, 4], [9 << 8, 4], tcpFrame())), 9],
    ['Geneve', udp(6081, octets([0x6558, 4], [0x12345600, 4], tcpFrame())), 0x123456],
    ['Geneve with options and no Ethernet', udp(6081, octets(2, 0, [0x0800, 2], [9 << 8, 4], [0, 8], inner4)), 9],
    ['GTP-U', udp(2152, octets(0x30, 0xff, [inner4.length, 2], [0xdeadbeef, 4], inner4)), 0xdeadbeef | 0],
    [
      'GTP-U with extension headers',
      udp(
        2152,
        octets(0x34, 0xff, [inner4.length + 12, 2], [7, 4], [1, 2], 0, 0x85, 1, 0x10, 9, 0x40, 1, [9, 2], 0, inner4),
      ),
      7,
    ],
    ['Teredo', udp(3544, inner6), 0],
    ['Teredo behind an origin', udp(3544, octets([0, 2], [0xffff, 2], [0, 4], inner6)), 0],
    [
      'Teredo behind authentication, with a client and a key, and an origin',
      udp(3544, octets([1, 2], 3, 2, 'abc', 'de', [0, 8], 0, [0, 2], [0xffff, 2], [0, 4], inner6)),
      0,
    ],
    ['TZSP with padding before its end', udp(37008, octets([0x01000001, 4], 0, 0, 10, 1, 42, 1, tcpFrame())), 0],
    ['TZSP with 802.11', udp(37008, octets([0x01000012, 4], 1, wifi(tcpFrame(), 'up'))), 0],
    [
      'L2TP with an offset',
      udp(1701, octets([0x0202, 2], [5, 2], [6, 2], [3, 2], [0, 3], [0xff030021, 4], inner4)),
      0x50006,
    ],
    ['VXLAN-GPE with IPv4', udp(4790, octets([0x0c000001, 4], [9 << 8, 4], inner4)), 9],
    [
      'VXLAN-GPE with NSH',
      udp(4790, octets([0x0c000004, 4], [9 << 8, 4], [0x0fc6, 2], 2, 1, [0, 4], [0, 16], inner4)),
      9,
    ],
    ['VXLAN in a VLAN, GRE in it', nested(), 0],
  ];
  for (const [name, packet, encapsulation] of table) {
    test(name, () => {
      const { kind, segment: s } = decode(packet);
      expect(kind).toBe('tcp');
      expect(s).toMatchObject({ seq: 4711, ttl: 61, length: 0 });
      if (encapsulation !== 0) expect(s.encapsulation).toBe(encapsulation);
      expect(addressText(s.source0, s.source1, s.source2, s.source3)).toMatch(/^(10\.1\.0\.1|fd01::1)$/);
    });
    test(`${name}, cut anywhere`, () => {
      for (let length = 0; length < packet.length - 4; length++) {
        expect(['cut', 'other']).toContain(decode(packet.subarray(0, length), { originalLength: packet.length }).kind);
      }
    });
  }

  test('what only has the port of a tunnel is something else', () => {
    for (const port of [4789, 4790, 8472, 6081, 2152, 1701, 3544, 37008, 53]) {
      expect(decode(udp(port, octets(0xff, new Uint8Array(60)))).kind).toBe('other');
    }
  });

  test('a stack of tunnels without end comes to an end', () => {
    let packet = inner4;
    for (let i = 0; i < 60; i++) packet = ipv4({ protocol: 4 }, packet);
    expect(decode(ethernet({}, packet)).kind).toBe('unknown-link');
  });
});

function tcpFrame(): Uint8Array {
  return tcpPacket({ source: '10.1.0.1', ttl: 61, flags: 'R', seq: 4711 });
}

function nested(): Uint8Array {
  const gre = octets([0, 2], [0x0800, 2], inner4);
  const inside = ethernet({}, ipv4({ ...OUTER, protocol: 47 }, gre));
  const vxlan = octets([50_000, 2], [4789, 2], [16 + inside.length, 2], [0, 2], [0x08000000, 4], [0, 4], inside);
  return ethernet({ vlans: [3] }, ipv4({ ...OUTER, protocol: 17 }, vxlan));
}
