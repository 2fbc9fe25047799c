import * as columns from '../flow/columns.js';
import type { ConnectionTable } from '../flow/table.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Rows that are named by numbers below 0 (flow/ordinary.ts). */
export interface Elsewhere {
  /** The table whose row 0 is the connection `row` that began in `frame`, until another is asked for; null: it is gone. */
  known(row: number, frame: number): ConnectionTable | null;
}

/** Finds connections again that were remembered by their row and first frame. */
export class RowFinder {
  /** Where connections are that are not in the tracker's table (flow/ordinary.ts). */
  elsewhere: Elsewhere | null = null;

  /** Where the connection is that began in `frame`; null: it is gone, and its row may be another's. Below 0 a row lies elsewhere. */
  tableOf(row: number, frame: number, table: ConnectionTable): ConnectionTable | null {
    if (row < 0) return this.elsewhere?.known(row, frame) ?? null;
    return table.isLive(row) && table.words[row * c.WORDS + c.START_FRAME] === (frame | 0) ? table : null;
  }
}
