/** The ordinary command line is read without yargs: what is read that way, yargs reads alike. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments, plainly } from '../../src/cli/arguments.js';
import { parseGrammar } from '../../src/cli/grammar.js';
import { OPTIONS, spellings } from '../../src/cli/option-table.js';

const VALUES = [
  'a.pcap',
  '-',
  '5',
  '+90',
  ':8080',
  '10.0.0.0/8',
  '[::1]:443',
  'a=b',
  'a,b',
  'x y',
  'é',
  '1e3',
  '@',
  '#',
];
const AWKWARD = [
  '',
  '--',
  'help',
  'true',
  'show',
  '-5',
  '--no-all',
  '-vq',
  '-fjson',
  '"a"',
  "'",
  '$0',
  '--al',
  '-h',
  '=',
  '_',
];

const option = fc.constantFrom(...OPTIONS).chain((entry) => {
  const spelling = fc.constantFrom(...spellings(entry));
  const value = fc.constantFrom(...VALUES);
  const apart = fc.tuple(spelling, value).map((words) => [...words]);
  const joined = fc.tuple(spelling, value).map(([name, text]) => [`${name}=${text}`]);
  const bare = spelling.map((name) => [name]);
  return entry.value === undefined ? fc.oneof({ weight: 5, arbitrary: bare }, joined) : fc.oneof(apart, joined, bare);
});
const line = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: option },
      { weight: 4, arbitrary: fc.constantFrom(...VALUES).map((word) => [word]) },
      { weight: 1, arbitrary: fc.constantFrom(...AWKWARD).map((word) => [word]) },
    ),
    { maxLength: 5 },
  )
  .map((words) => words.flat());

describe('arguments', () => {
  test('yargs reads alike what is read without it', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(line, async (argv) => {
        if (plainly(argv) === null) return;
        plain++;
        expect(await parseArguments(argv, 100, '1')).toEqual(await parseGrammar(argv, 100, '1'));
      }),
      { numRuns: 2000 },
    );
    expect(plain).toBeGreaterThan(200);
  });

  test.each([
    [['a.pcap', '-f', 'json', '--limit=3', '--all', 'b.pcap', '--port', '80', '--port', '443'], true],
    [['-'], true],
    [[], true],
    [['--help'], false],
    [['show', 'a.pcap', '11'], false],
    [['a.pcap', '--fromat', 'json'], false],
    [['a.pcap', '--limit'], false],
    [['a.pcap', '--by', 'cause'], false],
  ])('%j is plain: %s', (argv, expected) => {
    expect(plainly(argv) !== null).toBe(expected);
  });
});
