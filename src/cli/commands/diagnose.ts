/** `whyrst capture.pcap …`: each file its own run; what can be read is diagnosed, whatever the others do. */

import { existsSync } from 'node:fs';
import { mergeDiagnoses } from '../../diagnose.js';
import { RunFiles } from '../../node/files/run-files.js';
import { select } from '../../report/select/select.js';
import { printable } from '../../report/words/printable.js';
import type { Diagnosis, UnreadCapture } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { version } from '../../version.js';
import type { AddressPermutation } from '../../write/permute.js';
import type { DiagnoseTask } from '../command-line/diagnose.js';
import { commandNames } from '../command-line/index.js';
import { criteriaOf } from '../criteria.js';
import { errorLines, problemOf, UsageError } from '../errors.js';
import { exitStatus, type Failure, failureOf, worse } from '../exit.js';
import { type FailOn, failsOnVerdict, parseFailOn } from '../fail-on.js';
import { type Inputs, NAME_OF_STDIN, pathsOf, runsOf } from '../inputs.js';
import { checkOutputs, writeStdout } from '../output.js';
import { readCapture } from '../read-capture.js';
import { loadSettings, type Settings, withoutSite } from '../settings.js';
import { suggest } from '../suggest.js';
import { formatFor, hidden, renderOptions, warnConfiguration, writeReport } from '../write-report.js';
import type { FollowJob } from './follow.js';

export async function diagnoseCommand(task: DiagnoseTask): Promise<number> {
  // Everything that can be wrong with the command line is said before a large capture is read.
  const format = formatFor(task);
  const loaded = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  // What a host is called is not for those from whom its address is hidden.
  const settings = task.anonymize ? withoutSite(loaded) : loaded;
  const { causes } = settings;
  const criteria = criteriaOf(task, causes);
  const permutation = await permutationFor(task);
  const failOn = parseFailOn(
    task.failOn,
    causes.map(({ id }) => id),
  );
  const options = renderOptions(task);
  if (task.captures.length === 0 && task.filesFrom === undefined && process.stdin.isTTY) {
    const { helpText } = await import('../command-line/parse.js');
    await writeStdout([await helpText(options.style?.width ?? 100, version)]);
    return exitStatus({ failed: 'usage', matched: false, sysexits: task.sysexits });
  }
  const operands = task.captures.length === 0 && task.filesFrom === undefined ? ['-'] : task.captures;
  if (operands[0] !== undefined) refuseMisspelt(operands[0]);
  refuseFollowing(task, operands);
  // What is followed is one file or pipe, whatever else lies there now.
  const captures = task.follow ? operands : pathsOf(operands, task);
  const files = new RunFiles(task);
  for (const path of captures) files.input(path, 'capture');
  for (const { path, kind } of settings.sources) files.input(path, kind);
  checkOutputs(files, task);
  const [path = '-'] = captures;
  const endless = format === 'ndjson' && task.output === undefined && captures.length === 1 && path === '-';
  if (task.follow || endless) {
    const job = {
      path,
      file: path === '-' ? (task.name ?? path) : path,
      format,
      settings,
      criteria,
      permutation,
      options,
    };
    return followed(task, job, failOn, files);
  }
  const { diagnoses, failed, unread } = await readAll(await runsOf(captures, task), task, settings);
  if (diagnoses.length === 0) return exitStatus({ failed, matched: false, sysexits: task.sysexits });
  const read = diagnoses.length === 1 ? (diagnoses[0] as Diagnosis) : mergeDiagnoses(diagnoses);
  const whole = unread.length === 0 ? read : { ...read, unread };
  return writeReport(whole, { criteria, failOn, format, options, failed, permutation, task, files });
}

/** What must be so that there is anything to follow. @throws UsageError */
function refuseFollowing(task: DiagnoseTask, captures: readonly string[]): void {
  if (!task.follow) {
    if (task.metrics !== undefined) throw new UsageError('--metrics goes with --follow');
    return;
  }
  if (captures.length !== 1) throw new UsageError(`--follow takes one capture, not ${captures.length}`);
  if (task.name !== undefined && captures[0] !== '-') throw new UsageError(NAME_OF_STDIN);
  if (task.twoPass) throw new UsageError('--follow reads once: leave --two-pass out');
}

async function followed(
  task: DiagnoseTask,
  job: Omit<FollowJob, 'stream' | 'reader' | 'metrics' | 'quiet' | 'seen'>,
  failOn: FailOn,
  files: RunFiles,
): Promise<number> {
  const { format, criteria, permutation, options, settings } = job;
  const { quiet, reader, metrics, output } = task;
  const stream = (format === 'text' || format === 'ndjson') && output === undefined;
  let matched = false;
  let told = 0;
  const seen = (verdict: Verdict) => {
    told++;
    matched ||= verdict.role !== 'aftershock' && failsOnVerdict(failOn, verdict);
  };
  if (format !== 'text' && settings.used !== null && !quiet) warnConfiguration(settings.used);
  if (!stream && !quiet) {
    const what = output === undefined ? format : `${format} in ${output}`;
    process.stderr.write(
      `whyrst: ${printable(what)} comes at the end (Ctrl-C); text and ndjson on standard output come as resets settle\n`,
    );
  }
  const { followCapture } = await import('./follow.js');
  const whole = await followCapture({ ...job, stream, reader, metrics, quiet, seen });
  const status = exitStatus({ failed: null, matched });
  if (whole === null) return status;
  const selected = criteria === null ? whole : select(whole, criteria, () => whole.findings);
  if (stream && format === 'ndjson') {
    const shown = permutation === null ? selected : await hidden(selected, permutation);
    const [capture] = shown.captures;
    const { captureLine } = await import('../../report/data/ndjson.js');
    if (capture !== undefined)
      await writeStdout([captureLine(shown, capture, shown.captures, told, options.selection)]);
    return status;
  }
  if (stream) await writeStdout(['\n']);
  await writeReport(selected, { criteria: null, failOn, format, options, failed: null, permutation, task, files });
  return status;
}

async function permutationFor(task: DiagnoseTask): Promise<AddressPermutation | null> {
  if (!task.anonymize && task.anonymizeKey === undefined) return null;
  return (await import('../anonymity.js')).permutationOf(task, process.env);
}

async function readAll(
  { runs, unreadable }: Inputs,
  task: DiagnoseTask,
  settings: Settings,
): Promise<{
  readonly diagnoses: readonly Diagnosis[];
  readonly failed: Failure | null;
  readonly unread: readonly UnreadCapture[];
}> {
  const diagnoses: Diagnosis[] = [];
  const unread: UnreadCapture[] = [];
  let failed: Failure | null = null;
  const tell = (error: unknown, file: string) => {
    process.stderr.write(errorLines(error, process.env));
    failed = worse(failed, failureOf(error));
    unread.push({ file, problem: problemOf(error, file) });
  };
  for (const { error, path } of unreadable) tell(error, path);
  let files = 0;
  for (const run of runs) {
    try {
      diagnoses.push(await readCapture(run, { ...task, number: runs.length > 1 ? files + 1 : undefined, settings }));
      files += run.files.length;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      tell(error, run.name);
    }
  }
  return { diagnoses, failed, unread };
}

/** `whyrst explian …` looks like a capture of that name; what follows was not meant to be diagnosed. @throws UsageError */
function refuseMisspelt(path: string): void {
  const command = existsSync(path) ? null : suggest(path, commandNames);
  if (command !== null) throw new UsageError(`${path}: no such file`, `did you mean the command: whyrst ${command}?`);
}
