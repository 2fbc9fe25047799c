/** What the survey remembers: every open connection, and of those that are over or tracked in full the last ones. */
import { describe, expect, test } from 'vitest';
import type { Glance } from '../../src/survey/glance.js';
import { DONE, FLAGS, HASH, MARKED, OPEN, Sketches, STATE, WORDS } from '../../src/survey/sketches.js';

/** Connection `n`: spread over all hashes, as those of real ones are. */
const hash = (n: number) => Math.imul(n + 1, 0x9e3779b1);
const segment = (n: number) => ({ hash: hash(n), source: n, destination: n + 10_000_000 }) as Glance;

function make(sketches: Sketches, n: number, state: number): number {
  const at = sketches.create(segment(n));
  sketches.words[at + FLAGS] = state;
  if (state >= DONE) sketches.settle(at);
  return at;
}

describe('sketches', () => {
  test('of all connections that are open are found, however many', () => {
    const sketches = new Sketches();
    const many = 300_000;
    const places = Array.from({ length: many }, (_, n) => make(sketches, n, OPEN));
    expect(new Set(places).size).toBe(many);
    expect(sketches.end).toBe(many * WORDS);
    const found = places.every((at, n) => sketches.find(hash(n)) === at && sketches.words[at + HASH] === hash(n));
    expect(found).toBe(true);
    expect(sketches.find(hash(many))).toBe(-1);
  });

  test.each([
    ['that are over', DONE, 65_536],
    ['that are tracked in full', MARKED, 131_072],
  ])('of connections %s the last are found, and the others are known to be lost', (_, state, kept) => {
    const sketches = new Sketches();
    const open = make(sketches, -2, OPEN);
    for (let n = 0; n < kept + 1000; n++) make(sketches, n, state);
    expect(sketches.find(hash(-2))).toBe(open);
    for (const n of [0, 500, 999]) {
      expect(sketches.find(hash(n))).toBe(-1);
      expect(sketches.lost.has(hash(n))).toBe(true);
    }
    for (const n of [1000, 30_000, kept + 999]) expect(sketches.words[sketches.find(hash(n)) + HASH]).toBe(hash(n));
    // Their places are used again.
    expect(sketches.end).toBeLessThanOrEqual((kept + 3) * WORDS);
  });

  test('of a connection that began anew behind its end stays', () => {
    const sketches = new Sketches();
    const at = make(sketches, -2, DONE);
    sketches.words[at + FLAGS] = OPEN;
    for (let n = 0; n < 70_000; n++) make(sketches, n, DONE);
    expect(sketches.find(hash(-2))).toBe(at);
    expect((sketches.words[at + FLAGS] as number) & STATE).toBe(OPEN);
  });

  test('are found by an endpoint', () => {
    const sketches = new Sketches();
    const places = [3, 4].map((n) => {
      const at = sketches.create({ hash: hash(n), source: 77, destination: n } as Glance);
      sketches.words[at + FLAGS] = OPEN;
      return at;
    });
    make(sketches, 5, OPEN);
    const seen: (readonly [number, number])[] = [];
    sketches.withEnd(77, (at, side) => seen.push([at, side]));
    expect(seen).toEqual(places.map((at) => [at, 1]));
    sketches.withEnd(3, (at, side) => expect([at, side]).toEqual([places[0], 0]));
  });
});
