/** A rotated series is one run: what is said of it is what is said of its packets in one file, but the names of frames. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameName, placeOfFrame } from '../../src/capture/borders.js';
import { openReader } from '../../src/capture/open.js';
import { NEXT_FILE, SeriesReader } from '../../src/capture/series.js';
import { CaptureError, CaptureRecord } from '../../src/capture/types.js';
import { diagnose, verdicts } from '../../src/diagnose.js';
import { jsonSchema } from '../../src/report/data/schema.js';
import { render } from '../../src/report/render.js';
import type { CapturedPacket } from '../accuracy/conditions.mjs';
import { CAPTURES, captureFiles } from '../support/files.js';
import { capture, merged, readRecording } from '../support/rewrite.js';
import { cutIntoFiles, runNumber, seriesOfFiles, withRunNumbers } from '../support/series.js';

const validate = new Ajv2020({ allowUnionTypes: true }).compile(jsonSchema);
const EPOCH = 1_700_000_000_000_000_000n;

/** What one classic file can hold. */
const plain = captureFiles(CAPTURES, /\.pcap$/).filter((path) =>
  readRecording(path).packets.every(({ linkType, interfaceId }) => linkType === 1 && interfaceId === 0),
);
const packets = merged(
  plain,
  plain.map((_, index) => index * 5e7),
);

function evenly(packets: readonly CapturedPacket[], files: number): number[] {
  const size = Math.floor(packets.length / files);
  return Array.from({ length: files }, (_, index) =>
    index === files - 1 ? packets.length - size * (files - 1) : size,
  );
}

interface Json {
  [key: string]: unknown;
}

/** The JSON of a series as that of one file `x.pcap`. */
function asOne(text: string, sizes: readonly number[]): unknown {
  const numbers = new Map(sizes.map((_, index) => [`x.pcap${index || ''}`, index + 1]));
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return withRunNumbers(value, sizes);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const { filter: _filter, files: _files, copiesElsewhere = [], copies, ...own } = value as Json;
    const number = numbers.get(String(own['file']));
    const run = (frame: unknown) => runNumber(number as number, Number(frame), sizes);
    if (number !== undefined) own['file'] = 'x.pcap';
    if (number !== undefined && typeof own['frame'] === 'number') own['frame'] = run(own['frame']);
    const result = Object.fromEntries(Object.entries(own).map(([key, one]) => [key, walk(one)]));
    if (!Array.isArray(copies)) return copies === undefined ? result : { ...result, copies };
    const there = (copiesElsewhere as { file: string; frame: number }[]).map(({ file, frame }) =>
      runNumber(numbers.get(file) as number, frame, sizes),
    );
    return { ...result, copies: [...copies.map(run), ...there].sort((a, b) => a - b) };
  };
  return walk(JSON.parse(text));
}

async function sameAsOne(packets: readonly CapturedPacket[], sizes: readonly number[], readings: 1 | 2): Promise<void> {
  const options = { file: 'x.pcap', readings } as const;
  const one = await diagnose(capture(packets, EPOCH), options);
  const many = await diagnose(seriesOfFiles(cutIntoFiles(packets, sizes, EPOCH)), options);
  expect(validate(JSON.parse(render(many, 'json'))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  expect(asOne(render(many, 'json'), sizes)).toEqual(asOne(render(one, 'json'), [packets.length]));
  // A number of four digits has a separator in a table, a name of less digits none.
  const squeezed = (text: string) => text.replace(/[ \n-]+/g, ' ');
  const joined = (text: string) => text.replace(/(\d),(?=\d{3}\b)/g, '$1');
  for (const format of ['text', 'csv', 'junit'] as const) {
    const own = (text: string) =>
      squeezed(withRunNumbers(format === 'csv' ? text : joined(text), sizes))
        .replace(/\d+ files?, /, '')
        .replace(/ \d+ is frame \d+ of x\.pcap\d*/g, '')
        .replace(/,x\.pcap\d*,\d+,/g, ',x.pcap,')
        .replace(/"?frame\.number in \{[\d,]*\}"?/g, '');
    expectSame(own(render(many, format, { all: true })), own(render(one, format, { all: true })), format);
  }
}

/** Of two long texts the places where they part are enough. */
function expectSame(text: string, other: string, what: string): void {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  const around = (whole: string) => whole.slice(Math.max(0, at - 80), at + 80);
  expect(around(text), what).toBe(around(other));
  expect(text === other, what).toBe(true);
}

describe('as one file', () => {
  test.each([1, 2] as const)('every recording in one run of 40 files, read %i times', async (readings) => {
    await sameAsOne(packets, evenly(packets, 40), readings);
  });

  test('a border anywhere', async () => {
    const path = fc.integer({ min: 0, max: plain.length - 1 });
    const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(path, parts, fc.constantFrom(1 as const, 2 as const), async (index, cuts, readings) => {
        const { packets } = readRecording(plain[index]!);
        const at = [0, ...cuts.map((part) => Math.round(part * packets.length)).sort((a, b) => a - b), packets.length];
        const sizes = at.slice(1).map((end, i) => end - (at[i] as number));
        await sameAsOne(packets, sizes, readings);
      }),
      { seed: 5, numRuns: 60, endOnFailure: true },
    );
  });

  test('verdicts that are asked for as they settle', async () => {
    const sizes = evenly(packets, 7);
    const ids = async (input: Parameters<typeof verdicts>[0]) => {
      const list: string[] = [];
      for await (const { id, cause, against } of verdicts(input)) {
        list.push(`${id} ${cause.id} ${against.map(({ reason }) => reason).join()}`);
      }
      return list;
    };
    const many = await ids(seriesOfFiles(cutIntoFiles(packets, sizes, EPOCH)));
    expect(many.map((line) => withRunNumbers(line, sizes))).toEqual(await ids(capture(packets, EPOCH)));
  });
});

describe('the files', () => {
  test('each with its packets and times, in the summary', async () => {
    const sizes = [3, 0, 4];
    const some = packets.slice(0, 7);
    const { captures } = await diagnose(seriesOfFiles(cutIntoFiles(some, sizes, EPOCH)), { file: 'x.pcap*' });
    expect(captures).toHaveLength(1);
    const { files, borders, records, first, last } = captures[0]!;
    const time = (index: number) => EPOCH + BigInt(some[index]!.time);
    expect(files).toEqual([
      { file: 'x.pcap', records: 3, first: time(0), last: time(2) },
      { file: 'x.pcap1', records: 0, first: null, last: null },
      { file: 'x.pcap2', records: 4, first: time(3), last: time(6) },
    ]);
    expect(borders).toEqual([0, 3, 3]);
    expect([records, first, last]).toEqual([7, time(0), time(6)]);
  });

  test('numbered on from the runs before', async () => {
    const sizes = evenly(packets, 3);
    const { verdicts } = await diagnose(seriesOfFiles(cutIntoFiles(packets, sizes, EPOCH)), { fileNumber: 5 });
    const files = new Set(verdicts.map(({ id }) => id.split(':')[0]));
    expect(files).toEqual(new Set(['5', '6', '7']));
  });

  test('a frame by its file', () => {
    const borders = [0, 5, 5, 9];
    expect([1, 5, 6, 9, 10].map((frame) => frameName(borders, frame))).toEqual(['1:1', '1:5', '3:1', '3:4', '4:1']);
    expect(frameName(undefined, 12)).toBe('12');
    expect(placeOfFrame(undefined, 12)).toEqual({ file: 1, frame: 12 });
  });
});

describe('what one file lacks', () => {
  const cut = (file: Uint8Array) => file.subarray(0, file.length - 3);

  test('is told with its name, and how often it is so', async () => {
    const files = cutIntoFiles(packets.slice(0, 40), [10, 10, 10, 10], EPOCH).map(cut);
    const { captures } = await diagnose(seriesOfFiles(files));
    const [warning] = captures[0]!.warnings;
    expect(warning).toMatchObject({ code: 'cut-record', count: 4, frame: 10 });
    expect(warning!.text).toMatch(
      /^x\.pcap: the last record \(frame 10, at octet \d+\) is cut off.* \(and in 3 more files\)$/,
    );
  });

  test('an empty file is passed over, and said', async () => {
    const [one, other] = cutIntoFiles(packets.slice(0, 40), [20, 20], EPOCH);
    const { captures } = await diagnose(seriesOfFiles([one!, new Uint8Array(0), other!]));
    expect(captures[0]).toMatchObject({
      records: 40,
      warnings: [{ code: 'empty-file', text: 'x.pcap1: the file is empty' }],
    });
  });

  test('a file that is no capture is named', async () => {
    const [one] = cutIntoFiles(packets.slice(0, 20), [20], EPOCH);
    const input = seriesOfFiles([one!, new Uint8Array(40).fill(0x01)]);
    await expect(diagnose(input)).rejects.toThrow(/^x\.pcap1: not a packet capture: it starts with 01 01/);
    await expect(diagnose(input)).rejects.toBeInstanceOf(CaptureError);
  });

  test('a missing file is a warning at the first frame behind it', async () => {
    const files = cutIntoFiles(packets.slice(0, 40), [20, 20], EPOCH);
    const missing = { count: 1, text: 'x.pcap1 is missing' };
    const { captures } = await diagnose(seriesOfFiles(files, [{ name: 'x.pcap' }, { name: 'x.pcap2', missing }]));
    expect(captures[0]!.warnings).toEqual([{ code: 'missing-file', count: 1, frame: 21, text: 'x.pcap1 is missing' }]);
    expect(
      render(await diagnose(seriesOfFiles(files, [{ name: 'x.pcap' }, { name: 'x.pcap2', missing }])), 'text'),
    ).toContain('Warning: x.pcap1 is missing (at frame 2:1)');
  });
});

test('the reader takes the records that its file ends with before it goes on', () => {
  const [one, other] = cutIntoFiles(packets.slice(0, 6), [3, 3], EPOCH);
  const reader = new SeriesReader([{ name: 'a' }, { name: 'b' }], openReader);
  const record = new CaptureRecord();
  const seen: [number, number][] = [];
  const drain = () => {
    while (reader.next(record)) seen.push([record.frame, record.time]);
  };
  for (const chunk of [one!, NEXT_FILE, other!]) {
    reader.push(chunk);
    drain();
  }
  reader.end();
  drain();
  expect(seen).toEqual(packets.slice(0, 6).map(({ time }, index) => [index + 1, time - packets[0]!.time]));
});

test('no cause writes the number of a frame into a sentence: in a series it would name another', () => {
  const folders = ['causes', 'reset/vocabulary', 'reset/facts'].map((name) => join(CAPTURES, '../src', name));
  const sources = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const numbers = /\$\{[^{}]*\.frames?\b(?!\.length)(?![^{}]*cited)[^{}]*\}/;
  expect(sources.filter((path) => numbers.test(readFileSync(path, 'utf8')))).toEqual([]);
});
