/**
 * A verdict per line, for tools that read while we write. Every line is what `resets` holds in the JSON report, so one
 * schema serves both; the counts of the capture are not repeated.
 */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { RenderOptions } from '../options.js';
import { plainJson } from '../words/escape.js';
import { type VerdictCapture, verdictJson } from './json.js';

/** One line, its newline included: complete by itself, to be flushed at once. */
export function ndjsonLine(verdict: Verdict, captures: readonly VerdictCapture[]): string {
  return `${plainJson(verdictJson(verdict, { captures }))}\n`;
}

export function* ndjsonChunks(diagnosis: Diagnosis, _options: RenderOptions = {}): Generator<string> {
  for (const verdict of diagnosis.verdicts) yield ndjsonLine(verdict, diagnosis.captures);
}
