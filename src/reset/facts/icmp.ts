import type { IcmpFact, Mark } from '../types.js';

/**
 * An ICMP error as its column has it.
 * @param word type and code in an octet each, bit 16 for ICMPv6, above it the MTU that the error names
 */
export function icmpError(word: number): Omit<IcmpFact, keyof Mark> {
  return {
    version: (word & 0x10000) !== 0 ? 6 : 4,
    type: (word >>> 8) & 0xff,
    code: word & 0xff,
    mtu: word >>> 17,
  };
}
