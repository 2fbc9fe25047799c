import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verdicts } from '../../../src/index.js';
import { PackedVerdicts } from '../../../src/reset/verdicts/packed-verdicts.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';

const FOLDER = new URL('../../../captures/', import.meta.url);

/** Verdicts as they were made, of every third recording. */
async function made(): Promise<Verdict[]> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.pcap'));
  const all: Verdict[] = [];
  for (const name of names.filter((_, i) => i % 3 === 0))
    for await (const verdict of verdicts(readFileSync(new URL(name, FOLDER)))) all.push(verdict);
  return all;
}

test('a packed verdict has every fact that it had, name by name and in the same order', async () => {
  const packer = new PackedVerdicts();
  const all = await made();
  expect(all.length).toBeGreaterThan(50);
  const packed = all.map((verdict) => packer.pack(verdict));
  // Backwards: whatever was asked for last belongs to another.
  for (let i = all.length - 1; i >= 0; i--) {
    expect({ ...packed[i] }).toStrictEqual({ ...all[i] });
    expect(Object.keys(packed[i].reset)).toEqual(Object.keys(all[i].reset));
    expect(packed[i].reset.tail).toStrictEqual(all[i].reset.tail);
    expect(packed[i].cause).toBe(all[i].cause);
    expect(Object.isFrozen(packed[i].reset)).toBe(Object.isFrozen(all[i].reset));
  }
});

test('a copy of a packed verdict has the facts themselves', async () => {
  const [verdict] = await made();
  const copy = { ...new PackedVerdicts().pack(verdict) };
  expect(copy.reset).toBe(copy.reset);
  expect(copy.reset.mechanism).toBe(copy.mechanism);
});
