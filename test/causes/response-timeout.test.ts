/** The asking side gave up waiting for the answer. */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, message, tellsOf } from '../support/signatures.js';

describe('response-timeout', () => {
  const asked = message(50, 30_000, { frame: 60 });
  const WAITED: Given = {
    sender: { role: 'client', lastMessage: asked, bytesUnacked: 0 },
    receiver: { role: 'server', lastData: ago(31_000, 50), lastAckMoved: ago(29_990, 61) },
  };
  const waited = (ms: number): Given => ({
    ...WAITED,
    sender: { ...WAITED.sender, lastMessage: message(50, ms, { frame: 60 }) },
  });
  test.each<[string, Given, string]>([
    ['after a customary time', WAITED, 'likely server-app (50 bytes unanswered)'],
    ['as two others', { ...WAITED, context: { sameIdle: () => 3 } }, 'certain server-app (50 bytes unanswered)'],
    [
      '… where it is only possible that the client itself made it',
      { ...WAITED, mechanism: 'live-socket possible', context: { sameIdle: () => 3 } },
      'likely server-app (50 bytes unanswered)',
    ],
    [
      'after any time, as one other',
      { ...waited(7341), context: { sameIdle: () => 2 } },
      'likely server-app (50 bytes unanswered)',
    ],
    ['after any time', waited(7341), 'possible server-app'],
    [
      'after any time, behind others that were answered',
      { ...waited(7341), mechanism: 'live-socket certain', reset: { exchanges: 2 } },
      'likely server-app',
    ],
    [
      '… whose beginning was not captured',
      { ...waited(7341), mechanism: 'live-socket certain', reset: { exchanges: 2, quality: { midStream: true } } },
      'possible server-app',
    ],
    [
      '… with a goodbye',
      {
        ...waited(7341),
        mechanism: 'live-socket certain',
        goodbye: { by: 'sender', clear: true },
        reset: { exchanges: 2 },
      },
      'possible server-app',
    ],
    [
      '… behind one',
      { ...waited(7341), mechanism: 'live-socket certain', reset: { exchanges: 1 } },
      'possible server-app',
    ],
    ['too soon', waited(999), 'no: it had waited only 999 ms'],
    [
      'of a server',
      { ...WAITED, sender: { ...WAITED.sender, role: 'server' }, receiver: { ...WAITED.receiver, role: 'client' } },
      'not asked',
    ],
    ['of a third party', { ...WAITED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'nothing asked',
      { ...WAITED, sender: { ...WAITED.sender, lastMessage: null } },
      'no: the client had asked nothing',
    ],
    [
      'not acknowledged',
      { ...WAITED, sender: { ...WAITED.sender, bytesUnacked: 50 } },
      'no: the request itself was never acknowledged',
    ],
    [
      'not acknowledged, and not sent again in all that time: the capture lacks it',
      { ...WAITED, sender: { ...WAITED.sender, bytesUnacked: 50, lastData: ago(30_000, 60) } },
      'likely server-app (50 bytes unanswered)',
    ],
    [
      '… but sent again',
      {
        ...WAITED,
        sender: {
          ...WAITED.sender,
          bytesUnacked: 50,
          lastData: ago(30_000, 60),
          retransmitting: { count: 1, first: ago(20_000, 62), last: ago(20_000, 62) },
        },
      },
      'no: the request itself was never acknowledged',
    ],
    [
      'answered at once',
      {
        ...WAITED,
        sender: { ...WAITED.sender, lastMessage: message(50, 800, { frame: 60 }) },
        receiver: { ...WAITED.receiver, lastData: ago(500, 70) },
      },
      'no: the server had answered (70)',
    ],
    [
      'answered in part, then nothing, for a customary time',
      {
        ...WAITED,
        sender: { ...WAITED.sender, lastMessage: message(50, 30_500, { frame: 60 }) },
        receiver: { ...WAITED.receiver, lastData: ago(30_000, 70) },
      },
      'no: the answer had begun',
    ],
    [
      'answered in part, then nothing, for any time',
      {
        ...WAITED,
        sender: { ...WAITED.sender, lastMessage: message(50, 8_000, { frame: 60 }) },
        receiver: { ...WAITED.receiver, lastData: ago(7_341, 70) },
      },
      'no: 7.34 s is no customary time limit',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('response-timeout', given)).toBe(answer);
  });

  test('response-timeout says what it saw', () => {
    expect(tellsOf('response-timeout', WAITED)).toEqual([
      '60 the client sent its request (50 bytes)',
      '61 the other kernel acknowledged it; its program did not answer',
      '100 30 s after the request it aborted the connection {"waited":30000000000}',
      '- 30 s is a customary time limit',
      'Inferred: a time limit. A person or program that gave up at that moment for another reason looks the same.',
    ]);
    expect(tellsOf('response-timeout', { ...WAITED, context: { sameIdle: () => 3 } })).toEqual([
      '60 the client sent its request (50 bytes)',
      '61 the other kernel acknowledged it; its program did not answer',
      '100 30 s after the request it aborted the connection {"waited":30000000000}',
      '- 30 s is a customary time limit',
      '- 3 connections to that port ended after the same time',
    ]);
    expect(tellsOf('response-timeout', waited(7341))).toEqual([
      '60 the client sent 50 bytes',
      '100 after 7.34 s without an answer it aborted',
      '7.34 s is no customary time limit: a person who gave up, or a program with another reason, looks the same.',
    ]);
  });
});
