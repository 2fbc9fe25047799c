/** TLS and SSH greetings that were refused, and alerts: before a reset or as its reason. */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, listener, MS, message, saidOf, tellsOf } from '../support/signatures.js';

/** `head` of a segment so many milliseconds before the RST. */
function record(
  from: 'sender' | 'receiver',
  head: readonly number[],
  ms: number,
  more: Parameters<typeof makeSegment>[4] = {},
) {
  return makeSegment(95, 10_000 - ms, from, ACK, { head: Uint8Array.from(head), length: head.length, ...more });
}
const FATAL = [21, 3, 3, 0, 2, 2, 48];

describe('tls-alert', () => {
  const given = (
    head: readonly number[],
    ms: number,
    more: Given = {},
    from: 'sender' | 'receiver' = 'sender',
    segment = {},
  ): Given => ({
    ...more,
    reset: { tail: [record(from, head, ms, segment)], ...more.reset },
  });
  const CERTAIN = 'certain configuration (TLS: unknown_ca)';
  test.each<[string, Given, string]>([
    ['a fatal alert came first', given(FATAL, 20), CERTAIN],
    ['… of the other side', given(FATAL, 20, {}, 'receiver'), CERTAIN],
    ['… of a kind without a name', given([21, 3, 3, 0, 2, 2, 200], 20), 'certain configuration (TLS: alert 200)'],
    ['… as old as can be', given(FATAL, 10_000), CERTAIN],
    ['… older', given(FATAL, 10_000.001), 'no: the alert was 10 s old'],
    ['a warning', given([21, 3, 3, 0, 2, 1, 0], 20), 'possible unknown'],
    ['a handshake record', given([22, 3, 3, 0, 2, 2, 48], 20), 'no: no fatal TLS alert came first'],
    ['no TLS', given([21, 4, 3, 0, 2, 2, 48], 20), 'no: no fatal TLS alert came first'],
    ['a record of another length', given([21, 3, 3, 1, 2, 2, 48], 20), 'no: no fatal TLS alert came first'],
    ['… of three octets', given([21, 3, 3, 0, 3, 2, 48], 20), 'no: no fatal TLS alert came first'],
    ['cut before its level', given([21, 3, 3, 0, 2, 2], 20), 'no: no fatal TLS alert came first'],
    [
      'after the other side had closed',
      given(FATAL, 20, { receiver: { fin: fin(30) } }),
      'no: the fatal alert (95) came after the other side had closed',
    ],
    [
      '… of the other side, after this one had closed',
      given(FATAL, 20, { sender: { fin: fin(30) } }, 'receiver'),
      'no: the fatal alert (95) came after the other side had closed',
    ],
    [
      'before the other side closed',
      given(FATAL, 20, { receiver: { fin: fin(10, { frame: 97, seq: 5000 }) } }),
      CERTAIN,
    ],
    [
      'captured before the FIN that it acknowledges',
      given(FATAL, 20, { receiver: { fin: fin(10, { frame: 97, seq: 5000 }) } }, 'sender', { ack: 5001 }),
      'no: the fatal alert (95) came after the other side had closed',
    ],
    ['its sender had closed', given(FATAL, 20, { sender: { fin: fin(30) } }), CERTAIN],
    [
      'of a third party',
      { ...given(FATAL, 20), mechanism: 'third-party likely' },
      'no: the sender named in it did not make it',
    ],
  ])('%s', (_, one, answer) => {
    expect(answerOf('tls-alert', one)).toBe(answer);
  });

  test('tls-alert says what it saw', () => {
    expect(tellsOf('tls-alert', given(FATAL, 20))).toEqual([
      '95 the server gave up the TLS handshake: fatal alert "unknown_ca" {"alert":48}',
      '100 the connection went down with an RST 20 ms after the alert',
    ]);
    expect(tellsOf('tls-alert', given(FATAL, 20, {}, 'receiver'))).toEqual([
      '95 the client gave up the TLS handshake: fatal alert "unknown_ca" {"alert":48}',
      '100 the connection went down with an RST 20 ms after the alert',
    ]);
  });

  const HIDDEN = [23, 3, 3, 0, 19, 1, 2, 3];
  const hidden = (more: Given = {}, ms = 20, segment: object = { length: 24 }) =>
    given(
      HIDDEN,
      ms,
      {
        ...more,
        sender: { messages: 2, lastData: ago(ms, 95), ...more.sender },
        receiver: { messages: 2, ...more.receiver },
      },
      'sender',
      segment,
    );
  test.each<[string, Given, string]>([
    ['encrypted, as the server’s second flight', hidden(), 'likely configuration (TLS handshake refused)'],
    ['… of a client', hidden({ sender: { role: 'client' }, receiver: { role: 'server' } }), 'possible unknown'],
    ['… long before', hidden({}, 301), 'possible unknown'],
    ['… not its last data', hidden({ sender: { lastData: ago(10, 97) } }), 'possible unknown'],
    ['… as its first flight', hidden({ sender: { messages: 1 } }), 'possible unknown'],
    [
      '… as its first flight, out of order',
      hidden({ sender: { messages: 1 }, reset: { quality: { unseen: true } } }),
      'likely configuration (TLS handshake refused)',
    ],
    ['… behind nothing but one flight of the client', hidden({ receiver: { messages: 1 } }), 'possible unknown'],
    ['… the client had closed', hidden({ receiver: { fin: fin(5, { frame: 98 }) } }), 'possible unknown'],
    ['… as its third', hidden({ sender: { messages: 3 } }), 'no: no fatal TLS alert came first'],
    ['… the client’s fourth came before', hidden({ receiver: { messages: 4 } }), 'no: no fatal TLS alert came first'],
    ['… longer than an alert', hidden({}, 20, { length: 65 }), 'no: no fatal TLS alert came first'],
    ['… not the whole segment', hidden({}, 20, { length: 25 }), 'no: no fatal TLS alert came first'],
  ])('%s', (_, one, answer) => {
    expect(answerOf('tls-alert', one)).toBe(answer);
  });

  test('says which, and who closed', () => {
    expect(saidOf('tls-alert', given(FATAL, 20, { sender: { fin: fin(10, { frame: 97 }) } }))).toEqual([
      '95 the server gave up the TLS handshake: fatal alert "unknown_ca"',
      '97 the server closed (FIN)',
      '100 the connection went down with an RST 20 ms after the alert',
    ]);
  });
});

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

describe('ssh-refused-before-banner', () => {
  const accepted = ago(100, 3);
  const ON22: Given = {
    sender: { port: 22, bytes: 0 },
    receiver: { messages: 0, lastMessage: null },
    reset: { accepted },
  };
  const greeted: Given = {
    ...ON22,
    sender: { port: 2222, bytes: 0 },
    receiver: { messages: 1, lastMessage: message(20, 50, { text: 'SSH-2.0-OpenSSH_9.6\r\n' }) },
  };
  const told: Given = {
    ...ON22,
    sender: { port: 22, bytes: 28, messages: 1, lastMessage: message(28, 50, { text: 'Exceeded MaxStartups\r\n' }) },
  };
  const LOST = 'server-app (login refused)';
  test.each<[string, Given, string]>([
    ['on its port, without a word', ON22, `likely ${LOST}`],
    ['on another port, the client greeted', greeted, `certain ${LOST}`],
    ['the server said something else', told, `certain ${LOST}`],
    ['on another port, without a word', { ...ON22, sender: { port: 2222, bytes: 0 } }, 'not asked'],
    [
      'on another port, the client said something else',
      { ...greeted, receiver: { messages: 1, lastMessage: message(20, 50, { text: 'GET / HTTP/1.1\r\n' }) } },
      'not asked',
    ],
    [
      'on another port, the client said more',
      { ...greeted, receiver: { ...greeted.receiver, messages: 2 } },
      'not asked',
    ],
    [
      'the server greeted',
      {
        ...told,
        receiver: greeted.receiver!,
        sender: { ...told.sender, lastMessage: message(20, 50, { text: 'SSH-2.0-x\r\n' }) },
      },
      'no: the server had greeted',
    ],
    ['the server said more', { ...told, sender: { ...told.sender, messages: 2 } }, 'no: the server had greeted'],
    [
      'the beginning is not in the capture',
      { ...ON22, reset: { accepted: null, handshake: null } },
      'no: it may have greeted before the capture began',
    ],
    [
      '… but what both said is',
      { ...told, receiver: greeted.receiver!, reset: { accepted: null, handshake: null } },
      `certain ${LOST}`,
    ],
    [
      'of a client',
      { ...ON22, sender: { port: 22, role: 'client' }, receiver: { ...ON22.receiver, role: 'server' } },
      'not asked',
    ],
    ['of a third party', { ...ON22, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['an answer of a kernel, no FIN', { ...ON22, mechanism: 'kernel-reply likely' }, 'no: the server had not closed'],
    [
      'an answer of a kernel after a FIN',
      { ...ON22, mechanism: 'kernel-reply likely', sender: { port: 22, bytes: 0, fin: fin(10) } },
      `likely ${LOST}`,
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('ssh-refused-before-banner', given)).toBe(answer);
  });

  test('ssh-refused-before-banner says what it saw', () => {
    expect(tellsOf('ssh-refused-before-banner', ON22)).toEqual([
      '3 the handshake was complete',
      '100 100 ms after the handshake the server closed without a byte (RST)',
      'That it is ssh is inferred from the port; the client sent nothing.',
    ]);
    expect(tellsOf('ssh-refused-before-banner', greeted)).toEqual([
      '3 the handshake was complete',
      '- the client greeted ("SSH-2.0-OpenSSH_9.6")',
      '100 100 ms after the handshake the server closed without a byte (RST)',
    ]);
    expect(tellsOf('ssh-refused-before-banner', told)).toEqual([
      '3 the handshake was complete',
      '- instead of a greeting the server said "Exceeded MaxStartups"',
      '100 100 ms after the handshake the server closed with 28 bytes (RST)',
    ]);
  });

  test('says what either side said', () => {
    expect(
      saidOf('ssh-refused-before-banner', {
        ...told,
        sender: { ...told.sender, firstData: ago(50, 40) },
        context: { listener: listener({ served: 2 }) },
      }),
    ).toEqual([
      '3 the handshake was complete',
      '40 instead of a greeting the server said "Exceeded MaxStartups"',
      '100 100 ms after the handshake the server closed with 28 bytes (RST)',
      '- 2 other connections got an answer',
    ]);
  });
});
