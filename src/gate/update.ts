/**
 * `--update`: writes what a capture holds as its expectations. What people wrote stays: comments, reasons, lines that
 * still hold. Lines that no longer fit get a new count or go, and what nothing expects is added.
 */

import { serverOf } from '../report/ci/fingerprint.js';
import { frameText } from '../report/words/frame.js';
import { parties, socket } from '../report/words/wording.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { assign } from './assign.js';
import { type ExpectFile, split } from './expect-file.js';
import { countText, type Expectation, hasEnded } from './expectation.js';
import { grouped } from './grouped.js';

export interface UpdateOptions {
  /** Ports and frames too: a line per reset. */
  readonly exact: boolean;
  readonly today: string;
}

const HEAD = '# count  cause                     at least  client -> server  # why';

/** `old` is the text of the file and what it says; null where there was none. `verdicts` without aftershocks. */
export function updatedText(
  verdicts: readonly Verdict[],
  old: { readonly text: string; readonly file: ExpectFile } | null,
  { exact, today }: UpdateOptions,
): string {
  const added = (list: readonly Verdict[]) => (exact ? list.map(exactLine) : groupLines(list));
  const fresh = verdicts.length === 0 ? ['none'] : added(verdicts);
  if (old === null) return `${[...(verdicts.length === 0 ? [] : [HEAD]), ...fresh].join('\n')}\n`;
  if (exact) return `${[...comments(old.text), ...fresh].join('\n')}\n`;

  const live = old.file.expectations.filter((line) => !hasEnded(line, today));
  // With room for any number, a line takes all that it is about; its count is then what it took.
  const open = live.map((line) => ({ ...line, least: 0, most: Number.POSITIVE_INFINITY }));
  const { counted, left } = assign(verdicts, open);
  const numbers = new Map(
    live.map((line, index) => [line.line, { line, number: (counted[index] as readonly Verdict[]).length }]),
  );
  const expectedLines = new Set(old.file.expectations.map(({ line }) => line));
  const kept: string[] = [];
  old.text.split(/\r?\n/).forEach((raw, index) => {
    if (index + 1 === old.file.none) return;
    if (!expectedLines.has(index + 1)) kept.push(raw);
    else {
      const own = numbers.get(index + 1);
      const line = own === undefined ? null : recounted(raw, own.line, own.number);
      if (line !== null) kept.push(line);
    }
  });
  while (kept.length > 0 && kept[kept.length - 1] === '') kept.pop();
  const lines = [...kept, ...added(left)];
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

/** One line per cause, confidence and server: `2        closed-port  likely  * -> 10.0.2.2:80` */
function groupLines(verdicts: readonly Verdict[]): string[] {
  const groups = grouped(verdicts, (verdict) => `${verdict.cause.id} ${verdict.confidence} ${serverOf(verdict)}`);
  return [...groups.values()].map((group) => {
    const first = group[0] as Verdict;
    return columns(`${group.length}`, first, `* -> ${serverOf(first)}`);
  });
}

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
