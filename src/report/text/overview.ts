/** The findings of a large capture at a glance: how many, what share, from when to when, how sure, where and why. */

import type { CaptureSummary, Finding } from '../../reset/verdicts/diagnosis.js';
import type { TextContext } from '../options.js';
import { printable } from '../words/printable.js';
import { absolute } from '../words/time.js';
import { count } from '../words/wording.js';
import { glyphs } from './style.js';
import { tableLines } from './table.js';

export function overviewLines(findings: readonly Finding[], capture: CaptureSummary, context: TextContext): string[] {
  const { style, clock } = context;
  const clockAt = (offset: number) => {
    const moment = absolute(capture.first, offset);
    return moment === null ? '' : clock.at(moment).clock;
  };
  const rows = findings.map((finding, index) => [
    `${index + 1}.`,
    count(finding.count),
    finding.connections === null || finding.connections < finding.count ? '' : count(finding.connections),
    clockAt(finding.first.time),
    clockAt(finding.last.time),
    finding.confidence,
    finding.where,
    finding.cause.id,
  ]);
  return tableLines(
    [
      { head: '', align: 'right', gap: 1 },
      { head: 'count', align: 'right' },
      { head: 'share of' },
      { head: 'first' },
      { head: 'last' },
      { head: 'sure' },
      { head: 'where' },
      { head: 'why' },
    ],
    rows.map((row) => row.map((cell) => glyphs(style, printable(cell)))),
  );
}
