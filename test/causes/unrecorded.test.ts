/**
 * Situations that no recording of ours shows because no machine here makes them (another stack, a broken cluster
 * network): built packet by packet after public captures, each with its nearest neighbour.
 */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/index.js';
import { pcap } from '../support/captures.js';
import { option, type PacketFields, tcpPacket } from '../support/packets.js';

const CLIENT = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000, destinationPort: 2002 };
const SERVER = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 2002, destinationPort: 40_000 };
const SYN_OPTIONS = { options: Uint8Array.from([...option.mss(1460), ...option.windowScale(7), 0]) };

/** Milliseconds and packets to the only verdict. */
async function verdictOf(packets: readonly (readonly [number, PacketFields])[]) {
  const records = packets.map(([at, fields]) => ({ time: at * 1e6, data: tcpPacket(fields) }));
  const { verdicts } = await diagnose(pcap(records));
  expect(verdicts).toHaveLength(1);
  return verdicts[0]!;
}

const fastclose = option.mptcp(7, 0, ...new Array<number>(8).fill(9));

test.each([
  ['MP_FASTCLOSE in an acknowledgment is answered with an RST', fastclose, 'mptcp-close', 'certain'],
  ['an acknowledgment without it is not', undefined, 'abortive-close', 'likely'],
] as const)('%s', async (_, options, cause, confidence) => {
  const verdict = await verdictOf([
    [0, { ...CLIENT, flags: 'S', seq: 100, ...SYN_OPTIONS }],
    [1, { ...SERVER, flags: 'SA', seq: 500, ack: 101, ...SYN_OPTIONS }],
    [2, { ...CLIENT, flags: 'A', seq: 101, ack: 501 }],
    [3, { ...CLIENT, flags: 'PA', seq: 101, ack: 501, payload: 'q' }],
    [4, { ...SERVER, flags: 'A', seq: 501, ack: 102 }],
    [5, { ...SERVER, flags: 'PA', seq: 501, ack: 102, payload: 'a' }],
    [6, { ...CLIENT, flags: 'A', seq: 102, ack: 502 }],
    [4000, { ...CLIENT, flags: 'A', seq: 102, ack: 502, ...(options && { options }) }],
    [4001, { ...SERVER, flags: 'RA', seq: 502, ack: 102, ipId: 3, window: 500 }],
  ]);
  expect([verdict.cause.id, verdict.confidence]).toEqual([cause, confidence]);
});

test.each([
  ['a SYN-ACK delivered to another machine than the one that asked', '02:00:00:00:00:09', 'unsolicited-syn-ack'],
  ['a SYN-ACK turned away by the one that asked', '02:00:00:00:00:01', 'client-abandoned-connect'],
] as const)('%s', async (_, sourceMac, cause) => {
  const options = Uint8Array.from([...option.mss(1460), ...option.timestamps(7, 0), ...option.windowScale(7), 0]);
  const verdict = await verdictOf([
    [0, { ...CLIENT, flags: 'S', seq: 100, sourceMac: '02:00:00:00:00:01', options }],
    [0.05, { ...SERVER, flags: 'SA', seq: 500, ack: 101, options }],
    [0.07, { ...CLIENT, flags: 'R', seq: 101, ipId: 0, window: 0, sourceMac }],
  ]);
  expect([verdict.cause.id, verdict.confidence]).toEqual([cause, 'likely']);
});
