import { giveBack } from './give-back.js';
import { grown } from './grown.js';

export interface RowLayout {
  /** Words of a row; even, so that it holds whole float64. */
  readonly words: number;
  /** The word of it that holds its hash. */
  readonly hash: number;
  /** Rows there is room for at first, a power of two. */
  readonly least: number;
  /** Rows there is room for as soon as they are more than {@link COPIED}. */
  readonly most: number;
}

/** Rows up to which there is room by copying, which takes the memory twice over; what is not used of more takes none. */
const COPIED = 1 << 17;
/** More than are asked for at a time (look-ahead.ts, survey/first-reading.ts). */
const MOST_ASKED = 64;
/** In the place of the next row in its bucket: it is in none. */
const UNLINKED = -2;

/** Rows of growable typed arrays, found by a hash alone. Growing replaces `words` and `times`, two views of the same memory. */
export class HashedRows {
  words: Int32Array;
  times: Float64Array;
  /** Rows ever made. */
  protected top = 0;
  /** By hash the newest row of a bucket, by row the next in its bucket. */
  private buckets: Int32Array;
  private next: Int32Array;
  /** Rows that were given back, the last one first. */
  private free = new Int32Array(64);
  private freeCount = 0;
  /** Rows that {@link touch} asks for, and a sum of what they hold. */
  private readonly asked = new Int32Array(MOST_ASKED);
  protected touched = 0;

  /** As in the layout, where each segment finds them at once. */
  private readonly stride: number;
  private readonly hashAt: number;
  private readonly most: number;

  constructor({ words, hash, least, most }: RowLayout) {
    this.stride = words;
    this.hashAt = hash;
    this.most = most;
    this.words = new Int32Array(least * words);
    this.times = new Float64Array(this.words.buffer);
    this.next = new Int32Array(least);
    this.buckets = new Int32Array(2 * least).fill(-1);
  }

  /** Has the rows of these hashes brought into the processor's caches: loads that do not depend on each other wait together. */
  touch(hashes: Int32Array, count: number): void {
    const { words, buckets, asked, stride } = this;
    for (let i = 0; i < count; i++) asked[i] = buckets[this.bucket(hashes[i])];
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (asked[i] < 0) continue;
      for (let line = 0; line < stride; line += 16) sum = (sum + words[asked[i] * stride + line]) | 0;
    }
    // Kept, lest the loads be optimized away.
    this.touched = sum;
  }

  /** Gives up all rows, and the memory; none can be made any more. */
  release(): void {
    giveBack(this.words);
    this.words = new Int32Array(0);
    this.times = new Float64Array(0);
    this.next = this.words;
    this.buckets = this.words;
    this.top = 0;
  }

  /** The newest row with this hash, or -1. */
  protected rowOf(hash: number): number {
    const { words, next, stride, hashAt } = this;
    let row = this.buckets[this.bucket(hash)];
    while (row >= 0 && words[row * stride + hashAt] !== hash) row = next[row];
    return row;
  }

  /** A row that is found by this hash; what else it holds is not cleared. */
  protected addRow(hash: number): number {
    const row = this.freeCount > 0 ? this.free[--this.freeCount] : this.newRow();
    this.words[row * this.stride + this.hashAt] = hash;
    this.link(row, hash);
    return row;
  }

  /** The row is found no more. */
  protected unlink(row: number): void {
    const { buckets, next } = this;
    const bucket = this.bucket(this.hashOf(row));
    if (buckets[bucket] === row) buckets[bucket] = next[row];
    else {
      let before = buckets[bucket];
      while (next[before] !== row) before = next[before];
      next[before] = next[row];
    }
    next[row] = UNLINKED;
  }

  /** The row, which is unlinked, may be another's. */
  protected freeRow(row: number): void {
    if (this.freeCount === this.free.length) this.free = grown(this.free, 2 * this.freeCount);
    this.free[this.freeCount++] = row;
  }

  private bucket(hash: number): number {
    return (hash ^ (hash >>> 16)) & (this.buckets.length - 1);
  }

  private link(row: number, hash: number): void {
    const bucket = this.bucket(hash);
    this.next[row] = this.buckets[bucket];
    this.buckets[bucket] = row;
  }

  private newRow(): number {
    if (this.top === this.next.length) this.grow();
    if (2 * this.top > this.buckets.length) this.spread();
    return this.top++;
  }

  private grow(): void {
    let rows = 2 * this.next.length;
    if (rows > COPIED) rows = Math.max(rows, this.most);
    this.words = grown(this.words, rows * this.stride);
    this.times = new Float64Array(this.words.buffer);
    this.next = grown(this.next, rows);
  }

  /** Twice as many buckets, of which there are at least two for each row. */
  private spread(): void {
    this.buckets = new Int32Array(2 * this.buckets.length).fill(-1);
    for (let row = 0; row < this.top; row++) if (this.next[row] !== UNLINKED) this.link(row, this.hashOf(row));
  }

  private hashOf(row: number): number {
    return this.words[row * this.stride + this.hashAt];
  }
}
