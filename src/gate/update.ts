/**
 * `--update`: writes what a capture holds as its expectations. What people wrote stays: comments, reasons, lines that
 * still hold. Lines that no longer fit get a new count or go, and what nothing expects is added; a reason that goes with its
 * line is told.
 */

import { serverOf } from '../report/ci/fingerprint.js';
import { frameText } from '../report/words/frame.js';
import { parties, socket } from '../report/words/wording.js';
import { isScan } from '../reset/verdicts/findings.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { assign } from './assign.js';
import { type ExpectFile, split } from './expect-file.js';
import { countText, type Expectation, fitOf, hasEnded } from './expectation.js';
import { grouped } from './grouped.js';

export interface UpdateOptions {
  /** Ports and frames too: a line per reset. */
  readonly exact: boolean;
  readonly today: string;
}

const HEAD = '# count  cause                     at least  client -> server  # why';

export interface Update {
  readonly text: string;
  /** What somebody wrote behind a line of which nothing is left: `3: NET-412`. */
  readonly lost: readonly string[];
}

/** `old` is the text of the file and what it says; null where there was none. `verdicts` without aftershocks. */
export function updated(
  verdicts: readonly Verdict[],
  old: { readonly text: string; readonly file: ExpectFile } | null,
  { exact, today }: UpdateOptions,
): Update {
  if (old === null) {
    const lines =
      verdicts.length === 0 ? ['none'] : [HEAD, ...(exact ? verdicts.map(exactLine) : groupLines(verdicts))];
    return { text: `${lines.join('\n')}\n`, lost: [] };
  }
  const text = exact ? exactText(verdicts, old.text, old.file, today) : keptText(verdicts, old.text, old.file, today);
  const told = new Set(text.split('\n').map((line) => split(line).why));
  const lost = old.file.expectations.filter(({ why }) => why !== '' && !told.has(why));
  return { text, lost: lost.map(({ line, why }) => `${line}: ${why}`) };
}

/** A line per reset, with the reason of the first line of before that is about it. */
function exactText(verdicts: readonly Verdict[], text: string, { expectations }: ExpectFile, today: string): string {
  const reasons = expectations.filter((line) => line.why !== '' && !hasEnded(line, today));
  const lines = verdicts.map((verdict) => {
    const line = reasons.find((one) => {
      const { cause, ends, sure } = fitOf(one, verdict);
      return cause && ends && sure;
    });
    return line === undefined ? exactLine(verdict) : `${exactLine(verdict)}  # ${line.why}`;
  });
  return `${[...comments(text), ...(lines.length === 0 ? ['none'] : lines)].join('\n')}\n`;
}

/** What people wrote, as far as it still holds, and behind it what nothing of it is about. */
function keptText(verdicts: readonly Verdict[], text: string, file: ExpectFile, today: string): string {
  const live = file.expectations.filter((line) => !hasEnded(line, today) && !isOfScan(line));
  // With room for any number, a line takes all that it is about; its count is then what it took.
  const open = live.map((line) => ({ ...line, least: 0, most: Number.POSITIVE_INFINITY }));
  const { counted, left } = assign(verdicts, open);
  const numbers = new Map(
    live.map((line, index) => [line.line, { line, number: (counted[index] as readonly Verdict[]).length }]),
  );
  const expectedLines = new Set(file.expectations.map(({ line }) => line));
  const kept: string[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    if (index + 1 === file.none) return;
    if (!expectedLines.has(index + 1)) kept.push(raw);
    else {
      const own = numbers.get(index + 1);
      const line = own === undefined ? null : recounted(raw, own.line, own.number);
      if (line !== null) kept.push(line);
    }
  });
  while (kept.length > 0 && kept[kept.length - 1] === '') kept.pop();
  const lines = [...kept, ...groupLines(left)];
  if (!lines.some((line) => split(line).words.length > 0)) lines.push('none');
  return `${lines.join('\n')}\n`;
}

/** The line with a count that fits; null when nothing of it is left. */
function recounted(raw: string, line: Expectation, number: number): string | null {
  if (number >= line.least && number <= line.most) return raw;
  if (number === 0) return null;
  const least = line.most === Number.POSITIVE_INFINITY ? Math.min(line.least, number) : number;
  const most = line.most === Number.POSITIVE_INFINITY ? line.most : number;
  return raw.replace(/\S+/, countText({ least, most }).padEnd(countText(line).length));
}

function comments(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim().startsWith('#'));
}

/** A line for one port of a scan, as it was written before a scan was one line. */
function isOfScan({ cause, client, server, frame, until, why }: Expectation): boolean {
  return (
    isScan(cause) && client === null && server?.pattern.port != null && frame === null && until === null && why === ''
  );
}

/**
 * One line per cause, confidence and server, in that order: `2        closed-port  likely  * -> 10.0.2.2:80`. A scan is
 * one line of its source, whatever it asked.
 */
function groupLines(verdicts: readonly Verdict[]): string[] {
  const where = (verdict: Verdict) =>
    isScan(verdict.cause.id) ? `${parties(verdict.reset).client.address} -> *` : `* -> ${serverOf(verdict)}`;
  const groups = grouped(verdicts, (verdict) => `${verdict.cause.id} ${verdict.confidence} ${where(verdict)}`);
  return [...groups]
    .sort(([a], [b]) => inOrder.compare(a, b))
    .map(([, group]) => columns(`${group.length}`, group[0] as Verdict, where(group[0] as Verdict)));
}

/** Port 80 before port 443. */
const inOrder = new Intl.Collator('en', { numeric: true });

function exactLine(verdict: Verdict): string {
  const { client, server } = parties(verdict.reset);
  return columns(
    '1',
    verdict,
    `${socket(client)} -> ${socket(server)}  frame ${frameText(verdict.reset, verdict.reset.rst.frame)}`,
  );
}

function columns(count: string, { cause, confidence }: Verdict, where: string): string {
  return `${count.padEnd(8)} ${cause.id.padEnd(25)} ${confidence.padEnd(9)} ${where}`;
}
