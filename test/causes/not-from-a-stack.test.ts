/** Packets that a program put together, and the nearest ones that a stack or a forger in a real conversation sends. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/index.js';
import { pcap } from '../support/captures.js';
import { makeSegment } from '../support/diagnosis.js';
import { expectCause, served, TS } from '../support/listing.js';
import { option, type PacketFields, tcpPacket } from '../support/packets.js';
import { ACK, answerOf, FIN, type Given, tellsOf } from '../support/signatures.js';

const CLIENT = { source: '192.168.100.1', destination: '192.168.200.1', sourcePort: 40_000, destinationPort: 80 };
const SERVER = { source: '192.168.200.1', destination: '192.168.100.1', sourcePort: 80, destinationPort: 40_000 };

/** Packets a millisecond apart to the only verdict; `ids`: the IP ID of each. */
async function verdictOf(packets: readonly PacketFields[], ids: (i: number, p: PacketFields) => number) {
  const records = packets.map((p, i) => ({ time: i * 1e6, data: tcpPacket({ ipId: ids(i, p), window: 8192, ...p }) }));
  const { verdicts } = await diagnose(pcap(records));
  expect(verdicts).toHaveLength(1);
  return verdicts[0]!;
}

/** What Scapy's users write: every field its default, but for the numbers. */
const CONVERSATION: readonly PacketFields[] = [
  { ...CLIENT, flags: 'S', seq: 600 },
  { ...SERVER, flags: 'SA', seq: 700, ack: 601 },
  { ...CLIENT, flags: 'A', seq: 601, ack: 701 },
  { ...SERVER, flags: 'PA', seq: 701, ack: 601, payload: 'x' },
  { ...CLIENT, flags: 'A', seq: 601, ack: 702 },
  { ...SERVER, flags: 'PA', seq: 702, ack: 601, payload: 'y' },
  { ...CLIENT, flags: 'RA', seq: 601, ack: 702 },
];

test.each([
  ['one IP ID for both ends', () => 1, 'not-from-a-stack'],
  ['one counter for both ends', (i: number) => 0x2300 + i, 'not-from-a-stack'],
  [
    'a counter for each end',
    (i: number, p: PacketFields) => (p.source === CLIENT.source ? 100 : 9000) + i,
    'close-with-unread-data|abortive-close|unexplained-abort',
  ],
  [
    'IP ID 0, as Linux and macOS have it',
    () => 0,
    'close-with-unread-data|abortive-close|unexplained-abort|unexplained-reply',
  ],
] as const)('a conversation with %s', async (_, ids, causes) => {
  const { cause, applications } = await verdictOf(CONVERSATION, ids);
  expect(causes.split('|')).toContain(cause.id);
  if (cause.id === 'not-from-a-stack') expect(applications).toEqual({ client: null, server: null });
});

test('one counter is no sign on the loopback, where one machine sends for both', async () => {
  const onLoopback = CONVERSATION.map((p) => ({ ...p, source: '127.0.0.1', destination: '127.0.0.1' }));
  expect((await verdictOf(onLoopback, (i) => 0x2300 + i)).cause.id).not.toBe('not-from-a-stack');
});

test.each([
  ['all eight flags', { flags: 'FSRPAUEC' }, true],
  ['FIN, RST and URG', { flags: 'FRU' }, true],
  ['the options of a SYN', { flags: 'R', options: option.mss(65_082) }, true],
  ['PSH beside RST, as real ones have it', { flags: 'RPA' }, false],
  ['timestamps, as real ones have them', { flags: 'RA', options: option.timestamps(7, 8) }, false],
] as const)('a lone RST with %s', async (_, fields, handMade) => {
  const { cause } = await verdictOf([{ ...CLIENT, seq: 7, ack: 9, ...fields }], () => 77);
  expect(cause.id === 'not-from-a-stack').toBe(handMade);
});

test('an RST with a forged form among the packets of real stacks stays a forgery', async () => {
  const rst = CONVERSATION.length - 1;
  // Behind more packets than a TTL needs to be a habit.
  const chat = [
    ...CONVERSATION.slice(0, 5),
    ...Array.from({ length: 4 }, () => CONVERSATION[4]!),
    ...CONVERSATION.slice(5, rst),
  ];
  const forged = { ...CONVERSATION[rst]!, ttl: 243, options: option.mss(1460) };
  const packets = [...chat.map((p) => ({ ...p, ttl: 64 })), forged];
  const { cause } = await verdictOf(packets, (i, p) =>
    p === forged ? 0xbeef : (p.source === CLIENT.source ? 100 : 9000) + i,
  );
  expect(cause.id).toBe('forged-reset');
});

/** Packets of both ends with these IP IDs, sender and receiver in turn. */
const withIds = (...ids: readonly number[]): NonNullable<Given['reset']> => ({
  tail: ids.map((ipId, i) =>
    makeSegment(90 + i, 9_000 + i, i % 2 === 0 ? 'sender' : 'receiver', ACK, { ipId, ack: 7 }),
  ),
});
const BITS: Given = { rst: { control: 0b100 | FIN } };
const SYN_OPTIONS: Given = { rst: { synOptions: true, ipId: 77 } };
const ONE_ID: Given = { rst: { ipId: 1 }, reset: withIds(1, 1, 1) };
const COUNTER: Given = { rst: { ipId: 15 }, reset: withIds(10, 11, 12, 13, 14) };
/** A segment without SYN or ACK among them. */
const odd = ({ rst, reset }: Given): Given => ({
  ...(rst && { rst }),
  reset: {
    tail: [makeSegment(80, 8_000, 'sender', FIN, { ipId: reset?.tail?.[0]?.ipId ?? 9 }), ...(reset?.tail ?? [])],
  },
});

test.each<[string, Given, string]>([
  ['FIN beside RST', BITS, 'certain third-party'],
  [
    'options of a SYN, of a connection that was not captured',
    { ...SYN_OPTIONS, reset: { phase: 'orphan' } },
    'likely third-party',
  ],
  [
    '… of which no other packet was',
    { ...SYN_OPTIONS, sender: { segments: 0 }, receiver: { segments: 0 } },
    'likely third-party',
  ],
  ['… in a connection', SYN_OPTIONS, 'no: only one sign of a made-up packet: it has options that only a SYN has'],
  ['one IP ID', ONE_ID, 'likely third-party'],
  ['… and a segment that no TCP sends', odd(ONE_ID), 'certain third-party'],
  ['… and options of a SYN', { ...ONE_ID, rst: { ipId: 1, synOptions: true } }, 'certain third-party'],
  ['one counter', COUNTER, 'likely third-party'],
  [
    'a segment that no TCP sends',
    odd({ rst: { ipId: 77 } }),
    'no: only one sign of a made-up packet: of its conversation, it has neither SYN nor ACK',
  ],
  ['nothing', {}, 'no: nothing in it is beyond a TCP stack'],
])('signs: %s', (_, given, answer) => {
  expect(answerOf('not-from-a-stack', given)).toBe(answer);
});

test('says each sign', () => {
  expect(tellsOf('not-from-a-stack', BITS)).toEqual(['100 it has FIN beside RST {"control":5}']);
  expect(tellsOf('not-from-a-stack', { ...SYN_OPTIONS, reset: { phase: 'orphan' } })).toEqual([
    '100 it has options that only a SYN has',
    'A rewritten capture (replayed, anonymised or converted) can lose the real IP IDs.',
  ]);
  expect(tellsOf('not-from-a-stack', odd(ONE_ID))).toEqual([
    '100 its IP ID is 1, as in every packet of both ends {"ipId":1}',
    '80 of its conversation, it has neither SYN nor ACK',
    'A rewritten capture (replayed, anonymised or converted) can lose the real IP IDs.',
  ]);
  expect(tellsOf('not-from-a-stack', COUNTER)).toEqual([
    '100 the IP IDs of both ends are one counter: one program wrote both {"ipId":15}',
    'A rewritten capture (replayed, anonymised or converted) can lose the real IP IDs.',
  ]);
});

describe('not-from-a-stack in packets', () => {
  const last = (flags: string, options = '') => `${served()}
    1.000 C > S: [${flags}] seq 19 ack 20 win 502 ${options} ttl 64 id 5 DF`;

  test.each(['SR.', 'FR.', 'RU.'])('%s is no state of TCP', async (flags) => {
    await expectCause(last(flags), { gives: 'not-from-a-stack certain', not: 'forged-reset' });
  });

  test('RP. is met on real ones', async () => {
    await expectCause(last('RP.', TS), { gives: 'unexplained-abort', not: 'not-from-a-stack' });
  });

  /** What two ends say to each other, each packet with its IP ID. */
  const talk = (...ids: readonly number[]) => `
    0.000 C > S: [S] seq 0 win 8192 ttl 64 id ${ids[0]}
    0.001 S > C: [S.] seq 0 ack 1 win 8192 ttl 64 id ${ids[1]}
    0.002 C > S: [.] seq 1 ack 1 win 8192 ttl 64 id ${ids[2]}
    0.003 C > S: [P.] seq 1 ack 1 win 8192 ttl 64 id ${ids[3]} "ask"
    0.004 S > C: [P.] seq 1 ack 4 win 8192 ttl 64 id ${ids[4]} "reply"
    0.005 C > S: [R.] seq 4 ack 6 win 8192 ttl 64 id ${ids[5]}`;

  test.each([
    ['one IP ID in all packets of both ends', talk(1, 1, 1, 1, 1, 1)],
    ['one counter for both ends', talk(10, 11, 12, 13, 14, 15)],
  ])('%s', async (_, text) => {
    await expectCause(text, { gives: 'not-from-a-stack likely', not: 'forged-reset' });
  });

  test('a counter of each end is a stack', async () => {
    await expectCause(talk(10, 900, 11, 12, 901, 13), { gives: 'close-with-unread-data', not: 'not-from-a-stack' });
  });

  test('options of a SYN in an RST of which nothing else is known', async () => {
    await expectCause('0.000 C > S: [R.] seq 19 ack 20 win 502 <mss 1460> ttl 64 id 5 DF', {
      gives: 'not-from-a-stack likely',
      not: 'forged-reset',
    });
  });

  test('… in a conversation they are one sign only', async () => {
    await expectCause(last('R.', '<mss 1460>'), { gives: 'unexplained-abort', not: 'not-from-a-stack' });
  });
});
