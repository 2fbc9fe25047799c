/**
 * A line per RST, for tools that read while we write, and behind those of each capture a line for the capture: one
 * without resets, an empty one and a job that was lost differ by it. `record` tells the lines apart. A line of a reset
 * is what `resets` holds in the JSON report; that of a capture is what `captures` holds, with its endings and findings.
 */

import type { CaptureSummary, Diagnosis, UnreadCapture } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { perCapture } from '../captures.js';
import type { RenderOptions } from '../options.js';
import { headlineText } from '../words/answer.js';
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

/** A line of an RST: what `resets` holds in JSON. Times are RFC 3339 with nanoseconds, lengths octets, frames from 1. */
export type ResetLine = { readonly record: 'reset' } & ReturnType<typeof verdictJson>;

/**
 * The line of a capture, behind those of its resets: what `captures` holds in JSON, with the sentence over it, its endings
 * and its findings. A capture without it was not read to its end.
 */
export type CaptureLine = ReturnType<typeof captureRecord>;

/** A capture that was named and could not be read at all, and why. */
export interface UnreadLine extends UnreadCapture {
  readonly record: 'unread';
}

/** What `JSON.parse` makes of a line of `-f ndjson`, told apart by `record`. Other records may come to be: pass them over. */
export type NdjsonLine = ResetLine | CaptureLine | UnreadLine;

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
  selection: string | null = null,
): string {
  return `${plainJson(captureRecord(run, capture, captures, told, selection))}\n`;
}

function captureRecord(
  run: Diagnosis,
  capture: CaptureSummary,
  captures: readonly VerdictCapture[],
  told: number,
  selection: string | null,
) {
  const examples = told > 0 ? [] : examplesBeside(run);
  const named = { ...run, captures: captures as Diagnosis['captures'] };
  const summary = captureJson(capture);
  return {
    record: 'capture' as const,
    schema: 1 as const,
    version: run.version,
    headline: headlineText(run, selection),
    configuration: configurationJson(run),
    ...summary,
    omitted: summary.omitted - told,
    endings: run.endings.map((ending) => endingJson(ending, named)),
    findings: run.findings.map((finding) => findingJson(finding, named)),
    ...(examples.length === 0 ? {} : { examples: examples.map((verdict) => verdictJson(verdict, { captures })) }),
  };
}

export function* ndjsonChunks(diagnosis: Diagnosis, options: RenderOptions = {}): Generator<string> {
  for (const run of perCapture(diagnosis)) {
    for (const verdict of run.verdicts) yield ndjsonLine(verdict, diagnosis.captures);
    const [capture] = run.captures;
    if (capture !== undefined) yield captureLine(run, capture, diagnosis.captures, 0, options.selection);
  }
  for (const one of diagnosis.unread ?? []) yield `${plainJson({ record: 'unread', ...one } satisfies UnreadLine)}\n`;
}
