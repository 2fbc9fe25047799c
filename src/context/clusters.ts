/** Values kept per place; a cluster is clear long before. */
const VALUES = 512;
const PLACES = 16_384;

/** Durations before resets of a kind at a place, to find those that are the same: timers. */
export class Clusters {
  private readonly values = new Map<string, number[]>();

  add(key: string, value: number): void {
    const list = this.values.get(key);
    if (list === undefined) {
      if (this.values.size < PLACES) this.values.set(key, [value]);
    } else if (list.length < VALUES) list.push(value);
  }

  /** How many values there are within `spread` (a ratio) of this one, itself included. */
  near(key: string, value: number, spread: number): number {
    const list = this.values.get(key);
    if (list === undefined) return 0;
    let n = 0;
    for (const v of list) if (Math.abs(v - value) <= spread * value) n++;
    return n;
  }
}
