/** From a diagnosis to the report that was asked for: format, selection, gate, where it goes. */

import type { RunFiles } from '../node/files/run-files.js';
import { configurationText } from '../report/configuration.js';
import { type Format, formatNames, formatOfFile, isFormat } from '../report/formats.js';
import type { RenderOptions } from '../report/options.js';
import { type Criteria, select } from '../report/select/select.js';
import { printable } from '../report/words/printable.js';
import type { Diagnosis, UsedConfiguration } from '../reset/verdicts/diagnosis.js';
import { regroup } from '../reset/verdicts/findings.js';
import type { AddressPermutation } from '../write/permute.js';
import type { SelectionOptions } from './command-line/shared.js';
import { clockOf, refuseReversed, selectionText, startsOf } from './criteria.js';
import { UsageError } from './errors.js';
import { exitStatus, type Failure } from './exit.js';
import { type FailOn, failsOn } from './fail-on.js';
import { appendSummary, PipeClosed, writeFile, writeStdout } from './output.js';
import { rendererFor } from './renderers.js';
import { didYouMean } from './suggest.js';
import { styleFor } from './terminal.js';

/** What is asked of a report, by the names of its options. */
export interface ReportTask extends SelectionOptions {
  readonly format: string | undefined;
  readonly output: string | undefined;
  readonly limit: string | undefined;
  readonly all: boolean;
  readonly github: boolean;
  readonly tz: string | undefined;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly color: false | undefined;
  readonly sysexits: boolean;
}

export interface ReportJob {
  readonly criteria: Criteria | null;
  readonly failOn: FailOn;
  readonly format: Format;
  readonly options: RenderOptions;
  readonly failed: Failure | null;
  readonly permutation: AddressPermutation | null;
  readonly task: ReportTask;
  readonly files: RunFiles;
}

/** Selects, renders and writes; what it returns is the exit status. */
export async function writeReport(whole: Diagnosis, job: ReportJob): Promise<number> {
  const { criteria, failOn, format, options, failed, permutation, task, files } = job;
  refuseReversed(task, criteria, startsOf(whole));
  const selected = criteria === null ? whole : select(whole, criteria, regroup);
  const diagnosis = permutation === null ? selected : await hidden(selected, permutation);
  const status = exitStatus({ failed, matched: failsOn(failOn, diagnosis), sysexits: task.sysexits });
  if (format !== 'text' && !task.quiet) warn(whole);
  try {
    const chunks = (await rendererFor(format))(diagnosis, options);
    await (task.output === undefined ? writeStdout(chunks) : writeFile(task.output, chunks, files));
    if (task.github) await tellGitHub(diagnosis, options);
  } catch (error) {
    // `whyrst … --fail-on any | head -1` still answers what it was asked.
    if (error instanceof PipeClosed) return status;
    throw error;
  }
  return status;
}

/** The same without what must not be told. */
export async function hidden(diagnosis: Diagnosis, permutation: AddressPermutation): Promise<Diagnosis> {
  return (await import('../report/anonymize.js')).anonymize(diagnosis, permutation);
}

async function tellGitHub(diagnosis: Diagnosis, options: RenderOptions): Promise<void> {
  const { annotationLines, findingAnnotations } = await import('../report/ci/github.js');
  await writeStdout(annotationLines(findingAnnotations(diagnosis)).map((line) => `${line}\n`));
  appendSummary((await rendererFor('markdown'))(diagnosis, options));
}

/** @throws UsageError */
export function formatFor(task: Pick<ReportTask, 'format' | 'output'>): Format {
  if (task.format !== undefined) {
    if (isFormat(task.format)) return task.format;
    const meant = didYouMean(task.format, formatNames);
    throw new UsageError(`--format ${task.format}: no such format${meant}`, `known: ${formatNames.join(', ')}`);
  }
  return (task.output === undefined ? null : formatOfFile(task.output)) ?? 'text';
}

/** @throws UsageError */
export function renderOptions({
  anonymize = false,
  ...task
}: ReportTask & { readonly anonymize?: boolean }): RenderOptions {
  clockOf(task.tz);
  const limit = task.limit === undefined ? undefined : Number(task.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new UsageError(`--limit ${task.limit}: must be a whole number above 0`);
  }
  const toFile = task.output !== undefined;
  const terminal = { isTTY: !toFile && process.stdout.isTTY === true, columns: process.stdout.columns };
  const selection = selectionText(task);
  return {
    // A file is read later, in a viewer that we do not know: UTF-8 and no colours.
    style: toFile ? { width: 100, ascii: false, colour: false } : styleFor(terminal, process.env, task.color),
    all: task.all,
    quiet: task.quiet,
    verbose: task.verbose,
    ...(task.tz === undefined ? {} : { tz: task.tz }),
    ...(limit === undefined ? {} : { limit }),
    // What was selected would give away what is to be hidden.
    ...(selection === '' ? {} : { selection: anonymize ? 'not named here' : selection }),
  };
}

/** The text report says these in its head; formats for programs say them on stderr as well. */
function warn(diagnosis: Diagnosis): void {
  if (diagnosis.configuration !== undefined) warnConfiguration(diagnosis.configuration);
  for (const { file, warnings } of diagnosis.captures) {
    for (const { text } of warnings) process.stderr.write(`whyrst: warning: ${printable(`${file}: ${text}`)}\n`);
  }
}

/** One that changes no verdict is not worth a line. */
export function warnConfiguration(configuration: UsedConfiguration): void {
  if (configuration.limits.length === 0 && !configuration.site) return;
  process.stderr.write(`whyrst: configuration ${printable(configurationText(configuration))}\n`);
}
