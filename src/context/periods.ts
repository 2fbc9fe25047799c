import { EndpointIndex } from './endpoint-index.js';
import type { PeriodFacts } from './types.js';

/** Kinds of repeated connections that are followed. */
const KINDS = 16_384;

/** Intervals remembered of each. */
const INTERVALS = 16;

interface Series {
  count: number;
  last: number;
  /** Running mean and sum of squared deviations of the intervals (Welford). */
  mean: number;
  squares: number;
  /** The newest intervals, ns, in a ring. */
  readonly intervals: number[];
}

/** Short connections without data that one source makes again and again: how often, how regularly. */
export class Periods {
  private readonly targets = new EndpointIndex(KINDS);
  /** By source * KINDS + target. */
  private readonly series = new Map<number, Series>();

  /** @param evenness how far an interval may be from the middle one to count as equal, as a ratio */
  constructor(private readonly evenness: number) {}

  /** The source of that number did it, to the server whose address is at `words[at]`. */
  add(source: number, words: Int32Array, at: number, port: number, time: number): void {
    const full = this.series.size >= KINDS;
    const target = full ? this.targets.find(words, at, port) : this.targets.number(words, at, port);
    if (target < 0) return;
    const key = source * KINDS + target;
    const s = this.series.get(key);
    if (s === undefined) {
      if (!full) this.series.set(key, { count: 1, last: time, mean: 0, squares: 0, intervals: [] });
      return;
    }
    const interval = time - s.last;
    s.last = time;
    const n = s.count++;
    s.intervals[(n - 1) % INTERVALS] = interval;
    const delta = interval - s.mean;
    s.mean += delta / n;
    s.squares += delta * (interval - s.mean);
  }

  of(source: number, words: Int32Array, at: number, port: number): PeriodFacts | null {
    const target = this.targets.find(words, at, port);
    const s = this.series.get(source * KINDS + target);
    if (target < 0 || s === undefined || s.count < 2) return null;
    const intervals = s.count - 1;
    const deviation = Math.sqrt(s.squares / intervals);
    const sorted = s.intervals.toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1];
    const even = sorted.filter((one) => Math.abs(one - middle) <= this.evenness * middle).length;
    return {
      count: s.count,
      interval: middle,
      spread: s.mean > 0 ? deviation / s.mean : Number.POSITIVE_INFINITY,
      even: even / sorted.length,
    };
  }
}
