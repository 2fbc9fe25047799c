import { expect, test } from 'vitest';
import { diagnose } from '../../../src/index.js';
import { pcap } from '../../support/captures.js';
import { tcpPacket } from '../../support/packets.js';

/** Thirty refusals by one service, each sent twice: only the first few of such are held in full. */
const REFUSALS = pcap(
  Array.from({ length: 30 }, (_, i) => {
    const client = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000 + i, destinationPort: 2002 };
    const server = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 2002, destinationPort: 40_000 + i };
    const refusal = (ipId: number) => tcpPacket({ ...server, flags: 'RA', seq: 0, ack: 101 + i, ipId });
    return [
      { time: i * 1e9, data: tcpPacket({ ...client, flags: 'S', seq: 100 + i }) },
      { time: i * 1e9 + 1e6, data: refusal(2 * i) },
      { time: i * 1e9 + 2e6, data: refusal(2 * i + 1) },
    ];
  }).flat(),
);

test('resets that repeat one another each have a verdict with frames and addresses of their own', async () => {
  const { verdicts } = await diagnose(REFUSALS);
  expect(verdicts.map(({ id, role, of, cause, reset }) => [id, role, of, cause.id, reset.receiver.port])).toEqual(
    Array.from({ length: 30 }, (_, i) => [
      [`${3 * i + 2}`, 'first', null, 'closed-port', 40_000 + i],
      [`${3 * i + 3}`, 'aftershock', `${3 * i + 2}`, 'closed-port', 40_000 + i],
    ]).flat(),
  );
  for (const { id, reset, evidence } of verdicts.filter(({ role }) => role === 'first')) {
    expect(reset.rst.frame).toBe(Number(id));
    expect(evidence.map(({ frame }) => frame)).toContain(reset.handshake?.syn.frame);
  }
});

test('copies of resets that repeat one another are told of with the reset that they are copies of', async () => {
  const capture = pcap(
    Array.from({ length: 12 }, (_, i) => {
      const client = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000 + i, destinationPort: 2002 };
      const server = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 2002, destinationPort: 40_000 + i };
      const syn = tcpPacket({ ...client, flags: 'S', seq: 100 + i, ipId: 7 + i });
      const refusal = (ipId: number) => tcpPacket({ ...server, flags: 'RA', seq: 0, ack: 101 + i, ipId });
      // As a mirror port shows them: each packet, and a microsecond later the same one.
      return [syn, refusal(100 + i), refusal(200 + i)].flatMap((data, n) =>
        [0, 1e3].map((later) => ({ time: i * 1e9 + n * 1e6 + later, data })),
      );
    }).flat(),
  );
  const { captures, verdicts } = await diagnose(capture);
  expect(captures[0]).toMatchObject({ resets: 24, resetCopies: 24 });
  expect(verdicts.map(({ role, reset }) => [role, reset.rst.frame, reset.copies])).toEqual(
    Array.from({ length: 12 }, (_, i) => [
      ['first', 6 * i + 3, [6 * i + 4]],
      ['aftershock', 6 * i + 5, [6 * i + 6]],
    ]).flat(),
  );
});

test('a verdict can be copied and changed, one of a repeat as well', async () => {
  const { verdicts } = await diagnose(REFUSALS);
  const copies = verdicts.map((verdict) => ({ ...verdict, id: `1:${verdict.id}` }));
  expect(copies.map(({ id, reset }) => id === `1:${reset.rst.frame}`)).not.toContain(false);
});

test('a service that was down when the capture began and went down again has two stories, however often it refused', async () => {
  const times = Array.from({ length: 26 }, (_, i) => i);
  // Refuses 0 to 11, accepts 12, refuses 13 to 24, accepts 25.
  const accepts = (i: number) => i === 12 || i === 25;
  const capture = pcap(
    times.flatMap((i) => {
      const client = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000 + i, destinationPort: 2002 };
      const server = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 2002, destinationPort: 40_000 + i };
      const answer = accepts(i) ? { flags: 'SA', seq: 7000 } : { flags: 'RA', seq: 0, ipId: 0, window: 0 };
      return [
        { time: i * 1e9, data: tcpPacket({ ...client, flags: 'S', seq: 100 }) },
        { time: i * 1e9 + 1e6, data: tcpPacket({ ...server, ack: 101, ...answer }) },
        ...(accepts(i)
          ? [{ time: i * 1e9 + 2e6, data: tcpPacket({ ...client, flags: 'A', seq: 101, ack: 7001 }) }]
          : []),
      ];
    }),
  );
  const { verdicts } = await diagnose(capture);
  expect(verdicts.map(({ cause }) => cause.id)).toEqual([
    ...new Array<string>(12).fill('closed-port'),
    ...new Array<string>(12).fill('listener-restarting'),
  ]);
});

test('a SYN-ACK turned away after seconds is another story than those turned away at once', async () => {
  // At no regular times: that would be a health check.
  const seconds = [0, 3, 19, 21, 60, 64, 200, 300];
  const capture = pcap(
    seconds.flatMap((second, i) => {
      const client = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000 + i, destinationPort: 2002 };
      const server = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 2002, destinationPort: 40_000 + i };
      const answered = second * 1e9 + (i < 7 ? 1e5 : 3e9);
      return [
        { time: second * 1e9, data: tcpPacket({ ...client, flags: 'S', seq: 100 }) },
        { time: answered, data: tcpPacket({ ...server, flags: 'SA', seq: 7000 + i, ack: 101 }) },
        { time: answered + 1e5, data: tcpPacket({ ...client, flags: 'R', seq: 101, ipId: 0, window: 0 }) },
      ];
    }),
  );
  const { verdicts } = await diagnose(capture);
  const causes = verdicts.map(({ cause }) => cause.id);
  expect(new Set(causes.slice(0, 7)).size).toBe(1);
  expect(causes[7]).toBe('client-abandoned-connect');
  expect(causes[0]).not.toBe('client-abandoned-connect');
});

test('a refusal with a window is no kernel of the host, after many that were', async () => {
  const capture = pcap(
    Array.from({ length: 8 }, (_, i) => {
      const client = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000 + i, destinationPort: 2002 };
      const server = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 2002, destinationPort: 40_000 + i };
      const refusal = { ...server, flags: 'RA', seq: 0, ack: 101, ipId: 0, window: i < 7 ? 0 : 1200 };
      return [
        { time: i * 1e9, data: tcpPacket({ ...client, flags: 'S', seq: 100 }) },
        { time: i * 1e9 + 1e6, data: tcpPacket(refusal) },
      ];
    }).flat(),
  );
  const { verdicts } = await diagnose(capture);
  expect(verdicts.map(({ reset }) => reset.rst.window)).toEqual([0, 0, 0, 0, 0, 0, 0, 1200]);
});

test('SYN-ACKs to nobody have frames and beginnings of their own, though no SYN was captured', async () => {
  const capture = pcap(
    Array.from({ length: 30 }, (_, i) => {
      const victim = { source: '10.1.1.2', destination: '10.2.1.2', sourcePort: 40_000 + i, destinationPort: 80 };
      const server = { source: '10.2.1.2', destination: '10.1.1.2', sourcePort: 80, destinationPort: 40_000 + i };
      const time = (60 + 7 * i + i * i) * 1e9;
      return [
        { time, data: tcpPacket({ ...server, flags: 'SA', seq: 5000 + 77 * i, ack: 900 + i }) },
        { time: time + 1e6, data: tcpPacket({ ...victim, flags: 'R', seq: 900 + i, ipId: 0, window: 0 }) },
      ];
    }).flat(),
  );
  const { verdicts } = await diagnose(capture);
  expect(verdicts).toHaveLength(30);
  verdicts.forEach(({ cause, evidence, reset }, i) => {
    // Of the first the SYN may have been sent before the capture began.
    expect(cause.id).toBe(i === 0 ? 'unexplained-reply' : 'unsolicited-syn-ack');
    expect(evidence.slice(0, 2).map(({ frame }) => frame)).toEqual([2 * i + 1, 2 * i + 2]);
    expect(reset.handshake).toBe(null);
    expect(reset.start).toEqual({ frame: 2 * i + 1, time: reset.rst.time - 1e6 });
    expect(reset.receiver.syn).toEqual(reset.start);
  });
});

test('a service that refuses many clients: of each is told when it asked, how long the answer took, and of its own host', async () => {
  const client = (i: number) => ({ source: `10.1.${i}.2`, sourcePort: 50_000 - i });
  /** Milliseconds. */
  const took = (i: number) => 100 + 10 * i;
  const capture = pcap(
    Array.from({ length: 40 }, (_, i) => {
      const ends = { ...client(i), destination: '10.2.1.2', destinationPort: 2002 };
      const back = {
        source: ends.destination,
        destination: ends.source,
        sourcePort: ends.destinationPort,
        destinationPort: ends.sourcePort,
      };
      const time = i * 3e9;
      return [
        { time, data: tcpPacket({ ...ends, flags: 'S', seq: 700 + i }) },
        {
          time: time + took(i) * 1e6,
          data: tcpPacket({ ...back, flags: 'RA', seq: 0, ack: 701 + i, ipId: 0, window: 0 }),
        },
      ];
    }).flat(),
  );
  const { verdicts } = await diagnose(capture);
  verdicts.forEach(({ cause, evidence, reset, mechanism, against }, i) => {
    const [syn, rst] = [2 * i + 1, 2 * i + 2];
    expect(cause.id).toBe('closed-port');
    expect(evidence.map(({ frame }) => frame)).toEqual([syn, rst]);
    expect(evidence[1]?.text).toMatch(new RegExp(`^${took(i)} ms later`));
    expect(evidence[1]?.values).toMatchObject({ seq: 0, ack: 701 + i });
    expect(new Set(mechanism.facts.map(({ frame }) => frame))).toEqual(new Set([rst]));
    expect(mechanism.facts.map(({ text }) => text).join()).toContain(`come ${took(i)} ms before`);
    expect(reset).toMatchObject({
      idle: took(i) * 1e6,
      packets: 2,
      start: { frame: syn, time: i * 3e9 },
      receiver: { address: client(i).source, lastSegment: { frame: syn } },
      mechanism,
    });
    expect(against.find((other) => other.cause.id === 'port-scan')?.reason).toBe(
      `${client(i).source} tried 1 target in 10 s`,
    );
  });
});
