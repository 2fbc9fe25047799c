/** When a capture begins and ends and what link it is of, from its first and last octets: a series is told before it is read. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { openReader } from '../../capture/open.js';
import { isPcapMagic, PCAP_MAGIC_MODIFIED, PCAP_MAGIC_NANOSECONDS } from '../../capture/pcap.js';
import { CaptureRecord } from '../../capture/types.js';
import { openCapture } from '../open-capture.js';

export interface CapturePeek {
  readonly path: string;
  /** Times of the first record and of the last, ns since 1970; null where there is none, or the end does not tell. */
  readonly first: bigint | null;
  readonly last: bigint | null;
  /** LINKTYPE_ of the first record; null without one. */
  readonly linkType: number | null;
  readonly octets: number;
  /** As CaptureInfo has it. */
  readonly format: string;
}

/** Octets read at the end, which a last record of the greatest length fits into twice. */
const TAIL = 1024 * 1024;
/** No first record within so many octets: something else than a rotated capture. */
const HEAD = 16 * 1024 * 1024;
/** Longest record that libpcap writes without saying so (its MAXIMUM_SNAPLEN). */
const LONGEST = 262_144;
/** So many records one behind the other, up to the last octet, are no coincidence. */
const SURE = 3;

/** @throws CaptureError where it is no capture that can be read */
export async function peek(path: string): Promise<CapturePeek> {
  const reader = openReader();
  const record = new CaptureRecord();
  let read = 0;
  let found = false;
  let head: Uint8Array | null = null;
  for await (const chunk of openCapture(path)) {
    head ??= chunk.slice(0, TAIL);
    reader.push(chunk);
    read += chunk.length;
    found = reader.next(record);
    if (found || read >= HEAD) break;
  }
  if (!found && read < HEAD) {
    reader.end();
    found = reader.next(record);
  }
  const { epoch, format } = reader.info;
  const first = found ? epoch : null;
  const descriptor = openSync(path, 'r');
  try {
    const octets = fstatSync(descriptor).size;
    const last = first === null || head === null ? null : lastTime(descriptor, octets, head, format);
    return {
      path,
      first,
      last: last !== null && first !== null && last >= first ? last : null,
      linkType: found ? record.linkType : null,
      octets,
      format,
    };
  } finally {
    closeSync(descriptor);
  }
}

/** null where it cannot be told without reading everything: a compressed file, or a text. */
function lastTime(descriptor: number, octets: number, head: Uint8Array, format: string): bigint | null {
  const from = Math.max(0, octets - TAIL);
  const tail = new Uint8Array(octets - from);
  let length = 0;
  while (length < tail.length) {
    const got = readSync(descriptor, tail, length, tail.length - length, from + length);
    if (got === 0) break;
    length += got;
  }
  // What was decompressed does not begin as the file does.
  if (from === 0 && head.some((octet, at) => octet !== tail[at])) return null;
  const view = new DataView(tail.buffer, 0, length);
  if (format === 'pcap' || format === 'pcap-ns') return lastOfPcap(view, head, from);
  return format === 'pcapng' ? lastOfPcapng(view, head) : null;
}

/** Records have no sign: the first place from which a chain of them reaches the end is where one begins. */
function lastOfPcap(view: DataView, head: Uint8Array, from: number): bigint | null {
  const header = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 24) return null;
  const littleEndian = !isPcapMagic(header.getUint32(0));
  const magic = header.getUint32(0, littleEndian);
  if (!isPcapMagic(magic)) return null;
  const fraction = magic === PCAP_MAGIC_NANOSECONDS ? 1 : 1000;
  const recordHeader = magic === PCAP_MAGIC_MODIFIED ? 24 : 16;
  const longest = Math.max(LONGEST, header.getUint32(16, littleEndian));
  const chain = (start: number): bigint | null => {
    let last = -1n;
    let records = 0;
    let at = start;
    while (at + recordHeader <= view.byteLength) {
      const captured = view.getUint32(at + 8, littleEndian);
      const parts = view.getUint32(at + 4, littleEndian);
      if (captured > longest || parts * fraction >= 1e9) return null;
      const next = at + recordHeader + captured;
      // The last record may be cut off.
      if (next > view.byteLength) break;
      const time = BigInt(view.getUint32(at, littleEndian)) * 1_000_000_000n + BigInt(parts * fraction);
      if (time > last) last = time;
      records += 1;
      at = next;
    }
    return records >= (from === 0 ? 1 : SURE) ? last : null;
  };
  if (from === 0) return chain(24);
  for (let start = 0; start < Math.min(view.byteLength, LONGEST + recordHeader); start += 1) {
    const last = chain(start);
    if (last !== null) return last;
  }
  return null;
}

const SECTION_HEADER = 0x0a0d0d0a;
const PACKET_BLOCKS = new Set([2, 3, 6]);
/** Blocks at the end that are looked at: of several interfaces the last block is not always the latest. */
const LAST_BLOCKS = 32;

/** Every block ends with its length: from the end backwards, and what precedes the first packet tells how to read it. */
function lastOfPcapng(view: DataView, head: Uint8Array): bigint | null {
  const header = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12 || header.getUint32(0) !== SECTION_HEADER) return null;
  const littleEndian = header.getUint32(8, true) === 0x1a2b3c4d;
  let begin = 0;
  for (;;) {
    if (begin + 12 > head.length) return null;
    const type = header.getUint32(begin, littleEndian);
    if (begin > 0 && PACKET_BLOCKS.has(type)) break;
    const length = header.getUint32(begin + 4, littleEndian);
    if (length < 12) return null;
    begin += length;
  }
  const blocks: Uint8Array[] = [];
  let end = view.byteLength;
  while (end >= 12 && blocks.length < LAST_BLOCKS) {
    const length = view.getUint32(end - 4, littleEndian);
    if (length < 12 || length > end || view.getUint32(end - length + 4, littleEndian) !== length) break;
    end -= length;
    const type = view.getUint32(end, littleEndian);
    if (type === SECTION_HEADER) break;
    if (PACKET_BLOCKS.has(type)) blocks.unshift(new Uint8Array(view.buffer, end, length));
  }
  if (blocks.length === 0) return null;
  const reader = openReader();
  const record = new CaptureRecord();
  let latest = -1;
  for (const piece of [head.slice(0, begin), ...blocks]) {
    reader.push(piece);
    while (reader.next(record)) latest = Math.max(latest, record.time);
  }
  const { epoch } = reader.info;
  return latest < 0 || epoch === null ? null : epoch + BigInt(Math.round(latest));
}
