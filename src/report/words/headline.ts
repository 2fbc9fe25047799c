/** What a person would say aloud: the whole report in one sentence. */

import { isServer } from '../../reset/vocabulary/side.js';
import type { Harm } from './harm.js';
import type { Story } from './stories.js';
import { capital, count, counted, listed, parties } from './wording.js';

/** Reasons said before the others are only counted. One alone is said as well: "for 1 other reason" is no shorter. */
const SAID = 3;

/** `19 connections lost work: 5 requests met a connection that 10.0.2.2:5001 had just closed, …`; empty without stories. */
export function headlineOf(stories: readonly Story[]): string {
  const worst = stories[0]?.harm;
  if (worst === undefined) return '';
  const own = stories.filter(({ harm }) => harm === worst);
  const rest = (['lost', 'refused', 'noise'] as const)
    .filter((harm) => harm !== worst)
    .map((harm) => stories.filter((story) => story.harm === harm))
    .filter((group) => group.length > 0)
    .map((group) => lead(group[0]?.harm as Harm, group));
  const [only] = own;
  // One reason is its own lead; of several each has the lead's noun.
  const first = own.length === 1 && only !== undefined ? clause(only) : `${lead(worst, own)}: ${listed(reasons(own))}`;
  return `${capital([first, ...rest].join('; '))}.`;
}

function reasons(stories: readonly Story[]): string[] {
  const most = stories.length === SAID + 1 ? stories.length : SAID;
  const said = stories.slice(0, most).map((story) => clause(story).replace(/^([\d,]+) connections? /, '$1 '));
  const others = stories.slice(most);
  return others.length === 0 ? said : [...said, `${count(sum(others))} for ${counted(others.length, 'other reason')}`];
}

const sum = (stories: readonly Story[]) => stories.reduce((total, story) => total + story.count, 0);

/** `19 connections lost work` only where each of them did; otherwise they were cut. */
export function lead(harm: Harm, stories: readonly Story[]): string {
  const number = sum(stories);
  const be = number === 1 ? 'was' : 'were';
  if (harm === 'refused') return `${counted(number, 'connection attempt')} ${be} refused`;
  if (harm === 'lost') {
    const work = stories.every(({ verdicts, severity, example }) =>
      verdicts.length > 0
        ? verdicts.every((verdict) => verdict.severity === 'error')
        : example.severity === severity && severity === 'error',
    );
    return `${counted(number, 'connection')} ${work ? 'lost work' : `${be} cut`}`;
  }
  const ignored = sum(stories.filter(({ example }) => example.role === 'ignored'));
  const harmless = number - ignored;
  const parts = [
    ...(harmless > 0 ? [`${counted(harmless, 'reset')} ${harmless === 1 ? 'was' : 'were'} harmless`] : []),
    ...(ignored > 0 ? [`${counted(ignored, 'RST')} ${ignored === 1 ? 'was' : 'were'} ignored`] : []),
  ];
  return listed(parts);
}

/** `5 requests met a connection that 10.0.2.2:5001 had just closed` */
function clause(story: Story): string {
  const { cause, count: number, places, title } = story;
  const [place] = places;
  if (cause.counted === undefined || place === undefined) {
    const lower = /^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
    return number === 1 ? lower : `${counted(number, 'time')} ${lower}`;
  }
  let first = true;
  const chosen = cause.counted.replace(/\{([^{}|]*)\|([^{}]*)\}/g, (_, one: string, many: string) => {
    const word = number === 1 ? one : many;
    const text = first ? `${count(number)} ${word}` : word;
    first = false;
    return text;
  });
  return slotted(chosen, story);
}

/** The server is named where it is one, wherever the sentence speaks of it; otherwise the place stands at the end. */
function slotted(text: string, { example, places }: Story): string {
  const { client, server } = parties(example.reset);
  const where = places.length === 1 ? (places[0]?.where as string) : `one of ${count(places.length)} servers`;
  const scan = where.startsWith('from ');
  let named = false;
  const isOfServer = (slot: string) =>
    slot === 'server' ||
    (slot === 'sender' && isServer(example.reset.sender)) ||
    (slot === 'receiver' && !isServer(example.reset.sender));
  const sentence = text.replace(/\{(sender|receiver|client|server)\}/g, (_, slot: string) => {
    if (!isOfServer(slot)) return `the ${client.role}`;
    if (scan) return `the ${server.role}`;
    named = true;
    return where;
  });
  if (named) return sentence;
  if (places.length === 1) return scan ? `${sentence} ${where}` : `${sentence} (${where})`;
  return `${sentence} (${scan ? `${count(places.length)} sources` : `${count(places.length)} servers`})`;
}
