/** argv → what to do. Words are told apart by Node's own parser; what they mean stands in the tables of the commands. */

import { parseArgs } from 'node:util';
import { UsageError } from '../errors.js';
import type { Command, Given } from './command.js';
import { helpOf } from './help.js';
import { type Asked, asked, COMMANDS } from './index.js';
import { unknownOption } from './mistakes.js';
import type { Option } from './option.js';

/** `--help` and `--version`: a text to be printed, and nothing done. */
export interface Printed {
  readonly command: 'print';
  readonly text: string;
}

/** `width` of the help, in columns. @throws UsageError */
export function parseArguments(argv: readonly string[], width: number, version: string): Asked | Printed {
  try {
    return parsed(argv, width, version);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message, 'whyrst --help says more');
    throw error;
  }
}

/** The help of the bare command, for a terminal where nothing was asked. */
export function helpText(width: number): string {
  return helpOf(COMMANDS[0] as Command, width);
}

function parsed(argv: readonly string[], width: number, version: string): Asked | Printed {
  const at = placeOfCommand(argv);
  const command = COMMANDS.find(({ name }) => name !== null && name === argv[at]) ?? (COMMANDS[0] as Command);
  const words = command.name === null ? argv : argv.toSpliced(at, 1);
  const tokens = tokensOf(words, Object.values(command.options));
  const asks = (name: string) => tokens.some((token) => token.kind === 'option' && token.name === name);
  if (asks('help')) return { command: 'print', text: helpOf(command, width) };
  if (asks('version')) return { command: 'print', text: `${version}\n` };

  const options: Record<string, string[] | true> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.values(command.options).find(({ name }) => name === token.name);
    if (option === undefined) throw new UsageError(unknownOption(token.name, command));
    if (option.follows === null) {
      if (token.value !== undefined) throw new UsageError(`option --${option.name} takes no value`);
      options[option.name] = true;
    } else {
      if (token.value === undefined || (!token.inlineValue && looksLikeOption(token.value)))
        throw new UsageError(`option --${option.name} needs a value`);
      options[option.name] = [...((options[option.name] as string[] | undefined) ?? []), token.value];
    }
  }
  const operands = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  return asked(command, { ...options, ...placed(command, operands) });
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** Not strict: what is wrong is said in our own words. */
function tokensOf(words: readonly string[], options: readonly Option<unknown>[]): readonly Token[] {
  const types = options.map(({ name, alias, follows }) => [
    name,
    {
      type: follows === null ? ('boolean' as const) : ('string' as const),
      ...(alias === undefined ? {} : { short: alias }),
    },
  ]);
  const { tokens } = parseArgs({
    args: [...words],
    options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' }, ...Object.fromEntries(types) },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens;
}

/** Where the first word stands that is no option and no value of one: a command may stand behind options. */
function placeOfCommand(argv: readonly string[]): number {
  const every = COMMANDS.flatMap(({ options }) => Object.values(options));
  return tokensOf(argv, every).find(({ kind }) => kind !== 'option')?.index ?? argv.length;
}

/** `-o -f json` lacks a file. A lone dash is standard input, and numbers may be below zero. */
function looksLikeOption(value: string): boolean {
  return /^-[^\d]/.test(value);
}

/** Words by the places they fill, in order. @throws UsageError */
function placed(command: Command, operands: readonly string[]): Given {
  const rest = [...operands];
  const given: Record<string, readonly string[]> = {};
  for (const { name, required, several, follows } of Object.values(command.places)) {
    const taken = rest.splice(0, several ? rest.length : 1);
    if (required && taken.length === 0) throw new UsageError('something is missing on the command line');
    // The id of a cause may be the team's own, which is not known yet.
    const words = typeof follows === 'object' && follows.causes !== true ? follows.words : taken;
    const wrong = taken.find((word) => !words.includes(word));
    if (wrong !== undefined) throw new UsageError(`${wrong}: must be one of ${words.join(', ')}`);
    given[name] = taken;
  }
  if (rest.length > 0) throw new UsageError(`whyrst ${command.name} takes no further word: ${rest[0]}`);
  return given;
}
