/** One capture against all that is asked of it. */

import { frameText } from '../report/words/frame.js';
import { printable } from '../report/words/printable.js';
import { quoted } from '../report/words/shell.js';
import { count, counted } from '../report/words/wording.js';
import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../reset/vocabulary/verdict.js';
import { type Baseline, newAgainst } from './baseline.js';
import { brief, compare, frameList, LISTED, type Met } from './compare.js';
import type { ExpectFile } from './expect-file.js';
import { type Ignore, sift } from './ignore.js';
import type { Problem } from './problem.js';

export interface Gate {
  readonly today: string;
  readonly causes: readonly Cause[];
  readonly ignores: readonly Ignore[];
  /** Resets allowed over all captures; null for any number. */
  readonly maxResets: number | null;
  readonly baseline: { readonly file: string; readonly known: Baseline } | null;
  /** `--fail-on` for one reset; null when it was not given. */
  readonly failsOn: ((verdict: Verdict) => boolean) | null;
  readonly failOnText: string;
}

export interface CaptureCheck {
  readonly capture: string;
  /** null when the capture could not be read. */
  readonly diagnosis: Diagnosis | null;
  readonly expectFile: string | null;
  readonly met: readonly Met[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Resets that count: no aftershocks, nothing that is ignored. */
  readonly resets: number;
}

/** Warnings after which nobody can say what the capture would have held. */
const CUT = new Set(['cut-record', 'corrupt-record', 'corrupt-block', 'cut-compression', 'damaged-compression']);

/** `expected` is null where another gate stands in for it. */
export function checkCapture(
  diagnosis: Diagnosis,
  expected: ExpectFile | null,
  gate: Gate,
  knownLeft: Map<string, number>,
): CaptureCheck {
  const summary = diagnosis.captures[0];
  const capture = summary?.file ?? '';
  const problems: Problem[] = [];
  if (summary !== undefined) problems.push(...captureProblems(diagnosis, capture));
  const { kept, ignored, ended } = sift(
    diagnosis.verdicts.filter(({ role }) => role !== 'aftershock'),
    gate.ignores,
    gate.today,
  );
  const notes = ignored.map(
    ({ by, verdicts }) =>
      `ignored until ${by.until}: ${counted(verdicts.length, 'reset')} ${by.cause} (${by.why}), frames ${frameList(verdicts)}`,
  );
  for (const { by, verdicts } of ended) {
    notes.push(`no longer ignored since ${by.until}: ${by.cause} (${by.why}), frames ${frameList(verdicts)}`);
  }
  const comparison =
    expected === null
      ? { met: [], problems: [] }
      : compare(kept, expected, { capture, today: gate.today, causes: gate.causes });
  problems.push(...comparison.problems);
  if (gate.failsOn !== null) problems.push(...failing(kept.filter(gate.failsOn), capture, gate.failOnText));
  if (gate.baseline !== null) problems.push(...newAgainst(kept, knownLeft, capture, gate.baseline.file));
  return {
    capture,
    diagnosis,
    expectFile: expected?.path ?? null,
    met: comparison.met,
    problems,
    notes,
    resets: kept.length + diagnosis.omitted,
  };
}

/** An empty capture passes every expectation of `none`, which is how a broken recorder stays unnoticed. */
function captureProblems(diagnosis: Diagnosis, capture: string): Problem[] {
  const { records = 0, warnings = [] } = diagnosis.captures[0] ?? {};
  const problems: Problem[] = [];
  const say = (title: string, text: string) =>
    problems.push({ kind: 'capture', title, file: capture, line: null, rows: [['found', text]] });
  if (records === 0) say('The capture is empty', 'not one packet: did the recorder run?');
  for (const { code, text } of warnings) if (CUT.has(code)) say('The capture is cut or damaged', printable(text));
  if (diagnosis.omitted > 0) {
    say('Too many resets to check', `${count(diagnosis.omitted)} were counted but not kept one by one`);
  }
  return problems;
}

export function unreadable(capture: string, message: string): CaptureCheck {
  const problem: Problem = {
    kind: 'capture',
    title: 'The capture cannot be read',
    file: capture,
    line: null,
    rows: [['found', message]],
  };
  return { capture, diagnosis: null, expectFile: null, met: [], problems: [problem], notes: [], resets: 0 };
}

/** For a capture without a file, or with one that cannot be read. */
export function expectationProblem(file: string, line: number | null, title: string, text: string): Problem {
  return { kind: 'expectations', title, file, line, rows: [['found', text]] };
}

export function withProblems(check: CaptureCheck, problems: readonly Problem[]): CaptureCheck {
  return { ...check, problems: [...check.problems, ...problems] };
}

function failing(verdicts: readonly Verdict[], capture: string, failOnText: string): Problem[] {
  if (verdicts.length === 0) return [];
  const first = verdicts[0] as Verdict;
  return [
    {
      kind: 'limit',
      title: `${counted(verdicts.length, 'reset')} that --fail-on ${failOnText} forbids`,
      file: capture,
      line: null,
      rows: [
        ['found', verdicts.slice(0, LISTED).map(brief).join('\n')],
        ['look', `whyrst show ${quoted(capture)} ${frameText(first.reset, first.reset.rst.frame)}`],
      ],
    },
  ];
}

/** Over all captures; told with the one that holds most. */
export function tooMany(checks: readonly CaptureCheck[], most: number | null): Problem[] {
  const total = checks.reduce((sum, { resets }) => sum + resets, 0);
  if (most === null || total <= most) return [];
  const worst = [...checks].sort((a, b) => b.resets - a.resets)[0] as CaptureCheck;
  return [
    {
      kind: 'limit',
      title: `${counted(total, 'reset')}, more than --max-resets ${most} allows`,
      file: worst.capture,
      line: null,
      rows: [
        [
          'found',
          checks
            .filter(({ resets }) => resets > 0)
            .map(({ capture, resets }) => `${count(resets)} in ${capture}`)
            .join('\n'),
        ],
        ['look', `whyrst ${quoted(worst.capture)}`],
      ],
    },
  ];
}
