/** Connections that failed without an RST: often the answer when a log says "reset" and the capture holds none. */

import type { CaptureSummary, Ending, EndingKind } from '../../reset/verdicts/diagnosis.js';
import type { TextContext } from '../options.js';
import { frameCount } from '../words/frame.js';
import { printable } from '../words/printable.js';
import { absolute, clockMilliseconds } from '../words/time.js';
import { count, counted, sentence } from '../words/wording.js';
import { glyphs } from './style.js';
import { wrap } from './wrap.js';

export const ENDING_WORDS: Readonly<Record<EndingKind, string>> = {
  'no-answer-to-syn': 'no answer to the SYN',
  'fin-before-response': 'closed by FIN before the response',
  'went-silent': 'went silent',
  'icmp-unreachable': 'ICMP unreachable',
  'handshake-incomplete': 'handshake never completed',
  'accept-queue-full': 'accept queue full',
};

/** A few beside resets, as many as the limit allows where there is nothing else to tell. */
const BESIDE_RESETS = 3;

export function endingLines(
  endings: readonly Ending[],
  capture: CaptureSummary,
  context: TextContext,
  alone: boolean,
): string[] {
  if (endings.length === 0) return [];
  const { style, clock } = context;
  const groups = byPlace(endings);
  const most = context.all ? groups.length : Math.min(context.limit, alone ? context.limit : BESIDE_RESETS);
  const lines = [`${counted(endings.length, 'connection')} failed without an RST`];
  for (const group of groups.slice(0, most)) {
    const first = group[0] as Ending;
    const moment = absolute(capture.first, first.mark.time);
    const head = [
      `frame ${frameCount(capture, first.mark.frame)}`,
      ...(moment === null ? [] : [`${clockMilliseconds(clock, moment)} ${clock.zone}`]),
      `${first.client}→${first.server}`,
      ...(group.length > 1 ? [`and ${count(group.length - 1)} more like it to ${first.server}`] : []),
    ].join('  ');
    const text = first.text === '' ? ENDING_WORDS[first.kind] : first.text;
    lines.push('', `   ${glyphs(style, printable(head))}`);
    for (const line of wrap(glyphs(style, printable(sentence(text))), style.width - 3)) lines.push(`   ${line}`);
  }
  const hidden = groups.slice(most).flat();
  if (hidden.length > 0) lines.push('', `   + ${count(hidden.length)} more (${kinds(hidden)}): --all shows them`);
  return lines;
}

/** Endings of one kind at one server together, the most frequent first. */
function byPlace(endings: readonly Ending[]): readonly (readonly Ending[])[] {
  const groups = new Map<string, Ending[]>();
  for (const ending of endings) {
    const key = `${ending.kind} ${ending.server}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [ending]);
    else group.push(ending);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function kinds(endings: readonly Ending[]): string {
  const numbers = new Map<EndingKind, number>();
  for (const { kind } of endings) numbers.set(kind, (numbers.get(kind) ?? 0) + 1);
  return [...numbers].map(([kind, number]) => `${count(number)} ${ENDING_WORDS[kind]}`).join(', ');
}
