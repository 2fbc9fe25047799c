/** The first lines of a report: when, how much, and a sum that adds up to the RST count of tshark. */

import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { phaseOf } from '../../reset/verdicts/repeated.js';
import { configurationText } from '../configuration.js';
import type { TextContext } from '../options.js';
import { frameCount } from '../words/frame.js';
import { harmOfVerdict } from '../words/harm.js';
import { headlineOf } from '../words/headline.js';
import { printable } from '../words/printable.js';
import type { Story } from '../words/stories.js';
import { span } from '../words/time.js';
import { count, counted } from '../words/wording.js';
import { glyphs, paint } from './style.js';
import { labelled, wrap } from './wrap.js';

export function headLines(
  capture: CaptureSummary,
  diagnosis: Diagnosis,
  stories: readonly Story[],
  context: TextContext,
): string[] {
  const { style } = context;
  // Of one reset the finding below is the sentence.
  const answer = stories.length === 1 && stories[0]?.count === 1 ? '' : headlineOf(stories);
  const parts = [
    periodOf(capture, context),
    [
      ...(capture.files === undefined ? [] : [counted(capture.files.length, 'file')]),
      counted(capture.records, 'packet'),
      counted(capture.connections, 'TCP connection'),
      total(capture) === 0 ? 'no RST' : counted(total(capture), 'RST'),
    ].join(', '),
    VANTAGE[capture.vantage.at],
  ].filter((part) => part !== '');
  const lines =
    answer === ''
      ? []
      : wrap(glyphs(style, printable(answer)), style.width).map((line) => paint(style, 'strong', line));
  if (answer !== '') lines.push('');
  lines.push(...wrap(glyphs(style, parts.join(' · ')), style.width));
  const sum = sumLine(capture, diagnosis);
  if (sum !== '') lines.push(...wrap(glyphs(style, sum), style.width));
  if (context.selection !== null) {
    const selected = diagnosis.verdicts.filter((verdict) => verdict.role !== 'aftershock').length;
    const text = `Selected: ${count(selected)} of them (${printable(context.selection)})`;
    lines.push(...wrap(glyphs(style, text), style.width));
  }
  lines.push(...qualityLines(capture, diagnosis, context));
  return lines;
}

/** RST segments as tshark counts them: copies of one packet are packets too. */
function total(capture: CaptureSummary): number {
  return capture.resets + (capture.resetCopies ?? 0);
}

const VANTAGE: Readonly<Record<CaptureSummary['vantage']['at'], string>> = {
  client: 'captured at the client',
  server: 'captured at the server',
  middle: 'captured between the hosts',
  loopback: 'captured on the loopback',
  both: 'captured at both ends',
  unknown: '',
};

const MINUTE = 60_000_000_000n;

/** `2026-11-21 08:01:04 UTC, 0.25 s`, or from and to once that is easier to read. */
export function periodOf(capture: CaptureSummary, { clock }: TextContext): string {
  if (capture.first === null || capture.last === null) return '';
  const from = clock.at(capture.first);
  const to = clock.at(capture.last);
  if (capture.last - capture.first < MINUTE) {
    const start = `${from.date} ${from.clock} ${clock.zone}`;
    return capture.last === capture.first ? start : `${start}, ${length(Number(capture.last - capture.first))}`;
  }
  const until = from.date === to.date ? to.clock : `${to.date} ${to.clock}`;
  return `${from.date} ${from.clock} to ${until} ${clock.zone}`;
}

/** Tenths of a second and more in seconds: `0.25 s`. */
function length(nanoseconds: number): string {
  return nanoseconds >= 1e8 && nanoseconds < 1e9 ? `${(nanoseconds / 1e9).toFixed(2)} s` : span(nanoseconds);
}

/** `4 RSTs = 1 that cut a connection + 1 aftershock + 2 ignored`; empty when there is but one kind. */
export function sumLine(capture: CaptureSummary, diagnosis: Diagnosis): string {
  const { lost, harmless, refused, aftershocks, ignored } = capture.tally;
  const terms: string[] = [];
  if (lost > 0) {
    const cut = diagnosis.verdicts.filter(
      (verdict) => verdict.role === 'first' && harmOfVerdict(verdict, phaseOf(verdict)) === 'lost',
    );
    const work = lost > 1 && cut.length > 0 && cut.every(({ severity }) => severity === 'error');
    terms.push(
      work ? `${count(lost)} lost work` : `${count(lost)} that cut ${lost === 1 ? 'a connection' : 'connections'}`,
    );
  }
  if (harmless > 0) terms.push(`${count(harmless)} harmless`);
  if (refused > 0) terms.push(`${count(refused)} refused`);
  if (aftershocks > 0) terms.push(counted(aftershocks, 'aftershock'));
  if (ignored > 0) terms.push(`${count(ignored)} ignored`);
  if (capture.resetCopies) terms.push(counted(capture.resetCopies, 'copy', 'copies'));
  return terms.length < 2 ? '' : `${counted(total(capture), 'RST')} = ${terms.join(' + ')}`;
}

function qualityLines(capture: CaptureSummary, diagnosis: Diagnosis, context: TextContext): string[] {
  const { style } = context;
  const lines: string[] = [];
  const say = (label: string, text: string) =>
    lines.push(...labelled(label, glyphs(style, printable(text)), style.width, 0, label.length + 1));
  if (diagnosis.configuration !== undefined) say('Configuration:', configurationText(diagnosis.configuration));
  if (capture.quality.length > 0) say('Capture:', capture.quality.join('; '));
  for (const warning of capture.warnings) {
    const times =
      warning.count > 1
        ? ` (${count(warning.count)} times${at(capture, warning.frame, ', first ')})`
        : at(capture, warning.frame, ' (', ')');
    say('Warning:', `${warning.text}${times}`);
  }
  if (diagnosis.omitted > 0) {
    say('Note:', `${counted(diagnosis.omitted, 'RST was', 'RSTs were')} judged and counted but not kept one by one`);
  }
  return lines;
}

function at(capture: CaptureSummary, frame: number | null, before: string, after = ''): string {
  return frame === null ? '' : `${before}at frame ${frameCount(capture, frame)}${after}`;
}
