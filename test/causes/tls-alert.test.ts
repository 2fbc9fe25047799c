/** A fatal TLS alert came first: the TLS layer failed, the reset is how the connection went down after it. */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, saidOf, tellsOf } from '../support/signatures.js';

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
    [
      '… behind the close of the client',
      hidden({ receiver: { fin: fin(30, { frame: 94 }) } }),
      'no: no fatal TLS alert came first',
    ],
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
