/** Resets that a team has looked at and wants to hear no more of, for a while: never without a reason and a last day. */

import type { Verdict } from '../reset/vocabulary/verdict.js';
import { BadLine, checkCause, parseDetails, parseWords, split, type Vocabulary } from './expect-file.js';
import { type Expectation, fitOf, hasEnded, names } from './expectation.js';

export interface Ignore extends Omit<Expectation, 'line' | 'file'> {
  readonly until: string;
}

/**
 * `port-scan * -> 10.0.0.0/8 until 2027-03-01 # nightly scanner`: a line of an `.expect` file without its count.
 * @throws BadLine
 */
export function parseIgnore(text: string, vocabulary: Vocabulary): Ignore {
  const { words, why } = split(text);
  const [cause = ''] = words;
  if (cause === '') throw new BadLine('the cause is missing');
  checkCause(cause, vocabulary);
  return complete({
    least: 0,
    most: Number.POSITIVE_INFINITY,
    cause,
    why,
    ...parseDetails(words.slice(1), vocabulary),
  });
}

/** The same from the configuration file. @throws BadLine */
export function makeIgnore(
  entry: {
    readonly cause: string;
    readonly client?: string | undefined;
    readonly server?: string | undefined;
    readonly until: string;
    readonly reason: string;
  },
  vocabulary: Vocabulary,
): Ignore {
  const ends = `${entry.client ?? '*'} -> ${entry.server ?? '*'}`.split(' ');
  const {
    file: _file,
    line: _line,
    ...rest
  } = parseWords(['any', entry.cause, 'until', entry.until, ...ends], entry.reason, { file: '', line: 0 }, vocabulary);
  return complete(rest);
}

function complete(ignore: Omit<Expectation, 'line' | 'file'>): Ignore {
  if (ignore.until === null) throw new BadLine('a last day is missing: "until 2027-03-01"');
  if (ignore.why === '') throw new BadLine('the reason is missing: "# why this may be ignored"');
  return { ...ignore, until: ignore.until };
}

export interface Sifted {
  readonly kept: readonly Verdict[];
  readonly ignored: readonly { readonly by: Ignore; readonly verdicts: readonly Verdict[] }[];
  /** Ended ones that would have ignored something. */
  readonly ended: readonly { readonly by: Ignore; readonly verdicts: readonly Verdict[] }[];
}

export function sift(verdicts: readonly Verdict[], ignores: readonly Ignore[], today: string): Sifted {
  const live = new Map<Ignore, Verdict[]>();
  const past = new Map<Ignore, Verdict[]>();
  const kept = verdicts.filter((verdict) => {
    const fitting = ignores.filter((ignore) => fits(ignore, verdict));
    const by = fitting.find((ignore) => !hasEnded(ignore, today));
    const into = by === undefined ? past : live;
    const one = by ?? fitting[0];
    if (one !== undefined) {
      const own = into.get(one);
      if (own) own.push(verdict);
      else into.set(one, [verdict]);
    }
    return by === undefined;
  });
  const list = (map: Map<Ignore, Verdict[]>) => [...map].map(([by, own]) => ({ by, verdicts: own }));
  return { kept, ignored: list(live), ended: list(past) };
}

function fits(ignore: Ignore, verdict: Verdict): boolean {
  const { cause, ends, sure } = fitOf({ ...ignore, file: '', line: 0 }, verdict);
  return cause && ends && sure && names(ignore.cause, verdict.cause);
}
