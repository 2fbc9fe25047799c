/** The report for a terminal, the same when piped. */

import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { type RenderOptions, type TextContext, textContext } from '../options.js';
import { nothingReset } from '../words/harm.js';
import { printable } from '../words/printable.js';
import { rollup } from '../words/rollup.js';
import type { Story } from '../words/stories.js';
import { counted, listed as listedWords } from '../words/wording.js';
import { deathTable } from './deaths.js';
import { endingLines } from './endings.js';
import { briefBlock, type FindingContext, findingBlock, headline, noiseLine } from './finding.js';
import { headLines } from './head.js';
import { overviewLines } from './overview.js';
import { answerLines, below, FEW_CAPTURES, overviewOfAll, shortLines, unreadLines } from './several.js';
import { glyphs, paint } from './style.js';
import { labelled, wrap } from './wrap.js';

/** More findings than this, and an overview comes first. */
const FEW_FINDINGS = 3;
/** Findings told in full below an overview. */
const IN_FULL = 3;
/** A finding of more resets than this is told once, not row by row. */
const FEW_ROWS = 10;

export function* textChunks(diagnosis: Diagnosis, options: RenderOptions = {}): Generator<string> {
  const context = textContext(options);
  const all = rollup(diagnosis);
  const several = all.runs.length > 1;
  let first = true;
  const set = (lines: readonly string[]) => {
    const text = `${first ? '' : '\n'}${lines.join('\n')}\n`;
    first = false;
    return text;
  };
  let sections = all.runs;
  if (all.runs.length > FEW_CAPTURES) {
    for (const lines of overviewOfAll(diagnosis, all, context)) yield set(lines);
    const more = below(all, context);
    const short = shortLines(more, all, context);
    if (short.length > 0) yield set(short);
    sections = more.sections;
  } else if (several) yield set([...answerLines(diagnosis, all, context), ...unreadLines(diagnosis, context)]);
  for (const { run, capture, stories } of sections) {
    if (several) yield set([paint(context.style, 'strong', glyphs(context.style, printable(capture.file)))]);
    for (const block of blocks(run, capture, stories, context)) yield `${block.join('\n')}\n`;
  }
}

/** The report in blocks of lines, a blank line between. */
function* blocks(
  diagnosis: Diagnosis,
  capture: CaptureSummary,
  stories: readonly Story[],
  context: TextContext,
): Generator<string[]> {
  yield headLines(capture, diagnosis, stories, context);
  if (context.quiet) {
    const lines = stories.slice(0, context.limit).flatMap((each, index) => headline(each, index + 1, context));
    yield stories.length === 0 ? [...nothing(diagnosis, capture, context)] : lines;
    return;
  }
  if (stories.length === 0) {
    yield ['', ...nothing(diagnosis, capture, context)];
  } else {
    yield* findingBlocks(stories, diagnosis, capture, context);
  }
  const endings = endingLines(diagnosis.endings, capture, context);
  if (endings.length > 0) yield ['', ...endings];
}

function nothing({ endings }: Diagnosis, capture: CaptureSummary, { selection, style }: TextContext): string[] {
  const text = selection === null ? nothingReset(capture, endings) : 'No RST matches this selection.';
  return wrap(glyphs(style, text), style.width);
}

function* findingBlocks(
  stories: readonly Story[],
  diagnosis: Diagnosis,
  capture: CaptureSummary,
  context: TextContext,
): Generator<string[]> {
  const finding: FindingContext = { ...context, file: capture.file, capture };
  const told = stories.filter(({ harm }) => harm !== 'noise');
  const noise = stories.filter(({ harm }) => harm === 'noise');
  // Notes alone are told like findings: there is nothing worse that they could hide.
  const worst = told.length > 0 ? told : noise;
  const crowded = stories.length > FEW_FINDINGS;

  if (crowded) {
    const listed = context.all ? stories : worst;
    yield [
      '',
      ...overviewLines(listed.slice(0, context.limit), capture, context),
      ...more(listed.length - context.limit),
    ];
    if (!context.all && told.length > 0 && noise.length > 0) yield noiseLine(noise, context);
  }
  const full = crowded && !context.all ? worst.slice(0, IN_FULL) : stories;
  for (const [index, each] of full.entries()) {
    const brief = each.harm === 'noise' && told.length > 0 && !context.all;
    yield ['', ...(brief ? briefBlock(each, index + 1, finding) : findingBlock(each, index + 1, finding))];
  }
  yield* table(crowded && !context.all ? worst : stories, diagnosis, capture, context);
}

/** A row for each death that the findings do not tell already: of one cause a hundred times they say all there is. */
function* table(
  stories: readonly Story[],
  diagnosis: Diagnosis,
  capture: CaptureSummary,
  context: TextContext,
): Generator<string[]> {
  const listed = context.all ? stories : stories.filter((story) => story.count <= FEW_ROWS);
  const left = stories.filter((story) => !listed.includes(story));
  const all = listed.flatMap(({ verdicts }) => verdicts);
  const rows = [...all].sort((a, b) => a.reset.rst.frame - b.reset.rst.frame).slice(0, context.limit);
  const total = listed.reduce((sum, { count: number }) => sum + number, 0);
  const lines = deathTable(rows, total - rows.length, capture, diagnosis, context);
  if (lines.length > 0) yield ['', ...lines];
  if (left.length === 0) return;
  const parts = left.map((story) => `${counted(story.count, 'row')} of ${story.cause.id}`);
  const text = `${listedWords(parts)}: --all shows every one`;
  yield [...(lines.length > 0 ? [] : ['']), ...labelled('+', glyphs(context.style, text), context.style.width, 7, 2)];
}

function more(hidden: number): string[] {
  return hidden > 0 ? [`    + ${hidden} more: --all shows every one`] : [];
}
