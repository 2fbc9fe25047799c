import { grown } from '../flow/grown.js';
import { HashedRows } from '../flow/hashed-rows.js';
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

/** Sketches there is room for when they are many: of the most ordinary connections at a time and of those that stay known. */
const ROOM = 3 << 19;
/**
 * Sketches kept of connections that are over, as many as the tracker has rows of such, and of those that are tracked in full:
 * only a sketch tells whether the SYN of one that is reset later was seen.
 */
const OVER = 1 << 16;
const IN_FULL = 1 << 17;

export class Sketches extends HashedRows {
  /** By sketch: hashes of both endpoints, the lower one first. They are read rarely, and stay out of the cache line. */
  private ends = new Int32Array(0);
  /** Connections whose sketch gave way to another: such a one, unknown now, may be an old one. */
  readonly lost = new FlowMarks();
  private readonly over = new Recent(OVER);
  private readonly inFull = new Recent(IN_FULL);

  constructor() {
    super({ words: WORDS, hash: HASH, least: 4096, most: ROOM });
  }

  /** Where the words end of all sketches. */
  get end(): number {
    return this.top * WORDS;
  }

  /** Where the connection's sketch begins in the words, -1 where there is none. */
  find(hash: number): number {
    const sketch = this.rowOf(hash);
    return sketch < 0 ? -1 : sketch * WORDS;
  }

  /** An empty sketch for the segment's connection. */
  create({ hash, source, destination }: Glance): number {
    const sketch = this.addRow(hash);
    const at = sketch * WORDS;
    this.words.fill(0, at + FLAGS, at + WORDS);
    if (2 * sketch >= this.ends.length) this.ends = grown(this.ends, this.words.length / (WORDS / 2));
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

  private giveUp(sketch: number): void {
    this.lost.mark(this.words[sketch * WORDS + HASH]);
    this.words[sketch * WORDS + FLAGS] = 0;
    this.unlink(sketch);
    this.freeRow(sketch);
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
