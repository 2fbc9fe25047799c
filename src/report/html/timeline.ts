/**
 * Where points of time stand on an axis that must also read when all of them fell into one second of eight hours: what
 * is empty and long is folded away, and the fold says how long it was.
 */

/** A stretch of the axis that is drawn to scale, or one that is folded. Times in nanoseconds since 1970. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
  readonly folded: boolean;
  /** Bars that a stretch drawn to scale has; 0 for a fold. */
  readonly bars: number;
}

/** A gap of at least this part of what is still drawn is folded. */
const WORTH = 0.3;
/** Points that stand apart from each other: with so many an axis reads without a fold. */
const APART = 10;
/** More folds than this would be all one sees. */
const FOLDS = 6;
/** Bars of the shortest stretch. */
const LEAST = 3;

/** Stretches from `from` to `to` in order. `times` in any order, all between the two. */
export function stretches(times: readonly bigint[], from: bigint, to: bigint, bars: number): readonly Stretch[] {
  const sorted = [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const gaps: { readonly from: bigint; readonly to: bigint }[] = [];
  let before = from;
  for (const time of [...sorted, to]) {
    if (time > before) gaps.push({ from: before, to: time });
    before = time;
  }
  gaps.sort((a, b) => Number(b.to - b.from - (a.to - a.from)));
  let left = Number(to - from);
  const folds: { readonly from: bigint; readonly to: bigint }[] = [];
  const between = gaps.filter(
    ({ from: start, to: end }) => start >= (sorted[0] ?? from) && end <= (sorted.at(-1) ?? to),
  );
  const wanted = Math.min(APART, between.length + 1);
  for (const gap of gaps) {
    const apart = between.filter((each) => Number(each.to - each.from) > left / bars).length + 1;
    if (apart >= wanted) break;
    const length = Number(gap.to - gap.from);
    if (folds.length === FOLDS || length < WORTH * left) break;
    folds.push(gap);
    left -= length;
  }
  folds.sort((a, b) => (a.from < b.from ? -1 : 1));
  const drawn: { from: bigint; to: bigint }[] = [];
  let start = from;
  for (const fold of folds) {
    drawn.push({ from: start, to: fold.from });
    start = fold.to;
  }
  drawn.push({ from: start, to });
  // Before the first point and behind the last there may be nothing but the fold.
  const kept = drawn.filter((piece) => sorted.some((time) => time >= piece.from && time <= piece.to));
  const whole = kept.reduce((sum, piece) => sum + Number(piece.to - piece.from), 0);
  const spare = Math.max(0, bars - kept.length * LEAST);
  const pieces: Stretch[] = kept.map((piece) => ({
    ...piece,
    folded: false,
    bars: LEAST + (whole === 0 ? 0 : Math.floor((spare * Number(piece.to - piece.from)) / whole)),
  }));
  const all = [...pieces, ...folds.map((fold): Stretch => ({ ...fold, folded: true, bars: 0 }))];
  return all.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.to < b.to ? -1 : 1));
}
