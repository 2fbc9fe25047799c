/** Keep-alive probes without an answer. */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { BACK, expectCause, served, TS } from '../support/listing.js';
import { ACK, ago, answerOf, type Given, MS, tellsOf } from '../support/signatures.js';

const probes = (more: Partial<NonNullable<NonNullable<Given['sender']>['keepAliveProbes']>> = {}) => ({
  keepAliveProbes: { count: 3, first: ago(3000, 95), last: ago(1000, 97), interval: 1000 * MS, ...more },
});
const DEAD: Given = { sender: probes(), receiver: { lastSegment: ago(9000, 90) } };
const sent = (frame: number, tsEcr: number | null, from: 'sender' | 'receiver' = 'sender') =>
  makeSegment(frame, 7000 + 10 * frame, from, ACK, { tsEcr });
/** The client's direction was not captured: whether it answered, only the echoed timestamps tell. */
const oneSided = (tsEcr: number, ...tail: readonly ReturnType<typeof sent>[]): Given => ({
  ...DEAD,
  receiver: { lastSegment: null, segments: 0 },
  rst: { timestamps: { tsVal: 9, tsEcr } },
  reset: { tail, quality: { oneSided: true } },
});

test.each<[string, Given, string]>([
  ['three in vain', DEAD, 'certain unknown'],
  ['two in vain', { ...DEAD, sender: probes({ count: 2 }) }, 'certain unknown'],
  ['one', { ...DEAD, sender: probes({ count: 1 }) }, 'no: no keep-alive probes went unanswered'],
  ['none', { ...DEAD, sender: {} }, 'no: no keep-alive probes went unanswered'],
  ['nothing of the other end captured', { ...DEAD, receiver: { lastSegment: null } }, 'certain unknown'],
  ['the other end answered', { ...DEAD, receiver: { lastSegment: ago(2500, 96) } }, 'no: the client answered (96)'],
  ['… with the first of them', { ...DEAD, receiver: { lastSegment: ago(3000, 95) } }, 'certain unknown'],
  ['an interval and half of it later', { ...DEAD, sender: probes({ last: ago(1750, 97) }) }, 'certain unknown'],
  [
    '… more',
    { ...DEAD, sender: probes({ last: ago(1751, 97) }) },
    'no: it came 1.75 s after the last probe, which is not their interval',
  ],
  ['half an interval less', { ...DEAD, sender: probes({ last: ago(250, 97) }) }, 'certain unknown'],
  [
    '… less',
    { ...DEAD, sender: probes({ last: ago(249, 97) }) },
    'no: it came 249 ms after the last probe, which is not their interval',
  ],
  ['nobody knows the interval', { ...DEAD, sender: probes({ interval: 0, last: ago(5, 97) }) }, 'certain unknown'],
  ['of a third party', { ...DEAD, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  ['one direction, one echo', oneSided(7, sent(95, 7), sent(97, 7)), 'certain unknown'],
  ['… another before the first', oneSided(7, sent(94, 6), sent(95, 7), sent(97, 7)), 'certain unknown'],
  ['… another from the other end', oneSided(7, sent(95, 7), sent(96, 5, 'receiver')), 'certain unknown'],
  [
    '… another in the first',
    oneSided(7, sent(95, 6), sent(97, 7)),
    'no: whether they were answered is not in this capture: it shows one direction only',
  ],
  [
    '… no timestamps',
    { ...oneSided(7, sent(95, 7)), rst: { timestamps: null } },
    'no: whether they were answered is not in this capture: it shows one direction only',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('tcp-keepalive-timeout', given)).toBe(answer);
});

test('says when it began to ask, and how often', () => {
  expect(tellsOf('tcp-keepalive-timeout', DEAD)).toEqual([
    '90 the client was last heard of',
    "95 6 s later the server's kernel began to ask whether it was still there",
    '97 3 keep-alive probes, 1 s apart, got no answer {"probes":3,"interval":1000000000}',
    '100 then the kernel gave up: RST',
  ]);
  expect(tellsOf('tcp-keepalive-timeout', { ...DEAD, receiver: { lastSegment: null } })[0]).toBe(
    "95 0 µs later the server's kernel began to ask whether it was still there",
  );
});

describe('tcp-keepalive-timeout in packets', () => {
  const probes = (...times: readonly number[]) =>
    times
      .map(
        (at, i) => `
    ${at.toFixed(3)} C > S: [.] seq 18 ack 20 win 502 ${TS} ttl 64 id ${5 + i} DF`,
      )
      .join('');
  const gaveUp = (at: number) => `
    ${at.toFixed(3)} C > S: [R.] seq 19 ack 20 win 502 ${TS} ttl 64 id 8 DF`;

  test('three probes at even intervals went unanswered', async () => {
    await expectCause(served() + probes(10, 20, 30) + gaveUp(40), {
      gives: 'tcp-keepalive-timeout certain',
      not: ['routine-close-by-reset', 'retransmission-timeout'],
    });
  });

  test('the last was answered: the other end lived', async () => {
    const answer = `
    30.001 S > C: [.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 71 DF`;
    await expectCause(served() + probes(10, 20, 30) + answer + gaveUp(40), {
      gives: 'unexplained-abort',
      not: 'tcp-keepalive-timeout',
    });
  });

  test('after one probe no kernel gives up', async () => {
    await expectCause(served() + probes(10) + gaveUp(20), {
      gives: 'routine-close-by-reset likely',
      not: 'tcp-keepalive-timeout',
    });
  });
});
