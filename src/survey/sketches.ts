import { giveBack } from '../flow/give-back.js';
import { grown } from '../flow/grown.js';
import type { Glance } from './glance.js';
import { FlowMarks } from './marks.js';

/**
 * What the survey knows of a connection: one cache line, found by a hash alone. Two connections may share one, or a sketch
 * give way to another connection's: what comes then looks irregular, and is tracked in full.
 */

// Words of a sketch; those of an endpoint stand at the first of them + side.
export const HASH = 0;
/** State in the lowest three bits, 0: no sketch; the TTLs of both endpoints in the upper half. */
export const FLAGS = 1;
export const NXT = 2;
/** Highest acknowledgment the endpoint sent. */
export const ACKED = 4;
/** Frames of the endpoint's last data, of the first data of its last message, and of its last segment. */
export const LAST_DATA = 6;
export const MESSAGE = 8;
export const LAST = 10;
/** In float64. */
export const TIME = 6;
export const PAYLOAD_TIME = 7;
export const WORDS = 16;

// States of a regular connection.
export const SYN_SEEN = 1;
export const ANSWERED = 2;
export const OPEN = 3;
export const CLOSING = 4;
export const DONE = 5;
/** It is tracked in full; its SYN was seen. */
export const MARKED = 6;
/** … its SYN was not seen. */
export const MARKED_MIDSTREAM = 7;
export const STATE = 7;

/** Sketches at first. */
const LEAST = 1 << 12;
/** Sketches up to which there is room by copying; then there is for all that there may be, as in flow/table.ts. */
const COPIED = 1 << 17;
/** Sketches there is room for then: of the most ordinary connections at a time and of those that stay known. */
const ROOM = 3 << 19;
/**
 * Sketches kept of connections that are over, as many as the tracker has rows of such, and of those that are tracked in full:
 * only a sketch tells whether the SYN of one that is reset later was seen.
 */
const OVER = 1 << 16;
const IN_FULL = 1 << 17;
/** More than are asked for at a time (first-reading.ts). */
const MOST_ASKED = 64;

export class Sketches {
  words = new Int32Array(LEAST * WORDS);
  times = new Float64Array(this.words.buffer);
  /** By sketch: hashes of both endpoints, the lower one first. They are read rarely, and stay out of the cache line. */
  private ends = new Int32Array(LEAST * 2);
  /** Connections whose sketch gave way to another: such a one, unknown now, may be an old one. */
  readonly lost = new FlowMarks();
  private size = LEAST;
  /** Sketches ever used. */
  private top = 0;
  /** By hash the newest sketch of a bucket, by sketch the next in the bucket; of one that is free, the next free one. */
  private buckets = new Int32Array(LEAST).fill(-1);
  private next = new Int32Array(LEAST);
  private free = -1;
  private readonly over = new Recent(OVER);
  private readonly inFull = new Recent(IN_FULL);
  /** Sketches that {@link touch} asks for, and a sum of what they hold. */
  private readonly asked = new Int32Array(MOST_ASKED);
  protected touched = 0;

  /** Where the words end of all sketches. */
  get end(): number {
    return this.top * WORDS;
  }

  /** Where the connection's sketch begins in the words, -1 where there is none. */
  find(hash: number): number {
    const { words, next } = this;
    let sketch = this.buckets[this.bucket(hash)];
    while (sketch >= 0 && words[sketch * WORDS + HASH] !== hash) sketch = next[sketch];
    return sketch < 0 ? -1 : sketch * WORDS;
  }

  /** Loads the sketches of the connections: loads that do not depend on each other wait together. */
  touch(segments: readonly { readonly hash: number }[], count: number): void {
    const { words, buckets, asked } = this;
    for (let i = 0; i < count; i++) asked[i] = buckets[this.bucket(segments[i].hash)];
    let sum = 0;
    for (let i = 0; i < count; i++) if (asked[i] >= 0) sum = (sum + words[asked[i] * WORDS]) | 0;
    // Kept, lest the loads be optimized away.
    this.touched = sum;
  }

  /** An empty sketch for the segment's connection. */
  create({ hash, source, destination }: Glance): number {
    const sketch = this.free < 0 ? this.add() : this.free;
    this.free = this.next[sketch];
    const at = sketch * WORDS;
    this.words.fill(0, at, at + WORDS);
    this.words[at + HASH] = hash;
    this.link(sketch);
    this.ends[2 * sketch] = Math.min(source, destination);
    this.ends[2 * sketch + 1] = Math.max(source, destination);
    return at;
  }

  /** The connection whose sketch is at `at` is over, or tracked in full from now on: it gives way when there are enough of them. */
  settle(at: number): void {
    const inFull = stateOf(this.words, at) > DONE;
    const old = (inFull ? this.inFull : this.over).push(at / WORDS);
    if (old < 0) return;
    const state = stateOf(this.words, old * WORDS);
    // It may have begun anew since, or have given way.
    if (inFull ? state > DONE : state === DONE) this.giveUp(old);
  }

  /** Has `visit` shown the sketches of all connections with this endpoint: where their words begin, and which endpoint it is. */
  withEnd(hash: number, visit: (at: number, side: number) => void): void {
    const ends = this.ends.subarray(0, 2 * this.top);
    for (let end = ends.indexOf(hash); end >= 0; end = ends.indexOf(hash, end + 1)) visit((end >> 1) * WORDS, end & 1);
  }

  /** Gives back the memory: nothing is asked any more. */
  release(): void {
    giveBack(this.words);
  }

  private bucket(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.buckets.length - 1);
  }

  private link(sketch: number): void {
    const bucket = this.bucket(this.words[sketch * WORDS + HASH]);
    this.next[sketch] = this.buckets[bucket];
    this.buckets[bucket] = sketch;
  }

  private giveUp(sketch: number): void {
    const { words, buckets, next } = this;
    const hash = words[sketch * WORDS + HASH];
    this.lost.mark(hash);
    const bucket = this.bucket(hash);
    if (buckets[bucket] === sketch) buckets[bucket] = next[sketch];
    else {
      let before = buckets[bucket];
      while (next[before] !== sketch) before = next[before];
      next[before] = next[sketch];
    }
    words[sketch * WORDS + FLAGS] = 0;
    next[sketch] = this.free;
    this.free = sketch;
  }

  /** A sketch that was never used is the free one. */
  private add(): number {
    if (this.top === this.size) this.grow();
    if (2 * this.top > this.buckets.length) this.spread();
    this.next[this.top] = -1;
    return this.top++;
  }

  private grow(): void {
    let size = this.size * 2;
    if (size > COPIED) size = Math.max(size, ROOM);
    this.words = grown(this.words, size * WORDS);
    this.times = new Float64Array(this.words.buffer);
    this.ends = grown(this.ends, 2 * size);
    this.next = grown(this.next, size);
    this.size = size;
  }

  /** Twice as many buckets, of which there are at least two for each sketch. */
  private spread(): void {
    this.buckets = new Int32Array(2 * this.buckets.length).fill(-1);
    for (let sketch = 0; sketch < this.top; sketch++) if (stateOf(this.words, sketch * WORDS) !== 0) this.link(sketch);
  }
}

/** The last so many numbers. */
class Recent {
  private readonly numbers: Int32Array;
  private count = 0;

  constructor(private readonly most: number) {
    this.numbers = new Int32Array(most);
  }

  /** The number that is too many now, -1: there is none. */
  push(number: number): number {
    const at = this.count++ % this.most;
    const old = this.count > this.most ? this.numbers[at] : -1;
    this.numbers[at] = number;
    return old;
  }
}

function stateOf(words: Int32Array, at: number): number {
  return words[at + FLAGS] & STATE;
}
