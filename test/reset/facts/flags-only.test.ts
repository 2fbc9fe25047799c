/** What SYN, FIN and RST alone tell (tcpdump 'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0'). */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { pcap } from '../../support/captures.js';
import { option, type PacketFields, tcpPacket } from '../../support/packets.js';

const CLIENT = 1_000_000;
const SERVER = 5_000_000;

/** Numbers as Wireshark shows them: relative to the SYNs. `clock`: the sender's, ms; `echo`: that of the other end. */
interface Step {
  readonly from: 'client' | 'server';
  readonly flags: string;
  readonly at: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly window?: number;
  readonly clock?: number;
  readonly echo?: number;
  readonly ttl?: number;
  readonly port?: number;
  readonly toPort?: number;
}

const packet = ({ from, flags, at, seq = 0, ack = 0, clock, echo = 0, port = 40_000, toPort = 80, ...rest }: Step) => {
  const client = from === 'client';
  const fields: PacketFields = {
    source: client ? '10.0.0.1' : '10.0.0.2',
    destination: client ? '10.0.0.2' : '10.0.0.1',
    sourcePort: client ? port : toPort,
    destinationPort: client ? toPort : port,
    seq: (client ? CLIENT : SERVER) + seq,
    ack: flags.includes('A') ? (client ? SERVER : CLIENT) + ack : 0,
    flags,
    window: 500,
    ipId: 0,
    options: clock === undefined ? undefined : option.timestamps(clock, echo),
    ...rest,
  };
  return { time: at * 1e6, data: tcpPacket(fields) };
};

/** The handshake at 0 ms, both clocks at 1000 ms. */
const handshake = (port?: number): Step[] => [
  { from: 'client', flags: 'S', at: 0, clock: 1000, port },
  { from: 'server', flags: 'SA', at: 0, ack: 1, clock: 1000, echo: 1000, port },
];

async function first(...steps: readonly Step[]): Promise<Verdict> {
  const { verdicts } = await diagnose(pcap([...handshake(), ...steps].map(packet)));
  return verdicts[0];
}

const alternatives = (verdict: Verdict) => verdict.alternatives.map((one) => one.cause.id);

describe('a live socket', () => {
  const reset = { from: 'server', flags: 'RA', at: 200, clock: 1200 } as const;

  test('that never answered what had come at once left it unread', async () => {
    const verdict = await first({ ...reset, seq: 1, ack: 301, echo: 1001 });
    expect(verdict.cause.id).toBe('close-with-unread-data');
    expect(verdict.confidence).toBe('likely');
    expect(verdict.reset.receiver.bytes).toBe(300);
    expect(verdict.reset.idleData).toBe(199e6);
  });

  test('that got it piece by piece may have read it', async () => {
    const verdict = await first({ ...reset, seq: 1, ack: 301, echo: 1190 });
    expect(verdict.cause.id).toBe('unexplained-abort');
    expect(alternatives(verdict)).toContain('close-with-unread-data');
  });

  test('that had answered tells neither unread data nor purpose', async () => {
    const verdict = await first({ ...reset, seq: 41, ack: 301, echo: 1001 });
    expect(verdict.cause.id).toBe('unexplained-abort');
    expect(verdict.reset.shape).toBe('active');
    expect(alternatives(verdict)).toEqual(expect.arrayContaining(['close-with-unread-data', 'abortive-close']));
  });

  test('to which nothing had come in all that time aborted on purpose', async () => {
    const verdict = await first({ ...reset, seq: 41, ack: 1, echo: 1001 });
    expect([verdict.cause.id, verdict.confidence]).toEqual(['abortive-close', 'likely']);
  });

  test('… unless it was long enough for keep-alive probes to go unanswered', async () => {
    const verdict = await first({ ...reset, at: 9_500, clock: 10_500, seq: 41, ack: 1, echo: 1001 });
    expect(verdict.cause.id).toBe('unexplained-abort');
  });

  test('that waited a customary time for an answer timed out', async () => {
    const verdict = await first({ from: 'client', flags: 'RA', at: 3_002, seq: 81, ack: 1, clock: 4_002, echo: 1_001 });
    expect(verdict.cause.id).toBe('response-timeout');
  });
});

describe('after a FIN', () => {
  const fin = { from: 'server', flags: 'FA', at: 1_000, seq: 41, ack: 31, clock: 2_000 } as const;
  const reply = { from: 'server', flags: 'R', window: 0 } as const;

  test('and silence before it, new data raced with the close', async () => {
    const verdict = await first({ ...fin, echo: 1_002 }, { ...reply, at: 1_005, seq: 42 });
    expect(verdict.cause.id).toBe('keepalive-race-after-fin');
    expect(verdict.reset.sender.fin?.idleBefore).toBe(998e6);
    expect(verdict.reset.trigger?.unseen).toBe(true);
  });

  test('… or came long after it', async () => {
    const verdict = await first({ ...fin, echo: 1_002 }, { ...reply, at: 4_000, seq: 42 });
    expect(verdict.cause.id).toBe('stale-connection-reuse');
  });

  test('without silence before it, data came after the close', async () => {
    const verdict = await first({ ...fin, echo: 1_995 }, { ...reply, at: 1_005, seq: 42 });
    expect(verdict.cause.id).toBe('data-after-close');
  });

  test('TLS answers with a goodbye, which is no data', async () => {
    const tls = (step: Step): Step => ({ ...step, toPort: 443 });
    const packets = [...handshake(), { ...fin, echo: 1_995 }, { ...reply, at: 1_005, seq: 42 }];
    const { verdicts } = await diagnose(pcap(packets.map((step) => packet(tls(step)))));
    expect(verdicts[0].cause.id).toBe('unexplained-reply');
  });

  test('a few octets before the other FIN may have been a TLS goodbye', async () => {
    const verdict = await first(
      { ...fin, echo: 1_995 },
      { from: 'client', flags: 'FA', at: 1_004, seq: 62, ack: 42, clock: 2_004, echo: 2_000 },
      { ...reply, at: 1_005, seq: 42 },
    );
    expect(verdict.cause.id).toBe('unexplained-reply');
  });
});

test('a FIN is no third packet of the handshake: it tells no round trip', async () => {
  const verdict = await first(
    { from: 'client', flags: 'FA', at: 200, seq: 31, ack: 41, clock: 1200, echo: 1100 },
    { from: 'server', flags: 'RA', at: 201, seq: 41, ack: 32, clock: 1201, echo: 1200 },
  );
  expect(verdict.reset.quality.flagsOnly).toBe(true);
  expect(verdict.reset.rtt).toBeNull();
});

test('a host that answers so on several connections lost its state', async () => {
  const reset = { from: 'server', flags: 'R', at: 3_000, seq: 41, window: 0 } as const;
  const one = await first(reset);
  expect(one.cause.id).toBe('unexplained-reply');
  const two = await first(...handshake(40_001), reset, { ...reset, port: 40_001 });
  expect([two.cause.id, two.confidence]).toEqual(['host-lost-state', 'likely']);
});

describe('a client that resets what was accepted', () => {
  const syn = { from: 'client', flags: 'S', at: 1, port: 40_001, toPort: 81, clock: 1001 } as const;
  const synAck = {
    from: 'server',
    flags: 'SA',
    at: 2,
    ack: 1,
    port: 40_001,
    toPort: 81,
    clock: 1002,
    echo: 1001,
  } as const;
  const reset = { from: 'client', flags: 'R', at: 3, seq: 1, window: 0, port: 40_001, toPort: 81 } as const;

  test('while one at any other port was accepted, is half of no pair: only those of SMB are', async () => {
    const verdict = await first(syn, synAck, reset);
    expect(verdict.cause.id).not.toBe('parallel-connect-loser');
  });

  test('and the other one too, has no winner', async () => {
    const verdict = await first(syn, synAck, reset, { from: 'client', flags: 'R', at: 4, seq: 1, window: 0 });
    expect(verdict.cause.id).not.toBe('parallel-connect-loser');
  });
});

test("the other end's first number counts no octets: a box took it from the SYN", async () => {
  const { reset } = await first({ from: 'server', flags: 'R', at: 200, seq: CLIENT - SERVER });
  expect(reset.rst.seq).toBe(CLIENT);
  expect(reset.sender.bytes).toBe(0);
  const { reset: next } = await first({ from: 'server', flags: 'R', at: 200, seq: 101 });
  expect(next.sender.bytes).toBe(100);
});
