import type { CaptureRecord } from '../capture/types.js';

/** The part of a record that a capture file keeps; a {@link CaptureRecord} is one. */
export type WrittenRecord = Pick<
  CaptureRecord,
  'time' | 'data' | 'start' | 'end' | 'originalLength' | 'linkType' | 'interfaceId' | 'direction'
>;

/**
 * A capture file in the making: each call returns the octets to append. Records keep their
 * captured octets, original length, link type and time.
 *
 *     out.write(writer.start()); for (…) out.write(writer.record(record));
 */
export interface CaptureWriter {
  /** What comes before the first record. */
  start(): Uint8Array;
  record(record: WrittenRecord, comments?: readonly string[]): Uint8Array;
}

/** Time of a record as whole seconds since 1970 and nanoseconds; nothing is before 1970. */
export function splitTime(epoch: bigint, time: number): { seconds: number; nanoseconds: number } {
  const epochSeconds = epoch / 1_000_000_000n;
  const sum = Number(epoch - epochSeconds * 1_000_000_000n) + Math.round(time);
  const more = Math.floor(sum / 1e9);
  const seconds = Number(epochSeconds) + more;
  return seconds < 0 ? { seconds: 0, nanoseconds: 0 } : { seconds, nanoseconds: sum - more * 1e9 };
}
