import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tcpChecksumValid } from '../../src/packet/checksum.js';
import { FIRST_LAYERS } from '../../src/packet/link-types.js';
import { decode, fieldsOf } from '../support/decoding.js';
import { ethernet, ipv4, ipv6, linuxCooked, linuxCooked2, octets, option, tcp, tcpPacket } from '../support/packets.js';

const OPTIONS = octets(option.mss(1460), option.sackPermitted, option.timestamps(1, 2), option.sack([1, 2]));
const EXTENSIONS = [
  [0, octets(0, new Uint8Array(6))],
  [44, octets(0, [0, 2], [1, 4])],
  [51, octets(4, new Uint8Array(22))],
] as const;
const SIX = { source: 'fd00::1', extensions: EXTENSIONS };

const PACKETS: readonly (readonly [number, Uint8Array])[] = [
  [1, tcpPacket({ options: OPTIONS, payload: 'payload' })],
  [1, tcpPacket({ vlans: [1, 2], options: octets(option.nop, option.nop, option.timestamps(1, 2)) })],
  [1, tcpPacket({ ...SIX, options: OPTIONS, payload: 'payload' })],
  [113, linuxCooked(ipv4({ ipOptions: new Uint8Array(8) }, tcp({ options: option.mptcp(8, 1) })))],
  [276, linuxCooked2(ipv6(SIX, tcp()))],
  [0, octets(2, 0, 0, 0, ipv4({}, tcp()))],
  [9, octets(0xff, 3, 0, 0x21, ipv4({}, tcp()))],
  [101, ipv6({}, tcp())],
  [1, ethernet({}, ipv4({ protocol: 1 }, octets(3, 1, new Uint8Array(6), ipv4({}, tcp()))))],
];

/** Decodes with two kinds of octets around the packet: what depends on them was read from outside. */
function decodeGuarded(packet: Uint8Array, linkType: number, originalLength: number): string {
  const answers = [0x00, 0xff, 0x45].map((poison) => {
    const { kind, segment } = decode(packet, { linkType, originalLength, poison });
    const decoded = kind === 'tcp' || kind === 'icmp';
    if (decoded) {
      expect(segment.payloadStart).toBeLessThanOrEqual(segment.payloadEnd);
      expect(segment.payloadEnd).toBeLessThanOrEqual(64 + packet.length);
      expect(segment.length).toBeGreaterThanOrEqual(0);
    }
    if (kind === 'tcp') tcpChecksumValid(segment);
    return { kind, fields: decoded ? fieldsOf(segment) : null };
  });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  return answers[0]!.kind;
}

describe('no decoder reads outside of the packet', () => {
  for (const [linkType, packet] of PACKETS) {
    test(`cut at every octet (link type ${linkType}, ${packet.length} octets)`, () => {
      for (let length = 0; length <= packet.length; length++) {
        const kind = decodeGuarded(packet.subarray(0, length), linkType, packet.length);
        expect(['tcp', 'icmp', 'cut', 'other']).toContain(kind);
        decodeGuarded(packet.subarray(0, length), linkType, length);
      }
    });
  }

  test('with any octets changed', () => {
    const change = fc.tuple(fc.nat(120), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...PACKETS),
        fc.array(change, { maxLength: 4 }),
        fc.nat(140),
        ([linkType, packet], changes, cut) => {
          const copy = packet.slice();
          for (const [at, octet] of changes) copy[at % copy.length] = octet;
          decodeGuarded(copy.subarray(0, Math.min(cut, copy.length)), linkType, copy.length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('of any octets, under any link type', () => {
    const linkTypes = [...FIRST_LAYERS.keys(), 147];
    fc.assert(
      fc.property(fc.constantFrom(...linkTypes), fc.uint8Array({ maxLength: 120 }), (linkType, packet) => {
        decodeGuarded(packet, linkType, packet.length);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the TCP checksum', () => {
  const packets = [
    tcpPacket({ payload: 'even' }),
    tcpPacket({ payload: 'odd', options: OPTIONS }),
    tcpPacket({ source: 'fd00::1', payload: 'odd' }),
    tcpPacket({ source: 'fd00::1', extensions: [EXTENSIONS[0]] }),
    octets(tcpPacket({ flags: 'R' }), new Uint8Array(6)),
  ];
  test('holds', () => {
    for (const packet of packets) expect(tcpChecksumValid(decode(packet).segment)).toBe(true);
  });
  test('does not hold', () => {
    for (const packet of packets) {
      for (const at of [26, packet.length - 10]) {
        const wrong = packet.slice();
        wrong[at] = wrong[at]! ^ 0x10;
        if (decode(wrong).kind === 'tcp') expect(tcpChecksumValid(decode(wrong).segment)).toBe(false);
      }
    }
  });
  test('cannot be told of a cut, fragmented or routed packet', () => {
    const packet = tcpPacket({ payload: 'odd' });
    const cut = decode(packet.subarray(0, packet.length - 1), { originalLength: packet.length });
    expect(tcpChecksumValid(cut.segment)).toBe(null);
    expect(tcpChecksumValid(decode(tcpPacket({ fragment: 0x2000, payload: 'of 12 octets' })).segment)).toBe(null);
    // An atomic fragment has all of it.
    expect(tcpChecksumValid(decode(tcpPacket(SIX)).segment)).toBe(true);
    const routing = tcpPacket({ source: 'fd00::1', extensions: [[43, octets(2, 4, 1, new Uint8Array(20))]] });
    expect(tcpChecksumValid(decode(routing).segment)).toBe(null);
  });
});
