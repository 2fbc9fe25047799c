/** Packets for tests, built from the inside out: `ethernet(ipv4({ … }, tcp({ … })))`, or all at once with {@link tcpPacket}. */

import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../../src/tcp/control.js';

const LETTERS: Readonly<Record<string, number>> = {
  F: FIN,
  S: SYN,
  R: RST,
  P: PSH,
  A: ACK,
  U: URG,
  E: ECE,
  C: CWR,
  N: AE,
};

/** Control bits of `'SA'`, `'PA'`, `'R'`: letters in any order. */
export function controlBits(letters: string): number {
  let bits = 0;
  for (const letter of letters) {
    const bit = LETTERS[letter];
    if (bit === undefined) throw new Error(`no control bit is called ${letter}`);
    bits |= bit;
  }
  return bits;
}

/** An octet, text, octets, or a big-endian number of so many octets. */
export type Part = number | string | Uint8Array | readonly [number, number];

/** `octets(1, 'ab', [0x0102, 2], other)`: numbers are octets, pairs big-endian numbers of that many octets. */
export function octets(...parts: readonly Part[]): Uint8Array {
  const all: number[] = [];
  for (const part of parts) {
    if (typeof part === 'number') all.push(part & 0xff);
    else if (typeof part === 'string') all.push(...new TextEncoder().encode(part));
    else if (part instanceof Uint8Array) for (const octet of part) all.push(octet);
    else for (let i = part[1] - 1; i >= 0; i--) all.push(Math.floor(part[0] / 2 ** (8 * i)) & 0xff);
  }
  return Uint8Array.from(all);
}

/** `'10.0.0.1'` or `'fd00::1'` as 4 or 16 octets. */
export function addressOctets(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.').map(Number));
  const [left = '', right] = text.split('::') as [string, string?];
  const groups = (part: string | undefined): number[] =>
    part ? part.split(':').map((group) => Number.parseInt(group, 16)) : [];
  const head = groups(left);
  const tail = groups(right);
  const zeros = right === undefined ? [] : new Array<number>(8 - head.length - tail.length).fill(0);
  return octets(...[...head, ...zeros, ...tail].map((group) => [group, 2] as const));
}

export interface TcpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly seq?: number;
  readonly ack?: number;
  /** Letters of the control bits (`'SA'`), or the bits themselves. */
  readonly flags?: string | number;
  readonly window?: number;
  /** Options as octets; padded with end-of-list to a multiple of four. See {@link option}. */
  readonly options?: Uint8Array;
  readonly payload?: string | Uint8Array;
  /** Header length in octets where it is to be wrong. */
  readonly headerLength?: number;
  readonly checksum?: number;
}

/** TCP options as stacks lay them out. */
export const option = {
  nop: octets(1),
  mss: (value: number) => octets(2, 4, [value, 2]),
  windowScale: (shift: number) => octets(3, 3, shift),
  sackPermitted: octets(4, 2),
  sack: (...edges: readonly (readonly [number, number])[]) =>
    octets(5, 2 + 8 * edges.length, ...edges.flatMap(([l, r]) => [[l, 4] as const, [r, 4] as const])),
  timestamps: (value: number, echo: number) => octets(8, 10, [value, 4], [echo, 4]),
  md5: octets(19, 18, new Uint8Array(16)),
  ao: octets(29, 16, new Uint8Array(14)),
  /** MPTCP with a subtype and its octets (RFC 8684 §3). */
  mptcp: (subtype: number, ...rest: readonly number[]) => octets(30, 3 + rest.length, subtype << 4, ...rest),
} as const;

/** A TCP header with its payload; the checksum is left 0 unless given ({@link ipv4} and {@link ipv6} fill it in). */
export function tcp(fields: TcpFields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0);
  const padded = octets(options, new Uint8Array((4 - (options.length % 4)) % 4));
  const headerLength = fields.headerLength ?? 20 + padded.length;
  const flags = typeof fields.flags === 'number' ? fields.flags : controlBits(fields.flags ?? 'A');
  return octets(
    [fields.sourcePort ?? 40_000, 2],
    [fields.destinationPort ?? 80, 2],
    [(fields.seq ?? 1000) >>> 0, 4],
    [(fields.ack ?? 0) >>> 0, 4],
    [((headerLength / 4) << 12) | flags, 2],
    [fields.window ?? 64_240, 2],
    [fields.checksum ?? 0, 2],
    [0, 2],
    padded,
    fields.payload ?? '',
  );
}

export interface IpFields {
  readonly source?: string;
  readonly destination?: string;
  readonly ttl?: number;
  readonly tos?: number;
  /** IPv4 identification. */
  readonly ipId?: number;
  /** IPv4 flags and fragment offset as one word; default don't-fragment. */
  readonly fragment?: number;
  readonly protocol?: number;
  /** IPv4 total length or IPv6 payload length, where it is to be another than the true one. */
  readonly totalLength?: number;
  readonly ipOptions?: Uint8Array;
  /** IPv6: extension headers as [protocol number, octets from the length field on]. */
  readonly extensions?: readonly (readonly [number, Uint8Array])[];
  readonly flowLabel?: number;
}

export function ipv4(fields: IpFields, payload: Uint8Array): Uint8Array {
  const source = addressOctets(fields.source ?? '10.0.0.1');
  const destination = addressOctets(fields.destination ?? '10.0.0.2');
  const options = fields.ipOptions ?? new Uint8Array(0);
  const headerLength = 20 + options.length;
  const protocol = fields.protocol ?? 6;
  const header = octets(
    0x40 | (headerLength / 4),
    fields.tos ?? 0,
    [fields.totalLength ?? headerLength + payload.length, 2],
    [fields.ipId ?? 1, 2],
    [fields.fragment ?? 0x4000, 2],
    fields.ttl ?? 64,
    protocol,
    [0, 2],
    source,
    destination,
    options,
  );
  const checksum = 0xffff - folded(sum16(header));
  header[10] = checksum >> 8;
  header[11] = checksum & 0xff;
  return octets(header, protocol === 6 ? withChecksum(source, destination, payload) : payload);
}

export function ipv6(fields: IpFields, payload: Uint8Array): Uint8Array {
  const source = addressOctets(fields.source ?? 'fd00::1');
  const destination = addressOctets(fields.destination ?? 'fd00::2');
  const protocol = fields.protocol ?? 6;
  const extensions = fields.extensions ?? [];
  // Each extension header begins with the number of the one behind it.
  const chain = extensions.map(([, rest], i) => octets(extensions[i + 1]?.[0] ?? protocol, rest));
  const length = chain.reduce((total, one) => total + one.length, payload.length);
  return octets(
    [0x60000000 + (fields.tos ?? 0) * 0x100000 + (fields.flowLabel ?? 0), 4],
    [fields.totalLength ?? length, 2],
    extensions[0]?.[0] ?? protocol,
    fields.ttl ?? 64,
    source,
    destination,
    ...chain,
    protocol === 6 ? withChecksum(source, destination, payload) : payload,
  );
}

/** The version follows from the source address. */
export function ip(fields: IpFields, payload: Uint8Array): Uint8Array {
  const six = (fields.source ?? fields.destination ?? '').includes(':');
  return six ? ipv6(fields, payload) : ipv4(fields, payload);
}

export interface EthernetFields {
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  readonly etherType?: number;
  /** VLAN tags from the outside in, as [EtherType, id] or an id behind 0x8100. */
  readonly vlans?: readonly (number | readonly [number, number])[];
}

export function ethernet(fields: EthernetFields, payload: Uint8Array): Uint8Array {
  const tags = (fields.vlans ?? []).map((tag) => (typeof tag === 'number' ? ([0x8100, tag] as const) : tag));
  return octets(
    mac(fields.destinationMac ?? '02:00:00:00:00:02'),
    mac(fields.sourceMac ?? '02:00:00:00:00:01'),
    ...tags.flatMap(([type, id]) => [[type, 2] as const, [id, 2] as const]),
    [fields.etherType ?? etherTypeOf(payload), 2],
    payload,
  );
}

/** Linux cooked capture; packet type 0 came in, 4 went out. */
export function linuxCooked(payload: Uint8Array, packetType = 0): Uint8Array {
  return octets([packetType, 2], [1, 2], [6, 2], mac('02:00:00:00:00:01'), [0, 2], [etherTypeOf(payload), 2], payload);
}

/** Linux cooked capture v2. */
export function linuxCooked2(payload: Uint8Array, packetType = 0, ifindex = 2): Uint8Array {
  const address = octets(mac('02:00:00:00:00:01'), [0, 2]);
  return octets([etherTypeOf(payload), 2], [0, 2], [ifindex, 4], [1, 2], packetType, 6, address, payload);
}

export type PacketFields = TcpFields & IpFields & EthernetFields;

/** An Ethernet frame with a TCP segment; addresses with colons make it IPv6. */
export function tcpPacket(fields: PacketFields = {}): Uint8Array {
  return ethernet(fields, ip(fields, tcp(fields)));
}

/** `02:00:00:00:00:01` as six octets. */
export function mac(text: string): Uint8Array {
  return Uint8Array.from(text.split(':').map((octet) => Number.parseInt(octet, 16)));
}

function etherTypeOf(packet: Uint8Array): number {
  return packet[0]! >> 4 === 6 ? 0x86dd : 0x0800;
}

/** Fills in the TCP checksum where the segment has none. */
function withChecksum(source: Uint8Array, destination: Uint8Array, segment: Uint8Array): Uint8Array {
  if (segment.length < 20 || segment[16] !== 0 || segment[17] !== 0) return segment;
  const pseudo = octets(source, destination, [segment.length, 4], [6, 4]);
  const checksum = 0xffff - folded(sum16(pseudo) + sum16(segment));
  const whole = segment.slice();
  whole[16] = checksum >> 8;
  whole[17] = checksum & 0xff;
  return whole;
}

function sum16(data: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) sum += (data[i]! << 8) | (data[i + 1] ?? 0);
  return sum;
}

function folded(sum: number): number {
  let value = sum;
  while (value > 0xffff) value = (value & 0xffff) + Math.floor(value / 0x10000);
  return value;
}
