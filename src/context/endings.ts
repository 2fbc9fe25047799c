import type { BurstFacts } from './types.js';

/** Endings of one endpoint's connections that fall into one window of time. */
interface Bin {
  first: number;
  last: number;
  fin: number;
  rst: number;
  /** Connections of the endpoint that were live at the first ending. */
  live: number;
  /** Connections that were accepted after the first and before the last ending: the process lived on. */
  accepted: number;
  pendingAccepted: number;
  /** Shortest and longest time since the ender's last data on these connections, ns. */
  shortestIdle: number;
  longestIdle: number;
  readonly frames: number[];
}

const FRAMES = 16;

/**
 * When one endpoint ended its connections, to find those that ended together. A window's bin is
 * kept when it may be asked for: when it holds an RST or several endings.
 */
export class EndingBins {
  live = 0;
  private readonly kept: Bin[] = [];
  private open: Bin | null = null;

  constructor(private readonly window: number) {}

  opened(): void {
    this.live++;
  }

  accepted(time: number): void {
    if (this.open !== null && time - this.open.first <= this.window) this.open.pendingAccepted++;
  }

  /** A connection of this endpoint was ended by it (true: with an RST). */
  ended(time: number, frame: number, byReset: boolean, idle: number): void {
    let bin = this.open;
    if (bin === null || time - bin.first > this.window) {
      if (bin === null || bin.rst > 0 || bin.fin > 2) {
        if (bin !== null) this.kept.push(bin);
        bin = emptyBin();
        this.open = bin;
      }
      // A window that nobody will ask for is used again: most connections end alone.
      bin.first = time;
      bin.last = time;
      bin.fin = 0;
      bin.rst = 0;
      bin.live = this.live;
      bin.accepted = 0;
      bin.pendingAccepted = 0;
      bin.shortestIdle = Number.POSITIVE_INFINITY;
      bin.longestIdle = 0;
      bin.frames.length = 0;
    }
    if (time > bin.last) {
      bin.last = time;
      bin.accepted = bin.pendingAccepted;
    }
    bin.shortestIdle = Math.min(bin.shortestIdle, idle);
    bin.longestIdle = Math.max(bin.longestIdle, idle);
    if (byReset) bin.rst++;
    else bin.fin++;
    if (bin.frames.length < FRAMES) bin.frames.push(frame);
    this.gone();
  }

  /** A connection ended some other way. */
  gone(): void {
    if (this.live > 0) this.live--;
  }

  /** Endings within the window around `time`. */
  around(time: number): BurstFacts | null {
    let best: Bin | null = null;
    const all = this.open === null ? this.kept : [...this.kept, this.open];
    // Bins are in ascending order of time: look near the moment only.
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (all[middle].last < time - this.window) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < all.length && all[i].first <= time + this.window; i++)
      if (best === null || all[i].fin + all[i].rst > best.fin + best.rst) best = all[i];
    if (best === null) return null;
    return {
      ended: best.fin + best.rst,
      byFin: best.fin,
      byReset: best.rst,
      live: best.live,
      accepted: best.accepted,
      span: best.last - best.first,
      shortestIdle: best.shortestIdle,
      longestIdle: best.longestIdle,
      frames: best.frames,
      first: best.first,
    };
  }
}

function emptyBin(): Bin {
  return {
    first: 0,
    last: 0,
    fin: 0,
    rst: 0,
    live: 0,
    accepted: 0,
    pendingAccepted: 0,
    shortestIdle: 0,
    longestIdle: 0,
    frames: [],
  };
}
