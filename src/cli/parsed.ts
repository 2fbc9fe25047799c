/** What was given on a command line, option by option, as the task it asks for. */

import type {
  AnonymizeOptions,
  CheckTask,
  CommonOptions,
  DiagnoseTask,
  ExtractTask,
  OutputOptions,
  ReadingOptions,
  SelectionOptions,
  SettingsOptions,
} from './tasks.js';

/** By the name of the option or the place: true for a flag, else what was parsed, once or several times. */
export type Parsed = Readonly<Record<string, unknown>>;

export function diagnoseTask(parsed: Parsed): DiagnoseTask {
  return {
    kind: 'diagnose',
    captures: strings(parsed['captures']),
    format: one(parsed, 'format'),
    ...outputOptions(parsed),
    failOn: several(parsed, 'fail-on'),
    limit: one(parsed, 'limit'),
    all: parsed['all'] === true,
    github: parsed['github'] === true,
    ...selectionOptions(parsed),
    ...anonymizeOptions(parsed),
    ...readingOptions(parsed),
    ...commonOptions(parsed),
  };
}

export function checkTask(parsed: Parsed): CheckTask {
  return {
    kind: 'check',
    captures: strings(parsed['captures']),
    format: one(parsed, 'format'),
    ...outputOptions(parsed),
    failOn: several(parsed, 'fail-on'),
    maxResets: one(parsed, 'max-resets'),
    baseline: one(parsed, 'baseline'),
    // A reason may hold commas.
    ignore: strings(parsed['ignore']),
    github: parsed['github'] === true,
    update: parsed['update'] === true,
    exact: parsed['exact'] === true,
    ...readingOptions(parsed),
    ...commonOptions(parsed),
  };
}

export function extractTask(parsed: Parsed): ExtractTask {
  return {
    kind: 'extract',
    captures: strings(parsed['captures']),
    ...outputOptions(parsed),
    by: one(parsed, 'by'),
    all: parsed['all'] === true,
    ...selectionOptions(parsed),
    ...anonymizeOptions(parsed),
    ...readingOptions(parsed),
    ...commonOptions(parsed),
  };
}

function selectionOptions(parsed: Parsed): SelectionOptions {
  return {
    server: several(parsed, 'server'),
    client: several(parsed, 'client'),
    host: several(parsed, 'host'),
    port: several(parsed, 'port'),
    cause: several(parsed, 'cause'),
    since: one(parsed, 'since'),
    until: one(parsed, 'until'),
    severity: one(parsed, 'severity'),
    minConfidence: one(parsed, 'min-confidence'),
  };
}

function anonymizeOptions(parsed: Parsed): AnonymizeOptions {
  return { anonymize: parsed['anonymize'] === true, anonymizeKey: one(parsed, 'anonymize-key') };
}

export function outputOptions(parsed: Parsed): OutputOptions {
  return { output: one(parsed, 'output'), force: parsed['force'] === true };
}

export function settingsOptions(parsed: Parsed): SettingsOptions {
  return { config: one(parsed, 'config'), causes: several(parsed, 'causes') };
}

export function readingOptions(parsed: Parsed): ReadingOptions {
  return { reader: one(parsed, 'reader'), twoPass: parsed['two-pass'] === true, ...settingsOptions(parsed) };
}

export function commonOptions(parsed: Parsed): CommonOptions {
  return {
    color: parsed['no-color'] === true ? false : undefined,
    tz: one(parsed, 'tz'),
    quiet: parsed['quiet'] === true,
    verbose: parsed['verbose'] === true,
  };
}

export function strings(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((word) => restored(String(word)));
}

/** Stands for `-` while yargs works: it takes a lone dash in a named place for an empty word. */
export const DASH = '\u0001-';

function restored(word: string): string {
  return word === DASH ? '-' : word;
}

/** Given twice, the last counts. */
export function one(parsed: Parsed, name: string): string | undefined {
  return strings(parsed[name]).at(-1);
}

/** Given twice or with commas, all count. */
function several(parsed: Parsed, name: string): string[] {
  return strings(parsed[name])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
