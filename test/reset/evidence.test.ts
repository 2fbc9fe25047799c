/** How facts are worded: each unit at its edges. */
import { expect, test } from 'vitest';
import { bytes, count, fact, place, plural, span, spoke, the, whose } from '../../src/reset/evidence.js';
import { resetOf, trigger } from '../support/signatures.js';

test.each([
  [0, '0 µs'],
  [1_499, '1 µs'],
  [67_000, '67 µs'],
  [999_499, '999 µs'],
  [999_500, '1 ms'],
  [1_234_000, '1.23 ms'],
  [9_994_999, '9.99 ms'],
  [9_995_000, '10 ms'],
  [200e6, '200 ms'],
  [999.4e6, '999 ms'],
  [999.5e6, '1 s'],
  [1.636e9, '1.64 s'],
  [9.994e9, '9.99 s'],
  [9.995e9, '10 s'],
  [12.34e9, '12.3 s'],
  [59.94e9, '59.9 s'],
  [59.95e9, '1 min'],
  [90e9, '1 min 30 s'],
  [362e9, '6 min 2 s'],
  [3599.4e9, '59 min 59 s'],
  [3599.5e9, '1 h'],
  [3600e9, '1 h'],
  [5400e9, '1 h 30 min'],
  [7200e9, '2 h'],
  [-200e6, '200 ms'],
])('%d ns are %s', (ns, text) => {
  expect(span(ns)).toBe(text);
});

test('numbers and nouns', () => {
  expect([0, 999, 1000, 14_201_877].map(count)).toEqual(['0', '999', '1,000', '14,201,877']);
  expect([0, 1, 2].map((n) => plural(n, 'reset'))).toEqual(['0 resets', '1 reset', '2 resets']);
  expect([bytes(1), bytes(65_536)]).toEqual(['1 byte', '65,536 bytes']);
});

test('places of either family', () => {
  expect(place({ address: '10.0.0.1', port: 80 })).toBe('10.0.0.1:80');
  expect(place({ address: 'fd00::1', port: 80 })).toBe('[fd00::1]:80');
});

test('ends by their role', () => {
  const { sender, receiver } = resetOf({});
  expect([the(sender), whose(receiver)]).toEqual(['the server', "the client's"]);
});

test('who spoke, seen or told by the reply', () => {
  expect(spoke(resetOf({ reset: { trigger: trigger() } }))).toBe('the client spoke again');
  expect(spoke(resetOf({ reset: { trigger: trigger() } }), '')).toBe('the client spoke');
  expect(spoke(resetOf({}))).toBe(
    'the client spoke again, as the reply tells: its own packets are not in this capture',
  );
});

test('a fact has a frame where there is one, and values where there are some', () => {
  expect(fact({ frame: 7 }, 'x')).toEqual({ frame: 7, text: 'x', values: {} });
  expect(fact(null, 'x', { seq: 1 })).toEqual({ frame: null, text: 'x', values: { seq: 1 } });
});
