import { describe, expect, test } from 'vitest';
import { choose, matching, ofConnection } from '../../src/cli/commands/show-choice.js';
import { parseQuery } from '../../src/report/select/query.js';
import { lineVerdict } from '../../src/report/words/log-line.js';
import { makeClock } from '../../src/report/words/time.js';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';
import {
  closedPort,
  keepAliveRace,
  makeCause,
  makeDiagnosis,
  makeReset,
  makeVerdict,
  START,
} from '../support/diagnosis.js';
import { whyrst } from './command.js';

const cause = makeCause('x');
const at = (frame: number, milliseconds: number, port = 46840) =>
  makeVerdict(makeReset({ frame, time: milliseconds, receiver: { port } }), cause);

describe('choose', () => {
  // START is 08:01:04.628 UTC.
  const three = [at(10, 0), at(20, 60_000), at(30, 120_000)];
  const diagnosis = makeDiagnosis(three, { first: START });
  const frame = (words: string) => choose(three, words, diagnosis, makeClock()).verdict.reset.rst.frame;

  test.each([
    ['no time', 10],
    ['08:01:05 reset', 10],
    ['08:02:04 reset', 20],
    ['2026-11-21T08:02:30Z reset', 20],
    ['08:30:00 reset', 30],
    ['07:00:00 reset', 10],
  ])('%s: frame %d', (words, expected) => {
    expect(frame(words)).toBe(expected);
  });

  test('a log in local time is read in the zone that was given', () => {
    const chosen = choose(three, '2026-11-21 09:02:30 reset', diagnosis, makeClock('Europe/Berlin'));
    expect(chosen.verdict.reset.rst.frame).toBe(20);
  });

  test('only what gives such a line is meant', () => {
    const refused = closedPort().verdicts[0] as Verdict;
    const raced = keepAliveRace().verdicts[0] as Verdict;
    const words = 'dial tcp 10.0.2.2:4444: connect: connection refused';
    expect(choose([raced, refused], words, diagnosis, makeClock()).verdict).toBe(refused);
  });
});

describe('matching', () => {
  const verdicts = [at(10, 0), at(20, 1, 50_000)];

  test('a four-tuple, either way round and however the address is written', () => {
    const ends = [
      { address: '10.0.2.2', port: 5007 },
      { address: '10.0.1.2', port: 50_000 },
    ] as const;
    expect(ofConnection(verdicts, ends)).toEqual([verdicts[1]]);
    expect(ofConnection(verdicts, [ends[1], ends[0]])).toEqual([verdicts[1]]);
  });

  test("a proxy's line names the upstream and a client that has no part in it", () => {
    const query = parseQuery('client: 192.0.2.9, upstream: "http://10.0.2.2:5007/"');
    expect(query.kind).toBe('part');
    if (query.kind === 'part') expect(matching(verdicts, query)).toEqual(verdicts);
  });

  test('an address alone narrows too', () => {
    expect(matching(verdicts, { ends: [], addresses: ['10.0.1.2'] })).toEqual(verdicts);
    expect(matching(verdicts, { ends: [], addresses: ['10.0.9.9'] })).toEqual([]);
  });
});

describe('lineVerdict', () => {
  const raced = keepAliveRace().verdicts[0] as Verdict;

  test.each([
    ['Error: socket hang up', 'that fits'],
    ['write: broken pipe', 'that fits'],
    ['read: connection reset by peer', 'not what these packets would give'],
  ])('%s: %s', (line, expected) => {
    expect(lineVerdict(line, raced)).toContain(expected);
  });

  test('words that do not tell FIN from RST are no judge', () => {
    expect(lineVerdict('502 Bad Gateway', raced)).toBe(null);
    expect(lineVerdict('11', raced)).toBe(null);
  });
});

test('a port used again while the server still held the old connection is two lives', async () => {
  const capture = 'half-open-port-reuse.pcap';
  const report = JSON.parse((await whyrst([capture, '-f', 'json'])).stdout);
  const { connection, frame } = report.resets[0];
  const { stdout } = await whyrst(['show', capture, connection.client, connection.server]);
  expect(stdout).toContain(`was used 2 times; the 1st was reset (frame ${frame}`);
  expect(stdout).toContain('SYN with a new sequence number');
  expect(stdout).not.toContain('SYN again');
});
