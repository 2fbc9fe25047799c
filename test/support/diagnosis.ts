/**
 * Hand-made diagnoses for the renderers: the captures of the mock-ups as data, and builders that fill in whatever a
 * test does not care about. Nothing here was read from a capture.
 */

import { mergeDiagnoses } from '../../src/diagnose.js';
import { NOBODY, NOTHING } from '../../src/report/results/nothing.js';
import type { EndpointFacts, Evidence, Mark, Mechanism, Reset, TailSegment } from '../../src/reset/types.js';
import type { CaptureSummary, Diagnosis, Finding } from '../../src/reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../../src/reset/vocabulary/verdict.js';
import { ACK, FIN, PSH, RST, SYN } from '../../src/tcp/control.js';

export const MS = 1e6;

export function mark(frame: number, milliseconds: number): Mark {
  return { frame, time: Math.round(milliseconds * MS) };
}

export function evidence(frame: number | null, text: string, values: Evidence['values'] = {}): Evidence {
  return { frame, text, values };
}

export function makeCause(id: string, overrides: Partial<Cause> = {}): Cause {
  return {
    id,
    title: `The {sender} did what ${id} says`,
    explanation: `What the stacks do in the case of ${id}.`,
    fix: `Change what leads to ${id}.`,
    confirm: 'on {sender.address}: `nstat -az`',
    references: ['RFC 9293 §3.10.7'],
    since: '0.1.0',
    severity: 'error',
    needs: [],
    shapes: [],
    signature: () => undefined,
    ...overrides,
  };
}

export function makeEndpoint(overrides: Partial<EndpointFacts> = {}): EndpointFacts {
  return {
    ...NOBODY,
    address: '10.0.1.2',
    port: 46840,
    role: 'client',
    iss: 1000,
    zero: 1000,
    sndNxt: 1001,
    sndUna: 1001,
    rcvNxt: 5001,
    rcvWnd: 65536,
    rawWindow: 512,
    windowScale: 7,
    mss: 1460,
    segments: 2,
    syn: mark(1, 0),
    timestamps: true,
    ...overrides,
  };
}

export function makeSegment(
  frame: number,
  milliseconds: number,
  from: TailSegment['from'],
  control: number,
  overrides: Partial<TailSegment> = {},
): TailSegment {
  return {
    ...mark(frame, milliseconds),
    from,
    seq: 0,
    ack: 0,
    control,
    length: 0,
    window: 512,
    ttl: 63,
    ipId: 1,
    tsVal: null,
    tsEcr: null,
    note: 'new',
    head: new Uint8Array(0),
    fastclose: false,
    ...overrides,
  };
}

export const KERNEL_REPLY: Mechanism = {
  kind: 'kernel-reply',
  confidence: 'likely',
  hops: null,
  facts: [evidence(null, 'seq is the ack of the segment before it, window 0, no options')],
};

export const LIVE_SOCKET: Mechanism = {
  kind: 'live-socket',
  confidence: 'likely',
  hops: null,
  facts: [evidence(null, 'timestamps kept'), evidence(null, 'IP ID one up'), evidence(null, 'same TTL')],
};

export const THIRD_PARTY: Mechanism = {
  kind: 'third-party',
  confidence: 'certain',
  hops: null,
  facts: [
    evidence(15, 'the RST had TTL 57, DF clear and IP ID 0x1234'),
    evidence(null, 'all else from 10.0.2.2 had TTL 63 and DF set'),
  ],
};

interface ResetInput {
  readonly frame: number;
  readonly time: number;
  readonly sender?: Partial<EndpointFacts>;
  readonly receiver?: Partial<EndpointFacts>;
  readonly mechanism?: Mechanism;
  readonly reset?: Partial<Reset>;
  readonly segment?: Partial<Reset['rst']>;
}

/** By default the server resets a client that had opened the connection. */
export function makeReset({
  frame,
  time,
  sender,
  receiver,
  mechanism = KERNEL_REPLY,
  reset,
  segment,
}: ResetInput): Reset {
  const from = makeEndpoint({
    address: '10.0.2.2',
    port: 5007,
    role: 'server',
    iss: 5000,
    zero: 5000,
    sndNxt: 5001,
    sndUna: 5001,
    rcvNxt: 1001,
    ...sender,
  });
  const to = makeEndpoint(receiver);
  return {
    ...NOTHING,
    rst: {
      ...NOTHING.rst,
      ...mark(frame, time),
      seq: 5001,
      headerLength: 20,
      ttl: 63,
      ipId: 0,
      df: true,
      checksumValid: true,
      ...segment,
    },
    sender: from,
    receiver: to,
    shape: 'reply',
    drawn: reset?.trigger ?? null,
    provenance: {
      ...NOTHING.provenance,
      ttl: { rst: 63, usual: 63, samples: 4, ofHost: false },
      ipId: 'zero',
      dfDiffers: false,
      macDiffers: false,
      hidden: false,
    },
    mechanism,
    phase: 'established',
    handshake: { syn: mark(1, 0), synAck: mark(2, 0.039), ack: mark(3, 0.051) },
    accepted: mark(3, 0.051),
    rtt: 51_000,
    rttParts: { server: 39_000, client: 12_000 },
    start: mark(1, 0),
    exchanges: 1,
    idle: 10 * MS,
    idleData: 200 * MS,
    history: 'ShADadFr',
    packets: frame,
    ...reset,
  };
}

export function makeVerdict(reset: Reset, cause: Cause, overrides: Partial<Verdict> = {}): Verdict {
  return {
    id: String(reset.rst.frame),
    reset,
    role: 'first',
    of: null,
    cause,
    confidence: 'likely',
    severity: cause.severity,
    mechanism: reset.mechanism,
    responsible: 'configuration',
    kernelReasons: [],
    applications: { client: null, server: null },
    evidence: [evidence(reset.rst.frame, 'the sender reset the connection')],
    doubt: ['another cause would look the same'],
    lost: null,
    alternatives: [],
    against: [],
    untested: [],
    ...overrides,
  };
}

/** Verdicts of one cause at one place become one finding, in the order of their first. */
export function makeFindings(verdicts: readonly Verdict[], connections: number | null = 1): Finding[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.role === 'aftershock') continue;
    const { sender, receiver } = verdict.reset;
    const server = sender.role === 'server' || sender.role === 'responder' ? sender : receiver;
    const key = `${verdict.cause.id} ${server.address}:${server.port}`;
    const group = groups.get(key);
    if (group) group.push(verdict);
    else groups.set(key, [verdict]);
  }
  return [...groups].map(([key, group]) => {
    const example = group[0] as Verdict;
    const last = group[group.length - 1] as Verdict;
    return {
      cause: example.cause,
      severity: example.severity,
      confidence: example.confidence,
      count: group.length,
      where: key.slice(key.indexOf(' ') + 1),
      connections,
      first: { frame: example.reset.rst.frame, time: example.reset.rst.time },
      last: { frame: last.reset.rst.frame, time: last.reset.rst.time },
      resets: group.map((verdict) => verdict.id),
      example,
    };
  });
}

/** 2026-11-21 08:01:04.628756 UTC */
export const START = BigInt(Date.UTC(2026, 10, 21, 8, 1, 4)) * 1_000_000n + 628_756_000n;

export function makeCapture(overrides: Partial<CaptureSummary> = {}): CaptureSummary {
  return {
    file: 'example.pcap',
    format: 'pcap',
    linkTypes: ['ethernet'],
    records: 11,
    segments: 11,
    copies: 0,
    connections: 1,
    resets: 1,
    deaths: 1,
    tally: { lost: 1, refused: 0, harmless: 0, aftershocks: 0, ignored: 0 },
    first: START,
    last: START + 250_756_000n,
    vantage: { at: 'client', why: 'packets of 10.0.1.2 have TTL 64' },
    quality: [],
    warnings: [],
    ...overrides,
  };
}

export function makeDiagnosis(
  verdicts: readonly Verdict[],
  capture: Partial<CaptureSummary> = {},
  overrides: Partial<Diagnosis> = {},
): Diagnosis {
  return {
    schema: 1,
    version: '0.1.0',
    captures: [makeCapture(capture)],
    verdicts,
    omitted: 0,
    endings: [],
    findings: makeFindings(verdicts, capture.connections ?? 1),
    ...overrides,
  };
}

const raceAfterFin = makeCause('keepalive-race-after-fin', {
  title: 'A request was sent on an idle connection the {sender} had just closed',
  explanation:
    'The {sender} closes connections that were idle for a while. A request that the other side sends in that\nmoment meets a closed socket, and the kernel answers it with an RST.',
  fix: 'Let the client or proxy drop idle connections sooner than the server does (1 s sooner is customary), and retry requests that are safe to repeat.',
  confirm: 'on {sender.address}: the access log has no second request',
});

/** A keep-alive race after FIN, as in the text report and the ladder. */
export function keepAliveRace(): Diagnosis {
  const tail = [
    makeSegment(1, 0, 'receiver', SYN, { seq: 1000 }),
    makeSegment(2, 0.039, 'sender', SYN | ACK, { seq: 5000, ack: 1001 }),
    makeSegment(3, 0.051, 'receiver', ACK, { seq: 1001, ack: 5001 }),
    makeSegment(4, 0.242, 'receiver', PSH | ACK, { seq: 1001, ack: 5001, length: 3 }),
    makeSegment(5, 0.254, 'sender', ACK, { seq: 5001, ack: 1004 }),
    makeSegment(6, 0.27, 'sender', PSH | ACK, { seq: 5001, ack: 1004, length: 4 }),
    makeSegment(7, 0.272, 'receiver', ACK, { seq: 1004, ack: 5005 }),
    makeSegment(8, 200.452, 'sender', FIN | ACK, { seq: 5005, ack: 1004 }),
    makeSegment(9, 240.732, 'receiver', ACK, { seq: 1004, ack: 5006 }),
    makeSegment(10, 250.708, 'receiver', PSH | ACK, { seq: 1004, ack: 5006, length: 5 }),
  ];
  const reset = makeReset({
    frame: 11,
    time: 250.756,
    sender: {
      bytes: 4,
      segments: 5,
      sndNxt: 5006,
      sndUna: 5006,
      rcvNxt: 1004,
      fin: { ...mark(8, 200.452), idleBefore: 200 * MS, acked: mark(9, 240.732), seq: 5005 },
    },
    receiver: { bytes: 8, bytesUnacked: 5, segments: 6, sndNxt: 1009, sndUna: 1004, rcvNxt: 5006 },
    segment: { seq: 5006 },
    reset: {
      tail,
      phase: 'sender-closed',
      trigger: { ...(tail[9] as TailSegment), latency: 48_000, index: 9 },
    },
  });
  const verdict = makeVerdict(reset, raceAfterFin, {
    lost: '5 bytes lost',
    applications: {
      client: { error: 'EPIPE', eofFirst: true, text: 'read → EOF, then write → EPIPE' },
      server: { error: null, eofFirst: false, text: 'no error' },
    },
    evidence: [
      evidence(8, 'after 200 ms of silence the server closed its side with FIN'),
      evidence(9, "the client's kernel acknowledged it"),
      evidence(10, '10 ms later the client program sent 5 more bytes', { length: 5 }),
      evidence(11, "the server program had closed its socket, so the server's kernel answered with an RST"),
    ],
    doubt: ['that the server closed because of idleness is inferred: 200 ms fits no known timer'],
    alternatives: [
      {
        cause: makeCause('data-after-close'),
        confidence: 'possible',
        reason: 'if this client sends without waiting for answers',
      },
    ],
    against: [
      { cause: makeCause('keepalive-race-unread'), reason: 'a FIN came first (8); that race has none' },
      {
        cause: makeCause('host-lost-state'),
        reason: '10.0.2.2 spoke for this connection 50 ms before (8)',
      },
    ],
    untested: [],
  });
  return makeDiagnosis([verdict], { file: '06_fin_then_data_keepalive_race.c.pcap' });
}

/** A closed port. */
export function closedPort(): Diagnosis {
  const cause = makeCause('closed-port', {
    title: 'Nothing listened on the port: the connection was refused, not reset',
    severity: 'warning',
    fix: 'Start the service, or correct its port or address (127.0.0.1 only? IPv6 only?).',
    confirm: "on {server.address}: `ss -ltn 'sport = :{server.port}'`\nempty: start the service",
  });
  const reset = makeReset({
    frame: 2,
    time: 0.067,
    sender: { port: 4444, iss: null, zero: 0, sndNxt: null, sndUna: null, segments: 0, syn: null },
    receiver: { port: 56356, segments: 1 },
    segment: { control: RST | ACK, hasAck: true, seq: 0, ack: 1001 },
    reset: {
      shape: 'reply-to-syn',
      phase: 'syn-sent',
      handshake: { syn: mark(1, 0), synAck: null, ack: null },
      rtt: null,
    },
  });
  const verdict = makeVerdict(reset, cause, {
    responsible: 'server-app',
    applications: {
      client: { error: 'ECONNREFUSED', eofFirst: false, text: 'connect → ECONNREFUSED "connection refused"' },
      server: null,
    },
    evidence: [
      evidence(1, 'the client asked for a connection with a SYN'),
      evidence(2, 'RST, ACK with seq 0 and ack = SYN + 1 came 67 µs later'),
    ],
    doubt: ['a firewall that rejects sends the same packet'],
  });
  return makeDiagnosis([verdict], {
    file: '01_closed_port.c.pcap',
    records: 2,
    segments: 2,
    last: START + 67_000n,
    tally: { lost: 0, refused: 1, harmless: 0, aftershocks: 0, ignored: 0 },
  });
}

/** A forged reset. */
export function forged(): Diagnosis {
  const cause = makeCause('forged-reset', { title: 'The connection was cut by an RST that the {sender} did not send' });
  const ignored = makeCause('rst-ignored', {
    title: 'An RST was ignored and the connection went on',
    severity: 'note',
  });
  const server = { port: 5006 };
  const client = { port: 49506 };
  const at = (frame: number, time: number) =>
    makeReset({ frame, time, sender: server, receiver: client, mechanism: THIRD_PARTY });
  const verdicts = [
    makeVerdict(at(8, 500), ignored, {
      role: 'ignored',
      confidence: 'certain',
      severity: 'note',
      evidence: [evidence(8, 'the RST was 1,000 bytes ahead of what the client expected')],
      doubt: [],
    }),
    makeVerdict(at(12, 900), ignored, { role: 'ignored', confidence: 'certain', severity: 'note', doubt: [] }),
    makeVerdict(at(15, 1100), cause, {
      confidence: 'certain',
      evidence: [
        evidence(15, "the RST bore the server's address and the exact sequence number, so the client obeyed"),
        evidence(16, '100 ms later the server sent 21 new bytes: its TCP had reset nothing'),
      ],
      doubt: ['who sent it: a forger chooses the TTL, so 57 tells no distance'],
      applications: {
        client: {
          error: 'ECONNRESET',
          eofFirst: false,
          text: 'read → ECONNRESET "connection reset by peer"',
        },
        server: { error: 'ECONNRESET', eofFirst: false, text: 'the same, from frame 17' },
      },
    }),
    makeVerdict(
      makeReset({
        frame: 17,
        time: 1200,
        sender: { ...client, address: '10.0.1.2', role: 'client' },
        receiver: { ...server, address: '10.0.2.2', role: 'server' },
      }),
      cause,
      { role: 'aftershock', of: '15' },
    ),
  ];
  return makeDiagnosis(verdicts, {
    file: '30_spoofed.pcap',
    records: 17,
    segments: 17,
    resets: 4,
    last: START + 1_640_000_000n,
    tally: { lost: 1, refused: 0, harmless: 0, aftershocks: 1, ignored: 2 },
  });
}

/** Two findings that lost work, a scan and harmless endings; most verdicts omitted. */
export function atNight(races = 60): Diagnosis {
  const unread = makeCause('keepalive-race-unread', {
    title: 'A request arrived in the instant in which the {sender} closed the idle connection',
  });
  const exit = makeCause('process-exit', { title: 'All connections of one server port ended in the same instant' });
  const harmless = makeCause('unread-close-notify', {
    title: 'A TLS closing alert met a socket that was already closed',
    severity: 'note',
  });
  const scan = makeCause('port-scan', { title: 'A scanner tried many ports', severity: 'note' });
  const verdicts: Verdict[] = [];
  let frame = 100;
  const add = (cause: Cause, server: Partial<EndpointFacts>, port: number, overrides: Partial<Verdict> = {}) => {
    frame += 10;
    const reset = makeReset({
      frame,
      time: frame * 100,
      sender: { address: '10.9.8.7', port: 8080, ...server },
      receiver: { address: '10.1.2.3', port },
      mechanism: LIVE_SOCKET,
      reset: cause === scan ? { phase: 'syn-sent', shape: 'reply-to-syn' } : {},
    });
    verdicts.push(makeVerdict(reset, cause, overrides));
  };
  for (let index = 0; index < races; index += 1) add(unread, {}, 40_000 + index, { lost: '1 request unanswered' });
  for (let index = 0; index < 3; index += 1) add(exit, { address: '10.9.8.9', port: 5432 }, 50_000 + index);
  for (let index = 0; index < 5; index += 1) add(harmless, { port: 443 }, 51_000 + index);
  for (let index = 0; index < 20; index += 1) add(scan, { address: '10.9.8.1', port: 22 }, 52_000 + index);
  const total = verdicts.length;
  return makeDiagnosis(verdicts, {
    file: 'prod.pcap',
    records: 14_201_877,
    segments: 14_000_000,
    connections: 311_204,
    resets: total + 4,
    deaths: races + 3,
    first: BigInt(Date.UTC(2026, 10, 21, 2, 41, 7)) * 1_000_000n,
    last: BigInt(Date.UTC(2026, 10, 21, 3, 2, 55)) * 1_000_000n,
    tally: { lost: races + 3, refused: 20, harmless: 5, aftershocks: 4, ignored: 0 },
    quality: ['both directions', 'no drops reported'],
  });
}

/** A capture in which nothing was reset. */
export function noResets(): Diagnosis {
  return makeDiagnosis(
    [],
    {
      file: 'quiet.pcap',
      connections: 3,
      resets: 0,
      deaths: 0,
      tally: { lost: 0, refused: 0, harmless: 0, aftershocks: 0, ignored: 0 },
    },
    {
      endings: [
        {
          kind: 'no-answer-to-syn',
          client: '10.0.1.2:40000',
          server: '10.0.2.2:81',
          incarnation: 1,
          mark: mark(4, 12),
          text: '3 SYNs in 7 s drew no answer',
        },
      ],
    },
  );
}

/** Diagnoses of one capture each as one of several, ids and endings told apart as in a run. */
export function together(list: readonly Diagnosis[]): Diagnosis {
  const parts = list.map((one, index): Diagnosis => {
    const id = (own: string) => `${index + 1}:${own}`;
    const numbered = (verdict: Verdict): Verdict => ({
      ...verdict,
      id: id(verdict.id),
      of: verdict.of === null ? null : id(verdict.of),
    });
    const file = one.captures[0]?.file ?? '';
    return {
      ...one,
      verdicts: one.verdicts.map(numbered),
      endings: one.endings.map((ending) => ({ ...ending, file })),
      findings: one.findings.map((finding) => ({
        ...finding,
        resets: finding.resets.map(id),
        example: numbered(finding.example),
      })),
    };
  });
  return mergeDiagnoses(parts);
}

/** Twelve captures of an incident: seven with the same race, one refusal, four in which nothing was reset. */
export function incident(): readonly Diagnosis[] {
  const named = (diagnosis: Diagnosis, index: number) => ({
    ...diagnosis,
    captures: diagnosis.captures.map((capture) => ({ ...capture, file: `/inc/host-${index + 1}.pcap` })),
  });
  const of = (number: number, make: () => Diagnosis) => Array.from({ length: number }, make);
  return [...of(7, keepAliveRace), closedPort(), ...of(4, noResets)].map(named);
}
