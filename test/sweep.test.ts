/**
 * Every capture at hand, the repository's and those beside it: no RST is without a verdict, none is counted twice or
 * lost, and the JSON keeps to the published schema. Captures that a clone does not have are skipped, which is said.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureError } from '../src/capture/types.js';
import { diagnose } from '../src/diagnose.js';
import { openCapture } from '../src/node/index.js';
import { jsonSchema } from '../src/report/data/schema.js';
import { render } from '../src/report/render.js';
import type { Diagnosis } from '../src/reset/verdicts/diagnosis.js';
import { absent, CAPTURES, captureFiles, FIELDLAB, LABELLED } from './support/files.js';

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(jsonSchema);
const run = promisify(execFile);
const named = (paths: readonly string[]) => paths.map((path) => [basename(path), path] as const);
const read = (path: string) => diagnose(openCapture(path), { file: basename(path) });

function keepsToSchema(diagnosis: Diagnosis): void {
  const document: unknown = JSON.parse(render(diagnosis, 'json'));
  expect(validate(document), JSON.stringify(validate.errors?.slice(0, 5), null, 1)).toBe(true);
}

/** Every RST has a verdict, or is counted as one that a like one answers for. */
function answersForAll({ captures, verdicts, omitted }: Diagnosis): void {
  const [summary] = captures;
  expect(verdicts.length + omitted).toBe(summary?.resets);
  const { tally } = summary!;
  expect(tally.lost + tally.refused + tally.harmless + tally.aftershocks + tally.ignored).toBe(summary?.resets);
  for (const { id, cause, evidence } of verdicts) {
    expect(cause?.id, id).toBeTruthy();
    expect(evidence.length, id).toBeGreaterThan(0);
  }
}

describe('the captures of the repository', () => {
  test.each(named([...captureFiles(CAPTURES), ...captureFiles(join(CAPTURES, 'vantage'))]))('%s', async (_, path) => {
    const diagnosis = await read(path);
    keepsToSchema(diagnosis);
    answersForAll(diagnosis);
  });
});

const skipped: string[] = [];
afterAll(() => {
  for (const reason of skipped) console.log(reason);
});

const tshark = await run('sh', ['-c', 'tshark --version && mergecap --version']).then(
  () => true,
  () => false,
);
if (!tshark) skipped.push('skipped: no counts to hold against, tshark and mergecap are not installed');

/** RST segments by file as tshark counts them, those quoted in ICMP errors aside. One run for all: it takes long to start. */
async function countedByTshark(paths: readonly string[], records: readonly number[]): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-'));
  try {
    const all = join(folder, 'all.pcapng');
    await run('mergecap', ['-a', '-w', all, ...paths]);
    const filter = 'tcp.flags.reset == 1 && !icmp && !icmpv6';
    const { stdout } = await run('tshark', ['-n', '-r', all, '-Y', filter, '-T', 'fields', '-e', 'frame.number'], {
      maxBuffer: 1 << 26,
    });
    const counts = paths.map(() => 0);
    let at = 0;
    let end = records[0] ?? 0;
    for (const text of stdout.split('\n')) {
      if (text === '') continue;
      while (Number(text) > end) end += records[++at] ?? Number.POSITIVE_INFINITY;
      counts[at]!++;
    }
    return counts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Files that are read, and where the counts differ: by how much (ours less tshark's), and why. */
const DIFFERENT: Readonly<Record<string, { readonly by: number; readonly why: string }>> = {};

/** Files of formats that are not read: the code of the CaptureError. */
const NOT_READ: Readonly<Record<string, string>> = {};

for (const [what, folder] of [
  ['fieldlab', FIELDLAB],
  ['realworld/labelled', LABELLED],
] as const) {
  const reason = absent(folder);
  if (reason !== null) skipped.push(reason);
  const files = named(captureFiles(folder));
  describe.skipIf(files.length === 0)(`the captures of ${what}`, () => {
    const records: number[] = [];
    const counted: number[] = [];

    test.each(files)('%s', async (name, path) => {
      let diagnosis: Diagnosis;
      records.push(0);
      counted.push(0);
      try {
        diagnosis = await read(path);
      } catch (error) {
        expect(error).toBeInstanceOf(CaptureError);
        expect((error as CaptureError).code).toBe(NOT_READ[name] ?? 'none: it should be read');
        return;
      }
      expect(NOT_READ[name]).toBeUndefined();
      keepsToSchema(diagnosis);
      answersForAll(diagnosis);
      const [summary] = diagnosis.captures;
      records[records.length - 1] = summary?.records ?? 0;
      counted[counted.length - 1] = (summary?.resets ?? 0) + (summary?.resetCopies ?? 0);
    });

    test.skipIf(!tshark)('resets and copies are as many as tshark counts', { timeout: 0 }, async () => {
      const expected = await countedByTshark(
        files.map(([, path]) => path),
        records,
      );
      const differences = files.flatMap(([name], i) => {
        const by = counted[i]! - expected[i]!;
        return by === (DIFFERENT[name]?.by ?? 0) ? [] : [`${name}: ${counted[i]}, tshark counts ${expected[i]}`];
      });
      expect(differences).toEqual([]);
    });
  });
}

test('the labels say the same of how many RSTs there are', async () => {
  const index = join(LABELLED, 'index.json');
  if (!existsSync(index)) return;
  const labelled = JSON.parse(readFileSync(index, 'utf8')) as { file: string; rst_count: number | null }[];
  const differences: string[] = [];
  for (const { file, rst_count } of labelled) {
    const path = join(LABELLED, file);
    if (rst_count === null || !existsSync(path) || file in NOT_READ) continue;
    const { captures } = await read(path);
    const ours = (captures[0]?.resets ?? 0) + (captures[0]?.resetCopies ?? 0) - (DIFFERENT[file]?.by ?? 0);
    if (ours !== rst_count) differences.push(`${file}: ${ours}, labelled ${rst_count}`);
  }
  expect(differences).toEqual([]);
});
