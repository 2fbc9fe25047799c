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

/** By the name of the option or the place: true for a flag, else what was given, once or several times. */
export type Given = Readonly<Record<string, unknown>>;

export function diagnoseTask(given: Given): DiagnoseTask {
  return {
    kind: 'diagnose',
    captures: strings(given['captures']),
    format: one(given, 'format'),
    ...outputOptions(given),
    failOn: several(given, 'fail-on'),
    limit: one(given, 'limit'),
    all: given['all'] === true,
    github: given['github'] === true,
    ...selectionOptions(given),
    ...anonymizeOptions(given),
    ...readingOptions(given),
    ...commonOptions(given),
  };
}

export function checkTask(given: Given): CheckTask {
  return {
    kind: 'check',
    captures: strings(given['captures']),
    format: one(given, 'format'),
    ...outputOptions(given),
    failOn: several(given, 'fail-on'),
    maxResets: one(given, 'max-resets'),
    baseline: one(given, 'baseline'),
    // A reason may hold commas.
    ignore: strings(given['ignore']),
    github: given['github'] === true,
    update: given['update'] === true,
    exact: given['exact'] === true,
    ...readingOptions(given),
    ...commonOptions(given),
  };
}

export function extractTask(given: Given): ExtractTask {
  return {
    kind: 'extract',
    captures: strings(given['captures']),
    ...outputOptions(given),
    by: one(given, 'by'),
    all: given['all'] === true,
    ...selectionOptions(given),
    ...anonymizeOptions(given),
    ...readingOptions(given),
    ...commonOptions(given),
  };
}

function selectionOptions(given: Given): SelectionOptions {
  return {
    server: several(given, 'server'),
    client: several(given, 'client'),
    host: several(given, 'host'),
    port: several(given, 'port'),
    cause: several(given, 'cause'),
    since: one(given, 'since'),
    until: one(given, 'until'),
    severity: one(given, 'severity'),
    minConfidence: one(given, 'min-confidence'),
  };
}

function anonymizeOptions(given: Given): AnonymizeOptions {
  return { anonymize: given['anonymize'] === true, anonymizeKey: one(given, 'anonymize-key') };
}

export function outputOptions(given: Given): OutputOptions {
  return { output: one(given, 'output'), force: given['force'] === true };
}

export function settingsOptions(given: Given): SettingsOptions {
  return { config: one(given, 'config'), causes: several(given, 'causes') };
}

export function readingOptions(given: Given): ReadingOptions {
  return { reader: one(given, 'reader'), onePass: given['one-pass'] === true, ...settingsOptions(given) };
}

export function commonOptions(given: Given): CommonOptions {
  return {
    color: given['no-color'] === true ? false : undefined,
    tz: one(given, 'tz'),
    quiet: given['quiet'] === true,
    verbose: given['verbose'] === true,
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
export function one(given: Given, name: string): string | undefined {
  return strings(given[name]).at(-1);
}

/** Given twice or with commas, all count. */
function several(given: Given, name: string): string[] {
  return strings(given[name])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
