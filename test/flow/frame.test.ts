import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openReader } from '../../src/capture/open.js';
import type { CaptureInfo, CaptureReader, CaptureRecord } from '../../src/capture/types.js';
import { frameNear, isLater } from '../../src/flow/frame.js';
import { diagnose, render } from '../../src/index.js';

const FOLDER = new URL('../../captures/', import.meta.url);

test.each([
  [5, 10, 5],
  [-1, 2 ** 32, 2 ** 32 - 1],
  [3, 2 ** 32 - 2, 2 ** 32 + 3],
  [-(2 ** 31), 2 ** 31 + 7, 2 ** 31],
  [7, 5 * 2 ** 32, 5 * 2 ** 32 + 7],
  [-7, 5 * 2 ** 32, 5 * 2 ** 32 - 7],
])('low bits %i near frame %i are frame %i', (word, near, frame) => {
  expect(frameNear(word, near)).toBe(frame);
  expect(frame | 0).toBe(word);
});

test('what is later is told across the borders of both halves', () => {
  expect(isLater(-(2 ** 31), 2 ** 31 - 1)).toBe(true);
  expect(isLater(1, -1)).toBe(true);
  expect(isLater(-1, 1)).toBe(false);
  expect(isLater(1, 1)).toBe(false);
});

/** A reader whose file comes behind another of so many records, so that reports name its frames as if it were alone. */
class Behind implements CaptureReader {
  readonly borders: readonly number[];
  private readonly reader = openReader();

  constructor(private readonly before: number) {
    this.borders = [0, before];
  }

  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    if (!this.reader.next(record)) return false;
    record.frame += this.before;
    return true;
  }

  end(): void {
    this.reader.end();
  }

  get info(): CaptureInfo {
    const told = { first: null, last: null };
    const files = [
      { file: 'before', records: this.before, ...told },
      { file: 'file', records: 0, ...told },
    ];
    return { ...this.reader.info, files };
  }
}

async function reportBehind(before: number, octets: Uint8Array): Promise<string> {
  const json = render(await diagnose(octets, { reader: () => new Behind(before) }), 'json');
  return json.replace(`"records": ${before},`, '"records": many,');
}

/** Behind a border of 32 bits, on either side of that of their sign, and far behind both. */
const FRAMES = [2 ** 31 - 3, 2 ** 32, 2 ** 32 + 2 ** 31 - 5, 7 * 2 ** 32];
const FEW = 1_000_003;

test.each(FRAMES)('frames behind %i are told as those behind a million', async (before) => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.pcap'));
  expect(names.length).toBeGreaterThan(100);
  for (const name of names) {
    const octets = readFileSync(new URL(name, FOLDER));
    expect(await reportBehind(before, octets), name).toBe(await reportBehind(FEW, octets));
  }
});
