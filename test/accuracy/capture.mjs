/** Capture files as lists of records and back. */
import { readFileSync } from 'node:fs';
import { openReader } from '../../dist/capture/open.js';
import { CaptureRecord } from '../../dist/capture/types.js';
import { needsNanoseconds, pcapWriter } from '../../dist/write/pcap.js';
import { pcapngWriter } from '../../dist/write/pcapng.js';

/** All records of a file, each with octets of its own, and the time of the first. */
export function readRecords(octets) {
  const reader = openReader();
  const record = new CaptureRecord();
  const records = [];
  const drain = () => {
    while (reader.next(record)) {
      const { frame, time, data, start, end, originalLength, linkType, interfaceId, direction } = record;
      records.push({ frame, time, data: data.slice(start, end), originalLength, linkType, interfaceId, direction });
    }
  };
  reader.push(octets);
  drain();
  reader.end();
  drain();
  return { records, epoch: reader.info.epoch, format: reader.info.format, snaplen: reader.info.snaplen };
}

export function readCapture(path) {
  return readRecords(readFileSync(path));
}

/** The records as a capture file: classic pcap unless that cannot hold them. */
export function writeRecords(records, { epoch, snaplen = 0, format = 'pcap' }) {
  const linkTypes = new Set(records.map((record) => record.linkType));
  const nanoseconds = needsNanoseconds(
    epoch,
    records.map((record) => record.time),
  );
  const writer =
    format === 'pcapng' || linkTypes.size > 1
      ? pcapngWriter({ epoch, snaplen })
      : pcapWriter({ epoch, snaplen, nanoseconds, linkType: [...linkTypes][0] ?? 1 });
  const parts = [writer.start()];
  for (const record of records) parts.push(writer.record({ ...record, start: 0, end: record.data.length }));
  return Buffer.concat(parts);
}
