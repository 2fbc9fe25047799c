/** What numbers endpoints and what keeps moments: against models that are plainly right. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Column } from '../../src/context/column.js';
import { EndpointIndex } from '../../src/context/endpoint-index.js';
import { Targets } from '../../src/context/targets.js';
import { Timeline } from '../../src/context/timeline.js';

const word = fc.constantFrom(0, 1, 0xffff, -1, 0x0a000001);
const key = fc.tuple(word, word, word, fc.integer({ min: -300, max: 300 }), fc.integer({ min: 0, max: 3 }));

describe('EndpointIndex', () => {
  test('numbers keys in the order in which they come, up to its limit', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 900 }), fc.constantFrom(1, 3, 8, 256), (keys, room) => {
        const index = new EndpointIndex(500, room);
        const model = new Map<string, number>();
        for (const [a, b, c, d, port] of keys) {
          const words = Int32Array.of(7, a, b, c, d);
          const name = `${a} ${b} ${c} ${d} ${port}`;
          expect(index.find(words, 1, port)).toBe(model.get(name) ?? -1);
          if (!model.has(name) && model.size < 500) model.set(name, model.size);
          const number = model.get(name) ?? -1;
          expect(index.number(words, 1, port)).toBe(number);
          if (number >= 0) expect([...index.key(number)]).toEqual([a, b, c, d, port]);
        }
        expect(index.size).toBe(model.size);
      }),
    );
  });
});

test('a column holds what was set, and 0', () => {
  const column = new Column();
  column.set(5000, -7);
  expect([column.get(5000), column.get(4999), column.get(1_000_000)]).toEqual([-7, 0, 0]);
});

test('targets are told apart up to 4096, and anew once there was made room', () => {
  const targets = new Targets();
  const words = Int32Array.of(0, 0, 0xffff, 1);
  for (let port = 0; port < 4096; port++) expect(targets.add(words, 0, port)).toBe(true);
  expect(targets.add(words, 0, 17)).toBe(false);
  // Beyond, it cannot be known.
  expect([targets.add(words, 0, 5000), targets.add(words, 0, 5000)]).toEqual([true, true]);
  targets.makeRoom();
  expect([targets.add(words, 0, 17), targets.add(words, 0, 17)]).toEqual([true, false]);
  expect([targets.ports.size, targets.hosts.size]).toEqual([4096, 1]);
});

describe('Timeline', () => {
  test('knows every moment while they are few', () => {
    const moments = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 2000 });
    fc.assert(
      fc.property(moments, fc.integer({ min: -1100, max: 1100 }), (unordered, time) => {
        const times = unordered.toSorted((a, b) => a - b);
        const timeline = new Timeline();
        for (const t of times) timeline.add(t);
        expect([timeline.first, timeline.last]).toEqual([times[0], times.at(-1)]);
        expect(timeline.before(time)).toBe(times.findLast((t) => t < time) ?? null);
        expect(timeline.after(time)).toBe(times.find((t) => t > time) ?? null);
      }),
    );
  });

  // A step is at most a 256th of the time between the first moment and the last.
  test('knows what is near a time to within a 128th of the whole, however many they are', () => {
    const gap = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1e9 }), fc.constant(1e11));
    const gaps = fc.array(fc.tuple(gap, fc.integer({ min: 1, max: 600 })), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(
        gaps,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (runs, at) => {
          const times = [0];
          for (const [width, count] of runs)
            for (let i = 0; i < count; i++) times.push((times.at(-1) as number) + width);
          const timeline = new Timeline();
          for (const t of times) timeline.add(t);
          const whole = times.at(-1) as number;
          for (const share of at) {
            const time = share * whole + 0.5;
            const before = times.findLast((t) => t < time) as number;
            const after = times.find((t) => t > time);
            expect(Math.abs((timeline.before(time) as number) - before)).toBeLessThanOrEqual(whole / 128);
            if (after === undefined) expect(timeline.after(time)).toBeNull();
            else expect(Math.abs((timeline.after(time) as number) - after)).toBeLessThanOrEqual(whole / 128);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([1e3, 1e6, 1e9, 3e12])('keeps the first and the last of 20,000 moments %d ns apart', (step) => {
    const timeline = new Timeline();
    for (let i = 0; i < 20_000; i++) timeline.add(i * step);
    expect([timeline.first, timeline.last]).toEqual([0, 19_999 * step]);
    expect([timeline.after(-1), timeline.before(20_000 * step)]).toEqual([0, 19_999 * step]);
  });
});
