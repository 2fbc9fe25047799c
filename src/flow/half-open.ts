import * as columns from './columns.js';
import type { ConnectionTable } from './table.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Most connections that wait for their handshake to go on: a SYN flood leaves millions that never will. */
const WAITING = 32_768;
/** How many of them stay when there are too many: looking through all of them is paid for by those that go. */
const KEPT = (WAITING / 4) * 3;

/** Connections in the order of their SYNs, to give up those that have waited longest where too many wait at a time. */
export class HalfOpen {
  private readonly rows = new Int32Array(WAITING);
  /** Frame of the SYN: another one means that the row has another connection by now. */
  private readonly frames = new Int32Array(WAITING);
  private length = 0;

  constructor(private readonly table: ConnectionTable) {}

  /** The connection of `row` has begun in `frame`. Hands to `giveUp` the rows of those that have waited too long. */
  add(row: number, frame: number, giveUp: (row: number) => void): void {
    if (this.length === WAITING) this.thin(giveUp);
    this.rows[this.length] = row;
    this.frames[this.length++] = frame;
  }

  /** Forgets the connections that went on; of the rest the oldest are given up, until {@link KEPT} are left. */
  private thin(giveUp: (row: number) => void): void {
    const { rows, frames } = this;
    let waiting = 0;
    for (let i = 0; i < this.length; i++) {
      if (!this.waits(rows[i], frames[i])) continue;
      rows[waiting] = rows[i];
      frames[waiting++] = frames[i];
    }
    const surplus = Math.max(0, waiting - KEPT);
    for (let i = 0; i < surplus; i++) giveUp(rows[i]);
    rows.copyWithin(0, surplus, waiting);
    frames.copyWithin(0, surplus, waiting);
    this.length = waiting - surplus;
  }

  private waits(row: number, frame: number): boolean {
    const { words } = this.table;
    const at = row * c.WORDS;
    if (!this.table.isLive(row) || words[at + c.START_FRAME] !== frame) return false;
    if ((words[at + c.BITS] & (c.C_ESTABLISHED | c.C_RESET)) !== 0) return false;
    return words[c.endpointAt(row, 0) + c.DATA_SEGMENTS] + words[c.endpointAt(row, 1) + c.DATA_SEGMENTS] === 0;
  }
}
