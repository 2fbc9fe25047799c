import { BYTE_ORDER_MAGIC, ENHANCED_PACKET, INTERFACE_DESCRIPTION, SECTION_HEADER } from '../capture/pcapng.js';
import { DIRECTION_UNKNOWN } from '../capture/types.js';
import { joined } from '../packet/joined.js';
import { type CaptureWriter, splitTime, type WrittenRecord } from './writer.js';

export interface PcapngOptions {
  /** Nanoseconds since 1970 of time 0; null where the capture has no times. */
  readonly epoch: bigint | null;
  /** 0 where unknown or unlimited. */
  readonly snaplen?: number;
  /** Name and version of the program, for shb_userappl. */
  readonly application?: string;
  /** Comments on the file as a whole. */
  readonly comments?: readonly string[];
}

const COMMENT = 1;
const USER_APPLICATION = 4;
const TIMESTAMP_RESOLUTION = 9;
const FLAGS = 2;

/**
 * Writes pcapng (draft-ietf-opsawg-pcapng): one little-endian section, times in nanoseconds, an
 * interface described when its first record comes. Comments are opt_comment (§3.5), several per packet.
 */
export function pcapngWriter(options: PcapngOptions): CaptureWriter {
  const epoch = options.epoch ?? 0n;
  /** Numbers in this file by interface and link type in the capture that was read. */
  const interfaces = new Map<string, number>();

  return {
    start() {
      const header = [u32(BYTE_ORDER_MAGIC), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)];
      const comments = (options.comments ?? []).map((text) => option(COMMENT, utf8(text)));
      const application = options.application ? [option(USER_APPLICATION, utf8(options.application))] : [];
      return block(SECTION_HEADER, [...header, ...optionList([...comments, ...application])]);
    },
    record(record: WrittenRecord, comments: readonly string[] = []) {
      const key = `${record.interfaceId} ${record.linkType}`;
      let id = interfaces.get(key);
      const parts: Uint8Array[] = [];
      if (id === undefined) {
        id = interfaces.size;
        interfaces.set(key, id);
        const resolution = optionList([option(TIMESTAMP_RESOLUTION, Uint8Array.of(9))]);
        const description = [u16(record.linkType), u16(0), u32(options.snaplen ?? 0), ...resolution];
        parts.push(block(INTERFACE_DESCRIPTION, description));
      }
      const { seconds, nanoseconds } = splitTime(epoch, record.time);
      const ticks = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      const list = comments.map((text) => option(COMMENT, utf8(text)));
      if (record.direction !== DIRECTION_UNKNOWN) list.push(option(FLAGS, u32(record.direction)));
      parts.push(
        block(ENHANCED_PACKET, [
          u32(id),
          u32(Number(ticks >> 32n)),
          u32(Number(ticks & 0xffffffffn)),
          u32(record.end - record.start),
          u32(record.originalLength),
          padded(record.data.subarray(record.start, record.end)),
          ...optionList(list),
        ]),
      );
      return parts.length === 1 ? parts[0]! : joined(parts);
    },
  };
}

/** A block with its length at both ends (§3.1). */
function block(type: number, body: readonly Uint8Array[]): Uint8Array {
  const length = body.reduce((total, part) => total + part.length, 12);
  return joined([u32(type), u32(length), ...body, u32(length)]);
}

/** Options with the one that ends them (§3.5), or nothing at all. */
function optionList(options: readonly Uint8Array[]): readonly Uint8Array[] {
  return options.length === 0 ? [] : [...options, u32(0)];
}

function option(code: number, value: Uint8Array): Uint8Array {
  return joined([u16(code), u16(value.length), padded(value)]);
}

/** At most the 65,535 octets an option can have, cut between characters. */
function utf8(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text);
  if (octets.length <= 0xffff) return octets;
  let end = 0xffff;
  while ((octets[end]! & 0xc0) === 0x80) end--;
  return octets.subarray(0, end);
}

function padded(data: Uint8Array): Uint8Array {
  const rest = (4 - (data.length % 4)) % 4;
  return rest === 0 ? data : joined([data, new Uint8Array(rest)]);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff);
}
