/** What `whyrst annotate` writes on frames: the verdict on the RST, each fact on the packet that shows it. */

import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { frameText } from './words/frame.js';
import { printable } from './words/printable.js';
import { filled, madeBy, sentence } from './words/wording.js';

/** A frame that thousands of verdicts cite (a process that ended) needs no thousand comments. */
const MOST = 5;

export function frameComments(diagnosis: Diagnosis): ReadonlyMap<number, readonly string[]> {
  const comments = new Map<number, string[]>();
  const more = new Map<number, number>();
  const add = (frame: number, text: string) => {
    const list = comments.get(frame);
    if (list === undefined) comments.set(frame, [printable(text)]);
    else if (list.length < MOST) list.push(printable(text));
    else more.set(frame, (more.get(frame) ?? 0) + 1);
  };
  for (const verdict of diagnosis.verdicts) {
    const { frame } = verdict.reset.rst;
    add(frame, verdictText(verdict));
    for (const fact of verdict.evidence) {
      if (fact.frame === null || fact.frame === frame) continue;
      add(
        fact.frame,
        `whyrst: evidence for ${verdict.cause.id} (RST in frame ${frameText(verdict.reset, frame)}): ${sentence(fact.text)}`,
      );
    }
  }
  for (const [frame, number] of more) comments.get(frame)?.push(`whyrst: and evidence for ${number} more resets`);
  return comments;
}

function verdictText(verdict: Verdict): string {
  const { reset, cause, confidence, role } = verdict;
  if (role === 'aftershock')
    return `whyrst: aftershock of frame ${reset.borders === undefined ? verdict.of?.replace(/^\d+:/, '') : verdict.of}: ${cause.id}`;
  const own = verdict.evidence.filter(({ frame }) => frame === reset.rst.frame || frame === null);
  return [
    `whyrst: ${cause.id} (${confidence}).`,
    sentence(filled(cause.title, reset)),
    ...own.map(({ text }) => sentence(text)),
    `RST made by: ${madeBy(reset.sender.role, verdict.mechanism)}.`,
    ...(verdict.lost === null ? [] : [sentence(verdict.lost)]),
    ...verdict.doubt.map((clause) => `Doubt: ${sentence(filled(clause, reset))}`),
  ].join(' ');
}
