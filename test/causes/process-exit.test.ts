/** All connections of one end at once: a process that ended, and what else ends several. */
import { expect, test } from 'vitest';
import type { BurstFacts } from '../../src/context/types.js';
import { expectCause, served } from '../support/listing.js';
import { ago, answerOf, fin, type Given, listener, MS, message, tellsOf } from '../support/signatures.js';

const S = 1000 * MS;
const NONE = 'no: no other connection of that host to 10.0.1.2:46840 ended at that moment';
/** Four of five ended within 2 ms, one of them with FIN, each last used at another time. */
const BURST: BurstFacts = {
  ended: 4,
  byFin: 1,
  byReset: 3,
  live: 5,
  accepted: 0,
  between: 0,
  shortestIdle: 1 * S,
  longestIdle: 9 * S,
  span: 2 * MS,
  frames: [97, 98, 99, 100],
  first: 9999 * MS,
};
const burst = (more: Partial<BurstFacts> | null) => (more === null ? null : { ...BURST, ...more });
const request = message(30, 20, { frame: 90 });
const exit = (
  more: Partial<BurstFacts> | null = {},
  given: Given = {},
  heard?: Parameters<typeof listener>[0],
): Given => ({
  ...given,
  reset: { unanswered: request, freshlyAcked: 0, ...given.reset },
  context: { burst: () => burst(more), ...(heard && { listener: listener(heard) }), ...given.context },
});
const END = 9999 * MS + 2 * MS;
const refusedAt = (refused: number, accepted: number | null = null) => ({
  refusedAfter: (time: number) => (time <= refused ? refused : null),
  acceptedAfter: (time: number) => (accepted !== null && time <= accepted ? accepted : null),
});
const acceptedAt = (accepted: number) => ({ acceptedAfter: (time: number) => (time <= accepted ? accepted : null) });
const read: Given = { reset: { unanswered: null } };
const client: Given = { sender: { role: 'client' }, receiver: { role: 'server' } };

/** Both connections of a client, one right behind the other; the server had said the last word on the one that was reset. */
const PAIR: Partial<BurstFacts> = { ended: 2, byFin: 1, byReset: 1, live: 2, span: 0.2 * MS };
const spoken: Given = {
  sender: { role: 'client', lastData: ago(900, 80) },
  receiver: { role: 'server', lastData: ago(400, 90) },
};

test.each<[string, Given, string]>([
  ['two of two of a client, by FIN and by RST', exit(PAIR, spoken), 'likely client-app'],
  ['… a millisecond apart', exit({ ...PAIR, span: 1 * MS }, spoken), 'likely client-app'],
  ['… more', exit({ ...PAIR, span: 1.1 * MS }, spoken), NONE],
  ['… by two RSTs', exit({ ...PAIR, byFin: 0, byReset: 2 }, spoken), NONE],
  ['… of three', exit({ ...PAIR, live: 3 }, spoken), NONE],
  [
    '… where the client had said the last word',
    exit(PAIR, { ...spoken, sender: { role: 'client', lastData: ago(300, 95) } }),
    NONE,
  ],
  [
    '… where the server had said nothing',
    exit(PAIR, { ...spoken, receiver: { role: 'server', lastData: null } }),
    NONE,
  ],
  [
    '… of a stack that drops connections at rest by RST',
    exit(PAIR, { ...spoken, sender: { ...spoken.sender, stack: { abortWindow: 'zero' } as never } }),
    NONE,
  ],
  ['two of two of a server', exit(PAIR), 'no: no other connection to 10.0.2.2:5007 ended at that moment'],
])('%s', (_, given, answer) => {
  expect(answerOf('process-exit', given)).toBe(answer);
});

test.each<[string, Given, string]>([
  ['with unread data, some with FIN', exit(), 'likely server-app (requests unanswered)'],
  [
    '… and the port refuses afterwards',
    exit({}, {}, refusedAt(END + 5 * S)),
    'certain server-app (requests unanswered)',
  ],
  [
    '… and accepts before it refuses',
    exit({}, {}, refusedAt(END + 5 * S, END + 1 * S)),
    'likely server-app (requests unanswered)',
  ],
  [
    '… and refuses before it accepts',
    exit({}, {}, refusedAt(END + 1 * S, END + 5 * S)),
    'certain server-app (requests unanswered)',
  ],
  [
    '… and accepts in the same moment',
    exit({}, {}, acceptedAt(END + 200 * MS)),
    'no: the listener accepted a connection 200 ms later: the process lived on',
  ],
  ['… and accepts a moment later', exit({}, {}, acceptedAt(END + 201 * MS)), 'likely server-app (requests unanswered)'],
  [
    '… and refuses, then accepts in the same moment',
    exit({}, {}, refusedAt(END + 1 * MS, END + 100 * MS)),
    'certain server-app (requests unanswered)',
  ],
  [
    '… and accepts, then refuses in the same moment',
    exit({}, {}, refusedAt(END + 100 * MS, END + 1 * MS)),
    'no: the listener accepted a connection 1 ms later: the process lived on',
  ],
  ['of a client', exit({}, client), 'likely client-app'],
  ['… whose server refuses afterwards', exit({}, client, refusedAt(END + 5 * S)), 'likely client-app'],
  ['all with RST', exit({ byFin: 0, byReset: 4 }), 'likely server-app (requests unanswered)'],
  [
    '… and the port refuses afterwards',
    exit({ byFin: 0, byReset: 4 }, {}, refusedAt(END + 5 * S)),
    'likely server-app (requests unanswered)',
  ],
  [
    '… with nothing unread',
    exit({ byFin: 0, byReset: 4 }, read),
    'no: 4 connections were reset and none closed with FIN, with no sign of unread data: aborts, not an exit',
  ],
  [
    '… with unread data by the window',
    exit({ byFin: 0, byReset: 4 }, { reset: { unanswered: null, unread: { octets: 9, grew: 0, since: null } } }),
    'likely server-app',
  ],
  [
    '… with an octet that had just come',
    exit({ byFin: 0, byReset: 4 }, { reset: { unanswered: null, freshlyAcked: 1 } }),
    'no: 4 connections were reset and none closed with FIN, with no sign of unread data: aborts, not an exit',
  ],
  ['… with two', exit({ byFin: 0, byReset: 4 }, { reset: { unanswered: null, freshlyAcked: 2 } }), 'likely server-app'],
  [
    '… nobody knows what had come',
    exit({ byFin: 0, byReset: 4 }, { reset: { unanswered: null, freshlyAcked: null } }),
    'no: 4 connections were reset and none closed with FIN, with no sign of unread data: aborts, not an exit',
  ],
  [
    '… of a client that owed nothing',
    exit({ byFin: 0, byReset: 4 }, client),
    'no: 4 connections were reset and none closed with FIN, with no sign of unread data: aborts, not an exit',
  ],
  ['with nothing unread, some with FIN', exit({}, read), 'likely server-app'],
  ['three of six', exit({ ended: 3, live: 6 }), 'likely server-app (requests unanswered)'],
  ['three of seven', exit({ ended: 3, live: 7 }), 'no: only 3 of 7 live connections ended: the process lived on'],
  ['two', exit({ ended: 2 }), 'no: no other connection to 10.0.2.2:5007 ended at that moment'],
  ['alone', exit(null), 'no: no other connection to 10.0.2.2:5007 ended at that moment'],
  ['… of a client', exit(null, client), 'no: no other connection of that host to 10.0.1.2:46840 ended at that moment'],
  ['more than were seen to be opened', exit({ ended: 6, live: 3 }), 'likely server-app (requests unanswered)'],
  ['more than twice as many', exit({ ended: 7, live: 3 }), 'no: they had not been open at the same time'],
  ['one was accepted meanwhile', exit({ accepted: 1 }), 'no: the listener accepted 1 connection in the same instant'],
  [
    'it spoke between two of three endings',
    exit({ between: 2 }),
    'no: it went on talking between these 4 endings: the process lived on',
  ],
  ['… between one of three', exit({ between: 1 }), 'likely server-app (requests unanswered)'],
  ['… between one of two', exit({ ended: 3, between: 1 }), 'likely server-app (requests unanswered)'],
  [
    'each at the same age, which is a known timer',
    exit({ shortestIdle: 60 * S, longestIdle: 60 * S }),
    'no: all of them had been idle for the same 1 min: an idle limit ended them',
  ],
  [
    'each at the same age, as far apart as they were used',
    exit({ shortestIdle: 61 * S, longestIdle: 61 * S }),
    'no: all of them had been idle for the same 1 min 1 s: an idle limit ended them',
  ],
  [
    '… at once',
    exit({ shortestIdle: 61 * S, longestIdle: 61 * S, span: 1 * MS }),
    'likely server-app (requests unanswered)',
  ],
  [
    '… within as much',
    exit({ shortestIdle: 61 * S, longestIdle: 61 * S + 1 * MS }),
    'likely server-app (requests unanswered)',
  ],
  [
    '… at ages a little apart',
    exit({ shortestIdle: 60 * S, longestIdle: 60 * S + 50 * MS, span: 101 * MS }),
    'no: all of them had been idle for the same 1 min: an idle limit ended them',
  ],
  [
    'at the same age of less than a second',
    exit({ shortestIdle: 0.9 * S, longestIdle: 0.9 * S }),
    'likely server-app (requests unanswered)',
  ],
  [
    'this one had been closed with FIN',
    exit({}, { sender: { fin: fin(50) } }),
    'no: it had closed this one with FIN before (90)',
  ],
  ['the dialogue was over', exit({}, { goodbye: { by: 'receiver' } }), 'no: the dialogue had ended with a QUIT'],
  ['… perhaps', exit({}, { goodbye: { by: 'receiver', clear: false } }), 'likely server-app (requests unanswered)'],
  ['of a third party', exit({}, { mechanism: 'third-party likely' }), 'no: the sender named in it did not make it'],
  [
    'the clients were not captured',
    exit({}, { receiver: { segments: 0 } }),
    'no: who ended the other connections first is not in this capture: it shows one direction only',
  ],
  [
    '… but the port refuses afterwards',
    exit({}, { receiver: { segments: 0 } }, refusedAt(END + 5 * S)),
    'certain server-app (requests unanswered)',
  ],
  [
    '… all with RST',
    exit({ byFin: 0, byReset: 4 }, { receiver: { segments: 0 } }, refusedAt(END + 5 * S)),
    'no: who ended the other connections first is not in this capture: it shows one direction only',
  ],
  [
    '… with nothing unread',
    exit({}, { ...read, receiver: { segments: 0 } }, refusedAt(END + 5 * S)),
    'no: who ended the other connections first is not in this capture: it shows one direction only',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('process-exit', given)).toBe(answer);
});

test('says which ended, what was unread, and what became of the listener', () => {
  expect(tellsOf('process-exit', exit())).toEqual([
    '97 within 2 ms 10.0.2.2 closed 4 of its 5 connections on port 5007: 1 with FIN, 3 with RST (frames 97, 98, 99, 100) {"ended":4,"live":5}',
    '90 on this one the client had just sent data that was still unread',
    '100 so a kernel acts when a process ends: FIN where all was read, RST where not',
    'A program that closes all its connections at once looks the same (deploy, graceful stop). No later SYN to port 5007 in this capture shows whether it came back.',
  ]);
  expect(tellsOf('process-exit', exit({ frames: [94, 95, 96, 97, 98, 99, 100] }, {}, refusedAt(END + 5 * S)))).toEqual([
    '94 within 2 ms 10.0.2.2 closed 4 of its 5 connections on port 5007: 1 with FIN, 3 with RST (frames 94, 95, 96, 97, 98, 99 …) {"ended":4,"live":5}',
    '90 on this one the client had just sent data that was still unread',
    '100 so a kernel acts when a process ends: FIN where all was read, RST where not',
    '- 5 s later the port refused a new connection: the listener was gone too',
  ]);
  expect(tellsOf('process-exit', exit({ frames: [95, 96, 97, 98, 99, 100] }, read, acceptedAt(END + 5 * S)))).toEqual([
    '95 within 2 ms 10.0.2.2 closed 4 of its 5 connections on port 5007: 1 with FIN, 3 with RST (frames 95, 96, 97, 98, 99, 100) {"ended":4,"live":5}',
    '100 so a kernel acts when a process ends: FIN where all was read, RST where not',
    '- 5 s later the port accepted connections again: it had been restarted',
    'A program that closes all its connections at once looks the same (deploy, graceful stop).',
  ]);
  expect(tellsOf('process-exit', exit({}, client))).toEqual([
    '97 within 2 ms 10.0.2.2 closed 4 of its 5 connections to port 46840: 1 with FIN, 3 with RST (frames 97, 98, 99, 100) {"ended":4,"live":5}',
    '90 on this one the server had just sent data that was still unread',
    '100 so a kernel acts when a process ends: FIN where all was read, RST where not',
    'A program that closes all its connections at once looks the same (deploy, graceful stop).',
  ]);
});

test('a client with two connections stops: FIN, and RST where the server had pushed something unread', async () => {
  const push = `
  0.4000 S > C: [P.] seq 20:26 ack 19 win 509 <nop,nop,TS val 1300 ecr 102> ttl 57 id 71 DF "pushed"
  0.4001 C > S: [.] ack 26 win 502 <nop,nop,TS val 500 ecr 1300> ttl 64 id 5 DF`;
  const fin = `
  0.9000 C2 > S: [F.] seq 19 ack 20 win 502 <nop,nop,TS val 1000 ecr 902> ttl 64 id 3005 DF`;
  const rst = (at: string) => `
  ${at} C > S: [R.] seq 19 ack 26 win 502 <nop,nop,TS val 1000 ecr 1300> ttl 64 id 6 DF`;
  const two = served() + served('C2', 'S', 0.2, 3000) + push + fin;
  await expectCause(two + rst('0.9002'), { gives: 'process-exit likely', not: 'lb-target-removed' });
  // Two that ended one after the other may have done so each for itself.
  await expectCause(two + rst('0.9102'), { gives: 'unexplained-abort', not: 'process-exit' });
});
