/** The results of `whyrst check` for a terminal, JUnit, GitHub annotations and a job summary. */

import type { Annotation } from '../report/ci/github.js';
import type { TestCase, TestSuite } from '../report/ci/junit.js';
import { glyphs, paint, type Style } from '../report/text/style.js';
import { columns, glued, wrap } from '../report/text/wrap.js';
import { escapeMarkdown, markdownCode } from '../report/words/escape.js';
import { printable } from '../report/words/printable.js';
import { count, counted } from '../report/words/wording.js';
import type { CaptureCheck } from './check.js';
import { expectationText } from './expectation.js';
import { type Problem, problemLines } from './problem.js';

/** Problems in a job summary; GitHub takes 1 MiB, a reader far less. */
const SUMMARY = 200;
/** Captures as expected that are named in it. */
const PASSED_TOLD = 1000;

/** Lines of the report; passing captures are one line each, or none with `quiet`. */
export function* checkText(checks: readonly CaptureCheck[], style: Style, quiet: boolean): Generator<string> {
  // The log of a job has no width of its own.
  const { columns: own = Number.POSITIVE_INFINITY } = style;
  const width = Number.isFinite(own) ? own : style.width;
  const say = (line: string, weight?: 'strong' | 'error' | 'faint') =>
    fitted(glyphs(style, printable(line)), width)
      .map((safe) => `${weight === undefined ? safe : paint(style, weight, safe)}\n`)
      .join('');
  for (const check of checks) {
    const failed = check.problems.length > 0;
    if (quiet && !failed) continue;
    yield failed ? say(`FAIL  ${check.capture}`, 'error') : say(`ok    ${check.capture}: ${passed(check)}`);
    for (const problem of check.problems) {
      const [title = '', ...rows] = problemLines(problem);
      yield say(`      ${title}`, 'strong');
      for (const row of rows) yield say(`      ${row}`);
    }
    for (const note of check.notes) yield say(`      note: ${note}`, 'faint');
  }
  yield say(verdictLine(checks));
}

/** What is to be typed stays on one line, to be copied. */
const TYPED = /^ +look /;

/** Two endpoints, to be copied. */
const PAIR = /\S+ (?:->|→) \S+/g;

/** A line wider than the terminal goes on under its own text: `        expected  2 closed-port, …`. */
function fitted(line: string, width: number): string[] {
  if (columns(line) <= width || TYPED.test(line)) return [line];
  const [before = ''] = /^ *(?:\S+(?: \S+)? {2,})?/.exec(line) ?? [];
  const whole = line.slice(before.length).replace(PAIR, (pair) => glued(pair));
  const [first = '', ...more] = wrap(whole, width - before.length);
  return [before + first, ...more.map((next) => ' '.repeat(before.length) + next)];
}

/** `12 captures: 10 as expected, 2 not (3 problems)` */
export function verdictLine(checks: readonly CaptureCheck[]): string {
  const failed = checks.filter(({ problems }) => problems.length > 0);
  const total = failed.reduce((sum, { problems }) => sum + problems.length, 0);
  const head = `${counted(checks.length, 'capture')}: ${count(checks.length - failed.length)} as expected`;
  return failed.length === 0 ? head : `${head}, ${count(failed.length)} not (${counted(total, 'problem')})`;
}

function passed({ met, resets, expectFile }: CaptureCheck): string {
  if (expectFile === null) return counted(resets, 'reset');
  const kinds = met
    .filter(({ frames }) => frames.length > 0)
    .map(({ expectation, frames }) => `${count(frames.length)} ${expectation.cause}`);
  return kinds.length === 0 ? 'no reset, as expected' : `${kinds.join(', ')}, as expected`;
}

/** A case per line that was met and per problem, so that a dashboard shows which expectation began to fail. */
export function checkSuites(checks: readonly CaptureCheck[]): TestSuite[] {
  return checks.map((check) => {
    const group = check.capture;
    const cases: TestCase[] = check.met.map(({ expectation, frames }) => ({
      name: expectationText(expectation),
      group,
      outcome: 'passed',
      message: frames.length === 0 ? 'none' : `frames ${frames.join(', ')}`,
      kind: '',
      text: '',
    }));
    for (const problem of check.problems) {
      cases.push({
        name: problem.title,
        group,
        outcome: problem.kind === 'capture' || problem.kind === 'expectations' ? 'broken' : 'failed',
        message: problem.title,
        kind: problem.kind,
        text: [place(problem), ...problemLines(problem).slice(1)].join('\n'),
      });
    }
    if (cases.length === 0) {
      cases.push({ name: passed(check), group, outcome: 'passed', message: '', kind: '', text: '' });
    }
    return { name: check.capture, time: check.diagnosis?.captures[0]?.first ?? null, cases };
  });
}

function place({ file, line }: Problem): string {
  return line === null ? file : `${file}:${line}`;
}

export function checkAnnotations(checks: readonly CaptureCheck[]): Annotation[] {
  return checks.flatMap(({ problems }) =>
    problems.map((problem) => ({
      level: 'error' as const,
      file: problem.file,
      ...(problem.line === null ? {} : { line: problem.line }),
      title: 'whyrst check',
      message: problemLines(problem).join('\n'),
    })),
  );
}

export function* checkMarkdown(checks: readonly CaptureCheck[]): Generator<string> {
  const failed = checks.filter(({ problems }) => problems.length > 0);
  yield `## whyrst check: ${escapeMarkdown(verdictLine(checks))}\n\n`;
  let told = 0;
  for (const { capture, problems, notes } of failed) {
    if (told >= SUMMARY) break;
    yield `### ${escapeMarkdown(capture)}\n\n`;
    for (const problem of problems) {
      told += 1;
      if (told > SUMMARY) break;
      yield `- **${escapeMarkdown(problem.title)}**\n`;
      for (const [label, text] of problem.rows) {
        for (const [index, line] of text.split('\n').entries()) {
          const value = label === 'look' ? markdownCode(line) : escapeMarkdown(line);
          yield `  - ${index === 0 && label !== '' ? `${escapeMarkdown(label)}: ` : ''}${value}\n`;
        }
      }
    }
    for (const note of notes) yield `- note: ${escapeMarkdown(note)}\n`;
    yield '\n';
  }
  const total = failed.reduce((sum, { problems }) => sum + problems.length, 0);
  if (total > SUMMARY) yield `${count(total - SUMMARY)} more problems are in the log of this job.\n\n`;
  yield `<details><summary>${counted(checks.length - failed.length, 'capture')} as expected</summary>\n\n`;
  const expected = checks.filter(({ problems }) => problems.length === 0);
  for (const check of expected.slice(0, PASSED_TOLD))
    yield `- ${escapeMarkdown(`${check.capture}: ${passed(check)}`)}\n`;
  if (expected.length > PASSED_TOLD) yield `- and ${count(expected.length - PASSED_TOLD)} more\n`;
  yield '\n</details>\n';
}
