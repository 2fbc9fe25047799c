/** Nothing listens on the port (RFC 9293 §3.10.7.1: a segment without ACK is answered with seq 0). */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { answerOf, listener, otherReset, REFUSED, RST_TIME, saidOf, tellsOf, UNSEEN } from '../support/signatures.js';

const sibling = otherReset(98, RST_TIME - 500, { fromSender: false, seq: 1001 });

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
    const again = { ...sibling, seq: 0, fromSender: true, hasAck: true };
    const others = [
      { ...again, hasAck: false },
      { ...again, seq: 7 },
      { ...again, fromSender: false },
    ];
    expect(
      saidOf('closed-port', {
        ...REFUSED,
        reset: { ...REFUSED.reset, siblings: [again, again, ...others] },
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
