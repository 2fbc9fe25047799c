import type { Segment } from '../packet/segment.js';
import * as c from './columns.js';

/** A segment's row was found with the sender as endpoint 0 or 1; -1: no row. */
export type Side = 0 | 1;

const INITIAL_ROWS = 1024;

/** Mixes one endpoint; the two are added, so the hash does not depend on direction. */
function mix(w0: number, w1: number, w2: number, w3: number, port: number): number {
  let h = Math.imul(w3 ^ Math.imul(port, 0x9e3779b1), 0x85ebca6b);
  h ^= Math.imul(w0 ^ (w1 << 7) ^ (w1 >>> 25) ^ Math.imul(w2, 0x27d4eb2f), 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/**
 * Connections as rows of growable typed arrays, found by an integer hash of the order-free
 * four-tuple. Freed rows go to a free list. Growing replaces the arrays: holders of `words`,
 * `times` or `octets` read them anew after {@link create}.
 */
export class ConnectionTable {
  words = new Int32Array(INITIAL_ROWS * c.WORDS);
  times = new Float64Array(INITIAL_ROWS * c.TIMES);
  octets = new Uint8Array(INITIAL_ROWS * c.OCTETS);
  /** Rows in use. */
  size = 0;
  /** Rows ever handed out; rows at or beyond it are untouched. */
  top = 0;
  /** Side of the segment's sender in the row {@link find} returned last. */
  side: Side = 0;

  private capacity = INITIAL_ROWS;
  private buckets = new Int32Array(INITIAL_ROWS * 2).fill(-1);
  private mask = INITIAL_ROWS * 2 - 1;
  private free = -1;

  /** Row of the segment's four-tuple, or -1; sets {@link side}. */
  find(s: Segment): number {
    const hash =
      (mix(s.source0, s.source1, s.source2, s.source3, s.sourcePort) +
        mix(s.destination0, s.destination1, s.destination2, s.destination3, s.destinationPort)) |
      0;
    const words = this.words;
    const forward = (s.sourcePort << 16) | s.destinationPort;
    const backward = (s.destinationPort << 16) | s.sourcePort;
    let row = this.buckets[(hash ^ (hash >>> 16)) & this.mask];
    while (row >= 0) {
      const w = row * c.WORDS;
      const a = w + c.ADDRESS;
      const ports = words[w + c.PORTS];
      if (
        ports === forward &&
        words[a + 3] === s.source3 &&
        words[a + 7] === s.destination3 &&
        words[a + 2] === s.source2 &&
        words[a + 6] === s.destination2 &&
        words[a] === s.source0 &&
        words[a + 1] === s.source1 &&
        words[a + 4] === s.destination0 &&
        words[a + 5] === s.destination1
      ) {
        this.side = 0;
        return row;
      }
      if (
        ports === backward &&
        words[a + 3] === s.destination3 &&
        words[a + 7] === s.source3 &&
        words[a + 2] === s.destination2 &&
        words[a + 6] === s.source2 &&
        words[a] === s.destination0 &&
        words[a + 1] === s.destination1 &&
        words[a + 4] === s.source0 &&
        words[a + 5] === s.source1
      ) {
        this.side = 1;
        return row;
      }
      row = words[w + c.NEXT];
    }
    return -1;
  }

  /** A cleared row for the segment's four-tuple with its sender as endpoint 0. */
  create(s: Segment): number {
    let row = this.free;
    if (row >= 0) this.free = this.words[row * c.WORDS + c.NEXT];
    else {
      if (this.top === this.capacity) this.grow();
      row = this.top++;
    }
    this.size++;
    const hash =
      (mix(s.source0, s.source1, s.source2, s.source3, s.sourcePort) +
        mix(s.destination0, s.destination1, s.destination2, s.destination3, s.destinationPort)) |
      0;
    this.clear(row);
    const words = this.words;
    const w = row * c.WORDS;
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
    words[w + c.FIRST_HASH] = hash;
    words[w + c.INCARNATION] = 1;
    const bucket = (hash ^ (hash >>> 16)) & this.mask;
    words[w + c.NEXT] = this.buckets[bucket];
    this.buckets[bucket] = row;
    this.side = 0;
    return row;
  }

  /** Empties the row's state for its next incarnation; key, hash link and count stay. */
  clear(row: number): void {
    const words = this.words;
    const w = row * c.WORDS;
    const hash = words[w + c.FIRST_HASH];
    words.fill(0, w + c.BITS, w + c.WORDS);
    words[w + c.FIRST_HASH] = hash;
    words[w + c.CLIENT] = -1;
    words[w + c.TAIL] = -1;
    words[w + c.LAST_PAYLOAD_SIDE] = -1;
    words[w + c.PENDING_SIDE] = -1;
    words[w + c.RESET_FIRST] = -1;
    words[w + c.RESET_LAST] = -1;
    for (let e = w + c.CONNECTION_WORDS; e < w + c.WORDS; e += c.ENDPOINT_WORDS) {
      words[e + c.WINDOW_SCALE] = -1;
      words[e + c.MSS] = -1;
    }
    this.times.fill(-1, row * c.TIMES, (row + 1) * c.TIMES);
    const o = row * c.OCTETS;
    this.octets[o + c.messageAt(0)] = 0;
    this.octets[o + c.messageAt(1)] = 0;
  }

  /** Takes the row out of the table. */
  remove(row: number): void {
    const words = this.words;
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

  isLive(row: number): boolean {
    return this.words[row * c.WORDS + c.INCARNATION] > 0;
  }

  private grow(): void {
    this.capacity *= 2;
    const words = new Int32Array(this.capacity * c.WORDS);
    words.set(this.words);
    this.words = words;
    const times = new Float64Array(this.capacity * c.TIMES);
    times.set(this.times);
    this.times = times;
    const octets = new Uint8Array(this.capacity * c.OCTETS);
    octets.set(this.octets);
    this.octets = octets;
    this.buckets = new Int32Array(this.capacity * 2).fill(-1);
    this.mask = this.capacity * 2 - 1;
    for (let row = 0; row < this.top; row++) {
      if (!this.isLive(row)) continue;
      const hash = words[row * c.WORDS + c.FIRST_HASH];
      const bucket = (hash ^ (hash >>> 16)) & this.mask;
      words[row * c.WORDS + c.NEXT] = this.buckets[bucket];
      this.buckets[bucket] = row;
    }
  }
}
