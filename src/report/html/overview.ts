/** The first screen: what happened in one sentence, how much of what, and the findings ranked by harm. */

import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { perCapture } from '../captures.js';
import { configurationText } from '../configuration.js';
import { placesText, sureness } from '../text/finding.js';
import { sumLine } from '../text/head.js';
import { statesOf } from '../text/several.js';
import { unglued } from '../text/wrap.js';
import { rollup, troubled } from '../words/rollup.js';
import type { Story } from '../words/stories.js';
import { makeClock, span } from '../words/time.js';
import { count, counted } from '../words/wording.js';
import { html, type Markup } from './markup.js';

/** A story with the run it was found in. */
export interface Told {
  readonly story: Story;
  readonly run: Diagnosis;
  readonly number: number;
}

/** The stories of all captures, the worst first. */
export function toldIn(diagnosis: Diagnosis): readonly Told[] {
  const { runs, stories } = rollup(diagnosis);
  const [only] = runs;
  if (runs.length === 1 && only !== undefined)
    return only.stories.map((story, index) => ({ story, run: only.run, number: index + 1 }));
  return stories.map((story, index) => ({ story, run: story.told.run, number: index + 1 }));
}

/** The last part of a path: where a file lies on somebody's disk is nobody's business. */
export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) || file;
}

/** The capture, or how many. */
export function capturesShort({ several }: Story, file: string): string {
  if (several === undefined) return baseName(file);
  const [only] = several.captures;
  if (several.captures.length > 1 || only === undefined) return counted(several.captures.length, 'capture');
  return several.names.get(only.capture) ?? baseName(file);
}

/** The sentence, its first words large. */
export function heading(text: string): Markup {
  const colon = text.indexOf(': ');
  if (colon < 0) return html`${text}`;
  return html`${text.slice(0, colon + 1)} <span class="rest">${text.slice(colon + 2)}</span>`;
}

/** What weighs stands large; what merely adds up stands in a line under it. */
export function tiles(diagnosis: Diagnosis): Markup {
  const sum = (of: (capture: CaptureSummary) => number) =>
    diagnosis.captures.reduce((total, capture) => total + of(capture), 0);
  const large: readonly (readonly [string, string, number])[] = [
    ['cut', 'cut', sum(({ tally }) => tally.lost)],
    ['refused', 'refused', sum(({ tally }) => tally.refused)],
    ['silent', 'failed without an RST', diagnosis.endings.length],
    ['harmless', 'harmless', sum(({ tally }) => tally.harmless)],
  ];
  const rest = [
    counted(
      sum(({ resets, resetCopies }) => resets + (resetCopies ?? 0)),
      'RST',
    ),
    ...some(
      sum(({ tally }) => tally.aftershocks),
      'aftershock',
    ),
    ...some(
      sum(({ tally }) => tally.ignored),
      'ignored',
      'ignored',
    ),
    counted(
      sum(({ connections }) => connections),
      'TCP connection',
    ),
    counted(
      sum(({ records }) => records),
      'packet',
    ),
  ];
  const shown = large.filter(([, , value], index) => value > 0 || index === 0);
  return html`<dl class="tiles">${shown.map(([name, label, value]) => html`<div class="tile-${name}${value === 0 ? ' none' : ''}"><dd>${count(value)}</dd><dt>${label}</dt></div>`)}</dl>
<p class="soft">${rest.join(' · ')}</p>`;
}

const some = (value: number, one: string, many?: string) => (value > 0 ? [counted(value, one, many)] : []);

/** Findings listed; the others are reached by their cards. */
const RANKED = 12;
/** Units of the longest bar. */
const BAR = 100;

export function ranking(told: readonly Told[], several: boolean): Markup {
  // One finding is the sentence itself.
  if (told.length < 2) return html``;
  const ranked = told.slice(0, RANKED);
  const most = Math.max(...ranked.map(({ story }) => story.count));
  const rows = ranked.map(({ story, run, number }) => {
    const wide = Math.max(1, Math.round((story.count / most) * BAR));
    const about = [
      sureness(story),
      placesText(story.places),
      ...(several ? [capturesShort(story, run.captures[0]?.file ?? '')] : []),
    ];
    return html`<li class="is-${story.severity}"><a href="#finding-${number}"><span class="count">${count(story.count)}</span><span class="what"><span class="title">${story.title}</span><span class="about soft">${about.join(' · ')}</span></span><svg viewBox="0 0 ${BAR} 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${wide}" height="8"/></svg></a></li>`;
  });
  const more = told.length - rows.length;
  return html`<ol class="ranking">${rows}</ol>${more > 0 ? html`<p class="soft">${counted(more, 'more finding')} below.</p>` : null}`;
}

/** Captures listed without being asked for. */
const LISTED = 12;

/** What must be known of the captures to read the rest. */
export function remarks(diagnosis: Diagnosis): Markup {
  const runs = perCapture(diagnosis);
  const configuration =
    diagnosis.configuration === undefined
      ? null
      : html`<p>Configuration: ${configurationText(diagnosis.configuration)}.</p>`;
  return html`${configuration}${runs.length === 1 ? one(runs[0] as Diagnosis) : many(diagnosis)}`;
}

function one(run: Diagnosis): Markup {
  const capture = run.captures[0];
  if (capture === undefined) return html``;
  const lines = [...saidOf(capture)];
  if (run.omitted > 0)
    lines.push(`${counted(run.omitted, 'RST was', 'RSTs were')} judged and counted but not kept one by one.`);
  return html`${lines.map((line) => html`<p class="remark">${line}</p>`)}`;
}

function saidOf(capture: CaptureSummary): string[] {
  return [
    capture.quality.length > 0 ? `Capture: ${capture.quality.join('; ')}.` : '',
    ...capture.warnings.map(
      ({ text, count: times }) => `Warning: ${text}${times > 1 ? ` (${count(times)} times)` : ''}`,
    ),
  ].filter((line) => line !== '');
}

/** What can be said of all, then a row each: the worst first, since the others are only looked up. */
function many(diagnosis: Diagnosis): Markup {
  const { runs, names } = rollup(diagnosis);
  const worst = troubled(runs);
  const order = [...worst, ...runs.filter((told) => !worst.includes(told))];
  const rows = order.map(({ run, capture }) => {
    return html`<tr><td class="mono">${names.get(capture) ?? baseName(capture.file)}</td><td class="line">${period(capture)}</td><td class="number">${count(capture.records)}</td><td class="number">${count(capture.connections)}</td><td>${sumLine(capture, run) || counted(capture.resets, 'RST')}${saidOf(capture).map((line) => html`<br>${line}`)}</td></tr>`;
  });
  const table = html`<div class="wide" tabindex="0" role="region" aria-label="Captures"><table><thead><tr><th scope="col">capture</th><th scope="col">when</th><th scope="col" class="number">packets</th><th scope="col" class="number">connections</th><th scope="col">RSTs</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  if (runs.length <= LISTED) return table;
  const states = statesOf(diagnosis, runs, names, baseName).map(
    ([label, text]) => html`<p class="remark">${label} ${unglued(text)}</p>`,
  );
  return html`${states}<details><summary>${counted(runs.length, 'capture')} one by one, the worst first</summary>${table}</details>`;
}

/** `2026-11-21 02:41:07 to 03:02:55 UTC` */
export function period(capture: CaptureSummary): string {
  if (capture.first === null || capture.last === null) return '';
  const clock = makeClock('UTC');
  const from = clock.at(capture.first);
  const to = clock.at(capture.last);
  if (capture.last - capture.first < 60_000_000_000n) {
    return `${from.date} ${from.clock} UTC, ${span(Number(capture.last - capture.first))}`;
  }
  return `${from.date} ${from.clock} to ${from.date === to.date ? '' : `${to.date} `}${to.clock} UTC`;
}
