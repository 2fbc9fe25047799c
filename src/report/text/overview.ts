/** The findings of a large capture at a glance: how many, what share, from when to when, how sure, where and why. */

import type { CaptureSummary } from '../../reset/verdicts/diagnosis.js';
import type { TextContext } from '../options.js';
import { printable } from '../words/printable.js';
import type { Story } from '../words/stories.js';
import { absolute } from '../words/time.js';
import { count } from '../words/wording.js';
import { severalDays } from './deaths.js';
import { placesText } from './finding.js';
import { glyphs } from './style.js';
import { fittingTable } from './table.js';

export function overviewLines(stories: readonly Story[], capture: CaptureSummary, context: TextContext): string[] {
  const { style, clock } = context;
  const days = severalDays(capture, context);
  const clockAt = (offset: number) => {
    const moment = absolute(capture.first, offset);
    if (moment === null) return '';
    const at = clock.at(moment);
    return days ? `${at.date} ${at.clock}` : at.clock;
  };
  const rows = stories.map((story, index) => [
    `${index + 1}.`,
    count(story.count),
    story.connections === null || story.connections < story.count ? '' : count(story.connections),
    clockAt(story.first.time),
    clockAt(story.last.time),
    // The least sure: no row claims more than all of its resets show.
    story.confidences.at(-1)?.[0] ?? '',
    placesText(story.places),
    story.cause.id,
  ]);
  const table = fittingTable(
    [
      { head: '', align: 'right', gap: 1 },
      { head: 'count', align: 'right' },
      { head: 'of', align: 'right' },
      { head: 'first' },
      { head: 'last' },
      { head: 'sure' },
      { head: 'where' },
      { head: 'why' },
    ],
    rows.map((row) => row.map((cell) => glyphs(style, printable(cell)))),
    style.columns ?? style.width,
    6,
  );
  return [table.head, ...table.rows.flat()];
}
