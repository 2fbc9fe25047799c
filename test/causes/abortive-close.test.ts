/** A deliberate abort: SO_LINGER 0, ss -K, connect(AF_UNSPEC) (RFC 9293 §3.10.5). */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { BACK, expectCause, SYN, SYN_ACK, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, MS, message, saidOf, tellsOf } from '../support/signatures.js';

const UNREAD = { octets: 5000, grew: 4000, since: ago(500, 60) };

describe('abortive-close', () => {
  const nothing = { bytes: 0, iss: 1000, lastSegment: ago(100, 97) };
  const SERVED: Given = {
    mechanism: 'live-socket certain',
    sender: { bytes: 10, bytesUnacked: 0, lastData: ago(200, 96) },
    receiver: { bytes: 40, iss: 1000, lastData: ago(210, 95), lastAckMoved: ago(190, 97) },
    rst: { ack: 1041 },
    reset: { freshlyAcked: 0 },
  };
  const PUSHED: Given = { ...SERVED, receiver: nothing, rst: { ack: 1001 } };
  /** Two segments of the client, of which the server acknowledged so many octets in between. */
  const turns = (first: number, second: number, acknowledged: number) => [
    makeSegment(93, 9_700, 'receiver', ACK, { seq: 1000, length: first }),
    makeSegment(94, 9_750, 'sender', ACK, { ack: 1000 + acknowledged }),
    makeSegment(95, 9_790, 'receiver', ACK, { seq: 1000 + first, length: second }),
  ];
  const stated = { by: 'text in the RST', text: 'shutting down' } as const;
  test.each<[string, Given, string]>([
    ['after a pause, all answered and acknowledged: nothing was lost', SERVED, 'likely server-app note'],
    [
      'after a pause, part of the answer not acknowledged: that was lost',
      { ...SERVED, sender: { ...SERVED.sender, bytesUnacked: 4 } },
      'likely server-app error',
    ],
    [
      'after a pause, behind two parts of which the second waited for an acknowledgment',
      { ...SERVED, reset: { ...SERVED.reset, tail: turns(24, 44, 24) } },
      'possible server-app note',
    ],
    [
      '… which did not wait',
      { ...SERVED, reset: { ...SERVED.reset, tail: turns(24, 44, 0) } },
      'likely server-app note',
    ],
    [
      '… of which the first was longer: pieces of one',
      { ...SERVED, reset: { ...SERVED.reset, tail: turns(1448, 44, 1448) } },
      'likely server-app note',
    ],
    [
      'right behind the answer',
      { ...SERVED, sender: { ...SERVED.sender, lastData: ago(50, 96) } },
      'possible server-app note',
    ],
    [
      '… by a socket that is only possible',
      { ...SERVED, mechanism: 'live-socket possible' },
      'possible server-app note',
    ],
    ['something waits', { ...SERVED, reset: { ...SERVED.reset, unanswered: message(4, 20) } }, 'possible unknown'],
    [
      'the client spoke last',
      { ...SERVED, receiver: { ...SERVED.receiver, lastData: ago(20, 98) } },
      'possible unknown',
    ],
    [
      'of a client',
      { ...SERVED, sender: { ...SERVED.sender, role: 'client' }, receiver: { ...SERVED.receiver, role: 'server' } },
      'possible unknown',
    ],
    ['octets had just come', { ...SERVED, reset: { freshlyAcked: 2 } }, 'possible unknown'],
    ['one octet had just come: it may be a FIN', { ...SERVED, reset: { freshlyAcked: 1 } }, 'likely server-app note'],
    ['nothing could be unread: all of its data acknowledged', PUSHED, 'certain server-app warning'],
    ['… not all', { ...PUSHED, sender: { ...SERVED.sender, bytesUnacked: 4 } }, 'certain server-app error'],
    ['… of a socket that is likely', { ...PUSHED, mechanism: 'live-socket likely' }, 'likely server-app warning'],
    ['… that is possible', { ...PUSHED, mechanism: 'live-socket possible' }, 'possible server-app warning'],
    [
      '… the beginning not captured',
      { ...PUSHED, reset: { freshlyAcked: 0, quality: { midStream: true } } },
      'likely server-app warning',
    ],
    [
      '… by a client',
      { ...PUSHED, sender: { ...SERVED.sender, role: 'client' }, receiver: { ...nothing, role: 'server' } },
      'certain client-app warning',
    ],
    ['… the numbers do not agree', { ...PUSHED, rst: { ack: 1002 } }, 'likely server-app note'],
    [
      'no data at all, by a client',
      { ...PUSHED, sender: { bytes: 0, role: 'client' }, receiver: { ...nothing, role: 'server' } },
      'likely client-app warning',
    ],
    [
      'no data at all, by a client, the other direction not captured',
      { ...PUSHED, sender: { bytes: 0, role: 'client' }, receiver: { ...nothing, segments: 0, role: 'server' } },
      'possible client-app warning',
    ],
    ['no data at all, by a server', { ...PUSHED, sender: { bytes: 0 } }, 'possible server-app'],
    [
      'unread data',
      { ...SERVED, reset: { ...SERVED.reset, unread: UNREAD } },
      'no: at least 5,000 bytes were unread, which is tested before SO_LINGER',
    ],
    [
      'in the handshake',
      { ...SERVED, reset: { ...SERVED.reset, phase: 'handshake' } },
      'no: the handshake was not complete',
    ],
    [
      'before the handshake',
      { ...SERVED, reset: { ...SERVED.reset, phase: 'syn-sent' } },
      'no: the handshake was not complete',
    ],
    ['of a third party', { ...SERVED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['an orphan', { ...SERVED, reset: { ...SERVED.reset, phase: 'orphan' } }, 'not asked'],
    ['an orphan that states why', { ...SERVED, reset: { ...SERVED.reset, phase: 'orphan', stated } }, 'likely unknown'],
    [
      '… of no live socket',
      { ...SERVED, mechanism: 'kernel-reply likely', reset: { ...SERVED.reset, phase: 'orphan', stated } },
      'not asked',
    ],
    [
      'one direction only, sending again',
      {
        ...SERVED,
        sender: { ...SERVED.sender, retransmitting: { count: 1, first: ago(90), last: ago(90) } },
        reset: { ...SERVED.reset, quality: { oneSided: true } },
      },
      'possible unknown',
    ],
    [
      'one direction only, probing',
      {
        ...SERVED,
        sender: { ...SERVED.sender, keepAliveProbes: { count: 1, first: ago(90), last: ago(90), interval: 0 } },
        reset: { ...SERVED.reset, quality: { oneSided: true } },
      },
      'possible unknown',
    ],
    [
      'one direction only, at rest',
      { ...SERVED, reset: { ...SERVED.reset, quality: { oneSided: true } } },
      'likely server-app note',
    ],
    [
      'one direction only, volumes unknown',
      { ...SERVED, receiver: { bytes: 0, iss: null }, reset: { ...SERVED.reset, quality: { oneSided: true } } },
      'possible unknown',
    ],
    [
      'only SYN, FIN and RST captured, with data',
      { ...SERVED, reset: { ...SERVED.reset, quality: { flagsOnly: true } } },
      'possible unknown',
    ],
    [
      'only SYN, FIN and RST captured, nothing received, soon',
      { ...PUSHED, reset: { freshlyAcked: null, idleData: 1999 * MS, quality: { flagsOnly: true } } },
      'certain server-app warning',
    ],
    [
      'only SYN, FIN and RST captured, nothing received, after a silence',
      { ...PUSHED, reset: { freshlyAcked: null, idleData: 2000 * MS, quality: { flagsOnly: true } } },
      'possible unknown',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('abortive-close', given)).toBe(answer);
  });

  test('abortive-close says what it saw', () => {
    expect(tellsOf('abortive-close', SERVED)).toEqual([
      "95 the client's last request came",
      '96 the server answered it',
      '97 all of the answer was acknowledged',
      '100 200 ms later its live socket sent RST, ACK, without a FIN before it {"window":0}',
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
    expect(tellsOf('abortive-close', PUSHED)).toEqual([
      '97 the client had sent no data in the whole connection: nothing could be unread',
      `100 the server's live socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1001,"window":0}`,
      'Seen: an abort on purpose. Whether SO_LINGER 0 or ss -K, packets cannot tell.',
    ]);
    expect(tellsOf('abortive-close', { ...SERVED, mechanism: 'live-socket possible' })).toEqual([
      "95 the client's last request came",
      '96 the server answered it',
      '97 all of the answer was acknowledged',
      '100 200 ms later its live socket sent RST, ACK, without a FIN before it {"window":0}',
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
    expect(tellsOf('abortive-close', { ...SERVED, reset: { ...SERVED.reset, unanswered: message(4, 20) } })).toEqual([
      `100 the server's live socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1041,"window":0}`,
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
    expect(
      tellsOf('abortive-close', {
        ...PUSHED,
        sender: { ...SERVED.sender, stack: { abortWindow: 'zero', family: 'windows' } as never },
      }),
    ).toEqual([
      '97 the client had sent no data in the whole connection: nothing could be unread',
      `100 the server's live socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1001,"window":0}`,
      'Windows aborts the connections of a process that is stopped with the same packet.',
    ]);
  });

  test('says what was answered and what became of it', () => {
    expect(saidOf('abortive-close', { ...SERVED, sender: { ...SERVED.sender, bytesUnacked: 4 } })).toEqual([
      "95 the client's last request came",
      '96 the server answered it',
      '- 4 bytes of the answer were never acknowledged',
      '100 200 ms later its live socket sent RST, ACK, without a FIN before it',
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
  });

  test('says of a FIN before it that it was there', () => {
    const told = (given: Given) => saidOf('abortive-close', given);
    const closed = { ...SERVED.sender, fin: { ...ago(0.046, 99), idleBefore: null, acked: null, seq: 0 } };
    expect(told({ ...SERVED, sender: closed })).toContain(
      '100 200 ms later its live socket sent RST, ACK, 46 µs after its FIN (99)',
    );
    expect(told({ ...PUSHED, sender: closed })).toContain(
      "100 the server's live socket sent RST, ACK 46 µs after its FIN (99)",
    );
  });
});

describe('a server behind its answer, in packets', () => {
  /** Over a path of 200 ms the server answers and resets 120 ms later. */
  const far = (request: string) => {
    const to = 1 + request.replaceAll('\\r', 'r').replaceAll('\\n', 'n').length;
    return `
    0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    0.200 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 57 id 0 DF
    0.201 C > S: [.] ack 1 win 502 ${TS} ttl 64 id 2 DF
    0.202 C > S: [P.] seq 1:${to} ack 1 win 502 ${TS} ttl 64 id 3 DF "${request}"
    0.402 S > C: [P.] seq 1:20 ack ${to} win 509 ${BACK} ttl 57 id 70 DF "HTTP/1.1 204 OK\\r\\n\\r\\n"
    0.403 C > S: [.] ack 20 win 502 ${TS} ttl 64 id 4 DF
    0.522 S > C: [R.] seq 20 ack ${to} win 509 ${BACK} ttl 57 id 71 DF`;
  };

  test('a request without a body was all that had come', async () => {
    await expectCause(far('GET / HTTP/1.1\\r\\n\\r\\n'), { gives: 'abortive-close likely', not: 'host-lost-state' });
  });

  test('of one with a body more may have come', async () => {
    await expectCause(far('POST / HTTP/1.1\\r\\n\\r\\nabc'), { gives: 'unexplained-abort', not: 'host-lost-state' });
  });
});
