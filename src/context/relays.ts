import type { Connection } from '../flow/connection.js';
import { addressText } from '../packet/address.js';
import type { Segment } from '../packet/segment.js';
import type { RelayFacts } from './types.js';

/** Endings kept; a proxy's legs end within milliseconds, so the first ones of a capture are enough to learn from. */
const KEPT = 262_144;
const WORDS = 10; // address of the ender (4) and of the other end (4), ports, bits
const NUMBERS = 4; // frame, time, octets sent by the ender, octets it received
const TO_CLIENT = 1;
const BY_RESET = 2;

/** First endings of connections in order of time: what a proxy received on one leg before it ended the other. */
export class Relays {
  private words = new Int32Array(256 * WORDS);
  private numbers = new Float64Array(256 * NUMBERS);
  private size = 0;

  constructor(private readonly window: number) {}

  /** `one` ends the connection; `clientSide` is that of its client. */
  add(connection: Connection, s: Segment, clientSide: number, byReset: boolean): void {
    if (this.size >= KEPT) return;
    const { one, other } = connection;
    const at = this.size++;
    if (this.size * WORDS > this.words.length) {
      const words = new Int32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
      const numbers = new Float64Array(this.numbers.length * 2);
      numbers.set(this.numbers);
      this.numbers = numbers;
    }
    const table = connection.table.words;
    const from = connection.addressAt(one.side);
    const to = connection.addressAt(other.side);
    const w = at * WORDS;
    for (let i = 0; i < 4; i++) {
      this.words[w + i] = table[from + i];
      this.words[w + 4 + i] = table[to + i];
    }
    this.words[w + 8] = connection.port(one.side);
    this.words[w + 9] = (other.side === clientSide ? TO_CLIENT : 0) | (byReset ? BY_RESET : 0);
    const n = at * NUMBERS;
    this.numbers[n] = s.frame;
    this.numbers[n + 1] = s.time;
    this.numbers[n + 2] = one.bytes;
    this.numbers[n + 3] = other.bytes;
  }

  /**
   * The only ending that `host` received shortly before `time` on another connection, where it was server if it is client
   * here or the other way round: a reset, or a FIN when as many octets went both ways. null when there is none or several.
   */
  before(
    host: string,
    asClient: boolean,
    time: number,
    frame: number,
    sent: number,
    received: number,
  ): RelayFacts | null {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.numbers[middle * NUMBERS + 1] < time - this.window) low = middle + 1;
      else high = middle;
    }
    let found = -1;
    for (let i = low; i < this.size && this.numbers[i * NUMBERS + 1] <= time; i++) {
      const n = i * NUMBERS;
      const bits = this.words[i * WORDS + 9];
      if (this.numbers[n] >= frame || ((bits & TO_CLIENT) !== 0) === asClient || this.address(i, 0) === host) continue;
      if (this.address(i, 4) !== host) continue;
      // Connections end with FIN all the time: only the same volume both ways makes one the other leg.
      const sameVolume = sent + received > 0 && this.numbers[n + 2] === sent && this.numbers[n + 3] === received;
      if (!sameVolume && (bits & BY_RESET) === 0) continue;
      if (found >= 0) return null;
      found = i;
    }
    if (found < 0) return null;
    const n = found * NUMBERS;
    return {
      frame: this.numbers[n],
      time: this.numbers[n + 1],
      address: this.address(found, 0),
      port: this.words[found * WORDS + 8],
    };
  }

  private address(index: number, which: 0 | 4): string {
    const w = index * WORDS + which;
    return addressText(this.words[w], this.words[w + 1], this.words[w + 2], this.words[w + 3]);
  }
}
