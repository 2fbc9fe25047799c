/** TLS records, told by their headers. */

import { describe, expect, test } from 'vitest';
import {
  ALERT,
  APPLICATION_DATA,
  fatalAlert,
  isClientHello,
  isFatalAlert,
  isOnlyFinished,
  isTlsRecord,
  loneRecord,
  recordLength,
} from '../../../src/reset/facts/tls.js';

const octets = (...values: number[]) => Uint8Array.from(values);
const HANDSHAKE_FAILURE = octets(21, 3, 3, 0, 2, 2, 40);

test.each([
  ['change_cipher_spec', octets(20, 3, 1), true],
  ['application data', octets(23, 3, 3), true],
  ['a type before the first', octets(19, 3, 3), false],
  ['a type behind the last', octets(24, 3, 3), false],
  ['another version', octets(22, 2, 0), false],
  ['too few octets', octets(22, 3), false],
])('a record: %s', (_, head, expected) => {
  expect(isTlsRecord(head)).toBe(expected);
});

test.each([
  ['one', octets(22, 3, 1, 2, 0, 1), true],
  ['a ServerHello', octets(22, 3, 1, 2, 0, 2), false],
  ['an alert', octets(21, 3, 1, 0, 2, 1), false],
  ['another version', octets(22, 2, 1, 2, 0, 1), false],
  ['cut off before its type', octets(22, 3, 1, 2, 0), false],
])('a ClientHello: %s', (_, head, expected) => {
  expect(isClientHello(head)).toBe(expected);
});

test('the length of a record counts its header', () => {
  expect(recordLength(octets(23, 3, 3, 1, 2))).toBe(5 + 258);
});

test.each([
  ['an alert', octets(21, 3, 3, 0, 2), 7, ALERT],
  ['sealed', octets(23, 3, 3, 0, 19), 24, APPLICATION_DATA],
  ['more behind it', octets(23, 3, 3, 0, 19), 25, null],
  ['a part of it', octets(23, 3, 3, 0, 19), 23, null],
  ['no TLS', octets(23, 2, 3, 0, 19), 24, null],
  ['cut off', octets(23, 3, 3, 0), 24, null],
])('a segment that is one record: %s', (_, head, length, expected) => {
  expect(loneRecord({ head, length })).toBe(expected);
});

describe('a fatal alert', () => {
  test.each([
    ['handshake_failure', HANDSHAKE_FAILURE, 40],
    ['a warning', octets(21, 3, 3, 0, 2, 1, 0), null],
    ['sealed', octets(21, 3, 3, 0, 26, 2, 40), null],
    ['application data', octets(23, 3, 3, 0, 2, 2, 40), null],
    ['another version', octets(21, 2, 3, 0, 2, 2, 40), null],
  ])('%s', (_, head, expected) => {
    expect(fatalAlert(head)).toBe(expected);
    expect(isFatalAlert(head)).toBe(expected !== null);
  });

  test('cut off before its description is one without a name', () => {
    expect(isFatalAlert(HANDSHAKE_FAILURE.subarray(0, 6))).toBe(true);
    expect(fatalAlert(HANDSHAKE_FAILURE.subarray(0, 6))).toBeNull();
    expect(isFatalAlert(HANDSHAKE_FAILURE.subarray(0, 5))).toBe(false);
  });
});

const CCS = [20, 3, 3, 0, 1, 1];
test.each<[string, readonly number[], number, boolean]>([
  ['a Finished', [23, 3, 3, 0, 53], 58, true],
  ['… behind change_cipher_spec', [...CCS, 23, 3, 3, 0, 53], 64, true],
  ['… with SHA-384', [...CCS, 23, 3, 3, 0, 69], 80, true],
  ['a record longer than that', [...CCS, 23, 3, 3, 0, 70], 81, false],
  ['a request behind it', [...CCS, 23, 3, 3, 0, 53], 164, false],
  ['an older handshake', [22, 3, 3, 0, 53], 58, false],
  ['nothing but change_cipher_spec', CCS, 6, false],
])('no more than the end of a handshake: %s', (_, head, length, expected) => {
  expect(isOnlyFinished({ octets: octets(...head), length })).toBe(expected);
});
