/** Reasons that an RST states itself: every code of each kind by its name. */
import { describe, expect, test } from 'vitest';
import { byDevice, hidesOptions, netscalerCode, statedReason } from '../../../src/reset/facts/stated.js';
import { octets } from '../../support/packets.js';
import { type Given, resetOf } from '../../support/signatures.js';

const stated = (payload: Uint8Array | string, rst: Given['rst'] = {}) => {
  const reason = statedReason(resetOf({ rst: { payload: octets(payload), ...rst } }).rst);
  return reason === null ? null : `${reason.by}: ${reason.text}`;
};

describe('the diagnostic payload', () => {
  const code = (number: number, enterprise = 0) => stated(octets(0x33, 0xaa, [number, 2], [enterprise, 4]));
  test.each([
    [1, 'illegal option length'],
    [2, 'desynchronized state'],
    [3, 'new data after CLOSE'],
    [4, 'ABORT process'],
    [5, 'unexpected ACK in non-synchronized state'],
    [6, 'unexpected SYN in window'],
    [7, 'unexpected security compartment'],
    [8, 'malformed message'],
    [9, 'not authorized'],
    [10, 'resource exceeded'],
    [11, 'network failure'],
    [12, 'reset received from the peer'],
    [13, 'destination unreachable'],
    [14, 'connection timeout'],
    [15, 'too much outstanding data'],
    [16, 'unacceptable performance'],
    [17, 'middlebox interference'],
    [18, 'code 18'],
    [0x1234, 'code 4660'],
  ])('%i: %s', (number, text) => {
    expect(code(number)).toBe(`diagnostic payload: ${text}`);
  });
  test('of an enterprise has its number', () => {
    expect(code(3, 0x80000001)).toBe('diagnostic payload: code 3 of enterprise 2147483649');
    expect(code(3, 0x01020304)).toBe('diagnostic payload: code 3 of enterprise 16909060');
  });
  test('needs its magic and eight octets', () => {
    expect(stated(octets(0x33, 0xaa, 0, 3, 0, 0, 0))).toBeNull();
    expect(stated(octets(0x33, 0xab, 0, 3, 0, 0, 0, 0))).toBeNull();
    expect(stated(octets(0x34, 0xaa, 0, 3, 0, 0, 0, 0))).toBeNull();
  });
});

describe('text', () => {
  test.each([
    ['BIG-IP: [0x1] No route \0\0', 'F5 BIG-IP: [0x1] No route'],
    ['Go away, please\r\n', 'text in the RST: Go away, please'],
    ['a\tb c\0', 'text in the RST: a\tb c'],
    ['four', 'text in the RST: four'],
    ['too', null],
    ['\x01text', null],
    ['text\x7f', null],
    ['te\0xt', null],
  ])('%j', (text, expected) => {
    expect(stated(text)).toBe(expected);
  });
});

describe('Multipath TCP', () => {
  test.each([
    [0, 'unspecified error'],
    [1, 'MPTCP specific error'],
    [2, 'lack of resources'],
    [3, 'administratively prohibited'],
    [4, 'too much outstanding data'],
    [5, 'unacceptable performance'],
    [6, 'middlebox interference'],
    [7, 'reason 7'],
  ])('%i: %s', (mptcpReason, text) => {
    expect(stated('', { mptcpReason })).toBe(`MPTCP: ${text}`);
  });
  test('without a reason', () => {
    expect(stated('')).toBeNull();
  });
});

test.each([
  [8196, 'SSL bad record'],
  [8201, 'the first segment did not pass SYN cookie protection'],
  [8202, 'the first segment did not pass SYN cookie protection'],
  [8204, 'client closed before the response was complete'],
  [9204, 'invalid header'],
  [9300, 'connection idle timeout (zombie clean-up)'],
  [9301, 'half-closed connection timeout'],
  [9302, 'client half-open timeout'],
  [9303, 'server half-open timeout'],
  [9304, 'connection flushed'],
  [9305, 'service or server went down'],
  [9400, 'server reset received on a reusable connection'],
  [9401, 'retransmission limit'],
  [9600, 'invalid TCP state'],
  [9700, null],
])('NetScaler’s window %i: %s', (window, text) => {
  expect(netscalerCode(window)).toBe(text);
});

test('only devices state their reasons as F5 and NetScaler do', () => {
  const by = ['F5 BIG-IP', 'NetScaler', 'MPTCP', 'diagnostic payload', 'text in the RST'] as const;
  expect(by.map((one) => byDevice({ by: one, text: '' }))).toEqual([true, true, false, false, false]);
});

test('options that the capture cut off may have stated one', () => {
  const hides = (rst: Given['rst'], cut = true) =>
    hidesOptions(resetOf({ rst: { headerLength: 36, ...rst }, reset: { quality: { cut } } }));
  const timestamps = { tsVal: 1, tsEcr: 2 };
  expect([hides({}), hides({}, false), hides({ headerLength: 32 })]).toEqual([true, false, false]);
  expect([hides({ timestamps }), hides({ timestamps, optionsCut: true }), hides({ mptcp: 1 })]).toEqual([
    false,
    true,
    false,
  ]);
});
