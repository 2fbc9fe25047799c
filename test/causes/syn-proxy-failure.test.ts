/** A box completed the handshake for the server and then could not reach it. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import { makeSegment, mark } from '../support/diagnosis.js';
import { expectCause, SYN as OFFER } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, tellsOf } from '../support/signatures.js';

describe('syn-proxy-failure', () => {
  const ack = ago(500, 3);
  const synAck = (more: object) => makeSegment(2, 9_490, 'sender', SYN | ACK, { ttl: 63, ...more });
  const proxy = (more: object, rest: readonly ReturnType<typeof makeSegment>[] = [], given: Given = {}): Given => ({
    sender: { role: 'server', dataSegments: 0 },
    ...given,
    reset: {
      handshake: { syn: mark(1, 9_480), synAck: mark(2, 9_490), ack },
      tail: [synAck(more), ...rest],
      ...given.reset,
    },
  });
  test.each<[string, Given, string]>([
    ['a shut SYN-ACK of another machine', proxy({ window: 0, ttl: 250 }), 'likely network-device'],
    ['a shut SYN-ACK', proxy({ window: 0 }), 'possible network-device'],
    ['a SYN-ACK of another machine', proxy({ ttl: 250 }), 'possible network-device'],
    [
      'later packets of another machine',
      proxy({}, [makeSegment(5, 9_700, 'sender', ACK, { ttl: 60 })]),
      'possible network-device',
    ],
    [
      'all of one machine',
      proxy({}, [makeSegment(5, 9_700, 'sender', ACK, { ttl: 63 })]),
      'no: SYN-ACK and RST come from the same machine',
    ],
    [
      'the client’s packets do not count',
      proxy({}, [makeSegment(5, 9_700, 'receiver', ACK, { ttl: 60 })]),
      'no: SYN-ACK and RST come from the same machine',
    ],
    [
      'data came',
      proxy({ window: 0 }, [], { sender: { role: 'server', dataSegments: 1 } }),
      'no: the server had sent data',
    ],
    ['of a client', proxy({ window: 0 }, [], { sender: { role: 'client' } }), 'not asked'],
    ['a SYN-ACK that is out of reach', proxy({}, [], { reset: { tail: [] } }), 'no: the SYN-ACK is out of reach'],
    [
      'not complete',
      proxy({}, [], { reset: { handshake: { syn: mark(1, 1), synAck: mark(2, 2), ack: null } } }),
      'not asked',
    ],
    ['not answered', proxy({}, [], { reset: { handshake: { syn: mark(1, 1), synAck: null, ack } } }), 'not asked'],
    [
      'later',
      proxy({ window: 0 }, [], { reset: { handshake: { syn: mark(1, 1), synAck: mark(2, 2), ack: ago(1001, 3) } } }),
      'no: it came 1 s after the handshake',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('syn-proxy-failure', given)).toBe(answer);
  });

  test('syn-proxy-failure says what it saw', () => {
    expect(tellsOf('syn-proxy-failure', proxy({ window: 0, ttl: 250 }))).toEqual([
      '2 a SYN-ACK came with window 0, as a proxy sends it before it has reached the server {"ttl":250,"window":0}',
      '3 the client completed the handshake: connect() had succeeded',
      '100 500 ms later an RST came from another machine (TTL 63, the SYN-ACK had 250) {"ttl":63}',
      'A load balancer that accepts before it has a backend looks the same.',
    ]);
    expect(tellsOf('syn-proxy-failure', proxy({ window: 0 }))).toEqual([
      '2 a SYN-ACK came with window 0, as a proxy sends it before it has reached the server {"ttl":63,"window":0}',
      '3 the client completed the handshake: connect() had succeeded',
      '100 500 ms later an RST came {"ttl":63}',
      'A load balancer that accepts before it has a backend looks the same.',
    ]);
    expect(tellsOf('syn-proxy-failure', proxy({ ttl: 250 }))).toEqual([
      '2 a SYN-ACK came {"ttl":250,"window":512}',
      '3 the client completed the handshake: connect() had succeeded',
      '100 500 ms later an RST came from another machine (TTL 63, the SYN-ACK had 250) {"ttl":63}',
      'A load balancer that accepts before it has a backend looks the same.',
    ]);
  });
});

describe('syn-proxy-failure in packets', () => {
  const proxied = (window: number, ttl: number, at = '0.100') => `
    0.000 C > S: [S] seq 0 win 64240 ${OFFER} ttl 64 id 1 DF
    0.001 S > C: [S.] seq 0 ack 1 win ${window} <mss 1460> ttl ${ttl} id 0 DF
    0.002 C > S: [.] ack 1 win 64240 ttl 64 id 2 DF
    ${at} S > C: [R.] seq 1 ack 1 win 0 ttl 57 id 0 DF`;

  test('a SYN-ACK with a shut window, and an RST of another machine', async () => {
    await expectCause(proxied(0, 60), {
      gives: 'syn-proxy-failure likely',
      not: ['closed-right-after-accept', 'accept-queue-overflow'],
    });
  });

  test.each([
    ['the window alone', proxied(0, 57)],
    ['the TTL alone', proxied(65_160, 60)],
  ])('%s is a hint', async (_, text) => {
    const verdict = await expectCause(text, { gives: 'unexplained-reply', not: 'syn-proxy-failure?' });
    expect(verdict.alternatives.map(({ cause }) => cause.id)).toContain('syn-proxy-failure');
  });

  test('one machine with an open window is the server', async () => {
    await expectCause(proxied(65_160, 57), { gives: 'unexplained-reply', not: 'syn-proxy-failure' });
  });

  test('three seconds later it was handed over, and ended otherwise', async () => {
    await expectCause(proxied(0, 60, '3.100'), { gives: 'unexplained-abort', not: 'syn-proxy-failure' });
  });
});
