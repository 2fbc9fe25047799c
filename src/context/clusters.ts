import { EndpointMap } from './endpoint-map.js';

/** Values kept per place and ender; a cluster is clear long before. */
const VALUES = 512;
const PLACES = 16_384;

/** Durations before resets of a kind at a place, to find those that are the same: timers. */
export class Clusters {
  private readonly values = new EndpointMap<number[]>(() => [], PLACES);

  /** The connection to the server whose address is at `words[at]` was reset by its client or by the server. */
  add(words: Int32Array, at: number, port: number, byClient: boolean, value: number): void {
    const list = this.values.obtain(words, at, ender(port, byClient));
    if (list !== undefined && list.length < VALUES) list.push(value);
  }

  /** How many values there are within `spread` (a ratio) of this one, itself included. */
  near(words: Int32Array, port: number, byClient: boolean, value: number, spread: number): number {
    const list = this.values.get(words, 0, ender(port, byClient));
    if (list === undefined) return 0;
    let n = 0;
    for (const v of list) if (Math.abs(v - value) <= spread * value) n++;
    return n;
  }
}

const ender = (port: number, byClient: boolean) => (byClient ? port | 0x10000 : port);
