/** Who connects and drops the connection, again and again at even intervals. */
import { expect, test } from 'vitest';
import type { PeriodFacts } from '../../src/context/types.js';
import { ago, answerOf, type Given, MS, tellsOf } from '../support/signatures.js';

const EVERY: PeriodFacts = { count: 4, interval: 2000 * MS, spread: 0.15, even: 0.7 };
const period = (more: Partial<PeriodFacts> | null) => ({
  context: { period: () => (more === null ? null : { ...EVERY, ...more }) },
});
const CHECK: Given = {
  sender: { role: 'client', bytes: 0 },
  receiver: { role: 'server', bytes: 0 },
  rst: { seq: 1001 },
  ...period({}),
};
/** Its socket answers the SYN-ACK with RST, ACK: it never wanted the connection. */
const half: Given['reset'] = {
  phase: 'handshake',
  shape: 'active',
  handshake: { syn: ago(9), synAck: ago(8), ack: null },
};

test.each<[string, Given, string]>([
  ['four times, evenly', CHECK, 'certain nobody'],
  ['three times', { ...CHECK, ...period({ count: 3 }) }, 'no: 10.0.2.2 did so 3 times only'],
  ['once', { ...CHECK, ...period({ count: 1 }) }, 'no: 10.0.2.2 did so 1 time only'],
  ['never before', { ...CHECK, ...period(null) }, 'no: 10.0.2.2 did so once only'],
  ['with a late one among them', { ...CHECK, ...period({ spread: 0.16 }) }, 'likely nobody'],
  ['unevenly', { ...CHECK, ...period({ spread: 0.16, even: 0.69 }) }, 'no: its intervals are not regular'],
  ['the client spoke', { ...CHECK, sender: { role: 'client', bytes: 1 } }, 'no: data was exchanged'],
  ['the server spoke', { ...CHECK, receiver: { role: 'server', bytes: 1 } }, 'no: data was exchanged'],
  ['the server resets', { ...CHECK, sender: { bytes: 0 } }, 'not asked'],
  ['of a third party', { ...CHECK, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  ['half open, once', { ...CHECK, ...period(null), reset: half }, 'likely nobody'],
  ['half open, three times', { ...CHECK, ...period({ count: 3 }), reset: half }, 'likely nobody'],
  ['half open, four times', { ...CHECK, reset: half }, 'certain nobody'],
  [
    '… by the kernel',
    { ...CHECK, ...period(null), reset: { ...half, shape: 'reply' } },
    'no: 10.0.2.2 did so once only',
  ],
  [
    '… the handshake was complete',
    { ...CHECK, ...period(null), reset: { ...half, handshake: { syn: ago(9), synAck: ago(8), ack: ago(7) } } },
    'no: 10.0.2.2 did so once only',
  ],
  [
    '… beyond the handshake',
    { ...CHECK, ...period(null), reset: { ...half, phase: 'established' } },
    'no: 10.0.2.2 did so once only',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('health-check', given)).toBe(answer);
});

test('says how often and at which intervals', () => {
  expect(tellsOf('health-check', CHECK)).toEqual([
    '100 the client opened the connection and dropped it without sending a byte {"seq":1001}',
    '- 10.0.2.2 did the same to 10.0.1.2:46840 4 times, every 2 s {"count":4,"interval":2000000000}',
  ]);
  expect(tellsOf('health-check', { ...CHECK, ...period({ spread: 0.16, interval: 2000.4 * MS + 0.4 }) })).toEqual([
    '100 the client opened the connection and dropped it without sending a byte {"seq":1001}',
    '- 10.0.2.2 did the same to 10.0.1.2:46840 4 times, every 2 s {"count":4,"interval":2000400000}',
    'Some of its intervals were longer: a program that retries looks alike.',
  ]);
  expect(tellsOf('health-check', { ...CHECK, ...period(null), reset: half })).toEqual([
    '100 the client reset the connection straight after the SYN-ACK, without ever completing the handshake, and from a socket of its own {"seq":1001}',
    'One check alone shows no period. A program that aborts a connect with SO_LINGER 0 looks the same.',
  ]);
});
