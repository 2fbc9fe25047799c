/** A request on a connection that was closed while idle: keepalive-race-after-fin and stale-connection-reuse. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, MS, message, tellsOf, trigger } from '../support/signatures.js';

const SECOND = 1000;

describe('a request on a connection that was closed while idle', () => {
  const request = message(40, 2);
  const drew = trigger({ length: 40, seq: 1001, ack: 5001, frame: 98, latency: 2 * MS });
  const CLOSED: Given = {
    mechanism: 'kernel-reply likely',
    sender: { messages: 1, rcvNxt: 1001, fin: fin(50, { idleBefore: 5 * SECOND * MS, seq: 5000 }) },
    receiver: { messages: 2, lastMessage: { ...request, first: drew, last: drew } },
    reset: { trigger: drew, exchanges: 2, rtt: 1 * MS },
  };
  const finAgo = (ms: number, more: Parameters<typeof fin>[1] = {}): Given => ({
    ...CLOSED,
    sender: { ...CLOSED.sender, fin: fin(ms, { idleBefore: 5 * SECOND * MS, ...more }) },
  });
  const RACE = 'likely configuration (40 bytes lost)';
  const rows: readonly [string, Given, string, string][] = [
    ['within two round trips and a wake-up: a race', CLOSED, RACE, 'no: the request left only 48 ms after the FIN'],
    [
      'later: it could have known',
      finAgo(105),
      'no: the request left 103 ms after the FIN had arrived: no race',
      'likely client-app (40 bytes lost)',
    ],
    [
      '… its kernel knew',
      finAgo(105, { acked: ago(60, 95) }),
      'no: the request left 103 ms after the FIN had arrived: no race',
      'certain client-app (40 bytes lost)',
    ],
    [
      'later, but it did not acknowledge the FIN yet',
      { ...finAgo(500), reset: { ...CLOSED.reset, trigger: { ...drew, ack: 5000 } } },
      RACE,
      'no: the request left only 498 ms after the FIN',
    ],
    [
      'the client resets',
      { ...CLOSED, sender: { ...CLOSED.sender, role: 'client' }, receiver: { ...CLOSED.receiver, role: 'server' } },
      'not asked',
      'not asked',
    ],
    [
      'of a third party',
      { ...CLOSED, mechanism: 'third-party likely' },
      'no: the sender named in it did not make it',
      'no: the sender named in it did not make it',
    ],
    [
      'without a FIN',
      { ...CLOSED, sender: { ...CLOSED.sender, fin: null } },
      'no: no FIN came first',
      'no: no FIN came first',
    ],
    [
      'the client sent nothing',
      { ...CLOSED, receiver: { lastMessage: null } },
      'no: the client sent nothing',
      'no: the client sent nothing',
    ],
    [
      'an acknowledgment drew it',
      { ...CLOSED, reset: { ...CLOSED.reset, trigger: trigger({ frame: 97 }) } },
      'no: it was not data that drew the RST',
      'no: it was not data that drew the RST',
    ],
    [
      'no exchange before',
      { ...CLOSED, sender: { ...CLOSED.sender, messages: 0 }, reset: { ...CLOSED.reset, exchanges: 1 } },
      'no: no exchange was complete before',
      'no: no exchange was complete before',
    ],
    [
      'no exchange in what was captured',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, messages: 0 },
        reset: { ...CLOSED.reset, exchanges: 1, quality: { midStream: true } },
      },
      RACE,
      'no: the request left only 48 ms after the FIN',
    ],
    [
      'not idle before',
      { ...CLOSED, sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 49 * MS }) } },
      'no: the connection had not been idle before the FIN',
      'no: the connection had not been idle before the FIN',
    ],
    [
      'idle for less than three round trips',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 60 * MS }) },
        reset: { ...CLOSED.reset, rtt: 21 * MS },
      },
      'no: the connection had not been idle before the FIN',
      'no: the connection had not been idle before the FIN',
    ],
    [
      'the silence is not known',
      { ...CLOSED, sender: { ...CLOSED.sender, fin: fin(50) } },
      'no: the connection had not been idle before the FIN',
      'no: the connection had not been idle before the FIN',
    ],
    [
      'the request stands before the FIN and was not acknowledged by it',
      {
        ...CLOSED,
        receiver: {
          messages: 2,
          lastMessage: { ...message(40, 60, { idleBefore: 3 * SECOND * MS }), first: { ...mark(85, 9_940) } },
        },
        reset: { ...CLOSED.reset, trigger: { ...drew, frame: 85, ack: 5000 } },
      },
      RACE,
      'no: the request left only 10 ms after the FIN',
    ],
    [
      '… and was acknowledged',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, rcvNxt: 1041 },
        receiver: { messages: 2, lastMessage: message(40, 60, { frame: 85 }) },
      },
      'no: the client sent nothing new after the FIN (90)',
      'no: the client sent nothing new after the FIN (90)',
    ],
    [
      '… and went on behind it',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, rcvNxt: 1041 },
        receiver: { messages: 2, lastMessage: { ...message(40, 60, { frame: 85 }), last: ago(1, 99) } },
      },
      'no: the client was in the middle of sending when the server closed',
      'no: the client was in the middle of sending when the server closed',
    ],
  ];
  test.each(rows)('%s', (_, given, race, stale) => {
    expect(answerOf('keepalive-race-after-fin', given)).toBe(race);
    expect(answerOf('stale-connection-reuse', given)).toBe(stale);
  });

  test('stale-connection-reuse says what it saw', () => {
    expect(tellsOf('stale-connection-reuse', finAgo(105))).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      '98 103 ms after the FIN the client program sent 40 bytes all the same',
      '100 no socket was left on the server: its kernel answered with an RST {"seq":5001}',
      'That the FIN had reached the client is inferred: the capture shows no acknowledgment of it.',
    ]);
    expect(tellsOf('stale-connection-reuse', finAgo(105, { acked: ago(60, 95) }))).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      "95 the client's kernel acknowledged it: the program could have seen the end",
      '98 103 ms after the FIN the client program sent 40 bytes all the same',
      '100 no socket was left on the server: its kernel answered with an RST {"seq":5001}',
    ]);
  });

  test('keepalive-race-after-fin says what it saw', () => {
    expect(tellsOf('keepalive-race-after-fin', CLOSED)).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      '98 48 ms after the FIN the client program sent 40 bytes more',
      `100 the server program had closed its socket, so the server's kernel answered with an RST {"seq":5001,"window":0,"latency":2000000}`,
      'Seen: 40 bytes sent after the FIN drew a bare RST (window 0). Inferred: that the server closed because of idleness. 5 s is the keep-alive default of Node, Apache and uvicorn.',
    ]);
    expect(
      tellsOf('keepalive-race-after-fin', {
        ...CLOSED,
        receiver: { lastMessage: null },
        rst: { seq: 5000 },
        reset: { trigger: null, drawn: ago(2), exchanges: 2 },
      }),
    ).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      `100 48 ms later the server's kernel answered with an RST what the client had sent before it had the FIN {"seq":5000,"window":0}`,
      'Inferred: the request, whose direction is not in this capture, and that the server closed because of idleness. 5 s is the keep-alive default of Node, Apache and uvicorn.',
    ]);
    expect(tellsOf('keepalive-race-after-fin', finAgo(50, { idleBefore: 4.7 * SECOND * MS }))).toEqual([
      '90 after 4.7 s of silence the server closed (FIN) {"idle":4700000000}',
      '98 48 ms after the FIN the client program sent 40 bytes more',
      `100 the server program had closed its socket, so the server's kernel answered with an RST {"seq":5001,"window":0,"latency":2000000}`,
      'Seen: 40 bytes sent after the FIN drew a bare RST (window 0). Inferred: that the server closed because of idleness. 4.7 s fits no known timer.',
    ]);
  });

  test.each<[string, Given, string]>([
    ['not captured, after a long silence', {}, 'likely configuration (request lost)'],
    [
      '… after a short one',
      { sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 900 * MS }) } },
      'possible configuration (request lost)',
    ],
    [
      '… after none',
      { sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 49 * MS }) } },
      'no: the connection had not been idle before the FIN',
    ],
    [
      '… without an exchange',
      { reset: { trigger: null, drawn: ago(2), exchanges: 0 } },
      'no: no exchange was complete before',
    ],
    [
      '… while something waited',
      { reset: { trigger: null, drawn: ago(2), exchanges: 2, unanswered: request } },
      'no: no exchange was complete before',
    ],
    ['… when the client had closed too', { receiver: { fin: fin(40) } }, 'no: no exchange was complete before'],
  ])('%s', (_, given, answer) => {
    expect(
      answerOf('keepalive-race-after-fin', {
        ...CLOSED,
        receiver: { lastMessage: null },
        rst: { seq: 5000 },
        reset: { trigger: null, drawn: ago(2), exchanges: 2 },
        ...given,
      }),
    ).toBe(answer);
  });
});
