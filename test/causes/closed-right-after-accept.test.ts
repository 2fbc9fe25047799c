/** A server that takes a connection and closes it at once. */
import { expect, test } from 'vitest';
import { ago, answerOf, fin, type Given, listener, message, tellsOf } from '../support/signatures.js';

/** Accepted 20 ms ago, a request came, not a byte of answer. */
const request = message(30, 10, { frame: 95 });
const AWAY: Given = {
  sender: { bytes: 0, messages: 0 },
  receiver: { bytes: 30, messages: 1, firstData: request.first, lastMessage: request },
  reset: { accepted: ago(20, 90) },
  context: { listener: listener({ served: 4 }) },
};
const accepted = (ms: number, more: Given = {}): Given => ({
  ...AWAY,
  ...more,
  reset: { accepted: ago(ms, 80), ...more.reset },
});
const silent = { receiver: { bytes: 0, messages: 0, firstData: null } };
const words = (text: string): Given => {
  const said = message(40, 5, { text, frame: 97 });
  return { ...AWAY, sender: { bytes: 40, messages: 1, firstData: said.first, lastMessage: said } };
};
const full = words('-ERR max number of clients reached\r\n');

test.each<[string, Given, string]>([
  ['at once, and it serves others', AWAY, 'certain server-app (request unanswered)'],
  ['nobody else is served', { ...AWAY, context: {} }, 'possible server-app (request unanswered)'],
  ['before the client said anything', { ...AWAY, ...silent }, 'certain server-app'],
  ['within an exchange', accepted(50), 'certain server-app (request unanswered)'],
  ['later than that', accepted(51), 'likely server-app (request unanswered)'],
  ['later than a quick close, but soon after the request', accepted(301), 'possible server-app (request unanswered)'],
  ['just a quick close', accepted(300), 'likely server-app (request unanswered)'],
  ['… nothing was asked', accepted(300, silent), 'likely server-app'],
  ['… too late', accepted(301, silent), 'no: the server had not closed at once'],
  ['a request that had waited before it was accepted', accepted(5), 'certain server-app (request unanswered)'],
  ['it had answered', words('HTTP/1.1 200 OK\r\n'), 'no: the server had sent 40 bytes'],
  ['it said that it is full', full, 'likely server-app (request unanswered)'],
  [
    '… after it had said something else',
    { ...full, sender: { ...full.sender, messages: 2 } },
    'no: the server had sent 40 bytes',
  ],
  [
    'the client had asked twice',
    { ...AWAY, receiver: { ...AWAY.receiver, messages: 2 } },
    'no: the server had not closed at once',
  ],
  [
    'the client hung up first',
    { ...AWAY, receiver: { ...AWAY.receiver, fin: fin(5, { frame: 97 }) } },
    'no: the server had not closed at once',
  ],
  [
    '… behind the server',
    {
      ...AWAY,
      sender: { ...AWAY.sender, fin: fin(5, { frame: 97 }) },
      receiver: { ...AWAY.receiver, fin: fin(4, { frame: 98 }) },
    },
    'certain server-app (request unanswered)',
  ],
  [
    'with FIN, the RST follows',
    accepted(200, { sender: { ...AWAY.sender, fin: fin(190, { frame: 81 }) } }),
    'certain server-app (request unanswered)',
  ],
  ['a reply', accepted(20, { reset: { shape: 'reply' } }), 'no: the server had not closed at once'],
  [
    'a reply behind its FIN',
    accepted(20, { sender: { ...AWAY.sender, fin: fin(5) }, reset: { shape: 'reply' } }),
    'certain server-app (request unanswered)',
  ],
  ['the client', { ...AWAY, sender: { ...AWAY.sender, role: 'client' } }, 'not asked'],
  ['of a third party', { ...AWAY, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  [
    'what the client said was not captured and may be a ClientHello',
    { ...AWAY, receiver: { ...AWAY.receiver, segments: 0, bytes: 50 } },
    'possible server-app (request unanswered)',
  ],
  [
    '… too short for one',
    { ...AWAY, receiver: { ...AWAY.receiver, segments: 0, bytes: 49 } },
    'certain server-app (request unanswered)',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('closed-right-after-accept', given)).toBe(answer);
});

test('says when it closed, what it said, and what else it may be', () => {
  expect(tellsOf('closed-right-after-accept', AWAY)).toEqual([
    '90 the handshake was complete',
    '95 the client sent its first 30 bytes',
    '100 20 ms after the handshake the server closed without a byte of answer (RST)',
    '- the same listener served 4 other connections',
  ]);
  expect(tellsOf('closed-right-after-accept', accepted(60, silent))).toEqual([
    '80 the handshake was complete',
    '100 60 ms after the handshake the server closed without a byte of answer (RST)',
    '- the same listener served 4 other connections',
    'Inferred: a limit or an allow-list. A worker that crashed on this connection looks the same; the server log decides.',
  ]);
  expect(tellsOf('closed-right-after-accept', { ...AWAY, context: {} }).at(-1)).toBe(
    'No other connection to this listener was served in this capture: a server that is broken for everyone looks the same.',
  );
  expect(tellsOf('closed-right-after-accept', full)).toEqual([
    '90 the handshake was complete',
    '95 the client sent its first 30 bytes',
    '97 the server said why: "-ERR max number of clients reached"',
    '100 20 ms after the handshake the server closed (RST)',
    '- the same listener served 4 other connections',
    'That the close follows from what it said is inferred from the order.',
  ]);
  expect(
    tellsOf(
      'closed-right-after-accept',
      accepted(20, { sender: { ...AWAY.sender, fin: fin(15) }, reset: { shape: 'reply' } }),
    ),
  ).toEqual([
    '80 the handshake was complete',
    '95 the client sent its first 30 bytes',
    '90 5 ms after the handshake the server closed without a byte of answer (FIN)',
    "100 the client's request met a closed socket: RST",
    '- the same listener served 4 other connections',
  ]);
  expect(
    tellsOf('closed-right-after-accept', { ...full, sender: { ...full.sender, fin: fin(3, { frame: 98 }) } }),
  ).toEqual([
    '90 the handshake was complete',
    '95 the client sent its first 30 bytes',
    '97 the server said why: "-ERR max number of clients reached"',
    '98 17 ms after the handshake the server closed (FIN)',
    '100 3 ms later it aborted what was left of the connection: RST',
    '- the same listener served 4 other connections',
    'That the close follows from what it said is inferred from the order.',
  ]);
});
