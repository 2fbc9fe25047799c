/** The server closed right after the TLS ClientHello, without an answer. */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { answerOf, fin, MS, message, tellsOf } from '../support/signatures.js';

describe('tls-hello-rejected', () => {
  const hello = (ms: number, text = '\x16\x03\x01\x00\xf0\x01\x00') =>
    message(245, ms, { text: '', octets: Uint8Array.from(text, (c) => c.charCodeAt(0)) });
  const SENT: Given = {
    mechanism: 'live-socket certain',
    sender: { bytes: 0 },
    receiver: { messages: 1, bytes: 245, lastMessage: hello(20) },
    reset: { rtt: 10 * MS },
  };
  const said = (octets: string, length: number) => ({
    bytes: length,
    messages: 1,
    lastMessage: message(length, 10, { text: octets }),
  });
  const LOST = 'server-app (TLS handshake refused)';
  test.each<[string, Given, string]>([
    ['a greeting, no answer', SENT, `certain ${LOST}`],
    ['… by a socket that is likely', { ...SENT, mechanism: 'live-socket likely' }, `likely ${LOST}`],
    [
      '… not captured, by its length',
      { ...SENT, receiver: { ...SENT.receiver, lastMessage: { ...hello(20, ''), length: 517 } } },
      `likely ${LOST}`,
    ],
    [
      '… not captured, of another length',
      { ...SENT, receiver: { ...SENT.receiver, lastMessage: { ...hello(20, ''), length: 516 } } },
      'no: the client had not just sent a TLS greeting',
    ],
    ['… and later closed', { ...SENT, receiver: { ...SENT.receiver, lastMessage: hello(520) } }, `certain ${LOST}`],
    [
      '… and much later closed',
      { ...SENT, receiver: { ...SENT.receiver, lastMessage: hello(521) } },
      'no: the server had the greeting for 521 ms',
    ],
    [
      '… with a FIN, and much later reset',
      { ...SENT, sender: { bytes: 0, fin: fin(500) }, receiver: { ...SENT.receiver, lastMessage: hello(900) } },
      `certain ${LOST}`,
    ],
    [
      'something else than a greeting',
      { ...SENT, receiver: { ...SENT.receiver, lastMessage: message(245, 20, { text: 'GET / HTTP/1.1' }) } },
      'no: the client had not just sent a TLS greeting',
    ],
    [
      'nothing',
      { ...SENT, receiver: { ...SENT.receiver, lastMessage: null } },
      'no: the client had not just sent a TLS greeting',
    ],
    [
      'a second message',
      { ...SENT, receiver: { ...SENT.receiver, messages: 2 } },
      'no: the client had not just sent a TLS greeting',
    ],
    ['answered with TLS', { ...SENT, sender: said('\x16\x03\x03', 900) }, 'no: the server had answered (900 bytes)'],
    ['answered with no TLS', { ...SENT, sender: said('HTTP/1.1 400 Bad Request', 900) }, `likely ${LOST}`],
    ['answered with something short', { ...SENT, sender: said('HTTP', 64) }, 'no: the server had answered (64 bytes)'],
    [
      'answered twice',
      { ...SENT, sender: { ...said('HTTP/1.1 400 Bad Request', 900), messages: 2 } },
      'no: the server had answered (900 bytes)',
    ],
    [
      'of a client',
      { ...SENT, sender: { bytes: 0, role: 'client' }, receiver: { ...SENT.receiver, role: 'server' } },
      'not asked',
    ],
    ['of a third party', { ...SENT, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['an answer of a kernel, no FIN', { ...SENT, mechanism: 'kernel-reply likely' }, 'no: the server had not closed'],
    [
      'an answer of a kernel after a FIN',
      { ...SENT, mechanism: 'kernel-reply likely', sender: { bytes: 0, fin: fin(10) } },
      `likely ${LOST}`,
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('tls-hello-rejected', given)).toBe(answer);
  });

  test('tls-hello-rejected says what it saw', () => {
    expect(tellsOf('tls-hello-rejected', SENT)).toEqual([
      '99 the client sent its TLS greeting (ClientHello, 245 bytes)',
      '100 20 ms later its live socket was closed without an answer: RST {"ack":1001,"window":0}',
    ]);
    expect(tellsOf('tls-hello-rejected', { ...SENT, mechanism: 'live-socket likely' })).toEqual([
      '99 the client sent its TLS greeting (ClientHello, 245 bytes)',
      '100 20 ms later its live socket was closed without an answer: RST {"ack":1001,"window":0}',
      'Why it did not answer is in the server log only: no TLS on this port, no certificate for that name, a limit, or a crash look the same.',
    ]);
    expect(tellsOf('tls-hello-rejected', { ...SENT, sender: said('HTTP/1.1 400 Bad Request', 900) })).toEqual([
      '99 the client sent its TLS greeting (ClientHello, 245 bytes)',
      '- the server answered with something that is no TLS (900 bytes)',
      '100 20 ms later its live socket was closed without a TLS answer: RST {"ack":1001,"window":0}',
      'Why it did not answer is in the server log only: no TLS on this port, no certificate for that name, a limit, or a crash look the same.',
    ]);
  });
});
