import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/types.js';
import { needsNanoseconds, pcapWriter } from '../../src/write/pcap.js';
import { pcapngWriter } from '../../src/write/pcapng.js';
import type { CaptureWriter } from '../../src/write/writer.js';
import { concat, firstDifference, pcap, pcapng, type ReadRecord, readAll } from '../support/captures.js';
import { CAPTURES, captureFiles } from '../support/files.js';
import { octets, tcpPacket } from '../support/packets.js';

function write(
  writer: CaptureWriter,
  records: readonly ReadRecord[],
  comments: (frame: number) => string[] = () => [],
) {
  const parts = records.map((one) =>
    writer.record({ ...one, data: one.octets, start: 0, end: one.octets.length }, comments(one.frame)),
  );
  return concat([writer.start(), ...parts]);
}

const RECORDS = [
  { data: tcpPacket({ flags: 'S' }), time: 5_000 },
  { data: tcpPacket({ payload: 'odd' }).subarray(0, 55), time: 1_999_999_999, originalLength: 57, direction: 2 },
  { data: octets(), time: 1_000_000 },
];

describe('what is read again is what was written', () => {
  test('pcap in microseconds', () => {
    const file = pcap(RECORDS.map((one) => ({ ...one, time: one.time - (one.time % 1000) })));
    const { records, info } = readAll(file);
    expect(
      needsNanoseconds(
        info.epoch,
        records.map((one) => one.time),
      ),
    ).toBe(false);
    expect(write(pcapWriter({ epoch: info.epoch, linkType: 1, snaplen: info.snaplen }), records)).toEqual(file);
  });

  test('pcap in nanoseconds', () => {
    const file = pcap(RECORDS, { nanoseconds: true, linkType: 276, snaplen: 96 });
    const { records, info } = readAll(file);
    expect(
      needsNanoseconds(
        info.epoch,
        records.map((one) => one.time),
      ),
    ).toBe(true);
    const writer = pcapWriter({ epoch: info.epoch, linkType: 276, snaplen: 96, nanoseconds: true });
    expect(write(writer, records)).toEqual(file);
  });

  test('pcapng with several interfaces and directions', () => {
    const two = RECORDS.map((one, i) => ({ ...one, interfaceId: i % 2 }));
    const { records, info } = readAll(
      pcapng(two, {
        interfaces: [
          { linkType: 113, resolution: 9 },
          { linkType: 101, resolution: 9 },
        ],
      }),
    );
    const again = readAll(
      write(pcapngWriter({ epoch: info.epoch, application: 'whyrst' }), records, (frame) => [`frame ${frame}`]),
    );
    expect(again.records).toEqual(records);
    expect(again.info).toEqual({ ...info, snaplen: 0 });
  });

  test('a capture without times', () => {
    const { records, info } = readAll(pcapng([tcpPacket()], { block: 'simple' }));
    expect(readAll(write(pcapngWriter({ epoch: info.epoch }), records)).records).toEqual(records);
  });

  test('every capture here, as pcapng', () => {
    for (const path of captureFiles(CAPTURES)) {
      const { records, info } = readAll(readFileSync(path));
      const again = readAll(write(pcapngWriter({ epoch: info.epoch, snaplen: info.snaplen }), records));
      expect([basename(path), firstDifference(again.records, records)]).toEqual([basename(path), null]);
      expect(again.info.epoch).toBe(info.epoch);
    }
  });

  test('two link types do not fit into a pcap', () => {
    const writer = pcapWriter({ epoch: 0n, linkType: 1 });
    const { records } = readAll(pcap([tcpPacket()], { linkType: 113 }));
    expect(() => write(writer, records)).toThrow(CaptureError);
  });
});

describe('other tools read it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'whyrst-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const missing = spawnSync('tshark', ['--version']).error !== undefined;
  test.skipIf(missing)(missing ? 'skipped: there is no tshark' : 'tshark finds comments, times and lengths', () => {
    const { records, info } = readAll(pcap(RECORDS, { nanoseconds: true }));
    const path = join(folder, 'written.pcapng');
    const long = 'ä'.repeat(40_000);
    const comments = (frame: number) => (frame === 1 ? ['first', 'second, with ümlaut'] : frame === 2 ? [long] : []);
    writeFileSync(path, write(pcapngWriter({ epoch: info.epoch, comments: ['about the file'] }), records, comments));
    const fields = [
      '-e',
      'frame.time_epoch',
      '-e',
      'frame.len',
      '-e',
      'frame.cap_len',
      '-e',
      'frame.comment',
      '-E',
      'aggregator=/s',
    ];
    const { stdout } = spawnSync('tshark', ['-r', path, '-T', 'fields', ...fields], { encoding: 'utf8' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(lines[0]?.slice(0, 3)).toEqual(['1700000000.000005000', '54', '54']);
    expect(lines[0]?.[3]).toContain('first');
    expect(lines[0]?.[3]).toContain('second, with ümlaut');
    expect(lines[1]?.slice(0, 3)).toEqual(['1700000001.999999999', '57', '55']);
    expect(lines.length).toBe(3);
  });
});
