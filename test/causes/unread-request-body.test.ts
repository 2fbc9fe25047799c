/** unread-request-body */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, MS, message, tellsOf } from '../support/signatures.js';

const UNREAD = { octets: 5000, grew: 4000, since: ago(500, 60) };

describe('unread-request-body', () => {
  const answer = (text = 'HTTP/1.1 413 Payload Too Large\r\n', ms = 20) => message(60, ms, { text, frame: 94 });
  const upload = (more: Partial<Parameters<typeof message>[2]> = {}) => ({
    ...message(9000, 5, { text: 'POST /up HTTP/1.1\r\n', frame: 96, ...more }),
    first: ago(400, 40),
  });
  const RUNNING: Given = {
    sender: { lastMessage: answer() },
    receiver: { bytes: 9000, lastMessage: upload() },
    reset: { unread: UNREAD, freshlyAcked: 0 },
  };
  const without = { ...RUNNING, reset: { ...RUNNING.reset, unread: null } };
  const whole = { ...message(9000, 25, { text: 'POST /up HTTP/1.1\r\n', frame: 92 }), first: ago(400, 40) };
  const get = { ...message(90, 25, { text: 'GET / HTTP/1.1\r\n', frame: 92 }), first: ago(400, 40) };
  const LOST = '(9,000 bytes of upload)';
  test.each<[string, Given, string]>([
    ['answered early while it ran, unread by the window', RUNNING, `certain server-app ${LOST}`],
    [
      '… answered as if all were well',
      { ...RUNNING, sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') } },
      `likely server-app ${LOST}`,
    ],
    ['… without the window', without, `likely server-app ${LOST}`],
    [
      '… a few octets only, answered as if all were well',
      {
        ...without,
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
        receiver: { ...RUNNING.receiver, bytes: 900 },
      },
      'possible server-app (900 bytes of upload)',
    ],
    [
      'complete, answered early',
      { ...without, receiver: { bytes: 9000, lastMessage: whole } },
      `likely server-app ${LOST}`,
    ],
    [
      '… and reset a while later',
      {
        ...without,
        sender: { lastMessage: answer(undefined, 51) },
        receiver: { bytes: 9000, lastMessage: { ...whole, last: ago(60, 92) } },
      },
      `possible server-app ${LOST}`,
    ],
    [
      'complete, answered as if all were well',
      {
        ...without,
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
        receiver: { bytes: 9000, lastMessage: whole },
      },
      'no: the upload was complete when the server answered, as far as the packets show',
    ],
    [
      'a request without a body, answered early',
      { ...without, receiver: { bytes: 90, lastMessage: get } },
      'no: the server answered all that was sent',
    ],
    ['no answer', { ...RUNNING, sender: { lastMessage: null } }, 'no: the server had answered nothing'],
    ['no upload', { ...RUNNING, receiver: { lastMessage: null } }, 'no: the server had answered nothing'],
    [
      'an old answer',
      { ...RUNNING, sender: { lastMessage: answer(undefined, 11_001) } },
      'no: its answer was 11 s old',
    ],
    [
      'at a client',
      { ...RUNNING, sender: { ...RUNNING.sender, role: 'client' }, receiver: { ...RUNNING.receiver, role: 'server' } },
      'not asked',
    ],
    ['of a third party', { ...RUNNING, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'closed, and the rest met no socket',
      { ...without, sender: { ...RUNNING.sender, fin: fin(15, { frame: 95 }) }, mechanism: 'kernel-reply likely' },
      `likely server-app ${LOST}`,
    ],
    [
      'not closed, and something met no socket',
      { ...without, mechanism: 'kernel-reply likely' },
      'no: no upload was running when the server closed',
    ],
    [
      'closed, and something small met no socket',
      {
        ...without,
        sender: { ...RUNNING.sender, fin: fin(15, { frame: 95 }) },
        receiver: { bytes: 1460, lastMessage: upload() },
        mechanism: 'kernel-reply likely',
      },
      'no: no upload was running when the server closed',
    ],
    [
      'a new request after a pause is no upload that goes on',
      {
        ...without,
        receiver: {
          bytes: 9000,
          lastMessage: { ...message(900, 5, { text: 'POST', frame: 96 }), idleBefore: 50 * MS },
        },
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
      },
      'no: the upload was complete when the server answered, as far as the packets show',
    ],
    [
      '… without a pause it goes on',
      {
        ...without,
        receiver: {
          bytes: 9000,
          lastMessage: { ...message(900, 5, { text: 'POST', frame: 96 }), idleBefore: 49 * MS },
        },
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
      },
      `likely server-app ${LOST}`,
    ],
  ])('%s', (_, given, result) => {
    expect(answerOf('unread-request-body', given)).toBe(result);
  });

  test('unread-request-body says what it saw', () => {
    expect(tellsOf('unread-request-body', RUNNING)).toEqual([
      '40 the client was sending a request with a body (9,000 bytes in all)',
      '94 the server answered early: "HTTP/1.1 413 Payload Too Large"',
      '96 the upload was still running',
      '60 its window shrank by at least 5,000 bytes: it had stopped reading {"unread":5000}',
      '100 it closed with upload unread: RST',
    ]);
    expect(tellsOf('unread-request-body', without)).toEqual([
      '40 the client was sending a request with a body (9,000 bytes in all)',
      '94 the server answered early: "HTTP/1.1 413 Payload Too Large"',
      '96 the upload was still running',
      '100 it closed with upload unread: RST',
      'Inferred: that part of the upload was unread when the server closed. SO_LINGER 0 after the answer would give the same packets.',
    ]);
    expect(tellsOf('unread-request-body', { ...RUNNING, sender: { ...RUNNING.sender, fin: fin(10) } })).toEqual([
      '40 the client was sending a request with a body (9,000 bytes in all)',
      '94 the server answered early: "HTTP/1.1 413 Payload Too Large"',
      '96 the upload was still running',
      '90 the server closed its side (FIN)',
      '60 its window shrank by at least 5,000 bytes: it had stopped reading {"unread":5000}',
      '100 it closed with upload unread: RST',
    ]);
  });
});
