import * as columns from '../flow/columns.js';
import type { Connection, Endpoint } from '../flow/connection.js';
import { addressAt } from '../packet/address.js';
import { EndpointMap } from './endpoint-map.js';
import { parseWords } from './parse-words.js';
import type { HostFacts } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Frames named of those that show a host has lost its connections. */
const FRAMES = 8;

// A host's row: words, and a time behind them.
const TTL = 0;
const TTL_SAMPLES = 1;
const FORGOTTEN = 2;
const LAST_SPOKE = 2; // in float64
const WORDS = 6;

/** What the packets of each address tell of its host: numbers in rows, since every connection that ends has two. */
export class Hosts {
  private words = new Int32Array(64 * WORDS);
  private times = new Float64Array(this.words.buffer);
  private size = 0;
  private readonly rows = new EndpointMap<number>(() => this.add());
  private readonly key = new Int32Array(4);
  private readonly forgotten = new Map<number, number[]>();

  /** Number of the host with the address at `words[at]`, -1 where there are too many. */
  number(words: Int32Array, at: number): number {
    return this.rows.number(words, at, 0);
  }

  /** Number of a host of the capture, -1 for any other. */
  known(address: string): number {
    return this.rows.get(parseWords(address, this.key), 0, 0) ?? -1;
  }

  address(number: number): string {
    return addressAt(this.rows.key(number), 0);
  }

  /** What this endpoint's packets tell of its host. */
  heard(connection: Connection, e: Endpoint): void {
    const samples = e.word(c.TTL_COUNT);
    if (samples === 0) return;
    const row = this.number(connection.table.words, connection.addressAt(e.side));
    if (row < 0) return;
    const { words, times } = this;
    const w = row * WORDS;
    const ttl = e.word(c.TTL);
    // Majority vote (Boyer and Moore): one TTL and its lead is all a baseline needs.
    if (words[w + TTL_SAMPLES] === 0 || words[w + TTL] === ttl) {
      words[w + TTL] = ttl;
      words[w + TTL_SAMPLES] += samples;
    } else if (samples > words[w + TTL_SAMPLES]) {
      words[w + TTL] = ttl;
      words[w + TTL_SAMPLES] = samples - words[w + TTL_SAMPLES];
    } else words[w + TTL_SAMPLES] -= samples;
    const last = e.lastTime;
    if (last > times[(w >> 1) + LAST_SPOKE]) times[(w >> 1) + LAST_SPOKE] = last;
  }

  /** The RST in `frame` says that the host of endpoint `e` no longer knows a connection it had. */
  forgot(connection: Connection, e: Endpoint, frame: number): void {
    const row = this.number(connection.table.words, connection.addressAt(e.side));
    if (row < 0) return;
    this.words[row * WORDS + FORGOTTEN]++;
    const frames = this.forgotten.get(row);
    if (frames === undefined) this.forgotten.set(row, [frame]);
    else if (frames.length < FRAMES) frames.push(frame);
  }

  facts(address: string): HostFacts | null {
    const row = this.known(address);
    if (row < 0) return null;
    const { words, times } = this;
    const w = row * WORDS;
    const last = times[(w >> 1) + LAST_SPOKE];
    return {
      address,
      ttl: words[w + TTL_SAMPLES] > 0 ? words[w + TTL] : null,
      ttlSamples: words[w + TTL_SAMPLES],
      lastSpoke: last < 0 ? null : last,
      forgotten: words[w + FORGOTTEN],
      forgottenFrames: this.forgotten.get(row) ?? [],
    };
  }

  private add(): number {
    const row = this.size++;
    if (this.size * WORDS > this.words.length) {
      const words = new Int32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
      this.times = new Float64Array(words.buffer);
    }
    this.times[(row * WORDS) / 2 + LAST_SPOKE] = -1;
    return row;
  }
}
