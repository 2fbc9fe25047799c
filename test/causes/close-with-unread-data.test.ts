/** The program closed its socket, or ended, while received data was unread (RFC 9293 §3.6.1, RFC 2525 §2.17). */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { BACK, expectCause, opened, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, listener, message, saidOf, tellsOf } from '../support/signatures.js';

const UNREAD = { octets: 5000, grew: 4000, since: ago(500, 60) };

describe('close-with-unread-data', () => {
  const request = message(40, 500, { frame: 95 });
  const ASKED: Given = {
    sender: { bytes: 0 },
    receiver: { bytes: 40, messages: 1, lastMessage: request },
    reset: { unanswered: request, freshlyAcked: 0, exchanges: 0 },
  };
  /** The server closed behind 366 octets, which a client resets with its window so many units of 1,024 octets larger than 73. */
  const larger = (units: number, before: readonly number[] = []): Given => ({
    sender: { role: 'client', windowScale: 10, segments: 3, rawWindow: 73 },
    receiver: { role: 'server', bytes: 366, messages: 1, lastMessage: message(366, 5), fin: fin(4, { seq: 1367 }) },
    rst: { ack: 1368, window: 73 + units },
    reset: {
      freshlyAcked: 367,
      tail: before.map((window, i) => makeSegment(90 + i, 9_900, 'sender', ACK, { window })),
    },
  });
  test.each<[string, Given, string]>([
    ['a window that grew as where unread octets are thrown away', larger(1), 'likely client-app note'],
    ['… after it had shrunk', larger(1, [80, 73]), 'likely client-app note'],
    ['… as it had grown before', larger(2, [63, 73]), 'possible client-app'],
    ['… not at all', larger(0), 'possible client-app'],
    ['a request that waited', ASKED, 'likely server-app (40 bytes unanswered)'],
    [
      'proved by the window',
      { ...ASKED, reset: { ...ASKED.reset, unread: UNREAD } },
      'certain server-app (at least 5,000 bytes unread)',
    ],
    [
      '… at a client',
      {
        ...ASKED,
        sender: { role: 'client' },
        receiver: { ...ASKED.receiver, role: 'server' },
        reset: { ...ASKED.reset, unread: UNREAD },
      },
      'certain client-app (at least 5,000 bytes unread)',
    ],
    [
      'acknowledged by nothing but the RST',
      { ...ASKED, reset: { ...ASKED.reset, unanswered: null, freshlyAcked: 40 } },
      'likely server-app (40 bytes unanswered)',
    ],
    [
      '… at a client, with the server closed: it may have been read',
      {
        ...ASKED,
        sender: { role: 'client' },
        receiver: { ...ASKED.receiver, role: 'server', fin: fin(4) },
        reset: { ...ASKED.reset, unanswered: null, freshlyAcked: 40 },
      },
      'possible client-app',
    ],
    [
      '… a single octet may be a FIN',
      { ...ASKED, reset: { ...ASKED.reset, unanswered: null, freshlyAcked: 1 } },
      'possible server-app',
    ],
    ['all was answered', { ...ASKED, reset: { ...ASKED.reset, unanswered: null } }, 'possible server-app'],
    [
      'an answer that waited at a client',
      { ...ASKED, sender: { role: 'client' }, receiver: { ...ASKED.receiver, role: 'server' } },
      'possible client-app',
    ],
    ['nothing was sent', { ...ASKED, receiver: { bytes: 0 } }, 'no: the client had sent nothing that could be unread'],
    [
      'a FIN came first',
      { ...ASKED, sender: { fin: fin(100) } },
      'no: the server had closed its side with FIN first (90)',
    ],
    ['of a third party', { ...ASKED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'the handshake is missing, and others are served',
      {
        ...ASKED,
        receiver: { ...ASKED.receiver, firstData: ago(200, 95) },
        reset: { ...ASKED.reset, quality: { midStream: true } },
        context: { listener: listener({ served: 1 }) },
      },
      'possible server-app',
    ],
    [
      'the handshake is missing, and none is',
      {
        ...ASKED,
        receiver: { ...ASKED.receiver, firstData: ago(200, 95) },
        reset: { ...ASKED.reset, quality: { midStream: true } },
      },
      'likely server-app (40 bytes unanswered)',
    ],
    [
      'the client was not captured, and it has neither window nor options',
      { ...ASKED, receiver: { ...ASKED.receiver, segments: 0 } },
      'possible server-app',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('close-with-unread-data', given)).toBe(answer);
  });

  test('close-with-unread-data says what it saw', () => {
    expect(tellsOf('close-with-unread-data', ASKED)).toEqual([
      '95 the client sent 40 bytes',
      '100 500 ms later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN {"window":0,"ack":1001}',
      "Seen: the server's own live socket sent it. Inferred: unread. The window does not tell (40 bytes are too few to move it); SO_LINGER 0, a listener that closed before it accepted this or ss -K would give the same packets.",
    ]);
    expect(tellsOf('close-with-unread-data', { ...ASKED, reset: { ...ASKED.reset, unread: UNREAD } })).toEqual([
      '95 the client sent 40 bytes',
      `60 from here on the server's window shrank by what arrived: its program read nothing of at least 5,000 bytes {"unread":5000}`,
      '100 the window in the RST was 4,000 bytes larger again: the kernel threw the unread bytes away and then reset {"window":0}',
    ]);
    expect(tellsOf('close-with-unread-data', { ...ASKED, reset: { ...ASKED.reset, unanswered: null } })).toEqual([
      '95 the client sent 40 bytes',
      '100 500 ms later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN {"window":0,"ack":1001}',
      "Seen: the server's own live socket sent it. Inferred: unread. The window does not tell (40 bytes are too few to move it); SO_LINGER 0, a listener that closed before it accepted this or ss -K would give the same packets.",
    ]);
  });

  test('says what arrived, that the kernel took it, and what else it may be', () => {
    expect(saidOf('close-with-unread-data', { ...ASKED, sender: { bytes: 0, lastAckMoved: ago(499, 96) } })).toEqual([
      '95 the client sent 40 bytes',
      "96 the server's kernel acknowledged them; that does not mean that its program read them",
      '100 500 ms later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN',
      "Seen: the server's own live socket sent it. Inferred: unread. The window does not tell (40 bytes are too few to move it); SO_LINGER 0, a listener that closed before it accepted this or ss -K would give the same packets.",
    ]);
    expect(saidOf('close-with-unread-data', { ...ASKED, reset: { ...ASKED.reset, unread: UNREAD } })).toEqual([
      '95 the client sent 40 bytes',
      "60 from here on the server's window shrank by what arrived: its program read nothing of at least 5,000 bytes",
      '100 the window in the RST was 4,000 bytes larger again: the kernel threw the unread bytes away and then reset',
    ]);
  });
});

test('requests of HTTP in turn, each acknowledged and none answered; pieces of another protocol', async () => {
  const asked = (text: string) =>
    [0.1, 0.2, 0.3]
      .map((at, i) => {
        const [from, to] = [1 + 18 * i, 19 + 18 * i];
        return `
    ${at.toFixed(4)} C > S: [P.] seq ${from}:${to} ack 1 win 502 ${TS} ttl 64 id ${3 + i} DF "${text}"
    ${(at + 0.001).toFixed(4)} S > C: [.] ack ${to} win 509 ${BACK} ttl 57 id ${70 + i} DF`;
      })
      .join('');
  const closed = `
    0.9000 S > C: [R.] seq 1 ack 55 win 509 ${BACK} ttl 57 id 73 DF`;
  const http = opened() + asked('GET / HTTP/1.1\\r\\n\\r\\n') + closed;
  await expectCause(http, { gives: 'close-with-unread-data likely', not: 'host-lost-state' });
  await expectCause(opened() + asked('one piece of many.') + closed, {
    gives: 'unexplained-abort',
    not: 'close-with-unread-data?',
  });
});
