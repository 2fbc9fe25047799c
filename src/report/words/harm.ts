/** Findings in the order in which a reader wants them: lost work first, refused next, noise last. */

import type { CaptureSummary, Ending, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { frameText } from './frame.js';
import { count } from './wording.js';

export type Harm = 'lost' | 'refused' | 'noise';

/** Notes are noise whatever they are; a refused connection lost no work, since it never carried any. */
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

/** The RST came instead of a SYN-ACK. */
export function isRefusal(verdict: Verdict): boolean {
  return verdict.reset.phase === 'syn-sent';
}

const HARMS: readonly Harm[] = ['lost', 'refused', 'noise'];
const SEVERITIES = ['error', 'warning', 'note'];

/** Worst first; within one kind the severe before the mild, the many before the few, the early before the late. */
export function byHarm(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      HARMS.indexOf(harmOf(a)) - HARMS.indexOf(harmOf(b)) ||
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
  const own = finding.example.lost;
  if (own === null || finding.count === 1) return own;
  const kind = amount(own);
  if (kind === null) return own;
  let total = 0;
  for (const id of finding.resets) {
    const lost = verdicts.get(id)?.lost;
    const next = lost ? amount(lost) : null;
    if (next === null) continue;
    if (next.unit !== kind.unit || next.rest !== kind.rest)
      return `${own} in frame ${frameText(finding.example.reset, finding.example.reset.rst.frame)} alone`;
    total += next.number;
  }
  const atLeast = finding.resets.length < finding.count ? 'at least ' : '';
  return `${atLeast}${count(total)} ${kind.unit}${total === 1 ? '' : 's'}${kind.rest}`;
}

/** `2 requests unanswered` → 2, `request`, ` unanswered`. */
function amount(lost: string): { number: number; unit: string; rest: string } | null {
  const parts = /^([\d,]+) ([a-z]+?)s?( .*)?$/.exec(lost);
  if (parts === null) return null;
  return { number: Number((parts[1] as string).replaceAll(',', '')), unit: parts[2] as string, rest: parts[3] ?? '' };
}
