/** What no TCP writes, each beside the nearest that one may. */
import { describe, expect, test } from 'vitest';
import { impossibleBits, impossibleSegment, oneCounter, oneIpId } from '../../../src/reset/facts/hand-made.js';
import type { TailSegment } from '../../../src/reset/types.js';
import { ACK, FIN, RST, SYN, URG } from '../../../src/tcp/control.js';
import { makeSegment } from '../../support/diagnosis.js';
import { type Given, resetOf } from '../../support/signatures.js';

/** `from` of each: s, r; IP IDs as given. */
const tail = (who: string, ids: readonly (number | null)[], more: Partial<TailSegment> = {}) =>
  [...who].map((w, i) =>
    makeSegment(90 + i, 9_000 + i, w === 's' ? 'sender' : 'receiver', ACK, { ipId: ids[i] ?? null, ...more }),
  );
const reset = (ipId: number | null, segments: readonly TailSegment[], more: Given = {}) =>
  resetOf({ ...more, rst: { ipId, ...more.rst }, reset: { tail: segments } });
const bits = (control: number) => impossibleBits(resetOf({ rst: { control } })).join(' ');

test('control bits beside RST', () => {
  expect(bits(RST | SYN | FIN | URG)).toBe('SYN FIN URG');
  expect(bits(RST | FIN)).toBe('FIN');
  expect(bits(RST | ACK | 8 | 64 | 128)).toBe('');
  expect(bits(SYN | FIN)).toBe('');
});

describe('one IP ID', () => {
  test.each<[string, number | null, string, readonly (number | null)[], number | null]>([
    ['in both ends’ packets', 7, 'sr', [7, 7], 7],
    ['0', 0, 'sr', [0, 0], null],
    ['none', null, 'sr', [null, null], null],
    ['two packets in all', 7, 's', [7], null],
    ['of the sender alone', 7, 'ss', [7, 7], null],
    ['of the receiver alone', 7, 'rr', [7, 7], null],
    ['another among them', 7, 'srs', [7, 8, 7], null],
    ['another in the RST', 8, 'sr', [7, 7], null],
  ])('%s', (_, ipId, who, ids, expected) => {
    expect(oneIpId(reset(ipId, tail(who, ids)))).toBe(expected);
  });
});

describe('one counter', () => {
  const count = (from: number, n: number) => Array.from({ length: n }, (_, i) => (from + i) & 0xffff);
  test.each<[string, number | null, string, readonly (number | null)[], boolean]>([
    ['of six packets', 15, 'srsrs', count(10, 5), true],
    ['of five packets', 14, 'srsr', count(10, 4), false],
    ['that wraps', 1, 'srsrs', count(65_532, 5), true],
    ['… whose RST has number 0', 0, 'srsrs', count(65_531, 5), false],
    ['with a gap', 15, 'srsrs', [10, 11, 12, 13, 13], false],
    ['with a step back in the RST', 14, 'srsrs', count(10, 5), false],
    ['without one', 15, 'srsrs', [10, 11, null, 13, 14], false],
    ['of an RST without one', null, 'srsrs', count(10, 5), false],
    ['one packet of the receiver', 15, 'ssrss', count(10, 5), false],
    ['one packet of the sender', 15, 'rrsrr', count(10, 5), false],
    ['two of each, and one change of direction', 15, 'sssrr', count(10, 5), false],
    ['two of each, and two changes', 15, 'ssrrs', count(10, 5), true],
  ])('%s', (_, ipId, who, ids, expected) => {
    expect(oneCounter(reset(ipId, tail(who, ids)))).toBe(expected);
  });
  test.each([
    ['one address', { sender: { address: '10.0.0.9' }, receiver: { address: '10.0.0.9' } }],
    ['the loopback', { sender: { address: '127.0.0.1' }, receiver: { address: '127.0.0.2' } }],
    ['the loopback of IPv6', { sender: { address: '::1' }, receiver: { address: '::2' } }],
  ] as const)('may be on %s', (_, ends) => {
    expect(oneCounter(reset(15, tail('srsrs', count(10, 5)), ends))).toBe(false);
  });
});

describe('a segment', () => {
  const found = (control: number, more: Partial<TailSegment> = {}, given: Given = {}) => {
    const { from = 'sender', ...rest } = more;
    return impossibleSegment(reset(1, [makeSegment(90, 1, from, control, rest)], given))?.text ?? null;
  };
  test('with SYN and FIN', () => {
    expect(found(SYN | FIN)).toBe('it has SYN and FIN in one');
    expect(found(SYN)).toBeNull();
    expect(found(RST)).toBeNull();
    expect(found(RST | FIN)).toBeNull();
  });
  test('without SYN or ACK', () => {
    expect(found(FIN)).toBe('it has neither SYN nor ACK');
    expect(found(0)).toBe('it has neither SYN nor ACK');
    expect(found(ACK)).toBeNull();
  });
  test('that acknowledges the number before the SYN', () => {
    const before = "it acknowledges the number before the other end's SYN";
    expect(found(ACK, { ack: 1000 })).toBe(before);
    expect(found(ACK, { ack: 1001 })).toBeNull();
    expect(found(ACK, { ack: 5000 })).toBeNull();
    expect(found(ACK, { ack: 5000, from: 'receiver' })).toBe(before);
    expect(found(ACK, { ack: 1000, length: 1 })).toBeNull();
    expect(found(ACK | FIN, { ack: 1000 })).toBeNull();
    expect(found(ACK, { ack: 1000 }, { receiver: { iss: null } })).toBeNull();
  });
  test('is told by the first, with its frame', () => {
    const all = [
      makeSegment(90, 1, 'sender', ACK),
      makeSegment(91, 1, 'sender', 0),
      makeSegment(92, 1, 'sender', SYN | FIN),
    ];
    expect(impossibleSegment(reset(1, all))).toEqual({ frame: 91, text: 'it has neither SYN nor ACK' });
    expect(impossibleSegment(reset(1, []))).toBeNull();
  });
});
