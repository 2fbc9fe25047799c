import type { PeriodFacts } from './types.js';

/** Kinds of repeated connections that are followed. */
const KINDS = 16_384;

interface Series {
  count: number;
  last: number;
  /** Running mean and sum of squared deviations of the intervals (Welford). */
  mean: number;
  squares: number;
}

/** Short connections without data that one source makes again and again: how often, how regularly. */
export class Periods {
  private readonly series = new Map<string, Series>();

  add(key: string, time: number): void {
    const s = this.series.get(key);
    if (s === undefined) {
      if (this.series.size < KINDS) this.series.set(key, { count: 1, last: time, mean: 0, squares: 0 });
      return;
    }
    const interval = time - s.last;
    s.last = time;
    const n = s.count++;
    const delta = interval - s.mean;
    s.mean += delta / n;
    s.squares += delta * (interval - s.mean);
  }

  of(key: string): PeriodFacts | null {
    const s = this.series.get(key);
    if (s === undefined || s.count < 2) return null;
    const intervals = s.count - 1;
    const deviation = Math.sqrt(s.squares / intervals);
    return { count: s.count, interval: s.mean, spread: s.mean > 0 ? deviation / s.mean : Number.POSITIVE_INFINITY };
  }
}
