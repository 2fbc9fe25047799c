import { describe, expect, test } from 'vitest';
import { addressText } from '../../src/packet/address.js';
import type { Segment } from '../../src/packet/segment.js';
import { ACK, SYN } from '../../src/tcp/control.js';
import { decode } from '../support/decoding.js';
import { ethernet, ipv4, ipv6, octets, option, tcp } from '../support/packets.js';

const ROUTER = '192.0.2.254';
const quoted = ipv4(
  { source: '10.0.0.1', destination: '10.0.0.2', ttl: 3, ipId: 99 },
  tcp({
    sourcePort: 5000,
    destinationPort: 80,
    seq: 77,
    ack: 88,
    flags: 'SA',
    options: option.mss(1460),
    payload: 'abcd',
  }),
);
const quoted6 = ipv6({}, tcp({ sourcePort: 5000, seq: 77 }));

function icmp(type: number, code: number, quote: Uint8Array): Uint8Array {
  return ethernet(
    {},
    ipv4({ source: ROUTER, destination: '10.0.0.1', protocol: 1 }, octets(type, code, [0, 2], [0, 4], quote)),
  );
}

function icmp6(type: number, code: number, quote: Uint8Array): Uint8Array {
  return ethernet({}, ipv6({ source: 'fd00::fe', protocol: 58 }, octets(type, code, [0, 2], [0, 4], quote)));
}

function source(s: Segment): string {
  return addressText(s.source0, s.source1, s.source2, s.source3);
}

function sender(s: Segment): string {
  return addressText(s.icmpSource0, s.icmpSource1, s.icmpSource2, s.icmpSource3);
}

describe('ICMP errors that quote TCP', () => {
  test('carry the four-tuple of the quote and who sent the error', () => {
    for (const [type, code] of [
      [3, 13],
      [3, 4],
      [11, 0],
      [12, 0],
      [5, 1],
      [4, 0],
    ] as const) {
      const { kind, segment } = decode(icmp(type, code, quoted));
      expect(kind).toBe('icmp');
      expect(segment).toMatchObject({ icmpType: type, icmpCode: code, sourcePort: 5000, destinationPort: 80, seq: 77 });
      expect(segment).toMatchObject({ ack: 88, control: SYN | ACK, length: 4, ttl: 3, ipId: 99, mss: -1 });
      expect(source(segment)).toBe('10.0.0.1');
      expect(sender(segment)).toBe(ROUTER);
    }
  });

  test('may quote no more than 8 octets of TCP', () => {
    const { kind, segment } = decode(icmp(3, 1, quoted.subarray(0, 28)));
    expect(kind).toBe('icmp');
    expect(segment).toMatchObject({ sourcePort: 5000, seq: 77, ack: 0, control: 0 });
    expect(decode(icmp(3, 1, quoted.subarray(0, 27))).kind).toBe('cut');
  });

  test('in IPv6', () => {
    const { kind, segment } = decode(icmp6(1, 4, quoted6));
    expect(kind).toBe('icmp');
    expect(segment).toMatchObject({ icmpType: 1, icmpCode: 4, sourcePort: 5000, seq: 77, ipVersion: 6 });
    expect(source(segment)).toBe('fd00::1');
    expect(sender(segment)).toBe('fd00::fe');
  });

  test('that quote something else, or are no errors', () => {
    expect(decode(icmp(3, 3, ipv4({ protocol: 17 }, new Uint8Array(8)))).kind).toBe('other');
    expect(decode(icmp(3, 3, new Uint8Array(40))).kind).toBe('other');
    expect(decode(icmp(0, 0, quoted)).kind).toBe('other');
    expect(decode(icmp6(128, 0, quoted6)).kind).toBe('other');
  });
});
