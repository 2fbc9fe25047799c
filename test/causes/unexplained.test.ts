/** The honest answers, one for each family of shapes. */
import { expect, test } from 'vitest';
import { ago, answerOf, type Given, tellsOf, trigger } from '../support/signatures.js';

const heard = { lastSegment: ago(7, 93) };
test.each<[string, string, Given, string]>([
  ['an abort of the server', 'unexplained-abort', {}, 'possible server-app'],
  ['… of the client', 'unexplained-abort', { sender: { role: 'client' } }, 'possible client-app'],
  ['numbers of a reply, from a socket', 'unexplained-abort', { reset: { shape: 'mirror' } }, 'possible server-app'],
  [
    '… from a kernel',
    'unexplained-abort',
    { reset: { shape: 'mirror' }, mechanism: 'kernel-reply likely' },
    'not asked',
  ],
  ['an abort that looks like another’s', 'unexplained-abort', { mechanism: 'third-party possible' }, 'not asked'],
  ['a reply', 'unexplained-reply', { mechanism: 'kernel-reply likely' }, 'possible unknown'],
  ['nothing else is known', 'unexplained-mid-stream', { reset: { phase: 'orphan' } }, 'possible unknown'],
  [
    'the beginning is missing',
    'unexplained-mid-stream',
    { reset: { quality: { midStream: true } } },
    'possible unknown',
  ],
  ['all is there', 'unexplained-mid-stream', {}, 'not asked'],
])('%s', (_, id, given, answer) => {
  expect(answerOf(id, given)).toBe(answer);
});

test('they say what was seen, and no more', () => {
  expect(tellsOf('unexplained-abort', { receiver: heard })).toEqual([
    '93 the client was last heard of',
    `100 the server's socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1001,"window":0}`,
    'Unread data, SO_LINGER 0 and ss -K make the same packet; the counters on the host decide.',
  ]);
  expect(tellsOf('unexplained-abort', {})).toHaveLength(2);
  expect(
    tellsOf('unexplained-reply', { sender: heard, reset: { trigger: trigger() }, mechanism: 'kernel-reply likely' }),
  ).toEqual([
    '93 the server was last heard of',
    '99 the client sent a segment',
    `100 the server's side answered with an RST as from a host without that connection {"seq":5001,"window":0,"ttl":63}`,
    'A restart, a device that forgot the connection, a close that was not captured, or a firewall rule look alike.',
  ]);
  expect(tellsOf('unexplained-reply', { mechanism: 'kernel-reply likely' })).toHaveLength(2);
  expect(tellsOf('unexplained-mid-stream', { receiver: heard, reset: { phase: 'orphan' } })).toEqual([
    '93 the client was last heard of',
    '100 an RST came for a connection of which nothing else was captured {"seq":5001,"ack":1001,"window":0}',
    'Everything: the capture holds too little of this connection.',
  ]);
  expect(tellsOf('unexplained-mid-stream', { reset: { quality: { midStream: true } } })[0]).toBe(
    '100 an RST came, and too little of its connection was captured {"seq":5001,"ack":1001,"window":0}',
  );
});
