/** Resets around the handshake and across lives of one four-tuple, and what machines between do to numbers. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import { makeSegment, mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, listener, MS, RST_TIME, tellsOf, trigger } from '../support/signatures.js';

const ON = { ...mark(105, 10_100), length: 5 };

describe('client-abandoned-connect', () => {
  const synAck = ago(1, 99);
  const handshake = (ms: number, answered = true) => ({
    syn: ago(ms, 1),
    synAck: answered ? synAck : null,
    ack: null,
  });
  const LATE: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'client', iss: 1000, windowScale: 7, timestamps: true },
    receiver: { role: 'server', iss: 5000 },
    rst: { seq: 1001 },
    reset: { phase: 'handshake', handshake: handshake(3000), trigger: trigger({ control: SYN | ACK }) },
  };
  const soon = { ...LATE, reset: { ...LATE.reset, handshake: handshake(899) } };
  const sibling = (sameHost: boolean) => ({
    established: true,
    byDesign: false,
    sameHost,
    frame: 50,
    time: 0,
    address: '10.0.2.2',
    port: 80,
  });
  const fan = (targets: number) => ({
    targets,
    ports: 1,
    hosts: 1,
    refused: 0,
    halfOpen: 0,
    withData: 0,
    fromOnePort: 1,
    span: 1,
  });
  test.each<[string, Given, string]>([
    ['the SYN-ACK came too late', LATE, 'certain client-app'],
    ['so soon', soon, 'likely client-app'],
    [
      '… a crafted SYN',
      { ...soon, sender: { ...LATE.sender, windowScale: 0 } },
      'no: the SYN-ACK came after 898 ms: no connect timeout is that short',
    ],
    ['… a SYN without timestamps', { ...soon, sender: { ...LATE.sender, timestamps: false } }, 'likely client-app'],
    [
      '… of another machine',
      { ...soon, provenance: { macDiffers: true } },
      'no: the SYN-ACK was turned away at another MAC address than the SYN came from',
    ],
    ['… by one that tries many', { ...soon, context: { fanOut: () => fan(10) } }, 'no: 10.0.2.2 tries many targets'],
    ['… by one that tries few', { ...soon, context: { fanOut: () => fan(9) } }, 'likely client-app'],
    ['… another family may have won', { ...soon, context: { sibling: () => sibling(false) } }, 'possible client-app'],
    [
      'a parallel connection had won',
      { ...LATE, context: { sibling: () => sibling(true) } },
      'no: a parallel connection had won (50)',
    ],
    [
      'another number',
      { ...LATE, rst: { seq: 1002 } },
      'no: the SYN-ACK acknowledged another number than the SYN bore',
    ],
    ['of a server', { ...LATE, sender: { ...LATE.sender, role: 'server' } }, 'not asked'],
    ['established', { ...LATE, reset: { ...LATE.reset, phase: 'established' } }, 'not asked'],
    [
      'no SYN-ACK',
      { ...LATE, reset: { ...LATE.reset, phase: 'syn-sent', handshake: handshake(3000, false) } },
      'not asked',
    ],
    [
      'the server not captured, late',
      {
        ...LATE,
        receiver: { ...LATE.receiver, segments: 0 },
        reset: { ...LATE.reset, handshake: handshake(3000, false) },
      },
      'certain client-app',
    ],
    [
      'the server not captured, soon',
      {
        ...LATE,
        receiver: { ...LATE.receiver, segments: 0 },
        reset: { ...LATE.reset, handshake: handshake(899, false) },
      },
      'no: what came after 899 ms is not in this capture: no connect timeout is that short',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('client-abandoned-connect', given)).toBe(answer);
  });

  test('client-abandoned-connect says what it saw', () => {
    expect(tellsOf('client-abandoned-connect', LATE)).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 3 s later',
      `100 3 s after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
    ]);
    expect(tellsOf('client-abandoned-connect', soon)).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 898 ms later',
      `100 899 ms after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
      'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
    ]);
    expect(tellsOf('client-abandoned-connect', { ...soon, context: { sibling: () => sibling(false) } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 898 ms later',
      `100 899 ms after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
      'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
    ]);
    expect(tellsOf('client-abandoned-connect', { ...soon, context: { fanOut: () => fan(9) } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 898 ms later',
      `100 899 ms after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
      'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
    ]);
  });
});

describe('unsolicited-syn-ack', () => {
  const CAME: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'client', segments: 0, syn: null },
    receiver: { role: 'server' },
    reset: { trigger: trigger({ control: SYN | ACK }) },
  };
  test.each<[string, Given, string]>([
    ['for a connection nobody asked for', CAME, 'likely unknown'],
    [
      '… at the beginning of the capture',
      { ...CAME, reset: { trigger: trigger({ control: SYN | ACK, time: 1999 * MS }) } },
      'possible unknown',
    ],
    ['an acknowledgment', { ...CAME, reset: { trigger: trigger() } }, 'not asked'],
    [
      'for a connection that was asked for',
      { ...CAME, sender: { role: 'client', segments: 1, syn: ago(5, 98) } },
      'no: a SYN had been sent (98)',
    ],
    [
      '… in a connection of which something was heard',
      { ...CAME, sender: { role: 'client', segments: 1, syn: null, lastSegment: ago(5, 97) } },
      'no: a SYN had been sent (97)',
    ],
    [
      '… delivered to another machine',
      { ...CAME, sender: { role: 'client', segments: 1, syn: ago(5, 98) }, provenance: { macDiffers: true } },
      'likely configuration warning',
    ],
    [
      '… after a connect timeout',
      { ...CAME, sender: { role: 'client', segments: 1, syn: ago(900, 98) }, provenance: { macDiffers: true } },
      'no: a SYN had been sent (98)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('unsolicited-syn-ack', given)).toBe(answer);
  });

  test('unsolicited-syn-ack says what it saw', () => {
    expect(tellsOf('unsolicited-syn-ack', CAME)).toEqual([
      '99 a SYN-ACK of 10.0.1.2 arrived for a connection nobody had asked for',
      '100 the client turned it away {"seq":5001}',
      'A SYN that left by another path than the one captured looks the same.',
    ]);
    expect(
      tellsOf('unsolicited-syn-ack', { ...CAME, reset: { trigger: trigger({ control: SYN | ACK, time: 1999 * MS }) } }),
    ).toEqual([
      '99 a SYN-ACK of 10.0.1.2 arrived for a connection nobody had asked for',
      '100 the client turned it away {"seq":5001}',
      'The capture had just begun: the SYN may have been sent before.',
    ]);
    expect(
      tellsOf('unsolicited-syn-ack', {
        ...CAME,
        sender: { role: 'client', segments: 1, syn: ago(5, 98) },
        provenance: { macDiffers: true },
      }),
    ).toEqual([
      '98 10.0.2.2 asked for a connection (SYN)',
      '99 the SYN-ACK came back',
      '100 5 ms after the SYN it was turned away from another MAC address: by a machine that had not asked {"seq":5001}',
      'A client behind two routers of the same network, which cancels at once, looks the same.',
    ]);
  });
});

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

describe('a SYN on a four-tuple that is in use', () => {
  const pendingSyn = { ...ago(3, 97), seq: 7000, from: 'sender' } as const;
  const REUSED: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'client' },
    receiver: { role: 'server' },
    reset: { trigger: trigger(), pendingSyn },
  };
  const OWN: Given = {
    ...REUSED,
    sender: { role: 'client', iss: 7000, dataSegments: 0 },
    reset: { trigger: trigger({ ack: 9 }), incarnation: 2, handshake: { syn: ago(3, 97), synAck: null, ack: null } },
  };
  const HALF = 'no: the old connection was being closed';
  const WAIT = 'no: the old connection had not been closed';
  test.each<[string, Given, string, string]>([
    ['still open at the other end', REUSED, 'certain client-host', WAIT],
    [
      'closed by the other end',
      { ...REUSED, receiver: { role: 'server', fin: fin(500) } },
      HALF,
      'certain client-host',
    ],
    ['as an incarnation of its own', OWN, HALF, 'likely client-host'],
    [
      '… the first one that was captured',
      { ...OWN, reset: { ...OWN.reset, incarnation: 1 } },
      'possible client-host',
      WAIT,
    ],
    [
      'the other end sent the SYN',
      { ...REUSED, reset: { ...REUSED.reset, pendingSyn: { ...pendingSyn, from: 'receiver' } } },
      'not asked',
      'not asked',
    ],
    [
      'what drew it came before',
      { ...REUSED, reset: { ...REUSED.reset, trigger: trigger({ frame: 96 }) } },
      'not asked',
      'not asked',
    ],
    [
      'no SYN waits, and it is no client',
      { ...OWN, sender: { ...OWN.sender, role: 'server' } },
      'not asked',
      'not asked',
    ],
    ['… it had sent data', { ...OWN, sender: { ...OWN.sender, dataSegments: 1 } }, 'not asked', 'not asked'],
    ['… no handshake', { ...OWN, reset: { ...OWN.reset, handshake: null } }, 'not asked', 'not asked'],
    [
      '… accepted',
      { ...OWN, reset: { ...OWN.reset, handshake: { syn: ago(3, 97), synAck: ago(2, 98), ack: null } } },
      'not asked',
      'not asked',
    ],
    [
      '… answered with its own number',
      { ...OWN, reset: { ...OWN.reset, trigger: trigger({ ack: 7001 }) } },
      'not asked',
      'not asked',
    ],
    [
      '… answered with a SYN-ACK',
      { ...OWN, reset: { ...OWN.reset, trigger: trigger({ ack: 9, control: SYN | ACK }) } },
      'not asked',
      'not asked',
    ],
  ])('%s', (_, given, half, wait) => {
    expect([answerOf('half-open-port-reuse', given), answerOf('time-wait-port-reuse', given)]).toEqual([half, wait]);
  });

  test('time-wait-port-reuse says what it saw', () => {
    expect(tellsOf('time-wait-port-reuse', REUSED)).toEqual([]);
    expect(tellsOf('time-wait-port-reuse', OWN)).toEqual([
      '- the connection before on this four-tuple had ended',
      '97 the client sent a SYN with a new number on the same port 10.0.2.2:5007 {"seq":7000}',
      '99 the server answered for the old connection {"seq":0,"ack":9}',
      `100 the client's kernel reset that {"seq":5001}`,
      'That the old one had been closed at the server as well is inferred.',
    ]);
    expect(tellsOf('time-wait-port-reuse', { ...REUSED, sender: { ...REUSED.sender, fin: fin(100) } })).toEqual([]);
  });

  test('half-open-port-reuse says what it saw', () => {
    expect(tellsOf('half-open-port-reuse', REUSED)).toEqual([
      '97 the client sent a SYN with a new number on 10.0.2.2:5007, a connection the server still had {"seq":7000}',
      '99 the server answered with an acknowledgment of the old connection (challenge ACK) {"seq":0,"ack":0}',
      `100 the client's kernel reset that: the old connection ended {"seq":5001}`,
    ]);
    expect(tellsOf('half-open-port-reuse', OWN)).toEqual([]);
  });
});

describe('listener-closed-mid-handshake', () => {
  const NOW = RST_TIME * MS;
  const TAKEN: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'server', segments: 1, bytes: 0, syn: ago(10, 2) },
    receiver: { bytes: 0 },
    reset: { trigger: trigger(), phase: 'established' },
  };
  const then = (refused: number | null, again: number | null): Given['context'] => ({
    listener: listener({
      refusedAfter: () => refused && NOW + refused * 1000 * MS,
      acceptedAfter: () => again && NOW + again * 1000 * MS,
    }),
  });
  test.each<[string, Given, string]>([
    ['refused afterwards', { ...TAKEN, context: then(1, null) }, 'likely server-app'],
    ['refused, then accepted again', { ...TAKEN, context: then(1, 2) }, 'likely server-app'],
    ['accepted before it refused', { ...TAKEN, context: then(2, 1) }, 'possible server-app'],
    ['refused long after', { ...TAKEN, context: then(61, null) }, 'possible server-app'],
    ['nothing known of it', TAKEN, 'possible server-app'],
    ['with a request', { ...TAKEN, receiver: { bytes: 5 } }, 'possible server-app (request lost)'],
    ['of a client', { ...TAKEN, sender: { ...TAKEN.sender, role: 'client' } }, 'not asked'],
    ['without a SYN-ACK', { ...TAKEN, sender: { ...TAKEN.sender, syn: null } }, 'not asked'],
    ['of a third party', { ...TAKEN, mechanism: 'third-party likely' }, 'no: another machine answered'],
    [
      'the server had spoken',
      { ...TAKEN, sender: { ...TAKEN.sender, bytes: 1 } },
      'no: the server had taken the connection',
    ],
    [
      'the server had closed',
      { ...TAKEN, sender: { ...TAKEN.sender, fin: fin(5) } },
      'no: the server had taken the connection',
    ],
    [
      'the server had acknowledged',
      { ...TAKEN, sender: { ...TAKEN.sender, segments: 2 } },
      'no: the server had taken the connection',
    ],
    [
      'the SYN-ACK was sent twice',
      { ...TAKEN, sender: { ...TAKEN.sender, segments: 2, retransmissions: 1 } },
      'possible server-app',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('listener-closed-mid-handshake', given)).toBe(answer);
  });

  test('listener-closed-mid-handshake says what it saw', () => {
    expect(tellsOf('listener-closed-mid-handshake', { ...TAKEN, context: then(1, null) })).toEqual([
      '2 the kernel accepted the SYN for a listening program',
      '99 the client completed the handshake',
      '100 the answer was an RST as from a host without that connection: the listener had gone in between {"seq":5001,"window":0}',
      '- 1 s later the port refused connections',
      'A full accept queue with tcp_abort_on_overflow = 1 gives the same packets; nstat TcpExtListenOverflows on the server decides.',
    ]);
    expect(tellsOf('listener-closed-mid-handshake', { ...TAKEN, context: then(1, 2) })).toEqual([
      '2 the kernel accepted the SYN for a listening program',
      '99 the client completed the handshake',
      '100 the answer was an RST as from a host without that connection: the listener had gone in between {"seq":5001,"window":0}',
      '- 1 s later the port refused connections',
      'A full accept queue with tcp_abort_on_overflow = 1 gives the same packets; nstat TcpExtListenOverflows on the server decides.',
    ]);
    expect(tellsOf('listener-closed-mid-handshake', { ...TAKEN, receiver: { bytes: 5 } })).toEqual([
      '2 the kernel accepted the SYN for a listening program',
      '99 the client completed the handshake',
      '100 the answer was an RST as from a host without that connection: the listener had gone in between {"seq":5001,"window":0}',
      'A full accept queue with tcp_abort_on_overflow = 1 gives the same packets; nstat TcpExtListenOverflows on the server decides.',
    ]);
  });
});

describe('listener-closed-unaccepted', () => {
  const accepted = ago(1000, 3);
  const WAITING: Given = { sender: { bytes: 0 }, receiver: { bytes: 0 }, reset: { accepted } };
  const burst = (ended: number, more = {}) => ({
    burst: () => ({
      ended,
      byFin: 0,
      byReset: ended,
      live: ended,
      accepted: 0,
      between: 0,
      shortestIdle: 0,
      longestIdle: 0,
      span: 1,
      frames: [100, 101],
      first: 0,
      ...more,
    }),
  });
  const gone = listener({ refusedAfter: () => 1 });
  const back = (ms: number) => listener({ acceptedAfter: () => (RST_TIME + ms) * MS });
  test.each<[string, Given, string]>([
    ['with others, after a while', { ...WAITING, context: burst(2) }, 'likely server-app'],
    [
      '… with a request',
      { ...WAITING, receiver: { bytes: 5 }, context: burst(2) },
      'likely server-app (request unanswered)',
    ],
    ['… at once', { ...WAITING, reset: { accepted: ago(49, 3) }, context: burst(2) }, 'possible server-app'],
    [
      '… at once, and refused afterwards',
      { ...WAITING, reset: { accepted: ago(49, 3) }, context: { ...burst(2), listener: gone } },
      'likely server-app',
    ],
    ['alone, refused afterwards', { ...WAITING, context: { listener: gone } }, 'likely server-app'],
    [
      'alone, with a request, refused afterwards',
      { ...WAITING, receiver: { bytes: 5 }, context: { listener: gone } },
      'no: no other waiting connection was reset with it',
    ],
    ['alone', WAITING, 'no: no other waiting connection was reset with it'],
    [
      'with others that ended by FIN',
      { ...WAITING, context: { ...burst(3, { byFin: 1 }), listener: gone } },
      'no: 1 connection of that burst ended with FIN: they had been accepted',
    ],
    ['while more lived on', { ...WAITING, context: burst(2, { live: 5 }) }, 'no: 3 other connections lived on'],
    ['while as many lived on', { ...WAITING, context: burst(2, { live: 4 }) }, 'likely server-app'],
    [
      'accepting right after',
      { ...WAITING, context: { ...burst(2), listener: back(199) } },
      'no: the listener accepted connections right after',
    ],
    ['accepting later', { ...WAITING, context: { ...burst(2), listener: back(200) } }, 'likely server-app'],
    ['used', { ...WAITING, sender: { bytes: 1 }, context: burst(2) }, 'no: the server had used the connection'],
    [
      'closed',
      { ...WAITING, sender: { bytes: 0, fin: fin(5) }, context: burst(2) },
      'no: the server had used the connection',
    ],
    [
      'of a client',
      { ...WAITING, sender: { role: 'client' }, receiver: { role: 'server' }, context: burst(2) },
      'not asked',
    ],
    ['never accepted', { ...WAITING, reset: { accepted: null }, context: burst(2) }, 'not asked'],
    [
      'of a third party',
      { ...WAITING, mechanism: 'third-party likely', context: burst(2) },
      'no: the sender named in it did not make it',
    ],
    [
      'begun before the capture, with one other',
      { ...WAITING, reset: { start: ago(1000, 1), quality: { midStream: true } }, context: burst(2) },
      'no: the handshake is not in this capture, and too few connections were reset together',
    ],
    [
      'begun before the capture, with two others',
      { ...WAITING, reset: { start: ago(1000, 1), quality: { midStream: true } }, context: burst(3) },
      'likely server-app',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('listener-closed-unaccepted', given)).toBe(answer);
  });

  test('listener-closed-unaccepted says what it saw', () => {
    expect(tellsOf('listener-closed-unaccepted', { ...WAITING, receiver: { bytes: 5 }, context: burst(2) })).toEqual([
      '3 the handshake was complete: connect() had succeeded',
      '100 after 1 s without a byte from the program the connection was reset {"window":0}',
      '100 within 0 µs 2 connections to 10.0.2.2:5007 ended like that, none with FIN (frames 100, 101)',
      'A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.',
    ]);
    expect(
      tellsOf('listener-closed-unaccepted', { ...WAITING, reset: { accepted: ago(49, 3) }, context: burst(2) }),
    ).toEqual([
      '3 the handshake was complete: connect() had succeeded',
      '100 after 49 ms without a byte from the program the connection was reset {"window":0}',
      '100 within 0 µs 2 connections to 10.0.2.2:5007 ended like that, none with FIN (frames 100, 101)',
      'A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.',
    ]);
    expect(tellsOf('listener-closed-unaccepted', { ...WAITING, context: { listener: gone } })).toEqual([
      '3 the handshake was complete: connect() had succeeded',
      '100 after 1 s without a byte from the program the connection was reset {"window":0}',
      '- the port refused connections afterwards',
      'A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.',
    ]);
  });
});

describe('syn-proxy-failure', () => {
  const ack = ago(500, 3);
  const synAck = (more: object) => makeSegment(2, 9_490, 'sender', SYN | ACK, { ttl: 63, ...more });
  const proxy = (more: object, rest: readonly ReturnType<typeof makeSegment>[] = [], given: Given = {}): Given => ({
    sender: { role: 'server', dataSegments: 0 },
    ...given,
    reset: {
      handshake: { syn: mark(1, 9_480), synAck: mark(2, 9_490), ack },
      tail: [synAck(more), ...rest],
      ...given.reset,
    },
  });
  test.each<[string, Given, string]>([
    ['a shut SYN-ACK of another machine', proxy({ window: 0, ttl: 250 }), 'likely network-device'],
    ['a shut SYN-ACK', proxy({ window: 0 }), 'possible network-device'],
    ['a SYN-ACK of another machine', proxy({ ttl: 250 }), 'possible network-device'],
    [
      'later packets of another machine',
      proxy({}, [makeSegment(5, 9_700, 'sender', ACK, { ttl: 60 })]),
      'possible network-device',
    ],
    [
      'all of one machine',
      proxy({}, [makeSegment(5, 9_700, 'sender', ACK, { ttl: 63 })]),
      'no: SYN-ACK and RST come from the same machine',
    ],
    [
      'the client’s packets do not count',
      proxy({}, [makeSegment(5, 9_700, 'receiver', ACK, { ttl: 60 })]),
      'no: SYN-ACK and RST come from the same machine',
    ],
    [
      'data came',
      proxy({ window: 0 }, [], { sender: { role: 'server', dataSegments: 1 } }),
      'no: the server had sent data',
    ],
    ['of a client', proxy({ window: 0 }, [], { sender: { role: 'client' } }), 'not asked'],
    ['a SYN-ACK that is out of reach', proxy({}, [], { reset: { tail: [] } }), 'no: the SYN-ACK is out of reach'],
    [
      'not complete',
      proxy({}, [], { reset: { handshake: { syn: mark(1, 1), synAck: mark(2, 2), ack: null } } }),
      'not asked',
    ],
    ['not answered', proxy({}, [], { reset: { handshake: { syn: mark(1, 1), synAck: null, ack } } }), 'not asked'],
    [
      'later',
      proxy({ window: 0 }, [], { reset: { handshake: { syn: mark(1, 1), synAck: mark(2, 2), ack: ago(1001, 3) } } }),
      'no: it came 1 s after the handshake',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('syn-proxy-failure', given)).toBe(answer);
  });

  test('syn-proxy-failure says what it saw', () => {
    expect(tellsOf('syn-proxy-failure', proxy({ window: 0, ttl: 250 }))).toEqual([
      '2 a SYN-ACK came with window 0, as a proxy sends it before it has reached the server {"ttl":250,"window":0}',
      '3 the client completed the handshake: connect() had succeeded',
      '100 500 ms later an RST came from another machine (TTL 63, the SYN-ACK had 250) {"ttl":63}',
      'A load balancer that accepts before it has a backend looks the same.',
    ]);
    expect(tellsOf('syn-proxy-failure', proxy({ window: 0 }))).toEqual([
      '2 a SYN-ACK came with window 0, as a proxy sends it before it has reached the server {"ttl":63,"window":0}',
      '3 the client completed the handshake: connect() had succeeded',
      '100 500 ms later an RST came {"ttl":63}',
      'A load balancer that accepts before it has a backend looks the same.',
    ]);
    expect(tellsOf('syn-proxy-failure', proxy({ ttl: 250 }))).toEqual([
      '2 a SYN-ACK came {"ttl":250,"window":512}',
      '3 the client completed the handshake: connect() had succeeded',
      '100 500 ms later an RST came from another machine (TTL 63, the SYN-ACK had 250) {"ttl":63}',
      'A load balancer that accepts before it has a backend looks the same.',
    ]);
  });
});

describe('numbers that are wrong', () => {
  const ATTEMPT: Given = { reset: { effective: false }, rst: { seq: 9000 } };
  const other = (frame: number, seq: number, more = {}) => ({
    ...mark(frame, 9_990),
    fromSender: true,
    seq,
    ack: 0,
    ttl: 64,
    ipId: 0,
    df: true,
    hasAck: false,
    window: 0,
    ...more,
  });
  const guessed = (...siblings: readonly ReturnType<typeof other>[]): Given => ({
    ...ATTEMPT,
    reset: { effective: false, siblings },
    aftermath: { receiverWentOn: ON },
  });
  test.each<[string, Given, string]>([
    ['three of them', guessed(other(98, 1), other(99, 2)), 'certain third-party'],
    ['two of them', guessed(other(98, 1)), 'no: only 2 RSTs came in the name of that end'],
    ['the same number again', guessed(other(98, 1), other(99, 9000)), 'no: only 2 RSTs came in the name of that end'],
    [
      'the other end’s',
      guessed(other(98, 1), other(99, 2, { fromSender: false })),
      'no: only 2 RSTs came in the name of that end',
    ],
    ['effective', { ...guessed(other(98, 1), other(99, 2)), reset: { effective: true } }, 'not asked'],
  ])('blind-rst-attempt: %s', (_, given, answer) => {
    expect(answerOf('blind-rst-attempt', given)).toBe(answer);
  });

  test('blind-rst-attempt says what it saw', () => {
    expect(tellsOf('blind-rst-attempt', guessed(other(98, 1), other(99, 2)))).toEqual([
      '98 3 RSTs came in the name of the server within 10 ms, at numbers over a range of 8,999 (frames 98, 99, 100)',
      '105 the connection went on',
    ]);
  });

  const OFF: Given = { ...ATTEMPT, sender: { sndNxt: 5001 }, context: { sameOffset: (off) => (off === 3999 ? 2 : 0) } };
  test.each<[string, Given, string]>([
    ['as another connection’s', OFF, 'certain network-device'],
    [
      'as no other’s',
      { ...OFF, context: { sameOffset: () => 1 } },
      'no: no RST of another connection is off by the same number',
    ],
    [
      'right',
      { ...OFF, sender: { sndNxt: 9000 }, context: { sameOffset: () => 5 } },
      'no: no RST of another connection is off by the same number',
    ],
    ['effective', { ...OFF, reset: { effective: true } }, 'not asked'],
    [
      'effective or not: the receiver was not captured',
      { ...OFF, reset: { effective: true }, receiver: { segments: 0 } },
      'certain network-device',
    ],
    [
      'known from acknowledgments only',
      { ...OFF, sender: { sndNxt: null }, receiver: { rcvNxt: 5001 } },
      'certain network-device',
    ],
    ['of nobody known', { ...OFF, sender: { sndNxt: null }, receiver: { rcvNxt: null } }, 'not asked'],
  ])('sequence-rewriting: %s', (_, given, answer) => {
    expect(answerOf('sequence-rewriting', given)).toBe(answer);
  });

  test('sequence-rewriting says what it saw', () => {
    expect(tellsOf('sequence-rewriting', OFF)).toEqual([
      '100 its number is off by 3,999 {"seq":9000,"off":3999}',
      '- 2 connections have an RST that is off by exactly that: a constant, not a guess',
    ]);
    expect(tellsOf('sequence-rewriting', { ...OFF, rst: { seq: 1002 }, context: { sameOffset: () => 2 } })).toEqual([
      '100 its number is off by -3,999 {"seq":1002,"off":-3999}',
      '- 2 connections have an RST that is off by exactly that: a constant, not a guess',
    ]);
  });
});

describe('mptcp-close', () => {
  const asked = (from: 'sender' | 'receiver') => ({ tail: [makeSegment(95, 9_900, from, ACK, { fastclose: true })] });
  test.each<[string, Given, string]>([
    ['the other end asked for it', { reset: asked('receiver') }, 'certain client-app'],
    [
      'its own earlier wish is none',
      { reset: asked('sender') },
      'no: neither it nor a segment before it has an MPTCP option that ends anything',
    ],
    ['MP_FASTCLOSE', { rst: { mptcp: 1 << 7 } }, 'certain server-app'],
    ['MP_TCPRST', { rst: { mptcp: 1 << 8, mptcpReason: 1 } }, 'certain server-app'],
    [
      'another subtype',
      { rst: { mptcp: 1 << 6 } },
      'no: neither it nor a segment before it has an MPTCP option that ends anything',
    ],
    ['none', {}, 'no: neither it nor a segment before it has an MPTCP option that ends anything'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('mptcp-close', given)).toBe(answer);
  });

  test('mptcp-close says what it saw', () => {
    expect(tellsOf('mptcp-close', { reset: asked('receiver') })).toEqual([
      '95 the client sent an acknowledgment with MP_FASTCLOSE: the whole connection is to end at once',
      '100 the server answered with RST, as RFC 8684 wants it {"seq":5001}',
    ]);
    expect(tellsOf('mptcp-close', { rst: { mptcp: 1 << 7 } })).toEqual([
      '100 the server sent RST with MP_FASTCLOSE: the whole connection ends at once {"reason":null}',
    ]);
    expect(tellsOf('mptcp-close', { rst: { mptcp: 1 << 8, mptcpReason: 1 } })).toEqual([
      '100 the server sent RST with MP_TCPRST: this subflow ends, reason "MPTCP specific error" {"reason":1}',
    ]);
    expect(tellsOf('mptcp-close', { rst: { mptcp: 1 << 8, mptcpReason: null } })).toEqual([
      '100 the server sent RST with MP_TCPRST: this subflow ends {"reason":null}',
    ]);
  });
});

describe('reset-on-other-leg', () => {
  const relay = () => ({ frame: 90, time: 9_995 * MS, address: '10.0.9.9', port: 5432 });
  test.each<[string, Given, string]>([
    ['another connection had ended just before', { context: { relay } }, 'likely unknown'],
    ['none had', {}, 'no: no other connection that it could be a leg of had ended just before'],
    [
      'of a third party',
      { mechanism: 'third-party likely', context: { relay } },
      'no: the sender named in it did not make it',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('reset-on-other-leg', given)).toBe(answer);
  });

  test('reset-on-other-leg says what it saw', () => {
    expect(tellsOf('reset-on-other-leg', { context: { relay } })).toEqual([
      '90 10.0.9.9:5432 ended another connection, the one half of this conversation',
      '100 5 ms later 10.0.2.2 reset this one: the server is a proxy that handed it on {"latency":5000000}',
      'That both belong together is inferred from the time; the proxy log decides.',
    ]);
  });
  test('a server hands on what it met as a client, a client what it met as a server', () => {
    const asked: unknown[] = [];
    const context: Given['context'] = {
      relay: (...question) => {
        asked.push(question.slice(0, 2));
        return null;
      },
    };
    answerOf('reset-on-other-leg', { context });
    answerOf('reset-on-other-leg', { sender: { role: 'client' }, context });
    expect(asked).toEqual([
      ['10.0.2.2', false],
      ['10.0.2.2', true],
    ]);
  });
});

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

test.each<[string, Given, string]>([
  ['a device’s', { reset: { stated: { by: 'F5 BIG-IP', text: 'No route' } } }, 'likely network-device'],
  ['a NetScaler’s', { reset: { stated: { by: 'NetScaler', text: 'x' } } }, 'likely network-device'],
  [
    '… in a text that hides where it came from',
    {
      mechanism: 'undecided possible',
      provenance: { hidden: true },
      reset: { stated: { by: 'NetScaler', text: 'x' } },
    },
    'possible network-device',
  ],
  ['a program’s', { reset: { stated: { by: 'text in the RST', text: 'bye' } } }, 'likely unknown'],
])('stated-reason: %s', (_, given, answer) => {
  expect(answerOf('stated-reason', given)).toBe(answer);
});

test('stated-reason says what it saw', () => {
  expect(tellsOf('stated-reason', { reset: { stated: { by: 'F5 BIG-IP', text: 'No route' } } })).toEqual([
    '100 it states a reason itself (F5 BIG-IP): "No route"',
    'That is what its sender claims; nothing else in the capture supports or refutes it.',
  ]);
  expect(tellsOf('stated-reason', { reset: { stated: { by: 'NetScaler', text: 'x' } } })).toEqual([
    '100 it states a reason itself (NetScaler): "x"',
    'That is what its sender claims; nothing else in the capture supports or refutes it.',
  ]);
});
