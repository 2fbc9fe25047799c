/** Answers to a SYN: closed-port and what looks like it. Each row is one branch; the reasons are the sentences of `show`. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import { mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, listener, MS, RST_TIME, saidOf, tellsOf, trigger } from '../support/signatures.js';

const SYN_CAME = trigger({ control: SYN, frame: 99, seq: 1000 });
const REFUSED: Given = {
  mechanism: 'kernel-reply likely',
  sender: { iss: null, sndNxt: null, segments: 0, syn: null },
  receiver: { segments: 1 },
  rst: { hasAck: true, seq: 0, ack: 1001 },
  reset: { shape: 'reply-to-syn', phase: 'syn-sent', trigger: SYN_CAME },
};
const UNSEEN: Given = {
  ...REFUSED,
  receiver: { segments: 0 },
  reset: { ...REFUSED.reset, trigger: null, phase: 'orphan' },
};
const SECOND = 1000 * MS;
const NOW = RST_TIME * MS;
const sibling = {
  ...mark(98, RST_TIME - 500),
  fromSender: false,
  seq: 1001,
  ack: 0,
  ttl: 64,
  ipId: 0,
  df: true,
  hasAck: false,
  window: 0,
};

describe('closed-port', () => {
  test.each<[string, Given, string]>([
    ['a SYN, its answer', REFUSED, 'likely server-app'],
    [
      'drawn by nothing',
      { ...REFUSED, reset: { ...REFUSED.reset, trigger: null } },
      'no: no segment of the other side drew it',
    ],
    [
      'accepted after all',
      { ...REFUSED, aftermath: { synAck: mark(101, 10_001) } },
      'no: the server accepted the connection all the same (101)',
    ],
    [
      'of a third party',
      { ...REFUSED, mechanism: 'third-party likely' },
      'no: another host or device answered (its TTL or MAC differs)',
    ],
    [
      'perhaps of a third party',
      { ...REFUSED, mechanism: 'third-party possible', rst: { ...REFUSED.rst } },
      'likely server-app',
    ],
    [
      'whose SYN-ACK was turned away',
      { ...REFUSED, reset: { ...REFUSED.reset, siblings: [sibling] } },
      'no: the client turned away a SYN-ACK of it (98): it had accepted',
    ],
    [
      '… one with another number',
      { ...REFUSED, reset: { ...REFUSED.reset, siblings: [{ ...sibling, seq: 1002 }] } },
      'likely server-app',
    ],
    [
      '… one with ACK',
      { ...REFUSED, reset: { ...REFUSED.reset, siblings: [{ ...sibling, hasAck: true }] } },
      'likely server-app',
    ],
    [
      '… one of the same end',
      { ...REFUSED, reset: { ...REFUSED.reset, siblings: [{ ...sibling, fromSender: true }] } },
      'likely server-app',
    ],
    [
      'with another TTL on too few packets',
      { ...REFUSED, provenance: { ttl: { rst: 64, usual: 60, samples: 1, ofHost: true } } },
      'possible server-app',
    ],
    ['without a TTL to compare', { ...REFUSED, provenance: { ttl: null } }, 'likely server-app'],
    ['to a SYN that is not there', UNSEEN, 'likely server-app'],
    ['… with a window', { ...UNSEEN, rst: { ...UNSEEN.rst, window: 5 } }, 'possible server-app'],
    [
      '… of a port that serves others',
      { ...UNSEEN, context: { listener: listener({ served: 1 }) } },
      'possible server-app',
    ],
    [
      '… of a port that is in use at other times',
      { ...UNSEEN, context: { listener: listener({ connections: 2 }) } },
      'possible server-app',
    ],
    [
      '… of a port that accepted others',
      { ...UNSEEN, context: { listener: listener({ connections: 2, accepted: 1 }) } },
      'likely server-app',
    ],
    [
      'a SYN to a port that is in use at other times',
      { ...REFUSED, context: { listener: listener({ connections: 2 }) } },
      'likely server-app',
    ],
    [
      'of a text that hides its origin',
      { ...REFUSED, mechanism: 'kernel-reply possible', rst: { ...REFUSED.rst }, provenance: { hidden: true } },
      'possible server-app',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('closed-port', given)).toBe(answer);
  });

  test('closed-port says what it saw', () => {
    expect(tellsOf('closed-port', REFUSED)).toEqual([
      '99 the client asked for a connection (SYN) {"seq":1000}',
      '100 1 ms later the answer was RST, ACK with seq 0 and ack = SYN + 1: what a kernel replies when no program listens there {"seq":0,"ack":1001,"window":0,"ttl":63}',
      "A firewall on 10.0.2.2 itself that rejects sends the same packet; its TTL 63 is that of the host's other packets.",
    ]);
    expect(tellsOf('closed-port', UNSEEN)).toEqual([
      '100 an RST, ACK with seq 0 answers a SYN, which is not in this capture: what a kernel replies when no program listens there {"seq":0,"ack":1001,"window":0,"ttl":63}',
      "A firewall on 10.0.2.2 itself that rejects sends the same packet; its TTL 63 is that of the host's other packets.",
    ]);
  });

  test('says how often one connect was tried, and whether the port worked at other times', () => {
    const again = { ...sibling, seq: 7, fromSender: true };
    expect(
      saidOf('closed-port', {
        ...REFUSED,
        reset: { ...REFUSED.reset, siblings: [again, again] },
        context: { listener: listener({ accepted: 2 }) },
      }),
    ).toEqual([
      '99 the client asked for a connection (SYN)',
      '100 1 ms later the answer was RST, ACK with seq 0 and ack = SYN + 1: what a kernel replies when no program listens there',
      '98 the client tried the same SYN 3 times: one failed connect, as Windows does it',
      '- the same port accepted 2 connections at other times in this capture',
      "A firewall on 10.0.2.2 itself that rejects sends the same packet; its TTL 63 is that of the host's other packets.",
    ]);
    expect(saidOf('closed-port', { ...UNSEEN, provenance: { ttl: null }, rst: { ...UNSEEN.rst, ttl: 64 } })).toEqual([
      '100 an RST, ACK with seq 0 answers a SYN, which is not in this capture: what a kernel replies when no program listens there',
      'A firewall that rejects sends the same packet. This one has TTL 64, as a packet made on this network has it, and the capture holds no other packet from 10.0.2.2 to compare that with.',
    ]);
  });
});

describe('firewall-reject-syn', () => {
  const THIRD: Given = { ...REFUSED, mechanism: 'third-party likely', rst: { ...REFUSED.rst } };
  test.each<[string, Given, string]>([
    ['another machine answered', THIRD, 'likely network-device'],
    ['perhaps another machine', { ...THIRD, mechanism: 'third-party possible' }, 'possible network-device'],
    ['the host itself answered', REFUSED, 'no: its TTL is that of the host itself'],
    ['… its TTL is not known', { ...REFUSED, provenance: { ttl: null } }, 'no: its TTL is not known'],
    [
      'accepted after all',
      { ...THIRD, aftermath: { synAck: mark(101, 10_001) } },
      'no: the server accepted the connection all the same (101)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('firewall-reject-syn', given)).toBe(answer);
  });

  test('firewall-reject-syn says what it saw', () => {
    expect(tellsOf('firewall-reject-syn', THIRD)).toEqual([
      '99 the client asked for a connection (SYN)',
      '100 1 ms later RST, ACK came back {"seq":0,"ack":1001,"window":0,"ttl":63}',
      'Which device, and which rule. A host with another TTL for resets than for data (IP_TTL set by the program) would look alike; a capture on 10.0.2.2 decides.',
    ]);
    expect(tellsOf('firewall-reject-syn', { ...THIRD, mechanism: 'third-party possible' })).toEqual([
      '99 the client asked for a connection (SYN)',
      '100 1 ms later RST, ACK came back {"seq":0,"ack":1001,"window":0,"ttl":63}',
      'Which device, and which rule. A host with another TTL for resets than for data (IP_TTL set by the program) would look alike; a capture on 10.0.2.2 decides.',
    ]);
  });
});

describe('forged-refusal', () => {
  const ACCEPTED: Given = { ...REFUSED, aftermath: { synAck: mark(105, 10_020) } };
  test.each<[string, Given, string]>([
    ['the named host accepted after it', ACCEPTED, 'certain third-party'],
    ['… it had a window', { ...ACCEPTED, rst: { ...REFUSED.rst, window: 9 } }, 'likely third-party'],
    ['no SYN-ACK followed', REFUSED, 'no: no SYN-ACK came after it'],
    ['its sender had been heard of', { ...ACCEPTED, sender: { segments: 1 } }, 'not asked'],
    [
      'of a client',
      { ...ACCEPTED, sender: { segments: 0, role: 'client' }, reset: { ...REFUSED.reset, shape: 'reply' } },
      'not asked',
    ],
    [
      'of nobody known, as an answer to a SYN',
      { ...ACCEPTED, sender: { segments: 0, role: 'originator' } },
      'certain third-party',
    ],
    [
      'the client was not captured, and the connection went on',
      {
        ...ACCEPTED,
        receiver: { segments: 0 },
        aftermath: { synAck: mark(105, 10_020), senderWentOn: { ...mark(107, 10_050), length: 5 } },
      },
      'no: the connection went on (107): the client had not obeyed it',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('forged-refusal', given)).toBe(answer);
  });

  test('forged-refusal says what it saw', () => {
    expect(tellsOf('forged-refusal', ACCEPTED)).toEqual([
      '1 the client asked for a connection (SYN)',
      '100 10 s later an RST came in the name of the server {"seq":0,"ack":1001,"ttl":63,"window":0}',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
    ]);
    expect(tellsOf('forged-refusal', { ...ACCEPTED, rst: { ...REFUSED.rst, window: 9 } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '100 10 s later an RST came in the name of the server {"seq":0,"ack":1001,"ttl":63,"window":9}',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
      'Who forged it: a window in a refusal is a mark of volleys, of which others may be missing here.',
    ]);
  });

  test('counts the volley before the SYN-ACK', () => {
    const forged = { ...sibling, fromSender: true };
    const siblings = [
      forged,
      { ...forged, frame: 101 },
      { ...forged, frame: 102 },
      { ...forged, frame: 106 },
      { ...forged, frame: 103, fromSender: false },
    ];
    expect(
      saidOf('forged-refusal', {
        ...ACCEPTED,
        reset: { ...REFUSED.reset, siblings, handshake: { syn: ago(30, 98), synAck: null, ack: null } },
      }),
    ).toEqual([
      '98 the client asked for a connection (SYN)',
      '100 30 ms later 3 RSTs came in the name of the server',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
    ]);
  });
});

describe('listener-restarting', () => {
  const around = (ago: number | null, later: number | null): Given['context'] => ({
    listener: listener({
      acceptedBefore: () => (ago === null ? null : NOW - ago * SECOND),
      acceptedAfter: () => (later === null ? null : NOW + later * SECOND),
    }),
  });
  test.each<[string, Given, string]>([
    ['accepted before and after', { ...REFUSED, context: around(60, 60) }, 'certain server-app'],
    [
      'never accepted before',
      { ...REFUSED, context: around(null, 5) },
      'no: the port had accepted no connection shortly before',
    ],
    [
      'too long before',
      { ...REFUSED, context: around(61, 5) },
      'no: the port had accepted no connection shortly before',
    ],
    [
      'never accepted again',
      { ...REFUSED, context: around(5, null) },
      'no: the port accepted no connection shortly after',
    ],
    ['too long after', { ...REFUSED, context: around(5, 61) }, 'no: the port accepted no connection shortly after'],
    ['of an unknown listener', REFUSED, 'no: the port had accepted no connection shortly before'],
    [
      'drawn by nothing',
      { ...REFUSED, reset: { ...REFUSED.reset, trigger: null }, context: around(5, 5) },
      'no: no segment of the other side drew it',
    ],
    ['to a SYN that is not there', { ...UNSEEN, context: around(5, 5) }, 'certain server-app'],
    [
      'of a third party',
      { ...REFUSED, mechanism: 'third-party likely', context: around(5, 5) },
      'no: another host or device answered',
    ],
    [
      'perhaps of a third party',
      { ...REFUSED, mechanism: 'third-party possible', context: around(5, 5) },
      'certain server-app',
    ],
    [
      'accepted after all',
      { ...REFUSED, aftermath: { synAck: mark(101, 10_001) }, context: around(5, 5) },
      'no: the server accepted the connection all the same (101)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('listener-restarting', given)).toBe(answer);
  });

  test('listener-restarting says what it saw', () => {
    expect(tellsOf('listener-restarting', { ...REFUSED, context: around(60, 60) })).toEqual([
      '- the port had accepted a connection 1 min before',
      '99 the client asked for a connection (SYN)',
      '100 the answer was RST, ACK: nobody listened at that moment {"seq":0,"ack":1001}',
      '- 1 min later the port accepted connections again',
    ]);
  });
});
