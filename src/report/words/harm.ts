/** Findings in the order in which a reader wants them: lost work first, refused next, noise last. */

import type { CaptureSummary, Ending, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { frameText } from './frame.js';
import { count } from './wording.js';

export type Harm = 'lost' | 'refused' | 'noise';

/** A capture that shows no RST. Where it shows no TCP either, that is no good news. */
export function nothingReset(capture: CaptureSummary, endings: readonly Ending[]): string {
  if (capture.records === 0) return 'This capture holds no packets: nothing can be said about resets.';
  if (capture.segments === 0) return 'This capture holds no TCP that can be read: nothing can be said about resets.';
  if (capture.lossy === true)
    return 'No RST is in this capture, which lost packets: whether a connection was reset cannot be told from it.';
  if (endings.length > 0) return 'No TCP connection was reset in this capture.';
  return 'No TCP connection was reset in this capture, and none failed in another way that packets show.';
}

export function harmOf(finding: Finding): Harm {
  if (finding.severity === 'note' || finding.example.role === 'ignored') return 'noise';
  return isRefusal(finding.example) ? 'refused' : 'lost';
}

/** Notes are noise whatever they are; a refused connection lost no work, since it never carried any. */
export function harmOfVerdict({ role, severity }: Verdict, phase: Verdict['reset']['phase']): Harm {
  if (severity === 'note' || role === 'ignored') return 'noise';
  return phase === 'syn-sent' ? 'refused' : 'lost';
}

/** The RST came instead of a SYN-ACK. */
export function isRefusal(verdict: Verdict): boolean {
  return verdict.reset.phase === 'syn-sent';
}

const HARMS: readonly Harm[] = ['lost', 'refused', 'noise'];
const SEVERITIES = ['error', 'warning', 'note'];

/** Worst first; within one kind the severe before the mild, the many before the few, the early before the late. */
export function byHarm(findings: readonly Finding[]): Finding[] {
  return inOrderOfHarm(findings.map((finding) => ({ ...ranked(finding), finding }))).map(({ finding }) => finding);
}

type Ranked = Pick<Finding, 'severity' | 'count' | 'first'> & { readonly harm: Harm };

const ranked = (finding: Finding): Ranked => ({
  harm: harmOf(finding),
  severity: finding.severity,
  count: finding.count,
  first: finding.first,
});

/** Lost work first, refused next, noise last; within one kind the severe, the many and the early first. */
export function inOrderOfHarm<T extends Ranked>(told: readonly T[]): T[] {
  return [...told].sort(
    (a, b) =>
      HARMS.indexOf(a.harm) - HARMS.indexOf(b.harm) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      b.count - a.count ||
      a.first.frame - b.first.frame,
  );
}

/**
 * What a finding lost in all: `2 requests unanswered` when every verdict lost things of the same kind, what the
 * example lost when they differ.
 */
export function lostIn(finding: Finding, verdicts: ReadonlyMap<string, Verdict>): string | null {
  const held = finding.resets.map((id) => verdicts.get(id)).filter((verdict) => verdict !== undefined);
  return lostBy(finding.example, held, finding.count);
}

/** The same of verdicts that are told together; `count` is more than these where some were only counted. */
export function lostBy(
  example: Verdict,
  verdicts: readonly Verdict[],
  number: number,
  named = `frame ${frameText(example.reset, example.reset.rst.frame)}`,
): string | null {
  const own = example.lost;
  if (own === null || number === 1) return own;
  const kind = amount(own);
  if (kind === null) return own;
  // Of a capture that was followed only the example is kept.
  if (verdicts.length === 0) return `${own} in ${named} alone`;
  let total = 0;
  for (const { lost } of verdicts) {
    const next = lost ? amount(lost) : null;
    if (next === null) continue;
    if (next.unit !== kind.unit || next.rest !== kind.rest) return `${own} in ${named} alone`;
    total += next.number;
  }
  const atLeast = verdicts.length < number ? 'at least ' : '';
  return `${atLeast}${count(total)} ${kind.unit}${total === 1 ? '' : 's'}${kind.rest}`;
}

/** `2 requests unanswered` → 2, `request`, ` unanswered`. */
function amount(lost: string): { number: number; unit: string; rest: string } | null {
  const parts = /^([\d,]+) ([a-z]+?)s?( .*)?$/.exec(lost);
  if (parts === null) return null;
  return { number: Number((parts[1] as string).replaceAll(',', '')), unit: parts[2] as string, rest: parts[3] ?? '' };
}
