/** Connections that failed without an RST: often the answer when a log says "reset" and the capture holds none. */

import type { CaptureSummary, Ending, EndingKind } from '../../reset/verdicts/diagnosis.js';
import type { TextContext } from '../options.js';
import { frameCount } from '../words/frame.js';
import { printable } from '../words/printable.js';
import { absolute, clockMilliseconds } from '../words/time.js';
import { count, counted, listed, sentence } from '../words/wording.js';
import { glyphs } from './style.js';
import { glued, wrap } from './wrap.js';

export const ENDING_WORDS: Readonly<Record<EndingKind, string>> = {
  'no-answer-to-syn': 'no answer to the SYN',
  'fin-before-response': 'closed by FIN before the response',
  'went-silent': 'went silent',
  'icmp-unreachable': 'ICMP unreachable',
  'handshake-incomplete': 'handshake never completed',
  'accept-queue-full': 'accept queue full',
  'path-mtu-black-hole': 'large packets lost on the path (path MTU)',
};

/** Servers named of one kind. */
const NAMED = 3;

/** One kind once, then where; each place with its first connection where everything is asked for. */
export function endingLines(endings: readonly Ending[], capture: CaptureSummary, context: TextContext): string[] {
  if (endings.length === 0) return [];
  const lines = [`${counted(endings.length, 'connection')} failed without an RST`];
  const groups = context.all
    ? grouped(endings, ({ kind, server }) => `${kind} ${server}`)
    : grouped(endings, ({ kind }) => kind);
  for (const group of groups) lines.push('', ...groupLines(group, capture, context));
  if (!context.all && endings.length > groups.length) {
    lines.push('', `   + ${count(endings.length - groups.length)} more like these: --all shows every place`);
  }
  return lines;
}

function groupLines(group: readonly Ending[], capture: CaptureSummary, { style, clock }: TextContext): string[] {
  const first = group[0] as Ending;
  const set = (text: string, indent: number) =>
    wrap(glyphs(style, printable(text)), style.width - indent).map((line) => `${' '.repeat(indent)}${line}`);
  const text = first.text === '' ? ENDING_WORDS[first.kind] : first.text;
  const moment = absolute(capture.first, first.mark.time);
  const mark = [
    `frame ${frameCount(capture, first.mark.frame)}`,
    ...(moment === null ? [] : [`${clockMilliseconds(clock, moment)} ${clock.zone}`]),
    `${first.client}→${first.server}`,
  ].map(glued);
  if (group.length === 1) return [...set(mark.join(', '), 3), ...set(sentence(text), 3)];
  const places = grouped(group, ({ server }) => server);
  const named = places.slice(0, NAMED).map((own) => glued(`${(own[0] as Ending).server} (${count(own.length)})`));
  const more = places.length - named.length;
  const where = more > 0 ? `${named.join(', ')} and ${counted(more, 'other server')}` : listed(named);
  return [
    ...set(`${count(group.length)} times ${ENDING_WORDS[first.kind]}: ${where}`, 3),
    ...set(`The first: ${mark.join(', ')}. ${sentence(text)}`, 3),
  ];
}

/** The most frequent first. */
function grouped(endings: readonly Ending[], key: (ending: Ending) => string): readonly (readonly Ending[])[] {
  const groups = new Map<string, Ending[]>();
  for (const ending of endings) {
    const group = groups.get(key(ending));
    if (group === undefined) groups.set(key(ending), [ending]);
    else group.push(ending);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
