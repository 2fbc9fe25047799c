/** A conversation that was over, ended with RST; each story beside one in which something was open. */
import { expect, test } from 'vitest';
import type { BurstFacts } from '../../src/context/types.js';
import { makeSegment } from '../support/diagnosis.js';
import { ACK, ago, answerOf, fin, type Given, MS, message, tellsOf } from '../support/signatures.js';

/** The client had closed, all was said and acknowledged; the server's socket is dropped. */
const OVER: Given = {
  sender: { bytes: 60, segments: 3, sndNxt: 5061, rcvNxt: 1032, rawWindow: 500, lastData: ago(500, 85) },
  receiver: { bytes: 30, sndNxt: 1032, lastData: ago(600, 84), fin: fin(40, { frame: 95 }) },
  rst: { ack: 1032, window: 500 },
  reset: { freshlyAcked: 0, idleData: 500 * MS },
};
const over = (more: Given): Given => ({
  ...OVER,
  ...more,
  sender: { ...OVER.sender, ...more.sender },
  receiver: { ...OVER.receiver, ...more.receiver },
  rst: { ...OVER.rst, ...more.rst },
  reset: { ...OVER.reset, ...more.reset },
});
const open = { receiver: { fin: null } };
/** The client drops its connection, which nobody had closed. */
const idle = (seconds: number, more: Given = {}): Given =>
  over({
    ...more,
    sender: { role: 'client', lastData: ago(600, 84), ...more.sender },
    receiver: { role: 'server', fin: null, lastData: ago(500, 85), ...more.receiver },
    reset: { idleData: seconds * 1000 * MS, ...more.reset },
  });
const windows = { sender: { stack: { abortWindow: 'zero' } as never } };
const BURST: BurstFacts = {
  ended: 3,
  byFin: 0,
  byReset: 3,
  live: 5,
  accepted: 0,
  between: 0,
  shortestIdle: 0,
  longestIdle: 0,
  span: 1,
  frames: [],
  first: 1,
};
const burst = (more: Partial<BurstFacts>) => ({ context: { burst: () => ({ ...BURST, ...more }) } });
const quit = (clear = true) => ({ goodbye: { by: 'receiver', clear } }) as const;

test.each<[string, Given, string]>([
  ['the other end had closed', OVER, 'likely nobody'],
  ['… in the same moment', over({ receiver: { fin: fin(0, { frame: 99 }) } }), 'likely nobody'],
  [
    '… later',
    over({ receiver: { fin: fin(-1, { frame: 101 }) } }),
    'no: nothing shows that the conversation was over: its last data was 500 ms old',
  ],
  ['it had closed itself', over({ ...open, sender: { fin: fin(30, { frame: 96 }) } }), 'likely nobody'],
  [
    'a server had, and its last words were not acknowledged yet',
    over({ sender: { role: 'client' }, receiver: { role: 'server' }, reset: { freshlyAcked: 20 } }),
    'likely nobody',
  ],
  ['a client had, and …', over({ reset: { freshlyAcked: 20 } }), 'no: the last 20 bytes had just come'],
  [
    'both had, and …',
    over({
      sender: { role: 'client', fin: fin(30, { frame: 96 }) },
      receiver: { role: 'server' },
      reset: { freshlyAcked: 20 },
    }),
    'no: the last 20 bytes had just come',
  ],
  [
    'its window grew as it had grown before',
    over({
      sender: { windowScale: 7, rawWindow: 480 },
      reset: { tail: [450, 480].map((window) => makeSegment(90, 9_900, 'sender', ACK, { window })) },
    }),
    'likely nobody',
  ],
  [
    '… grew back',
    over({
      sender: { windowScale: 7, rawWindow: 480 },
      reset: { tail: [500, 480].map((window) => makeSegment(90, 9_900, 'sender', ACK, { window })) },
    }),
    'no: its window grew from 480 to 500 with the RST, as where unread bytes are thrown away',
  ],
  ['neither had', over(open), 'no: nothing shows that the conversation was over: its last data was 500 ms old'],
  ['a goodbye was said', over({ ...open, ...quit() }), 'likely nobody'],
  [
    'perhaps a goodbye',
    over({ ...open, ...quit(false) }),
    'no: nothing shows that the conversation was over: its last data was 500 ms old',
  ],
  ['… and the other end had closed', over(quit(false)), 'likely nobody'],
  ['something was open', over({ sender: { bytesUnacked: 5 } }), 'no: 5 bytes of the server were not acknowledged'],
  ['a client drops an idle connection by a known timer', idle(60), 'likely nobody'],
  [
    '… by none',
    idle(61),
    'no: 1 min 1 s of silence is no known timer, and this stack does not drop connections so by routine',
  ],
  ['… as Windows does', idle(61, windows), 'likely nobody'],
  [
    '… within a second',
    idle(0.999, windows),
    'no: nothing shows that the conversation was over: its last data was 999 ms old',
  ],
  ['… just a second', idle(1, windows), 'likely nobody'],
  [
    '… nobody knows how long',
    idle(1, { ...windows, reset: { idleData: null } }),
    'no: nothing shows that the conversation was over: its last data was 0 µs old',
  ],
  [
    'a server drops an idle connection',
    over({ ...open, reset: { idleData: 60_000 * MS } }),
    'no: nothing shows that the conversation was over: its last data was 1 min old',
  ],
  ['of a third party', over({ mechanism: 'third-party likely' }), 'no: the sender named in it did not make it'],
  [
    'the other end was not captured',
    over({ receiver: { segments: 0 } }),
    'no: what the client had sent is not in this capture',
  ],
  ['a reply', over({ reset: { shape: 'reply' } }), 'not asked'],
  ['with two others, by a timer', idle(60, burst({})), 'no: 3 connections of that host were ended in the same moment'],
  ['with one other, by a timer', idle(60, burst({ ended: 2 })), 'likely nobody'],
  ['with others, as Windows does', idle(60, { ...windows, ...burst({ ended: 99 }) }), 'likely nobody'],
  [
    '… of which one closed',
    idle(60, { ...windows, ...burst({ byFin: 1 }) }),
    'no: 3 connections of that host were ended in the same moment',
  ],
  [
    '… of which one closed, and so had this',
    idle(60, { sender: { ...windows.sender, fin: fin(30) }, ...burst({ byFin: 1 }) }),
    'likely nobody',
  ],
  ['with others that the other end had closed', over(burst({ ended: 9 })), 'likely nobody'],
  ['with others, behind a goodbye', over({ ...open, ...quit(), ...burst({ ended: 9 }) }), 'likely nobody'],
])('%s', (_, given, answer) => {
  expect(answerOf('routine-close-by-reset', given)).toBe(answer);
});

/** The client's last words met a socket that the server had closed. */
const unheard = (more: Given = {}): Given => {
  const words = message(6, 20, { frame: 97 });
  return over({
    ...more,
    sender: { fin: fin(30, { frame: 96 }), ...more.sender },
    receiver: { fin: null, lastData: words.last, lastMessage: words, ...more.receiver },
    reset: { shape: 'reply', ...more.reset },
    goodbye: { by: 'receiver', ...more.goodbye },
  });
};
test.each<[string, Given, string]>([
  ['a QUIT', unheard(), 'likely nobody'],
  ['a goodbye of TLS', unheard({ goodbye: { by: 'receiver', name: 'a TLS goodbye' } }), 'not asked'],
  ['perhaps a goodbye', unheard({ goodbye: { by: 'receiver', clear: false } }), 'not asked'],
  ['its own', unheard({ goodbye: { by: 'sender' } }), 'not asked'],
  ['it had not closed', unheard({ sender: { fin: null } }), 'not asked'],
  ['it had said nothing', unheard({ sender: { bytes: 0 } }), 'not asked'],
  ['more than the goodbye', unheard({ receiver: { lastMessage: message(7, 20, { frame: 97 }) } }), 'not asked'],
  ['nobody knows when', unheard({ receiver: { lastData: null } }), 'not asked'],
])('last words that nobody was there to read: %s', (_, given, answer) => {
  expect(answerOf('routine-close-by-reset', given)).toBe(answer);
});

test('says what ended it, and for how long nothing had been outstanding', () => {
  expect(tellsOf('routine-close-by-reset', OVER)).toEqual([
    '85 the server said the last word, and all of it was acknowledged',
    '95 the client had closed its side (FIN)',
    `100 40 ms later the server's live socket was dropped with RST; nothing was outstanding {"seq":5001,"ack":1032,"window":500}`,
    "Inferred: that the server's program had read all it was sent. Bytes left unread make the same packet; then the server's log tells.",
  ]);
  expect(
    tellsOf(
      'routine-close-by-reset',
      over({
        ...open,
        sender: { fin: fin(30, { frame: 96 }) },
        receiver: { fin: fin(20, { frame: 97 }), bytes: 0, lastData: ago(600, 86) },
      }),
    ),
  ).toEqual([
    '86 the client said the last word, and all of it was acknowledged',
    '97 the client had closed its side (FIN)',
    `100 20 ms later the server's live socket was dropped with RST; nothing was outstanding {"seq":5001,"ack":1032,"window":500}`,
    "Inferred: that the server's program had read all it was sent. An abort on purpose makes the same packet; then the server's log tells.",
  ]);
  expect(tellsOf('routine-close-by-reset', over({ ...open, ...quit() }))).toEqual([
    '85 the server said goodbye (a QUIT)',
    `100 500 ms later the server's live socket was dropped with RST; nothing was outstanding {"seq":5001,"ack":1032,"window":500}`,
    "Inferred: that the server's program had read all it was sent. Bytes left unread make the same packet; then the server's log tells.",
  ]);
  expect(tellsOf('routine-close-by-reset', idle(60))).toEqual([
    '85 the server said the last word, and all of it was acknowledged',
    '- 1 min of silence is the default of AWS ALB, of nginx upstreams and of many proxies',
    `100 1 min later the client's live socket was dropped with RST; nothing was outstanding {"seq":5001,"ack":1032,"window":500}`,
    "Inferred: that the client's program had read all it was sent. Bytes left unread make the same packet; then the client's log tells.",
  ]);
  expect(tellsOf('routine-close-by-reset', unheard({ mechanism: 'kernel-reply likely' }))[2]).toBe(
    "100 nobody was there to read that: the server's kernel answered with RST",
  );
  expect(tellsOf('routine-close-by-reset', unheard())).toEqual([
    '96 the server had closed its side (FIN)',
    '97 the client said goodbye (a QUIT) {"length":6}',
    "100 nobody was there to read that: the server's stack answered with RST",
    'Inferred: that nobody missed it. It is the last word of its protocol, and the other side had closed.',
  ]);
});
