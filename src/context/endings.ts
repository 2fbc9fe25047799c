import { frameNear } from '../flow/frame.js';
import { Column } from './column.js';
import type { BurstFacts } from './types.js';

// Times of an endpoint's row, in float64. Its open window lies in the row; windows that may be asked for later are kept apart.
const FIRST = 0;
const LAST = 1;
/** Shortest and longest time since the ender's last data on these connections, ns. */
const SHORTEST = 2;
const LONGEST = 3;
// Words of it, behind the times.
const OPEN = 8; // 1: there was an ending, the window is the newest
const FIN = 9;
const RST = 10;
/** Connections of the endpoint that were live at the window's first ending. */
const LIVE_THEN = 11;
/** Connections that began after the first and before the last ending: the process lived on. */
const ACCEPTED = 12;
const PENDING = 13;
const FRAME_COUNT = 14;
/** Endings before which the ender had begun another message since the ending before: its program was at work. */
const BETWEEN = 15;
const FRAMES_AT = 16;
const FRAMES = 16;
/** Two cache lines. */
const WORDS = 32;
const TIMES = WORDS / 2;

const ENDPOINTS = 262_144;
/** Rows of a block: a power of two, so that block and row are bits of the number. */
const BLOCK = 512;
const BLOCK_BITS = 9;
const ROW = BLOCK - 1;

// A window that is kept, as numbers one behind the other: an object of each, of which long captures have tens of thousands,
// takes four times as much.
const KEPT = {
  FIRST: 0,
  SPAN: 1,
  SHORTEST: 2,
  LONGEST: 3,
  FIN: 4,
  RST: 5,
  LIVE: 6,
  ACCEPTED: 7,
  BETWEEN: 8,
  /** Its frames, in the list of all. */
  FRAMES_FROM: 9,
  FRAMES_TO: 10,
} as const;
const KEPT_NUMBERS = 11;

interface Block {
  readonly words: Int32Array;
  readonly times: Float64Array;
}

/**
 * When endpoints ended their connections, to find those that ended together: endings of one endpoint
 * that fall into one window of time. There may be a hundred thousand endpoints (a client of a
 * listener is one), so each is a number and a row; a window is kept when it may be asked for: when
 * it holds an RST or several endings.
 */
export class Endings {
  /** Made where an endpoint of them first ends a connection: those that a scan asks never do. */
  private readonly blocks: (Block | undefined)[] = [];
  /** Connections live now. Apart from the rows: every connection counts here twice, few touch the rows of both ends. */
  private readonly alive = new Column();
  private readonly kept = new Map<number, number[]>();
  private readonly keptFrames: number[] = [];
  private size = 0;
  /** Of the newest ending. */
  private frame = 0;

  constructor(private readonly window: number) {}

  /** Number of a new endpoint; -1 when there are too many, and nothing is asked or noted of that one. */
  add(): number {
    if (this.size >= ENDPOINTS) return -1;
    return this.size++;
  }

  get full(): boolean {
    return this.size >= ENDPOINTS;
  }

  live(endpoint: number): number {
    return endpoint < 0 ? 0 : this.alive.get(endpoint);
  }

  opened(endpoint: number): void {
    if (endpoint >= 0) this.alive.set(endpoint, this.alive.get(endpoint) + 1);
  }

  accepted(endpoint: number, time: number): void {
    if (endpoint < 0) return;
    const block = this.blocks[endpoint >>> BLOCK_BITS];
    if (block === undefined) return;
    const { words, times } = block;
    const w = (endpoint & ROW) * WORDS;
    if (words[w + OPEN] !== 0 && Math.abs(time - times[w / 2 + FIRST]) <= this.window) words[w + PENDING]++;
  }

  /**
   * A connection of this endpoint was ended by it (true: with an RST), `idle` ns after its last data, of which the
   * last message began at `began` (-Infinity: none).
   */
  ended(endpoint: number, time: number, frame: number, byReset: boolean, idle: number, began: number): void {
    if (endpoint < 0) return;
    const { words, times } = this.block(endpoint);
    const w = (endpoint & ROW) * WORDS;
    const t = (endpoint & ROW) * TIMES;
    if (words[w + OPEN] === 0 || Math.abs(time - times[t + FIRST]) > this.window) this.open(endpoint, time);
    if (began > times[t + LAST]) words[w + BETWEEN]++;
    if (time > times[t + LAST]) {
      times[t + LAST] = time;
      words[w + ACCEPTED] = words[w + PENDING];
    }
    if (idle < times[t + SHORTEST]) times[t + SHORTEST] = idle;
    if (idle > times[t + LONGEST]) times[t + LONGEST] = idle;
    words[w + (byReset ? RST : FIN)]++;
    this.frame = frame;
    if (words[w + FRAME_COUNT] < FRAMES) words[w + FRAMES_AT + words[w + FRAME_COUNT]++] = frame;
    this.gone(endpoint);
  }

  /** A connection ended some other way. */
  gone(endpoint: number): void {
    if (endpoint < 0) return;
    const live = this.alive.get(endpoint);
    if (live > 0) this.alive.set(endpoint, live - 1);
  }

  /** Endings within the window around `time`. */
  around(endpoint: number, time: number): BurstFacts | null {
    if (endpoint < 0) return null;
    const all = this.kept.get(endpoint) ?? [];
    const count = all.length / KEPT_NUMBERS;
    const end = (i: number) => all[i * KEPT_NUMBERS + KEPT.FIRST] + all[i * KEPT_NUMBERS + KEPT.SPAN];
    // Windows are in ascending order of time: look near the moment only.
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (end(middle) < time - this.window) low = middle + 1;
      else high = middle;
    }
    let best: BurstFacts | null = null;
    for (let i = low; i <= count; i++) {
      const one = i < count ? this.keptAt(all, i * KEPT_NUMBERS) : this.newest(endpoint);
      if (one === null || one.first + one.span < time - this.window) continue;
      if (one.first > time + this.window) break;
      if (best === null || one.ended > best.ended) best = one;
    }
    return best;
  }

  private keptAt(all: readonly number[], at: number): BurstFacts {
    const byFin = all[at + KEPT.FIN];
    const byReset = all[at + KEPT.RST];
    return {
      ended: byFin + byReset,
      byFin,
      byReset,
      live: all[at + KEPT.LIVE],
      accepted: all[at + KEPT.ACCEPTED],
      between: all[at + KEPT.BETWEEN],
      span: all[at + KEPT.SPAN],
      shortestIdle: all[at + KEPT.SHORTEST],
      longestIdle: all[at + KEPT.LONGEST],
      frames: this.keptFrames.slice(all[at + KEPT.FRAMES_FROM], all[at + KEPT.FRAMES_TO]),
      first: all[at + KEPT.FIRST],
    };
  }

  private block(endpoint: number): Block {
    const number = endpoint >>> BLOCK_BITS;
    const known = this.blocks[number];
    if (known !== undefined) return known;
    const words = new Int32Array(BLOCK * WORDS);
    const made = { words, times: new Float64Array(words.buffer) };
    while (this.blocks.length < number) this.blocks.push(undefined);
    this.blocks[number] = made;
    return made;
  }

  /** A new window begins; the one before is kept if it may be asked for. */
  private open(endpoint: number, time: number): void {
    const { words, times } = this.block(endpoint);
    const w = (endpoint & ROW) * WORDS;
    const t = (endpoint & ROW) * TIMES;
    if (words[w + RST] > 0 || words[w + FIN] > 2) this.keep(endpoint);
    words[w + OPEN] = 1;
    words[w + FIN] = 0;
    words[w + RST] = 0;
    words[w + LIVE_THEN] = this.alive.get(endpoint);
    words[w + ACCEPTED] = 0;
    words[w + BETWEEN] = 0;
    words[w + PENDING] = 0;
    words[w + FRAME_COUNT] = 0;
    times[t + FIRST] = time;
    times[t + LAST] = time;
    times[t + SHORTEST] = Number.POSITIVE_INFINITY;
    times[t + LONGEST] = 0;
  }

  private keep(endpoint: number): void {
    const facts = this.newest(endpoint);
    if (facts === null) return;
    const { first, span, shortestIdle, longestIdle, byFin, byReset, live, accepted, between, frames } = facts;
    const from = this.keptFrames.length;
    this.keptFrames.push(...frames);
    let kept = this.kept.get(endpoint);
    if (kept === undefined) this.kept.set(endpoint, (kept = []));
    kept.push(first, span, shortestIdle, longestIdle, byFin, byReset, live, accepted, between);
    kept.push(from, this.keptFrames.length);
  }

  private newest(endpoint: number): BurstFacts | null {
    const block = this.blocks[endpoint >>> BLOCK_BITS];
    if (block === undefined) return null;
    const { words, times } = block;
    const w = (endpoint & ROW) * WORDS;
    const t = (endpoint & ROW) * TIMES;
    if (words[w + OPEN] === 0) return null;
    return {
      ended: words[w + FIN] + words[w + RST],
      byFin: words[w + FIN],
      byReset: words[w + RST],
      live: words[w + LIVE_THEN],
      accepted: words[w + ACCEPTED],
      between: words[w + BETWEEN],
      span: times[t + LAST] - times[t + FIRST],
      shortestIdle: times[t + SHORTEST],
      longestIdle: times[t + LONGEST],
      frames: Array.from(words.subarray(w + FRAMES_AT, w + FRAMES_AT + words[w + FRAME_COUNT]), (frame) =>
        frameNear(frame, this.frame),
      ),
      first: times[t + FIRST],
    };
  }
}
