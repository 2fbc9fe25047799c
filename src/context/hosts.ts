import * as columns from '../flow/columns.js';
import type { Connection, Endpoint } from '../flow/connection.js';
import { grown } from '../flow/grown.js';
import { addressAt } from '../packet/address.js';
import { EndpointIndex } from './endpoint-index.js';
import { parseWords } from './parse-words.js';
import { stackOf } from './stacks.js';
import type { HostFacts } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

const HOSTS = 262_144;
/** Frames named of those that show a host has lost its connections. */
const FRAMES = 8;

// A host's row: words, and times behind them.
const TTL = 0;
const TTL_SAMPLES = 1;
const FORGOTTEN = 2;
const SERVED = 3;
// In float64.
const LAST_SPOKE = 2;
/** When it last opened, accepted or closed a connection, and since when it has done so without a pause in which it could restart. */
const LAST_ACTED = 3;
const ACTIVE_SINCE = 4;
/** Of those it forgot, connections during whose silence it was busy with others. */
const FORGOTTEN_BUSY = 10;
/** Whether a SYN or SYN-ACK was seen (1, 2), its options, window and TTL: what tells the stack. */
const SYN_SEEN = 11;
const SYN_OPTIONS = 12;
const SYN_WINDOW = 13;
const SYN_TTL = 14;
const WORDS = 16;

/** What the packets of each address tell of its host: numbers in rows, since every connection that ends has two. */
export class Hosts {
  private words = new Int32Array(0);
  private times = new Float64Array(0);
  private readonly rows = new EndpointIndex(HOSTS);
  private readonly key = new Int32Array(4);
  private readonly forgotten = new Map<number, number[]>();

  /** @param restart shortest silence in which a host can have restarted, ns */
  constructor(private readonly restart: number) {}

  get full(): boolean {
    return this.rows.size >= HOSTS;
  }

  /** Number of the host with the address at `words[at]`, -1 where there are too many. */
  number(words: Int32Array, at: number): number {
    const row = this.rows.number(words, at, 0);
    if (row * WORDS === this.words.length) this.grow();
    return row;
  }

  /** Number of a host of the capture, -1 for any other. */
  known(address: string): number {
    return this.rows.find(parseWords(address, this.key), 0, 0);
  }

  /** Is there such a host in the capture, by packets other than RSTs? */
  has(words: Int32Array, at: number): boolean {
    return this.rows.find(words, at, 0) >= 0;
  }

  address(number: number): string {
    return addressAt(this.rows.key(number), 0);
  }

  /**
   * What the packets of this endpoint, whose host has the number `row`, tell of it: `samples` of them had its TTL;
   * `asked`: it sent a SYN, not a SYN-ACK.
   */
  private heard(row: number, e: Endpoint, samples: number, asked: boolean): void {
    if (samples === 0 || row < 0) return;
    const { words, times } = this;
    const w = row * WORDS;
    const last = e.lastTime;
    if (last > times[(w >> 1) + LAST_SPOKE]) times[(w >> 1) + LAST_SPOKE] = last;
    const ttl = e.word(c.TTL);
    if (ttl < 0) return;
    // Majority vote (Boyer and Moore): one TTL and its lead is all a baseline needs.
    if (words[w + TTL_SAMPLES] === 0 || words[w + TTL] === ttl) {
      words[w + TTL] = ttl;
      words[w + TTL_SAMPLES] += samples;
    } else if (samples > words[w + TTL_SAMPLES]) {
      words[w + TTL] = ttl;
      words[w + TTL_SAMPLES] = samples - words[w + TTL_SAMPLES];
    } else words[w + TTL_SAMPLES] -= samples;
    if (words[w + SYN_SEEN] === 0 && (e.bits & c.E_SYN) !== 0) {
      words[w + SYN_SEEN] = asked ? 1 : 2;
      words[w + SYN_OPTIONS] = e.word(c.SYN_OPTIONS);
      words[w + SYN_WINDOW] = e.word(c.SYN_WINDOW);
      words[w + SYN_TTL] = ttl;
    }
  }

  /** What the packets of both ends tell of their hosts; `numberOf` gives the number of the host at a side. */
  heardAll(
    connection: Connection,
    numberOf = (side: number) => this.number(connection.table.words, connection.addressAt(side)),
  ): void {
    for (const e of [connection.one, connection.other]) {
      if (e.word(c.TTL_COUNT) === 0) continue;
      this.heard(numberOf(e.side), e, samplesOf(connection, e), connection.client === e.side);
    }
  }

  /** The host opened, accepted or closed a connection. */
  acted(row: number, time: number): void {
    if (row < 0) return;
    const { times } = this;
    const t = (row * WORDS) >> 1;
    const last = times[t + LAST_ACTED];
    if (time - last > this.restart) times[t + ACTIVE_SINCE] = time;
    times[t + LAST_ACTED] = time;
  }

  /** The host answered as the server of a connection. */
  served(row: number): void {
    if (row >= 0) this.words[row * WORDS + SERVED]++;
  }

  /**
   * The RST in `frame` says that the host no longer knows a connection on which it spoke last at `spoke`. One that was
   * busy with others all the time in between has not restarted, and so has not forgotten.
   */
  forgot(row: number, frame: number, spoke: number, time: number): void {
    if (row < 0) return;
    const t = (row * WORDS) >> 1;
    const busy = time - this.times[t + LAST_ACTED] <= this.restart && this.times[t + ACTIVE_SINCE] <= spoke;
    if (busy) this.words[row * WORDS + FORGOTTEN_BUSY]++;
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
      stack:
        words[w + SYN_SEEN] === 0
          ? null
          : stackOf(words[w + SYN_OPTIONS], words[w + SYN_WINDOW], words[w + SYN_TTL], words[w + SYN_SEEN] === 1),
      lastSpoke: last === c.NEVER ? null : last,
      served: words[w + SERVED],
      forgotten: words[w + FORGOTTEN],
      forgottenWhileBusy: words[w + FORGOTTEN_BUSY],
      forgottenFrames: this.forgotten.get(row) ?? [],
    };
  }

  private grow(): void {
    const words = grown(this.words, Math.max(64 * WORDS, this.words.length * 2));
    const times = new Float64Array(words.buffer);
    for (let t = this.times.length; t < times.length; t += WORDS / 2)
      times[t + LAST_SPOKE] = times[t + LAST_ACTED] = c.NEVER;
    this.words = words;
    this.times = times;
  }
}

/**
 * Packets of this endpoint that count for its host's TTL: all where the connection was reset or begun before the capture, else
 * its SYN, first data and FIN, since of an ordinary connection not every segment is tracked (survey/).
 */
function samplesOf({ bits }: Connection, e: Endpoint): number {
  if ((bits & c.C_RESET) !== 0 || (e.bits & c.E_SYN) === 0) return e.word(c.TTL_COUNT);
  const finished = (e.bits & c.E_FIN) !== 0;
  const spoke = e.time(c.LAST_DATA_TIME) !== c.NEVER && (e.bits & c.E_FIRST_DATA_IN_FIN) === 0;
  const some = 1 + (spoke ? 1 : 0) + (finished ? 1 : 0);
  return Math.min(some, e.word(c.TTL_COUNT));
}
