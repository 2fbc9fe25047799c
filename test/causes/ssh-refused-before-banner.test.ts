/** ssh-refused-before-banner */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, listener, message, saidOf, tellsOf } from '../support/signatures.js';

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
