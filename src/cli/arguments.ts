/** argv → what to do. All of yargs is in this file; the rest of the command sees plain objects. */

import yargs from 'yargs';
import { formatNames } from '../report/render.js';
import { CONFIDENCES, SEVERITIES } from '../report/select.js';
import { UsageError } from './errors.js';
import { didYouMean } from './suggest.js';

/** Options that every command takes. */
export interface CommonOptions {
  readonly color: boolean | undefined;
  readonly tz: string | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface DiagnoseTask extends CommonOptions {
  readonly kind: 'diagnose';
  readonly captures: readonly string[];
  readonly format: string | undefined;
  readonly output: string | undefined;
  readonly failOn: readonly string[];
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly host: readonly string[];
  readonly port: readonly string[];
  readonly cause: readonly string[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly severity: string | undefined;
  readonly minConfidence: string | undefined;
  readonly limit: string | undefined;
  readonly all: boolean;
  readonly reader: string | undefined;
}

export interface ShowTask extends CommonOptions {
  readonly kind: 'show';
  readonly capture: string;
  readonly words: string;
  readonly reader: string | undefined;
}

export interface ExplainTask extends CommonOptions {
  readonly kind: 'explain';
  readonly words: string;
}

export interface CausesTask extends CommonOptions {
  readonly kind: 'causes';
}

/** `--help` and `--version`: text that is printed and nothing done. */
export interface PrintTask {
  readonly kind: 'print';
  readonly text: string;
}

export type Task = DiagnoseTask | ShowTask | ExplainTask | CausesTask | PrintTask;

export const COMMANDS = ['show', 'explain', 'causes'] as const;

type Parsed = Readonly<Record<string, unknown>>;

const SELECTION = 'Selection (a repeated or comma-separated value is an alternative)';
const REPORT = 'Report';

function reading(y: ReturnType<typeof yargs>) {
  return y.option('reader', {
    type: 'string',
    requiresArg: true,
    describe: 'read classic pcap with another reader (pcap-parser), as a second opinion',
  });
}

function common(y: ReturnType<typeof yargs>) {
  return y
    .option('tz', {
      type: 'string',
      requiresArg: true,
      describe: 'zone of the times: UTC (default), local, +02:00, Europe/Berlin',
    })
    .option('verbose', { alias: 'v', type: 'boolean', describe: 'raw sequence numbers and all facts' })
    .option('quiet', { alias: 'q', type: 'boolean', describe: 'only the sentence per finding; no warnings on stderr' })
    .option('no-color', { type: 'boolean', describe: 'no colours (also: NO_COLOR=1)' });
}

function diagnosing(y: ReturnType<typeof yargs>) {
  const string = (describe: string, group: string) => ({ type: 'string', requiresArg: true, describe, group }) as const;
  return common(reading(y))
    .option('format', { alias: 'f', ...string(`${formatNames.join(' | ')} (default: text)`, REPORT) })
    .option('output', {
      alias: 'o',
      ...string('write to this file; its ending gives the format when -f is absent', REPORT),
    })
    .option('limit', string('at most this many rows in a table (default: 50)', REPORT))
    .option('all', { type: 'boolean', group: REPORT, describe: 'every finding in full and every row, noise too' })
    .option(
      'fail-on',
      string('exit 1 when found: causes, a severity (that or worse), or "any" (all but notes)', REPORT),
    )
    .option('server', string('address, CIDR block, address:port or :port of the server', SELECTION))
    .option('client', string('the same of the client', SELECTION))
    .option('host', string('the same of either end', SELECTION))
    .option('port', string('port of either end', SELECTION))
    .option('cause', string('cause ids (whyrst causes lists them)', SELECTION))
    .option(
      'since',
      string('not before: 02:41:07, 2026-11-21T02:41:07Z, +90 (seconds after the first packet)', SELECTION),
    )
    .option('until', string('not after', SELECTION))
    .option('severity', string(`this or worse: ${SEVERITIES.join(' | ')}`, SELECTION))
    .option('min-confidence', string(`this or surer: ${CONFIDENCES.join(' | ')}`, SELECTION));
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
      throw error ?? new UsageError(plainer(message), 'whyrst --help says more');
    })
    .command(
      ['$0 [captures..]', 'diagnose'],
      'Say why each TCP connection in the captures was reset',
      (y) =>
        diagnosing(
          y.positional('captures', { type: 'string', array: true, describe: 'pcap or pcapng files; - for stdin' }),
        )
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
        common(reading(y))
          .positional('capture', { type: 'string', demandOption: true, describe: 'pcap or pcapng file; - for stdin' })
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
          capture: String(parsed['capture']),
          words: strings(parsed['what']).join(' '),
          reader: one(parsed, 'reader'),
          ...commonOptions(parsed),
        }),
    )
    .command(
      'explain <words..>',
      'Explain a cause, or the words of an error message',
      (y) =>
        common(y)
          .positional('words', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'a cause id, or words from a log',
          })
          .example('whyrst explain keepalive-race-after-fin', 'a cause')
          .example('whyrst explain "socket hang up"', 'words from a log'),
      (parsed) => take({ kind: 'explain', words: strings(parsed['words']).join(' '), ...commonOptions(parsed) }),
    )
    .command(
      'causes',
      'List the causes that whyrst knows',
      (y) => common(y),
      (parsed) => take({ kind: 'causes', ...commonOptions(parsed) }),
    )
    .help('help', 'show this help')
    .alias('help', 'h')
    .version('version', 'show the version', version)
    .epilogue('Exit status: 0 diagnosed, 1 --fail-on matched, 2 wrong usage or unreadable input.')
    .wrap(width);

  let printed = '';
  await parser.parseAsync([...argv], {}, (_error: unknown, _parsed: unknown, output: string) => {
    printed = output;
  });
  if (task !== null) return task;
  return { kind: 'print', text: `${printed.trimEnd()}\n` };
}

/** The help of the bare command, for a terminal where nothing was asked. */
export async function helpText(width: number, version: string): Promise<string> {
  const task = await parseArguments(['--help'], width, version);
  return task.kind === 'print' ? task.text : '';
}

function diagnoseTask(parsed: Parsed): DiagnoseTask {
  return {
    kind: 'diagnose',
    captures: strings(parsed['captures']),
    format: one(parsed, 'format'),
    output: one(parsed, 'output'),
    failOn: several(parsed, 'fail-on'),
    server: several(parsed, 'server'),
    client: several(parsed, 'client'),
    host: several(parsed, 'host'),
    port: several(parsed, 'port'),
    cause: several(parsed, 'cause'),
    since: one(parsed, 'since'),
    until: one(parsed, 'until'),
    severity: one(parsed, 'severity'),
    minConfidence: one(parsed, 'min-confidence'),
    limit: one(parsed, 'limit'),
    all: parsed['all'] === true,
    reader: one(parsed, 'reader'),
    ...commonOptions(parsed),
  };
}

function commonOptions(parsed: Parsed): CommonOptions {
  return {
    color: parsed['no-color'] === true ? false : undefined,
    tz: one(parsed, 'tz'),
    quiet: parsed['quiet'] === true,
    verbose: parsed['verbose'] === true,
  };
}

function strings(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Given twice, the last counts. */
function one(parsed: Parsed, name: string): string | undefined {
  return strings(parsed[name]).at(-1);
}

/** Given twice or with commas, all count. */
function several(parsed: Parsed, name: string): string[] {
  return strings(parsed[name])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

const OPTIONS = [
  ...['format', 'output', 'limit', 'all', 'fail-on', 'server', 'client', 'host', 'port', 'cause', 'since', 'until'],
  ...['severity', 'min-confidence', 'reader', 'tz', 'verbose', 'quiet', 'no-color', 'help', 'version'],
];

/** yargs' messages in our form: lower case, one line, with the option that was probably meant. */
function plainer(message: string): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message);
  if (unknown) {
    const names = (unknown[1] as string).split(', ');
    const first = names[0] as string;
    const dashed = first.length === 1 ? `-${first}` : `--${first}`;
    const meant = didYouMean(first, OPTIONS).replace('did you mean ', 'did you mean --');
    return `unknown option ${dashed}${meant}`;
  }
  const missing = /^Not enough arguments following: (.+)$/.exec(message);
  if (missing) return `option --${missing[1]} needs a value`;
  if (/^Not enough non-option arguments/.test(message)) return 'something is missing on the command line';
  const line = message.replace(/\s+/g, ' ').trim();
  return line.charAt(0).toLowerCase() + line.slice(1);
}
