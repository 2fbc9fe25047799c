/** Last words of protocols, each beside what looks alike and is none. */
import { describe, expect, test } from 'vitest';
import { goodbyeOf, latestSpeaker } from '../../../src/reset/facts/goodbye.js';
import { ACK } from '../../../src/tcp/control.js';
import { makeSegment } from '../../support/diagnosis.js';
import { ago, type Given, LIMITS, message, resetOf } from '../../support/signatures.js';

const bytes = (...parts: readonly (number | string | Uint8Array)[]) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...new TextEncoder().encode(part)] : typeof part === 'number' ? [part] : [...part],
    ),
  );

/** What is made of the client's last message; `name` and a question mark where its size alone tells. */
function goodbye(octets: Uint8Array, { length = octets.length, ...given }: Given & { readonly length?: number } = {}) {
  const said = { ...message(length, 10), octets };
  const found = goodbyeOf(
    resetOf({ ...given, receiver: { lastData: said.last, lastMessage: said, ...given.receiver } }),
    LIMITS,
  );
  return found === null ? null : `${found.name}${found.clear ? '' : '?'} ${found.length}`;
}

const SMB = (command: number, at = 0x40) => bytes(0, 0, 0, 35, 0xff, 'SMB', command === 0 ? at : command);
const SMB2 = (low: number, high = 0) =>
  bytes(0, 0, 0, 68, 0xfe, 'SMB', 64, 0, 1, 2, 3, 4, 5, 6, low, high, new Uint8Array(40));
const PPTP = (type: number, high = 0) => bytes(0, 156, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, high, type, 0, 0);
const AMQP = (method: number, channel = 0) => bytes(1, channel, 0, 0, 0, 0, 9, 0, 10, 0, method, 0);

describe('whole messages', () => {
  test.each<[Uint8Array, string | null]>([
    [SMB(0x74), 'an SMB logoff 9'],
    [SMB(0x71), 'an SMB tree disconnect 9'],
    [SMB(0x73), null],
    [bytes(0xff, 'SMB', 0x74), null],
    [SMB2(2), 'an SMB logoff 58'],
    [SMB2(4), 'an SMB tree disconnect 58'],
    [SMB2(5), null],
    [SMB2(2, 1), null],
    [SMB2(4, 1), null],
    [bytes(3, 0, 0, 9, 2, 0xf0, 0x80, 0x21, 0x80), 'an RDP disconnect 9'],
    [bytes(3, 0, 0, 9, 2, 0xf0, 0x80, 0x22, 0x80), null],
    [bytes(1, 0, 0, 0, 1), 'a MySQL quit 5'],
    [bytes(1, 0, 0, 0, 3), null],
    [bytes(1, 0, 0, 0), null],
    [bytes('X', 0, 0, 0, 4), 'a PostgreSQL terminate 5'],
    [bytes('Q', 0, 0, 0, 4), null],
    [bytes(0xe0, 0), 'an MQTT disconnect 2'],
    [bytes(0xe0, 1), null],
    [PPTP(3), 'a PPTP stop 12'],
    [PPTP(4), 'a PPTP stop 12'],
    [PPTP(12), 'a PPTP call disconnect 12'],
    [PPTP(13), 'a PPTP call disconnect 12'],
    [PPTP(7), null],
    [PPTP(3, 1), null],
    [AMQP(50), 'an AMQP close 12'],
    [AMQP(51), 'an AMQP close 12'],
    [AMQP(40), null],
    [AMQP(50, 1), null],
    [bytes(0x30, 5, 2, 1, 9, 0x42, 0), 'an LDAP unbind 7'],
    [bytes(0x31, 5, 2, 1, 9, 0x42, 0), null],
    [bytes(0x30, 5, 2, 1, 9, 0x42, 1), null],
    [bytes(0x30, 5, 2, 1, 9, 0x43, 0), null],
    [bytes(0x30, 0x82, 0, 9, 2, 7, 1, 1, 1, 1, 1, 1, 0x42, 0), 'an LDAP unbind 14'],
    [bytes(0x30, 0x82, 0, 9, 2, 8, 1, 1, 1, 1, 1, 1, 1, 0x42, 0), null],
  ])('%j', (octets, expected) => {
    expect(goodbye(octets)).toBe(expected);
  });
});

describe('lines', () => {
  test.each<[string, string | null]>([
    ['QUIT\r\n', 'a QUIT'],
    ['quit', 'a QUIT'],
    ['a1 LOGOUT\r\n', 'a QUIT'],
    ['exit\r\n', 'a QUIT'],
    ['QUITE so', null],
    ['say QUIT', 'a QUIT'],
    ['he did say QUIT', null],
    ['aaaabbbbccccdddde QUIT', null],
    ['221 Bye', 'the answer to a QUIT'],
    ['205-closing', 'the answer to a QUIT'],
    ['250 221 ', null],
    ['2210', null],
    ['* BYE logging out', 'an IMAP BYE'],
    ['* bye', 'an IMAP BYE'],
    ['* BYEBYE', null],
    ['a * BYE', null],
    ['*1\r\n$4\r\nQUIT\r\n', 'a QUIT'],
    ['*1\r\n$4\r\nquit\r\n', 'a QUIT'],
    ['*1\r\n$4\r\nPING\r\n', null],
    ['*2\r\n$4\r\nQUIT\r\n', null],
    ['x*1\r\n$4\r\nQUIT\r\n', null],
    ['*1\r\n$4\r\nQUIT', null],
    ['</stream:stream>', 'the end of an XMPP stream'],
    [' </stream:stream>', null],
    ['+OK dovecot, good bye', 'the answer to a QUIT'],
    ['+OK Logging out.', 'the answer to a QUIT'],
    ['+OK goodbye', null],
    ['-ERR bye', null],
    ['x +OK bye', null],
    ['GET / HTTP/1.1', null],
  ])('%j', (text, expected) => {
    expect(goodbye(bytes(text), { length: 20 })).toBe(expected === null ? null : `${expected} 20`);
  });
});

describe('TLS', () => {
  const alert = (...more: readonly number[]) => bytes(21, 3, 3, 0, 2, ...more);
  const record = bytes(23, 3, 3, 0, 19, 9, 9);
  const again = (idleBefore: number | null, messages: readonly [number, number]): Given & { length: number } => ({
    length: 24,
    sender: { messages: messages[0] },
    receiver: { messages: messages[1], lastMessage: { ...message(24, 10), octets: record, idleBefore } },
  });
  test('an alert is a goodbye unless it is a fatal one in clear', () => {
    expect(goodbye(alert(1, 0))).toBe('a TLS goodbye 7');
    expect(goodbye(alert(2, 40))).toBeNull();
    expect(goodbye(bytes(21, 3, 3, 0, 26, 2), { length: 31 })).toBe('a TLS goodbye 31');
  });
  test('a record of the length of one may be one, behind a conversation', () => {
    expect(goodbye(record, again(1e6, [1, 1]))).toBe('a TLS record as small as a goodbye? 24');
    expect(goodbye(record, again(null, [2, 3]))).toBe('a TLS record as small as a goodbye? 24');
    expect(goodbye(record, again(null, [2, 2]))).toBeNull();
    // Of 41 octets, as a program's own: no TLS has an alert of that length under the type of data.
    for (const size of [23, 25, 41, 64]) {
      const data = bytes(23, 3, 3, 0, size - 5, 9, 9);
      const larger = {
        receiver: { messages: 9, lastMessage: { ...message(size, 10), octets: data, idleBefore: 1e6 } },
      };
      expect(goodbye(data, { length: size, ...larger })).toBeNull();
    }
    const handshake = bytes(22, 3, 3, 0, 19);
    expect(goodbye(handshake, { length: 30, receiver: { messages: 9 } })).toBeNull();
  });
});

describe('a sealed alert of TLS 1.3, which looks like data', () => {
  const alert = (length: number) => bytes(23, 3, 3, 0, length - 5, new Uint8Array(length - 5));
  /** What is made of the last record of the RST's sender, so many milliseconds before the RST. */
  const own = (length: number, milliseconds: number) => {
    const said = { ...message(length, milliseconds), octets: alert(length) };
    const found = goodbyeOf(resetOf({ sender: { lastData: said.last, lastMessage: said } }), LIMITS);
    return found?.clear ?? null;
  };
  test('is one of 24 octets right before the RST of the same end', () => {
    expect(own(24, 1)).toBe(true);
    expect(own(24, 50)).toBe(true);
  });
  test('is not surely one long before it, of another size, or of the other end', () => {
    expect(own(24, 51)).not.toBe(true);
    expect(own(25, 1)).not.toBe(true);
    expect(own(23, 1)).not.toBe(true);
    expect(goodbye(alert(24))).not.toBe('a TLS goodbye 24');
  });
});

describe('a WebSocket close', () => {
  test.each<[string, Uint8Array, string | null]>([
    ['of a server, with its code', bytes(0x88, 2, 3, 0xe8), 'a WebSocket close 4'],
    ['of a client', bytes(0x88, 0x82, 1, 2, 3, 4, 5, 6), 'a WebSocket close 8'],
    ['without a code', bytes(0x88, 0), 'a WebSocket close 2'],
    ['half a code', bytes(0x88, 1, 3), null],
    ['with more behind it', bytes(0x88, 2, 3, 0xe8, 0x81), null],
    ['a ping', bytes(0x89, 2, 3, 0xe8), null],
    ['not the last frame of its message', bytes(8, 2, 3, 0xe8), null],
    ['longer than control frames may be', bytes(0x88, 126, new Uint8Array(126)), null],
  ])('%s', (_, octets, said) => {
    expect(goodbye(octets)).toBe(said);
  });
});

describe('sealed LDAP', () => {
  const sealed = (length: number) => bytes(0, 0, 0, length - 4, 5, 4, 6, 255);
  test.each([389, 3268])('to port %i', (port) => {
    expect(goodbye(sealed(39), { length: 39, sender: { port } })).toBe(
      'a sealed LDAP message as small as an unbind 39',
    );
    expect(goodbye(sealed(80), { length: 80, sender: { port } })).toBe(
      'a sealed LDAP message as small as an unbind 80',
    );
    expect(goodbye(sealed(81), { length: 81, sender: { port } })).toBeNull();
    expect(goodbye(sealed(40), { length: 39, sender: { port } })).toBeNull();
  });
  test('not to another, nor from it', () => {
    expect(goodbye(sealed(39), { length: 39, sender: { port: 390 } })).toBeNull();
    expect(goodbye(sealed(39), { length: 39, sender: { port: 390 }, receiver: { port: 389 } })).toBeNull();
  });
});

describe('who said it, and in what', () => {
  test('the end that sent data last', () => {
    const of = (mine: number | null, theirs: number | null) => {
      const reset = resetOf({
        sender: { lastData: mine === null ? null : ago(1, mine) },
        receiver: { lastData: theirs === null ? null : ago(1, theirs) },
      });
      const end = latestSpeaker(reset);
      return end === null ? null : end === reset.sender ? 'sender' : 'receiver';
    };
    expect([of(null, null), of(5, null), of(null, 5), of(5, 6), of(6, 5)]).toEqual([
      null,
      'sender',
      'receiver',
      'receiver',
      'sender',
    ]);
  });
  test('the sender of the RST may have', () => {
    const said = { ...message(6, 10), octets: bytes('QUIT\r\n') };
    const reset = resetOf({ sender: { lastData: said.last, lastMessage: said } });
    expect(goodbyeOf(reset, LIMITS)).toEqual({ name: 'a QUIT', clear: true, by: reset.sender, length: 6 });
    expect(goodbyeOf(resetOf({ sender: { lastData: said.last } }), LIMITS)).toBeNull();
    expect(goodbyeOf(resetOf({}), LIMITS)).toBeNull();
  });
  test('in the last segment of a message of several', () => {
    const long = { ...message(3000, 10), first: ago(20, 90), last: ago(10, 98), octets: bytes('DATA') };
    const segment = (frame: number, text: string, from: 'receiver' | 'sender' = 'receiver') =>
      makeSegment(frame, 9_990, from, ACK, { length: text.length, head: bytes(text) });
    const given = (...tail: readonly ReturnType<typeof segment>[]) =>
      goodbyeOf(resetOf({ receiver: { lastData: long.last, lastMessage: long }, reset: { tail } }), LIMITS);
    expect(given(segment(90, 'DATA'), segment(98, 'QUIT\r\n'))).toMatchObject({ name: 'a QUIT', length: 6 });
    expect(given(segment(98, 'QUIT\r\n'), segment(99, 'more', 'sender'))).toMatchObject({ name: 'a QUIT' });
    expect(given(segment(98, 'QUIT\r\n'), segment(99, ''))).toMatchObject({ name: 'a QUIT' });
    expect(given(segment(98, 'QUIT\r\n'), segment(101, 'more'))).toMatchObject({ name: 'a QUIT' });
    expect(given(segment(90, 'QUIT\r\n'), segment(98, 'more'))).toBeNull();
    const forgotten = { ...long, octets: bytes('QUIT\r\n') };
    expect(goodbyeOf(resetOf({ receiver: { lastData: long.last, lastMessage: forgotten } }), LIMITS)).toMatchObject({
      name: 'a QUIT',
      length: 3000,
    });
  });
});
