/** The port accepted before and after: the service was down for a moment. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { expectCause, opened, refused } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { answerOf, listener, MS, REFUSED, RST_TIME, tellsOf, UNSEEN } from '../support/signatures.js';

const SECOND = 1000 * MS;

const NOW = RST_TIME * MS;

describe('listener-restarting', () => {
  const around = (ago: number | null, later: number | null): Given['context'] => ({
    listener: listener({
      acceptedBefore: () => (ago === null ? null : NOW - ago * SECOND),
      acceptedAfter: () => (later === null ? null : NOW + later * SECOND),
    }),
  });
  test.each<[string, Given, string]>([
    ['accepted before and after', { ...REFUSED, context: around(60, 60) }, 'likely server-app'],
    [
      'never accepted before',
      { ...REFUSED, context: around(null, 5) },
      'no: the port had accepted no connection shortly before',
    ],
    [
      'too long before',
      { ...REFUSED, context: around(61, 5) },
      'no: the port had accepted no connection shortly before',
    ],
    [
      'never accepted again',
      { ...REFUSED, context: around(5, null) },
      'no: the port accepted no connection shortly after',
    ],
    ['too long after', { ...REFUSED, context: around(5, 61) }, 'no: the port accepted no connection shortly after'],
    ['of an unknown listener', REFUSED, 'no: the port had accepted no connection shortly before'],
    [
      'drawn by nothing',
      { ...REFUSED, reset: { ...REFUSED.reset, trigger: null }, context: around(5, 5) },
      'no: no segment of the other side drew it',
    ],
    ['to a SYN that is not there', { ...UNSEEN, context: around(5, 5) }, 'likely server-app'],
    [
      'of a third party',
      { ...REFUSED, mechanism: 'third-party likely', context: around(5, 5) },
      'no: another host or device answered',
    ],
    [
      'perhaps of a third party',
      { ...REFUSED, mechanism: 'third-party possible', context: around(5, 5) },
      'likely server-app',
    ],
    [
      'accepted after all',
      { ...REFUSED, aftermath: { synAck: mark(101, 10_001) }, context: around(5, 5) },
      'no: the server accepted the connection all the same (101)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('listener-restarting', given)).toBe(answer);
  });

  test('listener-restarting says what it saw', () => {
    expect(tellsOf('listener-restarting', { ...REFUSED, context: around(60, 60) })).toEqual([
      '- the port had accepted a connection 1 min before',
      '99 the client asked for a connection (SYN)',
      '100 the answer was RST, ACK: as where nobody listens {"seq":0,"ack":1001}',
      '- 1 min later the port accepted connections again',
      'A firewall rule that rejects for a moment (a limit of connections or of their rate) sends the same packet.',
    ]);
  });
});

describe('listener-restarting in packets', () => {
  const before = opened('C2', 'S', 0, 3000);
  const after = opened('C3', 'S', 10, 6000);

  test('accepted, refused, accepted', async () => {
    await expectCause(before + refused('C', 'S', 5) + after, {
      gives: 'listener-restarting likely',
      not: ['firewall-reject-syn', 'port-scan'],
    });
  });

  test('refused from another distance: a box on the way may have rejected it', async () => {
    await expectCause(before + refused('C', 'S', 5, 63) + after, {
      gives: 'unexplained-reply',
      not: 'listener-restarting?',
    });
  });

  test.each([
    ['never accepted again', before + refused('C', 'S', 5)],
    ['never accepted before', refused('C', 'S', 5) + after],
    ['accepted long before', before + refused('C', 'S', 100) + opened('C3', 'S', 110, 6000)],
  ])('%s', async (_, text) => {
    await expectCause(text, { gives: 'closed-port likely', not: 'listener-restarting' });
  });
});
