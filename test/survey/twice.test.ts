/** Read twice or once, a capture is the same to the octet: the survey may save time, never change a word. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openReader } from '../../src/capture/open.js';
import { CaptureError } from '../../src/capture/types.js';
import { type CaptureInput, type DiagnoseOptions, diagnose } from '../../src/diagnose.js';
import { makeLimits } from '../../src/limits.js';
import { openCapture } from '../../src/node/index.js';
import { render } from '../../src/report/render.js';
import { FirstReading } from '../../src/survey/first-reading.js';
import { SKIPPED } from '../../src/survey/marks.js';
// @ts-expect-error plain JavaScript, as the benchmark runs it
import { writeTraffic } from '../bench/traffic.mjs';
// @ts-expect-error plain JavaScript, as the benchmark runs it
import { TRAFFICS } from '../bench/traffics.mjs';
import { absent, CAPTURES, captureFiles, FIELDLAB, HOSTILE, LABELLED } from '../support/files.js';
import { capture, merged, readRecording } from '../support/rewrite.js';

async function told(input: CaptureInput, readings: 1 | 2, options: DiagnoseOptions): Promise<string> {
  try {
    return render(await diagnose(input, { ...options, readings, file: 'x' }), 'json') as string;
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureError);
    return String(error);
  }
}

async function same(input: CaptureInput, options: DiagnoseOptions = {}): Promise<void> {
  expect(await told(input, 2, options)).toBe(await told(input, 1, options));
}

/** How many connections had to be given up with so little room. */
async function givenUp(input: CaptureInput, readings: 1 | 2, maxConnections: number): Promise<number> {
  const { captures, verdicts, omitted } = await diagnose(input, { readings, maxConnections });
  expect(verdicts.length + omitted).toBe(captures[0]?.resets);
  return captures[0]?.warnings.find(({ code }) => code === 'evicted')?.count ?? 0;
}

const own = captureFiles(CAPTURES);

describe.each([
  ['own', CAPTURES],
  ['other vantages', join(CAPTURES, 'vantage')],
  ['labelled', LABELLED],
  ['hostile', HOSTILE],
  ['field lab', FIELDLAB],
])('%s', (_, folder) => {
  const reason = absent(folder);
  test.skipIf(reason !== null)(reason ?? 'the folder is there', () => {});
  const files = captureFiles(folder).map((path) => [basename(path), path] as const);
  test.skipIf(files.length === 0).each(files)('%s', async (_, path) => same(openCapture(path)));
});

describe('all recordings interleaved in one file', () => {
  const all = () =>
    merged(
      own,
      own.map(() => 0),
    );
  const file = () => capture(all(), 1_700_000_000_000_000_000n, 0, 'pcapng');
  test('with room for all connections', () => same(file()));
  test.each([300, 20])('with room for %i connections no more are given up than in one reading', async (most) => {
    expect(await givenUp(file(), 2, most)).toBeLessThanOrEqual(await givenUp(file(), 1, most));
  });
});

test('merged, thinned and cut at random', async () => {
  const some = fc.array(fc.tuple(fc.integer({ min: 0, max: own.length - 1 }), fc.integer({ min: 0, max: 3e9 })), {
    minLength: 1,
    maxLength: 6,
  });
  /** All at the same time or some seconds later, or one behind the other on clocks that are set back in between, or hardly. */
  const order = fc.constantFrom('shifted', 'alike', 'in a row', 'set back');
  const lost = fc.record({ every: fc.integer({ min: 2, max: 60 }), copied: fc.boolean(), cut: fc.integer({ min: 0 }) });
  await fc.assert(
    fc.asyncProperty(some, lost, order, async (picked, { every, copied, cut }, how) => {
      const paths = picked.map(([i]) => own[i]!);
      const all =
        how === 'shifted'
          ? merged(
              paths,
              picked.map(([, t]) => t),
            )
          : paths.flatMap((path, i) =>
              readRecording(path).packets.map((p) => (how === 'set back' ? { ...p, time: p.time - i * 100e9 } : p)),
            );
      if (how === 'alike') all.sort((a, b) => a.time - b.time);
      const packets = all.flatMap((packet, i) => (i % every !== 0 ? [packet] : copied ? [packet, packet] : []));
      if (packets.length === 0) return;
      const file = capture(packets, 1_700_000_000_000_000_000n, 0, 'pcapng');
      await same(cut % 3 === 0 ? file.subarray(0, cut % file.length) : file);
    }),
    { seed: 11, numRuns: 120, endOnFailure: true },
  );
});

describe('how often a large file is read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-often-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const made = (name: string) => {
    const path = join(folder, name);
    writeTraffic(path, name, 50_000);
    return readFileSync(path);
  };
  /** A file that says it is large, one content an iteration, and how much of it was asked for. */
  const file = (contents: readonly Uint8Array[], slow = false) => {
    const asked: number[] = [];
    return {
      asked,
      input: {
        octets: 2 ** 30,
        slow,
        async *[Symbol.asyncIterator]() {
          const turn = asked.push(0) - 1;
          const content = contents[Math.min(turn, contents.length - 1)] as Uint8Array;
          for (let at = 0; at < content.length; at += 2 ** 20) {
            const chunk = content.subarray(at, at + 2 ** 20);
            asked[turn]! += chunk.length;
            yield chunk;
          }
        },
      },
    };
  };

  test('twice; once where each reading is slow, or where once is asked for', async () => {
    const octets = made('long');
    const ordinary = file([octets]);
    await diagnose(ordinary.input);
    expect(ordinary.asked).toEqual([octets.length, octets.length]);
    const slow = file([octets], true);
    await diagnose(slow.input);
    expect(slow.asked).toEqual([octets.length]);
    const once = file([octets]);
    await diagnose(once.input, { readings: 1 });
    expect(once.asked).toEqual([octets.length]);
  });

  test('the survey is abandoned where nearly all was reset', async () => {
    const octets = made('random-addresses');
    const { input, asked } = file([octets]);
    await diagnose(input);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBeLessThan(octets.length / 2);
    expect(asked[1]).toBe(octets.length);
  });

  test('a text is given to the survey for one chunk', async () => {
    const line = '08:01:04.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0\n';
    const text = Buffer.from(line.repeat(30_000));
    const { input, asked } = file([text]);
    await diagnose(input);
    expect(asked).toEqual([2 ** 20, text.length]);
  });

  test('a file that was replaced in between is read anew', async () => {
    const before = made('long');
    const after = readFileSync(own.find((path) => path.endsWith('.pcap')) as string);
    const { input, asked } = file([before, after]);
    expect(await told(input, 2, {})).toBe(await told(after, 1, {}));
    expect(asked).toEqual([before.length, after.length, after.length]);
  });
});

describe('made-up traffic', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-twice-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  test.each(Object.keys(TRAFFICS))('%s', async (name) => {
    const path = join(folder, `${name}.${TRAFFICS[name].compressed ? 'pcap.gz' : 'pcap'}`);
    writeTraffic(path, name, name.startsWith('one-') ? 1000 : 4000);
    await same(openCapture(path));
  });

  test('more ordinary connections at a time are told whole than there is room for in one reading', async () => {
    const path = join(folder, 'open.pcap');
    writeTraffic(path, 'small', 4000);
    expect(await givenUp(openCapture(path), 1, 100)).toBeGreaterThan(0);
    expect(await told(openCapture(path), 2, { maxConnections: 100 })).toBe(await told(openCapture(path), 1, {}));
  });

  test('of long ordinary connections most segments are passed over', () => {
    const path = join(folder, 'long.pcap');
    writeTraffic(path, 'long', 20_000);
    const reading = new FirstReading(openReader(), makeLimits());
    reading.push(readFileSync(path));
    reading.end();
    let passed = 0;
    for (let frame = 1; frame <= reading.census.records; frame++) if (reading.frames.get(frame) === SKIPPED) passed++;
    expect(passed).toBeGreaterThan(12_000);
  });
});
