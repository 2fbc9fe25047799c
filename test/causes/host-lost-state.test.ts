/** A host that answers as if the connection had never been, and what else answers so. */
import { describe, expect, test } from 'vitest';
import type { HostFacts } from '../../src/context/types.js';
import { mark } from '../support/diagnosis.js';
import { expectCause, served, TS } from '../support/listing.js';
import { ago, answerOf, fin, type Given, listener, MS, tellsOf, trigger } from '../support/signatures.js';

const HOST: HostFacts = {
  address: '10.0.2.2',
  ttl: 63,
  ttlSamples: 9,
  stack: null,
  lastSpoke: null,
  served: 1,
  forgotten: 2,
  forgottenWhileBusy: 0,
  forgottenFrames: [80, 100],
};
const data = trigger({ length: 40 });
/** In use until five seconds ago, like another of its connections. */
const lost = (host: Partial<HostFacts> | null = {}, given: Given = {}): Given => ({
  mechanism: 'kernel-reply likely',
  ...given,
  sender: { segments: 5, bytes: 90, lastSegment: ago(5000, 50), ...given.sender },
  reset: { trigger: data, drawn: data, ...given.reset },
  context: { host: () => (host === null ? null : { ...HOST, ...host }), ...given.context },
});
const ttl = (rst: number, usual: number) => ({ ttl: { rst, usual, samples: 4, ofHost: false } });

test.each<[string, Given, string]>([
  ['two connections of a host', lost(), 'likely server-host (data lost)'],
  ['one', lost({ forgotten: 1 }), 'possible server-host (data lost)'],
  ['two, one of them while it was busy', lost({ forgottenWhileBusy: 1 }), 'possible server-host (data lost)'],
  ['nothing is known of the host', lost(null), 'possible server-host (data lost)'],
  ['… by another TTL', lost({}, { provenance: ttl(63, 64) }), 'possible server-host (data lost)'],
  ['… by a TTL that is not known', lost({}, { provenance: { ttl: null } }), 'possible server-host (data lost)'],
  [
    'of a client',
    lost({}, { sender: { role: 'client' }, receiver: { role: 'server' } }),
    'likely client-host (data lost)',
  ],
  ['asked by a probe', lost({}, { reset: { trigger: trigger({ length: 1 }) } }), 'likely server-host'],
  ['asked by two octets', lost({}, { reset: { trigger: trigger({ length: 2 }) } }), 'likely server-host (data lost)'],
  ['what drew it was not captured', lost({}, { reset: { trigger: null, drawn: ago(0, 100) } }), 'likely server-host'],
  [
    'it had spoken within an exchange',
    lost({}, { sender: { lastSegment: ago(50, 98) } }),
    'no: 10.0.2.2 spoke for this connection 49 ms before (98)',
  ],
  ['… just not', lost({}, { sender: { lastSegment: ago(51, 98) } }), 'likely server-host (data lost)'],
  ['it was never heard', lost({}, { sender: { lastSegment: null } }), 'likely server-host (data lost)'],
  [
    'it had said nothing beyond its SYN-ACK',
    lost({}, { sender: { segments: 1, bytes: 0 } }),
    'no: the connection had not been in use',
  ],
  ['in the handshake', lost({}, { reset: { phase: 'handshake' } }), 'no: the connection had not been in use'],
  ['before it', lost({}, { reset: { phase: 'syn-sent' } }), 'no: the connection had not been in use'],
  ['it had closed', lost({}, { sender: { fin: fin(6000, { frame: 45 }) } }), 'no: the server had closed (45)'],
  [
    'it had probed a shut window',
    lost({}, { sender: { zeroWindowProbes: 1 } }),
    'no: 10.0.2.2 had probed a shut window: its socket gave up in silence',
  ],
  [
    'of a third party',
    lost({}, { mechanism: 'third-party likely' }),
    'no: another machine answered for 10.0.2.2: its TTL or MAC differs',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('host-lost-state', given)).toBe(answer);
});

test('says when it was last heard of, what was asked, and what came afterwards', () => {
  expect(tellsOf('host-lost-state', lost())).toEqual([
    '50 the server was last heard of',
    '99 5 s later the client spoke again',
    '100 the host answered as if the connection had never existed {"seq":5001,"window":0,"ttl":63}',
    '- 2 connections of 10.0.2.2 got the same answer (frames 80, 100)',
    'A NAT or load balancer that forgot its table and answers with the same TTL looks the same; uptime on the host decides.',
  ]);
  expect(
    tellsOf(
      'host-lost-state',
      lost({ forgotten: 1 }, { reset: { trigger: trigger({ length: 1, note: 'keep-alive' }) } }),
    ),
  ).toEqual([
    '50 the server was last heard of',
    "99 5 s later the client's keep-alive probe asked whether it was still there",
    '100 the host answered as if the connection had never existed {"seq":5001,"window":0,"ttl":63}',
    'One connection alone cannot prove it: a NAT or load balancer that forgot this one, or a socket killed silently, looks the same.',
  ]);
  const refusedAfter = (time: number) => (time === 5000 * MS ? 12_000 * MS : null);
  const later = {
    context: {
      listener: (a: string, p: number) => (a === '10.0.2.2' && p === 5007 ? listener({ refusedAfter })() : null),
    },
  };
  const nextSyn = { ...mark(120, 12_500), answer: 'accepted' as const };
  expect(tellsOf('host-lost-state', lost({}, { ...later, aftermath: { nextSyn } }))).toEqual([
    '50 the server was last heard of',
    '99 5 s later the client spoke again',
    '100 the host answered as if the connection had never existed {"seq":5001,"window":0,"ttl":63}',
    '- 2 connections of 10.0.2.2 got the same answer (frames 80, 100)',
    '- its port refused new connections afterwards',
    '120 a new connection was accepted afterwards',
    'A NAT or load balancer that forgot its table and answers with the same TTL looks the same; uptime on the host decides.',
  ]);
  expect(
    tellsOf('host-lost-state', lost({}, { aftermath: { nextSyn: { ...nextSyn, answer: 'refused' } } })),
  ).toHaveLength(5);
  const client = { sender: { role: 'client' }, receiver: { role: 'server' } } as const;
  expect(tellsOf('host-lost-state', lost({}, { ...later, ...client }))).toHaveLength(5);
});

describe('host-lost-state in packets', () => {
  const asks = (client: string, at: number, iss: number, ttl: number) => `
    ${at.toFixed(4)} ${client} > S: [P.] seq 19 ack 20 win 502 ${TS} ttl 64 id ${iss + 5} DF "ask"
    ${(at + 0.001).toFixed(4)} S > ${client}: [R] seq ${2 * iss + 20} win 0 ttl ${ttl} id 0 DF`;
  const two = served() + served('C2', 'S', 0.1, 3000);

  test('two connections of a minute ago are unknown there', async () => {
    await expectCause(two + asks('C', 60, 0, 57) + asks('C2', 61, 3000, 57), {
      gives: 'host-lost-state likely',
      not: ['vip-failover', 'device-idle-timeout'],
    });
  });

  test('one alone proves nothing', async () => {
    await expectCause(served() + asks('C', 60, 0, 57), { gives: 'unexplained-reply', not: 'host-lost-state?' });
  });

  test('with the TTL of another machine the address has moved', async () => {
    await expectCause(two + asks('C', 60, 0, 56) + asks('C2', 61, 3000, 56), {
      gives: 'vip-failover likely',
      not: 'host-lost-state?',
    });
  });
});
