import * as columns from './columns.js';
import type { ConnectionTable } from './table.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Most connections that wait for their handshake to go on: a SYN flood leaves millions that never will. A power of two. */
const WAITING = 32_768;
const MASK = WAITING - 1;

/** Connections in the order of their SYNs, to give up those whose handshake stands still when as many others have begun since. */
export class HalfOpen {
  private readonly rows = new Int32Array(WAITING);
  /** Frame of the SYN: another one means that the row has another connection by now. */
  private readonly frames = new Int32Array(WAITING);
  private count = 0;

  constructor(private readonly table: ConnectionTable) {}

  /** The connection of `row` has begun; returns the row of one that has waited too long, or -1. */
  add(row: number): number {
    const at = this.count++ & MASK;
    const old = this.count > WAITING && this.waits(this.rows[at], this.frames[at]) ? this.rows[at] : -1;
    this.rows[at] = row;
    this.frames[at] = this.table.words[row * c.WORDS + c.START_FRAME];
    return old;
  }

  private waits(row: number, frame: number): boolean {
    const { words } = this.table;
    const at = row * c.WORDS;
    if (!this.table.isLive(row) || words[at + c.START_FRAME] !== frame) return false;
    if ((words[at + c.BITS] & (c.C_ESTABLISHED | c.C_RESET)) !== 0) return false;
    return words[c.endpointAt(row, 0) + c.DATA_SEGMENTS] + words[c.endpointAt(row, 1) + c.DATA_SEGMENTS] === 0;
  }
}
