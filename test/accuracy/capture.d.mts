import type { CapturedPacket } from './conditions.mjs';

/** A capture in the repository's own formats. */
export interface CaptureOnDisk {
  readonly records: readonly CapturedPacket[];
  /** Nanoseconds since 1970 of the first record. */
  readonly epoch: bigint;
  readonly format: string;
}

export function readCapture(path: string): CaptureOnDisk;
export function writeRecords(
  records: readonly CapturedPacket[],
  options: { readonly epoch: bigint; readonly snaplen?: number; readonly format?: 'pcap' | 'pcapng' },
): Uint8Array;
