import { expect, test } from 'vitest';
import { Endings } from '../../src/context/endings.js';
import { Listener } from '../../src/context/listener.js';

const refusedAt = (...times: number[]) => {
  const listener = new Listener(0, 0);
  for (const time of times) listener.refuse(time);
  const { refused, firstRefused, lastRefused, refusedAfter } = listener.facts('192.0.2.1', 80, 0);
  return { refused, firstRefused, lastRefused, after: [4, 5, 6, 9].map((time) => refusedAfter(time)) };
};

test.each([
  [[], { refused: 0, firstRefused: null, lastRefused: null, after: [null, null, null, null] }],
  [[5], { refused: 1, firstRefused: 5, lastRefused: 5, after: [5, null, null, null] }],
  [[5, 9], { refused: 2, firstRefused: 5, lastRefused: 9, after: [5, 9, 9, null] }],
])('a listener that refused at %j', (times, facts) => {
  expect(refusedAt(...times)).toEqual(facts);
});

test('an endpoint far behind the others has its endings, and those before it have none', () => {
  const endings = new Endings(100);
  for (let i = 0; i < 5000; i++) endings.add();
  endings.accepted(4000, 10);
  expect(endings.around(4000, 10)).toBeNull();
  endings.ended(4000, 10, 7, true, 1, -1);
  endings.ended(4000, 20, 8, false, 3, -1);
  expect(endings.around(4000, 15)).toMatchObject({ ended: 2, byReset: 1, byFin: 1, frames: [7, 8] });
  for (const other of [0, 3999, 4001, 4999]) expect(endings.around(other, 15)).toBeNull();
});
