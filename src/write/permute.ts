/**
 * Addresses replaced by others so that equal prefixes stay equal: two hosts of one /24 are again in one /24, and nobody
 * without the key can tell which.
 *
 * The scheme is Crypto-PAn's (Xu, Fan, Ammar, Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002): bit i is
 * flipped or not as a keyed function of the bits before it says. That function is here the first bit of
 * HMAC-SHA256(key, "whyrst" family i prefix). In addition an address stays in its block of special-purpose addresses
 * (RFC 6890): private stays private, link-local stays link-local, loopback stays itself. For that, prefixes that lead to
 * such a block are never flipped, so the first bits of neighbours of these blocks remain as they were (at most 3 bits of
 * most IPv4 addresses, 9 bits of 172.0.0.0/8).
 */

import { hmacSha256 } from './sha256.js';

interface Block {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly length: number;
  /** Its addresses mean the same everywhere: kept as they are. */
  readonly fixed: boolean;
}

const ipv4 = (a: number, b: number, length: number, fixed = false): Block => ({
  bits: 32,
  value: (BigInt(a) << 24n) | (BigInt(b) << 16n),
  length,
  fixed,
});
const ipv6 = (first: bigint, length: number, fixed = false): Block => ({ bits: 128, value: first, length, fixed });

const BLOCKS: readonly Block[] = [
  ipv4(0, 0, 8, true),
  ipv4(10, 0, 8),
  ipv4(100, 64, 10),
  ipv4(127, 0, 8, true),
  ipv4(169, 254, 16),
  ipv4(172, 16, 12),
  ipv4(192, 168, 16),
  ipv4(224, 0, 3, true),
  ipv6(0n, 96, true),
  ipv6(0x2001_0db8n << 96n, 32),
  ipv6(0xfc00n << 112n, 7),
  ipv6(0xfe80n << 112n, 10),
  ipv6(0xff00n << 112n, 8, true),
];

export class AddressPermutation {
  private readonly key: Uint8Array;
  private readonly flips = new Map<string, bigint>();
  private readonly addresses = new Map<string, bigint>();

  constructor(key: Uint8Array) {
    this.key = key;
  }

  /** The other address of the same family. A permutation: different addresses stay different. */
  address(bits: 32 | 128, value: bigint): bigint {
    const name = `${bits} ${value}`;
    let permuted = this.addresses.get(name);
    if (permuted === undefined) {
      permuted = this.permute(bits, value);
      this.addresses.set(name, permuted);
    }
    return permuted;
  }

  private permute(bits: 32 | 128, value: bigint): bigint {
    let result = 0n;
    for (let length = 0; length < bits; length += 1) {
      const prefix = value >> BigInt(bits - length);
      const bit = (value >> BigInt(bits - length - 1)) & 1n;
      result = (result << 1n) | (bit ^ this.flip(bits, prefix, length));
    }
    return result;
  }

  private flip(bits: 32 | 128, prefix: bigint, length: number): bigint {
    const name = `${bits} ${length} ${prefix}`;
    let flip = this.flips.get(name);
    if (flip === undefined) {
      flip = isKept(bits, prefix, length) ? 0n : this.keyed(`whyrst ${name}`);
      this.flips.set(name, flip);
    }
    return flip;
  }

  private keyed(text: string): bigint {
    return BigInt((hmacSha256(this.key, new TextEncoder().encode(text))[0] as number) >> 7);
  }
}

/** Does the prefix lead to a special block, or lie in one whose addresses are fixed? */
function isKept(bits: 32 | 128, prefix: bigint, length: number): boolean {
  return BLOCKS.some((block) => {
    if (block.bits !== bits) return false;
    const own = block.value >> BigInt(bits - block.length);
    if (length < block.length) return own >> BigInt(block.length - length) === prefix;
    return block.fixed && prefix >> BigInt(length - block.length) === own;
  });
}

/** A key of the user's words or of random octets, spread over 32 octets. */
export function keyOf(secret: string): Uint8Array {
  return hmacSha256(new TextEncoder().encode('whyrst anonymization key'), new TextEncoder().encode(secret));
}
