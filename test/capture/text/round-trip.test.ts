/**
 * What tcpdump and tshark print of a capture gives the verdicts of the capture, or honestly less: the family's unknown,
 * the same cause with less confidence, or no verdict for what is a copy. Never another cause, never a surer one.
 *
 * With the tools installed, every recording in every form; without them, the forms that lie ready in test/fixtures/text.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import type { Diagnosis } from '../../../src/reset/verdicts/diagnosis.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { absent, CAPTURES, CASES, captureFiles } from '../../support/files.js';
import { said } from '../../support/listing.js';
import { printedByTcpdump, printedByTshark, printedByTsharks, whyNot } from '../../support/printed.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/text/', import.meta.url));

const RANK = { certain: 2, likely: 1, possible: 0 } as const;

/**
 * More general causes that are true of the same packets, word for word, where a text hides what makes the special one.
 * Each was read against the explanation of the general cause.
 */
const GENERAL: Readonly<Record<string, readonly string[]>> = {
  // Relative numbers hide that a device moved them. The RST did not fit, was ignored, and the connection went on.
  'sequence-rewriting': ['rst-ignored'],
  // No payload, so no greeting: the server closed (FIN), the client sent on, nobody was there to read it.
  'ssh-refused-before-banner': ['data-after-close'],
  // No payload, so no alert: all was acknowledged and the other side had closed; a live socket was dropped, nothing lost.
  // Where the alert met a closed socket, so did data; that it may have been a goodbye is said as doubt.
  'unread-close-notify': ['routine-close-by-reset', 'data-after-close'],
  // tshark's rows of TLS tell no numbers, so no hole: what the server sent last met a client that had closed.
  'path-mtu-black-hole': ['data-after-close'],
  // Relative numbers hide the steps of the volley. It came in the server's name, before the server itself accepted.
  'dpi-injection': ['forged-refusal'],
};

/** The same, a more general cause or the family's unknown; never surer. */
function isHonest(text: Verdict, capture: Verdict): boolean {
  if (text.cause.fallback === true) return true;
  const same = text.cause.id === capture.cause.id || GENERAL[capture.cause.id]?.includes(text.cause.id) === true;
  return same && RANK[text.confidence] <= RANK[capture.confidence];
}

/** Connections that an ICMP error ended: a listing that tells of the error tells of the same, or of none. */
function unreachable({ endings }: Diagnosis): string[] {
  return endings
    .filter(({ kind }) => kind === 'icmp-unreachable')
    .map(({ mark, client, server, text }) => `${mark.frame}: ${client} ${server} ${text}`);
}

/** What the text says that the capture does not. */
async function overstated(capture: Diagnosis, text: Uint8Array): Promise<string[]> {
  const read = await diagnose(text);
  const copies = new Set(capture.verdicts.flatMap(({ reset }) => reset.copies));
  const known = new Set(unreachable(capture));
  const unknown = unreachable(read).filter((ending) => !known.has(ending));
  const other = read.verdicts.flatMap((verdict) => {
    const { frame } = verdict.reset.rst;
    const like = capture.verdicts.find(({ reset }) => reset.rst.frame === frame);
    if (like === undefined) return copies.has(frame) ? [] : [`${frame}: ${said(verdict)}, of no RST of the capture`];
    return isHonest(verdict, like) ? [] : [`${frame}: ${said(verdict)}, not ${said(like)}`];
  });
  return [...unknown, ...other];
}

const FORMS: readonly (readonly [
  name: string,
  tool: string,
  print: (captures: readonly string[]) => readonly Buffer[],
])[] = [
  ...['-n', '-nv', '-nvve', '-nS', '-ntttt', '-nX'].map(
    (options) =>
      [`tcpdump ${options}`, 'tcpdump', (captures: readonly string[]) => printedByTcpdump(options, captures)] as const,
  ),
  ['tshark', 'tshark', printedByTsharks],
];

const recordings = [...captureFiles(CAPTURES), ...captureFiles(join(CAPTURES, 'vantage'))];

describe('what the tools print of the recordings', () => {
  const forms = FORMS.filter(([, tool]) => {
    const reason = whyNot(tool);
    if (reason !== null) console.log(reason);
    return reason === null;
  });
  /** By the name of the form, the text of each recording. */
  const texts = new Map<string, readonly Buffer[]>();
  beforeAll(() => {
    for (const [name, , print] of forms) texts.set(name, print(recordings));
  });

  test.skipIf(forms.length === 0).each(recordings.map((path, index) => [basename(path), path, index] as const))(
    '%s',
    async (_, path, index) => {
      const capture = await diagnose(readFileSync(path));
      for (const [form] of forms) {
        const text = texts.get(form)?.[index];
        if (text === undefined || text.length === 0) continue;
        expect(await overstated(capture, text), form).toEqual([]);
      }
    },
  );

  /** One in so many is printed by tshark itself: its daemon and our columns must say the same. */
  const SAMPLE = 50;
  const reason = whyNot('tshark');
  test.skipIf(reason !== null)(reason ?? 'the columns are those of tshark', () => {
    for (let index = 0; index < recordings.length; index += SAMPLE) {
      const lines = (text: Buffer | undefined) =>
        text
          ?.toString()
          .split('\n')
          // Of link-layer addresses, which no packet of TCP is printed with, only one of the two resolves the broadcast one.
          .map((line) => line.trimEnd().replace(/ ff:ff:ff:ff:ff:ff | Broadcast {4}/, ' broadcast '));
      const path = recordings[index] as string;
      expect(lines(texts.get('tshark')?.[index]), path).toEqual(lines(printedByTshark(path)));
    }
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
    expect(await overstated(await diagnose(readFileSync(capture as string)), text)).toEqual([]);
    const { verdicts } = await diagnose(text);
    expect(verdicts.length).toBeGreaterThan(0);
  });
});

describe('cases that were reported', () => {
  const reason = absent(CASES);
  test.skipIf(reason !== null)(reason ?? 'the folder is there', () => {});
  const listings = captureFiles(CASES, /\.txt$/);
  test.skipIf(reason !== null).each(listings.map((path) => [basename(path), path]))('%s', async (_, path) => {
    const twin = (path as string).replace(/\.txt$/, '.pcap');
    const text = await diagnose(readFileSync(path as string));
    const { verdicts } = await diagnose(readFileSync(twin));
    expect(text.captures[0]?.warnings).toEqual([]);
    expect(text.verdicts.map(({ reset }) => reset.rst.frame)).toEqual(verdicts.map(({ reset }) => reset.rst.frame));
    expect(text.verdicts.map(({ cause }) => cause.id)).toEqual(verdicts.map(({ cause }) => cause.id));
    for (const [i, verdict] of text.verdicts.entries()) expect(isHonest(verdict, verdicts[i]!)).toBe(true);
  });
});
