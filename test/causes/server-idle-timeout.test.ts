/** A server that ends idle connections with RST, and what only looks so. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { BACK, expectCause, served } from '../support/listing.js';
import { ago, answerOf, fin, type Given, MS, message, tellsOf } from '../support/signatures.js';

/** Silent for a minute after a complete exchange. */
const IDLE: Given = {
  sender: { segments: 5, bytes: 100, lastData: mark(40, 1) },
  receiver: { lastData: mark(39, 0.5) },
  reset: { idleData: 60_000 * MS },
};
const after = (seconds: number, more: Given = {}): Given => ({
  ...IDLE,
  ...more,
  reset: { idleData: seconds * 1000 * MS, ...more.reset },
});
const probes = (count: number) => ({ count, first: ago(500), last: ago(100), interval: 400 * MS });
/** So many connections were ended after the same silence. */
const same = (count: number) => ({ context: { sameIdle: () => count } });
/** A text without the IP header, in which nothing tells who made the RST. */
const open = { provenance: { hidden: true }, mechanism: 'live-socket possible' } as const;

test.each<[string, Given, string]>([
  ['a known timer', IDLE, 'likely server-app'],
  ['no known timer', after(61), 'no: 1 min 1 s of silence is no known timer'],
  ['… that three share', after(61, same(3)), 'likely server-app'],
  ['… that two share', after(61, same(2)), 'no: 1 min 1 s of silence is no known timer'],
  [
    '… that three share, surely from the socket',
    after(61, { ...same(3), mechanism: 'live-socket certain' }),
    'certain server-app',
  ],
  ['one, surely from the socket', { ...IDLE, mechanism: 'live-socket certain' }, 'likely server-app'],
  [
    '… that three share, not from the socket',
    after(61, { ...same(3), mechanism: 'kernel-reply certain' }),
    'likely server-app',
  ],
  ['nothing tells who made it', { ...IDLE, ...open }, 'possible server-app'],
  ['… and three share it', after(61, { ...same(3), ...open }), 'possible server-app'],
  ['a moment', after(0.999), 'no: the connection had been in use 999 ms before'],
  ['just a second', after(1), 'no: 1 s of silence is no known timer'],
  ['the responder', { ...IDLE, sender: { ...IDLE.sender, role: 'responder' } }, 'likely server-app'],
  ['the client', { ...IDLE, sender: { role: 'client' } }, 'not asked'],
  ['a FIN came first', { ...IDLE, sender: { ...IDLE.sender, fin: fin(5) } }, 'no: a FIN came first'],
  [
    'a request waited',
    after(60, { reset: { unanswered: message(30, 60_000) } }),
    'no: a request was waiting for an answer',
  ],
  [
    'bytes were unread',
    after(60, { reset: { unread: { octets: 9, grew: 0, since: null } } }),
    'no: a request was waiting for an answer',
  ],
  [
    'two probes went unanswered',
    { ...IDLE, sender: { ...IDLE.sender, keepAliveProbes: probes(2) } },
    'no: keep-alive probes had gone unanswered',
  ],
  ['one probe did', { ...IDLE, sender: { ...IDLE.sender, keepAliveProbes: probes(1) } }, 'likely server-app'],
  ['of a third party', { ...IDLE, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
])('%s', (_, given, answer) => {
  expect(answerOf('server-idle-timeout', given)).toBe(answer);
});

test('says how long it was silent, who has such a timer, and how many ended so', () => {
  expect(tellsOf('server-idle-timeout', IDLE)).toEqual([
    '40 the last exchange was complete',
    `100 after 1 min of silence the server's live socket sent RST instead of FIN {"idle":60000000000,"window":0}`,
    '- 1 min is the default of AWS ALB, of nginx upstreams and of many proxies',
    'Inferred: a timer. One connection alone may have been aborted for another reason after that time.',
  ]);
  expect(tellsOf('server-idle-timeout', after(61, { ...same(3), sender: { bytes: 0, lastData: null } }))).toEqual([
    '39 the last exchange was complete',
    `100 after 1 min 1 s of silence the server's live socket sent RST instead of FIN {"idle":61000000000,"window":0}`,
    '- 3 connections to that port ended so after the same time',
  ]);
  expect(tellsOf('server-idle-timeout', after(60, same(2)))).toEqual([
    '40 the last exchange was complete',
    `100 after 1 min of silence the server's live socket sent RST instead of FIN {"idle":60000000000,"window":0}`,
    '- 2 connections to that port ended so after the same time',
    '- 1 min is the default of AWS ALB, of nginx upstreams and of many proxies',
    'Inferred: a timer. One connection alone may have been aborted for another reason after that time.',
  ]);
});

describe('server-idle-timeout in packets', () => {
  /** Each is used once and reset by the server after that silence, in seconds. */
  const idle = (...silences: readonly number[]) => {
    const clients = ['C', 'C2', 'C3'].slice(0, silences.length);
    const used = clients.map((client, i) => served(client, 'S', 7 * i, 3000 * i));
    const ended = clients.map(
      (client, i) => `
    ${(7 * i + 0.004 + silences[i]!).toFixed(4)} S > ${client}: [R.] seq 20 ack 19 win 509 ${BACK} ttl 57 id ${3000 * i + 71} DF`,
    );
    return [...used, ...ended].join('');
  };

  test('three connections after the same silence: a timer', async () => {
    await expectCause(idle(47.3, 47.3, 47.3), {
      gives: 'server-idle-timeout certain',
      not: ['process-exit', 'lb-target-removed', 'device-idle-timeout'],
    });
  });

  test('one after a time that is a known default', async () => {
    await expectCause(idle(60), { gives: 'server-idle-timeout likely', not: 'device-idle-timeout' });
  });

  test.each([
    ['one after any other time', idle(47.3)],
    ['three, each after its own time', idle(47.3, 57.3, 67.3)],
  ])('%s was dropped for a reason of its own', async (_, text) => {
    await expectCause(text, { gives: 'abortive-close likely', not: 'server-idle-timeout' });
  });
});
