/** Connections that failed without an RST: often the answer when a log says "reset" and the capture holds none. */

import type { CaptureSummary, Ending, EndingKind } from '../reset/types.js';
import type { TextContext } from './options.js';
import { printable } from './printable.js';
import { glyphs } from './style.js';
import { tableLines } from './table.js';
import { absolute, clockMilliseconds } from './time.js';
import { count, counted } from './wording.js';

export const ENDING_WORDS: Readonly<Record<EndingKind, string>> = {
  'no-answer-to-syn': 'no answer to the SYN',
  'fin-before-response': 'closed by FIN before the response',
  'went-silent': 'went silent',
  'icmp-unreachable': 'ICMP unreachable',
  'handshake-incomplete': 'handshake never completed',
};

/** A few beside resets, as many as the limit allows where there is nothing else to tell. */
const BESIDE_RESETS = 5;

export function endingLines(
  endings: readonly Ending[],
  capture: CaptureSummary,
  context: TextContext,
  alone: boolean,
): string[] {
  if (endings.length === 0) return [];
  const { style, clock } = context;
  const most = context.all ? endings.length : Math.min(context.limit, alone ? context.limit : BESIDE_RESETS);
  const lines = [`${counted(endings.length, 'connection')} failed without an RST`, ''];
  const rows = endings.slice(0, most).map((ending) => {
    const moment = absolute(capture.first, ending.mark.time);
    return [
      count(ending.mark.frame),
      moment === null ? '' : clockMilliseconds(clock, moment),
      `${ending.client}→${ending.server}`,
      ending.text === '' ? ENDING_WORDS[ending.kind] : ending.text,
    ];
  });
  const table = tableLines(
    [
      { head: 'frame', align: 'right', gap: 1 },
      { head: `time (${clock.zone})` },
      { head: glyphs(style, 'client → server') },
      { head: 'how it ended' },
    ],
    rows.map((row) => row.map((cell) => glyphs(style, printable(cell)))),
  );
  for (const line of table) lines.push(` ${line}`);
  if (endings.length > most) lines.push(`       + ${count(endings.length - most)} more: ${kinds(endings.slice(most))}`);
  return lines;
}

function kinds(endings: readonly Ending[]): string {
  const numbers = new Map<EndingKind, number>();
  for (const { kind } of endings) numbers.set(kind, (numbers.get(kind) ?? 0) + 1);
  return [...numbers].map(([kind, number]) => `${count(number)} ${ENDING_WORDS[kind]}`).join(', ');
}
