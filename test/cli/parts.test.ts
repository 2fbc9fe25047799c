import { describe, expect, test } from 'vitest';
import { errorLines, UsageError } from '../../src/cli/errors.js';
import { failsOn, parseFailOn } from '../../src/cli/fail-on.js';
import { progressText } from '../../src/cli/progress.js';
import { didYouMean, editDistance, suggest } from '../../src/cli/suggest.js';
import { styleFor } from '../../src/cli/terminal.js';
import { atNight, closedPort, forged, keepAliveRace, noResets } from '../support/diagnosis.js';

describe('fail-on', () => {
  const ids = ['keepalive-race-after-fin', 'port-scan', 'rst-ignored'];
  const fails = (words: string[], make: typeof closedPort) => failsOn(parseFailOn(words, ids), make());

  test.each([
    [['any'], closedPort, true],
    [['error'], closedPort, false],
    [['warning'], closedPort, true],
    [['warning'], keepAliveRace, true],
    [['keepalive-race-after-fin'], keepAliveRace, true],
    [['port-scan'], keepAliveRace, false],
    [['port-scan', 'error'], keepAliveRace, true],
    [['port-scan'], atNight, true],
    [['rst-ignored'], forged, true],
    [['any'], noResets, false],
    [[], keepAliveRace, false],
  ])('%j on %o: %s', (words, make, expected) => {
    expect(fails(words, make)).toBe(expected);
  });

  test('of two severities the milder rules', () => {
    expect(fails(['error', 'warning'], closedPort)).toBe(true);
  });

  test('ignored RSTs and notes are not "any"', () => {
    const ignored = forged().findings.filter((finding) => finding.example.role === 'ignored');
    expect(failsOn(parseFailOn(['any'], ids), { ...forged(), findings: ignored })).toBe(false);
  });

  test('an unknown word names its neighbour', () => {
    expect(() => parseFailOn(['port-scam'], ids)).toThrow('did you mean port-scan?');
  });
});

describe('suggest', () => {
  test.each([
    ['shwo', 'show'],
    ['explian', 'explain'],
    ['keepalive-race', 'keepalive-race-after-fin'],
    ['jsno', null],
    ['', null],
    ['qqqq', null],
  ])('%s → %s', (typed, expected) => {
    expect(suggest(typed, ['show', 'explain', 'causes', 'keepalive-race-after-fin'])).toBe(expected);
  });

  test('a swap is one edit', () => {
    expect(editDistance('jsno', 'json')).toBe(1);
    expect(didYouMean('jsno', ['json'])).toBe('; did you mean json?');
  });
});

describe('terminal', () => {
  const utf8 = { LANG: 'en_GB.UTF-8' };
  const tty = { isTTY: true, columns: 80 };
  const pipe = { isTTY: false, columns: undefined };

  test.each([
    [tty, {}, true],
    [pipe, {}, false],
    [tty, { NO_COLOR: '1' }, false],
    [tty, { NO_COLOR: '' }, true],
    [tty, { TERM: 'dumb' }, false],
    [pipe, { FORCE_COLOR: '1' }, true],
    [tty, { FORCE_COLOR: '0' }, false],
    [tty, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('colour on %j with %j: %s', (terminal, environment, expected) => {
    expect(styleFor(terminal, { ...utf8, ...environment }).colour).toBe(expected);
  });

  test('--no-color beats everything', () => {
    expect(styleFor(tty, { ...utf8, FORCE_COLOR: '1' }, false).colour).toBe(false);
  });

  test.each([
    [tty, {}, 80],
    [{ isTTY: true, columns: 300 }, {}, 100],
    [{ isTTY: true, columns: 20 }, {}, 60],
    [pipe, {}, 100],
    [pipe, { COLUMNS: '72' }, 72],
  ])('width of %j with %j: %d', (terminal, environment, expected) => {
    expect(styleFor(terminal, { ...utf8, ...environment }).width).toBe(expected);
  });

  test('ASCII without a UTF-8 locale', () => {
    expect(styleFor(tty, { LANG: 'C' }).ascii).toBe(true);
    expect(styleFor(tty, { LANG: 'C', LC_ALL: 'C.UTF-8' }).ascii).toBe(false);
    expect(styleFor(tty, { LC_ALL: 'POSIX', LANG: 'en_GB.UTF-8' }).ascii).toBe(true);
  });
});

describe('errors', () => {
  test('one plain line; the stack only when asked for', () => {
    expect(errorLines(new UsageError('no such cause', 'whyrst causes lists them'), {})).toBe(
      'whyrst: no such cause\n        whyrst causes lists them\n',
    );
    const error = new TypeError('x is undefined\u001b[31m');
    expect(errorLines(error, {})).toMatch(/^whyrst: internal error: x is undefined\\x1b\[31m; .* report .*\n$/);
    expect(errorLines(error, { WHYRST_DEBUG: '1' })).toContain('at ');
    const missing = Object.assign(new Error('ENOENT: …'), { code: 'ENOENT', syscall: 'open', path: 'a.json' });
    expect(errorLines(missing, {})).toBe('whyrst: a.json: no such file or directory\n');
  });
});

test('progress', () => {
  expect(progressText('prod.pcap', 1.2e9, 8e9, 2000)).toBe('prod.pcap: 1.2 GB of 8.0 GB, 600 MB/s, 12 s left');
  expect(progressText('standard input', 5e6, null, 1000)).toBe('standard input: 5.0 MB, 5.0 MB/s');
});
