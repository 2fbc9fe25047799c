/** RFC 1761: what Solaris' snoop and editcap write. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/types.js';
import { diagnose } from '../../src/diagnose.js';
import { concat, readAll } from '../support/captures.js';
import { octets } from '../support/packets.js';
import { whyNot } from '../support/printed.js';
import { capture, essence, type Recording, readRecording } from '../support/rewrite.js';

const CAPTURES = new URL('../../captures/', import.meta.url).pathname;
const RECORDINGS = [
  'keepalive-race-after-fin.pcap',
  'forged-reset.pcap',
  'closed-port.pcap',
  'process-exit.pool-of-100.pcap',
];

function snoop({ packets, epoch }: Recording, { datalink = 4, drops = 0, padding = 0 } = {}): Uint8Array {
  const records = packets.map(({ data, originalLength, time }) => {
    const at = epoch + BigInt(Math.round(time));
    const fill = ((4 - (data.length % 4)) % 4) + padding;
    return octets(
      [originalLength, 4],
      [data.length, 4],
      [24 + data.length + fill, 4],
      [drops, 4],
      [Number(at / 1_000_000_000n), 4],
      [Number((at % 1_000_000_000n) / 1000n), 4],
      data,
      new Uint8Array(fill),
    );
  });
  return concat([octets('snoop', 0, 0, 0, [2, 4], [datalink, 4]), ...records]);
}

/** To the microsecond, as snoop keeps times. */
function coarse(recording: Recording): Recording {
  const epoch = (recording.epoch / 1000n) * 1000n;
  const packets = recording.packets.map((packet) => {
    const at = recording.epoch + BigInt(Math.round(packet.time));
    return { ...packet, time: Number((at / 1000n) * 1000n - epoch) };
  });
  return { ...recording, epoch, packets };
}

describe.each(RECORDINGS)('%s', (name) => {
  const recording = coarse(readRecording(join(CAPTURES, name)));
  const pcap = capture(recording.packets, recording.epoch);

  test.each([{}, { datalink: 0 }, { padding: 8 }])(
    'as snoop (%j) it has the same records and verdicts',
    async (how) => {
      const file = snoop(recording, how);
      const essential = (all: ReturnType<typeof readAll>) =>
        all.records.map(({ frame, time, octets: data, originalLength, linkType }) => [
          frame,
          time,
          data,
          originalLength,
          linkType,
        ]);
      expect(essential(readAll(file))).toEqual(essential(readAll(pcap)));
      const diagnosis = await diagnose(file);
      expect(diagnosis.captures[0]).toMatchObject({ format: 'snoop', warnings: [] });
      expect(essence(diagnosis)).toEqual(essence(await diagnose(pcap)));
    },
  );
});

const small = coarse(readRecording(join(CAPTURES, 'closed-port.pcap')));

test('cut at any octet it is an error of its header, or the records before the cut', () => {
  const file = snoop(small);
  const whole = readAll(file).records;
  for (let end = 1; end < file.length; end++) {
    const cut = file.subarray(0, end);
    if (end < 16) expect(() => readAll(cut)).toThrow(CaptureError);
    else {
      const { records, info } = readAll(cut);
      expect(records).toEqual(whole.slice(0, records.length));
      const between = [16, ...whole.map((_, index) => lengthTo(file, index + 1))].includes(end);
      expect(info.warnings.map(({ code }) => code)).toEqual(between ? [] : ['cut-record']);
    }
  }
});

/** Octets up to the end of a record. */
function lengthTo(file: Uint8Array, records: number): number {
  const view = new DataView(file.buffer, file.byteOffset);
  let at = 16;
  for (let index = 0; index < records; index++) at += view.getUint32(at + 8);
  return at;
}

test.each<[string, number, number]>([
  ['more octets than the record', 4, 10_000],
  ['more than any packet has', 4, 0xffff_ffff],
  ['a record shorter than its header', 8, 8],
  ['a record of gigabytes', 8, 0xffff_fff0],
])('%s: what came before is kept, and that is said', (_, at, value) => {
  const file = snoop(small).slice();
  new DataView(file.buffer).setUint32(lengthTo(file, 1) + at, value);
  const { records, info } = readAll(file);
  expect(records).toHaveLength(1);
  expect(info.warnings.map(({ code, frame }) => [code, frame])).toEqual([['corrupt-record', 2]]);
});

test('what the capture dropped is known', () => {
  expect(readAll(snoop(small, { drops: 7 })).info.dropped).toBe(7);
});

describe.skipIf(whyNot('editcap') !== null || whyNot('tshark') !== null)('what editcap writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-snoop-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(RECORDINGS)('%s: the same verdicts, and the RSTs that tshark counts', async (name) => {
    const file = join(folder, `${name}.snoop`);
    execFileSync('editcap', ['-F', 'snoop', join(CAPTURES, name), file]);
    const diagnosis = await diagnose(readFileSync(file));
    expect(essence(diagnosis)).toEqual(
      essence(await diagnose(capture(coarse(readRecording(join(CAPTURES, name))).packets, 0n))),
    );
    const listed = execFileSync('tshark', [
      '-r',
      file,
      '-Y',
      'tcp.flags.reset==1',
      '-T',
      'fields',
      '-e',
      'frame.number',
    ]);
    const [{ resets = 0, resetCopies = 0 } = {}] = diagnosis.captures;
    expect(resets + resetCopies).toBe(listed.toString().trim().split('\n').length);
  });
});
