/** A segment without a connection met a host that knows none. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import { mark } from '../support/diagnosis.js';
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
