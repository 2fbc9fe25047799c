import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { frameComments } from '../../src/report/comments.js';
import { annotated } from '../../src/write/annotate.js';
import { chunked, concat, pcap, pcapng, pcapngBlock, readAll } from '../support/captures.js';
import { tcpPacket } from '../support/packets.js';

const packets = [1, 2, 3, 4].map((seq) => tcpPacket({ seq, payload: 'x'.repeat(seq) }));
const COMMENTS = new Map([
  [2, ['first: ünïcode', 'second']],
  [4, ['last']],
]);

async function annotate(file: Uint8Array, comments = COMMENTS, size = file.length || 1): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of annotated(chunked(file, size), comments, 'whyrst test')) parts.push(part);
  return concat(parts);
}

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyrst-annotate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function tshark(file: Uint8Array, ...options: string[]): string[] {
  const path = join(folder, 'x.pcapng');
  writeFileSync(path, file);
  const { stdout, stderr, status } = spawnSync('tshark', ['-r', path, ...options], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('annotate', () => {
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['pcap', pcap(packets)],
    ['pcap in nanoseconds', pcap(packets, { nanoseconds: true, bigEndian: true })],
    ['pcapng', pcapng(packets)],
    [
      'big-endian pcapng with options',
      pcapng(
        packets.map((data) => ({ data, direction: 2 })),
        { bigEndian: true },
      ),
    ],
    ['obsolete packet blocks', pcapng(packets, { block: 'obsolete' })],
    ['two sections', concat([pcapng(packets.slice(0, 2)), pcapng(packets.slice(2), { bigEndian: true })])],
    ['unknown blocks in between', pcapng(packets, { between: [pcapngBlock(0x0bad, new Uint8Array(40))] })],
  ];

  it.each(files)('keeps every record as it was: %s', async (_, file) => {
    const { records } = readAll(file);
    expect(readAll(await annotate(file)).records).toEqual(records);
  });

  it.each(files)('writes the same for any chunking: %s', async (_, file) => {
    const whole = await annotate(file);
    for (const size of [1, 7, 33]) expect(await annotate(file, COMMENTS, size)).toEqual(whole);
  });

  // tshark 4.0 counts blocks that it does not know as frames; Wireshark's own writers make none.
  it.skipIf(!hasTshark).each(files.slice(0, -1))('is read by tshark, comments on their frames: %s', async (_, file) => {
    const fields = ['-T', 'fields', '-e', 'frame.number', '-e', 'frame.comment', '-E', 'aggregator=|'];
    expect(tshark(await annotate(file), '-Y', 'frame.comment', ...fields)).toEqual([
      '2\tfirst: ünïcode|second',
      '4\tlast',
    ]);
  });

  it('copies pcapng byte for byte where there is nothing to say', async () => {
    for (const [, file] of files.slice(2)) expect(await annotate(file, new Map())).toEqual(file);
  });

  it('passes on what follows damage, uninterpreted', async () => {
    const file = concat([pcapng(packets), pcapngBlock(6, new Uint8Array(8)), new Uint8Array([1, 2, 3])]);
    file[file.length - 15] = 0xff;
    expect((await annotate(file, new Map())).length).toBe(file.length);
  });

  it.skipIf(!hasTshark)('puts the verdict of a recording on its evidence', async () => {
    const file = readFileSync(new URL('../../captures/keepalive-race-after-fin.pcap', import.meta.url));
    const diagnosis = await diagnose(file, { file: 'x.pcap' });
    const lines = tshark(
      await annotate(file, new Map([...frameComments(diagnosis)].map(([frame, list]) => [frame, [...list]]))),
      '-Y',
      'frame.comment',
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-e',
      'frame.comment',
    );
    const verdict = diagnosis.verdicts[0]!;
    const rst = lines.find((line) => line.startsWith(`${verdict.reset.rst.frame}\t`));
    expect(rst).toContain(`whyrst: ${verdict.cause.id} (${verdict.confidence}).`);
    const frames = new Set(verdict.evidence.map(({ frame }) => frame).filter((frame) => frame !== null));
    expect(lines.length).toBe(new Set([...frames, verdict.reset.rst.frame]).size);
  });
});
