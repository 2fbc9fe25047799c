/** Moments at which a list is thinned. */
const FULL = 2048;

/**
 * Moments of one kind in ascending order, thinned as they grow: of moments closer than `step` only
 * the first is kept, and the step doubles when the list is full. So it is bounded, and the nearest
 * moment is known to within the step.
 */
export class Timeline {
  /** The moment added last, which is not the highest where the capture is out of order. */
  last = Number.NaN;
  private times = new Float64Array(8);
  private size = 0;
  private step = 0;

  add(time: number): void {
    this.last = time;
    const newest = this.size - 1;
    if (newest > 0 && time - this.times[newest] < this.step) {
      // The newest stays exact: "accepted until" is asked for more often than anything between.
      if (time > this.times[newest]) this.times[newest] = time;
      return;
    }
    if (this.size >= FULL) this.thin();
    if (this.size === this.times.length) this.grow();
    this.times[this.size++] = time;
  }

  /** The moment added first. */
  get first(): number {
    return this.times[0];
  }

  before(time: number): number | null {
    const i = this.index(time);
    return i > 0 ? this.times[i - 1] : null;
  }

  after(time: number): number | null {
    let i = this.index(time);
    while (i < this.size && this.times[i] <= time) i++;
    return i < this.size ? this.times[i] : null;
  }

  private thin(): void {
    const { times } = this;
    this.step = this.step === 0 ? 1e6 : this.step * 2;
    let kept = 1;
    for (let i = 1; i < this.size; i++) if (times[i] - times[kept - 1] >= this.step) times[kept++] = times[i];
    this.size = kept;
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2);
    times.set(this.times);
    this.times = times;
  }

  /** Index of the first moment not before `time`. */
  private index(time: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
