/** RSTs in floods: each is told, few are held, and the one that matters is told on its own facts. */
import { expect, test } from 'vitest';
import { diagnose } from '../../../src/index.js';
import { pcap } from '../../support/captures.js';
import { tcpPacket } from '../../support/packets.js';

const CLIENT = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000, destinationPort: 443 };
const SERVER = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 443, destinationPort: 40_000 };
const GUESSES = 300;
/** Before this guess the attacker has the right number. */
const HIT = 200;

/** A connection, RSTs in the server's name at numbers all over, and among them one at the right number, after which both are silent. */
function guessing(): { file: Uint8Array; hit: number } {
  const packets = [
    tcpPacket({ ...CLIENT, flags: 'S', seq: 99 }),
    tcpPacket({ ...SERVER, flags: 'SA', seq: 499, ack: 100 }),
    tcpPacket({ ...CLIENT, flags: 'A', seq: 100, ack: 500 }),
    tcpPacket({ ...CLIENT, flags: 'PA', seq: 100, ack: 500, payload: 'question' }),
    tcpPacket({ ...SERVER, flags: 'PA', seq: 500, ack: 108, payload: 'answer' }),
    tcpPacket({ ...CLIENT, flags: 'A', seq: 108, ack: 506 }),
  ];
  for (let i = 0; i < GUESSES; i++) {
    if (i === HIT) packets.push(tcpPacket({ ...SERVER, flags: 'R', seq: 506, ttl: 50 }));
    packets.push(tcpPacket({ ...SERVER, flags: 'R', seq: 506 + 100_000_000 + 7_000_000 * i, ttl: 50 }));
  }
  return { file: pcap(packets.map((data, i) => ({ time: i * 1e6, data }))), hit: 7 + HIT };
}

test('of RSTs that guess at numbers each is told, in order, and the one that hits is not lost among them', async () => {
  const { file, hit } = guessing();
  const { captures, verdicts, omitted } = await diagnose(file);
  expect(captures[0]!.resets).toBe(GUESSES + 1);
  const { lost, refused, harmless, aftershocks, ignored } = captures[0]!.tally;
  expect(lost + refused + harmless + aftershocks + ignored).toBe(GUESSES + 1);
  expect(omitted).toBe(0);
  expect(verdicts.map(({ reset }) => reset.rst.frame)).toEqual(Array.from({ length: GUESSES + 1 }, (_, i) => 7 + i));
  const told = verdicts.find(({ reset }) => reset.rst.frame === hit)!;
  expect(told.reset.rst.seq).toBe(506);
  expect(told.reset.shape).not.toBe(verdicts[verdicts.length - 1]!.reset.shape);
});

test('lone RSTs from addresses that are made up are told with their own, and where there is no room they are counted', async () => {
  const packets = Array.from({ length: 400 }, (_, i) =>
    tcpPacket({
      source: `20.${i >> 8}.${i & 255}.1`,
      destination: '10.2.1.2',
      sourcePort: 1024 + i,
      destinationPort: 443,
      flags: 'R',
      seq: 1_000_000 + i,
    }),
  );
  const file = pcap(packets.map((data, i) => ({ time: i * 1e6, data })));
  const { verdicts, captures } = await diagnose(file);
  expect(verdicts.map(({ id, role, reset }) => [id, role, reset.rst.seq, reset.sender.address])).toEqual(
    packets.map((_, i) => [`${i + 1}`, 'first', 1_000_000 + i, `20.${i >> 8}.${i & 255}.1`]),
  );
  expect(new Set(verdicts.map(({ cause }) => cause.id)).size).toBe(1);
  const few = await diagnose(file, { maxHeld: 100 });
  expect(few.verdicts.length + few.omitted).toBe(400);
  expect(few.captures[0]!.tally).toEqual(captures[0]!.tally);
});

test('an RST in the name of a host that is known is not taken for one from nowhere', async () => {
  const lone = (source: string, sourcePort: number, ttl: number) =>
    tcpPacket({ source, destination: '10.2.1.2', sourcePort, destinationPort: 443, flags: 'R', seq: 7, ttl });
  const known = [
    tcpPacket({ ...CLIENT, flags: 'S', seq: 99 }),
    tcpPacket({ ...SERVER, flags: 'SA', seq: 499, ack: 100 }),
    tcpPacket({ ...CLIENT, flags: 'A', seq: 100, ack: 500 }),
    tcpPacket({ ...CLIENT, flags: 'PA', seq: 100, ack: 500, payload: 'question' }),
  ];
  const flood = Array.from({ length: 40 }, (_, i) => lone(`20.0.${i}.1`, 50_000 + i, 64));
  const packets = [...known, ...flood, lone(CLIENT.source, 50_999, 64)];
  const { verdicts } = await diagnose(pcap(packets.map((data, i) => ({ time: i * 1e6, data }))));
  expect(verdicts.at(-1)!.reset.provenance.ttl).toMatchObject({ ofHost: true });
  expect(verdicts.at(-2)!.reset.provenance.ttl).toBeNull();
});
