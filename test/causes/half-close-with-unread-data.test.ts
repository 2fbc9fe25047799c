/** FIN first, then an abort by the still living socket: data came after shutdown() and was not read. */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, message, tellsOf } from '../support/signatures.js';

const UNREAD = { octets: 5000, grew: 4000, since: ago(500, 60) };

describe('half-close-with-unread-data', () => {
  const data = message(300, 50, { frame: 95 });
  const AFTER: Given = {
    sender: { fin: fin(100) },
    receiver: { lastData: data.last, lastMessage: data, sndNxt: 1301 },
  };
  const finAt = { ...makeSegment(90, 9_900, 'sender', ACK), ack: 1201 };
  test.each<[string, Given, string]>([
    ['data after its FIN', AFTER, 'likely server-app (300 bytes unread)'],
    ['… of which some came before', { ...AFTER, reset: { tail: [finAt] } }, 'likely server-app (100 bytes unread)'],
    [
      '… and a FIN behind it',
      { ...AFTER, receiver: { ...AFTER.receiver, fin: fin(10, { frame: 97 }) }, reset: { tail: [finAt] } },
      'likely server-app (99 bytes unread)',
    ],
    ['proved by the window', { ...AFTER, reset: { unread: UNREAD } }, 'certain server-app (300 bytes unread)'],
    [
      'at a client',
      { sender: { ...AFTER.sender, role: 'client' }, receiver: { ...AFTER.receiver, role: 'server' } },
      'likely client-app (300 bytes unread)',
    ],
    ['without a FIN', { ...AFTER, sender: { fin: null } }, 'no: the server had sent no FIN before'],
    [
      'no data after it',
      { ...AFTER, receiver: { ...AFTER.receiver, lastData: ago(200, 80) } },
      'no: no data came after its FIN',
    ],
    ['no data at all', { ...AFTER, receiver: { lastData: null } }, 'no: no data came after its FIN'],
    ['of a third party', { ...AFTER, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('half-close-with-unread-data', given)).toBe(answer);
  });

  test('half-close-with-unread-data says what it saw', () => {
    expect(tellsOf('half-close-with-unread-data', AFTER)).toEqual([
      '90 the server closed its sending side (FIN)',
      "95 the client sent 300 bytes after that, and the server's socket took them",
      '100 50 ms later the program closed the socket with bytes unread: RST, ACK by a living socket {"window":0}',
      'Inferred: unread. SO_LINGER 0 after the half-close would give the same packets; nstat TcpExtTCPAbortOnClose decides.',
    ]);
    expect(tellsOf('half-close-with-unread-data', { ...AFTER, reset: { unread: UNREAD } })).toEqual([
      '90 the server closed its sending side (FIN)',
      "95 the client sent 300 bytes after that, and the server's socket took them",
      '60 its window shrank by at least 5,000 bytes: nobody read {"unread":5000}',
      '100 50 ms later the program closed the socket with bytes unread: RST, ACK by a living socket {"window":0}',
    ]);
  });
});
