/** The listener was closed between SYN-ACK and ACK. */
import { describe, expect, test } from 'vitest';
import { expectCause, opened, refused, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, listener, MS, RST_TIME, tellsOf, trigger } from '../support/signatures.js';

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

describe('listener-closed-mid-handshake in packets', () => {
  const asked = `
    0.0025 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "ask"`;
  const bare = `
    0.0031 S > C: [R] seq 1 win 0 ttl 57 id 0 DF`;

  test('the last packet of the handshake is answered without a socket, and the port refuses from then on', async () => {
    await expectCause(opened() + bare + refused('C2', 'S', 0.5), {
      gives: 'listener-closed-mid-handshake likely',
      not: 'accept-queue-overflow?',
    });
  });

  test('… or the first data is', async () => {
    const verdict = await expectCause(opened() + asked + bare + refused('C2', 'S', 0.5), {
      gives: 'listener-closed-mid-handshake likely',
      not: ['host-lost-state', 'asymmetric-routing'],
    });
    expect(verdict.lost).toBe('request lost');
  });

  test('the port accepts another a moment later: its queue was full', async () => {
    await expectCause(opened() + bare + opened('C2', 'S', 0.5, 3000), {
      gives: 'accept-queue-overflow likely',
      not: 'listener-closed-mid-handshake?',
    });
  });

  test('nobody else comes: either of them', async () => {
    await expectCause(opened() + bare, { gives: 'unexplained-reply', not: 'listener-closed-mid-handshake?' });
  });
});
