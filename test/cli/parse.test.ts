/** How a line is told apart, as people type it, and what is said of one that cannot be meant. */

import { describe, expect, test } from 'vitest';
import { capturesAlone } from '../../src/cli/command-line/captures-alone.js';
import { parseArguments } from '../../src/cli/command-line/parse.js';
import { UsageError } from '../../src/cli/errors.js';

const WIDTH = 80;
const parse = (...argv: string[]) => parseArguments(argv, WIDTH, '1.2.3');

describe('a line is read', () => {
  test.each([
    [['a.pcap'], null, { captures: ['a.pcap'], format: undefined, quiet: false }],
    [[], null, { captures: [] }],
    [['-'], null, { captures: ['-'] }],
    [['-f', 'json', 'a', 'b'], null, { captures: ['a', 'b'], format: 'json' }],
    [['a', '--format=json', '--format', 'csv'], null, { format: 'csv' }],
    [['a', '--no-color', '--limit', '5'], null, { color: false, limit: '5' }],
    [['a', '--cause', 'x,y', '--cause', 'z'], null, { cause: ['x', 'y', 'z'] }],
    // A number below zero is no option; nor is a lone dash, nor what is bound by =.
    [['a', '--since', '-5'], null, { since: '-5' }],
    [['-o', '-', 'a'], null, { output: '-', captures: ['a'] }],
    [['--name=--odd', '-'], null, { name: '--odd', captures: ['-'] }],
    [
      ['-q', '--', '-a.pcap', 'show', '--all'],
      null,
      { captures: ['-a.pcap', 'show', '--all'], all: false, quiet: true },
    ],
    [['show', 'a', '11'], 'show', { capture: 'a', words: ['11'] }],
    [
      ['show', '-', '10.0.0.1', '10.0.0.2', '-v'],
      'show',
      { capture: '-', words: ['10.0.0.1', '10.0.0.2'], verbose: true },
    ],
    // The value of an option is no command.
    [['-o', 'show', 'a'], null, { output: 'show', captures: ['a'] }],
    [['./show'], null, { captures: ['./show'] }],
    [['explain', 'broken', 'pipe'], 'explain', { words: 'broken pipe' }],
    [['causes'], 'causes', {}],
    [['completion', 'zsh'], 'completion', { shell: 'zsh' }],
    // No object of ours has such a key of its own.
    [['constructor', '__proto__'], null, { captures: ['constructor', '__proto__'] }],
  ])('%j', async (argv, command, task) => {
    expect(await parse(...argv)).toMatchObject({ command, task });
  });
});

describe('a line of captures alone', () => {
  test.each([[[]], [['-']], [['a.pcap']], [['a', '-', 'b c', './show', 'x=1', '10']], [['a', 'show']]])(
    '%j: as the parser reads it',
    async (argv: string[]) => {
      expect(capturesAlone(argv)).toEqual(await parse(...argv));
    },
  );

  test.each([[['show', 'a', '1']], [['causes']], [['a', '-q']], [['--', 'a']], [['a', 'help']], [['']], [['-v']]])(
    '%j is another',
    (argv: string[]) => {
      expect(capturesAlone(argv)).toBeNull();
    },
  );
});

describe('a line that cannot be meant', () => {
  test.each([
    [['a', '-f'], 'option --format needs a value'],
    [['a', '--output', '--force'], 'option --output needs a value'],
    [['a', '-o', '-f', 'json'], 'option --output needs a value'],
    [['a', '-x'], 'unknown option -x'],
    [['a', '--fromat', 'json'], 'unknown option --fromat; did you mean --format?'],
    [['a', '--constructor=1'], 'unknown option --constructor'],
    [['a', '--update'], '--update is an option of whyrst check, not of whyrst CAPTURE'],
    [['show', 'a'], 'something is missing on the command line'],
    [['completion'], 'something is missing on the command line'],
    [['completion', 'fish'], 'fish: must be one of bash, zsh'],
    [['completion', 'zsh', 'bash'], 'whyrst completion takes no further word: bash'],
    [['causes', 'x'], 'whyrst causes takes no further word: x'],
  ])('%j', async (argv, message) => {
    await expect(parse(...argv)).rejects.toThrow(new UsageError(message, 'whyrst --help says more'));
  });
});

test('help and version are given whatever else stands there', async () => {
  expect(await parse('--version', '--bogus')).toEqual({ command: 'print', text: '1.2.3\n' });
  expect(await parse('show', '-h')).toMatchObject({
    text: expect.stringMatching(/^whyrst show <capture> <what\.\.>\n/),
  });
  expect(await parse('--help', 'check', '-f')).toMatchObject({ text: expect.stringMatching(/^whyrst check /) });
  // The value of an option, or a word behind --, asks for nothing.
  expect(await parse('--name', 'x', '--', '--help')).toMatchObject({ command: null });
});
