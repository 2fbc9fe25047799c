import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openReader } from '../../src/capture/open.js';
import { CaptureError, type CaptureReader, CaptureRecord } from '../../src/capture/types.js';
import { pcapParserReader } from '../../src/node/index.js';
import { tcpChecksumValid } from '../../src/packet/checksum.js';
import { Decoder } from '../../src/packet/decode.js';
import { DECODED_TCP } from '../../src/packet/segment.js';
import { absent, HOSTILE } from '../support/files.js';

/** Reads and decodes all of it; what could be read, or the one error that is allowed. */
function readThrough(file: Uint8Array, chunk: number, reader: CaptureReader): string {
  const record = new CaptureRecord();
  const decoder = new Decoder();
  let summary = 0;
  try {
    for (let at = 0; at < file.length; at += chunk) {
      reader.push(file.slice(at, at + chunk));
      while (reader.next(record)) {
        expect(record.start).toBeLessThanOrEqual(record.end);
        expect(record.end).toBeLessThanOrEqual(record.data.length);
        expect(Number.isFinite(record.time)).toBe(true);
        const decoded = decoder.decode(record);
        const { payloadStart, payloadEnd, seq } = decoder.segment;
        if (decoded === DECODED_TCP) {
          expect(payloadStart).toBeLessThanOrEqual(payloadEnd);
          expect(payloadEnd).toBeLessThanOrEqual(record.end);
          tcpChecksumValid(decoder.segment);
        }
        summary = (Math.imul(summary, 31) + record.frame + decoded + (decoded === DECODED_TCP ? seq : 0)) | 0;
      }
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    expect(error.message).not.toContain('\n');
    return `${error.code}: ${error.message}`;
  }
  const { warnings, format } = reader.info;
  return `${format} ${summary} ${JSON.stringify(warnings)}`;
}

const reason = absent(HOSTILE);
describe('files made to break readers: no crash, no hang, no memory', () => {
  test.skipIf(reason)(reason ?? 'the folder is there', () => {});
  if (reason) return;
  for (const name of readdirSync(HOSTILE)) {
    test(name, () => {
      const octets = readFileSync(join(HOSTILE, name));
      const file = octets[0] === 0x1f && octets[1] === 0x8b ? gunzipSync(octets) : octets;
      const before = process.memoryUsage().arrayBuffers;
      const started = process.cpuUsage();
      const whole = readThrough(file, file.length || 1, openReader());
      // Of the processor, not of the clock: a busy machine does not hang. 10 s, where the slowest takes 0.2.
      expect(process.cpuUsage(started).user).toBeLessThan(10e6);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
      expect(readThrough(file, 61, openReader())).toBe(whole);
      const second = readThrough(file, 65_536, pcapParserReader());
      if (whole.startsWith('pcap ')) expect(second).toBe(whole);
      else expect(second).toMatch(/^(unsupported-format|unknown-format|cut-header|empty)/);
    });
  }
});
