/**
 * Moments of one kind in ascending order, thinned as they grow: of moments closer than `step` only
 * the first is kept, and the step doubles when the list is full. So it is bounded, and the nearest
 * moment is known to within the step.
 */
export class Timeline {
  private times: number[] = [];
  private step = 0;

  add(time: number): void {
    const { times } = this;
    const last = times.length > 0 ? times[times.length - 1] : Number.NEGATIVE_INFINITY;
    if (time - last < this.step && times.length > 1) {
      // The newest stays exact: "accepted until" is asked for more often than anything between.
      times[times.length - 1] = Math.max(last, time);
      return;
    }
    if (times.length >= 2048) {
      this.step = this.step === 0 ? 1e6 : this.step * 2;
      const kept: number[] = [];
      for (const t of times) if (kept.length === 0 || t - kept[kept.length - 1] >= this.step) kept.push(t);
      this.times = kept;
    }
    this.times.push(time);
  }

  before(time: number): number | null {
    const i = this.index(time);
    return i > 0 ? this.times[i - 1] : null;
  }

  after(time: number): number | null {
    let i = this.index(time);
    while (i < this.times.length && this.times[i] <= time) i++;
    return i < this.times.length ? this.times[i] : null;
  }

  /** Index of the first moment not before `time`. */
  private index(time: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
