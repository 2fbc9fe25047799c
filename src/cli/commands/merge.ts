/** `whyrst merge`: what several runs found, as one report. */

import { CaptureError } from '../../capture/types.js';
import { RunFiles } from '../../node/files/run-files.js';
import { isCapture } from '../../node/files/told-by-head.js';
import { openCapture } from '../../node/open-capture.js';
import { mergeResults, type Results } from '../../report/results/merge.js';
import { ResultProblem } from '../../report/results/pieces.js';
import { ResultsReader } from '../../report/results/read.js';
import { printable } from '../../report/words/printable.js';
import { counted } from '../../report/words/wording.js';
import type { MergeTask } from '../command-line/merge.js';
import { criteriaOf } from '../criteria.js';
import { errorLines, UsageError } from '../errors.js';
import { exitStatus, type Failure, failureOf, worse } from '../exit.js';
import { parseFailOn } from '../fail-on.js';
import { pathsOf } from '../inputs.js';
import { checkOutputs } from '../output.js';
import { loadSettings } from '../settings.js';
import { formatFor, renderOptions, writeReport } from '../write-report.js';

/** What of a folder is a report; also compressed. */
const REPORTS = {
  is: (path: string) => /\.(?:json|ndjson|jsonl)(?:\.[a-z0-9]+)?$/i.test(path),
  what: 'report: no file in it or below ends in .json, .ndjson or .jsonl',
};

export async function mergeCommand(task: MergeTask): Promise<number> {
  const format = formatFor(task);
  const { causes } = await loadSettings({ config: undefined, causes: task.causes, trusted: false });
  const criteria = criteriaOf(task, causes);
  const failOn = parseFailOn(
    task.failOn,
    causes.map(({ id }) => id),
  );
  const options = renderOptions(task);
  const paths = pathsOf(task.reports, task, process.cwd(), REPORTS);
  if (paths.length === 0)
    throw new UsageError('merge needs reports: whyrst merge a.json b.ndjson', 'whyrst CAPTURE -o a.json writes one');
  const files = new RunFiles(task);
  for (const path of paths) files.input(path, 'report');
  checkOutputs(files, task);
  const list: Results[] = [];
  let failed: Failure | null = null;
  for (const path of paths) {
    const { results, problem } = await read(path);
    if (results.runs.length > 0) list.push(results);
    if (problem === null) continue;
    failed = worse(failed, failureOf(problem));
    process.stderr.write(errorLines(problem, process.env));
  }
  if (list.length === 0) return exitStatus({ failed, matched: false, sysexits: task.sysexits });
  const { diagnosis, warnings } = mergeResults(list, causes);
  if (!task.quiet) for (const text of warnings) process.stderr.write(`whyrst: warning: ${printable(text)}\n`);
  return writeReport(diagnosis, { criteria, failOn, format, options, failed, permutation: null, task, files });
}

/** A report as far as it can be read, and what is wrong with it. */
async function read(path: string): Promise<{ readonly results: Results; readonly problem: Error | null }> {
  const name = path === '-' ? 'standard input' : path;
  const reader = new ResultsReader();
  const results = { name, runs: reader.runs, unread: reader.unread };
  try {
    const input = openCapture(path);
    for await (const chunk of input) reader.push(chunk);
    reader.end();
    const [warning] = input.warnings;
    if (warning !== undefined) throw new ResultProblem(warning.text);
    return { results, problem: null };
  } catch (error) {
    if (!(error instanceof ResultProblem || error instanceof CaptureError)) throw error;
    return { results, problem: named(error, path, name, reader.runs.length) };
  }
}

function named(error: ResultProblem | CaptureError, path: string, name: string, runs: number): Error {
  if (path !== '-' && isCapture(path) && runs === 0)
    return new UsageError(
      `${name} is a packet capture: merge takes reports`,
      `whyrst ${name} -o report.json writes one`,
    );
  const before = runs === 0 ? '' : `; the ${counted(runs, 'capture')} before it ${runs === 1 ? 'is' : 'are'} told`;
  if (!error.message.startsWith(name)) error.message = `${name}: ${error.message}${before}`;
  return error;
}
