/** What `whyrst show` says under a ladder: the states before, the verdict, its neighbours, the filter. */

import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { statesBefore } from '../ladder/ladder.js';
import { frameText } from '../words/frame.js';
import { printable } from '../words/printable.js';
import { displayFilter, evidenceNames, filled, inferred } from '../words/wording.js';
import { glyphs, type Style } from './style.js';
import { columns, labelled } from './wrap.js';

/** Reasons against neighbours shown without --verbose. */
const NEIGHBOURS = 5;

type Entry = readonly [id: string, reason: string];

export function verdictLines(verdict: Verdict, style: Style, verbose = false): string[] {
  const { reset, cause } = verdict;
  const before = `before ${frameText(reset, reset.rst.frame)}`;
  const left = Math.max('wireshark'.length + 2, before.length + 1);
  const lines: string[] = [];
  const row = (label: string, texts: readonly string[]) => {
    texts.forEach((text, index) => {
      lines.push(...labelled(index === 0 ? label : '', glyphs(style, printable(text)), style.width, 0, left));
    });
  };
  row(before, statesBefore(reset));
  row('verdict', [
    `${verdict.confidence} ${cause.id}: ${evidenceNames(verdict).join(', ')}`,
    `${filled(cause.title, reset)}.`,
    ...(verdict.role === 'aftershock' ? [`An aftershock: this death began with the RST in frame ${verdict.of}.`] : []),
  ]);

  const also: Entry[] = verdict.alternatives.map(({ cause: { id }, confidence, reason }) => [
    id,
    `${confidence}: ${inferred(reason)}`,
  ]);
  const not = nearestFirst(verdict.against.map(({ cause: { id }, reason }): Entry => [id, reason]));
  const shown = verbose ? not : not.slice(0, NEIGHBOURS);
  const untested: Entry[] = verbose
    ? verdict.untested.map(({ cause: { id }, needs }) => [id, `the capture does not show its ${needs}`])
    : [];
  const column = Math.max(21, ...[...also, ...shown, ...untested].map(([id]) => columns(id))) + 2;
  const neighbours = (label: string, entries: readonly Entry[]) => {
    entries.forEach(([id, reason], index) => {
      const head = `${(index === 0 ? label : '').padEnd(left)}${id}`;
      lines.push(...labelled(head, glyphs(style, printable(reason)), style.width, 0, left + column));
    });
  };
  neighbours('also', also);
  neighbours('not', shown);
  if (shown.length < not.length) row('', [`and ${not.length - shown.length} others: -v gives the reasons`]);
  neighbours('untested', untested);
  if (verdict.kernelReasons.length > 0) row('kernel', [`would trace it as ${verdict.kernelReasons.join(' or ')}`]);
  row('wireshark', [displayFilter(verdict)]);
  return lines;
}

/** A reason that cites a packet says more than one that many causes share; otherwise the catalogue's order. */
function nearestFirst(entries: readonly Entry[]): readonly Entry[] {
  const rank = ([, reason]: Entry) => {
    if (/\((?:\d+:)?\d+\)|\b(?:frames?|RSTs?) \d/.test(reason)) return 0;
    return entries.filter(([, other]) => other === reason).length === 1 ? 1 : 2;
  };
  return [...entries].sort((a, b) => rank(a) - rank(b));
}
