/** `--fail-on`: what makes a run exit with 1. */

import { atLeast, SEVERITIES } from '../report/select/select.js';
import type { Diagnosis, Finding } from '../reset/verdicts/diagnosis.js';
import type { Severity, Verdict } from '../reset/vocabulary/verdict.js';
import { UsageError } from './errors.js';
import { didYouMean } from './suggest.js';

export interface FailOn {
  readonly any: boolean;
  readonly severity: Severity | null;
  readonly causes: readonly string[];
}

/** @throws UsageError for a word that is neither a severity nor a cause nor `any`. */
export function parseFailOn(words: readonly string[], causeIds: readonly string[]): FailOn {
  let any = false;
  let severity: Severity | null = null;
  const causes: string[] = [];
  for (const word of words) {
    if (word === 'any') any = true;
    else if (isSeverity(word)) severity = severity === null || !atLeast(SEVERITIES, word, severity) ? word : severity;
    else if (causeIds.includes(word)) causes.push(word);
    else {
      const known = ['any', ...SEVERITIES, ...causeIds];
      throw new UsageError(
        `--fail-on ${word}: neither a cause, a severity nor "any"${didYouMean(word, known)}`,
        'whyrst causes lists the causes',
      );
    }
  }
  return { any, severity, causes };
}

function isSeverity(word: string): word is Severity {
  return (SEVERITIES as readonly string[]).includes(word);
}

/** Findings count every RST exactly, those not held as verdicts too; aftershocks are in none of them. */
export function failsOn(failOn: FailOn, diagnosis: Diagnosis): boolean {
  return diagnosis.findings.some((finding) => meets(failOn, finding));
}

/** The same for one reset. */
export function failsOnVerdict(failOn: FailOn, verdict: Verdict): boolean {
  return meets(failOn, { cause: verdict.cause, severity: verdict.severity, example: verdict });
}

function meets({ any, severity, causes }: FailOn, finding: Pick<Finding, 'cause' | 'severity' | 'example'>): boolean {
  const { cause } = finding;
  if (causes.includes(cause.id) || cause.formerly?.some((id) => causes.includes(id))) return true;
  if (finding.example.role === 'ignored') return severity === 'note';
  if (any && finding.severity !== 'note') return true;
  return severity !== null && atLeast(SEVERITIES, finding.severity, severity);
}
