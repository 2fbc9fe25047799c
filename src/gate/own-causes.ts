/**
 * `--causes`: a team's own causes among the built-in ones. They are made with `defineCause` like any other, and say where
 * they rank with `before` or `after`; without either they come before every story of one connection, since what a team
 * knows of its own systems is more specific than anything that holds everywhere.
 */

import { SHAPES, type Shape } from '../reset/types.js';
import type { Cause } from '../reset/vocabulary/verdict.js';

/** A cause that says where it ranks: the id of another, built-in or the team's own. */
export type OwnCause = Cause & { readonly before?: string; readonly after?: string };

/** What is wrong with a module of causes, each problem a line. */
export class OwnCauseError extends Error {
  override readonly name = 'OwnCauseError';
  constructor(
    readonly module: string,
    readonly problems: readonly string[],
  ) {
    super(problems.map((problem) => `${module}: ${problem}`).join('\n'));
  }
}

const TEXTS = ['id', 'title', 'explanation', 'fix', 'confirm', 'since'] as const;
/** What did not happen comes first: nothing explains a reset that had no effect. */
const FIRST = 'rst-ignored';

/**
 * The causes that a module exports: `export default [ … ]`, one cause alone, or `export const causes`.
 * @throws OwnCauseError
 */
export function causesOfModule(exported: Readonly<Record<string, unknown>>, module: string): readonly OwnCause[] {
  const given = exported['default'] ?? exported['causes'];
  const list: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (list.length === 0) throw new OwnCauseError(module, ['exports no cause: export default [defineCause({ … })]']);
  const problems = list.flatMap((cause, index) => problemsOf(cause, index));
  if (problems.length > 0) throw new OwnCauseError(module, problems);
  return list as readonly OwnCause[];
}

function problemsOf(value: unknown, index: number): string[] {
  if (typeof value !== 'object' || value === null) return [`cause ${index + 1} is no object: make it with defineCause`];
  const cause = value as Readonly<Record<string, unknown>>;
  const name = typeof cause['id'] === 'string' ? cause['id'] : `cause ${index + 1}`;
  const problems: string[] = [];
  const say = (text: string) => problems.push(`${name}: ${text}`);
  for (const key of TEXTS) if (typeof cause[key] !== 'string' || cause[key] === '') say(`"${key}" is missing`);
  if (typeof cause['id'] === 'string' && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(cause['id'])) say('"id" must be kebab-case');
  if (typeof cause['title'] === 'string' && cause['title'].length > 80) say('"title" is longer than 80 characters');
  if (!['note', 'warning', 'error'].includes(String(cause['severity'])))
    say('"severity" must be note, warning or error');
  if (typeof cause['signature'] !== 'function') say('"signature" must be a function');
  for (const key of ['references', 'needs'] as const) if (!Array.isArray(cause[key])) say(`"${key}" must be a list`);
  const shapes = cause['shapes'];
  if (!Array.isArray(shapes) || shapes.length === 0) say(`"shapes" must list some of ${SHAPES.join(', ')}`);
  else for (const shape of shapes) if (!SHAPES.includes(shape as Shape)) say(`no shape is called "${String(shape)}"`);
  if (cause['before'] !== undefined && cause['after'] !== undefined) say('has both "before" and "after"');
  return problems;
}

/** The catalogue with the team's own causes where they say. @throws OwnCauseError */
export function withOwnCauses(
  builtIn: readonly Cause[],
  own: readonly OwnCause[],
  module: string,
  meant: (word: string, known: readonly string[]) => string,
): readonly Cause[] {
  const all: Cause[] = [...builtIn];
  const problems: string[] = [];
  let unplaced = all.findIndex(({ id }) => id === FIRST) + 1;
  for (const cause of own) {
    if (all.some(({ id, formerly }) => id === cause.id || formerly?.includes(cause.id))) {
      problems.push(`${cause.id}: there is a cause of that name already`);
      continue;
    }
    const anchor = cause.before ?? cause.after;
    if (anchor === undefined) {
      all.splice(unplaced, 0, cause);
      unplaced += 1;
      continue;
    }
    const at = all.findIndex(({ id, formerly }) => id === anchor || formerly?.includes(anchor));
    if (at < 0) {
      const known = all.map(({ id }) => id);
      problems.push(
        `${cause.id}: ranks ${cause.before === undefined ? 'after' : 'before'} "${anchor}", which is no cause${meant(anchor, known)}`,
      );
      continue;
    }
    all.splice(cause.before === undefined ? at + 1 : at, 0, cause);
  }
  if (problems.length > 0) throw new OwnCauseError(module, problems);
  return all;
}
