/** The table at the end of a report: one row per death or ignored RST, aftershocks counted under their first. */

import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { TextContext } from '../options.js';
import { frameCount } from '../words/frame.js';
import { printable } from '../words/printable.js';
import { absolute, clockMilliseconds } from '../words/time.js';
import { counted, listed, madeBy, parties, socket } from '../words/wording.js';
import { glyphs } from './style.js';
import { fittingTable } from './table.js';
import { columns, labelled } from './wrap.js';

/** `shown` in frame order; `hidden` rows are counted under the table. */
export function deathTable(
  shown: readonly Verdict[],
  hidden: number,
  capture: CaptureSummary,
  diagnosis: Diagnosis,
  context: TextContext,
): string[] {
  if (shown.length === 0) return [];
  const { style, clock } = context;
  const after = aftershocksByFirst(diagnosis.verdicts);
  const days = severalDays(capture, context);
  // The blank before each line.
  const width = (style.columns ?? style.width) - 1;
  const before = (days ? 'frame 2026-11-21 08:01:04.628  ' : 'frame 08:01:04.628  ').length + 2;
  // Two long IPv6 addresses are wider than a line: they part at the arrow.
  const pairs = shown.every((verdict) => before + columns(connection(verdict, true)[0] as string) <= width);
  const cells = shown.map((verdict) => [
    frameCount(verdict.reset, verdict.reset.rst.frame),
    time(verdict, capture, context, days),
    ...connection(verdict, pairs),
    madeBy(verdict.reset.sender.role, verdict.mechanism),
    verdict.cause.id,
    verdict.confidence,
  ]);
  const { head, rows } = fittingTable(
    [
      { head: 'frame', align: 'right', gap: 1 },
      { head: `time (${clock.zone})` },
      { head: glyphs(style, pairs ? 'client → server' : 'client →') },
      ...(pairs ? [] : [{ head: 'server' }]),
      { head: 'RST made by' },
      { head: 'cause' },
      { head: 'sure' },
    ],
    cells.map((row) => row.map((cell) => glyphs(style, printable(cell)))),
    width,
    3,
  );
  const output = [` ${head}`];
  rows.forEach((lines, index) => {
    output.push(...lines.map((line) => ` ${line}`));
    const shocks = after.get((shown[index] as Verdict).id);
    if (shocks) output.push(...labelled('+', glyphs(style, aftershockText(shocks)), style.width, 7, 2));
  });
  if (hidden > 0) {
    const rows = counted(hidden, 'row');
    output.push(`       + ${rows} more${context.all ? ', counted but not kept' : ': --all shows every one'}`);
  }
  return output;
}

function aftershocksByFirst(verdicts: readonly Verdict[]): ReadonlyMap<string, readonly Verdict[]> {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.role !== 'aftershock' || verdict.of === null) continue;
    const group = groups.get(verdict.of);
    if (group) group.push(verdict);
    else groups.set(verdict.of, [verdict]);
  }
  return groups;
}

/** `1 aftershock: 17, by the client kernel`; of many the first few frames. */
function aftershockText(shocks: readonly Verdict[]): string {
  const makers = new Set(shocks.map((shock) => madeBy(shock.reset.sender.role, shock.mechanism)));
  const frames = shocks.slice(0, 6).map((shock) => frameCount(shock.reset, shock.reset.rst.frame));
  if (shocks.length > 6) frames.push('…');
  return `${counted(shocks.length, 'aftershock')}: ${frames.join(', ')}, by ${listed([...makers].map((maker) => `the ${maker}`))}`;
}

/** The arrow stands close so that the pair can be copied whole. */
function connection(verdict: Verdict, pair: boolean): readonly string[] {
  const { client, server } = parties(verdict.reset);
  return pair ? [`${socket(client)}→${socket(server)}`] : [`${socket(client)}→`, socket(server)];
}

/** Does the clock alone not say which day is meant? */
export function severalDays(capture: CaptureSummary, { clock }: TextContext): boolean {
  return (
    capture.first !== null && capture.last !== null && clock.at(capture.first).date !== clock.at(capture.last).date
  );
}

function time(verdict: Verdict, capture: CaptureSummary, { clock }: TextContext, days: boolean): string {
  const moment = absolute(capture.first, verdict.reset.rst.time);
  if (moment === null) return '';
  const stamp = clockMilliseconds(clock, moment);
  return days ? `${clock.at(moment).date} ${stamp}` : stamp;
}
