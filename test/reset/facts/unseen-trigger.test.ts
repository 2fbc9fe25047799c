/** What drew an RST, where no segment before it did: it came out of order, or was not captured at all. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import { pcap } from '../../support/captures.js';
import { type PacketFields, tcpPacket } from '../../support/packets.js';

type Way = 'to server' | 'to client';

const packet = (way: Way, at: number, fields: PacketFields, port = 40_000) => {
  const toServer = way === 'to server';
  const ends = toServer
    ? { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: port, destinationPort: 80 }
    : { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80, destinationPort: port };
  return { time: at * 1e6, data: tcpPacket({ window: 500, ipId: 0, ...ends, ...fields }) };
};

/** An exchange: 10 octets each way at 1 ms. */
const exchange = [
  packet('to server', 0, { flags: 'S', seq: 100 }),
  packet('to client', 0, { flags: 'SA', seq: 500, ack: 101 }),
  packet('to server', 0, { flags: 'A', seq: 101, ack: 501 }),
  packet('to server', 1, { flags: 'PA', seq: 101, ack: 501, payload: '0123456789' }),
  packet('to client', 1, { flags: 'PA', seq: 501, ack: 111, payload: '0123456789' }),
  packet('to server', 1, { flags: 'A', seq: 111, ack: 511 }),
];

const verdicts = async (...packets: readonly ReturnType<typeof packet>[]) => (await diagnose(pcap(packets))).verdicts;

describe('data captured right behind the bare RST', () => {
  const fin = packet('to client', 2_000, { flags: 'FA', seq: 511, ack: 111 });
  const data = (at: number, ack: number) => packet('to server', at, { flags: 'PA', seq: 111, ack, payload: 'GET' });
  const reset = (at: number, seq: number) => packet('to client', at, { flags: 'R', seq, window: 0 });

  test('drew it from a socket that had closed', async () => {
    const [inOrder] = await verdicts(...exchange, fin, data(2_010, 512), reset(2_010.1, 512));
    const [verdict] = await verdicts(...exchange, fin, reset(2_010, 512), data(2_010.1, 512));
    expect(inOrder.cause.id).toBe('keepalive-race-after-fin');
    expect(verdict.cause.id).toBe('keepalive-race-after-fin');
    expect(verdict.reset.trigger).toMatchObject({ unseen: true, frame: 9 });
  });

  test('drew it after a long silence', async () => {
    const [verdict] = await verdicts(...exchange, reset(3_000, 511), data(3_000.1, 511));
    expect(verdict.reset.trigger?.unseen).toBe(true);
  });

  test('was in flight where the connection was in use', async () => {
    const [verdict] = await verdicts(...exchange, reset(1.5, 511), data(1.6, 511));
    expect(verdict.reset.trigger?.unseen).toBeUndefined();
  });
});

describe('an answer with number 0', () => {
  const refusal = (port: number, at = 0) =>
    packet('to client', at, { flags: 'RA', seq: 0, ack: 1_234, window: 0, ttl: 63 }, port);

  test('refused a SYN that was not captured', async () => {
    const [verdict] = await verdicts(refusal(40_000));
    expect([verdict.cause.id, verdict.confidence]).toEqual(['closed-port', 'likely']);
  });

  test('… unless the SYN-ACK came all the same', async () => {
    const [verdict] = await verdicts(refusal(40_000), packet('to server', 1, { flags: 'R', seq: 1_234, window: 0 }));
    expect(verdict.cause.id).toBe('unexplained-mid-stream');
  });

  test('… or the port served others', async () => {
    const [verdict] = await verdicts(...exchange, refusal(40_001, 5));
    expect(verdict.cause.id).toBe('unexplained-mid-stream');
  });

  test('with a window, as no kernel has it there, may be anything', async () => {
    const [verdict] = await verdicts(packet('to client', 0, { flags: 'RA', seq: 0, ack: 1_234, window: 1_980 }));
    expect(verdict.cause.id).toBe('unexplained-mid-stream');
  });

  test('from many ports answered a scan', async () => {
    const ports = Array.from({ length: 12 }, (_, i) => 20 + i);
    const scan = ports.map((port, i) => ({
      time: i * 1e6,
      data: tcpPacket({
        source: '10.0.0.2',
        destination: '10.0.0.1',
        sourcePort: port,
        destinationPort: 50_000,
        flags: 'RA',
        seq: 0,
        ack: 77,
        window: 0,
      }),
    }));
    const all = await verdicts(...scan);
    expect(new Set(all.map((verdict) => verdict.cause.id))).toEqual(new Set(['port-scan']));
  });
});

describe('a capture without the handshake', () => {
  const served = [
    ...exchange.slice(3),
    packet('to server', 2, { flags: 'PA', seq: 111, ack: 511, payload: 'more' }),
    packet('to client', 2, { flags: 'PA', seq: 511, ack: 115, payload: 'more' }),
  ];
  const request = packet('to server', 10, { flags: 'PA', seq: 1, ack: 9_001, payload: 'GET / HTTP/1.1' }, 40_001);
  const abort = (at: number) => packet('to client', at, { flags: 'RA', seq: 9_001, ack: 15, window: 600 }, 40_001);

  test('does not tell a server that turned a client away from one that left a request unread', async () => {
    const [verdict] = await verdicts(...served, request, abort(12));
    expect(verdict.cause.id).toBe('unexplained-mid-stream');
    expect(verdict.alternatives.map((one) => one.cause.id)).toContain('close-with-unread-data');
  });

  test('… unless it had it for longer', async () => {
    const [verdict] = await verdicts(...served, request, abort(1_200));
    expect(verdict.cause.id).toBe('close-with-unread-data');
  });
});
