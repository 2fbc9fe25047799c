/** The honest answers, one for each family of shapes. */
import { expect, test } from 'vitest';
import { BACK, opened, TS, verdictsOf } from '../support/listing.js';
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

/** A client resets 4 ms behind the server's hello, or behind what it said itself after that. */
const handshake = (more: string, seq: number) => `${opened('C', '10.0.0.2.443')}
      0.0030 C > 10.0.0.2.443: [P.] seq 1:518 ack 1 win 502 ${TS} ttl 64 id 3 DF "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03"
      0.0050 10.0.0.2.443 > C: [P.] seq 1:1449 ack 518 win 509 ${BACK} ttl 57 id 71 DF "\\x16\\x03\\x03\\x00\\x7a\\x02\\x00\\x00\\x76\\x03\\x03"
      0.0051 C > 10.0.0.2.443: [.] seq 518 ack 1449 win 502 ${TS} ttl 64 id 4 DF
      ${more}
      0.0090 C > 10.0.0.2.443: [R.] seq ${seq} ack 1449 win 502 ${TS} ttl 64 id 6 DF`;

test('a client that left in the middle of a TLS handshake is said to have', async () => {
  const [verdict] = await verdictsOf(handshake('', 518));
  expect(`${verdict.cause.id} ${verdict.confidence}`).toBe('unexplained-abort possible');
  expect(verdict.evidence[0]).toMatchObject({
    frame: 5,
    text: 'the server had sent its part of the TLS handshake, and the client said nothing more',
  });
  expect(verdict.doubt[0]).toMatch(/^A client that does not trust the certificate/);
});

test('one that went on with it is not', async () => {
  const more = `0.0060 C > 10.0.0.2.443: [P.] seq 518:600 ack 1449 win 502 ${TS} ttl 64 id 5 DF "\\x16\\x03\\x03\\x00\\x25\\x10\\x00"
      0.0080 10.0.0.2.443 > C: [.] ack 600 win 509 ${BACK} ttl 57 id 72 DF`;
  const [verdict] = await verdictsOf(handshake(more, 600));
  expect(verdict.evidence.some(({ text }) => text.includes('TLS handshake'))).toBe(false);
});
