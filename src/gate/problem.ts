/** What is wrong with a capture, ready to be told on a terminal, in JUnit, as an annotation or in a job summary. */

export type ProblemKind =
  | 'missing' // an expected reset is not there
  | 'unexpected' // a reset that no line allows
  | 'expectations' // no `.expect` file, or one that cannot be read
  | 'capture' // empty, cut, unreadable
  | 'limit'; // --fail-on, --max-resets, --baseline

export interface Problem {
  readonly kind: ProblemKind;
  /** One sentence without a full stop. */
  readonly title: string;
  /** Where to look: the line of an expectation, or the capture. */
  readonly file: string;
  readonly line: number | null;
  /** `[label, text]`: expected, found, why not, look. */
  readonly rows: readonly (readonly [string, string])[];
}

/** Lines for a terminal: the title, then its rows. */
export function problemLines(problem: Problem): string[] {
  const widest = Math.max(...problem.rows.map(([label]) => label.length), 0) + 2;
  return [
    problem.title,
    ...problem.rows.flatMap(([label, text]) =>
      text.split('\n').map((line, index) => `  ${(index === 0 ? label : '').padEnd(widest)}${line}`),
    ),
  ];
}
