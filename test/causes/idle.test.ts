/** Connections that were idle: timeouts of servers' programs and devices, and requests that met them. */
import { describe, expect, test } from 'vitest';
import { FIN } from '../../src/tcp/control.js';
import { makeSegment, mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, MS, message, RST_TIME, tellsOf, trigger } from '../support/signatures.js';

const SECOND = 1000;

describe('keepalive-race-unread', () => {
  const request = message(40, 3, { idleBefore: 5 * SECOND * MS });
  const RACE: Given = {
    sender: { messages: 1, bytes: 10, lastData: ago(5000, 50) },
    receiver: { messages: 2, bytes: 80, lastMessage: request },
    reset: { unanswered: request, exchanges: 1, rtt: 1 * MS },
  };
  const late = (ms: number, idle = 5 * SECOND * MS) => {
    const one = message(40, ms, { idleBefore: idle });
    return { ...RACE, receiver: { ...RACE.receiver, lastMessage: one }, reset: { ...RACE.reset, unanswered: one } };
  };
  test.each<[string, Given, string]>([
    ['a request after a silence, reset within the instant', RACE, 'likely configuration (40 bytes unanswered)'],
    [
      'a client resets',
      { ...RACE, sender: { ...RACE.sender, role: 'client' }, receiver: { ...RACE.receiver, role: 'server' } },
      'not asked',
    ],
    ['of a third party', { ...RACE, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'a FIN came first',
      { ...RACE, sender: { ...RACE.sender, fin: fin(100) } },
      'no: a FIN came first (90); that race has none',
    ],
    [
      'nothing waited',
      { ...RACE, reset: { ...RACE.reset, unanswered: null } },
      'no: no request was waiting for an answer',
    ],
    ['no exchange before', { ...RACE, reset: { ...RACE.reset, exchanges: 0 } }, 'no: no exchange was complete before'],
    [
      'the first message',
      { ...RACE, receiver: { ...RACE.receiver, messages: 1 } },
      'no: no exchange was complete before',
    ],
    [
      'the first message that was captured, after one that was not',
      { ...RACE, receiver: { ...RACE.receiver, messages: 1, lastMessage: null } },
      'likely configuration (40 bytes unanswered)',
    ],
    ['no silence before', late(3, 49 * MS), 'no: the connection had not been idle before the request'],
    ['just enough silence', late(3, 50 * MS), 'likely configuration (40 bytes unanswered)'],
    [
      'a silence of less than three round trips',
      { ...late(3, 100 * MS), reset: { ...late(3, 100 * MS).reset, rtt: 34 * MS } },
      'no: the connection had not been idle before the request',
    ],
    ['after more than a second', late(1001), 'no: the server had the request for 1 s before it closed'],
    [
      'after a while, no known timer',
      late(300, 4321 * MS),
      'no: the server had the request for 300 ms, and 4.32 s of silence is no known timer',
    ],
    ['after a while, at a known timer', late(300, 4700 * MS), 'likely configuration (40 bytes unanswered)'],
    [
      'after a while, but acknowledged by the RST only',
      { ...late(300, 4321 * MS), reset: { ...late(300, 4321 * MS).reset, freshlyAcked: 40 } },
      'likely configuration (40 bytes unanswered)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('keepalive-race-unread', given)).toBe(answer);
  });

  test('keepalive-race-unread says what it saw', () => {
    expect(tellsOf('keepalive-race-unread', RACE)).toEqual([
      '50 the last answer had been sent',
      '99 after 5 s of silence the client sent its next request (40 bytes) {"idle":5000000000}',
      `100 3 ms later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request {"ack":1001,"window":0}`,
      'Inferred: that the idle limit and the request met. 5 s is the keep-alive default of Node, Apache and uvicorn. A worker that died on this request gives the same packets; its log decides.',
    ]);
    expect(tellsOf('keepalive-race-unread', late(300, 4700 * MS))).toEqual([
      '50 the last answer had been sent',
      '99 after 4.7 s of silence the client sent its next request (40 bytes) {"idle":4700000000}',
      `100 300 ms later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request {"ack":1001,"window":0}`,
      'Inferred: that the idle limit and the request met. 4.7 s is the keep-alive default of Node, Apache and uvicorn. A worker that died on this request gives the same packets; its log decides.',
    ]);
    expect(tellsOf('keepalive-race-unread', late(3, 50 * MS))).toEqual([
      '50 the last answer had been sent',
      '99 after 50 ms of silence the client sent its next request (40 bytes) {"idle":50000000}',
      `100 3 ms later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request {"ack":1001,"window":0}`,
      'Inferred: that the idle limit and the request met. 50 ms fits no known timer. A worker that died on this request gives the same packets; its log decides.',
    ]);
  });
});

describe('a request on a connection that was closed while idle', () => {
  const request = message(40, 2);
  const drew = trigger({ length: 40, seq: 1001, ack: 5001, frame: 98, latency: 2 * MS });
  const CLOSED: Given = {
    mechanism: 'kernel-reply likely',
    sender: { messages: 1, rcvNxt: 1001, fin: fin(50, { idleBefore: 5 * SECOND * MS, seq: 5000 }) },
    receiver: { messages: 2, lastMessage: { ...request, first: drew, last: drew } },
    reset: { trigger: drew, exchanges: 2, rtt: 1 * MS },
  };
  const finAgo = (ms: number, more: Parameters<typeof fin>[1] = {}): Given => ({
    ...CLOSED,
    sender: { ...CLOSED.sender, fin: fin(ms, { idleBefore: 5 * SECOND * MS, ...more }) },
  });
  const RACE = 'likely configuration (40 bytes lost)';
  const rows: readonly [string, Given, string, string][] = [
    ['within two round trips and a wake-up: a race', CLOSED, RACE, 'no: the request left only 48 ms after the FIN'],
    [
      'later: it could have known',
      finAgo(105),
      'no: the request left 103 ms after the FIN had arrived: no race',
      'likely client-app (40 bytes lost)',
    ],
    [
      '… its kernel knew',
      finAgo(105, { acked: ago(60, 95) }),
      'no: the request left 103 ms after the FIN had arrived: no race',
      'certain client-app (40 bytes lost)',
    ],
    [
      'later, but it did not acknowledge the FIN yet',
      { ...finAgo(500), reset: { ...CLOSED.reset, trigger: { ...drew, ack: 5000 } } },
      RACE,
      'no: the request left only 498 ms after the FIN',
    ],
    [
      'the client resets',
      { ...CLOSED, sender: { ...CLOSED.sender, role: 'client' }, receiver: { ...CLOSED.receiver, role: 'server' } },
      'not asked',
      'not asked',
    ],
    [
      'of a third party',
      { ...CLOSED, mechanism: 'third-party likely' },
      'no: the sender named in it did not make it',
      'no: the sender named in it did not make it',
    ],
    [
      'without a FIN',
      { ...CLOSED, sender: { ...CLOSED.sender, fin: null } },
      'no: no FIN came first',
      'no: no FIN came first',
    ],
    [
      'the client sent nothing',
      { ...CLOSED, receiver: { lastMessage: null } },
      'no: the client sent nothing',
      'no: the client sent nothing',
    ],
    [
      'an acknowledgment drew it',
      { ...CLOSED, reset: { ...CLOSED.reset, trigger: trigger({ frame: 97 }) } },
      'no: it was not data that drew the RST',
      'no: it was not data that drew the RST',
    ],
    [
      'no exchange before',
      { ...CLOSED, sender: { ...CLOSED.sender, messages: 0 }, reset: { ...CLOSED.reset, exchanges: 1 } },
      'no: no exchange was complete before',
      'no: no exchange was complete before',
    ],
    [
      'no exchange in what was captured',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, messages: 0 },
        reset: { ...CLOSED.reset, exchanges: 1, quality: { midStream: true } },
      },
      RACE,
      'no: the request left only 48 ms after the FIN',
    ],
    [
      'not idle before',
      { ...CLOSED, sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 49 * MS }) } },
      'no: the connection had not been idle before the FIN',
      'no: the connection had not been idle before the FIN',
    ],
    [
      'idle for less than three round trips',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 60 * MS }) },
        reset: { ...CLOSED.reset, rtt: 21 * MS },
      },
      'no: the connection had not been idle before the FIN',
      'no: the connection had not been idle before the FIN',
    ],
    [
      'the silence is not known',
      { ...CLOSED, sender: { ...CLOSED.sender, fin: fin(50) } },
      'no: the connection had not been idle before the FIN',
      'no: the connection had not been idle before the FIN',
    ],
    [
      'the request stands before the FIN and was not acknowledged by it',
      {
        ...CLOSED,
        receiver: {
          messages: 2,
          lastMessage: { ...message(40, 60, { idleBefore: 3 * SECOND * MS }), first: { ...mark(85, 9_940) } },
        },
        reset: { ...CLOSED.reset, trigger: { ...drew, frame: 85, ack: 5000 } },
      },
      RACE,
      'no: the request left only 10 ms after the FIN',
    ],
    [
      '… and was acknowledged',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, rcvNxt: 1041 },
        receiver: { messages: 2, lastMessage: message(40, 60, { frame: 85 }) },
      },
      'no: the client sent nothing new after the FIN (90)',
      'no: the client sent nothing new after the FIN (90)',
    ],
    [
      '… and went on behind it',
      {
        ...CLOSED,
        sender: { ...CLOSED.sender, rcvNxt: 1041 },
        receiver: { messages: 2, lastMessage: { ...message(40, 60, { frame: 85 }), last: ago(1, 99) } },
      },
      'no: the client was in the middle of sending when the server closed',
      'no: the client was in the middle of sending when the server closed',
    ],
  ];
  test.each(rows)('%s', (_, given, race, stale) => {
    expect(answerOf('keepalive-race-after-fin', given)).toBe(race);
    expect(answerOf('stale-connection-reuse', given)).toBe(stale);
  });

  test('stale-connection-reuse says what it saw', () => {
    expect(tellsOf('stale-connection-reuse', finAgo(105))).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      '98 103 ms after the FIN the client program sent 40 bytes all the same',
      '100 no socket was left on the server: its kernel answered with an RST {"seq":5001}',
      'That the FIN had reached the client is inferred: the capture shows no acknowledgment of it.',
    ]);
    expect(tellsOf('stale-connection-reuse', finAgo(105, { acked: ago(60, 95) }))).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      "95 the client's kernel acknowledged it: the program could have seen the end",
      '98 103 ms after the FIN the client program sent 40 bytes all the same',
      '100 no socket was left on the server: its kernel answered with an RST {"seq":5001}',
    ]);
  });

  test('keepalive-race-after-fin says what it saw', () => {
    expect(tellsOf('keepalive-race-after-fin', CLOSED)).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      '98 48 ms after the FIN the client program sent 40 bytes more',
      `100 the server program had closed its socket, so the server's kernel answered with an RST {"seq":5001,"window":0,"latency":2000000}`,
      'Seen: 40 bytes sent after the FIN drew a bare RST (window 0). Inferred: that the server closed because of idleness. 5 s is the keep-alive default of Node, Apache and uvicorn.',
    ]);
    expect(
      tellsOf('keepalive-race-after-fin', {
        ...CLOSED,
        receiver: { lastMessage: null },
        rst: { seq: 5000 },
        reset: { trigger: null, drawn: ago(2), exchanges: 2 },
      }),
    ).toEqual([
      '90 after 5 s of silence the server closed (FIN) {"idle":5000000000}',
      `100 48 ms later the server's kernel answered with an RST what the client had sent before it had the FIN {"seq":5000,"window":0}`,
      'Inferred: the request, whose direction is not in this capture, and that the server closed because of idleness. 5 s is the keep-alive default of Node, Apache and uvicorn.',
    ]);
    expect(tellsOf('keepalive-race-after-fin', finAgo(50, { idleBefore: 4.7 * SECOND * MS }))).toEqual([
      '90 after 4.7 s of silence the server closed (FIN) {"idle":4700000000}',
      '98 48 ms after the FIN the client program sent 40 bytes more',
      `100 the server program had closed its socket, so the server's kernel answered with an RST {"seq":5001,"window":0,"latency":2000000}`,
      'Seen: 40 bytes sent after the FIN drew a bare RST (window 0). Inferred: that the server closed because of idleness. 4.7 s fits no known timer.',
    ]);
  });

  test.each<[string, Given, string]>([
    ['not captured, after a long silence', {}, 'likely configuration (request lost)'],
    [
      '… after a short one',
      { sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 900 * MS }) } },
      'possible configuration (request lost)',
    ],
    [
      '… after none',
      { sender: { ...CLOSED.sender, fin: fin(50, { idleBefore: 49 * MS }) } },
      'no: the connection had not been idle before the FIN',
    ],
    [
      '… without an exchange',
      { reset: { trigger: null, drawn: ago(2), exchanges: 0 } },
      'no: no exchange was complete before',
    ],
    [
      '… while something waited',
      { reset: { trigger: null, drawn: ago(2), exchanges: 2, unanswered: request } },
      'no: no exchange was complete before',
    ],
    ['… when the client had closed too', { receiver: { fin: fin(40) } }, 'no: no exchange was complete before'],
  ])('%s', (_, given, answer) => {
    expect(
      answerOf('keepalive-race-after-fin', {
        ...CLOSED,
        receiver: { lastMessage: null },
        rst: { seq: 5000 },
        reset: { trigger: null, drawn: ago(2), exchanges: 2 },
        ...given,
      }),
    ).toBe(answer);
  });
});

describe('device-idle-timeout', () => {
  const IDLE: Given = {
    mechanism: 'third-party likely',
    sender: { lastSegment: ago(300 * SECOND, 80) },
    reset: { shape: 'active', idle: 300 * SECOND * MS, idleData: 300 * SECOND * MS },
  };
  const both = { bothEnds: mark(101, RST_TIME) };
  const odd = { shape: 'active', idle: 47.3 * SECOND * MS, idleData: 47.3 * SECOND * MS } as const;
  const stated = { by: 'F5 BIG-IP', text: 'Flow expired (idle timeout)' } as const;
  test.each<[string, Given, string]>([
    ['a third party, at a known timer', IDLE, 'likely network-device'],
    ['certainly a third party', { ...IDLE, mechanism: 'third-party certain' }, 'certain network-device'],
    ['to both ends, no known timer', { ...IDLE, reset: odd, provenance: both }, 'likely network-device'],
    ['a third party, no known timer', { ...IDLE, reset: odd }, 'possible network-device'],
    ['… as two others', { ...IDLE, reset: odd, context: { sameIdle: () => 3 } }, 'likely network-device'],
    ['… as one other', { ...IDLE, reset: odd, context: { sameIdle: () => 2 } }, 'possible network-device'],
    [
      'to both ends, whoever made it',
      { ...IDLE, mechanism: 'undecided possible', reset: odd, provenance: both },
      'possible network-device',
    ],
    [
      'to both ends at a known timer, whoever made it',
      { ...IDLE, mechanism: 'undecided possible', provenance: both },
      'likely network-device',
    ],
    ['at a known timer, whoever made it', { ...IDLE, mechanism: 'undecided possible' }, 'possible network-device'],
    [
      'no known timer, whoever made it',
      { ...IDLE, mechanism: 'undecided possible', reset: odd },
      'no: nothing shows that another machine made it',
    ],
    [
      'of a live socket',
      { ...IDLE, mechanism: 'live-socket likely' },
      "no: it has the marks of the sender's own socket",
    ],
    ['perhaps of a live socket', { ...IDLE, mechanism: 'live-socket possible' }, 'possible network-device'],
    ['drawn by a segment', { ...IDLE, reset: { ...IDLE.reset, trigger: trigger() } }, 'no: a segment drew it (99)'],
    [
      'not idle',
      { ...IDLE, reset: { ...IDLE.reset, idle: 29.9 * SECOND * MS } },
      'no: the connection had been in use 29.9 s before',
    ],
    ['it says so', { ...IDLE, mechanism: 'live-socket certain', reset: { ...odd, stated } }, 'possible network-device'],
    ['an orphan', { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan' } }, 'not asked'],
    ['an orphan that says so', { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated } }, 'likely network-device'],
    [
      'an orphan that says something else',
      { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated: { ...stated, text: 'No route' } } },
      'not asked',
    ],
    [
      'an orphan whose program says so',
      { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated: { ...stated, by: 'text in the RST' } } },
      'not asked',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('device-idle-timeout', given)).toBe(answer);
  });

  test('device-idle-timeout says what it saw', () => {
    expect(tellsOf('device-idle-timeout', IDLE)).toEqual([
      '80 the last packet of the connection had passed',
      '100 after 5 min of silence on both sides an RST came that nothing had drawn {"idle":300000000000,"ttl":63,"window":0}',
      "- 5 min is F5's TCP profile",
      'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
    ]);
    expect(tellsOf('device-idle-timeout', { ...IDLE, reset: odd, provenance: both })).toEqual([
      '80 the last packet of the connection had passed',
      '100 after 47.3 s of silence on both sides an RST came that nothing had drawn {"idle":47300000000,"ttl":63,"window":0}',
      '101 in the same moment the other end was reset too, in the name of this one',
      'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
    ]);
    expect(tellsOf('device-idle-timeout', { ...IDLE, reset: odd, context: { sameIdle: () => 3 } })).toEqual([
      '80 the last packet of the connection had passed',
      '100 after 47.3 s of silence on both sides an RST came that nothing had drawn {"idle":47300000000,"ttl":63,"window":0}',
      'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
    ]);
    expect(tellsOf('device-idle-timeout', { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated } })).toEqual([
      '100 it states a reason itself (F5 BIG-IP): "Flow expired (idle timeout)"',
      'That is what the device claims; the connection before it is not in this capture.',
    ]);
  });
});

describe('nat-state-expired', () => {
  const drew = trigger({ length: 20, index: 1, frame: 99 });
  const at = (seconds: number): Given => ({
    mechanism: 'third-party likely',
    sender: { segments: 5, bytes: 10, lastSegment: mark(80, RST_TIME - seconds * SECOND - 1) },
    reset: {
      trigger: drew,
      tail: [makeSegment(80, RST_TIME - seconds * SECOND - 1, 'sender', ACK), drew],
      shape: 'reply',
    },
    provenance: { ttl: { rst: 254, usual: 60, samples: 5, ofHost: false } },
  });
  const LONG = at(600);
  const own = { ...LONG, mechanism: 'kernel-reply likely' } as const;
  test.each<[string, Given, string]>([
    ['another machine answers after a silence', LONG, 'likely network-device (data lost)'],
    ['the host itself does, after a long silence', own, 'possible network-device (data lost)'],
    [
      'the host itself does, too soon',
      { ...at(29), mechanism: 'kernel-reply likely' },
      "no: the answer has the host's own TTL, and 29 s of silence is too short for a device",
    ],
    ['in use just before', at(0.9), 'no: the connection had been in use 900 ms before'],
    ['closed', { ...LONG, sender: { ...LONG.sender, fin: fin(100) } }, 'no: the server had closed (90)'],
    [
      'never used',
      { ...LONG, sender: { ...LONG.sender, segments: 1, bytes: 0 } },
      'no: the connection had not been in use',
    ],
    [
      'in its handshake',
      { ...LONG, reset: { ...LONG.reset, phase: 'handshake' } },
      'no: the connection had not been in use',
    ],
    [
      'the host went on, with the same TTL',
      {
        ...LONG,
        provenance: {
          ttl: { rst: 60, usual: 60, samples: 5, ofHost: false },
          senderWentOn: { ...mark(105, 10_100), length: 5 },
        },
      },
      'no: the host itself went on',
    ],
    [
      'the host went on, with another TTL',
      { ...LONG, provenance: { ...LONG.provenance, senderWentOn: { ...mark(105, 10_100), length: 5 } } },
      'likely network-device (data lost)',
    ],
    [
      'a probe drew it',
      { ...LONG, reset: { ...LONG.reset, trigger: { ...drew, length: 1 } } },
      'likely network-device',
    ],
    [
      'the client spoke just before',
      { ...LONG, reset: { ...LONG.reset, tail: [makeSegment(98, RST_TIME - 501, 'receiver', ACK), drew] } },
      'no: the connection had been in use 500 ms before',
    ],
    [
      '… and this is the same again',
      {
        ...LONG,
        reset: {
          ...LONG.reset,
          trigger: { ...drew, note: 'retransmission' },
          tail: [makeSegment(98, RST_TIME - 501, 'receiver', ACK), drew],
        },
      },
      'likely network-device (data lost)',
    ],
    [
      '… and this is a probe',
      {
        ...LONG,
        reset: {
          ...LONG.reset,
          trigger: { ...drew, note: 'keep-alive' },
          tail: [makeSegment(98, RST_TIME - 501, 'receiver', ACK), drew],
        },
      },
      'likely network-device (data lost)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('nat-state-expired', given)).toBe(answer);
  });

  test('nat-state-expired says what it saw', () => {
    expect(tellsOf('nat-state-expired', LONG)).toEqual([
      '80 the server was last heard of',
      '99 after 10 min of silence the client spoke again {"idle":600000000000}',
      '100 the answer was an RST with TTL 254, while all packets of 10.0.2.2 had 60: another machine made it {"ttl":63,"window":0}',
      "- 10 min is Google Cloud's connection tracking",
      'Which device: its TTL tells the distance, not the name. A machine that took over the address (failover) answers alike.',
    ]);
    expect(tellsOf('nat-state-expired', own)).toEqual([
      '80 the server was last heard of',
      '99 after 10 min of silence the client spoke again {"idle":600000000000}',
      '100 the answer was an RST as from a host without that connection {"ttl":63,"window":0}',
      "- 10 min is Google Cloud's connection tracking",
      'A host that was restarted in the meantime answers the same; uptime there, or a second capture beyond the device, decides.',
    ]);
    expect(
      tellsOf('nat-state-expired', {
        ...LONG,
        provenance: { ...LONG.provenance, senderWentOn: { ...mark(110, 11_000), length: 5 } },
      }),
    ).toEqual([
      '80 the server was last heard of',
      '99 after 10 min of silence the client spoke again {"idle":600000000000}',
      '100 the answer was an RST with TTL 254, while all packets of 10.0.2.2 had 60: another machine made it {"ttl":63,"window":0}',
      '110 10.0.2.2 itself still spoke for the connection later',
      "- 10 min is Google Cloud's connection tracking",
      'Which device: its TTL tells the distance, not the name. A machine that took over the address (failover) answers alike.',
    ]);
  });
});

describe('vip-failover', () => {
  const MOVED: Given = {
    mechanism: 'kernel-reply likely',
    sender: { segments: 5, bytes: 10, lastSegment: ago(2000, 80) },
    reset: { trigger: trigger({ length: 20 }) },
    provenance: { ttl: { rst: 124, usual: 60, samples: 5, ofHost: false } },
  };
  const host = (forgotten: number) => ({
    host: () => ({
      address: '10.0.2.2',
      ttl: 60,
      ttlSamples: 5,
      lastSpoke: null,
      served: 1,
      forgotten,
      forgottenWhileBusy: 0,
      stack: null,
      forgottenFrames: [4, 9],
    }),
  });
  test.each<[string, Given, string]>([
    ['another initial TTL at the same distance', MOVED, 'possible configuration (request lost)'],
    [
      'the same one, one hop farther',
      { ...MOVED, provenance: { ttl: { rst: 59, usual: 60, samples: 5, ofHost: false } } },
      'possible configuration (request lost)',
    ],
    [
      '… one hop nearer it is a device on the way',
      { ...MOVED, provenance: { ttl: { rst: 61, usual: 60, samples: 5, ofHost: false } } },
      'no: its TTL 61 says it was made elsewhere on the path',
    ],
    ['… on two connections', { ...MOVED, context: host(2) }, 'likely configuration (request lost)'],
    ['… on one', { ...MOVED, context: host(1) }, 'possible configuration (request lost)'],
    ['another MAC address', { ...MOVED, provenance: { macDiffers: true } }, 'possible configuration (request lost)'],
    ['the same TTL and MAC address', { ...MOVED, provenance: {} }, 'no: the answer has the marks of the same machine'],
    [
      'another TTL of too few packets',
      { ...MOVED, provenance: { ttl: { rst: 124, usual: 60, samples: 2, ofHost: false } } },
      'no: the answer has the marks of the same machine',
    ],
    [
      'a TTL of another distance',
      { ...MOVED, provenance: { ttl: { rst: 64, usual: 60, samples: 5, ofHost: false } } },
      'no: its TTL 64 says it was made elsewhere on the path',
    ],
    [
      'a TTL of another distance with another MAC address',
      { ...MOVED, provenance: { ttl: { rst: 64, usual: 60, samples: 5, ofHost: false }, macDiffers: true } },
      'possible configuration (request lost)',
    ],
    [
      'the old machine went on',
      { ...MOVED, aftermath: { senderWentOn: { ...mark(105, 10_100), length: 5 } } },
      'no: the old machine went on (105)',
    ],
    [
      'closed',
      { ...MOVED, sender: { ...MOVED.sender, fin: fin(100) } },
      'no: the connection had not been in use, or was closed',
    ],
    [
      'never used',
      { ...MOVED, sender: { segments: 1, bytes: 0 } },
      'no: the connection had not been in use, or was closed',
    ],
    ['a probe drew it', { ...MOVED, reset: { trigger: trigger({ length: 1 }) } }, 'possible configuration'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('vip-failover', given)).toBe(answer);
  });

  test('vip-failover says what it saw', () => {
    expect(tellsOf('vip-failover', MOVED)).toEqual([
      '80 the server was last heard of (TTL 60, as always)',
      '99 2 s later the client spoke',
      '100 the answer came from another machine at the same distance (TTL 124) which knew no such connection {"ttl":63,"window":0}',
      'A load balancer that picked another backend, and an address that moved, look alike: their logs decide.',
    ]);
    expect(tellsOf('vip-failover', { ...MOVED, context: host(2) })).toEqual([
      '80 the server was last heard of (TTL 60, as always)',
      '99 2 s later the client spoke',
      '100 the answer came from another machine at the same distance (TTL 124) which knew no such connection {"ttl":63,"window":0}',
      '- 2 connections to 10.0.2.2 were answered like that (frames 4, 9)',
      'A load balancer that picked another backend, and an address that moved, look alike: their logs decide.',
    ]);
  });
});

describe('fin-wait-2-timeout', () => {
  const acked = ago(59_000, 91);
  const WAITED: Given = { sender: { fin: fin(60_000, { acked }) }, receiver: { lastData: ago(61_000, 80) } };
  const REPLY: Given = {
    ...WAITED,
    mechanism: 'kernel-reply likely',
    reset: { trigger: trigger(), shape: 'reply' },
    receiver: { bytesUnacked: 0 },
  };
  test.each<[string, Given, string]>([
    ['the kernel gave up', WAITED, 'likely client-app'],
    [
      '… of a client',
      { sender: { ...WAITED.sender, role: 'client' }, receiver: { ...WAITED.receiver, role: 'server' } },
      'likely server-app',
    ],
    ['soon', { ...WAITED, sender: { fin: fin(29_000, { acked }) } }, 'possible unknown'],
    ['without a FIN', { ...WAITED, sender: { fin: null } }, 'not asked'],
    ['the other end had closed too', { ...WAITED, receiver: { fin: fin(100) } }, 'not asked'],
    ['of a third party', { ...WAITED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['its FIN not acknowledged', { ...WAITED, sender: { fin: fin(60_000) } }, 'no: its FIN had not been acknowledged'],
    ['data came after the FIN', { ...WAITED, receiver: { lastData: ago(100, 95) } }, 'no: data had come after its FIN'],
    ['a late acknowledgment drew it', REPLY, 'certain client-app note'],
    ['… too soon', { ...REPLY, sender: { fin: fin(29_000, { acked }) } }, 'no: it had closed only 29 s before'],
    [
      'the acknowledgment of the FIN drew it',
      { ...REPLY, sender: { fin: fin(5, { acked: ago(1, 99) }) } },
      'certain server-app warning',
    ],
    [
      'a keep-alive probe drew it',
      { ...REPLY, reset: { shape: 'reply', trigger: trigger({ note: 'keep-alive' }) } },
      'certain client-app note',
    ],
    ['data drew it', { ...REPLY, reset: { shape: 'reply', trigger: trigger({ length: 5 }) } }, 'no: data drew it'],
    [
      'a FIN drew it',
      { ...REPLY, reset: { shape: 'reply', trigger: trigger({ control: ACK | FIN }) } },
      'no: data drew it',
    ],
    ['nothing drew it', { ...REPLY, reset: { shape: 'reply', trigger: null } }, 'no: data drew it'],
    [
      'data is outstanding',
      { ...REPLY, receiver: { bytesUnacked: 1 } },
      'no: data was outstanding that may have drawn it',
    ],
    [
      'what drew it was not captured',
      { ...REPLY, reset: { shape: 'reply', trigger: trigger({ unseen: true }) } },
      'no: what drew it is not in this capture',
    ],
    ['data stands right behind', { ...REPLY, aftermath: { crossed: 101 } }, 'possible client-app note'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('fin-wait-2-timeout', given)).toBe(answer);
  });

  test('fin-wait-2-timeout says what it saw', () => {
    expect(tellsOf('fin-wait-2-timeout', WAITED)).toEqual([
      '90 the server closed (FIN)',
      '91 the client acknowledged that and never closed its own side',
      `100 after 1 min the server's kernel gave up waiting: RST {"waited":60000000000}`,
      'A program that aborted after a half-close of that length looks the same.',
    ]);
    expect(tellsOf('fin-wait-2-timeout', REPLY)).toEqual([
      '90 the server closed (FIN)',
      '99 1 min later the client, which had not closed, still spoke',
      `100 the server's kernel had forgotten the connection: RST {"seq":5001}`,
    ]);
    expect(tellsOf('fin-wait-2-timeout', { ...REPLY, sender: { fin: fin(5, { acked: ago(1, 99) }) } })).toEqual([
      '90 the server closed (FIN)',
      '99 the plain acknowledgment of that FIN drew the reset: the kernel had no patience at all (TCP_LINGER2 below zero)',
      `100 the server's kernel had forgotten the connection: RST {"seq":5001}`,
    ]);
    expect(tellsOf('fin-wait-2-timeout', { ...WAITED, sender: { fin: fin(29_000, { acked }) } })).toEqual([
      '90 the server closed (FIN)',
      '100 29 s later it aborted',
      'Too many orphaned sockets or too little memory for them (tcp_max_orphans, tcp_mem: nstat TcpExtTCPAbortOnMemory), SO_LINGER 0 or ss -K after a half-close look the same.',
    ]);
    expect(tellsOf('fin-wait-2-timeout', { ...REPLY, aftermath: { crossed: 101 } })).toEqual([
      '90 the server closed (FIN)',
      '99 1 min later the client, which had not closed, still spoke',
      `100 the server's kernel had forgotten the connection: RST {"seq":5001}`,
      'Data of the client stands right behind the RST in the capture (101): it may have drawn it.',
    ]);
  });
});

describe('response-timeout', () => {
  const asked = message(50, 30_000, { frame: 60 });
  const WAITED: Given = {
    sender: { role: 'client', lastMessage: asked, bytesUnacked: 0 },
    receiver: { role: 'server', lastData: ago(31_000, 50), lastAckMoved: ago(29_990, 61) },
  };
  const waited = (ms: number): Given => ({
    ...WAITED,
    sender: { ...WAITED.sender, lastMessage: message(50, ms, { frame: 60 }) },
  });
  test.each<[string, Given, string]>([
    ['after a customary time', WAITED, 'likely server-app (50 bytes unanswered)'],
    ['as two others', { ...WAITED, context: { sameIdle: () => 3 } }, 'certain server-app (50 bytes unanswered)'],
    [
      'after any time, as one other',
      { ...waited(7341), context: { sameIdle: () => 2 } },
      'likely server-app (50 bytes unanswered)',
    ],
    ['after any time', waited(7341), 'possible server-app'],
    ['too soon', waited(999), 'no: it had waited only 999 ms'],
    [
      'of a server',
      { ...WAITED, sender: { ...WAITED.sender, role: 'server' }, receiver: { ...WAITED.receiver, role: 'client' } },
      'not asked',
    ],
    ['of a third party', { ...WAITED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'nothing asked',
      { ...WAITED, sender: { ...WAITED.sender, lastMessage: null } },
      'no: the client had asked nothing',
    ],
    [
      'not acknowledged',
      { ...WAITED, sender: { ...WAITED.sender, bytesUnacked: 50 } },
      'no: the request itself was never acknowledged',
    ],
    [
      'answered at once',
      {
        ...WAITED,
        sender: { ...WAITED.sender, lastMessage: message(50, 800, { frame: 60 }) },
        receiver: { ...WAITED.receiver, lastData: ago(500, 70) },
      },
      'no: the server had answered (70)',
    ],
    [
      'answered in part, then nothing, for a customary time',
      {
        ...WAITED,
        sender: { ...WAITED.sender, lastMessage: message(50, 30_500, { frame: 60 }) },
        receiver: { ...WAITED.receiver, lastData: ago(30_000, 70) },
      },
      'no: the answer had begun',
    ],
    [
      'answered in part, then nothing, for any time',
      {
        ...WAITED,
        sender: { ...WAITED.sender, lastMessage: message(50, 8_000, { frame: 60 }) },
        receiver: { ...WAITED.receiver, lastData: ago(7_341, 70) },
      },
      'no: 7.34 s is no customary time limit',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('response-timeout', given)).toBe(answer);
  });

  test('response-timeout says what it saw', () => {
    expect(tellsOf('response-timeout', WAITED)).toEqual([
      '60 the client sent its request (50 bytes)',
      '61 the other kernel acknowledged it; its program did not answer',
      '100 30 s after the request it aborted the connection {"waited":30000000000}',
      '- 30 s is a customary time limit',
      'Inferred: a time limit. A person or program that gave up at that moment for another reason looks the same.',
    ]);
    expect(tellsOf('response-timeout', { ...WAITED, context: { sameIdle: () => 3 } })).toEqual([
      '60 the client sent its request (50 bytes)',
      '61 the other kernel acknowledged it; its program did not answer',
      '100 30 s after the request it aborted the connection {"waited":30000000000}',
      '- 30 s is a customary time limit',
      '- 3 connections to that port ended after the same time',
    ]);
    expect(tellsOf('response-timeout', waited(7341))).toEqual([
      '60 the client sent 50 bytes',
      '100 after 7.34 s without an answer it aborted',
      '7.34 s is no customary time limit: a person who gave up, or a program with another reason, looks the same.',
    ]);
  });
});
