/**
 * Which line counts which reset. Lines may overlap (`* -> 10.0.2.2:80` and `10.0.0.1 -> *`), so this is a flow problem:
 * first every line gets its least, then what is left goes where there is room. Resets that fit the same lines are alike
 * and are moved together, so the work depends on the number of kinds and lines, not of resets.
 */

import type { Verdict } from '../reset/vocabulary/verdict.js';
import { type Expectation, fitOf } from './expectation.js';

export interface Assignment {
  /** Verdicts each expectation counts, in frame order. */
  readonly counted: readonly (readonly Verdict[])[];
  /** Those that no line has room for. */
  readonly left: readonly Verdict[];
}

/** Resets that fit the same lines. */
interface Kind {
  readonly verdicts: Verdict[];
  readonly lines: readonly number[];
  /** How many of them go to each line. */
  readonly flow: Map<number, number>;
}

export function assign(verdicts: readonly Verdict[], expectations: readonly Expectation[]): Assignment {
  const kinds = kindsOf(verdicts, expectations);
  fill(
    kinds,
    expectations.map(({ least }) => least),
  );
  fill(
    kinds,
    expectations.map(({ most }) => most),
  );
  const counted: Verdict[][] = expectations.map(() => []);
  const left: Verdict[] = [];
  for (const { verdicts: own, flow } of kinds) {
    let at = 0;
    for (const [line, number] of flow) {
      for (const verdict of own.slice(at, at + number)) (counted[line] as Verdict[]).push(verdict);
      at += number;
    }
    left.push(...own.slice(at));
  }
  const byFrame = (a: Verdict, b: Verdict) => a.reset.rst.frame - b.reset.rst.frame;
  for (const list of counted) list.sort(byFrame);
  return { counted, left: left.sort(byFrame) };
}

function kindsOf(verdicts: readonly Verdict[], expectations: readonly Expectation[]): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const verdict of verdicts) {
    const lines = expectations.flatMap((expectation, line) => {
      const { cause, ends, sure } = fitOf(expectation, verdict);
      return cause && ends && sure ? [line] : [];
    });
    const key = lines.join(' ');
    const kind = kinds.get(key);
    if (kind) kind.verdicts.push(verdict);
    else kinds.set(key, { verdicts: [verdict], lines, flow: new Map() });
  }
  return [...kinds.values()];
}

/** Augments until no reset that is left finds a way to a line with room (Ford and Fulkerson). */
function fill(kinds: readonly Kind[], room: readonly number[]): void {
  const taken = room.map((_, line) => kinds.reduce((sum, { flow }) => sum + (flow.get(line) ?? 0), 0));
  for (const kind of kinds) {
    for (;;) {
      const spare = kind.verdicts.length - [...kind.flow.values()].reduce((sum, number) => sum + number, 0);
      if (spare === 0) break;
      const path = findPath(kind, kinds, (line) => (taken[line] as number) < (room[line] as number));
      if (path === null) break;
      const end = path[path.length - 1] as Step;
      const least = Math.min(
        spare,
        (room[end.line] as number) - (taken[end.line] as number),
        ...path.map((step) => step.give),
      );
      for (const { from, line, giver } of path) {
        from.flow.set(line, (from.flow.get(line) ?? 0) + least);
        if (giver !== null) giver.flow.set(line, (giver.flow.get(line) as number) - least);
      }
      taken[end.line] = (taken[end.line] as number) + least;
    }
  }
}

/** `from` takes places on `line`; `giver` gives them up there and goes on looking, or there was room. */
interface Step {
  readonly from: Kind;
  readonly line: number;
  readonly giver: Kind | null;
  readonly give: number;
}

function findPath(start: Kind, kinds: readonly Kind[], hasRoom: (line: number) => boolean): Step[] | null {
  const seen = new Set<Kind>([start]);
  const queue: { readonly kind: Kind; readonly path: Step[] }[] = [{ kind: start, path: [] }];
  for (const { kind, path } of queue) {
    for (const line of kind.lines) {
      if (hasRoom(line)) return [...path, { from: kind, line, giver: null, give: Number.POSITIVE_INFINITY }];
      for (const giver of kinds) {
        const give = giver.flow.get(line) ?? 0;
        if (give === 0 || seen.has(giver)) continue;
        seen.add(giver);
        queue.push({ kind: giver, path: [...path, { from: kind, line, giver, give }] });
      }
    }
  }
  return null;
}
