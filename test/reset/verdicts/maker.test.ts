/**
 * What a verdict says and who made its packet agree: a sentence in which an end does something ("the server aborted")
 * is never said of an RST that somebody else wrote, and one that says so only of such. Held against every recording.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { causes } from '../../../src/causes/index.js';
import { diagnose } from '../../../src/diagnose.js';
import { CAPTURES, captureFiles } from '../../support/files.js';

/** An end is the one that acts, by its program, its socket or its kernel. */
const ACTS = /^(The|All connections of one) \{(sender|client|server)\}|\{sender\}'s own|by the \{sender\}/;
/** Somebody else than the sender named in it made the RST. */
const DISOWNS = /\{sender\} did not send|in the name of the server|forged/i;

const bySentence = new Map(
  causes.map(({ id, title }) => [id, { acts: ACTS.test(title), disowns: DISOWNS.test(title) }]),
);

test('the sentences are of both kinds, and of neither', () => {
  const count = (of: (kind: { acts: boolean; disowns: boolean }) => boolean) =>
    [...bySentence.values()].filter(of).length;
  expect(bySentence.get('unexplained-abort')?.acts).toBe(true);
  expect(bySentence.get('abortive-close')?.acts).toBe(true);
  expect(bySentence.get('routine-close-by-reset')?.acts).toBe(true);
  expect(bySentence.get('forged-reset')?.disowns).toBe(true);
  expect(bySentence.get('unexplained-origin')).toEqual({ acts: false, disowns: false });
  expect(count(({ acts, disowns }) => acts && disowns)).toBe(0);
});

test('no verdict says of an end what its RST was not made by', async () => {
  const wrong: string[] = [];
  for (const path of captureFiles(CAPTURES)) {
    const { verdicts } = await diagnose(readFileSync(path), { file: basename(path) });
    for (const { role, cause, mechanism, reset } of verdicts) {
      if (role === 'aftershock') continue;
      const { acts, disowns } = bySentence.get(cause.id) ?? { acts: false, disowns: false };
      if (acts && mechanism.kind === 'third-party')
        wrong.push(`${basename(path)} ${reset.rst.frame}: ${cause.id} of a third party's RST`);
      if (disowns && mechanism.kind === 'live-socket')
        wrong.push(`${basename(path)} ${reset.rst.frame}: ${cause.id} of a live socket's RST`);
    }
  }
  expect(wrong).toEqual([]);
});
