import * as columns from './columns.js';
import type { ConnectionTable } from './table.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/**
 * Rows that are closed or reset, in the order in which that happened, until nothing was heard of
 * them for the settling time: late segments still find their connection.
 */
export class FreeQueue {
  private rows = new Int32Array(1024);
  private times = new Float64Array(1024);
  private head = 0;
  private length = 0;

  constructor(private readonly table: ConnectionTable) {}

  add(row: number): void {
    const bits = row * c.WORDS + c.BITS;
    if ((this.table.words[bits] & c.C_QUEUED) !== 0) return;
    this.table.words[bits] |= c.C_QUEUED;
    this.push(row, this.table.times[row * c.TIMES + c.LAST]);
  }

  /** Rows that wait, about: some may have been given up since. */
  get size(): number {
    return this.length;
  }

  /** The row that has been closed longest, settled or not, or -1. */
  oldest(): number {
    return this.due(Number.POSITIVE_INFINITY, 0);
  }

  /** The next row that was silent for `settle` ns, or -1. */
  due(now: number, settle: number): number {
    const { words } = this.table;
    while (this.length > 0 && now - this.times[this.head] >= settle) {
      const row = this.rows[this.head];
      this.head = (this.head + 1) & (this.rows.length - 1);
      this.length--;
      // Evicted since, or in a life that is not closed: it was queued again when that one closed, or will be.
      if (!this.table.isLive(row) || (words[row * c.WORDS + c.BITS] & c.C_QUEUED) === 0) continue;
      const last = this.table.times[row * c.TIMES + c.LAST];
      if (now - last >= settle) return row;
      this.push(row, last);
    }
    return -1;
  }

  private push(row: number, time: number): void {
    if (this.length === this.rows.length) {
      const rows = new Int32Array(this.length * 2);
      const times = new Float64Array(this.length * 2);
      for (let i = 0; i < this.length; i++) {
        const from = (this.head + i) & (this.length - 1);
        rows[i] = this.rows[from];
        times[i] = this.times[from];
      }
      this.rows = rows;
      this.times = times;
      this.head = 0;
    }
    const at = (this.head + this.length) & (this.rows.length - 1);
    this.rows[at] = row;
    this.times[at] = time;
    this.length++;
  }
}
