/** A capture's resets against the lines that expect them: what is missing, what nobody expected, and why. */

import { serverOf } from '../report/ci/fingerprint.js';
import { frameText } from '../report/words/frame.js';
import { quoted } from '../report/words/shell.js';
import { count, counted, filled, parties, socket } from '../report/words/wording.js';
import type { Cause, Verdict } from '../reset/vocabulary/verdict.js';
import { assign } from './assign.js';
import type { ExpectFile } from './expect-file.js';
import { type Expectation, expectationText, fitOf, hasEnded, names } from './expectation.js';
import { grouped } from './grouped.js';
import type { Problem } from './problem.js';

/** Frames and near misses listed. */
export const LISTED = 8;
/** Causes of a pattern whose shapes are told, where no more can be said of them. */
const SHAPES_TOLD = 3;

export interface Met {
  readonly expectation: Expectation;
  readonly frames: readonly string[];
}

export interface Comparison {
  readonly met: readonly Met[];
  readonly problems: readonly Problem[];
}

export interface Surroundings {
  readonly capture: string;
  /** `2026-11-21` */
  readonly today: string;
  /** To say why a cause did not even look at a reset. */
  readonly causes: readonly Pick<Cause, 'id' | 'formerly' | 'shapes'>[];
}

/** `verdicts` without aftershocks and without what is ignored. */
export function compare(verdicts: readonly Verdict[], expected: ExpectFile, surroundings: Surroundings): Comparison {
  const live = expected.expectations.filter((line) => !hasEnded(line, surroundings.today));
  const ended = expected.expectations.filter((line) => hasEnded(line, surroundings.today));
  const { counted: numbers, left } = assign(verdicts, live);
  const met: Met[] = [];
  const problems: Problem[] = [];
  live.forEach((line, index) => {
    const own = numbers[index] as readonly Verdict[];
    if (own.length >= line.least) met.push({ expectation: line, frames: own.map(frameOf) });
    else problems.push(missing(line, own, verdicts, left, surroundings));
  });
  for (const group of groups(left)) problems.push(unexpected(group, live, ended, expected, surroundings));
  return { met, problems };
}

function frameOf({ reset }: Verdict): string {
  return frameText(reset, reset.rst.frame);
}

function missing(
  line: Expectation,
  own: readonly Verdict[],
  verdicts: readonly Verdict[],
  left: readonly Verdict[],
  { capture, causes }: Surroundings,
): Problem {
  const near = nearest(line, left.length > 0 ? left : verdicts.filter((verdict) => !own.includes(verdict)));
  const rows: [string, string][] = [
    ['expected', `${expectationText(line)}  (${line.file}:${line.line}${line.why === '' ? '' : `: ${line.why}`})`],
  ];
  rows.push(['found', own.length === 0 ? 'none' : `${counted(own.length, 'reset')}, frames ${frameList(own)}`]);
  if (near.length > 0) rows.push(['instead', near.slice(0, LISTED).map(brief).join('\n')]);
  const why = whyNot(line, near, causes);
  if (why.length > 0) rows.push(['why not', why.join('\n')]);
  const place = near[0] ?? own[0];
  rows.push([
    'look',
    place === undefined ? `whyrst ${quoted(capture)}` : `whyrst show ${quoted(capture)} ${frameOf(place)}`,
  ]);
  const short = line.least - own.length;
  return {
    kind: 'missing',
    title: `${own.length === 0 ? 'Missing' : `${count(short)} missing`}: ${expectationText(line)}`,
    file: line.file,
    line: line.line,
    rows,
  };
}

/** What may be meant by the line: in the same place, or the same cause elsewhere or less sure. */
function nearest(line: Expectation, candidates: readonly Verdict[]): readonly Verdict[] {
  const scored = candidates.map((verdict) => {
    const { cause, ends, sure } = fitOf(line, verdict);
    return { verdict, score: (cause ? 2 : 0) + (ends ? 2 : 0) + (sure ? 1 : 0), near: cause || ends };
  });
  return scored
    .filter(({ near }) => near)
    .sort((a, b) => b.score - a.score)
    .map(({ verdict }) => verdict);
}

/** The cause's own reason against it, or what else about the nearest reset does not fit. */
function whyNot(line: Expectation, near: readonly Verdict[], causes: Surroundings['causes']): string[] {
  const reasons = new Set<string>();
  for (const verdict of near.slice(0, LISTED)) {
    const frame = near.length > 1 ? `frame ${frameOf(verdict)}: ` : '';
    const { cause, ends, sure } = fitOf(line, verdict);
    if (cause && ends && !sure)
      reasons.add(
        `${frame}it is only ${verdict.confidence}${verdict.doubt[0] === undefined ? '' : `: ${filled(verdict.doubt[0], verdict.reset)}`}`,
      );
    else if (cause && !ends) reasons.add(`${frame}it is at other addresses`);
    else if (!cause) {
      for (const reason of reasonsAgainst(line.cause, verdict, causes)) reasons.add(`${frame}${reason}`);
    }
  }
  return [...reasons].slice(0, LISTED);
}

/** What the expected cause itself said of this reset. */
export function reasonsAgainst(pattern: string, verdict: Verdict, causes: Surroundings['causes']): string[] {
  const said = [
    ...verdict.against
      .filter(({ cause }) => names(pattern, cause))
      .map(({ cause, reason }) => `${cause.id}: ${reason}`),
    ...verdict.alternatives
      .filter(({ cause }) => names(pattern, cause))
      .map(({ cause, confidence, reason }) => `${cause.id} is only ${confidence}: ${reason}`),
    ...verdict.untested
      .filter(({ cause }) => names(pattern, cause))
      .map(({ cause, needs }) => `${cause.id}: not testable here: ${needs}`),
  ];
  if (said.length > 0) return said;
  const { shape } = verdict.reset;
  return causes
    .filter((cause) => names(pattern, cause))
    .slice(0, SHAPES_TOLD)
    .map(({ id, shapes }) =>
      shapes.includes(shape)
        ? `${id}: it means RSTs of another kind`
        : `${id}: it is about RSTs of the shape ${shapes.join(' or ')}; this one is of the shape ${shape}`,
    );
}

/** Unexpected resets of one cause at one server are told once. */
function groups(left: readonly Verdict[]): readonly (readonly Verdict[])[] {
  return [...grouped(left, (verdict) => `${verdict.cause.id} ${verdict.role} ${serverOf(verdict)}`).values()];
}

function unexpected(
  group: readonly Verdict[],
  live: readonly Expectation[],
  ended: readonly Expectation[],
  { path, none }: ExpectFile,
  { capture }: Surroundings,
): Problem {
  const first = group[0] as Verdict;
  const rows: [string, string][] = [['found', group.slice(0, LISTED).map(brief).join('\n')]];
  if (group.length > LISTED) rows.push(['', `and ${count(group.length - LISTED)} more`]);
  const reasons = [
    ...live
      .filter((line) => fitsAll(line, first))
      .map((line) => `${line.file}:${line.line} allows ${expectationText(line)}; there are more`),
    ...ended
      .filter((line) => fitsAll(line, first))
      .map((line) => `${line.file}:${line.line} ended on ${line.until}${line.why === '' ? '' : ` (${line.why})`}`),
    ...live
      .filter((line) => fitsButSure(line, first))
      .map((line) => `${line.file}:${line.line} wants it at least ${line.confidence}; it is ${first.confidence}`),
    ...(none === null ? [] : [`${path}:${none} says none`]),
  ];
  rows.push(['expected', reasons.length > 0 ? reasons.join('\n') : `nothing of this kind (${path})`]);
  rows.push(['look', `whyrst show ${quoted(capture)} ${frameOf(first)}`]);
  return {
    kind: 'unexpected',
    title: `Not expected: ${count(group.length)} ${first.cause.id}, ${first.confidence}, to ${serverOf(first)}: ${filled(first.cause.title, first.reset)}`,
    file: capture,
    line: null,
    rows,
  };
}

function fitsAll(line: Expectation, verdict: Verdict): boolean {
  const { cause, ends, sure } = fitOf(line, verdict);
  return cause && ends && sure;
}

function fitsButSure(line: Expectation, verdict: Verdict): boolean {
  const { cause, ends, sure } = fitOf(line, verdict);
  return cause && ends && !sure;
}

/** `frame 11: keepalive-race-after-fin, likely, 10.0.1.2:46840 -> 10.0.2.2:5007` */
export function brief(verdict: Verdict): string {
  const { client, server } = parties(verdict.reset);
  const ignored = verdict.role === 'ignored' ? ', ignored' : '';
  return `frame ${frameOf(verdict)}: ${verdict.cause.id}, ${verdict.confidence}${ignored}, ${socket(client)} -> ${socket(server)}`;
}

export function frameList(verdicts: readonly Verdict[]): string {
  const frames = verdicts.slice(0, LISTED).map(frameOf).join(', ');
  return verdicts.length > LISTED ? `${frames} and ${count(verdicts.length - LISTED)} more` : frames;
}
