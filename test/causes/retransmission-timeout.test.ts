/** Sending again without an answer: retransmission-timeout and reply-after-timeout. */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, MS, tellsOf, trigger } from '../support/signatures.js';

describe('sending again without an answer', () => {
  const run = (count: number, first: number, last: number) => ({
    count,
    first: ago(first, 80),
    last: ago(last, 90),
  });
  const GAVE_UP: Given = {
    sender: { bytesUnacked: 100, retransmitting: run(4, 7000, 1000), lastData: ago(8000, 70) },
    receiver: { lastAckMoved: ago(9000, 60) },
  };
  test.each<[string, Given, string]>([
    ['four times, and the timer ran out', GAVE_UP, 'certain unknown (100 bytes lost)'],
    ['… bare', { ...GAVE_UP, mechanism: 'kernel-reply likely' }, 'likely unknown (100 bytes lost)'],
    [
      'three times',
      { ...GAVE_UP, sender: { ...GAVE_UP.sender, retransmitting: run(3, 7000, 1000) } },
      'no: what it had sent was acknowledged, or not sent again often enough',
    ],
    [
      'not at all',
      { ...GAVE_UP, sender: { retransmitting: null } },
      'no: what it had sent was acknowledged, or not sent again often enough',
    ],
    [
      'acknowledged in between',
      { ...GAVE_UP, receiver: { lastAckMoved: ago(6000, 85) } },
      'no: acknowledgments had come in between',
    ],
    [
      'right behind the last',
      { ...GAVE_UP, sender: { ...GAVE_UP.sender, retransmitting: run(4, 7000, 900) } },
      'no: it came 900 ms after the last retransmission: no timer',
    ],
    [
      'drawn',
      { ...GAVE_UP, mechanism: 'kernel-reply likely', reset: { trigger: trigger() } },
      'no: a segment of the other side drew it',
    ],
    [
      'data stands right behind it',
      { ...GAVE_UP, mechanism: 'kernel-reply likely', aftermath: { crossed: 101 } },
      'no: data of the other side stands right behind it (101)',
    ],
    [
      'one direction only',
      {
        ...GAVE_UP,
        sender: { ...GAVE_UP.sender, dataSegments: 1 },
        receiver: { syn: null },
        reset: { quality: { oneSided: true } },
      },
      'no: whether it was acknowledged is not in this capture: it shows one direction only',
    ],
    ['of a third party', { ...GAVE_UP, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'perhaps of a third party',
      { ...GAVE_UP, mechanism: 'third-party possible', reset: { shape: 'active' } },
      'certain unknown (100 bytes lost)',
    ],
    [
      'its SYN, four times',
      { sender: { iss: 1, dataSegments: 0, retransmissions: 4, lastSegment: ago(9000, 50) } },
      'likely unknown',
    ],
    [
      'its SYN, three times',
      { sender: { iss: 1, dataSegments: 0, retransmissions: 3 } },
      'no: what it had sent was acknowledged, or not sent again often enough',
    ],
    [
      'its FIN, not its SYN',
      { sender: { iss: 1, dataSegments: 0, retransmissions: 4, fin: fin(9000) } },
      'no: what it had sent was acknowledged, or not sent again often enough',
    ],
  ])('retransmission-timeout: %s', (_, given, answer) => {
    expect(answerOf('retransmission-timeout', given)).toBe(answer);
  });

  test('retransmission-timeout says what it saw', () => {
    expect(tellsOf('retransmission-timeout', GAVE_UP)).toEqual([
      '70 the server sent data that was not acknowledged',
      '80 it sent it again 4 times over 6 s {"retransmissions":4}',
      '100 1 s after the last try the stack gave up: RST {"seq":5001}',
    ]);
    expect(tellsOf('retransmission-timeout', { ...GAVE_UP, mechanism: 'kernel-reply likely' })).toEqual([
      '70 the server sent data that was not acknowledged',
      '80 it sent it again 4 times over 6 s {"retransmissions":4}',
      '100 1 s after the last try the stack gave up: RST {"seq":5001}',
      'A bare RST is what a kernel without the connection answers to a packet that is not in the capture.',
    ]);
  });

  const SILENT: Given = {
    mechanism: 'kernel-reply likely',
    sender: { bytesUnacked: 100, retransmitting: run(4, 70_000, 60_000) },
    reset: { trigger: trigger(), rtt: 10 * MS },
  };
  test.each<[string, Given, string]>([
    ['then silent, and the other end spoke', SILENT, 'certain unknown (100 bytes lost)'],
    [
      '… after two',
      { ...SILENT, sender: { bytesUnacked: 0, retransmitting: run(2, 70_000, 60_000) } },
      'likely unknown',
    ],
    [
      '… after one',
      { ...SILENT, sender: { retransmitting: run(1, 60_000, 60_000) } },
      'no: it had not been sending anything again',
    ],
    ['not at all', { ...SILENT, sender: { retransmitting: null } }, 'no: it had not been sending anything again'],
    [
      'still at it',
      { ...SILENT, sender: { retransmitting: run(4, 10_000, 1400) } },
      'no: it was still sending again 1.4 s before',
    ],
    ['of a third party', { ...SILENT, mechanism: 'third-party likely' }, 'no: another machine answered'],
  ])('reply-after-timeout: %s', (_, given, answer) => {
    expect(answerOf('reply-after-timeout', given)).toBe(answer);
  });

  test('reply-after-timeout says what it saw', () => {
    expect(tellsOf('reply-after-timeout', SILENT)).toEqual([
      '80 the server sent the same data again 4 times over 10 s and got no acknowledgment {"retransmissions":4}',
      '90 then it fell silent: its kernel had given up, as Linux does without an RST',
      '99 1 min later the client spoke',
      `100 the server's kernel knew no such connection any more {"seq":5001}`,
    ]);
  });
});
