/** What a capture lost: counted where acknowledgments prove it, and where nothing but a filter or a wrong number shows, not. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/index.js';
import { pcap } from '../support/captures.js';
import { type PacketFields, tcpPacket } from '../support/packets.js';

const CLIENT = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40_000, destinationPort: 80 };
const SERVER = { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80, destinationPort: 40_000 };

/** Octets of an answer: one segment of an Ethernet. */
const SIZE = 1460;

/** A request with four answers and both FINs. */
const WHOLE: readonly PacketFields[] = [
  { ...CLIENT, flags: 'S', seq: 100 },
  { ...SERVER, flags: 'SA', seq: 500, ack: 101 },
  { ...CLIENT, flags: 'A', seq: 101, ack: 501 },
  { ...CLIENT, flags: 'PA', seq: 101, ack: 501, payload: 'q'.repeat(10) },
  ...[0, 1, 2, 3].flatMap((i): PacketFields[] => [
    { ...SERVER, flags: 'PA', seq: 501 + SIZE * i, ack: 111, payload: 'a'.repeat(SIZE) },
    { ...CLIENT, flags: 'A', seq: 111, ack: 501 + SIZE * (i + 1) },
  ]),
  { ...CLIENT, flags: 'FA', seq: 111, ack: 501 + 4 * SIZE },
  { ...SERVER, flags: 'FA', seq: 501 + 4 * SIZE, ack: 112 },
  { ...CLIENT, flags: 'A', seq: 112, ack: 502 + 4 * SIZE },
];

async function read(packets: readonly PacketFields[]) {
  const { captures, endings } = await diagnose(pcap(packets.map((p, i) => ({ time: i * 1e6, data: tcpPacket(p) }))));
  return {
    lost: captures[0]!.lostPackets,
    lossy: captures[0]!.lossy,
    quality: captures[0]!.quality.join(', '),
    endings,
  };
}
const without = (...at: readonly number[]) => WHOLE.filter((_, i) => !at.includes(i));

test.each([
  ['nothing', [], 0],
  ['an answer', [4], 1],
  ['two answers in a row with the acknowledgment between', [4, 5, 6], 2],
  ['two answers apart', [4, 8], 2],
  ['the last answer', [10], 1],
  ['the server FIN', [13], 1],
  ['the SYN', [0], 1],
  ['an acknowledgment, which leaves no gap', [5], 0],
] as const)('without %s', async (_, missing, lost) => {
  const found = await read(without(...missing));
  expect(found.lost).toBe(lost);
  expect(found.quality.includes('this capture lost at least')).toBe(lost > 0);
});

test('data captured behind its acknowledgment is late, not lost', async () => {
  const swapped = [...WHOLE];
  [swapped[4], swapped[5]] = [WHOLE[5]!, WHOLE[4]!];
  expect((await read(swapped)).lost).toBe(0);
});

test('what the network lost and its sender sent again was never acknowledged in between', async () => {
  const again = [...without(4, 5, 7), WHOLE[4]!, WHOLE[7]!];
  expect((await read([...again.slice(0, 5), WHOLE[4]!, ...again.slice(5)])).lost).toBe(0);
});

test('a wrong number acknowledged in a handshake is no loss', async () => {
  const wrong = WHOLE.slice(0, 2).concat({ ...CLIENT, flags: 'A', seq: 101, ack: 90_501 });
  expect((await read(wrong)).lost).toBe(0);
});

test('where nearly everything is missing a filter is as likely', async () => {
  const found = await read(without(4, 6, 8, 10, 3, 5, 7, 9));
  expect([found.lossy, found.quality.includes('a filter left them out')]).toEqual([false, true]);
});

test('no answer to a SYN is not told of a client that acknowledges the server later', async () => {
  const lost = WHOLE.filter((p, i) => p.source === CLIENT.source && (i === 0 || i === 12));
  expect((await read(lost)).endings).toEqual([]);
  const alone = await read([WHOLE[0]!, { ...WHOLE[0]!, ipId: 9 }]);
  expect(alone.endings.map(({ kind }) => kind)).toEqual(['no-answer-to-syn']);
});

/** A Linux server that nobody accepts for: it drops the acknowledgment and what comes behind it. */
const QUEUE: readonly PacketFields[] = [
  { ...CLIENT, flags: 'S', seq: 100 },
  { ...SERVER, flags: 'SA', seq: 500, ack: 101 },
  { ...CLIENT, flags: 'A', seq: 101, ack: 501 },
  { ...CLIENT, flags: 'PA', seq: 101, ack: 501, payload: 'q' },
  { ...CLIENT, flags: 'PA', seq: 101, ack: 501, payload: 'q' },
  { ...SERVER, flags: 'SA', seq: 500, ack: 101 },
  { ...CLIENT, flags: 'A', seq: 102, ack: 501 },
  { ...CLIENT, flags: 'PA', seq: 101, ack: 501, payload: 'q' },
];

test('a full accept queue is told as an ending', async () => {
  expect((await read(QUEUE)).endings.map(({ kind }) => kind)).toEqual(['accept-queue-full']);
});

test('a SYN-ACK repeated because the acknowledgment was lost on the way is none: the server goes on', async () => {
  const goesOn = { ...SERVER, flags: 'A', seq: 501, ack: 102 };
  expect((await read([...QUEUE.slice(0, 7), goesOn])).endings).toEqual([]);
});
