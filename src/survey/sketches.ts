import type { Glance } from './glance.js';
import { FlowMarks } from './marks.js';

/**
 * What the survey knows of a connection: one cache line, found by a hash alone. A sketch may be lost to another
 * connection's, or two may share one: what comes then looks irregular, and is tracked in full.
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

const WAYS = 2;
/** Sketches at first: 8 MB of which only what is used becomes real. */
const LEAST = 1 << 17;
const MOST = 1 << 21;
/** One of 2⁷ lost to another connection's is too many: each is tracked in full. */
const LOSSES = 7;

export class Sketches {
  words = new Int32Array(LEAST * WORDS);
  times = new Float64Array(this.words.buffer);
  size = LEAST;
  /** By sketch: hashes of both endpoints, the lower one first. They are read rarely, and stay out of the cache line. */
  ends = new Int32Array(LEAST * 2);
  /** Connections whose sketch gave way to another: such a one, unknown now, may be an old one. */
  readonly lost = new FlowMarks();
  private losses = 0;
  protected touched = 0;

  /** @param evicted told where the words of an unfinished sketch are that gives way */
  constructor(private readonly evicted: (at: number) => void) {}

  /** Where the connection's sketch begins in the words, -1 where there is none. */
  find(hash: number): number {
    const { words } = this;
    const at = this.set(hash);
    if (words[at + HASH] === hash && words[at + FLAGS] !== 0) return at;
    const second = at + WORDS;
    return words[second + HASH] === hash && words[second + FLAGS] !== 0 ? second : -1;
  }

  /** Loads where the sketches of the connections are, or would be: loads that do not depend on each other wait together. */
  touch(segments: readonly { readonly hash: number }[], count: number): void {
    const { words } = this;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const at = this.set(segments[i].hash);
      sum = (sum + words[at + HASH] + words[at + WORDS + HASH]) | 0;
    }
    // Kept, lest the loads be optimized away.
    this.touched = sum;
  }

  /** An empty sketch for the segment's connection, in the place of one that is done, or else of the longer silent one. */
  create({ hash, source, destination }: Glance): number {
    if (this.losses > this.size >> LOSSES && this.size < MOST) this.grow();
    const at = this.place(hash);
    const state = this.words[at + FLAGS] & STATE;
    if (state !== 0) this.lost.mark(this.words[at + HASH]);
    if (state !== 0 && state < DONE) {
      this.losses++;
      this.evicted(at);
    }
    this.words.fill(0, at, at + WORDS);
    this.words[at + HASH] = hash;
    const end = at / (WORDS / 2);
    this.ends[end] = Math.min(source, destination);
    this.ends[end + 1] = Math.max(source, destination);
    return at;
  }

  private set(hash: number): number {
    return ((hash ^ (hash >>> 15)) & (this.size / WAYS - 1)) * WAYS * WORDS;
  }

  private place(hash: number): number {
    const { words, times } = this;
    const first = this.set(hash);
    const second = first + WORDS;
    const a = words[first + FLAGS] & STATE;
    const b = words[second + FLAGS] & STATE;
    if (a === 0 || a === DONE) return first;
    if (b === 0 || b === DONE) return second;
    // One that is marked is tracked in full whether its sketch is there or not.
    if (a > DONE !== b > DONE) return a > DONE ? first : second;
    return times[first / 2 + TIME] <= times[second / 2 + TIME] ? first : second;
  }

  private grow(): void {
    const old = this.words;
    const oldEnds = this.ends;
    this.size *= 2;
    this.losses = 0;
    this.words = new Int32Array(this.size * WORDS);
    this.times = new Float64Array(this.words.buffer);
    this.ends = new Int32Array(this.size * 2);
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from + FLAGS] === 0) continue;
      // Sets only split: there is room for all.
      const at = this.place(old[from + HASH]);
      this.words.set(old.subarray(from, from + WORDS), at);
      this.ends[at / (WORDS / 2)] = oldEnds[from / (WORDS / 2)];
      this.ends[at / (WORDS / 2) + 1] = oldEnds[from / (WORDS / 2) + 1];
    }
  }
}
