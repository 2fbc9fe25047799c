/** The service stopped with connections waiting in its accept queue. */
import { describe, expect, test } from 'vitest';
import { BACK, expectCause, opened, refused, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, listener, MS, RST_TIME, tellsOf } from '../support/signatures.js';

describe('listener-closed-unaccepted', () => {
  const accepted = ago(1000, 3);
  const WAITING: Given = { sender: { bytes: 0 }, receiver: { bytes: 0 }, reset: { accepted } };
  const burst = (ended: number, more = {}) => ({
    burst: () => ({
      ended,
      byFin: 0,
      byReset: ended,
      live: ended,
      accepted: 0,
      between: 0,
      shortestIdle: 0,
      longestIdle: 0,
      span: 1,
      frames: [100, 101],
      first: 0,
      ...more,
    }),
  });
  const gone = listener({ refusedAfter: () => 1 });
  const back = (ms: number) => listener({ acceptedAfter: () => (RST_TIME + ms) * MS });
  test.each<[string, Given, string]>([
    ['with others, after a while', { ...WAITING, context: burst(2) }, 'likely server-app'],
    [
      '… with a request',
      { ...WAITING, receiver: { bytes: 5 }, context: burst(2) },
      'likely server-app (request unanswered)',
    ],
    [
      '… of which the other ended a little apart: each had its own reason',
      { ...WAITING, receiver: { bytes: 5 }, context: burst(2, { span: 6 * MS }) },
      'no: no other waiting connection was reset with it',
    ],
    [
      '… three, which take a kernel longer',
      { ...WAITING, receiver: { bytes: 5 }, context: burst(3, { span: 6 * MS }) },
      'likely server-app (request unanswered)',
    ],
    [
      '… three, too far apart for one close',
      { ...WAITING, receiver: { bytes: 5 }, context: burst(3, { span: 51 * MS }) },
      'no: no other waiting connection was reset with it',
    ],
    ['… at once', { ...WAITING, reset: { accepted: ago(49, 3) }, context: burst(2) }, 'possible server-app'],
    [
      '… at once, and refused afterwards',
      { ...WAITING, reset: { accepted: ago(49, 3) }, context: { ...burst(2), listener: gone } },
      'likely server-app',
    ],
    ['alone, refused afterwards', { ...WAITING, context: { listener: gone } }, 'likely server-app'],
    [
      'alone, with a request, refused afterwards',
      { ...WAITING, receiver: { bytes: 5 }, context: { listener: gone } },
      'no: no other waiting connection was reset with it',
    ],
    ['alone', WAITING, 'possible server-app'],
    [
      'alone, with a request',
      { ...WAITING, receiver: { bytes: 5 } },
      'no: no other waiting connection was reset with it',
    ],
    [
      'with others that ended by FIN',
      { ...WAITING, context: { ...burst(3, { byFin: 1 }), listener: gone } },
      'no: 1 connection of that burst ended with FIN: they had been accepted',
    ],
    ['while more lived on', { ...WAITING, context: burst(2, { live: 5 }) }, 'no: 3 other connections lived on'],
    ['while as many lived on', { ...WAITING, context: burst(2, { live: 4 }) }, 'likely server-app'],
    [
      'accepting right after',
      { ...WAITING, context: { ...burst(2), listener: back(199) } },
      'no: the listener accepted connections right after',
    ],
    ['accepting later', { ...WAITING, context: { ...burst(2), listener: back(200) } }, 'likely server-app'],
    ['used', { ...WAITING, sender: { bytes: 1 }, context: burst(2) }, 'no: the server had used the connection'],
    [
      'closed',
      { ...WAITING, sender: { bytes: 0, fin: fin(5) }, context: burst(2) },
      'no: the server had used the connection',
    ],
    [
      'of a client',
      { ...WAITING, sender: { role: 'client' }, receiver: { role: 'server' }, context: burst(2) },
      'not asked',
    ],
    ['never accepted', { ...WAITING, reset: { accepted: null }, context: burst(2) }, 'not asked'],
    [
      'of a third party',
      { ...WAITING, mechanism: 'third-party likely', context: burst(2) },
      'no: the sender named in it did not make it',
    ],
    [
      'begun before the capture, with one other',
      { ...WAITING, reset: { start: ago(1000, 1), quality: { midStream: true } }, context: burst(2) },
      'no: the handshake is not in this capture, and too few connections were reset together',
    ],
    [
      'begun before the capture, with two others',
      { ...WAITING, reset: { start: ago(1000, 1), quality: { midStream: true } }, context: burst(3) },
      'likely server-app',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('listener-closed-unaccepted', given)).toBe(answer);
  });

  test('listener-closed-unaccepted says what it saw', () => {
    expect(tellsOf('listener-closed-unaccepted', { ...WAITING, receiver: { bytes: 5 }, context: burst(2) })).toEqual([
      '3 the handshake was complete: connect() had succeeded',
      '100 after 1 s without a byte from the program the connection was reset {"window":0}',
      '100 within 0 µs 2 connections to 10.0.2.2:5007 ended like that, none with FIN (frames 100, 101)',
      'A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.',
    ]);
    expect(
      tellsOf('listener-closed-unaccepted', { ...WAITING, reset: { accepted: ago(49, 3) }, context: burst(2) }),
    ).toEqual([
      '3 the handshake was complete: connect() had succeeded',
      '100 after 49 ms without a byte from the program the connection was reset {"window":0}',
      '100 within 0 µs 2 connections to 10.0.2.2:5007 ended like that, none with FIN (frames 100, 101)',
      'A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.',
    ]);
    expect(tellsOf('listener-closed-unaccepted', { ...WAITING, context: { listener: gone } })).toEqual([
      '3 the handshake was complete: connect() had succeeded',
      '100 after 1 s without a byte from the program the connection was reset {"window":0}',
      '- the port refused connections afterwards',
      'A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.',
    ]);
  });
});

describe('listener-closed-unaccepted in packets', () => {
  const asked = (client: string, at: number, iss = 0) => `${opened(client, 'S', at, iss)}
    ${(at + 0.1).toFixed(4)} ${client} > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id ${iss + 3} DF "ask"
    ${(at + 0.101).toFixed(4)} S > ${client}: [.] ack 4 win 509 ${BACK} ttl 57 id ${iss + 70} DF`;
  const killed = (client: string, at: number, ack: number, iss = 0) => `
    ${at.toFixed(4)} S > ${client}: [R.] seq 1 ack ${ack} win 510 ${BACK} ttl 57 id ${iss + 71} DF`;
  const two = asked('C', 0) + asked('C2', 0.2, 3000) + killed('C', 5, 4) + killed('C2', 5.0001, 4, 3000);

  test('two with their requests waiting, reset together, and the port refuses', async () => {
    const verdict = await expectCause(two + refused('C3', 'S', 6), {
      gives: 'listener-closed-unaccepted likely',
      not: ['process-exit', 'lb-target-removed'],
    });
    expect(verdict.lost).toBe('request unanswered');
  });

  test('… without a refusal, too: they had waited for seconds', async () => {
    await expectCause(two, { gives: 'listener-closed-unaccepted likely', not: 'process-exit' });
  });

  test('the port accepts another right after: it had not been closed', async () => {
    await expectCause(two + opened('C3', 'S', 5.1, 6000), {
      gives: 'close-with-unread-data likely',
      not: 'listener-closed-unaccepted',
    });
  });

  test('one without any data, and the port refuses: an accepted one would have ended with FIN', async () => {
    await expectCause(opened() + killed('C', 5, 1) + refused('C2', 'S', 6), {
      gives: 'listener-closed-unaccepted likely',
      not: 'close-with-unread-data',
    });
  });

  test('… and no refusal: whoever closed it had accepted it, perhaps', async () => {
    const { alternatives } = await expectCause(opened() + killed('C', 5, 1), {
      gives: 'unexplained-abort',
      not: 'listener-closed-unaccepted?',
    });
    expect(alternatives.map(({ cause }) => cause.id)).toContain('listener-closed-unaccepted');
  });

  test('two at once after their handshakes: turned away, perhaps by a program', async () => {
    await expectCause(
      opened('C') + opened('C2', 'S', 0.002, 3000) + killed('C', 0.01, 1) + killed('C2', 0.011, 1, 3000),
      {
        gives: 'unexplained-abort',
        not: 'listener-closed-unaccepted?',
      },
    );
  });
});
