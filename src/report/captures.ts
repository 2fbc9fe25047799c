/** Several files are several runs: a diagnosis of many is told as many diagnoses of one. */

import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';

/** `2:1234` → 2; `1234` → 1. */
export function captureNumber(id: string): number {
  const colon = id.indexOf(':');
  return colon < 0 ? 1 : Number(id.slice(0, colon));
}

/** The file a verdict was read from. */
export function fileOf(verdict: Verdict, diagnosis: Diagnosis): string {
  return (diagnosis.captures[captureNumber(verdict.id) - 1] ?? diagnosis.captures[0])?.file ?? '';
}

/** One diagnosis per capture, in the order of the files. */
export function perCapture(diagnosis: Diagnosis): readonly Diagnosis[] {
  if (diagnosis.captures.length < 2) return [diagnosis];
  return diagnosis.captures.map((capture, index) => {
    const own = (id: string) => captureNumber(id) === index + 1;
    return {
      ...diagnosis,
      captures: [capture],
      verdicts: diagnosis.verdicts.filter((verdict) => own(verdict.id)),
      findings: diagnosis.findings.filter((finding) => own(finding.example.id)),
      endings: diagnosis.endings.filter((ending) => (ending.file ?? capture.file) === capture.file),
    };
  });
}
