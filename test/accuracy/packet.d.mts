import type { CapturedPacket } from './conditions.mjs';

export const FIN: 1;
export const SYN: 2;
export const RST: 4;
export const ACK: 16;

export interface Located {
  /** `address:port` in hexadecimal and decimal; only good for comparing. */
  readonly from: string;
  readonly to: string;
  readonly key: string;
  readonly control: number;
  /** Payload octets on the wire. */
  readonly length: number;
  /** Offsets of the IP and TCP headers. */
  readonly start: number;
  readonly tcp: number;
}

type Framed = Pick<CapturedPacket, 'data' | 'linkType'>;

export function network(record: Framed): { etherType: number; start: number; mac: Uint8Array } | null;
export function segment(record: Framed): Located | null;
export function oneHopOn<T extends Framed>(record: T): T;
