/** The shared ring of last segments. */
import { describe, expect, test } from 'vitest';
import { NOTE, TAIL_FRAMES, TAIL_SEGMENTS, TAIL_WORDS, TailRing, unpackTail } from '../../src/flow/tail.js';
import type { Segment } from '../../src/packet/segment.js';
import { ACK, PSH } from '../../src/tcp/control.js';
import { segment } from '../support/tracking.js';

const numbered = (frame: number, more: Partial<Segment> = {}) =>
  segment({ frame, time: frame * 1000, control: ACK, ...more });

function copyOf(ring: TailRing, newest: number, frame: number) {
  const words = new Int32Array(TAIL_SEGMENTS * TAIL_WORDS);
  const n = ring.copy(newest, frame, words, 0);
  return Array.from({ length: n }, (_, i) => unpackTail(words, new Float64Array(words.buffer), 0, i, frame));
}

const FULL = {
  frame: 7,
  time: 123_456_789.5,
  seq: 0xfffffff0 | 0,
  ack: 0x80000001 | 0,
  control: ACK | PSH,
  length: 1460,
  window: 65_535,
  ttl: 255,
  ipId: 0xffff,
  hasTimestamps: true,
  tsVal: 17,
  tsEcr: 99,
} as const;

describe('an entry', () => {
  test('comes out as it went in, numbers unsigned', () => {
    const ring = new TailRing();
    const number = ring.push(segment({ ...FULL, mptcp: 1 << 7 }), 1, NOTE.RETRANSMISSION, -1);
    ring.addCopy(number);
    ring.addCopy(number);
    expect(copyOf(ring, number, 7)).toEqual([
      expect.objectContaining({
        ...FULL,
        seq: 0xfffffff0,
        ack: 0x80000001,
        side: 1,
        note: NOTE.RETRANSMISSION,
        hasIpId: true,
        fastclose: true,
        copies: 2,
        head: new Uint8Array(0),
      }),
    ]);
    expect([ring.frame(number), ring.time(number), ring.side(number), ring.copies(number)]).toEqual([
      7,
      FULL.time,
      1,
      2,
    ]);
  });

  test('of IPv6, without timestamps, of another MPTCP subtype', () => {
    const ring = new TailRing();
    const number = ring.push(numbered(1, { ipId: -1, mptcp: 1 << 6 }), 0, NOTE.NEW, -1);
    expect(copyOf(ring, number, 1)[0]).toMatchObject({
      hasIpId: false,
      hasTimestamps: false,
      fastclose: false,
      side: 0,
      copies: 0,
    });
  });

  test.each([0, 1, 3, 4, 5, 7, 8, 9, 20])('holds the first eight octets of %i', (length) => {
    const data = Uint8Array.from({ length: length + 2 }, (_, i) => 200 + i);
    const ring = new TailRing();
    const number = ring.push(numbered(1, { data, payloadStart: 1, payloadEnd: 1 + length }), 0, NOTE.NEW, -1);
    expect(copyOf(ring, number, 1)[0]!.head).toEqual(data.slice(1, 1 + Math.min(8, length)));
  });
});

describe('a tail', () => {
  test('is the connection’s own, newest first, at most sixteen long', () => {
    const ring = new TailRing();
    let mine = -1;
    for (let frame = 1; frame <= 40; frame++) {
      if (frame % 2 === 0) mine = ring.push(numbered(frame), 0, NOTE.NEW, mine);
      else ring.push(numbered(frame), 0, NOTE.NEW, -1);
    }
    expect(copyOf(ring, mine, 40).map(({ frame }) => frame)).toEqual(
      Array.from({ length: TAIL_SEGMENTS }, (_, i) => 40 - 2 * i),
    );
  });

  test('ends where it was cut', () => {
    const ring = new TailRing();
    const first = ring.push(numbered(1), 0, NOTE.NEW, -1);
    const second = ring.push(numbered(2), 0, NOTE.NEW, first);
    const third = ring.push(numbered(3), 0, NOTE.NEW, second);
    ring.cut(second);
    expect(copyOf(ring, third, 3).map(({ frame }) => frame)).toEqual([3, 2]);
    expect(ring.previous(third)).toBe(second);
  });

  test('reaches back so many frames and not one more', () => {
    const ring = new TailRing();
    const number = ring.push(numbered(10), 0, NOTE.NEW, -1);
    expect(ring.has(number, 10 + TAIL_FRAMES - 1)).toBe(true);
    expect(ring.has(number, 10 + TAIL_FRAMES)).toBe(false);
    expect(ring.has(-1, 10)).toBe(false);
  });

  test('forgets an entry that was written over', () => {
    const ring = new TailRing();
    const first = ring.push(numbered(1), 0, NOTE.NEW, -1);
    for (let i = 1; i < TAIL_FRAMES; i++) ring.push(numbered(1), 0, NOTE.NEW, -1);
    expect(ring.has(first, 1)).toBe(true);
    ring.push(numbered(1), 0, NOTE.NEW, -1);
    expect(ring.has(first, 1)).toBe(false);
  });
});

describe('an entry is the same as a segment', () => {
  const ring = new TailRing();
  const number = ring.push(segment(FULL), 1, NOTE.NEW, -1);

  test('with the same numbers from the same side, whatever its TTL and time', () => {
    expect(ring.same(number, segment({ ...FULL, ttl: 1, time: 5, frame: 8 }), 1)).toBe(true);
  });

  test('not from the other side', () => {
    expect(ring.same(number, segment(FULL), 0)).toBe(false);
  });

  test.each(['seq', 'ack', 'control', 'length', 'window', 'ipId', 'tsVal'] as const)('not with another %s', (field) => {
    expect(ring.same(number, segment({ ...FULL, [field]: FULL[field] ^ 2 }), 1)).toBe(false);
  });

  test.each([
    ['as it is', {}, false],
    ['with another TTL', { ttl: 254 }, true],
    ['at another interface', { interfaceId: 1 }, true],
    ['in another direction', { direction: 2 }, true],
    ['from another MAC address', { macSource: 9 }, true],
    ['to another MAC address', { macDestination: 9 }, true],
  ] as const)('and came otherwise: %s', (_, more, otherwise) => {
    expect(ring.cameOtherwise(number, segment({ ...FULL, ...more }))).toBe(otherwise);
  });
});
