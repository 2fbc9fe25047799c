import type { Segment } from '../packet/segment.js';
import * as columns from './columns.js';
import { giveBack } from './give-back.js';
import { flowHash } from './hash.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** A segment's row was found with the sender as endpoint 0 or 1; -1: no row. */
export type Side = 0 | 1;

const INITIAL_ROWS = 1024;
/** Rows up to which the table grows by copying; then there is room for all that may ever be. */
const COPIED_ROWS = 16_384;
/** Most rows that there is room for at once, which is some 290 MB of addresses and costs no memory until rows are used. */
const RESERVED_ROWS = 262_144;

/** A word in each cache line of a row that nearly every segment reads or writes. */
const HOT = Int32Array.of(
  c.NEXT,
  c.TAIL,
  ...[c.endpointAt(0, 0), c.endpointAt(0, 1)].flatMap((e) => [e, e + c.TTL, e + c.MESSAGE_TIME * 2]),
);

/**
 * Connections as rows of growable typed arrays, found by an integer hash of the order-free
 * four-tuple. Freed rows go to a free list. Growing replaces the arrays: holders of `words`,
 * `times` or `octets` (three views of the same memory) read them anew after {@link create}.
 */
export class ConnectionTable {
  words: Int32Array;
  times: Float64Array;
  octets: Uint8Array;
  /** Rows in use. */
  size = 0;
  /** Rows ever handed out; rows at or beyond it are untouched. */
  top = 0;
  /** Side of the segment's sender in the row {@link find} returned last. */
  side: Side = 0;

  private buckets: Int32Array;
  private mask: number;
  private free = -1;
  /** Rows that {@link touch} asks for, and a sum of what they hold. */
  private asked = new Int32Array(0);
  protected touched = 0;
  /** Hash of the four-tuple {@link find} looked for last. */
  private hash = 0;

  /**
   * @param capacity rows there is room for before it grows, a power of two
   * @param most rows that it will have at most
   */
  constructor(
    private capacity = INITIAL_ROWS,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {
    this.words = new Int32Array(capacity * c.WORDS);
    this.times = new Float64Array(this.words.buffer);
    this.octets = new Uint8Array(this.words.buffer);
    this.buckets = new Int32Array(capacity * 2).fill(-1);
    this.mask = capacity * 2 - 1;
  }

  /** Row of the segment's four-tuple, or -1; sets {@link side}. */
  find(s: Segment): number {
    const { words } = this;
    const {
      sourcePort,
      destinationPort,
      source0,
      source1,
      source2,
      source3,
      destination0,
      destination1,
      destination2,
      destination3,
    } = s;
    const hash = flowHash(s);
    this.hash = hash;
    const forward = (sourcePort << 16) | destinationPort;
    const backward = (destinationPort << 16) | sourcePort;
    let row = this.buckets[(hash ^ (hash >>> 16)) & this.mask];
    while (row >= 0) {
      const w = row * c.WORDS;
      const a = w + c.ADDRESS;
      const ports = words[w + c.PORTS];
      if (
        ports === forward &&
        words[a + 3] === source3 &&
        words[a + 7] === destination3 &&
        words[a + 2] === source2 &&
        words[a + 6] === destination2 &&
        words[a] === source0 &&
        words[a + 1] === source1 &&
        words[a + 4] === destination0 &&
        words[a + 5] === destination1
      ) {
        this.side = 0;
        return row;
      }
      if (
        ports === backward &&
        words[a + 3] === destination3 &&
        words[a + 7] === source3 &&
        words[a + 2] === destination2 &&
        words[a + 6] === source2 &&
        words[a] === destination0 &&
        words[a + 1] === destination1 &&
        words[a + 4] === source0 &&
        words[a + 5] === source1
      ) {
        this.side = 1;
        return row;
      }
      row = words[w + c.NEXT];
    }
    return -1;
  }

  /**
   * Has the rows of the first `count` segments brought into the processor's caches, all at once: loads that do not depend on
   * each other wait for memory together.
   */
  touch(segments: readonly Segment[], count: number): void {
    const { words, buckets, mask } = this;
    if (this.asked.length < count) this.asked = new Int32Array(count);
    const { asked } = this;
    for (let i = 0; i < count; i++) {
      const hash = flowHash(segments[i]);
      asked[i] = buckets[(hash ^ (hash >>> 16)) & mask];
    }
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (asked[i] < 0) continue;
      const w = asked[i] * c.WORDS;
      for (let line = 0; line < HOT.length; line++) sum = (sum + words[w + HOT[line]]) | 0;
    }
    // Kept, lest the loads be optimized away.
    this.touched = sum;
  }

  /** A cleared row for the four-tuple of the segment that {@link find} has just looked for in vain, its sender as endpoint 0. */
  create(s: Segment): number {
    let row = this.free;
    if (row >= 0) this.free = this.words[row * c.WORDS + c.NEXT];
    else {
      if (this.top === this.capacity) this.grow();
      if (2 * this.top > this.mask) this.spread();
      row = this.top++;
    }
    this.size++;
    this.clear(row);
    const { words, hash } = this;
    const w = row * c.WORDS;
    setKey(words, w, s);
    words[w + c.FIRST_HASH] = hash;
    words[w + c.INCARNATION] = 1;
    const bucket = (hash ^ (hash >>> 16)) & this.mask;
    words[w + c.NEXT] = this.buckets[bucket];
    this.buckets[bucket] = row;
    this.side = 0;
    return row;
  }

  /** Empties the row's state for its next incarnation; key and hash link stay. */
  clear(row: number): void {
    this.words.set(c.BLANK, row * c.WORDS + c.BITS);
  }

  /** Takes the row out of the table. */
  remove(row: number): void {
    const { words } = this;
    const hash = words[row * c.WORDS + c.FIRST_HASH];
    const bucket = (hash ^ (hash >>> 16)) & this.mask;
    let at = this.buckets[bucket];
    if (at === row) this.buckets[bucket] = words[row * c.WORDS + c.NEXT];
    else {
      while (words[at * c.WORDS + c.NEXT] !== row) at = words[at * c.WORDS + c.NEXT];
      words[at * c.WORDS + c.NEXT] = words[row * c.WORDS + c.NEXT];
    }
    words[row * c.WORDS + c.NEXT] = this.free;
    // A free row is told by an incarnation of 0: no live row has one.
    words[row * c.WORDS + c.INCARNATION] = 0;
    this.free = row;
    this.size--;
  }

  /** Gives up all rows, and the memory; none can be made any more. */
  release(): void {
    giveBack(this.words);
    this.words = new Int32Array(0);
    this.times = new Float64Array(0);
    this.octets = new Uint8Array(0);
    this.buckets = new Int32Array(0);
    this.top = 0;
    this.size = 0;
  }

  isLive(row: number): boolean {
    return this.words[row * c.WORDS + c.INCARNATION] > 0;
  }

  /** Copying a large table would take its memory twice over; what is not used yet of a new one takes none. */
  private grow(): void {
    const { words } = this;
    let capacity = this.capacity * 2;
    if (capacity > COPIED_ROWS) capacity = Math.max(capacity, Math.min(this.most, RESERVED_ROWS));
    this.words = new Int32Array(capacity * c.WORDS);
    this.words.set(words);
    this.times = new Float64Array(this.words.buffer);
    this.octets = new Uint8Array(this.words.buffer);
    this.capacity = capacity;
  }

  /** Twice as many buckets, of which there are at least two for each row. */
  private spread(): void {
    const { words } = this;
    this.mask = 2 * this.mask + 1;
    this.buckets = new Int32Array(this.mask + 1).fill(-1);
    for (let row = 0; row < this.top; row++) {
      if (!this.isLive(row)) continue;
      const hash = words[row * c.WORDS + c.FIRST_HASH];
      const bucket = (hash ^ (hash >>> 16)) & this.mask;
      words[row * c.WORDS + c.NEXT] = this.buckets[bucket];
      this.buckets[bucket] = row;
    }
  }
}

/** Writes the four-tuple of the row at `words[w]`, the segment's sender being endpoint 0. */
export function setKey(words: Int32Array, w: number, s: Segment): void {
  const a = w + c.ADDRESS;
  words[a] = s.source0;
  words[a + 1] = s.source1;
  words[a + 2] = s.source2;
  words[a + 3] = s.source3;
  words[a + 4] = s.destination0;
  words[a + 5] = s.destination1;
  words[a + 6] = s.destination2;
  words[a + 7] = s.destination3;
  words[w + c.PORTS] = (s.sourcePort << 16) | s.destinationPort;
}
