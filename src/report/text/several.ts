/** Many captures in one overview: what happened in all of them, where it was worst, and what could not be told. */

import type { CaptureSummary, Diagnosis, UnreadCapture } from '../../reset/verdicts/diagnosis.js';
import { DEFAULT_LIMIT, type TextContext } from '../options.js';
import { answerToAll } from '../words/answer.js';
import { headlineOf } from '../words/headline.js';
import { printable } from '../words/printable.js';
import { endingKinds, type RolledStory, type Rollup, type ToldRun, troubled } from '../words/rollup.js';
import { count, counted, listed, someOf } from '../words/wording.js';
import { ENDING_WORDS } from './endings.js';
import { findingBlock, headline, noiseLine } from './finding.js';
import { periodOf, sumLine } from './head.js';
import { glyphs, paint } from './style.js';
import { tableLines } from './table.js';
import { columns, glued, labelled, wrap } from './wrap.js';

/** So many captures are told one by one: their findings fit a screen or two. */
export const FEW_CAPTURES = 3;
/** Findings told in full below the overview. */
const IN_FULL = 3;
/** Findings ranked unless a limit is given. */
const RANKED = 12;
/** Captures named of a kind. */
const NAMED = 5;
/** Captures told in a line or two each. */
const IN_SHORT = 10;

/** The sentence over everything. */
export function answerLines(diagnosis: Diagnosis, { stories }: Rollup, { style, selection }: TextContext): string[] {
  const text = glyphs(style, printable(answerToAll(diagnosis, stories, selection)));
  return wrap(text, style.width).map((line) => paint(style, 'strong', line));
}

/** `Not read: 1 more capture: x.pcap (…)`; also of so few that no more is told of them all. */
export function unreadLines({ unread = [] }: Diagnosis, { style }: TextContext): string[] {
  return unread.length === 0
    ? []
    : labelled(NOT_READ, glyphs(style, printable(unreadText(unread))), style.width, 0, NOT_READ.length + 1);
}

const NOT_READ = 'Not read:';

function unreadText(unread: readonly UnreadCapture[], nameOf: (file: string) => string = (file) => file): string {
  const parts = unread.map(({ file, problem }) => `${glued(nameOf(file))} (${problem.replaceAll(file, nameOf(file))})`);
  return `${counted(unread.length, 'more capture')}: ${some(parts)}`;
}

/** Everything but the sections of captures, in blocks of lines with a blank line between. */
export function* overviewOfAll(diagnosis: Diagnosis, all: Rollup, context: TextContext): Generator<string[]> {
  yield answerLines(diagnosis, all, context);
  yield headOfAll(diagnosis, all, context);
  const { stories } = all;
  const noise = stories.filter(({ harm }) => harm === 'noise');
  const weighty = stories.filter(({ harm }) => harm !== 'noise');
  // Notes alone are told like findings: there is nothing worse that they could hide.
  const worst = weighty.length > 0 ? weighty : noise;
  if (context.quiet) {
    const lines = stories.slice(0, context.limit).flatMap((story, index) => headline(story, index + 1, context));
    if (lines.length > 0) yield lines;
    return;
  }
  const shown = context.all ? stories : worst;
  if (shown.length > 0) {
    const most = context.limit === DEFAULT_LIMIT ? RANKED : context.limit;
    const hidden = shown.length - most;
    yield [
      ...storyTable(shown.slice(0, most), context),
      ...(hidden > 0 ? [`    + ${hidden} more: --all shows every one`] : []),
      ...(!context.all && weighty.length > 0 && noise.length > 0 ? noiseLine(noise, context) : []),
    ];
  }
  for (const [index, story] of worst.slice(0, IN_FULL).entries()) {
    const { capture } = story.told;
    yield findingBlock(story, index + 1, { ...context, file: capture.file, capture });
  }
  const failed = failedLines(diagnosis, all, context);
  if (failed.length > 0) yield failed;
}

/** Counts, period and sum of all; then the captures of which less than usual can be said. */
function headOfAll(diagnosis: Diagnosis, { whole, runs, names }: Rollup, context: TextContext): string[] {
  const { style } = context;
  const say = (label: string, text: string) =>
    labelled(label, glyphs(style, printable(text)), style.width, 0, label.length + 1);
  const total = whole.resets + (whole.resetCopies ?? 0);
  const parts = [
    periodOf(whole, context),
    [
      counted(runs.length, 'capture'),
      counted(whole.records, 'packet'),
      counted(whole.connections, 'TCP connection'),
      total === 0 ? 'no RST' : counted(total, 'RST'),
    ].join(', '),
  ].filter((part) => part !== '');
  const sum = sumLine(whole, diagnosis);
  return [
    ...wrap(glyphs(style, parts.join(' · ')), style.width),
    ...(sum === '' ? [] : wrap(glyphs(style, sum), style.width)),
    ...(context.selection === null ? [] : say('Selected:', context.selection)),
    ...statesOf(diagnosis, runs, names).flatMap(([label, text]) => say(label, text)),
  ];
}

/** `Not read: 1 of 241 captures: broken.pcap (…)`, `No RST: 88 captures`, `Lost packets: 12 captures: a.pcap, …` */
export function statesOf(
  diagnosis: Diagnosis,
  runs: Rollup['runs'],
  names: Rollup['names'],
  nameOf?: (file: string) => string,
): readonly (readonly [string, string])[] {
  const captures = runs.map(({ capture }) => capture);
  const { unread = [] } = diagnosis;
  const quiet = captures.filter(({ resets, segments }) => resets === 0 && segments > 0);
  const noTcp = captures.filter(({ segments }) => segments === 0);
  const lossy = captures.filter((capture) => capture.lossy === true);
  const name = (capture: CaptureSummary) => glued(names.get(capture) ?? capture.file);
  const states: (readonly [string, string])[] = [];
  if (unread.length > 0) states.push([NOT_READ, unreadText(unread, nameOf)]);
  if (quiet.length > 0) states.push(['No RST:', `${counted(quiet.length, 'capture')}${few(quiet.map(name))}`]);
  if (noTcp.length > 0)
    states.push(['No TCP that can be read:', `${counted(noTcp.length, 'capture')}: ${some(noTcp.map(name))}`]);
  if (lossy.length > 0) {
    const what = `${counted(lossy.length, 'capture')}, so an RST may be missing from ${lossy.length === 1 ? 'it' : 'them'}`;
    states.push(['Lost packets:', `${what}: ${some(lossy.map(name))}`]);
  }
  for (const [text, own] of warned(captures))
    states.push(['Warning:', `${counted(own.length, 'capture')} (${some(own.map(name))}): ${text}`]);
  return states;
}

/** Names are of no use where nothing is to be done. */
function few(names: readonly string[]): string {
  return names.length <= FEW_CAPTURES ? `: ${listed(names)}` : '';
}

const some = (names: readonly string[]) => someOf(names.slice(0, NAMED), names.length);

/** Warnings by kind, told in the words of the first. */
function warned(captures: readonly CaptureSummary[]): readonly (readonly [string, readonly CaptureSummary[]])[] {
  const kinds = new Map<string, { readonly text: string; readonly captures: CaptureSummary[] }>();
  for (const capture of captures) {
    for (const { code, text } of capture.warnings) {
      const kind = kinds.get(code);
      if (kind === undefined) kinds.set(code, { text, captures: [capture] });
      else if (kind.captures.at(-1) !== capture) kind.captures.push(capture);
    }
  }
  return [...kinds.values()].map(({ text, captures }) => [text, captures] as const);
}

/** A row for each, its sentence with the cause behind it: an id alone says nothing to a stranger. */
function storyTable(stories: readonly RolledStory[], { style }: TextContext): string[] {
  const rows = stories.map((story, index) => [
    `${index + 1}.`,
    count(story.count),
    count(story.several.captures.length),
    // The least sure: no row claims more than all of its resets show.
    story.confidences.at(-1)?.[0] ?? '',
  ]);
  const [head = '', ...lines] = tableLines(
    [
      { head: '', align: 'right', gap: 1 },
      { head: 'count', align: 'right' },
      { head: 'captures', align: 'right' },
      { head: 'sure' },
    ],
    rows,
  );
  const start = Math.max(...[head, ...lines].map(columns)) + 2;
  const told = stories.map((story) =>
    wrap(glyphs(style, printable(`${story.title} ${glued(`(${story.cause.id})`)}`)), style.width - start),
  );
  return [
    `${head.padEnd(start)}what`,
    ...lines.flatMap((line, index) =>
      (told[index] ?? []).map((text, at) => `${at === 0 ? line.padEnd(start) : ' '.repeat(start)}${text}`),
    ),
  ];
}

/** `312 connections in 41 captures failed without an RST: 120 times no answer to the SYN, …` */
function failedLines({ endings }: Diagnosis, { runs }: Rollup, { style }: TextContext): string[] {
  if (endings.length === 0) return [];
  const captures = runs.filter(({ run }) => run.endings.length > 0).length;
  const text = `${counted(endings.length, 'connection')} in ${counted(captures, 'capture')} failed without an RST: ${endingKinds(endings, ENDING_WORDS)}`;
  return wrap(glyphs(style, text), style.width);
}

/** What is told below the overview: sections of a few captures, or many in a line or two each. */
export interface Below {
  readonly sections: readonly ToldRun[];
  readonly short: readonly ToldRun[];
  /** Captures in which something happened that is told neither way. */
  readonly hidden: number;
}

/** Captures of which the overview does not tell all that weighs: few in full, many in short. */
export function below({ runs, stories }: Rollup, { all, limit, quiet }: TextContext): Below {
  if (all) return { sections: runs, short: [], hidden: 0 };
  if (quiet) return { sections: [], short: [], hidden: 0 };
  const full = new Set(stories.slice(0, IN_FULL).map(({ cause, title }) => `${cause.id} ${title}`));
  const untold = troubled(runs).filter(({ stories: own }) =>
    own.some(({ harm, cause, title }) => harm !== 'noise' && !full.has(`${cause.id} ${title}`)),
  );
  if (untold.length <= FEW_CAPTURES) return { sections: untold, short: [], hidden: 0 };
  const short = troubled(runs).slice(0, Math.min(limit, IN_SHORT));
  return { sections: [], short, hidden: troubled(runs).length - short.length };
}

export function shortLines({ short, hidden }: Below, { names }: Rollup, { style }: TextContext): string[] {
  if (short.length === 0) return [];
  const lines = short.flatMap(({ capture, stories }) => {
    const name = glyphs(style, printable(names.get(capture) ?? capture.file));
    const text = wrap(glyphs(style, printable(headlineOf(stories))), style.width - 4);
    return [`  ${paint(style, 'strong', name)}`, ...text.map((line) => `    ${line}`)];
  });
  const more =
    hidden > 0
      ? [`  + ${counted(hidden, 'more capture')}: --all tells all of them, ${glued('whyrst CAPTURE')} one alone`]
      : [];
  return ['Captures, the worst first:', '', ...lines, ...more];
}
