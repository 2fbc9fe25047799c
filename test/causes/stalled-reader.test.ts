/** A reader that stopped reading: the sender gives up aloud, or in silence. */
import { expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { ACK, ago, answerOf, fin, type Given, tellsOf, trigger } from '../support/signatures.js';

const SHUT: Given = {
  sender: { bytes: 9000, lastData: ago(5000, 60) },
  receiver: { zeroWindow: ago(4000, 70) },
};

test.each<[string, Given, string]>([
  ['shut for seconds', SHUT, 'certain client-app (transfer cut short)'],
  [
    'at a server',
    { ...SHUT, sender: { ...SHUT.sender, role: 'client' }, receiver: { ...SHUT.receiver, role: 'server' } },
    'certain server-app (transfer cut short)',
  ],
  ['for a second', { ...SHUT, receiver: { zeroWindow: ago(1000, 70) } }, 'certain client-app (transfer cut short)'],
  ['for less', { ...SHUT, receiver: { zeroWindow: ago(999, 70) } }, 'no: its window had been shut for 999 ms only'],
  ['open', { ...SHUT, receiver: {} }, "no: the client's window was open"],
  ['of a third party', { ...SHUT, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
])('%s', (_, given, answer) => {
  expect(answerOf('stalled-reader', given)).toBe(answer);
});

const window = (frame: number, ms: number, size: number, from: 'receiver' | 'sender' = 'receiver') =>
  makeSegment(frame, 10_000 - ms, from, ACK, { window: size });
/** Shut at 71, opened with the segment that drew the RST. */
const REOPENED: Given = {
  sender: { bytes: 9000, lastData: ago(5000, 60), lastSegment: ago(2000, 80) },
  reset: {
    shape: 'reply',
    tail: [window(70, 4500, 9), window(71, 4000, 0), window(72, 3000, 9, 'sender'), window(80, 2000, 0)],
    trigger: trigger({ frame: 99, window: 500, latency: 0 }),
  },
  mechanism: 'kernel-reply likely',
};
test.each<[string, Given, string]>([
  ['after seconds', REOPENED, 'likely client-app (transfer cut short)'],
  [
    'it never opened',
    { ...REOPENED, reset: { ...REOPENED.reset, trigger: trigger({ window: 0 }) } },
    "no: the client's window was open",
  ],
  [
    'it had not been shut',
    { ...REOPENED, reset: { ...REOPENED.reset, tail: [window(70, 4500, 9)] } },
    "no: the client's window was open",
  ],
  [
    'what comes behind is not looked at',
    { ...REOPENED, reset: { ...REOPENED.reset, tail: [window(70, 4500, 9), window(99, 2000, 0)] } },
    "no: the client's window was open",
  ],
  [
    'shut from the first on',
    { ...REOPENED, reset: { ...REOPENED.reset, tail: [window(71, 4000, 0)] } },
    'likely client-app (transfer cut short)',
  ],
  [
    'for a second',
    { ...REOPENED, reset: { ...REOPENED.reset, tail: [window(71, 1000, 0)] } },
    'likely client-app (transfer cut short)',
  ],
  [
    'for less',
    { ...REOPENED, reset: { ...REOPENED.reset, tail: [window(71, 999, 0)] } },
    'no: its window had been shut for 999 ms only',
  ],
  [
    'the sender had closed',
    { ...REOPENED, sender: { ...REOPENED.sender, fin: fin(50) } },
    'no: the sender had closed, or nothing drew the RST',
  ],
  [
    'nothing drew it',
    { ...REOPENED, reset: { ...REOPENED.reset, trigger: null } },
    'no: the sender had closed, or nothing drew the RST',
  ],
])('the window opens again, and nobody is there: %s', (_, given, answer) => {
  expect(answerOf('stalled-reader', given)).toBe(answer);
});

test('says when it shut, and how long that lasted', () => {
  expect(tellsOf('stalled-reader', SHUT)).toEqual([
    '60 the server had sent 9,000 bytes',
    "70 the client's window closed (0): its program had stopped reading",
    '100 after 4 s the server aborted {"lasted":4000000000}',
  ]);
  expect(tellsOf('stalled-reader', { ...SHUT, sender: { ...SHUT.sender, zeroWindowProbes: 3 } })[2]).toBe(
    '- 3 probes of the server found it still shut',
  );
  expect(tellsOf('stalled-reader', REOPENED)).toEqual([
    '60 the server had sent 9,000 bytes',
    "71 the client's window closed (0): its program had stopped reading",
    '80 the server was last heard of',
    '99 after 4 s the client opened its window again',
    `100 the server's socket was gone by then: it had given up without a packet {"seq":5001}`,
    'A host that was restarted in the meantime looks the same; uptime decides.',
  ]);
});
