/** How a host numbers its IP packets. */
import { expect, test } from 'vitest';
import { countingOf, stepOf } from '../../../src/reset/facts/ip-id.js';
import type { TailSegment } from '../../../src/reset/types.js';
import { ACK } from '../../../src/tcp/control.js';
import { makeSegment } from '../../support/diagnosis.js';

const sent = (...ids: readonly (number | null)[]): TailSegment[] =>
  ids.map((ipId, i) => ({ ...makeSegment(i + 1, i, 'sender', ACK), ipId }));

test.each<[string, readonly (number | null)[], ReturnType<typeof countingOf>]>([
  ['one packet', [7], null],
  ['none', [], null],
  ['of IPv6', [null, null, null], null],
  ['0 in all, as Linux answers without a socket', [0, 0, 0], null],
  ['one up', [7, 8, 9], 'up'],
  ['… over the end', [0xfffe, 0xffff, 1], 'up'],
  ['as far as a counter goes on', [7, 71], 'up'],
  ['… one further', [7, 72], 'none'],
  ['half of them, others being captured elsewhere', [7, 8, 900], 'up'],
  ['fewer', [7, 8, 900, 5000], 'none'],
  ['the upper octet counts', [0x4b00, 0x4c00, 0x4d00], 'swapped'],
  ['… and carries into the lower', [0xff00, 0x0001, 0x0101], 'swapped'],
  ['… in two packets, which chance makes as well', [0x4b00, 0x4c00], 'none'],
  ['at random', [0x5700, 0x0769, 0x1c4c, 0x9123], 'none'],
])('%s', (_, ids, counting) => {
  expect(countingOf(sent(...ids), 64)).toBe(counting);
});

test('what the other end sends does not count', () => {
  const other = { ...makeSegment(1, 0, 'receiver', ACK), ipId: 6 };
  expect(countingOf([other, ...sent(7)], 64)).toBe(null);
});

test.each([
  [7, 8, false, 1],
  [8, 7, false, 0xffff],
  [0x5200, 0x5300, true, 1],
  [0xff00, 0x0001, true, 1],
  [0x5300, 0x5200, true, 0xffff],
] as const)('from %i to %i (swapped: %s) it is %i', (from, to, swapped, step) => {
  expect(stepOf(from, to, swapped)).toBe(step);
});
