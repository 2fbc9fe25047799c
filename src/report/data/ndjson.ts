/**
 * A line per RST, for tools that read while we write, and behind those of each capture a line for the capture: one
 * without resets, an empty one and a job that was lost differ by it. `record` tells the lines apart. A line of a reset
 * is what `resets` holds in the JSON report; that of a capture is what `captures` holds, with its endings and findings.
 */

import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { perCapture } from '../captures.js';
import type { RenderOptions } from '../options.js';
import { plainJson } from '../words/escape.js';
import {
  captureJson,
  configurationJson,
  endingJson,
  examplesBeside,
  findingJson,
  type VerdictCapture,
  verdictJson,
} from './json.js';

/** One line, its newline included: complete by itself, to be flushed at once. */
export function ndjsonLine(verdict: Verdict, captures: readonly VerdictCapture[]): string {
  return `${plainJson({ record: 'reset', ...verdictJson(verdict, { captures }) })}\n`;
}

/**
 * The last line of a capture. `told`: its verdicts of which lines were written though `run` does not hold them, since they
 * were written while it was read.
 */
export function captureLine(
  run: Diagnosis,
  capture: CaptureSummary,
  captures: readonly VerdictCapture[] = run.captures,
  told = 0,
): string {
  const examples = told > 0 ? [] : examplesBeside(run);
  const named = { ...run, captures: captures as Diagnosis['captures'] };
  const summary = captureJson(capture);
  return `${plainJson({
    record: 'capture',
    schema: 1,
    version: run.version,
    configuration: configurationJson(run),
    ...summary,
    omitted: summary.omitted - told,
    endings: run.endings.map((ending) => endingJson(ending, named)),
    findings: run.findings.map((finding) => findingJson(finding, named)),
    ...(examples.length === 0 ? {} : { examples: examples.map((verdict) => verdictJson(verdict, { captures })) }),
  })}\n`;
}

export function* ndjsonChunks(diagnosis: Diagnosis, _options: RenderOptions = {}): Generator<string> {
  for (const run of perCapture(diagnosis)) {
    for (const verdict of run.verdicts) yield ndjsonLine(verdict, diagnosis.captures);
    const [capture] = run.captures;
    if (capture !== undefined) yield captureLine(run, capture, diagnosis.captures);
  }
}
