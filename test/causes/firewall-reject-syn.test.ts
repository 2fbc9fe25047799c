/** A firewall answered the SYN in the host's name. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { answerOf, REFUSED, tellsOf } from '../support/signatures.js';

describe('firewall-reject-syn', () => {
  const THIRD: Given = { ...REFUSED, mechanism: 'third-party likely', rst: { ...REFUSED.rst } };
  test.each<[string, Given, string]>([
    ['another machine answered', THIRD, 'likely network-device'],
    ['perhaps another machine', { ...THIRD, mechanism: 'third-party possible' }, 'possible network-device'],
    ['the host itself answered', REFUSED, 'no: its TTL is that of the host itself'],
    ['… its TTL is not known', { ...REFUSED, provenance: { ttl: null } }, 'no: its TTL is not known'],
    [
      'accepted after all',
      { ...THIRD, aftermath: { synAck: mark(101, 10_001) } },
      'no: the server accepted the connection all the same (101)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('firewall-reject-syn', given)).toBe(answer);
  });

  test('firewall-reject-syn says what it saw', () => {
    expect(tellsOf('firewall-reject-syn', THIRD)).toEqual([
      '99 the client asked for a connection (SYN)',
      '100 1 ms later RST, ACK came back {"seq":0,"ack":1001,"window":0,"ttl":63}',
      'Which device, and which rule. A host with another TTL for resets than for data (IP_TTL set by the program) would look alike; a capture on 10.0.2.2 decides.',
    ]);
    expect(tellsOf('firewall-reject-syn', { ...THIRD, mechanism: 'third-party possible' })).toEqual([
      '99 the client asked for a connection (SYN)',
      '100 1 ms later RST, ACK came back {"seq":0,"ack":1001,"window":0,"ttl":63}',
      'Which device, and which rule. A host with another TTL for resets than for data (IP_TTL set by the program) would look alike; a capture on 10.0.2.2 decides.',
    ]);
  });
});
