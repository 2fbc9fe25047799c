/** Volleys of forged resets, as filters send them, and the nearest that are none. */
import { expect, test } from 'vitest';
import type { SiblingReset } from '../../src/reset/types.js';
import { mark } from '../support/diagnosis.js';
import { answerOf, type Given, message, tellsOf, trigger } from '../support/signatures.js';

/** Another RST so many milliseconds and octets behind. */
const rst = (frame: number, ms: number, off: number, more: Partial<SiblingReset> = {}): SiblingReset => ({
  ...mark(frame, 10_000 + ms),
  fromSender: true,
  seq: 5001 + off,
  ack: 0,
  ttl: 60,
  ipId: 7,
  df: false,
  hasAck: true,
  window: 100,
  ...more,
});
const VOLLEY: Given = {
  rst: { seq: 5001, window: 100 },
  reset: { siblings: [rst(101, 1, 1460), rst(102, 2, 4380)], effective: true },
  mechanism: 'third-party certain',
};
const volley = (...siblings: readonly SiblingReset[]): Given => ({ ...VOLLEY, reset: { ...VOLLEY.reset, siblings } });
const hello = message(300, 5, { text: '\x16\x03\x01\x02\x00\x01', frame: 98 });

test.each<[string, Given, string]>([
  ['two guesses', VOLLEY, 'certain third-party'],
  ['… before it', volley(rst(98, -2, -1460), rst(99, -1, -4380)), 'certain third-party'],
  [
    '… behind a ClientHello',
    { ...VOLLEY, receiver: { lastData: hello.last, lastMessage: hello } },
    'certain third-party (request blocked)',
  ],
  ['one guess and one that is none', volley(rst(101, 1, 1460), rst(102, 2, 7)), 'certain third-party'],
  [
    'a pair with the step of a known shaper',
    { ...volley(rst(101, 1, 12_503)), provenance: { twin: 101 } },
    'likely third-party',
  ],
  [
    '… as the answer to a hello',
    {
      ...volley(rst(101, 1, 12_503)),
      provenance: { twin: 101 },
      receiver: { lastData: hello.last, lastMessage: hello },
    },
    'likely third-party (request blocked)',
  ],
  [
    'two RSTs so far apart, which differ in more',
    volley(rst(101, 1, 12_503)),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  ['one guess', volley(rst(101, 1, 1460)), 'no: no volley of RSTs with guessed numbers or counting windows came'],
  [
    'other steps',
    volley(rst(101, 1, 1461), rst(102, 2, 4381)),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  [
    '… in the name of the other end',
    volley(rst(101, 1, 1460, { fromSender: false }), rst(102, 2, 4380)),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  ['… as late as two reply times', volley(rst(101, 1, 1460), rst(102, 2000, 4380)), 'certain third-party'],
  [
    '… later',
    volley(rst(101, 1, 1460), rst(102, 2001, 4380)),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  [
    'windows that count',
    volley(rst(101, 1, 0, { window: 101 }), rst(102, 2, 0, { window: 102 })),
    'certain third-party',
  ],
  [
    '… by more than one each',
    volley(rst(101, 1, 0, { window: 101 }), rst(102, 2, 0, { window: 103 })),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  [
    '… at other numbers',
    volley(rst(101, 1, 1, { window: 101 }), rst(102, 2, 2, { window: 102 })),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  [
    'one window',
    volley(rst(101, 1, 0), rst(102, 2, 0)),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  [
    'down to 0',
    {
      ...volley(rst(101, 1, 0, { window: 1 }), rst(102, 2, 0, { window: 0 })),
      rst: { seq: 5001, window: 2 },
    },
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  ['without effect', { ...VOLLEY, reset: { ...VOLLEY.reset, effective: false } }, 'no: it took no effect'],
  ['alone', volley(), 'no: no volley of RSTs with guessed numbers or counting windows came'],
])('%s', (_, given, answer) => {
  expect(answerOf('dpi-injection', given)).toBe(answer);
});

/** The host's own RST beside a volley in its name. */
const beside = (more: Partial<SiblingReset> = {}, ms = 2): Given =>
  volley(rst(101, 1, 50), rst(102, 1.5, 50 + 1460, more), rst(103, ms, 50 + 4380, more));
test.each<[string, Given, string]>([
  ['its own among guesses', beside(), 'likely third-party'],
  [
    '… of which one is missing',
    volley(rst(101, 1, 50), rst(102, 1.5, 50 + 1460)),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  ['… without ACK', beside({ hasAck: false }), 'no: no volley of RSTs with guessed numbers or counting windows came'],
  [
    '… of the other end',
    beside({ fromSender: false }),
    'no: no volley of RSTs with guessed numbers or counting windows came',
  ],
  ['… as late as a filter takes', beside({}, 200), 'likely third-party'],
  ['… later', beside({}, 201), 'no: no volley of RSTs with guessed numbers or counting windows came'],
])('beside a volley: %s', (_, given, answer) => {
  expect(answerOf('dpi-injection', given)).toBe(answer);
});

test('says what drew them, and their numbers', () => {
  expect(tellsOf('dpi-injection', { ...VOLLEY, receiver: { lastData: hello.last, lastMessage: hello } })).toEqual([
    '98 the client sent a TLS ClientHello (it names the site)',
    '100 an RST came in the name of the server {"seq":5001,"ttl":63,"window":100}',
    '101 with it came others at numbers +1460, +4380: guesses, as of somebody who does not hold the connection (frames 101, 102)',
  ]);
  expect(
    tellsOf('dpi-injection', {
      ...volley(rst(98, -2, -1460), rst(101, 1, 4380)),
      reset: { siblings: [rst(98, -2, -1460), rst(101, 1, 4380)], trigger: trigger() },
    }),
  ).toEqual([
    '99 the segment that drew them',
    '100 an RST came in the name of the server {"seq":5001,"ttl":63,"window":100}',
    '98 with it came others at numbers -1460, +4380: guesses, as of somebody who does not hold the connection (frames 98, 101)',
  ]);
  expect(tellsOf('dpi-injection', volley(rst(101, 1, 0, { window: 101 }), rst(102, 2, 0, { window: 102 })))).toEqual([
    '100 an RST came in the name of the server {"seq":5001,"ttl":63,"window":100}',
    '101 with it came others with the same number and windows that count up (100, 101, 102; frames 101, 102)',
  ]);
  expect(tellsOf('dpi-injection', beside())).toEqual([
    '100 the server reset the connection {"seq":5001}',
    '101 within 2 ms others came in its name at numbers that step by 1460 and 4380: guesses of somebody who does not hold the connection (frames 101, 102, 103)',
    "This RST may be the server's own, for data of the client that came after its close: the cut of the other end is not in this capture.",
  ]);
});
