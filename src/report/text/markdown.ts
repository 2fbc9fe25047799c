/**
 * The report for a pull request, a ticket or a job summary: GitHub Flavored Markdown that other readers take too.
 *
 * The sentence and the worst finding come first and fit a screen; everything else is folded. GitHub refuses a comment of
 * more than 65,536 characters, so the text ends before that and says what was left out.
 */

import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { configurationText } from '../configuration.js';
import { type RenderOptions, type TextContext, textContext } from '../options.js';
import { answerToAll } from '../words/answer.js';
import { errorsRow } from '../words/errors.js';
import { escapeHtml, escapeMarkdown, markdownCode, markdownProse } from '../words/escape.js';
import { frameCount, frameText } from '../words/frame.js';
import { nothingReset } from '../words/harm.js';
import { headlineOf } from '../words/headline.js';
import { fixOf, lookOf } from '../words/host-terms.js';
import { endingKinds, type Rollup, rollup, type ToldRun } from '../words/rollup.js';
import { quoted } from '../words/shell.js';
import type { Story } from '../words/stories.js';
import { absolute, clockMilliseconds } from '../words/time.js';
import { count, counted, displayFilter, filled, madeBy, parties, sentence, socket } from '../words/wording.js';
import { ENDING_WORDS } from './endings.js';
import { capturesOf, harmText, mechanism, others, proves, shareOf, sureness, whenOf, whereOf, why } from './finding.js';
import { periodOf, sumLine } from './head.js';
import { type Below, below, FEW_CAPTURES, statesOf } from './several.js';
import { unglued } from './wrap.js';

/** Octets of UTF-8, never fewer than characters: below GitHub's 65,536 characters with room for what a job adds around it. */
export const MARKDOWN_LIMIT = 64_000;
/** Ends what is folded away; never left out, or all that follows would be hidden. */
const UNFOLD = '</details>\n';
/** Findings told in full; the rest stand in the table of findings. */
const IN_FULL = 10;
/** Rows of the table of findings. */
const LISTED = 30;

export function* markdownChunks(diagnosis: Diagnosis, options: RenderOptions = {}): Generator<string> {
  const context = textContext(options);
  let left = MARKDOWN_LIMIT;
  let cut = 0;
  let folded = false;
  for (const block of blocks(diagnosis, context)) {
    if (block === UNFOLD && folded) {
      // HTML lasts to the next empty line: a heading right behind it would be no heading.
      yield `${UNFOLD}\n`;
      folded = false;
      continue;
    }
    const opens = block.startsWith('<details>');
    const octets = octetsOf(block) + 1 + (opens ? UNFOLD.length + 1 : 0);
    if (cut > 0 || octets > left) {
      cut += 1;
      continue;
    }
    left -= octets;
    folded ||= opens;
    yield `${block}\n`;
  }
  if (cut > 0) {
    yield `\n> **Cut here**: ${counted(cut, 'more part')} of this report would exceed ${count(MARKDOWN_LIMIT)} bytes. The whole of it: ${markdownCode('whyrst -f html -o report.html')}\n`;
  }
}

/** Parts that are left out whole or not at all, so that a cut never falls into a table row. */
function* blocks(diagnosis: Diagnosis, context: TextContext): Generator<string> {
  const all = rollup(diagnosis);
  const answer = answerToAll(diagnosis, all.stories, context.selection);
  if (answer !== '') yield `**${escapeMarkdown(answer)}**\n`;
  if (all.runs.length <= FEW_CAPTURES) {
    for (const told of all.runs) yield* section(told, context);
    return;
  }
  yield* overall(diagnosis, all, context);
  const more = below(all, context);
  yield* inShort(more, all);
  for (const told of more.sections) yield* section(told, context);
}

/** What is told of all captures, where they are many. */
function* overall(diagnosis: Diagnosis, all: Rollup, context: TextContext): Generator<string> {
  const { whole, stories, runs, names } = all;
  const counts = [
    `${counted(runs.length, 'capture')}, ${counted(whole.records, 'packet')}, ${counted(whole.connections, 'TCP connection')}, ${counted(whole.resets + (whole.resetCopies ?? 0), 'RST')}`,
    periodOf(whole, context),
  ].filter((part) => part !== '');
  yield `${counts.join(' · ')}  \n${escapeMarkdown(sumLine(whole, diagnosis))}`.trimEnd();
  yield '';
  if (context.selection !== null) yield `Selected: ${escapeMarkdown(context.selection)}\n`;
  if (diagnosis.configuration !== undefined)
    yield `Configuration: ${escapeMarkdown(configurationText(diagnosis.configuration))}\n`;
  const states = statesOf(diagnosis, runs, names);
  for (const [label, text] of states) yield `- **${label}** ${escapeMarkdown(unglued(text))}`;
  if (states.length > 0) yield '';
  if (stories.length > 1) yield* overview(stories);
  if (!context.quiet) {
    for (const [index, story] of stories.slice(0, context.all ? stories.length : IN_FULL).entries()) {
      yield* told(story, index + 1, story.told.run, story.told.capture, context);
    }
  }
  if (diagnosis.endings.length > 0) {
    yield `${counted(diagnosis.endings.length, 'connection')} failed without an RST: ${endingKinds(diagnosis.endings, ENDING_WORDS)}.\n`;
  }
}

/** Captures in a line each, folded away. */
function* inShort({ short, hidden }: Below, { names }: Rollup): Generator<string> {
  if (short.length === 0) return;
  yield '<details><summary>Captures, the worst first</summary>\n';
  for (const { capture, stories } of short)
    yield `- **${escapeMarkdown(names.get(capture) ?? capture.file)}**: ${escapeMarkdown(headlineOf(stories))}`;
  yield hidden > 0 ? `- ${counted(hidden, 'capture')} more\n` : '';
  yield UNFOLD;
}

function* section({ run, capture, stories }: ToldRun, context: TextContext): Generator<string> {
  yield* head(run, capture, stories, context);
  if (stories.length === 0) {
    yield context.selection === null ? `${nothingReset(capture, run.endings)}\n` : 'No RST matches this selection.\n';
  } else if (!context.quiet) {
    if (stories.length > 1) yield* overview(stories);
    for (const [index, story] of stories.slice(0, context.all ? stories.length : IN_FULL).entries()) {
      yield* told(story, index + 1, run, capture, context);
    }
    yield* table(run, capture, context);
  }
  yield* endings(run, capture, context);
}

function* head(
  run: Diagnosis,
  capture: CaptureSummary,
  stories: readonly Story[],
  context: TextContext,
): Generator<string> {
  yield `## ${escapeMarkdown(capture.file)}\n`;
  if (stories.length > 0) yield `**${escapeMarkdown(headlineOf(stories))}**\n`;
  const files = capture.files === undefined ? '' : `${counted(capture.files.length, 'file')}, `;
  const parts = [
    `${files}${counted(capture.records, 'packet')}, ${counted(capture.connections, 'TCP connection')}, ${counted(capture.resets + (capture.resetCopies ?? 0), 'RST')}`,
    periodOf(capture, context),
  ].filter((part) => part !== '');
  yield `${parts.join(' · ')}  \n${escapeMarkdown(sumLine(capture, run))}`.trimEnd();
  yield '';
  if (context.selection !== null) yield `Selected: ${escapeMarkdown(context.selection)}\n`;
  if (run.configuration !== undefined) yield `Configuration: ${escapeMarkdown(configurationText(run.configuration))}\n`;
  for (const warning of capture.warnings) yield `> **Warning**: ${escapeMarkdown(warning.text)}\n`;
  if (capture.quality.length > 0) yield `Capture: ${escapeMarkdown(capture.quality.join('; '))}\n`;
  if (run.omitted > 0) {
    yield `> ${counted(run.omitted, 'RST was', 'RSTs were')} judged and counted but not kept one by one.\n`;
  }
}

function* overview(stories: readonly Story[]): Generator<string> {
  const several = stories.some((story) => story.several !== undefined);
  yield several
    ? '| | count | captures | cause | sure | severity | where |\n|--:|--:|--:|---|---|---|---|'
    : '| | count | cause | sure | severity | where |\n|--:|--:|---|---|---|---|';
  for (const [index, story] of stories.slice(0, LISTED).entries()) {
    const cells = [
      `${index + 1}`,
      count(story.count),
      ...(story.several === undefined ? [] : [count(story.several.captures.length)]),
      markdownCode(story.cause.id),
      sureness(story),
      escapeMarkdown(harmText(story)),
      escapeMarkdown(shareOf(story)),
    ];
    yield `| ${cells.join(' | ')} |`;
  }
  yield stories.length > LISTED ? `\n${counted(stories.length - LISTED, 'more finding')}.\n` : '';
}

/** The first stands open with what one must know and do; what proves it, and all others, are folded. */
function* told(
  finding: Story,
  number: number,
  run: Diagnosis,
  capture: CaptureSummary,
  { clock }: TextContext,
): Generator<string> {
  const { example, cause } = finding;
  const { reset } = example;
  const about = `**${sureness(finding)}** · ${markdownCode(cause.id)} · ${escapeMarkdown(harmText(finding))} · ${escapeMarkdown(shareOf(finding))}\n`;
  const row = (label: string, text: string) =>
    text.trim() === ''
      ? []
      : [
          `- **${label}**: ${unglued(text)
            .split(/\s*\n\s*/)
            .map(markdownProse)
            // What is to be typed and what it would show are told apart by the line.
            .join('<br>')}`,
        ];
  const proof = proves(example);
  const brief = finding.harm === 'noise' && run.findings.length >= 4;
  const first = [
    ...row('in', capturesOf(finding)),
    ...row('where', whereOf(finding.places)),
    ...row('when', whenOf(finding, { capture, clock })),
    ...row('why', why(finding, proof)),
    ...(brief ? [] : row('fix', fixOf(example))),
  ];
  const doubt = [...example.doubt.map((clause) => sentence(filled(clause, reset))), others(finding)];
  const more = [
    ...row(proof ? 'proof' : 'seen', mechanism(example)),
    ...row('doubt', doubt.filter((text) => text !== '').join(' ')),
    ...(brief ? [] : [...row('errors', errorsRow(example)), ...row('look', lookOf(cause, reset))]),
    `- **here**: ${markdownCode(`whyrst show ${quoted(capture.file)} ${frameText(reset, reset.rst.frame)}`)}`,
    `- **Wireshark**: ${markdownCode(displayFilter(example))}`,
  ];
  if (number === 1) {
    yield [`### ${number}. ${escapeMarkdown(finding.title)}`, '', about, ...first, ''].join('\n');
    yield `<details><summary>How sure, what the programs logged, where to look</summary>\n\n${more.join('\n')}\n`;
  } else {
    yield [
      // In a line of HTML no Markdown is read.
      `<details><summary>${number}. ${escapeHtml(finding.title)}</summary>`,
      '',
      about,
      ...first,
      ...more,
      '',
    ].join('\n');
  }
  yield UNFOLD;
}

/** Rows in the text report's order and number; folded away, since a ticket is read from the top. */
function* table(run: Diagnosis, capture: CaptureSummary, context: TextContext): Generator<string> {
  const deaths = run.verdicts.filter((verdict) => verdict.role !== 'aftershock');
  const shown = deaths.slice(0, context.limit);
  const all = deaths.length + run.omitted;
  yield `<details><summary>${counted(all, 'reset')} one by one</summary>\n`;
  yield `| frame | time (${context.clock.zone}) | client → server | RST made by | cause | sure |\n|--:|---|---|---|---|---|`;
  for (const verdict of shown) yield tableRow(verdict, capture, context);
  yield '';
  if (all > shown.length) yield `${counted(all - shown.length, 'row')} more.\n`;
  yield UNFOLD;
}

function tableRow(verdict: Verdict, capture: CaptureSummary, { clock }: TextContext): string {
  const { client, server } = parties(verdict.reset);
  const moment = absolute(capture.first, verdict.reset.rst.time);
  const cells = [
    frameCount(verdict.reset, verdict.reset.rst.frame),
    moment === null ? '' : clockMilliseconds(clock, moment),
    escapeMarkdown(`${socket(client)} → ${socket(server)}`),
    madeBy(verdict.reset.sender.role, verdict.mechanism),
    markdownCode(verdict.cause.id),
    verdict.confidence,
  ];
  return `| ${cells.join(' | ')} |`;
}

function* endings(run: Diagnosis, capture: CaptureSummary, { limit, quiet }: TextContext): Generator<string> {
  if (run.endings.length === 0 || quiet) return;
  yield `### ${counted(run.endings.length, 'connection')} failed without an RST\n`;
  for (const ending of run.endings.slice(0, Math.min(limit, 10))) {
    const what = ending.text === '' ? ENDING_WORDS[ending.kind] : ending.text;
    yield `- ${escapeMarkdown(`${ending.client} → ${ending.server}`)}: ${escapeMarkdown(what)} (frame ${frameCount(capture, ending.mark.frame)} of ${escapeMarkdown(capture.file)})`;
  }
  const more = run.endings.length - Math.min(limit, 10);
  yield more > 0 ? `- ${count(more)} more\n` : '';
}

function octetsOf(text: string): number {
  let octets = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    octets += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return octets;
}
