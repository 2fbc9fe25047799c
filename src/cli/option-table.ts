/** Every option once: the parser, the help, "did you mean" and the shell completions are made of this table. */

import { formatNames } from '../report/formats.js';
import { CONFIDENCES, SEVERITIES } from '../report/select/select.js';

export type CommandName = 'diagnose' | 'show' | 'check' | 'annotate' | 'extract' | 'explain' | 'causes' | 'completion';

/** What may follow an option, for completion. */
export type ValueKind =
  | 'format'
  | 'severity'
  | 'confidence'
  | 'cause'
  | 'fail-on'
  | 'reader'
  | 'file'
  | 'shell'
  | 'by'
  | 'any';

export interface OptionEntry {
  readonly name: string;
  readonly alias?: string;
  readonly describe: string;
  /** Absent for a flag. */
  readonly value?: ValueKind;
  readonly group?: string;
  readonly commands: readonly CommandName[];
}

export const COMMANDS = [
  'show',
  'check',
  'annotate',
  'extract',
  'explain',
  'causes',
  'completion',
] as const satisfies readonly CommandName[];
/** How `extract` divides a capture. */
export const EXTRACT_BY = ['connection', 'cause', 'capture'] as const;
export const SHELLS = ['bash', 'zsh'] as const;

const REPORT = 'Report';
const SELECTION = 'Selection (a repeated or comma-separated value is an alternative)';
const GATE = 'Gate';
const EVERY: readonly CommandName[] = ['diagnose', 'show', 'check', 'annotate', 'extract', 'explain', 'causes'];
const READING: readonly CommandName[] = ['diagnose', 'show', 'check', 'extract'];
const ZONED: readonly CommandName[] = ['diagnose', 'show', 'extract'];
const DIAGNOSE: readonly CommandName[] = ['diagnose'];
const SELECTING: readonly CommandName[] = ['diagnose', 'extract'];
const GATED: readonly CommandName[] = ['diagnose', 'check'];
const WRITING: readonly CommandName[] = ['diagnose', 'check', 'annotate', 'extract'];
const CHECK: readonly CommandName[] = ['check'];
const EXTRACT: readonly CommandName[] = ['extract'];

export const OPTIONS: readonly OptionEntry[] = [
  {
    name: 'format',
    alias: 'f',
    describe: `${formatNames.join(' | ')} (default: text)`,
    value: 'format',
    group: REPORT,
    commands: DIAGNOSE,
  },
  {
    name: 'format',
    alias: 'f',
    describe: 'text | junit | markdown (default: text)',
    value: 'format',
    group: REPORT,
    commands: CHECK,
  },
  {
    name: 'output',
    alias: 'o',
    describe: 'write to this file; its ending gives the format when -f is absent',
    value: 'file',
    group: REPORT,
    commands: GATED,
  },
  {
    name: 'output',
    alias: 'o',
    describe: 'the pcapng file to write',
    value: 'file',
    group: REPORT,
    commands: ['annotate'],
  },
  {
    name: 'output',
    alias: 'o',
    describe: 'the folder to write into',
    value: 'file',
    group: REPORT,
    commands: EXTRACT,
  },
  {
    name: 'force',
    describe: 'let -o replace a file that is a packet capture (an input of the run never)',
    group: REPORT,
    commands: WRITING,
  },
  {
    name: 'limit',
    describe: 'at most this many rows in a table (default: 50)',
    value: 'any',
    group: REPORT,
    commands: DIAGNOSE,
  },
  { name: 'all', describe: 'every finding in full and every row, noise too', group: REPORT, commands: DIAGNOSE },
  { name: 'all', describe: 'also more than 1,000 files', group: REPORT, commands: EXTRACT },
  {
    name: 'fail-on',
    describe: 'exit 1 when found: causes, a severity (that or worse), or "any" (all but notes)',
    value: 'fail-on',
    group: GATE,
    commands: GATED,
  },
  {
    name: 'max-resets',
    describe: 'fail when the captures hold more resets than this, aftershocks aside',
    value: 'any',
    group: GATE,
    commands: CHECK,
  },
  {
    name: 'baseline',
    describe: 'an earlier report (-f json): only what is new, or more of it, fails',
    value: 'file',
    group: GATE,
    commands: CHECK,
  },
  {
    name: 'ignore',
    describe: "pass over these until a day, for a reason: 'port-scan * -> 10.0.0.0/8 until 2027-03-01 # scanner'",
    value: 'any',
    group: GATE,
    commands: CHECK,
  },
  { name: 'update', describe: 'write what the captures hold into their .expect files', group: GATE, commands: CHECK },
  { name: 'exact', describe: 'with --update: ports and frames too', group: GATE, commands: CHECK },
  {
    name: 'github',
    describe: 'annotations for GitHub Actions on stdout, and the job summary',
    group: GATE,
    commands: GATED,
  },
  {
    name: 'by',
    describe: 'one file per connection (default) or cause; or all TCP of a capture',
    value: 'by',
    group: REPORT,
    commands: EXTRACT,
  },
  {
    name: 'anonymize',
    describe: 'addresses replaced (equal prefixes stay equal), names and payload removed',
    group: REPORT,
    commands: SELECTING,
  },
  {
    name: 'anonymize-key',
    describe: 'key of the addresses, the same for what belongs together (better: WHYRST_ANONYMIZE_KEY)',
    value: 'any',
    group: REPORT,
    commands: SELECTING,
  },
  {
    name: 'server',
    describe: 'address, CIDR block, address:port or :port of the server',
    value: 'any',
    group: SELECTION,
    commands: SELECTING,
  },
  { name: 'client', describe: 'the same of the client', value: 'any', group: SELECTION, commands: SELECTING },
  { name: 'host', describe: 'the same of either end', value: 'any', group: SELECTION, commands: SELECTING },
  { name: 'port', describe: 'port of either end', value: 'any', group: SELECTION, commands: SELECTING },
  {
    name: 'cause',
    describe: 'cause ids (whyrst causes lists them)',
    value: 'cause',
    group: SELECTION,
    commands: SELECTING,
  },
  {
    name: 'since',
    describe: 'not before: 02:41:07, 2026-11-21T02:41:07Z, +90 (seconds after the first packet)',
    value: 'any',
    group: SELECTION,
    commands: SELECTING,
  },
  { name: 'until', describe: 'not after', value: 'any', group: SELECTION, commands: SELECTING },
  {
    name: 'severity',
    describe: `this or worse: ${SEVERITIES.join(' | ')}`,
    value: 'severity',
    group: SELECTION,
    commands: SELECTING,
  },
  {
    name: 'min-confidence',
    describe: `this or surer: ${CONFIDENCES.join(' | ')}`,
    value: 'confidence',
    group: SELECTION,
    commands: SELECTING,
  },
  {
    name: 'tz',
    describe: 'zone of the times: UTC (default), local, +02:00, Europe/Berlin',
    value: 'any',
    commands: ZONED,
  },
  { name: 'causes', describe: "modules with causes of the team's own", value: 'file', commands: EVERY },
  {
    name: 'config',
    describe:
      'configuration (default: whyrst.config.json, .yaml, .js or "whyrst" in package.json); no verdict is certain under changed limits',
    value: 'file',
    commands: EVERY,
  },
  {
    name: 'reader',
    describe: 'read classic pcap with another reader (pcap-parser), as a second opinion',
    value: 'reader',
    commands: READING,
  },
  {
    name: 'two-pass',
    describe: 'survey a file first and pass over what is regular: the same diagnosis',
    commands: READING,
  },
  {
    name: 'verbose',
    alias: 'v',
    describe: 'more: raw sequence numbers, every packet, the facts behind a verdict',
    commands: ['diagnose', 'show'],
  },
  {
    name: 'quiet',
    alias: 'q',
    describe: 'less: the sentences only, and no progress or warnings on stderr',
    commands: ['diagnose', 'show', 'check', 'annotate', 'extract'],
  },
  { name: 'no-color', describe: 'no colours (also: NO_COLOR=1)', commands: EVERY },
];

/** As they are typed: `--format`, `-f`. */
export function spellings(option: OptionEntry): readonly string[] {
  return option.alias === undefined ? [`--${option.name}`] : [`-${option.alias}`, `--${option.name}`];
}
