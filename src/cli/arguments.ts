/** argv → what to do. All of yargs is in this file; the rest of the command sees plain objects. */

import yargs from 'yargs';
import { UsageError } from './errors.js';
import { COMMANDS, type CommandName, OPTIONS, SHELLS } from './option-table.js';
import {
  checkTask,
  commonOptions,
  DASH,
  diagnoseTask,
  extractTask,
  one,
  outputOptions,
  readingOptions,
  settingsOptions,
  strings,
} from './parsed.js';
import { didYouMean } from './suggest.js';
import type { Task } from './tasks.js';

/** The options of one command, as the table has them. */
function optionsOf(y: ReturnType<typeof yargs>, command: CommandName): ReturnType<typeof yargs> {
  for (const { name, alias, describe, value, group, commands } of OPTIONS) {
    if (!commands.includes(command)) continue;
    y.option(name, {
      describe,
      ...(value === undefined ? { type: 'boolean' } : { type: 'string', requiresArg: true }),
      ...(alias === undefined ? {} : { alias }),
      ...(group === undefined ? {} : { group }),
    });
  }
  return y;
}

/** @throws UsageError */
export async function parseArguments(argv: readonly string[], width: number, version: string): Promise<Task> {
  let task: Task | null = null;
  const take = (next: Task) => {
    task = next;
  };
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
    .strictOptions()
    .fail((message, error) => {
      // yargs' own errors are mistakes on the command line too, only told another way.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(plainer(message ?? error?.message ?? '', commandOf(argv)), 'whyrst --help says more');
    })
    .command(
      '$0 [captures..]',
      'Say why each TCP connection in the captures was reset',
      (y) =>
        optionsOf(y, 'diagnose')
          .positional('captures', {
            type: 'string',
            array: true,
            describe: 'pcap or pcapng files, or packets as text; - for stdin',
          })
          .example('whyrst capture.pcap', 'why were connections reset?')
          .example('tcpdump -U -w - tcp | whyrst -', 'the same live; Ctrl-C ends it with a report')
          .example('whyrst prod.pcap --server 10.9.8.7:8080 --since 02:58', 'one server, from a time on')
          .example('whyrst sample.pcap --fail-on error', 'a check for CI: exit 1 when work was lost')
          .example('whyrst prod.pcap -o report.json', 'every reset as JSON')
          .example('whyrst show capture.pcap 11', 'the packets around the reset in frame 11')
          .example(`whyrst show capture.pcap 'read tcp 10.1.2.3:41234->…'`, 'what a log line was about')
          .example('whyrst explain "broken pipe"', 'what the words in a log mean'),
      (parsed) => take(diagnoseTask(parsed)),
    )
    .command(
      'show <capture> <what..>',
      'Show one connection packet by packet, with the verdict and what it is not',
      (y) =>
        optionsOf(y, 'show')
          .positional('capture', {
            type: 'string',
            demandOption: true,
            describe: 'pcap or pcapng file, or packets as text; - for stdin',
          })
          .positional('what', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'a frame number, both endpoints in any spelling, or a line from a log',
          })
          .example('whyrst show cap.pcap 11', 'the connection that frame 11 belongs to')
          .example('whyrst show cap.pcap 10.0.1.2:46840 10.0.2.2:5007', 'the connection between these two'),
      (parsed) =>
        take({
          kind: 'show',
          capture: one(parsed, 'capture') ?? '',
          words: strings(parsed['what']).join(' '),
          ...readingOptions(parsed),
          ...commonOptions(parsed),
        }),
    )
    .command(
      'check [captures..]',
      'Hold captures against what is expected of them, for CI',
      (y) =>
        optionsOf(y, 'check')
          .positional('captures', {
            type: 'string',
            array: true,
            describe: 'captures or patterns, each with its .expect',
          })
          .example("whyrst check 'captures/**/*.pcap'", 'each against its .expect file; exit 1 when one differs')
          .example('whyrst check --update captures/*.pcap', 'write the .expect files')
          .example('whyrst check new.pcap --baseline old.json', 'only what the earlier report does not hold fails')
          .epilogue(
            'A line of CAPTURE.expect is: count (2, 2+, 2-4, any), cause, and if wanted certain|likely|possible, "until DATE", "frame N", "client -> server" and "# why"; or none alone.',
          ),
      (parsed) => take(checkTask(parsed)),
    )
    .command(
      'annotate <capture>',
      'Copy a capture with the verdicts as packet comments, for Wireshark',
      (y) =>
        optionsOf(y, 'annotate')
          .positional('capture', { type: 'string', demandOption: true, describe: 'pcap or pcapng file' })
          .example('whyrst annotate in.pcap -o out.pcapng', 'then in Wireshark: frame.comment contains "whyrst"'),
      (parsed) =>
        take({
          kind: 'annotate',
          capture: String(parsed['capture']),
          ...outputOptions(parsed),
          ...readingOptions(parsed),
          ...commonOptions(parsed),
        }),
    )
    .command(
      'extract <captures..>',
      'Write captures that hold only the connections in question',
      (y) =>
        optionsOf(y, 'extract')
          .positional('captures', { type: 'string', array: true, demandOption: true, describe: 'pcap or pcapng files' })
          .example('whyrst extract prod.pcap --cause process-exit -o found/', 'one file per connection')
          .example('whyrst extract prod.pcap --by capture --anonymize -o out/', 'all of it, headers only'),
      (parsed) => take(extractTask(parsed)),
    )
    .command(
      'explain <words..>',
      'Explain a cause, or the words of an error message',
      (y) =>
        optionsOf(y, 'explain')
          .positional('words', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'a cause id, or words from a log',
          })
          .example('whyrst explain keepalive-race-after-fin', 'a cause')
          .example('whyrst explain "socket hang up"', 'words from a log'),
      (parsed) =>
        take({
          kind: 'explain',
          words: strings(parsed['words']).join(' '),
          ...settingsOptions(parsed),
          ...commonOptions(parsed),
        }),
    )
    .command(
      'causes',
      'List the causes that whyrst knows',
      (y) => optionsOf(y, 'causes'),
      (parsed) => take({ kind: 'causes', ...settingsOptions(parsed), ...commonOptions(parsed) }),
    )
    .command(
      'completion <shell>',
      'Print a completion script for your shell',
      (y) =>
        y
          .positional('shell', { type: 'string', demandOption: true, choices: SHELLS, describe: 'bash or zsh' })
          .example('source <(whyrst completion bash)', 'in ~/.bashrc')
          .example('whyrst completion zsh > ~/.zfunc/_whyrst', 'in a folder of $fpath'),
      (parsed) => take({ kind: 'completion', shell: String(parsed['shell']) }),
    )
    .help('help', 'show this help')
    .alias('help', 'h')
    .version('version', 'show the version', version)
    .epilogue('Exit status: 0 diagnosed, 1 --fail-on matched or a check failed, 2 wrong usage or unreadable input.')
    .wrap(width);

  let printed = '';
  const words = argv.map((word) => (word === '-' ? DASH : word));
  await parser.parseAsync(words, {}, (_error: unknown, _parsed: unknown, output: string) => {
    printed = output;
  });
  if (task !== null) return task;
  return { kind: 'print', text: `${withoutTypes(printed).trimEnd()}\n` };
}

/** `[string]` at the end of every line of help tells nobody anything. */
function withoutTypes(help: string): string {
  const type = '\\[(?:string|boolean|array|required|default: \\[\\])\\]';
  return help
    .replace(new RegExp(`\\n +(?:${type} ?)+(?=\\n)`, 'g'), '')
    .replace(new RegExp(` +${type}(?=\\n| )`, 'g'), '');
}

/** The help of the bare command, for a terminal where nothing was asked. */
export async function helpText(width: number, version: string): Promise<string> {
  const task = await parseArguments(['--help'], width, version);
  return task.kind === 'print' ? task.text : '';
}

function commandOf(argv: readonly string[]): CommandName {
  return COMMANDS.find((name) => name === argv[0]) ?? 'diagnose';
}

/** One of another command is said, before anything is guessed. */
function unknownOption(name: string, command: CommandName): string {
  const dashed = name.length === 1 ? `-${name}` : `--${name}`;
  const others = OPTIONS.filter((option) => option.name === name || option.alias === name).flatMap(
    ({ commands }) => commands,
  );
  if (others.length > 0) {
    const where = [...new Set(others)].map((other) => (other === 'diagnose' ? 'whyrst CAPTURE' : `whyrst ${other}`));
    return `${dashed} is an option of ${where.join(', ')}, not of ${command === 'diagnose' ? 'whyrst CAPTURE' : `whyrst ${command}`}`;
  }
  const own = OPTIONS.filter(({ commands }) => commands.includes(command)).map((option) => option.name);
  const meant = didYouMean(name, [...own, 'help', 'version']).replace('did you mean ', 'did you mean --');
  return `unknown option ${dashed}${meant}`;
}

/** yargs' messages in our form: lower case, one line, with the option that was probably meant. */
function plainer(message: string, command: CommandName): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message);
  if (unknown) {
    const [first = ''] = (unknown[1] as string).split(', ');
    return unknownOption(first, command);
  }
  const missing = /^Not enough arguments following: (.+)$/.exec(message);
  if (missing) return `option --${missing[1]} needs a value`;
  if (/^Not enough non-option arguments/.test(message)) return 'something is missing on the command line';
  if (/^Invalid values/.test(message)) {
    const values = /Given: "(.*?)", Choices: (.*)$/.exec(message.replace(/\s+/g, ' ').trim());
    if (values) return `${values[1]}: must be one of ${values[2]?.replaceAll('"', '')}`;
  }
  const line = message.replace(/\s+/g, ' ').trim();
  return line.charAt(0).toLowerCase() + line.slice(1);
}
