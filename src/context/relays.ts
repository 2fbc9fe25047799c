import type { RelayFacts } from './types.js';

const KEPT = 100_000;

interface Cut {
  readonly frame: number;
  readonly time: number;
  readonly from: string;
  readonly to: string;
  /** Ports tell two connections of the same hosts apart. */
  readonly fromPort: number;
  readonly toPort: number;
  /** Payload octets of the RST's sender and of its receiver: a proxy hands on as many. */
  readonly sent: number;
  readonly received: number;
}

/** First resets of connections in order of time: what a proxy received on one leg before it ended the other. */
export class Relays {
  private readonly cuts: Cut[] = [];

  constructor(private readonly window: number) {}

  add(cut: Cut): void {
    if (this.cuts.length < KEPT) this.cuts.push(cut);
  }

  /**
   * The only reset shortly before `time` on another connection that `host` received, or (a proxy has an address on
   * either side) that carried as many octets both ways; null when there is none or several.
   */
  before(host: string, time: number, frame: number, sent: number, received: number): RelayFacts | null {
    let low = 0;
    let high = this.cuts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.cuts[middle].time < time - this.window) low = middle + 1;
      else high = middle;
    }
    let found: Cut | null = null;
    for (let i = low; i < this.cuts.length && this.cuts[i].time <= time; i++) {
      const cut = this.cuts[i];
      if (cut.frame >= frame) continue;
      const sameVolume = sent + received > 0 && cut.sent === sent && cut.received === received && cut.to !== cut.from;
      if (cut.to !== host && !sameVolume) continue;
      if (cut.from === host) continue;
      if (found !== null) return null;
      found = cut;
    }
    return found === null ? null : { frame: found.frame, time: found.time, address: found.from, port: found.fromPort };
  }
}
