/** Every option once: the parser, the help, "did you mean" and the shell completions are made of this table. */

import { formatNames } from '../report/render.js';
import { CONFIDENCES, SEVERITIES } from '../report/select.js';

export type CommandName = 'diagnose' | 'show' | 'explain' | 'causes' | 'completion';

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

export const COMMANDS = ['show', 'explain', 'causes', 'completion'] as const satisfies readonly CommandName[];
export const SHELLS = ['bash', 'zsh'] as const;

const REPORT = 'Report';
const SELECTION = 'Selection (a repeated or comma-separated value is an alternative)';
const EVERY: readonly CommandName[] = ['diagnose', 'show', 'explain', 'causes'];
const READING: readonly CommandName[] = ['diagnose', 'show'];
const DIAGNOSE: readonly CommandName[] = ['diagnose'];

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
    name: 'output',
    alias: 'o',
    describe: 'write to this file; its ending gives the format when -f is absent',
    value: 'file',
    group: REPORT,
    commands: DIAGNOSE,
  },
  {
    name: 'limit',
    describe: 'at most this many rows in a table (default: 50)',
    value: 'any',
    group: REPORT,
    commands: DIAGNOSE,
  },
  { name: 'all', describe: 'every finding in full and every row, noise too', group: REPORT, commands: DIAGNOSE },
  {
    name: 'fail-on',
    describe: 'exit 1 when found: causes, a severity (that or worse), or "any" (all but notes)',
    value: 'fail-on',
    group: REPORT,
    commands: DIAGNOSE,
  },
  {
    name: 'server',
    describe: 'address, CIDR block, address:port or :port of the server',
    value: 'any',
    group: SELECTION,
    commands: DIAGNOSE,
  },
  { name: 'client', describe: 'the same of the client', value: 'any', group: SELECTION, commands: DIAGNOSE },
  { name: 'host', describe: 'the same of either end', value: 'any', group: SELECTION, commands: DIAGNOSE },
  { name: 'port', describe: 'port of either end', value: 'any', group: SELECTION, commands: DIAGNOSE },
  {
    name: 'cause',
    describe: 'cause ids (whyrst causes lists them)',
    value: 'cause',
    group: SELECTION,
    commands: DIAGNOSE,
  },
  {
    name: 'since',
    describe: 'not before: 02:41:07, 2026-11-21T02:41:07Z, +90 (seconds after the first packet)',
    value: 'any',
    group: SELECTION,
    commands: DIAGNOSE,
  },
  { name: 'until', describe: 'not after', value: 'any', group: SELECTION, commands: DIAGNOSE },
  {
    name: 'severity',
    describe: `this or worse: ${SEVERITIES.join(' | ')}`,
    value: 'severity',
    group: SELECTION,
    commands: DIAGNOSE,
  },
  {
    name: 'min-confidence',
    describe: `this or surer: ${CONFIDENCES.join(' | ')}`,
    value: 'confidence',
    group: SELECTION,
    commands: DIAGNOSE,
  },
  {
    name: 'tz',
    describe: 'zone of the times: UTC (default), local, +02:00, Europe/Berlin',
    value: 'any',
    commands: READING,
  },
  {
    name: 'reader',
    describe: 'read classic pcap with another reader (pcap-parser), as a second opinion',
    value: 'reader',
    commands: READING,
  },
  {
    name: 'verbose',
    alias: 'v',
    describe: 'more: raw sequence numbers, every packet, the facts behind a verdict',
    commands: READING,
  },
  {
    name: 'quiet',
    alias: 'q',
    describe: 'less: the sentences only, and no progress or warnings on stderr',
    commands: READING,
  },
  { name: 'no-color', describe: 'no colours (also: NO_COLOR=1)', commands: EVERY },
];

/** As they are typed: `--format`, `-f`. */
export function spellings(option: OptionEntry): readonly string[] {
  return option.alias === undefined ? [`--${option.name}`] : [`-${option.alias}`, `--${option.name}`];
}
