/** A card per finding, folded under the overview: the story, who wrote the packets, doubt, errors, what to change. */

import {
  capturesOf,
  harmText,
  mechanism,
  others,
  proves,
  shareOf,
  sureness,
  whenOf,
  whereOf,
  why,
} from '../text/finding.js';
import { unglued } from '../text/wrap.js';
import { errorsRow } from '../words/errors.js';
import { frameText } from '../words/frame.js';
import { fixOf, lookOf } from '../words/host-terms.js';
import { quoted } from '../words/shell.js';
import { makeClock } from '../words/time.js';
import { displayFilter, filled, inferred, sentence } from '../words/wording.js';
import { html, type Markup, prose } from './markup.js';
import { capturesShort, type Told } from './overview.js';

/** What else it may be, as many as the text report names. */
const ALTERNATIVES = 4;
/** Findings of so few a page are not folded. */
const OPEN = 1;

export function cards(told: readonly Told[], several: boolean): Markup {
  return html`${told.map((each) => card(each, several, told.length <= OPEN))}`;
}

function card({ story, run, number }: Told, several: boolean, open: boolean): Markup {
  const { example, cause } = story;
  const { reset } = example;
  const [capture] = run.captures;
  const file = capture?.file ?? '';
  const frame = frameText(reset, reset.rst.frame);
  const proof = proves(example);
  const noise = story.harm === 'noise';
  const when = capture === undefined ? '' : whenOf(story, { capture, clock: makeClock('UTC') });
  const doubt = [...example.doubt.map((clause) => sentence(filled(clause, reset))), others(story)];
  const rows: readonly (readonly [string, Markup])[] = [
    ['in', html`${unglued(capturesOf(story))}`],
    ['where', prose(unglued(whereOf(story.places)))],
    ['when', prose(unglued(when))],
    ['why', prose(unglued(why(story, proof)))],
    [proof ? 'proof' : 'seen', prose(mechanism(example))],
    ['doubt', prose(doubt.filter((text) => text !== '').join(' '))],
    ['maybe', example.confidence === 'possible' ? prose(maybe(example)) : html``],
    ['errors', prose(errorsRow(example))],
    ['fix', noise ? html`` : prose(fixOf(example))],
    ['look', noise ? html`` : prose(lookOf(cause, reset))],
    ['here', html`<code>whyrst show ${quoted(file)} ${frame}</code>`],
    ['filter', html`<code>${displayFilter(example)}</code>`],
  ];
  const single = story.count === 1;
  // An earlier report holds no packets to draw.
  const drawn = reset.retold !== true;
  const ladder =
    single && drawn
      ? html`<div class="wide drawn" data-reset="${example.id}" tabindex="0" role="region" aria-label="Packets of the connection"></div>`
      : null;
  const links = html`<p class="only-screen"><a href="#reset-${example.id}">${single || !drawn ? 'All that is known of' : 'The packets before'} frame ${frame}</a>${single ? null : html` · <button class="plain" type="button" data-cause="${cause.id}">all of this cause in the table</button>`} · <a href="#cause-${cause.id}">what ${cause.id} is</a></p>`;
  return html`<details class="card is-${story.severity}" id="finding-${number}"${open ? OPENED : null}><summary><h3>${number}. ${story.title}</h3><p class="about">${sureness(story)} · ${cause.id} · <span class="${story.severity}">${harmText(story)}</span> · ${shareOf(story)}${several ? html` · <span class="mono">${capturesShort(story, file)}</span>` : null}</p></summary>
<dl class="rows">${rows.filter(([, text]) => text.text !== '').map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>
${ladder}${links}</details>
`;
}

const OPENED = html` open`;

function maybe({ alternatives, reset }: Told['story']['example']): string {
  return alternatives
    .slice(0, ALTERNATIVES)
    .map(({ cause, reason }) => `${cause.id}: ${sentence(filled(cause.title, reset))} ${sentence(inferred(reason))}`)
    .join('\n');
}
