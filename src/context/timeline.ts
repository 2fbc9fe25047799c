import { grown } from '../flow/grown.js';

const NONE = new Float64Array(0);
/** Moments at which a list is thinned. */
const FULL = 2048;

/**
 * Moments of one kind in ascending order, bounded: of those that follow a kept one within `step` only the last is
 * kept, and that only when nothing follows it for another step. The step doubles when the list is full. So what came
 * before or after a time is known to within two steps, and the newest moment exactly.
 */
export class Timeline {
  /** The moment added last, which is not the highest where the capture is out of order. */
  last = Number.NaN;
  /** The only moment: most lists have one, and there may be hundreds of thousands of lists. */
  private only = Number.NaN;
  private times = NONE;
  private size = 0;
  /** Index of the moment that begins the current step; behind it stands at most the newest one. */
  private start = 0;
  private step = 0;

  add(time: number): void {
    this.last = time;
    if (this.size >= FULL) this.thin();
    this.put(time);
  }

  private put(time: number): void {
    const newest = this.size - 1;
    if (newest >= 0) {
      if (time <= this.at(newest)) return;
      const loose = newest > this.start;
      if (time - this.at(this.start) < this.step) {
        if (loose) this.times[newest] = time;
        else this.push(time);
        return;
      }
      if (loose && time - this.at(newest) < this.step) this.size--;
    }
    this.start = this.size;
    this.push(time);
  }

  private at(index: number): number {
    return this.times.length === 0 ? this.only : this.times[index];
  }

  private push(time: number): void {
    if (this.size === 0 && this.times.length === 0) {
      this.only = time;
      this.size = 1;
      return;
    }
    if (this.times.length === 0) {
      this.times = new Float64Array(8);
      this.times[0] = this.only;
    }
    if (this.size === this.times.length) this.times = grown(this.times, this.size * 2);
    this.times[this.size++] = time;
  }

  /** The moment added first. */
  get first(): number {
    return this.at(0);
  }

  before(time: number): number | null {
    const i = this.index(time);
    return i > 0 ? this.at(i - 1) : null;
  }

  after(time: number): number | null {
    let i = this.index(time);
    while (i < this.size && this.at(i) <= time) i++;
    return i < this.size ? this.at(i) : null;
  }

  private thin(): void {
    const times = this.times.slice(0, this.size);
    while (this.size > FULL / 2) {
      this.step = this.step === 0 ? 1e6 : this.step * 2;
      this.size = 0;
      this.start = 0;
      for (const time of times) this.put(time);
    }
  }

  /** Index of the first moment not before `time`. */
  private index(time: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
