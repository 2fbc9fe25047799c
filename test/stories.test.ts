/**
 * The stories of the mission, each from recordings that differ in everything but the story (captures/README.md):
 * every reset that was the first of its death must be told acceptably, every ending without one as what it was.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../src/diagnose.js';
import { connectionOf, endingScores, readTruths, scoreOf, type Truth } from './accuracy/truth.mjs';
import { CAPTURES } from './support/files.js';

const FOLDER = join(CAPTURES, 'stories');
const truths = readTruths(FOLDER);
const storyOf = ({ name }: Truth) => name.split('.')[0] ?? '';
const stories = [...new Set(truths.map(storyOf))];

/** What was told of it, in a line per reset or ending that does not fit the truth. */
async function untold(truth: Truth): Promise<string[]> {
  const lines: string[] = [];
  for (const [vantage, file] of Object.entries(truth.vantages)) {
    const diagnosis = await diagnose(readFileSync(join(FOLDER, file)), { file });
    for (const { role, cause, confidence, reset } of diagnosis.verdicts) {
      const connection = connectionOf(truth, reset)?.connection ?? null;
      if (role !== 'first' || connection?.notAt?.includes(vantage)) continue;
      const score = scoreOf(connection, cause);
      if (score !== 'right')
        lines.push(`${score}: frame ${reset.rst.frame} ${cause.id} (${confidence}) for ${connection?.cause}`);
    }
    for (const one of endingScores(truth, vantage, diagnosis))
      if (one.score !== 'right') lines.push(`ending: ${one.told} for ${one.truth}`);
  }
  return lines;
}

test.each(stories)('%s is told from at least eight recordings', (story) => {
  expect(truths.filter((truth) => storyOf(truth) === story).length).toBeGreaterThanOrEqual(8);
});

describe('each is told', () => {
  test.each(truths.map((truth) => [truth.name, truth] as const))('%s', async (_, truth) => {
    expect(await untold(truth)).toEqual([]);
  });
});
