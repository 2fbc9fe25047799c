/** What each end speaks first, and that it is the mismatch which is told; protocols that change in agreement are none. */
import { expect, test } from 'vitest';
import { expectCause, said, verdictsOf } from '../support/listing.js';
import { answerOf, type Given, message, tellsOf } from '../support/signatures.js';

const OPTIONS = '<mss 1460,nop,wscale 7>';
const HELLO = '\\x16\\x03\\x01\\x00\\x20\\x01\\x00\\x00\\x1c\\x03\\x03abcdefgh';
const TLS_ALERT = '\\x15\\x03\\x01\\x00\\x02\\x02\\x46';

/** A handshake, then who says what, then the RST of the client that leaves the answer unread. */
const talk = (client: string, server: string, serverFirst = false) => {
  const [c, s] = ['"' + client + '"', '"' + server + '"'];
  const C = `C > S: [P.] seq 1 ack ${serverFirst ? 200 : 1} win 502 ${c} ttl 64 id 3 DF`;
  return `
      0.000 C > S: [S] seq 0 win 64240 ${OPTIONS} ttl 64 id 1 DF
      0.010 S > C: [S.] seq 0 ack 1 win 65160 ${OPTIONS} ttl 57 id 0 DF
      0.011 C > S: [.] ack 1 win 502 ttl 64 id 2 DF
      ${serverFirst ? `0.020 S > C: [P.] seq 1:200 ack 1 win 509 ${s} ttl 57 id 40 DF\n 0.030 ${C}` : `0.020 ${C}\n 0.030 S > C: [P.] seq 1 ack LENGTH win 509 ${s} ttl 57 id 40 DF`}`;
};

/** Octets of a payload in C escapes. */
const size = (text: string) => text.replace(/\\x..|\\./g, '.').length;

/** … and the RST of the client. */
const givenUp = (client: string, server: string) => `${talk(client, server).replace('LENGTH', String(1 + size(client)))}
      0.040 C > S: [R.] seq ${1 + size(client)} ack ${1 + size(server)} win 502 ttl 64 id 4 DF`;

test.each([
  ['TLS answered by HTTP', HELLO, 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'],
  ['TLS answered by a mail server', HELLO, '500 unrecognized command\\r\\n'],
  ['HTTP answered by TLS', 'GET / HTTP/1.1\\r\\n\\r\\n', TLS_ALERT],
  ['HTTP sent to sshd', 'GET / HTTP/1.1\\r\\n\\r\\n', 'SSH-2.0-OpenSSH_9.2\\r\\n'],
])('%s', async (_, client, server) => {
  await expectCause(givenUp(client, server), { gives: 'wrong-protocol likely', not: 'forged-reset' });
});

test.each([
  ['HTTP answered by HTTP', 'GET / HTTP/1.1\\r\\n\\r\\n', 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'],
  ['TLS answered by TLS', HELLO, TLS_ALERT],
  ['SSH answered by SSH', 'SSH-2.0-client\\r\\n', 'SSH-2.0-OpenSSH_9.2\\r\\n'],
  ['a banner answered by a command', 'EHLO me\\r\\n', '220 mail ready\\r\\n'],
])('%s is no mismatch', async (_, client, server) => {
  const [verdict] = await verdictsOf(givenUp(client, server));
  expect(said(verdict!)).not.toContain('wrong-protocol');
});

/** The server resets after what it said. */
const spoke = (client: string | null, server: string | null, more: Given = {}): Given => ({
  ...more,
  sender: {
    messages: 1,
    lastMessage: server === null ? null : message(40, 5, { text: server, frame: 97 }),
    ...more.sender,
  },
  receiver: {
    messages: 1,
    lastMessage: client === null ? null : message(30, 9, { text: client, frame: 95 }),
    ...more.receiver,
  },
});
const GREETING = '\x16\x03\x01\x02\x00\x01';
const BAD = 'HTTP/1.1 400 Bad Request\r\n';
test.each<[string, Given, string]>([
  ['TLS and HTTP', spoke(GREETING, BAD), 'likely configuration (request lost)'],
  ['TLS and text', spoke(GREETING, '500 what?\r\n'), 'likely configuration (request lost)'],
  [
    'TLS and three octets of text',
    spoke(GREETING, '500'),
    'no: both spoke the same protocol, or none that is known here',
  ],
  [
    'TLS and what is no text',
    spoke(GREETING, 'ab\x01cd'),
    'no: both spoke the same protocol, or none that is known here',
  ],
  ['TLS and a tabulator', spoke(GREETING, 'a\tb\n'), 'likely configuration (request lost)'],
  ['TLS and a tilde', spoke(GREETING, '~~~ ~~'), 'likely configuration (request lost)'],
  [
    'TLS and an octet beyond ASCII',
    spoke(GREETING, 'abcd\x7f'),
    'no: both spoke the same protocol, or none that is known here',
  ],
  ['HTTP and TLS', spoke('GET / HTTP/1.1\r\n', '\x15\x03\x01\x00\x02'), 'likely configuration (request lost)'],
  ['HTTP and SSH', spoke('GET / HTTP/1.1\r\n', 'SSH-2.0-x\r\n'), 'likely client-app (request lost)'],
  [
    'text and SSH',
    spoke('hello there', 'SSH-2.0-x\r\n'),
    'no: both spoke the same protocol, or none that is known here',
  ],
  ['SSH and HTTP', spoke('SSH-2.0-x\r\n', BAD), 'no: both spoke the same protocol, or none that is known here'],
  ['HTTP and HTTP', spoke('TRACE / HTTP/1.1\r\n', BAD), 'no: both spoke the same protocol, or none that is known here'],
  [
    'HTTP and text',
    spoke('GET / HTTP/1.1\r\n', 'hello there'),
    'no: both spoke the same protocol, or none that is known here',
  ],
  ['the server said nothing', spoke(GREETING, null), 'no: one of them said nothing'],
  ['the client said nothing', spoke(null, BAD), 'no: one of them said nothing'],
  [
    'the client had said more',
    spoke(GREETING, BAD, { receiver: { messages: 2 } }),
    'no: they had understood each other before',
  ],
  [
    'the server had said more',
    spoke(GREETING, BAD, { sender: { messages: 2 } }),
    'no: they had understood each other before',
  ],
  [
    'the server is full',
    spoke(GREETING, 'HTTP/1.1 503 Unavailable\r\n'),
    'no: the server said why it closed: "HTTP/1.1 503 Unavailable"',
  ],
  [
    'of a third party',
    spoke(GREETING, BAD, { mechanism: 'third-party likely' }),
    'no: the sender named in it did not make it',
  ],
  [
    'the client resets',
    {
      ...spoke(BAD, GREETING),
      sender: { ...spoke(BAD, GREETING).sender, role: 'client' },
      receiver: { ...spoke(BAD, GREETING).receiver, role: 'server' },
    },
    'likely configuration (request lost)',
  ],
])('first words: %s', (_, given, answer) => {
  expect(answerOf('wrong-protocol', given)).toBe(answer);
});

test('says what each spoke', () => {
  expect(tellsOf('wrong-protocol', spoke(GREETING, BAD))).toEqual([
    '95 the client spoke TLS {"length":30}',
    '97 the server spoke HTTP: "HTTP/1.1 400 Bad Request" {"length":40}',
    '100 the server gave the connection up {"seq":5001}',
    'That the mismatch is why it was given up is inferred; nothing else could have come of it.',
  ]);
  expect(tellsOf('wrong-protocol', spoke('GET / HTTP/1.1\r\n', '\x15\x03\x01\x00\x02'))).toEqual([
    '95 the client spoke HTTP {"length":30}',
    '97 the server spoke TLS {"length":40}',
    '100 the server gave the connection up {"seq":5001}',
    'That the mismatch is why it was given up is inferred; nothing else could have come of it.',
  ]);
});
