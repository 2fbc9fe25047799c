/**
 * A TCP segment as a packet that gives nothing away: IP and TCP header written anew (LINKTYPE_RAW), addresses permuted,
 * payload left out though its length is still stated, as a snaplen would leave it. TCP options that describe the
 * connection stay; all others (signatures, cookies, keys) become NOPs of the same length, so that offsets stay.
 */

import { DIRECTION_OUTBOUND } from '../capture/types.js';
import { tcpChecksumValid } from '../packet/checksum.js';
import type { Segment } from '../packet/segment.js';
import type { AddressPermutation } from './permute.js';

export const LINKTYPE_RAW = 101;

/** End of list, NOP, MSS, window scale, SACK permitted, SACK, timestamps (IANA, TCP option kinds). */
const KEPT = new Set([0, 1, 2, 3, 4, 5, 8]);
const NOP = 1;
/** Multipath TCP (RFC 8684 §3): which subtypes occur says how a connection ended, its keys and tokens whose it was. */
const MPTCP = 30;
const MP_TCPRST = 8;

export interface AnonymousPacket {
  readonly octets: Uint8Array;
  readonly originalLength: number;
}

export function anonymousPacket(s: Segment, permutation: AddressPermutation): AnonymousPacket {
  const header = tcpHeader(s);
  const [source, destination] = addresses(s, permutation);
  const ip = s.ipVersion === 4 ? ipv4Header(s, source, destination) : ipv6Header(s, source, destination);
  const octets = new Uint8Array(ip.length + header.length);
  octets.set(ip);
  if (s.length === 0 && header.length === s.headerLength) checksum(s, header, source, destination);
  octets.set(header, ip.length);
  return { octets, originalLength: ip.length + s.headerLength + s.length };
}

/** As much of it as was captured. */
function tcpHeader(s: Segment): Uint8Array {
  const header = s.data.slice(
    s.tcpStart,
    Math.min(s.tcpStart + s.headerLength, Math.max(s.payloadStart, s.tcpStart + 16)),
  );
  // Its checksum is about a payload that is gone; the urgent pointer says nothing without it.
  for (let at = 16; at < Math.min(20, header.length); at += 1) header[at] = 0;
  for (let at = 20; at < header.length; ) {
    const kind = header[at] as number;
    if (kind === 0) {
      // What follows the end of the list is padding and should be zeros.
      header.fill(0, at);
      break;
    }
    if (kind === NOP) {
      at += 1;
      continue;
    }
    const length = header[at + 1] ?? 0;
    const sane = length >= 2 && at + length <= header.length;
    const end = sane ? at + length : header.length;
    if (sane && kind === MPTCP && length >= 4)
      header.fill(0, at + ((header[at + 2] as number) >> 4 === MP_TCPRST ? 4 : 3), end);
    else if (!sane || !KEPT.has(kind)) header.fill(NOP, at, end);
    at = end;
  }
  return header;
}

function addresses(s: Segment, permutation: AddressPermutation): [Uint8Array, Uint8Array] {
  const permuted = (w0: number, w1: number, w2: number, w3: number) => {
    const bits = s.ipVersion === 4 ? 32 : 128;
    const words = bits === 32 ? [w3] : [w0, w1, w2, w3];
    const value = words.reduce((all, word) => (all << 32n) | BigInt(word >>> 0), 0n);
    const other = permutation.address(bits, value);
    return Uint8Array.from({ length: bits / 8 }, (_, index) =>
      Number((other >> BigInt(bits - 8 * (index + 1))) & 255n),
    );
  };
  return [
    permuted(s.source0, s.source1, s.source2, s.source3),
    permuted(s.destination0, s.destination1, s.destination2, s.destination3),
  ];
}

function ipv4Header(s: Segment, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header[0] = 0x45;
  header[1] = s.tos;
  view.setUint16(2, Math.min(0xffff, 20 + s.headerLength + s.length));
  view.setUint16(4, s.ipId);
  view.setUint16(6, s.df === 1 ? 0x4000 : 0);
  header[8] = s.ttl;
  header[9] = 6;
  header.set(source, 12);
  header.set(destination, 16);
  view.setUint16(10, folded(sum(header)));
  return header;
}

/** The flow label is left out: hosts draw it at random, so it would only tell captures of the same traffic apart. */
function ipv6Header(s: Segment, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const header = new Uint8Array(40);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x6000_0000 + s.tos * 0x10_0000);
  view.setUint16(4, Math.min(0xffff, s.headerLength + s.length));
  header[6] = 6;
  header[7] = s.ttl;
  header.set(source, 8);
  header.set(destination, 24);
  return header;
}

/**
 * Right where it was right; a wrong one stays wrong, since that may be why an RST was ignored. On its way out a packet
 * has none yet where the network card computes it (and the direction is not kept here): that is not wrong.
 */
function checksum(s: Segment, header: Uint8Array, source: Uint8Array, destination: Uint8Array): void {
  const pseudo = new Uint8Array(4);
  new DataView(pseudo.buffer).setUint16(0, header.length);
  pseudo[3] = 6;
  const right = folded(sum(header) + sum(source) + sum(destination) + sum(pseudo));
  new DataView(header.buffer).setUint16(
    16,
    s.direction !== DIRECTION_OUTBOUND && tcpChecksumValid(s) === false ? right ^ 0x5555 : right,
  );
}

function sum(octets: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < octets.length; at += 2) total += ((octets[at] as number) << 8) | (octets[at + 1] ?? 0);
  return total;
}

function folded(total: number): number {
  let value = total;
  while (value > 0xffff) value = (value & 0xffff) + (value >>> 16);
  return ~value & 0xffff;
}
