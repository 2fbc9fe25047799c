/** Data that met a closed socket. */
import { describe, expect, test } from 'vitest';
import { FIN } from '../../src/tcp/control.js';
import { makeSegment } from '../support/diagnosis.js';
import { BACK, expectCause, opened, TS, verdictsOf } from '../support/listing.js';
import { ACK, ago, answerOf, fin, type Given, listener, MS, message, tellsOf, trigger } from '../support/signatures.js';

const data = trigger({ seq: 1001, length: 40, ack: 5002 });
/** The server closed; 90 ms later the client sent 40 octets. */
const CLOSED: Given = {
  sender: { fin: fin(91, { seq: 5001 }), rcvNxt: 1001, bytes: 10 },
  receiver: { bytes: 40, messages: 3, firstData: ago(9000, 10) },
  reset: { trigger: data, drawn: data, accepted: ago(9900, 3) },
  mechanism: 'kernel-reply likely',
};
const drawnBy = (more: Parameters<typeof trigger>[0], given: Given = {}): Given => {
  const one = trigger({ seq: 1001, length: 40, ack: 5002, ...more });
  return { ...CLOSED, ...given, reset: { ...CLOSED.reset, trigger: one, drawn: one, ...given.reset } };
};
const windows = { ...CLOSED.sender, stack: { afterClose: 'with ACK' } as never };

/** A client that greeted, sent so much in its last flight, which begins with change_cipher_spec and a Finished, and closed. */
const handshakeOnly = (length: number): Given => ({
  ...CLOSED,
  sender: {
    ...CLOSED.sender,
    role: 'client',
    messages: 2,
    lastMessage: message(length, 20, { text: '\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x35' }),
  },
  receiver: { ...CLOSED.receiver, role: 'server' },
  reset: {
    ...CLOSED.reset,
    tail: [{ ...makeSegment(80, 9_800, 'sender', ACK), length: 300, head: Uint8Array.of(22, 3, 1, 1, 39, 1, 0, 1) }],
  },
});

describe('after a FIN', () => {
  test.each<[string, Given, string]>([
    ['new data', CLOSED, 'certain server-app (40 bytes lost)'],
    ['old data', drawnBy({ length: 0 }), 'no: no new data drew the RST'],
    [
      'a FIN behind octets that never came',
      drawnBy({ seq: 1139, length: 0, control: ACK | FIN }),
      'possible unknown (138 bytes lost)',
    ],
    ['… behind none', drawnBy({ seq: 1001, length: 0, control: ACK | FIN }), 'no: no new data drew the RST'],
    [
      '… at a number that is none of this connection',
      drawnBy({ seq: 0x4fffffff, length: 0, control: ACK | FIN }),
      'no: no new data drew the RST',
    ],
    ['… once more', drawnBy({ seq: 961 }), 'no: no new data drew the RST'],
    ['… and an octet more', drawnBy({ seq: 962 }), 'certain server-app (40 bytes lost)'],
    [
      'nobody knows what had come',
      { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: null } },
      'certain server-app (40 bytes lost)',
    ],
    [
      'more was under way',
      { ...CLOSED, receiver: { ...CLOSED.receiver, bytesUnacked: 400 } },
      'certain server-app (400 bytes lost)',
    ],
    ['a TLS client that had asked for nothing', handshakeOnly(64), 'certain client-app note'],
    ['… with a request behind its Finished', handshakeOnly(164), 'certain client-app (40 bytes lost)'],
    [
      '… that had said more',
      { ...handshakeOnly(64), sender: { ...handshakeOnly(64).sender, messages: 3 } },
      'certain client-app (40 bytes lost)',
    ],
    ['… with no greeting', { ...handshakeOnly(64), reset: CLOSED.reset }, 'certain client-app (40 bytes lost)'],
    ['perhaps by another', { ...CLOSED, mechanism: 'third-party possible' }, 'likely server-app (40 bytes lost)'],
    ['by another', { ...CLOSED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['nobody knows by whom', { ...CLOSED, mechanism: 'undecided possible' }, 'likely server-app (40 bytes lost)'],
    [
      'at a client',
      { ...CLOSED, sender: { ...CLOSED.sender, role: 'client' }, receiver: { ...CLOSED.receiver, role: 'server' } },
      'certain client-app (40 bytes lost)',
    ],
    [
      'a goodbye perhaps, cut off by the capture',
      drawnBy({ length: 31 }, { receiver: { ...CLOSED.receiver, port: 443 }, reset: { quality: { cut: true } } }),
      'likely server-app warning',
    ],
    [
      '… as long as one with the longest padding and tag',
      drawnBy({ length: 85 }, { receiver: { ...CLOSED.receiver, port: 443 }, reset: { quality: { cut: true } } }),
      'likely server-app warning',
    ],
    [
      '… too long for one',
      drawnBy({ length: 86 }, { receiver: { ...CLOSED.receiver, port: 443 }, reset: { quality: { cut: true } } }),
      'certain server-app (86 bytes lost)',
    ],
    [
      'data that was captured behind the FIN which follows it',
      drawnBy({ frame: 97 }, { receiver: { ...CLOSED.receiver, fin: fin(40, { frame: 96 }) } }),
      'likely server-app (40 bytes lost)',
    ],
    [
      '… before it',
      drawnBy({ frame: 95 }, { receiver: { ...CLOSED.receiver, fin: fin(40, { frame: 96 }) } }),
      'certain server-app (40 bytes lost)',
    ],
    [
      'a record that is as small as a TLS goodbye',
      drawnBy({ length: 24, head: Uint8Array.of(23, 3, 3, 0, 19) }),
      'likely server-app warning',
    ],
    [
      '… larger by two octets',
      drawnBy({ length: 26, head: Uint8Array.of(23, 3, 3, 0, 21) }),
      'certain server-app (26 bytes lost)',
    ],
    ['a sealed alert', drawnBy({ length: 85, head: Uint8Array.of(21, 3, 3, 0, 80) }), 'likely server-app warning'],
    [
      'a fatal alert in clear',
      drawnBy({ length: 7, head: Uint8Array.of(21, 3, 3, 0, 2, 2, 40) }),
      'certain server-app (7 bytes lost)',
    ],
    [
      'before the FIN was numbered',
      drawnBy({}, { reset: { shape: 'active-after-fin' } }),
      'certain server-app (40 bytes lost)',
    ],
    ['by a live socket', { ...CLOSED, reset: { ...CLOSED.reset, shape: 'active' } }, 'not asked'],
    [
      '… of a stack that answers so',
      { ...CLOSED, sender: windows, reset: { ...CLOSED.reset, shape: 'active' }, mechanism: 'live-socket likely' },
      'likely server-app (40 bytes lost)',
    ],
    [
      '… which drew nothing',
      { ...CLOSED, sender: windows, reset: { ...CLOSED.reset, shape: 'active', trigger: null } },
      'not asked',
    ],
    [
      '… which had not closed',
      { ...CLOSED, sender: { ...windows, fin: null }, reset: { ...CLOSED.reset, shape: 'active' } },
      'not asked',
    ],
    [
      'the server had closed at once',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, bytes: 0 },
        receiver: { ...CLOSED.receiver, messages: 1, firstData: ago(1, 99) },
        reset: { ...CLOSED.reset, accepted: ago(100, 80) },
        context: { listener: listener({ served: 3 }) },
      },
      'no: the server had closed at once after it had accepted the connection',
    ],
    [
      '… the beginning is missing',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, bytes: 0 },
        receiver: { ...CLOSED.receiver, messages: 1, firstData: ago(1, 99) },
        reset: { ...CLOSED.reset, accepted: null, quality: { midStream: true } },
        context: { listener: listener({ served: 3 }) },
      },
      'no: the handshake is missing: the server may have closed at once after it had accepted',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('data-after-close', given)).toBe(answer);
  });

  test('says what came, and when', () => {
    expect(tellsOf('data-after-close', CLOSED)).toEqual([
      '90 the server closed (FIN)',
      '99 90 ms later the client sent 40 bytes all the same {"seq":1001,"length":40}',
      `100 no program was there to read them: the server's kernel answered with an RST {"seq":5001,"window":0}`,
    ]);
    expect(tellsOf('data-after-close', drawnBy({ ack: 5001 }))[1]).toBe(
      '99 90 ms later the client sent 40 bytes that crossed it {"seq":1001,"length":40}',
    );
    const before = { ...drawnBy({ latency: 95 * MS, frame: 89 }), mechanism: 'undecided possible' } as const;
    expect(tellsOf('data-after-close', before)).toEqual([
      '90 the server closed (FIN)',
      '89 40 bytes of the client were already on the way and met the closed socket {"seq":1001,"length":40}',
      `100 no program was there to read them: the server's kernel answered with an RST {"seq":5001,"window":0}`,
      'Who made the RST is not sure: see its TTL.',
    ]);
    expect(tellsOf('data-after-close', drawnBy({ unseen: true, frame: 101 }))).toEqual([
      '90 the server closed (FIN)',
      '101 the client sent data that was captured behind the RST: nothing else draws an RST from a socket just closed {"seq":1001,"length":40}',
      `100 no program was there to read them: the server's kernel answered with an RST {"seq":5001,"window":0}`,
      'Inferred: what drew it; a host that forgot the connection at once looks the same.',
    ]);
    expect(tellsOf('data-after-close', drawnBy({ unseen: true, frame: 100 }))[1]).toContain(
      'that is not in this capture',
    );
  });
});

describe('what drew it was not captured', () => {
  const gone = (more: Given = {}, drawn = ago(0, 100)): Given => ({
    ...CLOSED,
    ...more,
    receiver: { segments: 0, messages: 0, ...more.receiver },
    reset: { trigger: null, drawn, accepted: ago(9900, 3), ...more.reset },
  });
  test.each<[string, Given, string]>([
    ['right after the FIN', gone(), 'likely server-app (data lost)'],
    [
      'just before a FIN would be repeated',
      gone({ sender: { ...CLOSED.sender, fin: fin(199) } }),
      'likely server-app (data lost)',
    ],
    ['… later', gone({ sender: { ...CLOSED.sender, fin: fin(200) } }), 'possible server-app (data lost)'],
    ['no FIN', gone({ sender: { ...CLOSED.sender, fin: null } }), 'no: no FIN was seen'],
    [
      'the other end had closed',
      gone({ receiver: { fin: fin(40, { frame: 95 }) } }),
      'no: the client had closed its side too (95)',
    ],
    ['the beginning is missing', gone({ reset: { quality: { midStream: true } } }), 'possible server-app (data lost)'],
    [
      'TLS',
      gone({ reset: { tail: [makeSegment(80, 9_000, 'sender', ACK, { length: 40, head: Uint8Array.of(23, 3, 3) })] } }),
      'possible server-app (data lost)',
    ],
    [
      'perhaps a ClientHello',
      gone({ sender: { ...CLOSED.sender, bytes: 0 }, receiver: { messages: 1, bytes: 50, firstData: ago(100, 70) } }),
      'possible server-app (data lost)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('data-after-close', given)).toBe(answer);
  });
  test('says so', () => {
    expect(tellsOf('data-after-close', gone())).toEqual([
      '90 the server closed (FIN)',
      `100 91 ms later the server's kernel answered data nobody was there to read {"seq":5001}`,
      'Inferred: the data, whose direction is not in this capture. With TCP_LINGER2 below zero a plain acknowledgment draws the same.',
    ]);
  });
});

describe('a FIN that waits behind data', () => {
  const STUCK: Given = {
    ...CLOSED,
    sender: {
      fin: null,
      rcvNxt: 1001,
      bytes: 9000,
      bytesUnacked: 8192,
      lastData: ago(30, 95),
      lastSegment: ago(30, 95),
    },
    receiver: { rcvWnd: 16_384 },
  };
  const shut = { ...STUCK, receiver: { rcvWnd: 0, zeroWindow: ago(50, 94) } };
  test.each<[string, Given, string]>([
    ['half of the window', STUCK, 'likely server-app (40 bytes lost)'],
    [
      'less',
      { ...STUCK, sender: { ...STUCK.sender, bytesUnacked: 8191 } },
      'no: no FIN was seen, and the window had room for one',
    ],
    ['a window that nobody knows', { ...STUCK, receiver: { rcvWnd: null } }, 'likely server-app (40 bytes lost)'],
    ['a shut window', shut, 'likely server-app (40 bytes lost)'],
    [
      '… and all acknowledged',
      { ...shut, sender: { ...STUCK.sender, bytesUnacked: 0 } },
      'likely server-app (40 bytes lost)',
    ],
    [
      'all acknowledged',
      { ...STUCK, sender: { ...STUCK.sender, bytesUnacked: 0 } },
      'no: no FIN was seen, and none can be waiting: all that was sent is acknowledged',
    ],
    [
      'silent for ten seconds',
      { ...STUCK, sender: { ...STUCK.sender, lastSegment: ago(10_001, 5) } },
      'likely server-app (40 bytes lost)',
    ],
    [
      '… more',
      { ...STUCK, sender: { ...STUCK.sender, lastSegment: ago(10_002, 5) } },
      'no: the server had been silent for 10 s',
    ],
    ['never heard', { ...STUCK, sender: { ...STUCK.sender, lastSegment: null } }, 'likely server-app (40 bytes lost)'],
    [
      'no new data',
      { ...STUCK, reset: { ...STUCK.reset, trigger: trigger({ seq: 1001 }) } },
      'no: no new data drew the RST',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('data-after-close', given)).toBe(answer);
  });
  test('says why', () => {
    expect(tellsOf('data-after-close', STUCK)).toEqual([
      "95 the server was sending and had to wait: the client's window was full",
      '99 the client sent 40 bytes {"length":40}',
      `100 though it was in the middle of sending, the server's host answered as if there were no socket: its program had closed already, and the FIN was waiting behind the unsent data {"seq":5001,"window":0}`,
      'Inferred: the close, because the FIN never was on the wire. A host that lost the connection in that moment would answer the same.',
    ]);
    expect(tellsOf('data-after-close', shut)[0]).toBe(
      "94 the server was sending and had to wait: the client's window was shut",
    );
  });
});

describe('a FIN that met a socket which had closed', () => {
  /** A query over TCP without an answer for 10 s; then the client closed. */
  const gaveUp = (finAt: number) => `${opened('C', '10.0.0.2.53')}
      0.0030 C > 10.0.0.2.53: [P.] seq 1:39 ack 1 win 502 ${TS} ttl 64 id 3 DF
      0.0040 10.0.0.2.53 > C: [.] ack 39 win 509 ${BACK} ttl 57 id 70 DF
      10.0000 C > 10.0.0.2.53: [F.] seq 39 ack 1 win 502 ${TS} ttl 64 id 4 DF
      10.0030 10.0.0.2.53 > C: [F.] seq ${finAt} ack 40 win 509 ${BACK} ttl 57 id 72 DF
      10.0030 C > 10.0.0.2.53: [R] seq 40 win 0 ttl 64 id 0 DF`;

  test('behind an answer that never came: perhaps', async () => {
    const [verdict] = await verdictsOf(gaveUp(1831));
    expect(`${verdict!.cause.id} ${verdict!.confidence}`).toBe('unexplained-reply possible');
    expect(verdict!.alternatives.map(({ cause }) => cause.id)).toEqual(['data-after-close']);
  });
  test('in its place: nothing was lost', async () => {
    await expectCause(gaveUp(1), { gives: 'late-segment-after-close', not: 'data-after-close' });
  });
});
