/** Captures of one direction: what the packets that are there tell of those that are not. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import type { Reset } from '../../../src/reset/types.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { oneDirection } from '../../accuracy/conditions.mjs';
import { connectionOf, readTruths, scoreOf } from '../../accuracy/truth.mjs';
import { pcap } from '../../support/captures.js';
import { CAPTURES } from '../../support/files.js';
import { tcpPacket } from '../../support/packets.js';
import { capture, readRecording } from '../../support/rewrite.js';

/** Numbers of the two ends begin here. */
const MINE = 5000;
const THEIRS = 1000;

/** A segment of the captured end, numbers relative to {@link MINE} and {@link THEIRS}. */
interface Step {
  readonly ms: number;
  readonly flags: string;
  readonly seq?: number;
  readonly ack?: number;
  readonly bytes?: number;
  readonly port?: number;
  readonly ttl?: number;
}

/** All that a server sends, the client's packets having gone another way. */
async function ofServer(steps: readonly Step[]): Promise<readonly Verdict[]> {
  const records = steps.map(({ ms, flags, seq, ack, bytes = 0, port = 80, ttl = 63 }, i) => ({
    time: ms * 1e6,
    data: tcpPacket({
      source: '10.0.0.2',
      destination: '10.0.0.1',
      sourcePort: port,
      destinationPort: 40_000,
      flags,
      seq: seq === undefined ? 0 : MINE + seq,
      ack: ack === undefined ? 0 : THEIRS + ack,
      window: flags === 'R' || seq === undefined ? 0 : 502,
      ttl,
      // A socket counts on, a kernel without one sends 0.
      ipId: flags === 'R' ? 0 : i + 1,
      payload: 'x'.repeat(bytes),
    }),
  }));
  return (await diagnose(pcap(records))).verdicts;
}

const only = (verdicts: readonly Verdict[]): Verdict => {
  expect(verdicts).toHaveLength(1);
  return verdicts[0]!;
};
const resetOf = async (steps: readonly Step[]): Promise<Reset> => only(await ofServer(steps)).reset;
const said = ({ cause, confidence }: Verdict) => `${cause.id} ${confidence}`;

const ACCEPTED: Step = { ms: 0, flags: 'SA', seq: 0, ack: 1 };
/** A request of 30 octets and an answer of 40. */
const SERVED: readonly Step[] = [
  ACCEPTED,
  { ms: 10, flags: 'A', seq: 1, ack: 31 },
  { ms: 12, flags: 'PA', seq: 1, ack: 31, bytes: 40 },
];

describe('what acknowledgments tell of the other end', () => {
  test('how much it sent, in turn with the answers, and what was left unanswered', async () => {
    const { receiver, sender, exchanges, unanswered, phase, idleData } = await resetOf([
      ...SERVED,
      { ms: 500, flags: 'A', seq: 41, ack: 51 },
      { ms: 900, flags: 'RA', seq: 41, ack: 51 },
    ]);
    expect(receiver).toMatchObject({ iss: THEIRS, bytes: 50, messages: 2, segments: 0, fin: null });
    expect(receiver.lastMessage).toMatchObject({ length: 20, idleBefore: 488e6, first: { frame: 4, time: 500e6 } });
    expect(unanswered).toEqual(receiver.lastMessage);
    expect(sender.bytesUnacked).toBe(0);
    expect({ exchanges, phase, idleData }).toEqual({ exchanges: 1, phase: 'established', idleData: 400e6 });
  });

  test('data that an answer acknowledges came before the answer', async () => {
    const { unanswered, exchanges } = await resetOf([
      ACCEPTED,
      { ms: 10, flags: 'PA', seq: 1, ack: 31, bytes: 40 },
      { ms: 300, flags: 'RA', seq: 41, ack: 31 },
    ]);
    expect({ unanswered, exchanges }).toEqual({ unanswered: null, exchanges: 1 });
  });

  test('one number with the own FIN or behind it is a FIN; before it nothing is told', async () => {
    const after = await resetOf([
      ...SERVED,
      { ms: 20, flags: 'FA', seq: 41, ack: 31 },
      { ms: 30, flags: 'A', seq: 42, ack: 32 },
      { ms: 240, flags: 'R', seq: 42 },
    ]);
    expect(after.receiver.fin).toMatchObject({ frame: 5, seq: THEIRS + 31 });
    expect(after.phase).toBe('both-closed');
    const along = await resetOf([
      ...SERVED,
      { ms: 20, flags: 'FA', seq: 41, ack: 32 },
      { ms: 240, flags: 'R', seq: 42 },
    ]);
    expect(along.phase).toBe('both-closed');
    const before = await resetOf([
      ...SERVED,
      { ms: 20, flags: 'A', seq: 41, ack: 32 },
      { ms: 300, flags: 'RA', seq: 41, ack: 32 },
    ]);
    expect(before.receiver).toMatchObject({ fin: null, bytes: 30 });
    expect(before.unanswered).toBeNull();
  });

  test('one number right before the own FIN is a FIN, unless nothing else was ever acknowledged', async () => {
    const closes = (first: readonly Step[], seq: number, ack: number) =>
      ofServer([
        ...first,
        { ms: 20, flags: 'A', seq, ack },
        { ms: 21, flags: 'FA', seq, ack },
        { ms: 60, flags: 'R', seq: seq + 1 },
      ]);
    expect(said(only(await closes(SERVED, 41, 32)))).toBe('late-segment-after-close likely');
    expect(said(only(await closes([ACCEPTED], 1, 2)))).toBe('data-after-close likely');
  });

  test('where the beginning is lost, the volume is a lower bound and the first number unknown', async () => {
    const acks = Array.from({ length: 20 }, (_, i): Step => ({ ms: 10 * i, flags: 'A', seq: 1, ack: 1 + 1000 * i }));
    const { receiver } = await resetOf([ACCEPTED, ...acks, { ms: 250, flags: 'RA', seq: 1, ack: 19_001 }]);
    expect(receiver).toMatchObject({ iss: null, firstData: null, bytes: 15_000 });
  });

  test('when the server had the connection, and when something drew its reply', async () => {
    const { accepted, drawn, trigger } = await resetOf([...SERVED, { ms: 3000, flags: 'R', seq: 41 }]);
    expect(accepted).toEqual({ frame: 1, time: 0 });
    expect(drawn).toEqual({ frame: 4, time: 3000e6 });
    expect(trigger).toBeNull();
  });
});

describe('verdicts', () => {
  test('a refusal whose SYN is not there is a refusal', async () => {
    const verdict = only(await ofServer([{ ms: 0, flags: 'RA', ack: 1, port: 50_000 }]));
    expect(said(verdict)).toBe('closed-port likely');
    expect([verdict.reset.sender.role, verdict.reset.receiver.role]).toEqual(['responder', 'originator']);
  });

  test('many of them for one source are a scan', async () => {
    const verdicts = await ofServer(
      Array.from({ length: 12 }, (_, i): Step => ({ ms: 10 * i, flags: 'RA', ack: 1, port: 1000 + i })),
    );
    expect(new Set(verdicts.map(said))).toEqual(new Set(['port-scan likely']));
  });

  test('unread data, unless it may have been a TLS greeting', async () => {
    const unread = (bytes: number): readonly Step[] => [
      ACCEPTED,
      { ms: 10, flags: 'A', seq: 1, ack: 1 + bytes },
      { ms: 110, flags: 'RA', seq: 1, ack: 1 + bytes },
    ];
    expect(said(only(await ofServer(unread(40))))).toBe('close-with-unread-data likely');
    expect(said(only(await ofServer(unread(400))))).toBe('unexplained-abort possible');
  });

  test('an abort on purpose, unless something was sent again without an acknowledgment', async () => {
    const greeting: Step = { ms: 10, flags: 'PA', seq: 1, ack: 1, bytes: 20 };
    const abort: Step = { ms: 3000, flags: 'RA', seq: 21, ack: 1 };
    expect(said(only(await ofServer([ACCEPTED, greeting, abort])))).toBe('abortive-close likely');
    const again = [210, 610, 1410].map((ms): Step => ({ ...greeting, ms }));
    expect(said(only(await ofServer([ACCEPTED, greeting, ...again, abort])))).toBe('unexplained-abort possible');
  });

  test('data that met a closed socket, unless a repeated FIN may have met it', async () => {
    const met = (ms: number): readonly Step[] => [
      ...SERVED,
      { ms: 13, flags: 'FA', seq: 41, ack: 31 },
      { ms: 13 + ms, flags: 'R', seq: 42 },
    ];
    expect(said(only(await ofServer(met(50))))).toBe('data-after-close likely');
    expect(said(only(await ofServer(met(250))))).toBe('unexplained-reply possible');
  });

  test('a race or a stale connection, after a silence that is no pause', async () => {
    const idle = (before: number, after: number): readonly Step[] => [
      ...SERVED,
      { ms: 12 + before, flags: 'FA', seq: 41, ack: 31 },
      { ms: 12 + before + after, flags: 'R', seq: 42 },
    ];
    expect(said(only(await ofServer(idle(5000, 30))))).toBe('keepalive-race-after-fin likely');
    expect(said(only(await ofServer(idle(5000, 3000))))).toBe('stale-connection-reuse likely');
    expect(said(only(await ofServer(idle(200, 30))))).toBe('unexplained-reply possible');
  });

  test('an RST was ignored where its receiver goes on beyond what was in flight', async () => {
    const wrong: Step = { ms: 100, flags: 'R', seq: 9041, ttl: 57 };
    const later = (ms: number): Step => ({ ms, flags: 'PA', seq: 41, ack: 61, bytes: 40 });
    // The first data of the server left 12 ms after its SYN-ACK: no round trip takes longer.
    expect(said(only(await ofServer([...SERVED, wrong, later(400)])))).toBe('rst-ignored likely');
    expect(only(await ofServer([...SERVED, wrong, later(114)])).role).toBe('first');
  });
});

describe('either direction of every recording', () => {
  test('nothing is certain, and what is decided is right', { timeout: 0 }, async () => {
    const decided: string[] = [];
    const wrong: string[] = [];
    for (const truth of readTruths(CAPTURES)) {
      for (const [vantage, file] of Object.entries(truth.vantages)) {
        const { packets, epoch, snaplen } = readRecording(join(CAPTURES, file));
        for (const from of ['client', 'server'] as const) {
          const { verdicts } = await diagnose(capture(oneDirection(packets, from), epoch, snaplen));
          for (const { reset, role, cause, confidence, id } of verdicts) {
            const connection = connectionOf(truth, reset)?.connection ?? null;
            if (role === 'aftershock' || cause.fallback || connection?.notAt?.includes(vantage)) continue;
            const name = `${file}, ${from} only, #${id}: ${cause.id}`;
            if (reset.receiver.segments === 0) expect(confidence, name).not.toBe('certain');
            decided.push(name);
            if (scoreOf(connection, cause) !== 'right') wrong.push(name);
          }
        }
      }
    }
    // A recording made anew may miss by its timing; none of a hundred does now.
    expect(wrong.length / decided.length, wrong.join('\n')).toBeLessThan(0.02);
  });
});
