/** How verdicts are held against truth files: the rules that decide what counts as right. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';
import { makeCause, makeReset, makeVerdict } from '../support/diagnosis.js';
import { connectionOf, endingScores, kernelLines, scoreApplication, scoreOf, seenBy, type Truth } from './truth.mjs';

const saw = (...results: string[]) => seenBy(results.map((result) => ({ op: 'read', result })));

describe('what a program saw', () => {
  test.each([
    [['ECONNRESET', 'EOF', 'EPIPE'], 'ECONNRESET', false],
    [['ok', 'EOF', 'EPIPE'], 'EPIPE', true],
    [['EPIPE', 'EOF'], 'EPIPE', false],
    [['EOF'], null, true],
  ] as const)('%j is error %s, EOF first %s', (results, error, eofFirst) => {
    expect(saw(...results)).toMatchObject({ error, eofFirst });
  });

  test.each([[['ok', 'timeout']], [['ok']], [[]]])('%j is nothing', (results) => {
    expect(saw(...results)).toBeNull();
  });

  test.each([
    [['ECONNRESET'], { error: 'ECONNRESET', eofFirst: false }, 'right'],
    [['ECONNRESET'], { error: 'EPIPE', eofFirst: true }, 'wrong'],
    [['ECONNRESET'], { error: null, eofFirst: false }, 'wrong'],
    [['EOF'], { error: 'EPIPE', eofFirst: true }, 'right'],
    [['EOF'], { error: null, eofFirst: false }, 'right'],
    [['EOF'], { error: 'ECONNRESET', eofFirst: false }, 'wrong'],
    [['EOF', 'EPIPE'], { error: 'EPIPE', eofFirst: false }, 'wrong'],
    [['EPIPE', 'EOF'], { error: 'EPIPE', eofFirst: true }, 'right'],
    [['EPIPE'], null, 'undecided'],
  ] as const)('%j against %j is %s', (results, predicted, score) => {
    expect(scoreApplication(saw(...results)!, predicted)).toBe(score);
  });
});

const connection = {
  client: '10.0.1.2:*',
  server: '10.0.1.1:80',
  cause: 'data-after-close',
  mechanism: 'kernel-reply',
};
const truth = (changes: Partial<Truth> = {}): Truth => ({
  name: 'x',
  situation: '',
  golden: 'client',
  vantages: {},
  connections: [connection],
  resets: [],
  ...changes,
});

function verdictOf(sender: string, receiver: string, milliseconds = 0): Verdict {
  const end = (text: string) => ({
    address: text.slice(0, text.lastIndexOf(':')),
    port: Number(text.split(':').pop()),
  });
  const time = milliseconds;
  return makeVerdict(makeReset({ frame: 5, time, sender: end(sender), receiver: end(receiver) }), makeCause('x'));
}
const found = (of: Truth, sender: string, receiver: string) => connectionOf(of, verdictOf(sender, receiver).reset);

describe('which connection a reset belongs to', () => {
  test('either end may have sent it, a star is any port', () => {
    expect(found(truth(), '10.0.1.1:80', '10.0.1.2:4000')).toEqual({ connection, from: 'server' });
    expect(found(truth(), '10.0.1.2:4000', '10.0.1.1:80')).toEqual({ connection, from: 'client' });
    expect(found(truth(), '10.0.1.9:4000', '10.0.1.1:80')).toBeNull();
  });

  test('on the other side of a NAT its names are others; the programs’ own names go first', () => {
    const behind = { ...connection, translated: { client: '10.0.2.1:7', server: '10.0.2.2:81' } };
    const own = { ...connection, client: '10.0.2.1:7', server: '10.0.2.2:81', cause: 'closed-port' };
    expect(found(truth({ connections: [behind] }), '10.0.2.2:81', '10.0.2.1:7')?.from).toBe('server');
    expect(found(truth({ connections: [behind, own] }), '10.0.2.2:81', '10.0.2.1:7')?.connection).toBe(own);
  });

  test('of two with one name the one that was reset is meant', () => {
    const idle = { ...connection, cause: null };
    expect(found(truth({ connections: [idle, connection] }), '10.0.1.1:80', '10.0.1.2:4000')?.connection).toBe(
      connection,
    );
  });
});

test('a fallback is undecided, unless the truth is that nothing can be told', () => {
  const fallback = makeCause('unexplained-abort', { fallback: true });
  expect(scoreOf(connection, makeCause('data-after-close'))).toBe('right');
  expect(scoreOf({ ...connection, also: ['closed-port'] }, makeCause('closed-port'))).toBe('right');
  expect(scoreOf(connection, makeCause('closed-port'))).toBe('wrong');
  expect(scoreOf(connection, fallback)).toBe('undecided');
  expect(scoreOf({ ...connection, cause: 'unexplained-abort' }, fallback)).toBe('right');
  expect(scoreOf(null, fallback)).toBe('wrong');
});

test('an ending is right where its kind is one of those the truth accepts', () => {
  const silent = { ...connection, cause: null, client: '10.0.1.2:7', ending: ['went-silent'] };
  const told = { client: '10.0.1.2:7', server: '10.0.1.1:80', kind: 'went-silent' };
  const scores = (...endings: (typeof told)[]) =>
    endingScores(truth({ connections: [silent] }), 'client', { verdicts: [], endings });
  expect(scores(told)).toEqual([{ truth: 'went-silent', told: 'went-silent', score: 'right' }]);
  expect(scores({ ...told, kind: 'no-answer-to-syn' })).toMatchObject([{ score: 'wrong' }]);
  expect(scores({ ...told, client: '10.0.1.2:8' })).toMatchObject([{ told: null, score: 'wrong' }]);
  const reset = [verdictOf('10.0.1.1:80', '10.0.1.2:7')];
  expect(endingScores(truth({ connections: [silent] }), 'client', { verdicts: reset, endings: [] })).toEqual([]);
  expect(endingScores(truth({ connections: [connection] }), 'client', { verdicts: [], endings: [told] })).toEqual([]);
});

describe("the kernel's line for a reset", () => {
  const line = (milliseconds: number, source: string, destination: string, state: string, reason: string) => ({
    time: milliseconds / 1e3,
    host: 'server',
    source,
    destination,
    state,
    reason,
  });
  const reasons = (resets: Truth['resets'], ...verdicts: Verdict[]) =>
    kernelLines(truth({ resets }), verdicts, 0n).map((one) => one?.reason ?? null);

  test('is joined by tuple, each once, in order', () => {
    const resets = [
      line(0, '10.0.1.1:80', '10.0.1.2:4000', 'TCP_CLOSE', 'A'),
      line(1, '10.0.1.1:80', '10.0.1.2:4000', 'UNKNOWN', 'B'),
    ];
    const one = verdictOf('10.0.1.1:80', '10.0.1.2:4000', 20);
    const other = verdictOf('10.0.1.1:80', '10.0.1.2:4000', 21);
    expect(reasons(resets, one, other, other)).toEqual(['A', 'B', null]);
  });

  test('of a port with a listener is joined by port and time', () => {
    const resets = [line(0, '0.0.0.0:80', '0.0.0.0:0', 'TCP_LISTEN', 'TCP_FLAGS')];
    expect(reasons(resets, verdictOf('10.0.1.1:80', '10.0.1.2:4000', 1))).toEqual(['TCP_FLAGS']);
    expect(reasons(resets, verdictOf('10.0.1.1:81', '10.0.1.2:4000', 1))).toEqual([null]);
    expect(reasons(resets, verdictOf('10.0.1.1:80', '10.0.1.2:4000', 5000))).toEqual([null]);
  });
});
