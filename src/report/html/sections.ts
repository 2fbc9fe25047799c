/** The parts of the HTML report that stand there without a script: summary, findings, endings, glossary. */

import type { CaptureSummary, Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Cause } from '../../reset/vocabulary/verdict.js';
import { captureOfEnding, perCapture } from '../captures.js';
import { configurationText } from '../configuration.js';
import { ENDING_WORDS } from '../text/endings.js';
import { byId, share } from '../text/finding.js';
import { sumLine } from '../text/head.js';
import { errorsRow } from '../words/errors.js';
import { frameCount, frameText } from '../words/frame.js';
import { byHarm, harmOf, lostIn, nothingReset } from '../words/harm.js';
import { quoted } from '../words/shell.js';
import { makeClock, span } from '../words/time.js';
import {
  count,
  counted,
  displayFilter,
  filled,
  parties,
  sentence,
  slotted,
  socket,
  story,
  unfilled,
} from '../words/wording.js';
import { html, type Markup, prose } from './markup.js';

/** Endings listed; a page is not the place for a million. */
const ENDINGS = 200;
/** Captures listed without being asked for. */
const LISTED = 12;
/** Findings unfolded from the start. */
const OPEN = 12;

export function summary(diagnosis: Diagnosis): Markup {
  const sum = (of: (capture: CaptureSummary) => number) =>
    diagnosis.captures.reduce((total, capture) => total + of(capture), 0);
  const tiles: readonly (readonly [string, number])[] = [
    ['packets', sum(({ records }) => records)],
    ['TCP connections', sum(({ connections }) => connections)],
    ['RSTs', sum(({ resets, resetCopies }) => resets + (resetCopies ?? 0))],
    ['cut a connection', sum(({ tally }) => tally.lost)],
    ['refused', sum(({ tally }) => tally.refused)],
    ['harmless', sum(({ tally }) => tally.harmless)],
    ['aftershocks', sum(({ tally }) => tally.aftershocks)],
    ['ignored', sum(({ tally }) => tally.ignored)],
  ];
  const runs = perCapture(diagnosis);
  return html`<section aria-label="Summary">
<dl class="tiles">${tiles.map(([name, value]) => html`<div><dt>${name}</dt><dd>${count(value)}</dd></div>`)}</dl>
${diagnosis.configuration === undefined ? '' : html`<p>Configuration: ${configurationText(diagnosis.configuration)}.</p>`}
${runs.length === 1 ? one(runs[0] as Diagnosis) : many(runs)}
</section>`;
}

function one(run: Diagnosis): Markup {
  const capture = run.captures[0];
  if (capture === undefined) return html``;
  const lines = [sumLine(capture, run), ...remarks(capture)];
  if (run.omitted > 0)
    lines.push(`${counted(run.omitted, 'RST was', 'RSTs were')} judged and counted but not kept one by one.`);
  return html`${lines.filter((line) => line !== '').map((line) => html`<p>${line}</p>`)}`;
}

function remarks(capture: CaptureSummary): string[] {
  return [
    capture.quality.length > 0 ? `Capture: ${capture.quality.join(', ')}.` : '',
    ...capture.warnings.map(
      ({ text, count: times }) => `Warning: ${text}${times > 1 ? ` (${count(times)} times)` : ''}`,
    ),
  ];
}

function many(runs: readonly Diagnosis[]): Markup {
  const rows = runs.map((run) => {
    const capture = run.captures[0] as CaptureSummary;
    const said = remarks(capture).filter((line) => line !== '');
    return html`<tr><td class="mono">${capture.file}</td><td class="line">${period(capture)}</td><td class="number">${count(capture.records)}</td><td class="number">${count(capture.connections)}</td><td>${sumLine(capture, run) || counted(capture.resets, 'RST')}${said.map((line) => html`<br>${line}`)}</td></tr>`;
  });
  const table = html`<div class="wide"><table><thead><tr><th>capture</th><th>when</th><th class="number">packets</th><th class="number">connections</th><th>RSTs</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  if (runs.length <= LISTED) return table;
  return html`<details><summary>${counted(runs.length, 'capture')}, one by one</summary>${table}</details>`;
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

export function findings(diagnosis: Diagnosis): Markup {
  const runs = perCapture(diagnosis);
  const all = runs.flatMap((run) => byHarm(run.findings).map((finding) => ({ finding, run })));
  if (all.length === 0)
    return html`<p>${runs.length === 1 ? nothingAt(runs[0] as Diagnosis) : nothingIn(diagnosis.captures)}</p>`;
  const shown = all.slice(0, OPEN).map((each, index) => article(each.finding, each.run, index + 1, runs.length > 1));
  const rest = all.slice(OPEN);
  if (rest.length === 0) return html`${shown}`;
  return html`${shown}<details><summary>${counted(rest.length, 'more finding')}</summary>${rest.map((each, index) => article(each.finding, each.run, OPEN + index + 1, runs.length > 1))}</details>`;
}

function nothingAt({ captures: [capture], endings }: Diagnosis): string {
  return capture === undefined ? '' : nothingReset(capture, endings);
}

/** Which of them holds no packets stands in the table above. */
function nothingIn(captures: readonly CaptureSummary[]): string {
  return captures.every(({ segments }) => segments === 0)
    ? 'None of these captures holds TCP that can be read.'
    : 'No TCP connection was reset in these captures.';
}

function article(finding: Finding, run: Diagnosis, number: number, named: boolean): Markup {
  const { example, cause } = finding;
  const { reset } = example;
  const { client, server } = parties(reset);
  const file = run.captures[0]?.file ?? '';
  const lost = lostIn(finding, byId(run));
  const noise = harmOf(finding) === 'noise';
  const rows: readonly (readonly [string, Markup])[] = [
    [
      'why',
      prose(
        `${finding.count > 1 ? `Frame ${frameText(reset, reset.rst.frame)}, one of ${count(finding.count)} resets, ${socket(client)} → ${socket(server)}. ` : ''}${story(example.evidence, reset, finding.count > 1)}`,
      ),
    ],
    ['doubt', prose(example.doubt.map((clause) => sentence(filled(clause, reset))).join(' '))],
    ['errors', prose(errorsRow(example))],
    ['fix', noise ? html`` : prose(filled(cause.fix, reset))],
    ['look', noise ? html`` : prose(slotted(cause.confirm, reset))],
    ['here', html`<code>whyrst show ${quoted(file)} ${frameText(reset, reset.rst.frame)}</code>`],
    ['filter', html`<code>${displayFilter(example)}</code>`],
  ];
  const severity = lost === null ? finding.severity : `${finding.severity}: ${lost}`;
  return html`<article class="is-${finding.severity}">
<h3>${number}. ${filled(cause.title, reset)}</h3>
<p class="about">${finding.confidence} · <a href="#cause-${cause.id}">${cause.id}</a> · <span class="${finding.severity}">${severity}</span> · ${share(finding)}${named ? html` · <span class="mono">${file}</span>` : null}</p>
<dl class="rows">${rows.filter(([, text]) => text.text !== '').map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>
<p class="only-screen"><a href="#reset-${example.id}">Ladder of frame ${frameText(reset, reset.rst.frame)}</a> · <button class="plain" type="button" data-cause="${cause.id}">all of this cause in the table</button></p>
</article>`;
}

export function endings(diagnosis: Diagnosis): Markup | null {
  if (diagnosis.endings.length === 0) return null;
  const shown = diagnosis.endings.slice(0, ENDINGS);
  const rows = shown.map(
    (ending) =>
      html`<tr><td class="number">${frameCount(captureOfEnding(ending, diagnosis.captures) ?? {}, ending.mark.frame)}</td><td class="mono">${ending.client} → ${ending.server}</td><td>${ending.text === '' ? ENDING_WORDS[ending.kind] : ending.text}</td></tr>`,
  );
  const more = diagnosis.endings.length - shown.length;
  return html`<h2 id="endings">${counted(diagnosis.endings.length, 'connection')} failed without an RST</h2>
<div class="wide"><table><thead><tr><th class="number">frame</th><th>client → server</th><th>how it ended</th></tr></thead><tbody>${rows}</tbody></table></div>${more > 0 ? html`<p>${count(more)} more.</p>` : null}`;
}

/** The causes that were found or come into question; what was merely untested would fill the page. */
export function glossary(diagnosis: Diagnosis): Markup {
  const found = new Map<string, Cause>();
  const possible = new Map<string, Cause>();
  for (const { cause } of diagnosis.findings) found.set(cause.id, cause);
  for (const { cause, alternatives } of diagnosis.verdicts) {
    found.set(cause.id, cause);
    for (const other of alternatives) possible.set(other.cause.id, other.cause);
  }
  for (const id of found.keys()) possible.delete(id);
  const entries = [...found.values(), ...possible.values()].map(
    (
      cause,
    ) => html`<details id="cause-${cause.id}"><summary><code>${cause.id}</code> ${unfilled(cause.title)}${possible.has(cause.id) ? html` <span class="soft">(only as an alternative)</span>` : null}</summary>
<p>${prose(unfilled(cause.explanation).replace(/([^\n])\n(?!\n)/g, '$1 '))}</p>
<dl class="rows"><dt>fix</dt><dd>${prose(unfilled(cause.fix))}</dd><dt>confirm</dt><dd>${prose(unfilled(cause.confirm))}</dd>${cause.references.length > 0 ? html`<dt>see</dt><dd>${cause.references.join('; ')}</dd>` : null}</dl></details>`,
  );
  return html`${entries}`;
}
