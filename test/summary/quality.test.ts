/** What a capture filter left out is told where something is missing, not where nothing was ever sent. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/index.js';
import { pcap } from '../support/captures.js';
import { type PacketFields, tcpPacket } from '../support/packets.js';
import { capture } from '../support/rewrite.js';

const CLIENT = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40_000, destinationPort: 80 };
const SERVER = { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80, destinationPort: 40_000 };
const SYN: PacketFields = { ...CLIENT, flags: 'S', seq: 100 };
const SYN_ACK: PacketFields = { ...SERVER, flags: 'SA', seq: 500, ack: 101 };
const FIN: PacketFields = { ...CLIENT, flags: 'FA', seq: 111, ack: 900 };
const RST: PacketFields = { ...SERVER, flags: 'R', seq: 900 };

const FLAGS_ONLY = 'it holds only SYN, FIN and RST segments';
const RESETS_ONLY = 'it holds only RST segments';

test('packets out of the order of time are told of where they are more than an accident', async () => {
  const times = Array.from({ length: 400 }, (_, i) => i * 1e7);
  const syn = (i: number) => tcpPacket({ ...CLIENT, sourcePort: 10_000 + i, flags: 'S', seq: 100 });
  const quality = async (behind: readonly number[], by: number) => {
    const records = times.map((time, i) => ({ time: behind.includes(i) ? time - by : time, data: syn(i) }));
    return (await diagnose(pcap(records))).captures[0]!.quality.join();
  };
  const told = (n: number) =>
    `${n} packets stand behind later ones: it is not in the order of time (reordercap sorts it)`;
  expect(await quality([100, 150, 200, 250], 2e7)).toBe(told(4));
  expect(await quality([100, 150, 200], 2e7)).toBe('');
  // So close to each other they may be captured in the wrong order.
  expect(await quality([100, 150, 200, 250], 1.1e7)).toBe('');
  expect(await quality([100, 150, 200, 250], 1.2e7)).toBe(told(4));
  // An older recording begins.
  const then = [...times, ...times.map((time) => time - 90e9)];
  const { captures } = await diagnose(pcap(then.map((time, i) => ({ time, data: syn(i) }))));
  expect(captures[0]!.quality).toEqual(['its clock runs backwards (first at frame 401)']);
});

test.each<[string, readonly PacketFields[], string | null]>([
  ['opened, closed and reset', [SYN, SYN_ACK, FIN, RST], FLAGS_ONLY],
  ['the same with an acknowledgment', [SYN, SYN_ACK, { ...CLIENT, flags: 'A', seq: 101, ack: 501 }, FIN, RST], null],
  ['refused', [SYN, { ...SERVER, flags: 'RA', seq: 0, ack: 101 }], null],
  ['asked again and again', [SYN, SYN, SYN, SYN], null],
  ['a scanner that wants no connection', [SYN, SYN_ACK, { ...CLIENT, flags: 'R', seq: 101 }], null],
  ['a scan with FINs', [FIN, RST, { ...FIN, destinationPort: 81 }], null],
  ['nothing but RSTs', [RST], RESETS_ONLY],
  ['nothing of TCP', [], null],
])('%s', async (_, packets, told) => {
  const octets = pcap(packets.map((p, i) => ({ time: i * 1e9, data: tcpPacket(p) })));
  const { captures } = await diagnose(octets);
  const filters = captures[0]!.quality.filter((clause) => clause.includes('holds only'));
  expect(filters.map((clause) => clause.slice(0, clause.indexOf(' (')))).toEqual(told === null ? [] : [told]);
});

test('a file whose packets all have one time tells nothing that is likely', async () => {
  const packets = [SYN, { ...SERVER, flags: 'RA', seq: 0, ack: 101 }];
  const told = async (times: (i: number) => number, epoch: bigint, n = 5) => {
    const data = Array.from({ length: n }, (_, i) =>
      packets.map((p) => tcpPacket({ ...p, ...(p === SYN ? { sourcePort: i + 1 } : { destinationPort: i + 1 }) })),
    ).flat();
    const records = data.map((packet, i) => ({
      frame: i + 1,
      time: times(i),
      data: packet,
      originalLength: packet.length,
      linkType: 1,
      interfaceId: 0,
      direction: 0 as const,
    }));
    const { captures, verdicts } = await diagnose(capture(records, epoch));
    return [captures[0]!.quality.join(), verdicts[0]!.confidence];
  };
  const TIMELESS = 'all its packets have the same time: nothing is known of what lies between them';
  const at = 1_700_000_000n * 1_000_000_000n;
  expect(await told(() => 0, 0n)).toEqual([TIMELESS, 'possible']);
  expect(await told(() => 0, at + 123_456_000n)).toEqual([TIMELESS, 'possible']);
  // A coarse clock, few packets, or one packet a microsecond later.
  expect(await told(() => 0, at + 123_000_000n)).toEqual(['', 'likely']);
  expect(await told(() => 0, at + 123_456_000n, 3)).toEqual(['', 'likely']);
  expect(await told((i) => (i < 9 ? 0 : 1000), at + 123_456_000n)).toEqual(['', 'likely']);
});
