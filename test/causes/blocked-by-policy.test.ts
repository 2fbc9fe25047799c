/** A filter on the way cut a connection for what it carried. */
import { expect, test } from 'vitest';
import { evidence, mark } from '../support/diagnosis.js';
import { ago, answerOf, type Given, listener, MS, message, tellsOf } from '../support/signatures.js';

const get = message(40, 10, { text: 'GET /page HTTP/1.1\r\n', frame: 95 });
const ASKED: Given = {
  receiver: { bytes: 40, messages: 1, lastData: get.last, lastMessage: get },
  reset: { effective: true },
  mechanism: 'third-party certain',
};
const said = (text: string, length = 40, ms = 10): Given => {
  const one = message(length, ms, { text, frame: 95 });
  return { ...ASKED, receiver: { ...ASKED.receiver, lastData: one.last, lastMessage: one } };
};
const HELLO = '\x16\x03\x01\x02\x00\x01';

test.each<[string, Given, string]>([
  ['a request', ASKED, 'likely network-device (request blocked)'],
  ['a ClientHello', said(HELLO), 'likely network-device (request blocked)'],
  ['a record of TLS that is none', said('\x16\x03\x01\x02\x00\x02'), 'possible network-device (request blocked)'],
  ['anything else', said('hello'), 'possible network-device (request blocked)'],
  ['a first message that was not captured', said('', 300), 'likely network-device (request blocked)'],
  [
    '… which is not the first',
    { ...said('', 300), receiver: { ...said('', 300).receiver, messages: 2 } },
    'possible network-device (request blocked)',
  ],
  [
    '… to a server that had said something',
    { ...said('', 300), sender: { bytes: 10 } },
    'possible network-device (request blocked)',
  ],
  [
    '… by a server',
    { ...said('', 300), receiver: { ...said('', 300).receiver, role: 'server' } },
    'possible network-device (request blocked)',
  ],
  [
    'a padded ClientHello that was not captured',
    { ...said('', 517), sender: { bytes: 10 } },
    'likely network-device (request blocked)',
  ],
  [
    'in the name of who sent the content',
    {
      ...ASKED,
      sender: { role: 'client', lastData: get.last, lastMessage: get },
      receiver: { role: 'server', lastData: ago(50, 90) },
    },
    'likely network-device (request blocked)',
  ],
  [
    'of the host',
    { ...ASKED, mechanism: 'kernel-reply certain' },
    'no: nothing shows that anyone but the named sender made it',
  ],
  ['without effect', { ...ASKED, reset: { effective: false } }, 'no: it took no effect'],
  ['nothing was sent', { ...ASKED, receiver: { bytes: 0 } }, 'no: no content had been sent right before it'],
  ['long before', said('GET / HTTP/1.1\r\n', 40, 201), 'no: no content had been sent right before it'],
  ['just in time', said('GET / HTTP/1.1\r\n', 40, 200), 'likely network-device (request blocked)'],
  ['it was answered', { ...ASKED, sender: { lastData: ago(5, 97) } }, 'no: no content had been sent right before it'],
])('%s', (_, given, answer) => {
  expect(answerOf('blocked-by-policy', given)).toBe(answer);
});

/** What the client sent is not in the capture. */
const UNHEARD: Given = {
  sender: { syn: ago(60, 91), bytes: 0 },
  receiver: { segments: 0 },
  reset: { accepted: ago(60, 91) },
  mechanism: 'third-party certain',
  context: { listener: listener({ served: 2 }) },
};
test.each<[string, Given, string]>([
  ['cut before the first answer, and others passed', UNHEARD, 'likely network-device (request blocked)'],
  ['none passed', { ...UNHEARD, context: {} }, 'no: no other connection to 10.0.2.2:5007 passed'],
  [
    'its own answer behind the RST is not another that passed',
    {
      ...UNHEARD,
      aftermath: { senderWentOn: { ...mark(101, 10_001), length: 9 } },
      context: { listener: listener({ served: 1 }) },
    },
    'no: no other connection to 10.0.2.2:5007 passed',
  ],
  [
    '… an acknowledgment is no answer',
    {
      ...UNHEARD,
      aftermath: { senderWentOn: { ...mark(101, 10_001), length: 0 } },
      context: { listener: listener({ served: 1 }) },
    },
    'likely network-device (request blocked)',
  ],
  [
    'the server had answered',
    { ...UNHEARD, sender: { ...UNHEARD.sender, bytes: 1 } },
    'no: what had been sent right before it is not in this capture',
  ],
  [
    'nobody knows when it was accepted',
    { ...UNHEARD, reset: { accepted: null } },
    'no: what had been sent right before it is not in this capture',
  ],
  [
    'long after it was accepted',
    { ...UNHEARD, reset: { accepted: ago(201, 91) } },
    'no: what had been sent right before it is not in this capture',
  ],
  ['just in time', { ...UNHEARD, reset: { accepted: ago(200, 91) } }, 'likely network-device (request blocked)'],
  [
    '… the client went on since',
    { ...UNHEARD, receiver: { segments: 0, lastData: ago(150, 92) }, reset: { accepted: ago(900, 91) } },
    'likely network-device (request blocked)',
  ],
])('the client was not captured: %s', (_, given, answer) => {
  expect(answerOf('blocked-by-policy', given)).toBe(answer);
});

test('says what was sent, and what else it may be', () => {
  const facts = ['one', 'two', 'three', 'four'].map((text) => evidence(100, text));
  expect(tellsOf('blocked-by-policy', { ...ASKED, facts })).toEqual([
    '95 the client sent a request ("GET /page HTTP/1.1") {"length":40}',
    '100 10 ms later an RST came that the server did not make {"ttl":63,"window":0}',
    '100 one',
    '100 two',
    '100 three',
    'That the content drew it is inferred from the order. The log of the filter decides.',
  ]);
  const idle = { ...get, idleBefore: 5000 * MS };
  expect(
    tellsOf('blocked-by-policy', { ...ASKED, receiver: { ...ASKED.receiver, lastMessage: idle } }).at(-1),
  ).toContain('; 5 s of silence came before it, so a device that had forgotten the connection looks the same');
  const soon = { ...get, idleBefore: 1000 * MS };
  expect(
    tellsOf('blocked-by-policy', { ...ASKED, receiver: { ...ASKED.receiver, lastMessage: soon } }).at(-1),
  ).not.toContain('silence');
  expect(tellsOf('blocked-by-policy', { ...UNHEARD, facts })).toEqual([
    '91 the server accepted the connection',
    '100 60 ms later, before any answer, an RST came that the server did not make {"ttl":63,"window":0}',
    '100 one',
    '100 two',
    '100 three',
    '- 2 other connections to 10.0.2.2:5007 passed: this one was picked out',
    'Which content drew it: the other direction is not in this capture. The log of the filter decides.',
  ]);
});
