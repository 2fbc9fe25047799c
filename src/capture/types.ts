/**
 * The contract between a capture reader and the rest: records come out one at a time through one
 * reused object, so that a capture of millions of packets allocates next to nothing.
 */

/** Direction of a record at its interface, where the capture says so (pcapng epb_flags, Linux cooked). */
export type Direction = 0 | 1 | 2;
export const DIRECTION_UNKNOWN = 0;
export const DIRECTION_INBOUND = 1;
export const DIRECTION_OUTBOUND = 2;

/**
 * One captured packet. There is one such object per reader and it is reused: every field is valid
 * **until the next call** of {@link CaptureReader.next}.
 */
export class CaptureRecord {
  /** 1-based number in the file, as tcpdump and Wireshark count; of a series, through all its files. */
  frame = 0;
  /** Nanoseconds since the first record of the capture (float64: exact for 104 days); may run backwards. */
  time = 0;
  /** The buffer that holds the captured octets, from `start` to `end`. */
  data: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Octets the packet had on the wire; `end - start` is less where a snaplen cut it. */
  originalLength = 0;
  /** LINKTYPE_ value of the interface (https://www.tcpdump.org/linktypes.html), reserved bits masked off. */
  linkType = 0;
  /** Number of the interface in the capture, counted over all sections; 0 in classic pcap. */
  interfaceId = 0;
  direction: Direction = DIRECTION_UNKNOWN;
  /** What the octets do not really tell, as ABSENT_ bits: a capture that was read from text has fields nobody printed. */
  absent = 0;
}

/** Fields of {@link CaptureRecord.absent}: they hold what fills the room, and nothing may be concluded from them. */
export const ABSENT_TTL = 1;
export const ABSENT_IP_ID = 2;
export const ABSENT_DF = 4;
export const ABSENT_CHECKSUM = 8;
/** The sequence number counts from where no other of the connection does. */
export const ABSENT_SEQ = 16;
/** Packets of the connection before this one were not understood: anything may have been in them. */
export const ABSENT_PACKETS = 64;
/** The record has no time of its own: it bears that of the record before. */
export const ABSENT_TIME = 32;

/** Something that could be survived. `code` is stable, `text` is one plain sentence. */
export interface Warning {
  readonly code: string;
  readonly count: number;
  /** First frame it concerns, or null. */
  readonly frame: number | null;
  readonly text: string;
}

/** What a reader knows of the capture as a whole; complete only after `end()`. */
export interface CaptureInfo {
  /** `'pcap'`, `'pcap-ns'`, `'pcapng'`, `'snoop'`, `'erf'`, `'tcpdump-text'`, `'tshark-text'` or `'wireshark-csv'`. */
  readonly format: string;
  /** LINKTYPE_ values that occur, in order of first appearance. */
  readonly linkTypes: readonly number[];
  /** Time of the first record in nanoseconds since 1970-01-01T00:00:00Z; null while there is no record. */
  readonly epoch: bigint | null;
  /** Largest number of octets kept of a packet as the headers state it; 0 = unlimited or unknown. */
  readonly snaplen: number;
  /** Packets the capture itself reports as dropped (pcapng ISB, epb_dropcount). */
  readonly dropped: number;
  readonly warnings: readonly Warning[];
  /** What the format does not hold of its packets, in words that follow "it has no": `TTL`, `payload`. */
  readonly lacks?: readonly string[];
  /** What stands for the names of hosts and services of which the text does not tell the number: `240.0.0.1` → `web`. */
  readonly standIns?: ReadonlyMap<string, string>;
  /** Of a run that was read from several files, in the order of reading; absent where one file is the run. */
  readonly files?: readonly CaptureFileInfo[];
}

/** One file of several that are one run. */
export interface CaptureFileInfo {
  /** Its name. */
  readonly file: string;
  readonly records: number;
  /** Times of its first and its latest record in nanoseconds since 1970-01-01T00:00:00Z; null without records. */
  readonly first: bigint | null;
  readonly last: bigint | null;
}

/**
 * A capture format being read from chunks. Synchronous: only the arrival of chunks is asynchronous.
 *
 *     reader.push(chunk); while (reader.next(record)) use(record); … ; reader.end();
 *
 * `next` returns false when it needs another chunk. Only {@link CaptureError} is ever thrown, and
 * only when nothing sensible can follow.
 */
export interface CaptureReader {
  push(chunk: Uint8Array): void;
  next(record: CaptureRecord): boolean;
  /** No chunk will follow: what is left over becomes a warning (a cut last record). */
  end(): void;
  readonly info: CaptureInfo;
  /** Frames before each file, of a run that is read from several (borders.ts). */
  readonly borders?: readonly number[];
}

export type CaptureErrorCode =
  | 'empty' // no octets at all
  | 'unknown-format' // the first octets are no magic number that is known
  | 'unsupported-format' // known, but not read
  | 'cut-header' // the file ends inside its own header
  | 'corrupt' // a length that cannot be
  | 'unreadable'; // the operating system said no

/** Reading cannot go on. `message` is the one line a person gets; offsets are octets from the start of the (decompressed) file. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  constructor(
    readonly code: CaptureErrorCode,
    message: string,
    readonly offset: number | null = null,
    readonly needed: number | null = null,
    readonly had: number | null = null,
  ) {
    super(message);
  }
}
