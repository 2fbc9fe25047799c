/** Verdicts whose facts are made again when they are asked for, and those for which there is no room. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose, Run } from '../../../src/diagnose.js';
import { render } from '../../../src/index.js';
import { makeLimits } from '../../../src/limits.js';
import { CAPTURES, captureFiles } from '../../support/files.js';

const FILES = captureFiles(CAPTURES).filter((path) => path.endsWith('.pcap'));

function run(path: string, inFull: number) {
  const run = new Run({ file: basename(path) }, makeLimits(), { inFull });
  run.push(readFileSync(path));
  return run.finish();
}

test('a verdict whose facts are made again says what it said at first, of every recording', () => {
  let made = 0;
  for (const path of FILES) {
    const again = run(path, 0);
    const full = run(path, Number.POSITIVE_INFINITY);
    made += again.verdicts.length;
    // Backwards: whatever was asked for last belongs to another.
    for (let i = full.verdicts.length - 1; i >= 0; i--)
      expect({ ...again.verdicts[i] }).toStrictEqual({ ...full.verdicts[i] });
    expect([...render(again, 'json')].join('')).toBe([...render(full, 'json')].join(''));
  }
  expect(made).toBeGreaterThan(200);
});

test('where there is no room the first are told as they would be, and the others are counted with what is known by then', async () => {
  let omitted = 0;
  for (const path of FILES) {
    const octets = readFileSync(path);
    const all = await diagnose(octets);
    for (const maxHeld of [1, 4]) {
      const few = await diagnose(octets, { maxHeld });
      const told = few.verdicts.map(({ id, role, of, cause, confidence }) => [id, role, of, cause.id, confidence]);
      expect(told).toEqual(
        all.verdicts
          .slice(0, maxHeld)
          .map(({ id, role, of, cause, confidence }) => [id, role, of, cause.id, confidence]),
      );
      expect(few.verdicts.length + few.omitted).toBe(all.verdicts.length + all.omitted);
      const sum = (tally: Readonly<Record<string, number>>) => Object.values(tally).reduce((a, b) => a + b, 0);
      expect(sum(few.captures[0]!.tally)).toBe(sum(all.captures[0]!.tally));
      for (const { count, first, last } of few.findings) {
        expect(count).toBeGreaterThan(0);
        expect(first.frame).toBeLessThanOrEqual(last.frame);
      }
      omitted += few.omitted;
    }
  }
  expect(omitted).toBeGreaterThan(200);
});
