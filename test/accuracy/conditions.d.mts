/** A captured packet; `frame` is its number in the recording that it was made from. */
export interface CapturedPacket {
  readonly frame: number;
  /** Nanoseconds since the first record. */
  readonly time: number;
  readonly data: Uint8Array;
  readonly originalLength: number;
  readonly linkType: number;
  readonly interfaceId: number;
  readonly direction: 0 | 1 | 2;
}

type Packets = readonly CapturedPacket[];

export interface Condition {
  readonly name: string;
  readonly apply: (records: Packets) => CapturedPacket[];
  readonly snaplen?: number;
  readonly format?: 'pcapng';
}

export const CONDITIONS: readonly Condition[];
export function snaplen(records: Packets, octets: number): CapturedPacket[];
export function withoutHandshakes(records: Packets): CapturedPacket[];
export function oneDirection(records: Packets, from: 'client' | 'server'): CapturedPacket[];
export function twiceAroundRouter(records: Packets): CapturedPacket[];
export function twiceOnAny(records: Packets): CapturedPacket[];
export function reordered(records: Packets): CapturedPacket[];
export function thinned(records: Packets, perMille: number, random: (below: number) => number): CapturedPacket[];
export function shuffled(records: Packets, perMille: number, random: (below: number) => number): CapturedPacket[];
export function tagged(records: Packets, tags: readonly (readonly [etherType: number, id: number])[]): CapturedPacket[];
export function vlan(records: Packets): CapturedPacket[];
export function qinq(records: Packets): CapturedPacket[];
export function cookedV1(records: Packets): CapturedPacket[];
export function cookedV2(records: Packets): CapturedPacket[];
export function onlyWith(records: Packets, bits: number): CapturedPacket[];
