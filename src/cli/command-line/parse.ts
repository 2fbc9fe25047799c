/** argv → what to do. All of yargs is in this file; the commands see plain objects. */

import yargs, { type Argv } from 'yargs';
import { UsageError } from '../errors.js';
import { EXIT_STATUS } from '../exit.js';
import type { Command } from './command.js';
import { type Asked, asked, COMMANDS, commandOf } from './index.js';
import { plainer } from './mistakes.js';
import { type Place, WORD } from './option.js';

/** `--help` and `--version`: a text to be printed, and nothing done. */
export interface Printed {
  readonly command: 'print';
  readonly text: string;
}

/** `width` of the help, in columns. @throws UsageError */
export async function parseArguments(
  argv: readonly string[],
  width: number,
  version: string,
): Promise<Asked | Printed> {
  let found: Asked | null = null;
  const parser = yargs([])
    .scriptName('whyrst')
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .exitProcess(false)
    .strict()
    .fail((message, error) => {
      // yargs' own errors are mistakes on the command line too, only told another way.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(plainer(message ?? error?.message ?? '', commandOf(argv), argv), 'whyrst --help says more');
    });
  for (const command of COMMANDS) {
    parser.command(
      usageOf(command),
      command.describe,
      (line) => describeTo(line, command),
      (parsed) => {
        found = asked(command, parsed);
      },
    );
  }
  parser
    .help('help', 'show this help')
    .alias('help', 'h')
    .version('version', 'show the version', version)
    .epilogue(`Exit status: ${EXIT_STATUS}`)
    .wrap(width);

  let printed = '';
  // What stands behind -- is a word, whatever it begins with.
  const options = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const plain = argv
    .filter((_, at) => at !== options)
    .map((word, at) => (word === '-' || at >= options ? WORD + word : word));
  await parser.parseAsync(plain, {}, (_error: unknown, _parsed: unknown, output: string) => {
    printed = output;
  });
  if (found !== null) return found;
  return { command: 'print', text: `${withoutTypes(printed).trimEnd()}\n` };
}

/** The help of the bare command, for a terminal where nothing was asked. */
export async function helpText(width: number, version: string): Promise<string> {
  const parsed = await parseArguments(['--help'], width, version);
  return parsed.command === 'print' ? parsed.text : '';
}

/** `show <capture> <what..>` */
function usageOf({ name, places }: Command): string {
  const words = Object.values(places).map((place) => {
    const word = place.several ? `${place.name}..` : place.name;
    return place.required ? `<${word}>` : `[${word}]`;
  });
  return [name ?? '$0', ...words].join(' ');
}

function describeTo(line: Argv, { places, options, examples, epilogue }: Command): Argv {
  for (const { name, alias, describe, follows, group } of Object.values(options)) {
    line.option(name, {
      describe,
      ...(follows === null ? { type: 'boolean' } : { type: 'string', requiresArg: true }),
      ...(alias === undefined ? {} : { alias }),
      ...(group === undefined ? {} : { group }),
    });
  }
  for (const place of Object.values(places)) line.positional(place.name, positional(place));
  for (const [example, meaning] of examples) line.example(example, meaning);
  return epilogue === undefined ? line : line.epilogue(epilogue);
}

function positional({ describe, required, several, follows }: Place<unknown>) {
  return {
    type: 'string',
    describe,
    ...(several ? { array: true } : {}),
    ...(required ? { demandOption: true } : {}),
    // The id of a cause may be the team's own, which is not known yet.
    ...(typeof follows === 'object' && follows.causes !== true ? { choices: follows.words } : {}),
  } as const;
}

/** `[string]` at the end of every line of help tells nobody anything. */
function withoutTypes(help: string): string {
  const type = '\\[(?:string|boolean|array|required|default: \\[\\])\\]';
  return help
    .replace(new RegExp(`\\n +(?:${type} ?)+(?=\\n)`, 'g'), '')
    .replace(new RegExp(` *${type}(?=\\n| )`, 'g'), '');
}
