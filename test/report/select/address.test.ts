import { describe, expect, test } from 'vitest';
import { matches, parseAddress, parseEndpoint } from '../../../src/report/select/address.js';

describe('parseEndpoint and matches', () => {
  test.each([
    ['10.9.8.7', '10.9.8.7', 8080, true],
    ['10.9.8.7', '10.9.8.8', 8080, false],
    ['10.9.8.7:8080', '10.9.8.7', 8080, true],
    ['10.9.8.7:8080', '10.9.8.7', 80, false],
    ['10.9.0.0/16', '10.9.8.7', 1, true],
    ['10.9.0.0/16:443', '10.9.8.7', 443, true],
    ['10.9.0.0/16', '10.8.8.7', 1, false],
    ['0.0.0.0/0', '10.8.8.7', 1, true],
    ['0.0.0.0/0', '2001:db8::1', 1, false],
    [':443', '2001:db8::1', 443, true],
    ['*:443', '10.0.0.1', 443, true],
    ['2001:db8::/32', '2001:db8:1::1', 1, true],
    ['2001:DB8:0::1', '2001:db8::1', 1, true],
    ['[2001:db8::1]:443', '2001:db8::1', 443, true],
    ['[2001:db8::1]', '2001:db8::1', 5, true],
    ['fe80::1%eth0', 'fe80::1', 5, true],
    ['::ffff:10.0.0.1', '::ffff:a00:1', 5, true],
  ])('%s on %s port %d: %s', (pattern, address, port, expected) => {
    const parsed = parseEndpoint(pattern);
    expect(parsed).not.toBe(null);
    expect(parsed !== null && matches(parsed, { address, port })).toBe(expected);
  });

  test.each([
    '',
    'example.org',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.1:70000',
    ':',
    '1::2::3',
    '[::1',
    '::/129',
  ])('%s is none', (text) => {
    expect(parseEndpoint(text)).toBe(null);
  });

  test('addresses as numbers', () => {
    expect(parseAddress('10.0.0.1')).toEqual({ bits: 32, value: 0x0a000001n });
    expect(parseAddress('::')).toEqual({ bits: 128, value: 0n });
    expect(parseAddress('1:2:3:4:5:6:7:8')?.value).toBe(0x00010002000300040005000600070008n);
  });
});
