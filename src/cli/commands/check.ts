/** `whyrst check captures/**`: each capture against its `.expect` file, and all of them against the other gates. */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Baseline, readBaseline } from '../../gate/baseline.js';
import {
  type CaptureCheck,
  checkCapture,
  expectationProblem,
  type Gate,
  tooMany,
  unreadable,
  withProblems,
} from '../../gate/check.js';
import { checkAnnotations, checkMarkdown, checkSuites, checkText } from '../../gate/check-report.js';
import { BadLine, ExpectError, type ExpectFile, parseExpectFile, type Vocabulary } from '../../gate/expect-file.js';
import { type Ignore, makeIgnore, parseIgnore, sift } from '../../gate/ignore.js';
import { updated } from '../../gate/update.js';
import { RunFiles } from '../../node/files/run-files.js';
import { readSmallFile } from '../../node/files/small-file.js';
import { annotationLines } from '../../report/ci/github.js';
import { junitXml } from '../../report/ci/junit.js';
import { configurationText } from '../../report/configuration.js';
import { printable } from '../../report/words/printable.js';
import { quoted } from '../../report/words/shell.js';
import type { Diagnosis, UsedConfiguration } from '../../reset/verdicts/diagnosis.js';
import { CHECK_FORMATS, type CheckTask } from '../command-line/check.js';
import { errorLines, systemMessage, UsageError } from '../errors.js';
import { exitStatus, type Failure, failureOf, worse } from '../exit.js';
import { type FailOn, failsOnVerdict, parseFailOn } from '../fail-on.js';
import { type CaptureRun, pathsOf, runsOf } from '../inputs.js';
import { appendSummary, checkOutputs, writeFile, writeStdout } from '../output.js';
import { readCapture } from '../read-capture.js';
import { loadSettings, type Settings } from '../settings.js';
import { didYouMean } from '../suggest.js';
import { styleFor } from '../terminal.js';

type CheckFormat = (typeof CHECK_FORMATS)[number];

/** Beside the capture: `x.pcap.expect`, or `x.expect`. */
const ENDING = '.expect';

export async function checkCommand(task: CheckTask): Promise<number> {
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: true });
  const format = formatOf(task);
  if (task.exact && !task.update) throw new UsageError('--exact says how to --update: give both');
  const gate = gateOf(task, settings);
  const vocabulary = vocabularyOf(settings);
  const captures = capturesOf(task, settings);
  const { runs, unreadable: lost } = await runsOf(captures, task);
  const checked = runs.flatMap((run) => (task.join ? [run] : withOwnExpectations(run)));
  const files = filesOf(task, settings, captures, checked);
  const known = new Map(gate.baseline?.known ?? []);
  const checks: CaptureCheck[] = [];
  let failed: Failure | null = null;
  const unread = (path: string, error: unknown) => {
    failed = worse(failed, failureOf(error));
    checks.push(unreadable(path, messageOf(error)));
  };
  for (const { path, error } of lost) unread(path, error);
  for (const run of checked) {
    const path = run.name;
    let diagnosis: Diagnosis;
    try {
      diagnosis = await readCapture(run, { ...task, number: undefined, settings });
    } catch (error) {
      if (error instanceof UsageError) throw error;
      unread(path, error);
      continue;
    }
    if (task.update) await update(expectPath(run), diagnosis, gate, vocabulary, task, files);
    else checks.push(checkOne(run, diagnosis, gate, vocabulary, known));
  }
  if (task.update) {
    for (const { problems } of checks)
      for (const { rows } of problems) process.stderr.write(`whyrst: ${printable(rows[0]?.[1] ?? '')}\n`);
    return exitStatus({ failed, matched: false, sysexits: task.sysexits });
  }
  const over = tooMany(checks, gate.maxResets);
  const last = over.length === 0 ? -1 : checks.findIndex(({ capture }) => capture === over[0]?.file);
  const all = checks.map((check, index) => (index === last ? withProblems(check, over) : check));
  await tell(all, format, task, files, settings.used);
  const matched = all.some(({ problems }) => problems.length > 0);
  return exitStatus({ failed, matched, sysexits: task.sysexits });
}

/** What is read, and whether all that will be written may be. @throws OutputRefused */
function filesOf(
  task: CheckTask,
  settings: Settings,
  captures: readonly string[],
  runs: readonly CaptureRun[],
): RunFiles {
  const files = new RunFiles(task);
  for (const path of captures) files.input(path, 'capture');
  // An update is meant to replace these.
  if (!task.update) for (const run of runs) files.input(expectPath(run), 'file of expectations');
  for (const { path, kind } of settings.sources) files.input(path, kind);
  const baseline = baselinePath(task, settings);
  if (baseline !== undefined) files.input(baseline, 'baseline');
  checkOutputs(files, task);
  if (task.update) checkUpdates(runs, files);
  return files;
}

/** Two captures of one file of expectations (`x.expect`): the second would write over what was found in the first. */
function checkUpdates(runs: readonly CaptureRun[], files: RunFiles): void {
  const owners = new Map<string, string>();
  for (const run of runs) {
    const path = run.name;
    const file = expectPath(run);
    files.check(file);
    const owner = owners.get(resolve(file));
    if (owner !== undefined) throw new UsageError(`${file} is of ${owner} and of ${path}: update one of them alone`);
    owners.set(resolve(file), path);
  }
}

/** @throws UsageError */
function formatOf(task: CheckTask): CheckFormat {
  const { output, format = output?.endsWith('.xml') ? 'junit' : output?.endsWith('.md') ? 'markdown' : 'text' } = task;
  const found = CHECK_FORMATS.find((name) => name === format);
  if (found !== undefined) return found;
  throw new UsageError(
    `--format ${format}: check knows ${CHECK_FORMATS.join(', ')}${didYouMean(format, CHECK_FORMATS)}`,
  );
}

function vocabularyOf({ causes }: Settings): Vocabulary {
  return { causes, meant: didYouMean };
}

/** Each file of a series that has expectations of its own is checked by itself, and so are the others then. */
function withOwnExpectations(run: CaptureRun): readonly CaptureRun[] {
  const alone = run.files.map(({ name }) => ({ name, files: [{ name }] }));
  return alone.slice(1).some((one) => existsSync(expectPath(one))) ? alone : [run];
}

/** @throws UsageError also for a pattern that matches nothing: a gate that looks at no capture must not pass. */
function capturesOf(task: CheckTask, { config, folder }: Settings): readonly string[] {
  const named = task.captures.length > 0 || task.filesFrom !== undefined;
  const operands = named ? task.captures : (config.captures ?? []);
  if (operands.length === 0 && task.filesFrom === undefined)
    throw new UsageError('check: name the captures, or list them under "captures" in the configuration');
  return pathsOf(operands, task, named ? process.cwd() : folder);
}

function gateOf(task: CheckTask, settings: Settings): Gate {
  const { config } = settings;
  const failOnWords = task.failOn.length > 0 ? task.failOn : (config.failOn ?? []);
  const failOn: FailOn | null =
    failOnWords.length === 0
      ? null
      : parseFailOn(
          failOnWords,
          settings.causes.map(({ id }) => id),
        );
  const baseline = baselinePath(task, settings);
  return {
    today: new Date().toISOString().slice(0, 10),
    causes: settings.causes,
    ignores: ignoresOf(task, settings),
    maxResets: maxResetsOf(task, config.maxResets),
    baseline:
      baseline === undefined
        ? null
        : { file: task.baseline ?? (config.baseline as string), known: baselineOf(baseline) },
    failsOn: failOn === null ? null : (verdict) => failsOnVerdict(failOn, verdict),
    failOnText: failOnWords.join(','),
  };
}

function baselinePath(task: CheckTask, { config, folder }: Settings): string | undefined {
  return task.baseline ?? (config.baseline === undefined ? undefined : resolve(folder, config.baseline));
}

/** @throws UsageError */
function ignoresOf(task: CheckTask, settings: Settings): readonly Ignore[] {
  const vocabulary = vocabularyOf(settings);
  const attempt = (what: string, make: () => Ignore): Ignore => {
    try {
      return make();
    } catch (error) {
      if (error instanceof BadLine)
        throw new UsageError(
          `${what}: ${error.message}`,
          "for example --ignore 'port-scan until 2027-03-01 # nightly scanner'",
        );
      throw error;
    }
  };
  return [
    ...task.ignore.map((text) => attempt(`--ignore ${text}`, () => parseIgnore(text, vocabulary))),
    ...(settings.config.ignore ?? []).map((entry, index) =>
      attempt(`ignore[${index}] of the configuration`, () => makeIgnore(entry, vocabulary)),
    ),
  ];
}

function maxResetsOf(task: CheckTask, configured: number | undefined): number | null {
  if (task.maxResets === undefined) return configured ?? null;
  if (/^\d+$/.test(task.maxResets)) return Number(task.maxResets);
  throw new UsageError(`--max-resets ${task.maxResets}: must be a whole number`);
}

function baselineOf(path: string): Baseline {
  try {
    return readBaseline(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `--baseline ${systemMessage(Object.assign(error as Error, { path })) ?? `${path}: ${(error as Error).message}`}`,
    );
  }
}

/** Of a series: that of its first file. */
function expectPath({ files }: CaptureRun): string {
  const capture = files[0]?.name ?? '-';
  const own = `${capture}${ENDING}`;
  const short = capture.replace(/\.(pcap|pcapng|cap)(\.(gz|zst))?$/i, '') + ENDING;
  return !existsSync(own) && existsSync(short) ? short : own;
}

function checkOne(
  run: CaptureRun,
  diagnosis: Diagnosis,
  gate: Gate,
  vocabulary: Vocabulary,
  known: Map<string, number>,
): CaptureCheck {
  const file = expectPath(run);
  const otherGate = gate.baseline !== null || gate.maxResets !== null || gate.failsOn !== null;
  if (!existsSync(file)) {
    const check = checkCapture(diagnosis, null, gate, known);
    if (otherGate) return check;
    const text = `${file} does not exist; whyrst check --update ${quoted(run.name)} writes what the capture holds`;
    return withProblems(check, [expectationProblem(run.name, null, 'The capture has no expectations', text)]);
  }
  let expected: ExpectFile;
  try {
    expected = parseExpectFile(readSmallFile(file, { links: true }), file, vocabulary);
  } catch (error) {
    const check = checkCapture(diagnosis, null, gate, known);
    if (!(error instanceof ExpectError)) {
      return withProblems(check, [expectationProblem(file, null, 'The expectations cannot be read', messageOf(error))]);
    }
    return withProblems(
      check,
      error.errors.map(({ line, message }) => expectationProblem(file, line, `${file}:${line}: ${message}`, message)),
    );
  }
  return checkCapture(diagnosis, expected, gate, known);
}

/** @throws UsageError where the system does not let us read it: it is not written over then */
function expectationsOf(file: string): string {
  try {
    return readSmallFile(file, { links: true });
  } catch (error) {
    const message = systemMessage(error);
    throw message === null ? error : new UsageError(message);
  }
}

async function update(
  file: string,
  diagnosis: Diagnosis,
  gate: Gate,
  vocabulary: Vocabulary,
  task: CheckTask,
  files: RunFiles,
): Promise<void> {
  const text = existsSync(file) ? expectationsOf(file) : null;
  let old: { readonly text: string; readonly file: ExpectFile } | null = null;
  try {
    old = text === null ? null : { text, file: parseExpectFile(text, file, vocabulary) };
  } catch (error) {
    // Somebody's work with a mistake in it is not thrown away.
    if (error instanceof ExpectError)
      throw new UsageError(`${error.message.split('\n')[0]}; correct or remove the file first`);
    throw error;
  }
  const { kept } = sift(
    diagnosis.verdicts.filter(({ role }) => role !== 'aftershock'),
    gate.ignores,
    gate.today,
  );
  const { text: next, lost } = updated(kept, old, { exact: task.exact, today: gate.today });
  const same = next === text;
  if (!same) await writeFile(file, [next], files);
  if (!task.quiet) await writeStdout([`${same ? 'same   ' : 'written'}  ${printable(file)}\n`]);
  for (const reason of lost)
    process.stderr.write(`whyrst: warning: ${printable(`${file}:${reason}`)}: the line of this reason is gone\n`);
}

async function tell(
  checks: readonly CaptureCheck[],
  format: CheckFormat,
  task: CheckTask,
  files: RunFiles,
  used: UsedConfiguration | null,
): Promise<void> {
  const terminal = {
    isTTY: task.output === undefined && process.stdout.isTTY === true,
    columns: process.stdout.columns,
  };
  const style = styleFor(terminal, process.env, task.color);
  const text = () => withHead(used, checkText(checks, style, task.quiet), task.quiet);
  const chunks =
    format === 'junit' ? junitXml(checkSuites(checks)) : format === 'markdown' ? checkMarkdown(checks) : text();
  if (task.output === undefined) await writeStdout(chunks);
  else {
    await writeFile(task.output, chunks, files);
    // The file is for a machine; who reads the log of the job wants to know why it failed.
    if (format !== 'text') await writeStdout(text());
  }
  if (task.github) await github(checks);
}

/** What was found and not named decides here too, so it is named; changed limits even where little is to be said. */
function* withHead(used: UsedConfiguration | null, text: Iterable<string>, quiet: boolean): Generator<string> {
  if (used !== null && (!quiet || used.limits.length > 0))
    yield `configuration ${printable(configurationText(used))}\n`;
  yield* text;
}

async function github(checks: readonly CaptureCheck[]): Promise<void> {
  const lines = annotationLines(checkAnnotations(checks));
  if (lines.length > 0) await writeStdout([`${lines.join('\n')}\n`]);
  appendSummary(checkMarkdown(checks));
}

function messageOf(error: unknown): string {
  return errorLines(error, process.env)
    .trim()
    .replace(/^whyrst: /, '');
}
