/**
 * The report as one HTML file that needs nothing else: no network, no font, no library. The content security policy
 * forbids everything but this very style sheet and this very script, so nothing that a capture smuggled in could run
 * even if it got past the escaping.
 */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { base64, sha256 } from '../../write/sha256.js';
import type { RenderOptions } from '../options.js';
import { answer } from '../words/answer.js';
import { escapeHtml } from '../words/escape.js';
import { counted } from '../words/wording.js';
import { cards } from './cards.js';
import { chart } from './chart.js';
import { pageData } from './data.js';
import { html, type Markup } from './markup.js';
import { baseName, heading, period, ranking, remarks, tiles, toldIn } from './overview.js';
import { SCRIPT } from './script.js';
import { endings, Glossary } from './sections.js';
import { STYLE } from './style.js';

export function* htmlChunks(diagnosis: Diagnosis, options: RenderOptions = {}): Generator<string> {
  const { captures } = diagnosis;
  const name = captures.length === 1 ? baseName(captures[0]?.file ?? '') : counted(captures.length, 'capture');
  const told = toldIn(diagnosis);
  const several = captures.length > 1;
  const policy = [
    "default-src 'none'",
    `style-src '${hash(STYLE)}'`,
    `script-src '${hash(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`whyrst: ${name}`)}</title>
<style>${STYLE}</style>
</head>
<body>
`;
  const when = captures.length === 1 && captures[0] !== undefined ? period(captures[0]) : '';
  yield html`<a class="skip" href="#findings">To the findings</a>
<header><div><p class="name"><span class="mono">${name}</span>${when === '' ? null : html` <span class="soft">${when}</span>`}${options.selection === undefined ? null : html` <span class="soft">· selected: ${options.selection}</span>`}</p><h1>${heading(
    answer(
      diagnosis,
      told.map(({ story }) => story),
    ),
  )}</h1></div>
<button class="theme" id="theme" type="button">Light / dark</button></header>
<main>
<section aria-label="Overview">${tiles(diagnosis)}
${ranking(told, several)}
`.text;
  const drawn = chart(diagnosis);
  if (drawn !== null)
    yield html`<h2 class="first">When</h2><div class="wide" tabindex="0" role="region" aria-label="Resets over time">${drawn}</div>\n`
      .text;
  yield html`${remarks(diagnosis)}</section>\n`.text;
  if (told.length > 0) yield html`<h2 id="findings">Findings</h2>${cards(told, several)}\n`.text;
  else yield html`<div id="findings"></div>\n`.text;
  yield tableSection(diagnosis).text;
  const failed = endings(diagnosis);
  if (failed !== null) yield failed.text;
  const glossary = new Glossary(diagnosis);
  yield '<script type="application/json" id="data">';
  yield* pageData(diagnosis, (verdict) => glossary.add(verdict));
  yield '</script>\n';
  const terms = glossary.terms();
  yield html`${terms.text === '' ? null : html`<h2 id="glossary">What these causes are</h2>${terms}`}
</main>
<dialog id="detail" aria-labelledby="detail-title"><div class="bar"><span class="grow soft" id="place"></span><button type="button" id="before">← previous</button><button type="button" id="after">next →</button><button type="button" id="close">close</button></div><div id="detail-content"></div></dialog>
<footer>Made by whyrst ${diagnosis.version}. This page holds all it shows and loads nothing.</footer>
`.text;
  yield `<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

function tableSection(diagnosis: Diagnosis): Markup {
  if (diagnosis.verdicts.length === 0) return hiddenTable();
  const causes = [...new Set(diagnosis.verdicts.map(({ cause }) => cause.id))].sort();
  const option = (value: string | number, label: string) => html`<option value="${value}">${label}</option>`;
  return html`<section id="table" hidden><h2>All resets</h2>
<div class="filters">
<label>search<input type="search" id="f-text" placeholder="address, port, frame, cause"></label>
<label>cause<select id="f-cause">${option('', 'all')}${causes.map((cause) => option(cause, cause))}</select></label>
<label>sure, at least<select id="f-sure">${option(0, 'possible')}${option(1, 'likely')}${option(2, 'certain')}</select></label>
<label>severity, at least<select id="f-severity">${option(0, 'note')}${option(1, 'warning')}${option(2, 'error')}</select></label>
<label class="check"><input type="checkbox" id="f-shocks">aftershocks too</label>
<button type="button" id="f-clear">clear</button>
<span class="soft" id="shown" aria-live="polite"></span>
</div>
<div class="scroll" id="scroll" tabindex="0" role="region" aria-label="Table of resets"><table id="resets" aria-label="Resets: arrow keys move, Enter opens"><thead><tr id="head"></tr></thead><tbody id="rows"></tbody></table></div>
</section>
<noscript><p>The table of all resets and their ladders need JavaScript, which this page runs without any network.</p></noscript>
`;
}

/** The script finds everything it looks for, also where there is nothing to show. */
function hiddenTable(): Markup {
  return html`<div hidden><div id="table"></div><input id="f-text"><input id="f-cause" value=""><input id="f-sure" value="0"><input id="f-severity" value="0"><input type="checkbox" id="f-shocks"><button id="f-clear" type="button"></button><span id="shown"></span><div id="scroll"><table id="resets"><thead><tr id="head"></tr></thead><tbody id="rows"></tbody></table></div></div>`;
}

function hash(text: string): string {
  return `sha256-${base64(sha256(new TextEncoder().encode(text)))}`;
}
