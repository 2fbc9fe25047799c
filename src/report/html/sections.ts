/** What stands below the cards without a script: endings and the glossary. */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOfEnding } from '../captures.js';
import { ENDING_WORDS } from '../text/endings.js';
import { frameCount } from '../words/frame.js';
import { endingKinds } from '../words/rollup.js';
import { count, counted, unfilled } from '../words/wording.js';
import { html, type Markup, prose } from './markup.js';

/** Endings listed; a page is not the place for a million. */
const ENDINGS = 200;

export function endings(diagnosis: Diagnosis): Markup | null {
  if (diagnosis.endings.length === 0) return null;
  const shown = diagnosis.endings.slice(0, ENDINGS);
  const rows = shown.map(
    (ending) =>
      html`<tr><td class="number">${frameCount(captureOfEnding(ending, diagnosis.captures) ?? {}, ending.mark.frame)}</td><td class="mono">${ending.client} → ${ending.server}</td><td>${ending.text === '' ? ENDING_WORDS[ending.kind] : ending.text}</td></tr>`,
  );
  const more = diagnosis.endings.length - shown.length;
  return html`<h2 id="endings">${counted(diagnosis.endings.length, 'connection')} failed without an RST</h2>
<details class="list"><summary>${endingKinds(diagnosis.endings, ENDING_WORDS)}</summary><div class="wide" tabindex="0" role="region" aria-label="Connections that failed without an RST"><table><thead><tr><th scope="col" class="number">frame</th><th scope="col">client → server</th><th scope="col">how it ended</th></tr></thead><tbody>${rows}</tbody></table></div>${more > 0 ? html`<p>${count(more)} more.</p>` : null}</details>`;
}

/** The causes that were found or come into question; what was merely untested would fill the page. */
export class Glossary {
  private readonly found = new Map<string, Cause>();
  private readonly possible = new Map<string, Cause>();

  constructor({ findings }: Diagnosis) {
    for (const { cause } of findings) this.found.set(cause.id, cause);
  }

  /** A verdict is told on the page. */
  add({ cause, alternatives }: Verdict): void {
    this.found.set(cause.id, cause);
    for (const other of alternatives) this.possible.set(other.cause.id, other.cause);
  }

  terms(): Markup {
    return entries(this.found, this.possible);
  }
}

function entries(found: ReadonlyMap<string, Cause>, possible: Map<string, Cause>): Markup {
  for (const id of found.keys()) possible.delete(id);
  const all = [...found.values(), ...possible.values()].map(
    (
      cause,
    ) => html`<details class="term" id="cause-${cause.id}"><summary><code>${cause.id}</code> ${unfilled(cause.title)}${possible.has(cause.id) ? html` <span class="soft">(only as an alternative)</span>` : null}</summary>
<p>${prose(unfilled(cause.explanation).replace(/([^\n])\n(?!\n)/g, '$1 '))}</p>
<dl class="rows"><dt>fix</dt><dd>${prose(unfilled(cause.fix))}</dd><dt>confirm</dt><dd>${prose(unfilled(cause.confirm))}</dd>${cause.references.length > 0 ? html`<dt>see</dt><dd>${cause.references.join('; ')}</dd>` : null}</dl></details>`,
  );
  return html`${all}`;
}
