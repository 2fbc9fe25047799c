/**
 * What tcpdump and tshark print of a capture gives the verdicts of the capture, or honestly less: the family's unknown,
 * the same cause with less confidence, or no verdict for what is a copy. Never another cause, never a surer one.
 *
 * With the tools installed, every recording in every form; without them, the forms that lie ready in test/fixtures/text.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { absent, CAPTURES, CASES, captureFiles } from '../../support/files.js';
import { said } from '../../support/listing.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/text/', import.meta.url));

const RANK = { certain: 2, likely: 1, possible: 0 } as const;

/** The general cause that is true as well, where a text hides what makes the special one: whose numbers a device moved, what was said. */
const GENERAL: Readonly<Record<string, string>> = {
  'sequence-rewriting': 'rst-ignored',
  'ssh-refused-before-banner': 'data-after-close',
  'unread-close-notify': 'routine-close-by-reset',
};

function isHonest(text: Verdict, capture: Verdict): boolean {
  if (text.cause.fallback === true || GENERAL[capture.cause.id] === text.cause.id) return true;
  return text.cause.id === capture.cause.id && RANK[text.confidence] <= RANK[capture.confidence];
}

/** What the text says that the capture does not. */
async function overstated(path: string, text: Uint8Array): Promise<string[]> {
  const capture = await diagnose(readFileSync(path));
  const read = await diagnose(text);
  const copies = new Set(capture.verdicts.flatMap(({ reset }) => reset.copies));
  return read.verdicts.flatMap((verdict) => {
    const { frame } = verdict.reset.rst;
    const like = capture.verdicts.find(({ reset }) => reset.rst.frame === frame);
    if (like === undefined) return copies.has(frame) ? [] : [`${frame}: ${said(verdict)}, of no RST of the capture`];
    return isHonest(verdict, like) ? [] : [`${frame}: ${said(verdict)}, not ${said(like)}`];
  });
}

function whyNot(tool: string): string | null {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return `skipped: ${tool} is not installed`;
  }
}

const FORMS: readonly (readonly [string, string, readonly string[]])[] = [
  ['tcpdump -n', 'tcpdump', ['-n']],
  ['tcpdump -nv', 'tcpdump', ['-nv']],
  ['tcpdump -nvve', 'tcpdump', ['-nvve']],
  ['tcpdump -nS', 'tcpdump', ['-nS']],
  ['tcpdump -ntttt', 'tcpdump', ['-ntttt']],
  ['tcpdump -nX', 'tcpdump', ['-nX']],
  ['tshark', 'tshark', ['-n']],
];

const recordings = [...captureFiles(CAPTURES), ...captureFiles(join(CAPTURES, 'vantage'))];

describe.each(FORMS)('%s', (_, tool, options) => {
  const reason = whyNot(tool);
  if (reason !== null) console.log(reason);
  test.skipIf(reason !== null).each(recordings.map((path) => [basename(path), path]))('%s', async (_, path) => {
    const text = execFileSync(tool, [...options, '-r', path as string], {
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 30,
    });
    if (text.length === 0) return;
    expect(await overstated(path as string, text)).toEqual([]);
  });
});

describe('ready-made texts', () => {
  const texts = existsSync(FIXTURES) ? captureFiles(FIXTURES, /\.(txt|csv)$/) : [];

  test('there are some of each form', () => expect(texts.length).toBeGreaterThanOrEqual(8));

  test.each(texts.map((path) => [basename(path), path]))('%s', async (name, path) => {
    const [recording] = (name as string).split('~');
    const capture = recordings.find((one) => basename(one).replace(/\.(pcap|pcapng)$/, '') === recording);
    expect(capture, 'a text is named after its recording').toBeDefined();
    const text = readFileSync(path as string);
    expect(await overstated(capture as string, text)).toEqual([]);
    const { verdicts } = await diagnose(text);
    expect(verdicts.length).toBeGreaterThan(0);
  });
});

describe('cases that were reported', () => {
  const reason = absent(CASES);
  if (reason !== null) console.log(reason);
  const listings = captureFiles(CASES, /\.txt$/);
  test.skipIf(reason !== null).each(listings.map((path) => [basename(path), path]))('%s', async (_, path) => {
    const twin = (path as string).replace(/\.txt$/, '.pcap');
    const text = await diagnose(readFileSync(path as string));
    const { verdicts } = await diagnose(readFileSync(twin));
    expect(text.captures[0]?.warnings).toEqual([]);
    expect(text.verdicts.map(({ reset, cause }) => [reset.rst.frame, cause.id])).toEqual(
      verdicts.map(({ reset, cause }) => [reset.rst.frame, cause.id]),
    );
    for (const [i, verdict] of text.verdicts.entries()) expect(isHonest(verdict, verdicts[i]!)).toBe(true);
  });
});
