import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, hex, hmacSha256, sha256 } from '../../src/write/sha256.js';

describe('sha256', () => {
  it('agrees with the platform on any input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        expect(hex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'));
      }),
    );
  });

  it('agrees on keys shorter and longer than a block', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 100 }), (key, message) => {
        expect(base64(hmacSha256(key, message))).toBe(createHmac('sha256', key).update(message).digest('base64'));
      }),
    );
  });
});
