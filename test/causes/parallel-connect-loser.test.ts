/** Two connects at once, of which one is needed. */
import { expect, test } from 'vitest';
import type { SiblingFacts } from '../../src/context/types.js';
import { ago, answerOf, type Given, tellsOf } from '../support/signatures.js';

const WINNER: SiblingFacts = {
  established: true,
  byDesign: true,
  sameHost: true,
  ...ago(8, 92),
  address: '10.0.3.3',
  port: 443,
};
const winner = (more: Partial<SiblingFacts> | null): Given => ({
  sender: { role: 'client' },
  receiver: { role: 'server' },
  rst: { seq: 1001 },
  reset: { handshake: { syn: ago(9, 91), synAck: ago(5, 95), ack: null } },
  context: { sibling: () => (more === null ? null : { ...WINNER, ...more }) },
});

test.each<[string, Given, string]>([
  ['by design', winner({}), 'certain nobody'],
  ['two addresses', winner({ byDesign: false }), 'likely nobody'],
  ['accepted, no more is known', winner({ established: false }), 'likely nobody'],
  ['of two hosts perhaps', winner({ sameHost: false }), 'possible nobody'],
  ['no other', winner(null), 'no: no parallel connection of that client was established'],
  ['the server resets', { ...winner({}), sender: { role: 'server' } }, 'not asked'],
  ['the client spoke', { ...winner({}), sender: { role: 'client', bytes: 1 } }, 'not asked'],
  ['the server spoke', { ...winner({}), receiver: { role: 'server', bytes: 1 } }, 'not asked'],
  [
    'it was not accepted',
    { ...winner({}), reset: { handshake: { syn: ago(9), synAck: null, ack: null } } },
    'not asked',
  ],
  [
    '… but something drew the RST',
    { ...winner({}), reset: { handshake: { syn: ago(9), synAck: null, ack: null }, drawn: ago(0) } },
    'certain nobody',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('parallel-connect-loser', given)).toBe(answer);
});

test('says which it had asked first, and what is inferred', () => {
  expect(tellsOf('parallel-connect-loser', winner({}))).toEqual([
    '91 the client asked 10.0.1.2:46840 for a connection',
    '92 1 ms later it had asked 10.0.3.3:443 too, and that connection was established',
    '100 when this one was accepted as well, the client had no more use for it: RST {"seq":1001}',
  ]);
  expect(
    tellsOf('parallel-connect-loser', winner({ ...ago(12, 88), established: false, byDesign: false, sameHost: false })),
  ).toEqual([
    '91 the client asked 10.0.1.2:46840 for a connection',
    '88 3 ms before it had asked 10.0.3.3:443 too, and that connection was accepted',
    '100 when this one was accepted as well, the client had no more use for it: RST {"seq":1001}',
    'That one host asked for both: it did so by two address families, and the capture holds no MAC address.',
    'That the other connection was established: its last packet is not in this capture.',
    'That both addresses stand for the same name: a client of two servers that gives one up looks the same.',
  ]);
  expect(tellsOf('parallel-connect-loser', winner(ago(9, 90)))[1]).toContain('0 µs before');
});
