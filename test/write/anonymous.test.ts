/** A segment as a packet that gives nothing away, octet by octet. */
import { describe, expect, test } from 'vitest';
import { tcpChecksumValid } from '../../src/packet/checksum.js';
import { anonymousPacket } from '../../src/write/anonymous.js';
import { AddressPermutation, keyOf } from '../../src/write/permute.js';
import { decode } from '../support/decoding.js';
import { octets, option, type PacketFields, tcpPacket } from '../support/packets.js';

const PERMUTATION = new AddressPermutation(keyOf('secret'));
const FIELDS: PacketFields = {
  source: '10.1.2.3',
  destination: '10.4.5.6',
  sourcePort: 40_000,
  destinationPort: 443,
  flags: 'PA',
  seq: 0x01020304,
  ack: 0x05060708,
  window: 513,
  ttl: 61,
  ipId: 0x1234,
  payload: 'secret words',
};

function written(fields: PacketFields, direction = 0) {
  const { segment } = decode(tcpPacket(fields));
  segment.direction = direction as typeof segment.direction;
  return anonymousPacket(segment, PERMUTATION);
}
const hex = (bytes: Uint8Array) => Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join(' ');
/** The options behind the 20 octets of IPv4 and the 20 of TCP. */
const options = (fields: Uint8Array) => hex(written({ ...FIELDS, options: fields }).octets.subarray(40));

describe('IPv4', () => {
  const { octets: packet, originalLength } = written(FIELDS);
  const view = new DataView(packet.buffer, packet.byteOffset);
  test('states the length of the payload and leaves it out', () => {
    expect([packet.length, originalLength, view.getUint16(2)]).toEqual([40, 52, 52]);
  });
  test('keeps what describes the packet', () => {
    expect([packet[0], packet[8], packet[9], view.getUint16(4), view.getUint16(6)]).toEqual([
      0x45, 61, 6, 0x1234, 0x4000,
    ]);
    const clear = written({ ...FIELDS, fragment: 0 }).octets;
    expect(new DataView(clear.buffer).getUint16(6)).toBe(0);
  });
  test('has other addresses of the same block', () => {
    const address = (at: number) => BigInt(view.getUint32(at));
    expect(address(12)).toBe(PERMUTATION.address(32, 0x0a010203n));
    expect(address(16)).toBe(PERMUTATION.address(32, 0x0a040506n));
    expect(packet[12]).toBe(10);
  });
  test('has a right header checksum', () => {
    let sum = 0;
    for (let at = 0; at < 20; at += 2) sum += view.getUint16(at);
    expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
  });
  test('keeps the TCP header but for the checksum, which is about a payload that is gone', () => {
    expect(hex(packet.subarray(20, 36))).toBe('9c 40 01 bb 01 02 03 04 05 06 07 08 50 18 02 01');
    expect(hex(packet.subarray(36))).toBe('00 00 00 00');
  });
});

test('IPv6 keeps hop limit and class, and draws no flow label', () => {
  const { octets: packet, originalLength } = written({
    ...FIELDS,
    source: 'fd00::1',
    destination: 'fd00::2',
    tos: 0x28,
  });
  const view = new DataView(packet.buffer, packet.byteOffset);
  expect([packet.length, originalLength]).toEqual([60, 72]);
  expect([view.getUint32(0), view.getUint16(4), packet[6], packet[7]]).toEqual([0x6280_0000, 32, 6, 61]);
  const address = (at: number) => (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
  expect(address(8)).toBe(PERMUTATION.address(128, (0xfd00n << 112n) | 1n));
  expect(address(24)).toBe(PERMUTATION.address(128, (0xfd00n << 112n) | 2n));
});

describe('options', () => {
  test('that describe the connection stay', () => {
    expect(options(option.mss(1460))).toBe('02 04 05 b4');
    expect(options(octets(1, option.windowScale(7), option.sackPermitted, 1, 1))).toBe('01 03 03 07 04 02 01 01');
    expect(options(octets(1, 1, option.timestamps(7, 8)))).toBe('01 01 08 0a 00 00 00 07 00 00 00 08');
  });
  test('others become NOPs of the same length', () => {
    expect(options(octets(254, 4, 7, 7, option.mss(1460)))).toBe('01 01 01 01 02 04 05 b4');
  });
  test('behind the end of the list are zeros', () => {
    expect(options(octets(0, 9, 9, 9))).toBe('00 00 00 00');
  });
  test('that lie about their length end the list', () => {
    expect(options(octets(2, 1, 9, 9))).toBe('01 01 01 01');
    expect(options(octets(2, 5, 9, 9))).toBe('01 01 01 01');
    expect(options(octets(1, 1, 1, 8))).toBe('01 01 01 01');
  });
  test('of Multipath TCP keep their subtype, and a reset its reason', () => {
    expect(options(octets(30, 8, 0x70, 9, 9, 9, 9, 9))).toBe('1e 08 70 00 00 00 00 00');
    expect(options(octets(30, 4, 0x80, 5))).toBe('1e 04 80 05');
    expect(options(octets(30, 8, 0x80, 5, 9, 9, 9, 9))).toBe('1e 08 80 05 00 00 00 00');
    expect(options(octets(30, 3, 0x70, 1))).toBe('01 01 01 01');
  });
});

describe('the checksum of a segment without payload', () => {
  const bare = { ...FIELDS, payload: '', flags: 'A' };
  const valid = (packet: Uint8Array) => tcpChecksumValid(decode(packet, { linkType: 101 }).segment);
  test('is right where it was right', () => {
    expect(valid(written(bare).octets)).toBe(true);
    expect(valid(written({ ...bare, source: 'fd00::1', destination: 'fd00::2' }).octets)).toBe(true);
    expect(valid(written({ ...bare, options: option.mss(1460) }).octets)).toBe(true);
  });
  test('stays wrong where it was wrong, unless the packet was on its way out', () => {
    const wrong = { ...bare, checksum: 0x1111 };
    expect(valid(written(wrong).octets)).toBe(false);
    expect(valid(written(wrong, 1).octets)).toBe(false);
    expect(valid(written(wrong, 2).octets)).toBe(true);
  });
});
