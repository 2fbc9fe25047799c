import { PCAP_MAGIC, PCAP_MAGIC_NANOSECONDS } from '../capture/pcap.js';
import { CaptureError } from '../capture/types.js';
import { type CaptureWriter, splitTime, type WrittenRecord } from './writer.js';

export interface PcapOptions {
  /** Nanoseconds since 1970 of time 0; null where the capture has no times. */
  readonly epoch: bigint | null;
  readonly linkType: number;
  /** 0 where unknown. */
  readonly snaplen?: number;
  /** Microseconds are read by every tool there is; see {@link needsNanoseconds}. */
  readonly nanoseconds?: boolean;
}

/** Would microseconds lose something of these times? */
export function needsNanoseconds(epoch: bigint | null, times: Iterable<number>): boolean {
  const base = Number((epoch ?? 0n) % 1000n);
  for (const time of times) if ((base + Math.round(time)) % 1000 !== 0) return true;
  return false;
}

/** Writes classic pcap (draft-ietf-opsawg-pcap): one link type, no interfaces, no comments. */
export function pcapWriter(options: PcapOptions): CaptureWriter {
  const epoch = options.epoch ?? 0n;
  return {
    start() {
      const header = new Uint8Array(24);
      const view = new DataView(header.buffer);
      view.setUint32(0, options.nanoseconds ? PCAP_MAGIC_NANOSECONDS : PCAP_MAGIC, true);
      view.setUint16(4, 2, true);
      view.setUint16(6, 4, true);
      // 0 would mean that nothing was captured to readers that take it literally.
      view.setUint32(16, options.snaplen || 262_144, true);
      view.setUint32(20, options.linkType, true);
      return header;
    },
    record(record: WrittenRecord) {
      if (record.linkType !== options.linkType) {
        const text = `a pcap file has one link type (here ${options.linkType}, now ${record.linkType}): write pcapng`;
        throw new CaptureError('unsupported-format', text);
      }
      const octets = new Uint8Array(16 + record.end - record.start);
      const view = new DataView(octets.buffer);
      const { seconds, nanoseconds } = splitTime(epoch, record.time);
      view.setUint32(0, seconds, true);
      view.setUint32(4, options.nanoseconds ? nanoseconds : Math.floor(nanoseconds / 1000), true);
      view.setUint32(8, record.end - record.start, true);
      view.setUint32(12, record.originalLength, true);
      octets.set(record.data.subarray(record.start, record.end), 16);
      return octets;
    },
  };
}
