import { describe, expect, test } from 'vitest';
import { stretches } from '../../../src/report/html/timeline.js';

const S = 1_000_000_000n;
const HOUR = 3600n * S;

describe('stretches', () => {
  test('a second of eight hours fills the axis; the hours before and behind are folded', () => {
    const times = Array.from({ length: 50 }, (_, index) => 4n * HOUR + (BigInt(index) * S) / 50n);
    const found = stretches(times, 0n, 8n * HOUR, 90);
    expect(found.map(({ folded }) => folded)).toEqual([true, false, true]);
    expect(found[1]).toMatchObject({ from: 4n * HOUR, bars: 90 });
    expect(found[0]).toMatchObject({ from: 0n, to: 4n * HOUR });
  });

  test('two bursts an hour apart are drawn side by side', () => {
    const times = [1n * S, 2n * S, 3n * S, HOUR, HOUR + 2n * S];
    const found = stretches(times, 0n, HOUR + 3n * S, 90);
    expect(found.map(({ folded }) => folded)).toEqual([false, true, false]);
    expect(found.reduce((sum, { bars }) => sum + bars, 0)).toBeLessThanOrEqual(90);
  });

  test('what is spread evenly is not folded', () => {
    const times = Array.from({ length: 60 }, (_, index) => BigInt(index) * S);
    expect(stretches(times, 0n, 60n * S, 90)).toEqual([{ from: 0n, to: 60n * S, folded: false, bars: 90 }]);
  });

  test('every point lies in a stretch that is drawn, and the stretches join without a gap', () => {
    const times = [0n, 5n, 1000n, 1001n, 70_000n, 5_000_000n, 5_000_001n].map((time) => time * S);
    const found = stretches(times, 0n, 6_000_000n * S, 90);
    for (const time of times) {
      expect(found.some(({ folded, from, to }) => !folded && time >= from && time <= to)).toBe(true);
    }
    for (const [index, { to }] of found.slice(0, -1).entries()) expect(found[index + 1]?.from).toBe(to);
    expect([found[0]?.from, found.at(-1)?.to]).toEqual([0n, 6_000_000n * S]);
  });
});
