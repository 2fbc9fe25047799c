/** The sentence on top of all captures. */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { nothingReset } from './harm.js';
import { headlineOf } from './headline.js';
import { rollup } from './rollup.js';
import type { Story } from './stories.js';
import { counted } from './wording.js';

/** What happened in one sentence, `stories` being those of all captures rolled up; without resets, that there were none. */
export function answer({ captures, endings }: Diagnosis, stories: readonly Story[]): string {
  if (stories.length > 0) return headlineOf(stories);
  const [only] = captures;
  if (captures.length === 1 && only !== undefined) return nothingReset(only, endings);
  return captures.every(({ segments }) => segments === 0)
    ? 'None of these captures holds TCP that can be read.'
    : 'No TCP connection was reset in these captures.';
}

/** `3 captures. 19 connections were cut: …`; empty for one capture, whose own head says it. */
export function answerToAll(diagnosis: Diagnosis, stories: readonly Story[], selection: string | null): string {
  if (diagnosis.captures.length < 2) return '';
  const selectedNone = selection !== null && stories.length === 0;
  const text = selectedNone ? 'No RST matches this selection.' : answer(diagnosis, stories);
  return `${counted(diagnosis.captures.length, 'capture')}. ${text}`;
}

/** What `headline` holds in the data formats: what the reports for people say first, of one capture or of all. */
export function headlineText(diagnosis: Diagnosis, selection: string | null = null): string {
  const { runs, stories } = rollup(diagnosis);
  if (runs.length > 1) return answerToAll(diagnosis, stories, selection);
  if (stories.length === 0 && selection !== null) return 'No RST matches this selection.';
  return answer(diagnosis, runs[0]?.stories ?? []);
}
