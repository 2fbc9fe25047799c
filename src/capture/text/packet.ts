import type { Direction } from '../types.js';
import type { TextIcmp } from './icmp-error.js';

/** A time as a line gives it, before it is known what it counts from. */
export interface WrittenTime {
  /**
   * `date`: ns since 1970, from a date and a time of day; `epoch`: the same, from seconds; `day`: ns since midnight;
   * `seconds`: ns since some start.
   */
  readonly kind: 'date' | 'epoch' | 'day' | 'seconds';
  readonly ns: bigint;
}

/** One packet as a line of text tells it. What the line does not say is null: absent, not 0. */
export interface TextPacket {
  /** Number of its (first) line. */
  readonly line: number;
  /** Its frame number as the text has it; null where it has none. */
  readonly number: number | null;
  readonly time: WrittenTime | null;
  readonly interfaceName: string | null;
  readonly direction: Direction;
  readonly macSource: Uint8Array | null;
  readonly macDestination: Uint8Array | null;
  /** 4 or 16 octets. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly ttl: number | null;
  readonly ipId: number | null;
  readonly df: boolean | null;
  readonly tos: number | null;
  /** null: something other than TCP, known only to have been there. */
  readonly tcp: TextSegment | null;
  /** An error about a segment; null: something else, of which no more is known. */
  readonly icmp?: TextIcmp | null;
}

export interface TextSegment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly control: number;
  /** As printed, relative or absolute; null where tcpdump leaves it out (segments that occupy no sequence space). */
  seq: number | null;
  ack: number | null;
  readonly window: number;
  readonly options: readonly TextOption[];
  /** Payload octets on the wire. */
  readonly length: number;
  /** Octets of the TCP header, where the line tells more of them than of the options; null: those of the options printed. */
  readonly headerLength: number | null;
  /** Its first octets, where the line holds any. */
  readonly payload: Uint8Array;
  /** What the line says of the checksum; null: nothing. */
  readonly checksumValid: boolean | null;
  /** The printed number counts from where nothing else in the text counts: it compares with none. */
  strange: boolean;
  /** Lines of this connection before it were not understood. */
  readonly isLossy: boolean;
  /** Are `seq` and `ack` absolute, as far as the text tells? */
  settled: boolean;
}

/** An address as a key. */
export function addressKey(address: Uint8Array): string {
  return address.join('.');
}

/** A TCP option (RFC 9293 §3.1); numbers of a SACK block are relative where acknowledgments are. */
export type TextOption =
  | { readonly kind: 'mss' | 'window-scale'; readonly value: number }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'sack'; readonly blocks: readonly { left: number; right: number }[] }
  | { readonly kind: 'mptcp'; readonly subtype: number }
  | { readonly kind: 'nop' | 'eol' | 'sack-permitted' | 'md5' | 'other' };
