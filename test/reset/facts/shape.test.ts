/** The twelve shapes, each with its nearest neighbour, and which segment drew an RST. */
import { describe, expect, test } from 'vitest';
import { verdictsOf } from '../../support/listing.js';

const OPTIONS = '<mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>';
const SYN = `
  0.000 C > S: [S] seq 0 win 64240 ${OPTIONS} ttl 64`;
const HANDSHAKE = `${SYN}
  0.010 S > C: [S.] seq 0 ack 1 win 65160 ${OPTIONS} ttl 60
  0.020 C > S: [.] ack 1 win 502 <nop,nop,TS val 2 ecr 1> ttl 64`;
const REQUEST = `${HANDSHAKE}
  0.100 C > S: [P.] seq 1:101 ack 1 win 502 <nop,nop,TS val 3 ecr 1> ttl 64
  0.110 S > C: [.] ack 101 win 509 <nop,nop,TS val 4 ecr 3> ttl 60`;
const ANSWERED = `${REQUEST}
  0.200 S > C: [P.] seq 1:51 ack 101 win 509 <nop,nop,TS val 5 ecr 3> ttl 60
  0.210 C > S: [.] ack 51 win 502 <nop,nop,TS val 6 ecr 5> ttl 64`;

const lastReset = async (listing: string) => (await verdictsOf(listing)).at(-1)!.reset;

async function shapeOf(before: string, rst: string): Promise<string> {
  const { shape, trigger } = await lastReset(`${before}\n${rst}`);
  return trigger === null ? shape : `${shape} to ${trigger.frame}`;
}
const ts = '<nop,nop,TS val 900 ecr 3>';

test.each([
  ['the next number, what was received', ANSWERED, `5.0 S > C: [R.] seq 51 ack 101 win 509 ${ts}`, 'active'],
  [
    '… and more than was seen to be received, but not more than was sent',
    `${ANSWERED}\n 4.999 C > S: [P.] seq 101:201 ack 51 win 502 ${ts}`,
    `5.0 S > C: [R.] seq 51 ack 151 win 509 ${ts}`,
    'active',
  ],
  ['… but more than was ever sent', ANSWERED, `5.0 S > C: [R.] seq 51 ack 102 win 509 ${ts}`, 'active'],
  ['the number of an acknowledgment that had just come, bare', ANSWERED, '0.211 S > C: [R] seq 51 win 0', 'reply to 7'],
  ['… long ago', ANSWERED, '5.0 S > C: [R] seq 51 win 0', 'reply'],
  ['number 0 and the SYN’s', SYN, '0.010 S > C: [R.] seq 0 ack 1 win 0', 'reply-to-syn to 1'],
  [
    '… after a SYN-ACK',
    `${SYN}\n 0.010 S > C: [S.] seq 0 ack 1 win 65160`,
    '0.020 S > C: [R.] seq 0 ack 1 win 0',
    'mirror to 1',
  ],
  ['number 0 of a connection of which nothing was seen', '', '0.010 S > C: [R.] seq 0 ack 1 win 0', 'reply-to-syn'],
  ['another number of such', '', '0.010 S > C: [R.] seq 7 ack 1 win 0', 'orphan'],
  ['a bare one of such', '', '0.010 S > C: [R] seq 7 win 0', 'orphan'],
  [
    'the numbers of the segment that drew it, window 0, no timestamps',
    ANSWERED,
    '0.211 S > C: [R.] seq 51 ack 101 win 0',
    'mirror to 7',
  ],
  ['… with timestamps it is a socket’s', ANSWERED, `0.211 S > C: [R.] seq 51 ack 101 win 0 ${ts}`, 'active to 7'],
  ['… with a window of its own it is a socket’s', ANSWERED, '0.211 S > C: [R.] seq 51 ack 101 win 509', 'active to 7'],
  ['… with the window of that segment it is none', ANSWERED, '0.211 S > C: [R.] seq 51 ack 101 win 502', 'mirror to 7'],
  [
    'one before the next number, after its own FIN',
    `${ANSWERED}\n 0.300 S > C: [F.] seq 51 ack 101 win 509 ${ts}`,
    `5.0 S > C: [R.] seq 51 ack 101 win 509 ${ts}`,
    'active-after-fin',
  ],
  [
    '… bare',
    `${ANSWERED}\n 0.300 S > C: [F.] seq 51 ack 101 win 509 ${ts}`,
    '5.0 S > C: [R] seq 51 win 0',
    'active-after-fin',
  ],
  [
    '… two before it',
    `${ANSWERED}\n 0.300 S > C: [F.] seq 51 ack 101 win 509 ${ts}`,
    '5.0 S > C: [R] seq 50 win 0',
    'behind',
  ],
  [
    'the edge of a window that shrank',
    `${ANSWERED}\n 0.300 S > C: [.] seq 51:1051 ack 101 win 509 ${ts}\n 0.310 C > S: [.] ack 51 win 3 ${ts}`,
    `5.0 S > C: [R.] seq 435 ack 101 win 509 ${ts}`,
    'active-shrunk',
  ],
  [
    '… one beside the edge',
    `${ANSWERED}\n 0.300 S > C: [.] seq 51:1051 ack 101 win 509 ${ts}\n 0.310 C > S: [.] ack 51 win 3 ${ts}`,
    `5.0 S > C: [R.] seq 436 ack 101 win 509 ${ts}`,
    'behind',
  ],
  [
    'the numbers of its own last segment',
    `${REQUEST}\n 0.200 S > C: [P.] seq 1:51 ack 101 win 509 ${ts}`,
    '5.0 S > C: [R.] seq 1 ack 101 win 509',
    'forward',
  ],
  ['number 0 where it cannot be', ANSWERED, '5.0 S > C: [R] seq 0 win 0', 'zero'],
  ['acknowledgment 0 where it cannot be', ANSWERED, '5.0 S > C: [R.] seq 90 ack 0 win 0', 'zero'],
  ['ISS + 1 though data was sent', ANSWERED, '5.0 S > C: [R] seq 1 win 0', 'stale-isn'],
  ['a number before the next one', ANSWERED, '5.0 S > C: [R] seq 40 win 0', 'behind'],
  ['a number after the next one', ANSWERED, '5.0 S > C: [R] seq 60 win 0', 'ahead'],
  [
    'where the other end acknowledged what was not captured, that counts',
    `${ANSWERED}\n 1.0 C > S: [.] ack 71 win 502 ${ts}`,
    `5.0 S > C: [R.] seq 71 ack 101 win 509 ${ts}`,
    'active',
  ],
])('%s', async (_, before, rst, shape) => {
  expect(await shapeOf(before, rst)).toBe(shape);
});

describe('the segment that drew it', () => {
  const trigger = async (lines: string, rst: string) =>
    (await lastReset(`${ANSWERED}\n${lines}\n${rst}`)).trigger?.frame ?? null;

  test.each([
    [
      'the only one with that number',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R] seq 51 win 0',
      8,
    ],
    [
      'of several the first that was new and far enough',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502\n 0.3001 C > S: [P.] seq 201:301 ack 51 win 502',
      '0.310 S > C: [R] seq 51 win 0',
      8,
    ],
    [
      'not one that was old',
      '0.300 C > S: [P.] seq 51:101 ack 51 win 502\n 0.3001 C > S: [P.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R] seq 51 win 0',
      9,
    ],
    [
      'not a pure acknowledgment before it',
      '0.300 C > S: [.] seq 101 ack 51 win 503\n 0.3001 C > S: [P.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R] seq 51 win 0',
      9,
    ],
    [
      'not one that is more than a round trip and a half away',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502\n 0.330 C > S: [P.] seq 201:301 ack 51 win 502',
      '0.340 S > C: [R] seq 51 win 0',
      9,
    ],
    [
      'an earlier one where the last is closer than the path allows',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502\n 0.3099 C > S: [.] seq 201 ack 51 win 503',
      '0.310 S > C: [R] seq 51 win 0',
      8,
    ],
    [
      '… but no acknowledgment for data behind it',
      '0.300 C > S: [.] seq 101 ack 51 win 503\n 0.305 C > S: [FP.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R] seq 51 win 0',
      9,
    ],
    ['none with another number', '0.300 C > S: [P.] seq 101:201 ack 50 win 502', '2.0 S > C: [R] seq 51 win 0', null],
    [
      'none older than the window',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502',
      '1.3001 S > C: [R] seq 51 win 0',
      null,
    ],
    [
      'with ACK: whose end is acknowledged',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R.] seq 51 ack 201 win 0',
      8,
    ],
    [
      'with ACK: not one whose end is another',
      '0.300 C > S: [P.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R.] seq 51 ack 191 win 0',
      null,
    ],
    [
      'with a FIN its end is one further',
      '0.300 C > S: [FP.] seq 101:201 ack 51 win 502',
      '0.310 S > C: [R.] seq 51 ack 202 win 0',
      8,
    ],
  ])('%s', async (_, lines, rst, frame) => {
    expect(await trigger(lines, rst)).toBe(frame);
  });

  test('and how long the answer took', async () => {
    const { trigger: drew } = await lastReset(
      `${ANSWERED}\n 0.300 C > S: [P.] seq 101:201 ack 51 win 502\n 0.310 S > C: [R] seq 51 win 0`,
    );
    expect(drew).toMatchObject({ frame: 8, latency: 10e6, from: 'receiver', length: 100 });
  });
});
