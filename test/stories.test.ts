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
/** What is not told yet, as the beginning of the line that it may say; a line goes when its rule comes. */
const OPEN: Readonly<Record<string, string>> = {
  // The client leaves behind the last block; nothing says how long the stream was to be.
  'client-closes.story-0000': 'undecided: frame 35 unexplained-abort',
  // Too few bytes unread to move the window: whether the client had read its answer cannot be seen.
  'unread-at-close.story-0003': 'undecided: frame 15 unexplained-abort',
  'unread-at-close.story-0005': 'undecided: frame 26 unexplained-abort',
  'unread-at-close.story-0008': 'undecided: frame 75 unexplained-abort',
  // A bare RST with a window, drawn by nothing: no kernel's answer. The other end was cut as well, so that nothing contradicts it.
  'forged.story-0003': 'undecided: frame 48 unexplained-reply',
  'forged.story-0006': 'undecided: frame 82 unexplained-reply',
  // Two connections are few for an exit.
  'pool-stopped.story-0007': 'undecided: frame 38 unexplained-abort',
};

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
  test.each(truths.map((truth) => [truth.name, truth] as const))('%s', async (name, truth) => {
    const lines = await untold(truth);
    const open = OPEN[name];
    expect(lines.filter((line) => open === undefined || !line.startsWith(open))).toEqual([]);
  });
});
