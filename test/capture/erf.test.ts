/** Endace ERF: what a card writes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { isCapture } from '../../src/node/files/told-by-head.js';
import { concat, readAll } from '../support/captures.js';
import { octets } from '../support/packets.js';
import { whyNot } from '../support/printed.js';
import { capture, essence, type Recording, readRecording } from '../support/rewrite.js';

const CAPTURES = new URL('../../captures/', import.meta.url).pathname;
const RECORDINGS = ['keepalive-race-after-fin.pcap', 'forged-reset.pcap', 'process-exit.pool-of-100.pcap'];

const little = (value: number) => octets(value, value >>> 8, value >>> 16, value >>> 24);

/** Each record has its frame check sequence and is filled up to eight octets. */
function erf({ packets, epoch }: Recording, { lost = 0, padding = false, extension = false } = {}): Uint8Array {
  const records = packets.map(({ data, originalLength, time }) => {
    const at = epoch + BigInt(Math.round(time));
    const more = extension ? octets(3, new Uint8Array(7)) : octets();
    const body = octets(more, 0, 0, data, data.length < originalLength ? octets() : new Uint8Array(4));
    const length = (16 + body.length + 7) & ~7;
    return octets(
      little(Math.round((Number(at % 1_000_000_000n) * 2 ** 32) / 1e9)),
      little(Number(at / 1_000_000_000n)),
      extension ? 0x82 : 2,
      5,
      [length, 2],
      [lost, 2],
      [originalLength + 4, 2],
      body,
      new Uint8Array(length - 16 - body.length),
      // A record that only fills room.
      ...(padding ? [octets(new Uint8Array(8), 48, 0, [24, 2], new Uint8Array(12))] : []),
    );
  });
  return concat(records);
}

describe.each(RECORDINGS)('%s', (name) => {
  const recording = readRecording(join(CAPTURES, name));
  const plain = capture(recording.packets, recording.epoch);

  test.each([{}, { padding: true }, { extension: true }])('as ERF (%j) it has the same verdicts', async (how) => {
    const file = erf(recording, how);
    const times = (all: ReturnType<typeof readAll>) => all.records.map(({ frame, time }) => [frame, time]);
    expect(times(readAll(file))).toEqual(times(readAll(plain)));
    expect(readAll(file).info.epoch).toBe(recording.epoch);
    const diagnosis = await diagnose(file);
    expect(diagnosis.captures[0]).toMatchObject({ format: 'erf', linkTypes: ['ERF'], warnings: [] });
    expect(essence(diagnosis)).toEqual(essence(await diagnose(plain)));
  });
});

const small = readRecording(join(CAPTURES, 'closed-port.pcap'));

test('cut at any octet it is the records before the cut, and that is said', () => {
  const file = erf(small);
  const whole = readAll(file).records;
  const first = new DataView(file.buffer).getUint16(10);
  for (let end = 16; end < file.length; end++) {
    const { records, info } = readAll(file.subarray(0, end));
    expect(records).toEqual(whole.slice(0, records.length));
    expect(info.warnings.map(({ code }) => code)).toEqual(end === first ? [] : ['cut-record']);
  }
});

test.each([
  ['a record shorter than its header', 10, 0],
  ['a type that is none', 8, 0x7f],
])('%s: what came before is kept, and the frame and its octet are named', (_, at, value) => {
  const file = erf(small).slice();
  const first = new DataView(file.buffer).getUint16(10);
  file.set([value, value], first + at);
  const { records, info } = readAll(file);
  expect(records).toHaveLength(1);
  expect(info.warnings[0]?.text).toContain(`frame 2 (at octet ${first})`);
});

test('what the card lost is known', () => {
  expect(readAll(erf(small, { lost: 7 })).info.dropped).toBe(7 * small.packets.length);
});

test('in a folder it is told by a header that makes sense and the ending of its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-erf-'));
  try {
    const put = (name: string, content: Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return isCapture(join(folder, name));
    };
    expect(put('a.erf', erf(small))).toBe(true);
    expect(put('a.bin', erf(small))).toBe(false);
    expect(put('b.erf', octets(0x7f, 'ELF', new Uint8Array(60)))).toBe(false);
    expect(put('a.text', octets('10:00:00.1 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [R]'))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.skipIf(whyNot('tshark') !== null)('tshark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-erf-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(RECORDINGS)('counts the same RSTs in %s, in the same frames', async (name) => {
    const file = join(folder, `${name}.erf`);
    // It begins with what the card says of itself.
    const recording = readRecording(join(CAPTURES, name));
    const meta = octets(
      [0, 4],
      little(Number(recording.epoch / 1_000_000_000n)),
      27,
      0,
      [32, 2],
      [0, 2],
      [16, 2],
      [2, 2],
      [8, 2],
      'a probe\0',
      [0, 4],
    );
    writeFileSync(file, concat([meta, erf(recording)]));
    const { captures, verdicts } = await diagnose(readFileSync(file));
    const listed = execFileSync('tshark', ['-r', file, '-Y', 'tcp.flags.reset==1', '-Tfields', '-e', 'frame.number']);
    const frames = listed.toString().trim().split('\n').map(Number);
    expect((captures[0]?.resets ?? 0) + (captures[0]?.resetCopies ?? 0)).toBe(frames.length);
    for (const { reset } of verdicts) expect(frames).toContain(reset.rst.frame);
  });
});
