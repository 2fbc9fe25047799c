/** What `whyrst show` says under a ladder: the states before, the verdict, its neighbours, the filter. */

import type { Verdict } from '../reset/types.js';
import { statesBefore } from './ladder.js';
import { printable } from './printable.js';
import { glyphs, type Style } from './style.js';
import { displayFilter, evidenceFrames, filled } from './wording.js';
import { columns, labelled } from './wrap.js';

const COLUMN = 11;

/** Reasons against neighbours shown without --verbose. */
const NEIGHBOURS = 6;

export function verdictLines(verdict: Verdict, style: Style, verbose = false): string[] {
  const { reset, cause } = verdict;
  const lines: string[] = [];
  const row = (label: string, texts: readonly string[]) => {
    texts.forEach((text, index) => {
      lines.push(...labelled(index === 0 ? label : '', glyphs(style, printable(text)), style.width, 0, COLUMN));
    });
  };
  row(`before ${reset.rst.frame}`.slice(0, COLUMN - 1), statesBefore(reset));
  row('verdict', [
    `${verdict.confidence} ${cause.id}: ${evidenceFrames(verdict).join(', ')}`,
    `${filled(cause.title, reset)}.`,
    ...(verdict.role === 'aftershock' ? [`An aftershock: this death began with the RST in frame ${verdict.of}.`] : []),
  ]);
  lines.push(
    ...neighbours(
      'also',
      verdict.alternatives.map(({ cause: { id }, confidence, reason }) => [id, `${confidence}: ${reason}`]),
      style,
    ),
  );
  lines.push(
    ...neighbours(
      'not',
      verdict.against.map(({ cause: { id }, reason }) => [id, reason]),
      style,
    ),
  );
  lines.push(
    ...neighbours(
      'untested',
      verdict.untested.map(({ cause: { id }, needs }) => [id, `the capture lacks ${needs}`]),
      style,
    ),
  );
  row('wireshark', [displayFilter(verdict)]);
  return lines;
}

/** `not        keepalive-race-unread  a FIN came first (8); that race has none` */
function neighbours(label: string, entries: readonly (readonly [string, string])[], style: Style): string[] {
  if (entries.length === 0) return [];
  const column = Math.max(21, ...entries.map(([id]) => columns(id))) + 2;
  return entries.flatMap(([id, reason], index) => {
    const left = `${(index === 0 ? label : '').padEnd(COLUMN)}${id}`;
    return labelled(left, glyphs(style, printable(reason)), style.width, 0, COLUMN + column);
  });
}
