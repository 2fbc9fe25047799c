import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressPermutation, keyOf } from '../../src/write/permute.js';

const permutation = new AddressPermutation(keyOf('secret'));
const ip = (text: string) => text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
const dotted = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
const map = (text: string) => dotted(permutation.address(32, ip(text)));

/** Bits that two addresses have in common from the left. */
function common(bits: number, a: bigint, b: bigint): number {
  for (let length = bits; length > 0; length -= 1) {
    if (a >> BigInt(bits - length) === b >> BigInt(bits - length)) return length;
  }
  return 0;
}

describe('address permutation', () => {
  it('keeps the length of common prefixes, and so different addresses different', () => {
    const address = fc.bigInt({ min: 0n, max: 0xffff_ffffn });
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(common(32, permutation.address(32, a), permutation.address(32, b))).toBe(common(32, a, b));
      }),
      { numRuns: 30 },
    );
  });

  it('does so in IPv6', () => {
    const address = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 127 }), (a, bit) => {
        const b = a ^ (1n << BigInt(bit));
        expect(common(128, permutation.address(128, a), permutation.address(128, b))).toBe(common(128, a, b));
      }),
      { numRuns: 8 },
    );
  });

  it.each(['10.0.1.2', '192.168.7.9', '172.16.0.1', '100.64.3.4', '169.254.1.1'])('leaves %s in its block', (text) => {
    const blocks: Readonly<Record<string, RegExp>> = {
      10: /^10\./,
      192: /^192\.168\./,
      172: /^172\.(1[6-9]|2\d|3[01])\./,
      100: /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
      169: /^169\.254\./,
    };
    expect(map(text)).toMatch(blocks[text.split('.')[0] as string] as RegExp);
    expect(map(text)).not.toBe(text);
  });

  it.each(['127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255'])('leaves %s as it is', (text) => {
    expect(map(text)).toBe(text);
  });

  it('is the same under the same key and another under another', () => {
    expect(new AddressPermutation(keyOf('secret')).address(32, ip('93.184.216.34'))).toBe(
      permutation.address(32, ip('93.184.216.34')),
    );
    expect(new AddressPermutation(keyOf('other')).address(32, ip('93.184.216.34'))).not.toBe(
      permutation.address(32, ip('93.184.216.34')),
    );
  });
});
