import { ABSENT_CHECKSUM } from '../capture/types.js';
import type { Segment } from './segment.js';

/**
 * Does the TCP checksum hold (RFC 9293 §3.1, pseudo-header RFC 8200 §8.1)? Null where the capture
 * cannot tell: octets are missing, the packet was fragmented, or a routing header hides the final
 * destination. A wrong one on an outbound packet means nothing: the network card fills it in later.
 */
export function tcpChecksumValid(s: Segment): boolean | null {
  if ((s.absent & ABSENT_CHECKSUM) !== 0) return null;
  const { data, tcpStart } = s;
  const length = s.headerLength + s.length;
  if (tcpStart + length !== s.payloadEnd || isFragmentOrRouted(s)) return null;
  // The pseudo-header's words, folded: addresses, length, protocol. IPv4's mapped prefix would add 0xffff,
  // which is zero in ones' complement, so both families take one path.
  let sum = 6 + (length >>> 16) + (length & 0xffff);
  sum += halves(s.source0) + halves(s.source1) + halves(s.source2) + halves(s.source3);
  sum += halves(s.destination0) + halves(s.destination1) + halves(s.destination2) + halves(s.destination3);
  const even = length & ~1;
  for (let at = tcpStart; at < tcpStart + even; at += 2) sum += (data[at]! << 8) | data[at + 1]!;
  if (length & 1) sum += data[tcpStart + even]! << 8;
  // ones' complement: carries come back in at the bottom; all ones is zero.
  return sum % 0xffff === 0;
}

function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}

function isFragmentOrRouted(s: Segment): boolean {
  const { data, ipStart } = s;
  if (s.ipVersion === 4) return (((data[ipStart + 6]! << 8) | data[ipStart + 7]!) & 0x3fff) !== 0;
  let at = ipStart + 40;
  for (let next = data[ipStart + 6]!; at < s.tcpStart; ) {
    if (next === 43) return true;
    if (next === 44 && (((data[at + 2]! << 8) | data[at + 3]!) & 0xfff9) !== 0) return true;
    const length = next === 44 ? 8 : next === 51 ? (data[at + 1]! + 2) * 4 : (data[at + 1]! + 1) * 8;
    next = data[at]!;
    at += length;
  }
  return false;
}
