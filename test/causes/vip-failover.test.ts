/** The address moved to another machine, which does not know the connections. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { expectCause, served, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, fin, tellsOf, trigger } from '../support/signatures.js';

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
    [
      'the old machine had answered what seems to have drawn it',
      {
        ...MOVED,
        sender: { ...MOVED.sender, lastSegment: ago(1, 97) },
        reset: { trigger: { ...trigger(), frame: 96 } },
      },
      'no: the machine that was there had answered what came last (97)',
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
    [
      'its window is none that a kernel writes there',
      { ...MOVED, rst: { window: 8192 } },
      'no: a machine without the connection writes no window, and this one is 8192',
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

describe('vip-failover in packets', () => {
  const asks = (client: string, at: number, iss: number, ttl: number, window = 0) => `
    ${at.toFixed(4)} ${client} > S: [P.] seq 19 ack 20 win 502 ${TS} ttl 64 id ${iss + 5} DF "ask"
    ${(at + 0.001).toFixed(4)} S > ${client}: [R] seq ${2 * iss + 20} win ${window} ttl ${ttl} id 0 DF`;
  const two = served() + served('C2', 'S', 0.1, 3000);

  test.each([
    ['one hop farther', 56],
    ['at the same distance, with another initial TTL', 121],
  ])('another machine %s answers for two connections', async (_, ttl) => {
    await expectCause(two + asks('C', 1, 0, ttl) + asks('C2', 1.1, 3000, ttl), {
      gives: 'vip-failover likely',
      not: ['forged-reset', 'nat-state-expired'],
    });
  });

  test('with a window of 8192: no machine answers so', async () => {
    await expectCause(two + asks('C', 1, 0, 121, 8192) + asks('C2', 1.1, 3000, 121, 8192), {
      gives: 'unexplained-reply',
      not: 'vip-failover',
    });
  });

  test('for one of them it may be anything', async () => {
    await expectCause(served() + asks('C', 1, 0, 121), { gives: 'unexplained-reply', not: 'vip-failover' });
  });

  test('the same machine has lost them both', async () => {
    await expectCause(two + asks('C', 60, 0, 57) + asks('C2', 60.1, 3000, 57), {
      gives: 'host-lost-state likely',
      not: 'vip-failover',
    });
  });
});
