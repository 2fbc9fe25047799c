/** Capture files for tests, in every shape the readers claim to know. Independent of src/write on purpose. */

import { openReader } from '../../src/capture/open.js';
import { type CaptureInfo, type CaptureReader, CaptureRecord, type Direction } from '../../src/capture/types.js';
import { octets } from './packets.js';

/** 2023-11-14T22:13:20Z in seconds since 1970. */
export const EPOCH_SECONDS = 1_700_000_000;

export interface TestRecord {
  readonly data: Uint8Array;
  /** Nanoseconds since {@link EPOCH_SECONDS}; default a millisecond after the record before. */
  readonly time?: number;
  /** Octets on the wire, where more than `data` holds. */
  readonly originalLength?: number;
  /** pcapng and modified pcap. */
  readonly interfaceId?: number;
  /** pcapng: 1 inbound, 2 outbound. */
  readonly direction?: number;
}

type Records = readonly (Uint8Array | TestRecord)[];

function complete(records: Records): Required<TestRecord>[] {
  let last = -1_000_000;
  return records.map((one) => {
    const record = one instanceof Uint8Array ? { data: one } : one;
    last = record.time ?? last + 1_000_000;
    return { originalLength: record.data.length, interfaceId: 0, direction: 0, ...record, time: last };
  });
}

/** Numbers of a fixed width in either byte order. */
function numbers(littleEndian: boolean) {
  const number = (width: number) => (value: number | bigint) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)));
    const bigEndian = new Uint8Array(view.buffer).slice(8 - width);
    return littleEndian ? bigEndian.reverse() : bigEndian;
  };
  return { u16: number(2), u32: number(4), u64: number(8) };
}

export interface PcapOptions {
  readonly linkType?: number;
  readonly bigEndian?: boolean;
  readonly nanoseconds?: boolean;
  /** Kuznetzov's record header. */
  readonly modified?: boolean;
  readonly snaplen?: number;
}

/** A classic pcap file. */
export function pcap(records: Records, options: PcapOptions = {}): Uint8Array {
  const { u16, u32 } = numbers(!options.bigEndian);
  const magic = options.modified ? 0xa1b2cd34 : options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const parts: Uint8Array[] = [
    u32(magic),
    u16(2),
    u16(4),
    u32(0),
    u32(0),
    u32(options.snaplen ?? 262_144),
    u32(options.linkType ?? 1),
  ];
  for (const record of complete(records)) {
    const seconds = Math.floor(record.time / 1e9);
    const nanoseconds = record.time - seconds * 1e9;
    parts.push(u32(EPOCH_SECONDS + seconds), u32(options.nanoseconds ? nanoseconds : Math.floor(nanoseconds / 1000)));
    parts.push(u32(record.data.length), u32(record.originalLength));
    if (options.modified) parts.push(u32(record.interfaceId), u16(8), octets(record.direction === 2 ? 4 : 0, 0));
    parts.push(record.data);
  }
  return concat(parts);
}

export interface PcapngOptions {
  readonly bigEndian?: boolean;
  readonly interfaces?: readonly {
    readonly linkType?: number;
    readonly snaplen?: number;
    /** if_tsresol; default none, which means microseconds. */
    readonly resolution?: number;
    /** if_tsoffset in seconds; the timestamps are written so that the times come out the same. */
    readonly offset?: number;
  }[];
  /** Write Simple Packet Blocks or obsolete Packet Blocks instead of enhanced ones. */
  readonly block?: 'enhanced' | 'simple' | 'obsolete';
  /** Blocks put before each packet block: unknown ones must be passed over. */
  readonly between?: readonly Uint8Array[];
}

/** One section of a pcapng file; put several after each other for several sections. */
export function pcapng(records: Records, options: PcapngOptions = {}): Uint8Array {
  const { u16, u32, u64 } = numbers(!options.bigEndian);
  const block = (type: number, ...body: Uint8Array[]) => pcapngBlock(type, concat(body), options.bigEndian);
  const interfaces = options.interfaces ?? [{}];
  const parts = [block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(-1n))];
  for (const one of interfaces) {
    const opts: Uint8Array[] = [];
    if (one.resolution !== undefined) opts.push(u16(9), u16(1), octets(one.resolution, 0, 0, 0));
    if (one.offset !== undefined) opts.push(u16(14), u16(8), u64(BigInt(one.offset)));
    if (opts.length > 0) opts.push(u32(0));
    parts.push(block(1, u16(one.linkType ?? 1), u16(0), u32(one.snaplen ?? 262_144), ...opts));
  }
  for (const record of complete(records)) {
    parts.push(...(options.between ?? []));
    const source = interfaces[record.interfaceId] ?? {};
    const nanoseconds = BigInt(EPOCH_SECONDS - (source.offset ?? 0)) * 1_000_000_000n + BigInt(record.time);
    const ticks = toTicks(nanoseconds, source.resolution ?? 6);
    const time = [u32(ticks >> 32n), u32(ticks & 0xffffffffn)];
    const lengths = [u32(record.data.length), u32(record.originalLength)];
    const flags = record.direction === 0 ? [] : [u16(2), u16(4), u32(record.direction), u32(0)];
    const data = padded(record.data);
    if (options.block === 'simple') parts.push(block(3, u32(record.originalLength), data));
    else if (options.block === 'obsolete') {
      parts.push(block(2, u16(record.interfaceId), u16(0xffff), ...time, ...lengths, data, ...flags));
    } else parts.push(block(6, u32(record.interfaceId), ...time, ...lengths, data, ...flags));
  }
  return concat(parts);
}

/** A pcapng block of any type around a body, padded. */
export function pcapngBlock(type: number, body: Uint8Array, bigEndian = false): Uint8Array {
  const { u32 } = numbers(!bigEndian);
  const content = padded(body);
  const total = u32(content.length + 12);
  return concat([u32(type), total, content, total]);
}

function toTicks(nanoseconds: bigint, resolution: number): bigint {
  const exponent = BigInt(resolution & 0x7f);
  return resolution & 0x80
    ? (nanoseconds << exponent) / 1_000_000_000n
    : (nanoseconds * 10n ** exponent) / 1_000_000_000n;
}

function padded(data: Uint8Array): Uint8Array {
  return concat([data, new Uint8Array((4 - (data.length % 4)) % 4)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A record as a plain value, with octets of its own. */
export interface ReadRecord {
  readonly frame: number;
  readonly time: number;
  readonly octets: Uint8Array;
  readonly originalLength: number;
  readonly linkType: number;
  readonly interfaceId: number;
  readonly direction: Direction;
}

/** Reads a whole capture, handed over in chunks of the given sizes (repeated), each in a buffer that is overwritten afterwards. */
export function readAll(
  file: Uint8Array,
  chunkSizes: readonly number[] = [file.length || 1],
  reader: CaptureReader = openReader(),
): { records: ReadRecord[]; info: CaptureInfo } {
  const records: ReadRecord[] = [];
  const record = new CaptureRecord();
  const buffer = new Uint8Array(Math.max(...chunkSizes));
  for (let at = 0, i = 0; at < file.length; i++) {
    const size = Math.min(chunkSizes[i % chunkSizes.length]!, file.length - at);
    buffer.set(file.subarray(at, at + size));
    reader.push(buffer.subarray(0, size));
    while (reader.next(record)) records.push(plain(record));
    // The chunk was only valid until the next one.
    buffer.fill(0xdb);
    at += size;
  }
  reader.end();
  while (reader.next(record)) records.push(plain(record));
  return { records, info: reader.info };
}

function plain(record: CaptureRecord): ReadRecord {
  const { frame, time, data, start, end, originalLength, linkType, interfaceId, direction } = record;
  return { frame, time, octets: data.slice(start, end), originalLength, linkType, interfaceId, direction };
}

/** Number of the first record that differs, or null: `toEqual` on megabytes of octets takes minutes. */
export function firstDifference(a: readonly ReadRecord[], b: readonly ReadRecord[]): number | null {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined) return i + 1;
    const { octets: left, ...rest } = one;
    const { octets: right, ...otherRest } = other;
    const same = left.length === right.length && left.every((octet, at) => octet === right[at]);
    if (!same || JSON.stringify(rest) !== JSON.stringify(otherRest)) return i + 1;
  }
  return null;
}

/** The capture as a `Uint8Array[]` of chunks, for functions that take an iterable. */
export function chunked(file: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += size) chunks.push(file.slice(at, at + size));
  return chunks;
}
