/** Packets cut to their headers: what is missing is not guessed away. */
import { expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import { pcap } from '../../support/captures.js';
import { octets, option, type PacketFields, tcpPacket } from '../../support/packets.js';

const HEADERS = 54;

const packet = (way: 'to server' | 'to client', at: number, fields: PacketFields) => {
  const ends =
    way === 'to server'
      ? { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40_000, destinationPort: 443 }
      : { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 443, destinationPort: 40_000 };
  const data = tcpPacket({ window: 500, ipId: at & 0xffff, ...ends, ...fields });
  return { time: at * 1e6, data: data.subarray(0, HEADERS), originalLength: data.length };
};

const handshake = [
  packet('to server', 0, { flags: 'S', seq: 100 }),
  packet('to client', 0, { flags: 'SA', seq: 500, ack: 101 }),
  packet('to server', 0, { flags: 'A', seq: 101, ack: 501 }),
];
const sent = (n: number) => new Uint8Array(n).fill(22);

const verdictOf = async (...packets: readonly ReturnType<typeof packet>[]) =>
  (await diagnose(pcap([...handshake, ...packets], { snaplen: HEADERS }))).verdicts[0];

const timestamps = octets(option.nop, option.nop, option.timestamps(1, 1));

test('options behind the timestamps of an RST may be those of MPTCP', async () => {
  const request = packet('to server', 1, { flags: 'PA', seq: 101, ack: 501, payload: sent(100) });
  const reset = (options: Uint8Array) => packet('to client', 100, { flags: 'RA', seq: 501, ack: 201, options });
  const plain = await verdictOf(request, reset(timestamps));
  const more = await verdictOf(request, reset(octets(timestamps, option.mptcp(7, ...new Uint8Array(9)))));
  expect(plain.cause.id).toBe('close-with-unread-data');
  expect(more.cause.id).toBe('unexplained-abort');
  expect(more.alternatives.map((one) => one.cause.id)).toContain('mptcp-close');
});

test('517 octets are a padded ClientHello', async () => {
  const hello = packet('to server', 1, { flags: 'PA', seq: 101, ack: 501, payload: sent(517) });
  const verdict = await verdictOf(hello, packet('to client', 2, { flags: 'RA', seq: 501, ack: 618 }));
  expect([verdict.cause.id, verdict.confidence]).toEqual(['tls-hello-rejected', 'likely']);
});

test('… after which a few octets may be an alert', async () => {
  const hello = packet('to server', 1, { flags: 'PA', seq: 101, ack: 501, payload: sent(517) });
  const fin = packet('to server', 3, { flags: 'FA', seq: 618, ack: 501 });
  const late = (n: number) => packet('to client', 4, { flags: 'PA', seq: 501, ack: 619, payload: sent(n) });
  const reset = packet('to server', 5, { flags: 'R', seq: 619, window: 0 });
  const few = await verdictOf(hello, fin, late(24), reset);
  expect([few.cause.id, few.confidence, few.severity, few.lost]).toEqual([
    'data-after-close',
    'likely',
    'warning',
    null,
  ]);
  expect(few.doubt.join(' ')).toContain('so few octets may be a TLS goodbye');
  const many = await verdictOf(hello, fin, late(400), reset);
  expect([many.cause.id, many.confidence, many.severity]).toEqual(['data-after-close', 'likely', 'error']);
});
