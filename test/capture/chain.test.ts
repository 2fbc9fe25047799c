/** Captures one after the other: frames and times go on, and what is no capture is passed over. */
import { expect, test } from 'vitest';
import { ChainedReader } from '../../src/capture/chain.js';
import { CaptureError, CaptureRecord } from '../../src/capture/types.js';
import { pcap } from '../support/captures.js';
import { tcpPacket } from '../support/packets.js';

const packet = tcpPacket({ flags: 'S' });
const from = (seconds: number, count = 2) =>
  pcap(Array.from({ length: count }, (_, i) => ({ data: packet, time: seconds * 1e9 + i * 1e6 })));

/** Frames and times of the records, of files as they are pushed. */
function read(files: readonly Uint8Array[]): { frames: number[]; times: number[]; reader: ChainedReader } {
  const reader = new ChainedReader();
  const record = new CaptureRecord();
  const frames: number[] = [];
  const times: number[] = [];
  const drain = () => {
    while (reader.next(record)) {
      frames.push(record.frame);
      times.push(record.time / 1e9);
    }
  };
  files.forEach((file, i) => {
    if (i > 0) reader.restart();
    reader.push(file);
    drain();
  });
  reader.end();
  drain();
  return { frames, times, reader };
}

test('frames count on, and times are since the first record of the first', () => {
  const { frames, times, reader } = read([from(10), from(20), from(90, 1)]);
  expect(frames).toEqual([1, 2, 3, 4, 5]);
  expect(times).toEqual([0, 0.001, 10, 10.001, 80]);
  expect(reader.info).toMatchObject({ format: 'pcap', linkTypes: [1], warnings: [] });
});

test('a first file without records gives the next one the first time', () => {
  const { frames, times } = read([pcap([]), from(20), from(21)]);
  expect(frames).toEqual([1, 2, 3, 4]);
  expect(times).toEqual([0, 0.001, 1, 1.001]);
});

test('a record that the end of its file cuts is a warning, and the next file is read', () => {
  const { frames, reader } = read([from(10).subarray(0, -5), from(20)]);
  expect(frames).toEqual([1, 2, 3]);
  expect(reader.info.warnings).toMatchObject([{ code: 'cut-record', count: 1 }]);
});

test('what is no capture is a warning between others, and an error where it is the first', () => {
  const junk = new Uint8Array(400).fill(0x55);
  const { frames, reader } = read([from(10), junk, from(20)]);
  expect(frames).toEqual([1, 2, 3, 4]);
  expect(reader.info.warnings).toMatchObject([{ code: 'unknown-format', count: 1 }]);
  expect(() => read([junk, from(10)])).toThrow(CaptureError);
});

test('restarted before anything came, nothing happens', () => {
  const reader = new ChainedReader();
  reader.restart();
  reader.restart();
  expect(() => reader.end()).toThrow('the file is empty');
});
