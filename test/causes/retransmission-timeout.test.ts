/** Sending again without an answer: retransmission-timeout and reply-after-timeout. */
import { describe, expect, test } from 'vitest';
import { BACK, expectCause, opened, served, TS } from '../support/listing.js';
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

  const hostOf = (forgotten: number, forgottenWhileBusy: number): Given => ({
    context: {
      host: (address) => ({
        address,
        ttl: null,
        ttlSamples: 0,
        stack: null,
        lastSpoke: null,
        served: 1,
        forgotten,
        forgottenWhileBusy,
        forgottenFrames: [],
      }),
    },
  });
  const SILENT: Given = {
    mechanism: 'kernel-reply likely',
    sender: { bytesUnacked: 100, retransmitting: run(4, 70_000, 60_000) },
    reset: { trigger: trigger(), rtt: 10 * MS },
  };
  test.each<[string, Given, string]>([
    ['then silent, and the other end spoke', SILENT, 'likely unknown (100 bytes lost)'],
    ['… of a host that was busy all the time', { ...SILENT, ...hostOf(1, 1) }, 'certain unknown (100 bytes lost)'],
    ['… but for a moment', { ...SILENT, ...hostOf(2, 1) }, 'likely unknown (100 bytes lost)'],
    ['… that has forgotten nothing', { ...SILENT, ...hostOf(0, 0) }, 'likely unknown (100 bytes lost)'],
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
      'A restart of 10.0.2.2 in that time looks the same; its uptime decides.',
    ]);
    expect(tellsOf('reply-after-timeout', { ...SILENT, ...hostOf(1, 1) }).slice(1, 3)).toEqual([
      '90 then it fell silent: its kernel had given up, as Linux does without an RST',
      '- 10.0.2.2 was busy on other connections all the time: it had not restarted',
    ]);
    expect(tellsOf('reply-after-timeout', { ...SILENT, ...hostOf(1, 1) }).at(-1)).toContain('knew no such connection');
    const few = { ...SILENT, sender: { retransmitting: run(2, 70_000, 60_000) }, ...hostOf(1, 1) };
    expect(tellsOf('reply-after-timeout', few).at(-1)).toBe(
      'Few retransmissions: whether it had given up, or was about to send again, is inferred.',
    );
  });
});

describe('reply-after-timeout in packets', () => {
  /** The server sends the same event again and again. */
  const events = (...times: readonly number[]) =>
    times
      .map(
        (at, i) => `
    ${at.toFixed(3)} S > C: [P.] seq 20 ack 19 win 509 ${BACK} ttl 57 id ${71 + i} DF "event"`,
      )
      .join('');
  const asks = (at: number) => `
    ${at.toFixed(4)} C > S: [P.] seq 19 ack 20 win 502 ${TS} ttl 64 id 5 DF "ask"
    ${(at + 0.0002).toFixed(4)} S > C: [R] seq 20 win 0 ttl 57 id 0 DF`;
  const silent = served() + events(1, 1.2, 1.6, 2.4, 4);

  test('four retransmissions, silence, and then the client spoke', async () => {
    const verdict = await expectCause(silent + asks(60), {
      gives: 'reply-after-timeout likely',
      not: ['retransmission-timeout', 'host-lost-state?', 'nat-state-expired?'],
    });
    expect(verdict.lost).toBe('5 bytes lost');
  });

  test('… of a host that took other connections all the while: it was no restart', async () => {
    const others = Array.from({ length: 130 }, (_, i) =>
      opened(`10.0.0.1.${50_000 + i}`, 'S', 0.5 + i / 2, 10_000 * (i + 1)),
    );
    const lines = (others.join('') + silent + asks(60)).split('\n').filter((line) => line.trim() !== '');
    const inOrder = lines.sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b)).join('\n');
    await expectCause(inOrder, { gives: 'reply-after-timeout certain', not: 'host-lost-state?' });
  });

  test('two of them', async () => {
    await expectCause(served() + events(1, 1.2, 1.6) + asks(60), {
      gives: 'reply-after-timeout likely',
      not: 'retransmission-timeout',
    });
  });

  test('still sending again when the client speaks: it knew the connection', async () => {
    await expectCause(silent + asks(4.01), { gives: 'unexplained-reply', not: 'reply-after-timeout' });
  });

  test('nothing was sent again: a host or a box that forgot', async () => {
    await expectCause(served() + asks(60), { gives: 'unexplained-reply', not: 'reply-after-timeout' });
  });
});
