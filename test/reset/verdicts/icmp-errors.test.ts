/** What connect() returned when nftables rejected a SYN with each of these (Linux 6.18, both families). */
import { expect, test } from 'vitest';
import { unreachable } from '../../../src/reset/verdicts/icmp-errors.js';

const V6 = 0x1_0000;

test.each([
  ['net-unreachable', 0x300, 'network is unreachable'],
  ['host-unreachable', 0x301, 'no route to host'],
  ['prot-unreachable', 0x302, 'protocol not available'],
  ['port-unreachable', 0x303, 'connection refused'],
  ['net-prohibited', 0x309, 'network is unreachable'],
  ['host-prohibited', 0x30a, 'no route to host'],
  ['admin-prohibited', 0x30d, 'no route to host'],
  ['no-route', V6 | 0x100, 'network is unreachable'],
  ['admin-prohibited, IPv6', V6 | 0x101, 'permission denied'],
  ['addr-unreachable', V6 | 0x103, 'no route to host'],
  ['port-unreachable, IPv6', V6 | 0x104, 'connection refused'],
  ['policy-fail', V6 | 0x105, 'permission denied'],
  ['reject-route', V6 | 0x106, 'permission denied'],
])('%s', (_, typeCode, error) => {
  expect(unreachable(typeCode)).toContain(`on Linux connect fails with "${error}"`);
});

test('what ends no connect', () => {
  for (const typeCode of [0x304, 0x400, 0x501, 0xb00, V6 | 0x200, V6 | 0x300]) expect(unreachable(typeCode)).toBeNull();
});

test('a code without a name', () => {
  expect(unreachable(0x30e)).toBe('the SYN was answered by ICMP "code 14", not by a reset: connect fails');
});
