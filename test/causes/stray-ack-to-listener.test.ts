/** A segment without a connection met a host that knows none. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import { mark } from '../support/diagnosis.js';
import { expectCause, opened } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { answerOf, listener, MS, tellsOf, trigger } from '../support/signatures.js';

describe('stray-ack-to-listener', () => {
  const drew = trigger();
  const STRAY: Given = {
    mechanism: 'kernel-reply likely',
    sender: { segments: 0 },
    receiver: { segments: 1 },
    reset: { trigger: drew, start: { frame: drew.frame, time: drew.time }, quality: { midStream: true } },
    context: { listener: listener({ accepted: 1 }) },
  };
  test.each<[string, Given, string]>([
    ['to a port that serves others', STRAY, 'likely unknown'],
    ['to a port of which nothing is known', { ...STRAY, context: {} }, 'possible unknown'],
    ['with a handshake', { ...STRAY, reset: { ...STRAY.reset, quality: { midStream: false } } }, 'not asked'],
    ['the host had spoken', { ...STRAY, sender: { segments: 1 } }, 'not asked'],
    ['a SYN', { ...STRAY, reset: { ...STRAY.reset, trigger: { ...drew, control: SYN } } }, 'not asked'],
    ['not the first packet', { ...STRAY, receiver: { segments: 2 } }, 'no: the connection had been in use'],
    [
      'the connection began with another',
      { ...STRAY, reset: { ...STRAY.reset, start: mark(50, 5000) } },
      'no: the connection had been in use',
    ],
    [
      'at the beginning of the capture',
      { ...STRAY, reset: { ...STRAY.reset, start: { frame: drew.frame, time: 1999 * MS } } },
      'no: the capture had just begun: the connection may be older',
    ],
    [
      'with the numbers of a known one',
      {
        ...STRAY,
        context: {
          untranslated: () => ({ frame: 1, client: { address: '', port: 1 }, server: { address: '', port: 2 } }),
        },
      },
      'no: its numbers are those of a known connection under another name',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('stray-ack-to-listener', given)).toBe(answer);
  });

  test('stray-ack-to-listener says what it saw', () => {
    expect(tellsOf('stray-ack-to-listener', STRAY)).toEqual([
      '99 a packet of 10.0.1.2 (a bare ACK) arrived without any handshake {"seq":0,"ack":0}',
      '100 10.0.2.2 knew no such connection: RST with the number it was sent {"seq":5001}',
      '- 10.0.2.2:5007 accepted other connections in this capture: it was up',
      'A connection that began before the capture and was lost at the host in the meantime looks the same.',
    ]);
    expect(tellsOf('stray-ack-to-listener', { ...STRAY, context: {} })).toEqual([
      '99 a packet of 10.0.1.2 (a bare ACK) arrived without any handshake {"seq":0,"ack":0}',
      '100 10.0.2.2 knew no such connection: RST with the number it was sent {"seq":5001}',
      'A connection that began before the capture and was lost at the host in the meantime looks the same.',
    ]);
  });
});

describe('stray-ack-to-listener in packets', () => {
  const before = opened('C2', 'S', 0, 3000);
  const stray = (at: number, payload = '', flags = payload === '' ? '.' : 'P.') => `
    ${at.toFixed(4)} C > S: [${flags}] seq 5000 ack 7000 win 502 ttl 64 id 7 DF ${payload}
    ${(at + 0.001).toFixed(4)} S > C: [R] seq 7000 win 0 ttl 57 id 0 DF`;

  test.each([
    ['a bare acknowledgment', ''],
    ['data', '"late"'],
  ])('%s of a connection that nobody saw, to a port that serves others', async (_, payload) => {
    await expectCause(before + stray(5, payload), {
      gives: 'stray-ack-to-listener likely',
      not: ['host-lost-state', 'port-scan', 'closed-port'],
    });
  });

  test('to a port of which nothing is known', async () => {
    await expectCause(opened('C2', '10.0.0.3.80', 0, 3000) + stray(5), {
      gives: 'unexplained-mid-stream',
      not: 'stray-ack-to-listener?',
    });
  });

  test('at the beginning of the capture it may be of an older connection', async () => {
    await expectCause(before + stray(1), { gives: 'unexplained-mid-stream', not: 'stray-ack-to-listener' });
  });

  test('a connection that had been in use was known there', async () => {
    const spoke = `
    4.000 S > C: [P.] seq 6000 ack 5000 win 502 ttl 57 id 7 DF "late"`;
    await expectCause(before + spoke + stray(5), { gives: 'unexplained-mid-stream', not: 'stray-ack-to-listener' });
  });
});
