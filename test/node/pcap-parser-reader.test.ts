import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/types.js';
import { pcapParserReader } from '../../src/node/index.js';
import { firstDifference, pcap, pcapng, readAll } from '../support/captures.js';
import { absent, CAPTURES, captureFiles, FIELDLAB, LABELLED } from '../support/files.js';
import { tcpPacket } from '../support/packets.js';

const PACKETS = [tcpPacket({ flags: 'S' }), tcpPacket({ flags: 'RA' }), tcpPacket({ payload: 'hello' })];

function byPcapParser(file: Uint8Array, chunks?: number[]) {
  return readAll(file, chunks, pcapParserReader());
}

function refusal(file: Uint8Array): CaptureError {
  try {
    byPcapParser(file);
  } catch (error) {
    if (error instanceof CaptureError) return error;
    throw error;
  }
  throw new Error('was read');
}

describe('reads what our own reader reads', () => {
  for (const bigEndian of [false, true]) {
    test(bigEndian ? 'big-endian' : 'little-endian', () => {
      const file = pcap(PACKETS, { bigEndian, linkType: 0xf0000001 });
      expect(byPcapParser(file)).toEqual(readAll(file));
    });
  }

  test('in any chunks', () => {
    const file = pcap(PACKETS);
    const whole = readAll(file);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        expect(byPcapParser(file, sizes)).toEqual(whole);
      }),
      { numRuns: 25, examples: [[[1]]] },
    );
  });

  test('cut anywhere', () => {
    const file = pcap(PACKETS);
    for (let length = 24; length <= file.length; length++) {
      expect(byPcapParser(file.subarray(0, length), [64])).toEqual(readAll(file.subarray(0, length)));
    }
  });

  test('with a length that cannot be: no gathering of the rest', () => {
    const packets = Array.from({ length: 4000 }, () => tcpPacket({ payload: 'x'.repeat(1000) }));
    const file = pcap(packets);
    new DataView(file.buffer).setUint32(24 + 2 * (16 + 1054) + 8, 0x7fffffff, true);
    const started = performance.now();
    const { records, info } = byPcapParser(file, [65_536]);
    expect(performance.now() - started).toBeLessThan(1000);
    const ours = readAll(file);
    expect(firstDifference(ours.records, records)).toBeNull();
    expect(info).toEqual(ours.info);
    expect(info.warnings).toMatchObject([{ code: 'corrupt-record', frame: 3 }]);
  });
});

describe('says what it does not read', () => {
  test('other formats', () => {
    expect(refusal(pcapng(PACKETS))).toMatchObject({ code: 'unsupported-format' });
    expect(refusal(pcap(PACKETS, { nanoseconds: true })).message).toContain('pcap in nanoseconds');
    expect(refusal(pcap(PACKETS, { modified: true, bigEndian: true })).message).toContain('a1b2cd34');
    expect(refusal(new TextEncoder().encode('not a capture at all'))).toMatchObject({ code: 'unsupported-format' });
    expect(refusal(new TextEncoder().encode('hi'))).toMatchObject({ code: 'unsupported-format' });
    expect(refusal(new Uint8Array(0))).toMatchObject({ code: 'empty' });
    expect(refusal(pcap(PACKETS).subarray(0, 20))).toMatchObject({ code: 'cut-header', needed: 24, had: 20 });
  });
});

describe.each([
  ['captures', CAPTURES],
  ['fieldlab', FIELDLAB],
  ['labelled', LABELLED],
])('our reader against pcap-parser on every classic capture: %s', (_, folder) => {
  const reason = absent(folder);
  test.skipIf(reason)(reason ?? 'the folder is there', () => {});
  for (const path of captureFiles(folder)) {
    test(basename(path), ({ skip }) => {
      const octets = readFileSync(path);
      const file = path.endsWith('.gz') ? gunzipSync(octets) : octets;
      const ours = readAll(file);
      if (ours.info.format !== 'pcap') skip(`${ours.info.format} is not read by pcap-parser`);
      const theirs = byPcapParser(file, [65_536]);
      expect(firstDifference(ours.records, theirs.records)).toBeNull();
      expect(theirs.info).toEqual(ours.info);
    });
  }
});
