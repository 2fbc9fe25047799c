/** The report for a terminal, the same when piped. */

import type { CaptureSummary, Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { perCapture } from '../captures.js';
import { type RenderOptions, type TextContext, textContext } from '../options.js';
import { byHarm, harmOf, nothingReset } from '../words/harm.js';
import { printable } from '../words/printable.js';
import { count } from '../words/wording.js';
import { deathTable } from './deaths.js';
import { endingLines } from './endings.js';
import { briefBlock, byId, type FindingContext, findingBlock, headline, noiseLine } from './finding.js';
import { headLines } from './head.js';
import { overviewLines } from './overview.js';
import { glyphs, paint } from './style.js';

/** More findings than this, or more rows than the limit, and an overview comes first. */
const FEW_FINDINGS = 3;
/** Findings told in full below an overview. */
const IN_FULL = 3;

export function* textChunks(diagnosis: Diagnosis, options: RenderOptions = {}): Generator<string> {
  const context = textContext(options);
  const runs = perCapture(diagnosis);
  let first = true;
  for (const run of runs) {
    const capture = run.captures[0];
    if (capture === undefined) continue;
    if (!first) yield '\n';
    first = false;
    if (runs.length > 1) yield `${paint(context.style, 'strong', glyphs(context.style, printable(capture.file)))}\n`;
    for (const block of blocks(run, capture, context)) yield `${block.join('\n')}\n`;
  }
}

/** The report in blocks of lines, a blank line between. */
function* blocks(diagnosis: Diagnosis, capture: CaptureSummary, context: TextContext): Generator<string[]> {
  yield headLines(capture, diagnosis, context);
  const findings = byHarm(diagnosis.findings);
  if (context.quiet) {
    const finding: FindingContext = { ...context, file: capture.file, files: capture.files, verdicts: byId(diagnosis) };
    const lines = findings.slice(0, context.limit).flatMap((each, index) => headline(each, index + 1, finding));
    yield findings.length === 0 ? [nothing(diagnosis, capture, context)] : lines;
    return;
  }
  if (findings.length === 0) {
    yield ['', nothing(diagnosis, capture, context)];
  } else {
    yield* findingBlocks(findings, diagnosis, capture, context);
  }
  const endings = endingLines(diagnosis.endings, capture, context, findings.length === 0);
  if (endings.length > 0) yield ['', ...endings];
}

function nothing({ endings }: Diagnosis, capture: CaptureSummary, { selection }: TextContext): string {
  return selection === null ? nothingReset(capture, endings) : 'No RST matches this selection.';
}

function* findingBlocks(
  findings: readonly Finding[],
  diagnosis: Diagnosis,
  capture: CaptureSummary,
  context: TextContext,
): Generator<string[]> {
  const finding: FindingContext = { ...context, file: capture.file, files: capture.files, verdicts: byId(diagnosis) };
  const told = findings.filter((each) => harmOf(each) !== 'noise');
  const noise = findings.filter((each) => harmOf(each) === 'noise');
  const deaths = diagnosis.verdicts.filter((verdict) => verdict.role !== 'aftershock');
  const crowded = findings.length > FEW_FINDINGS || deaths.length > context.limit;

  if (crowded && !context.all) {
    // Notes alone are told like findings: there is nothing worse that they could hide.
    const worst = told.length > 0 ? told : noise;
    yield [
      '',
      ...overviewLines(worst.slice(0, context.limit), capture, context),
      ...more(worst.length - context.limit),
    ];
    if (told.length > 0 && noise.length > 0) yield noiseLine(noise, context);
    for (const [index, each] of worst.slice(0, IN_FULL).entries())
      yield ['', ...findingBlock(each, index + 1, finding)];
    const rows = rowsOf(worst, finding.verdicts, context.limit);
    const total = worst.reduce((sum, each) => sum + each.count, 0);
    const table = deathTable(rows, total - rows.length, capture, diagnosis, context);
    if (table.length > 0) yield ['', ...table];
    return;
  }

  if (crowded) yield ['', ...overviewLines(findings, capture, context)];
  for (const [index, each] of findings.entries()) {
    const brief = harmOf(each) === 'noise' && told.length > 0 && !context.all;
    yield ['', ...(brief ? briefBlock(each, index + 1, finding) : findingBlock(each, index + 1, finding))];
  }
  const scans = context.all ? [] : findings.filter(isScan);
  const scanned = new Set(scans.flatMap(({ resets }) => resets));
  const rows = deaths.filter(({ id }) => !scanned.has(id));
  const table = deathTable(rows, scans.length === 0 ? diagnosis.omitted : 0, capture, diagnosis, context);
  if (table.length > 0) yield ['', ...table];
  for (const scan of scans)
    yield [`       + ${count(scan.count)} RSTs of the scan ${scan.where}: --all shows every one`];
}

/** Its resets are one event of their source: a row for each would bury the rest. */
function isScan(finding: Finding): boolean {
  return finding.where.startsWith('from ') && finding.count > FEW_FINDINGS;
}

function more(hidden: number): string[] {
  return hidden > 0 ? [`    + ${hidden} more: --all shows every one`] : [];
}

/** The rows of the worst findings as far as the limit reaches, in frame order. */
function rowsOf(findings: readonly Finding[], verdicts: ReadonlyMap<string, Verdict>, limit: number): Verdict[] {
  const rows: Verdict[] = [];
  for (const finding of findings) {
    for (const id of finding.resets) {
      if (rows.length >= limit) break;
      const verdict = verdicts.get(id);
      if (verdict !== undefined) rows.push(verdict);
    }
  }
  return rows.sort((a, b) => a.reset.rst.frame - b.reset.rst.frame);
}
