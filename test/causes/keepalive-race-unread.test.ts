/** A request reached the socket in the instant in which the server closed the idle connection: no FIN was sent. */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, MS, message, tellsOf } from '../support/signatures.js';

const SECOND = 1000;

describe('keepalive-race-unread', () => {
  const request = message(40, 3, { idleBefore: 5 * SECOND * MS });
  const RACE: Given = {
    sender: { messages: 1, bytes: 10, lastData: ago(5000, 50) },
    receiver: { messages: 2, bytes: 80, lastMessage: request },
    reset: { unanswered: request, exchanges: 1, rtt: 1 * MS },
  };
  const late = (ms: number, idle = 5 * SECOND * MS) => {
    const one = message(40, ms, { idleBefore: idle });
    return { ...RACE, receiver: { ...RACE.receiver, lastMessage: one }, reset: { ...RACE.reset, unanswered: one } };
  };
  test.each<[string, Given, string]>([
    ['a request after a silence, reset within the instant', RACE, 'likely configuration (40 bytes unanswered)'],
    [
      'a client resets',
      { ...RACE, sender: { ...RACE.sender, role: 'client' }, receiver: { ...RACE.receiver, role: 'server' } },
      'not asked',
    ],
    ['of a third party', { ...RACE, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'a FIN came first',
      { ...RACE, sender: { ...RACE.sender, fin: fin(100) } },
      'no: a FIN came first (90); that race has none',
    ],
    [
      'nothing waited',
      { ...RACE, reset: { ...RACE.reset, unanswered: null } },
      'no: no request was waiting for an answer',
    ],
    ['no exchange before', { ...RACE, reset: { ...RACE.reset, exchanges: 0 } }, 'no: no exchange was complete before'],
    [
      'the first message',
      { ...RACE, receiver: { ...RACE.receiver, messages: 1 } },
      'no: no exchange was complete before',
    ],
    [
      'the first message that was captured, after one that was not',
      { ...RACE, receiver: { ...RACE.receiver, messages: 1, lastMessage: null } },
      'likely configuration (40 bytes unanswered)',
    ],
    ['no silence before', late(3, 49 * MS), 'no: the connection had not been idle before the request'],
    ['just enough silence', late(3, 50 * MS), 'likely configuration (40 bytes unanswered)'],
    [
      'a silence of less than three round trips',
      { ...late(3, 100 * MS), reset: { ...late(3, 100 * MS).reset, rtt: 34 * MS } },
      'no: the connection had not been idle before the request',
    ],
    ['after more than a second', late(1001), 'no: the server had the request for 1 s before it closed'],
    [
      'after a while, no known timer',
      late(300, 4321 * MS),
      'no: the server had the request for 300 ms, and 4.32 s of silence is no known timer',
    ],
    ['after a while, at a known timer', late(300, 4700 * MS), 'likely configuration (40 bytes unanswered)'],
    [
      'after a while, but acknowledged by the RST only',
      { ...late(300, 4321 * MS), reset: { ...late(300, 4321 * MS).reset, freshlyAcked: 40 } },
      'likely configuration (40 bytes unanswered)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('keepalive-race-unread', given)).toBe(answer);
  });

  test('keepalive-race-unread says what it saw', () => {
    expect(tellsOf('keepalive-race-unread', RACE)).toEqual([
      '50 the last answer had been sent',
      '99 after 5 s of silence the client sent its next request (40 bytes) {"idle":5000000000}',
      `100 3 ms later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request {"ack":1001,"window":0}`,
      'Inferred: that the idle limit and the request met. 5 s is the keep-alive default of Node, Apache and uvicorn. A worker that died on this request gives the same packets; its log decides.',
    ]);
    expect(tellsOf('keepalive-race-unread', late(300, 4700 * MS))).toEqual([
      '50 the last answer had been sent',
      '99 after 4.7 s of silence the client sent its next request (40 bytes) {"idle":4700000000}',
      `100 300 ms later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request {"ack":1001,"window":0}`,
      'Inferred: that the idle limit and the request met. 5 s is the keep-alive default of Node, Apache and uvicorn. A worker that died on this request gives the same packets; its log decides.',
    ]);
    expect(tellsOf('keepalive-race-unread', late(3, 50 * MS))).toEqual([
      '50 the last answer had been sent',
      '99 after 50 ms of silence the client sent its next request (40 bytes) {"idle":50000000}',
      `100 3 ms later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request {"ack":1001,"window":0}`,
      'Inferred: that the idle limit and the request met. 53 ms fits no known timer. A worker that died on this request gives the same packets; its log decides.',
    ]);
  });
});
