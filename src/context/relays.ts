import * as columns from '../flow/columns.js';
import type { Connection, Endpoint } from '../flow/connection.js';
import type { Segment } from '../packet/segment.js';
import type { Hosts } from './hosts.js';
import type { Parties } from './parties.js';
import type { RelayFacts } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Endings kept; a proxy's legs end within milliseconds, so the first ones of a capture are enough to learn from. */
const KEPT = 262_144;
/** Entries of a block: a power of two, so that block and entry are bits of the number. */
const BLOCK = 4096;
const BLOCK_BITS = 12;
const ENTRY = BLOCK - 1;

// Words of an entry.
const ENDER = 0; // numbers of hosts
const OTHER = 1;
const PORT_BITS = 2; // port of the ender << 2 | bits
const WORDS = 3;
const TO_CLIENT = 1;
const BY_RESET = 2;
// Numbers of an entry: time, octets sent by the ender, octets it received, frame.
const FRAME = 3;
const NUMBERS = 4;

const NUMBERS_OF_TCP = 2 ** 32;

interface Block {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
}

/** First endings of connections in order of time: what a proxy received on one leg before it ended the other. */
export class Relays {
  private readonly blocks: Block[] = [];
  private size = 0;

  constructor(
    private readonly hosts: Hosts,
    private readonly parties: Parties,
    private readonly window: number,
  ) {}

  get full(): boolean {
    return this.size >= KEPT;
  }

  /** `one` ends the connection; `clientSide` is that of its client. */
  add(connection: Connection, s: Segment, clientSide: number, byReset: boolean): void {
    if (this.size >= KEPT) return;
    const { one, other } = connection;
    const ender = this.parties.host(connection, one.side);
    const receiver = this.parties.host(connection, other.side);
    if (ender < 0 || receiver < 0) return;
    if ((this.size & ENTRY) === 0)
      this.blocks.push({ words: new Int32Array(BLOCK * WORDS), numbers: new Float64Array(BLOCK * NUMBERS) });
    const { words, numbers } = this.blocks[this.blocks.length - 1];
    const w = (this.size & ENTRY) * WORDS;
    const n = (this.size++ & ENTRY) * NUMBERS;
    words[w + ENDER] = ender;
    words[w + OTHER] = receiver;
    words[w + PORT_BITS] =
      (connection.port(one.side) << 2) | (other.side === clientSide ? TO_CLIENT : 0) | (byReset ? BY_RESET : 0);
    numbers[n] = s.time;
    numbers[n + FRAME] = s.frame;
    numbers[n + 1] = byReset ? one.bytes : volume(one, one.sndNxt - 1);
    numbers[n + 2] = byReset ? other.bytes : volume(other, one.rcvNxt);
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
    const me = this.hosts.known(host);
    if (me < 0) return null;
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time(middle) < time - this.window) low = middle + 1;
      else high = middle;
    }
    let found: RelayFacts | null = null;
    for (let i = low; i < this.size && this.time(i) <= time; i++) {
      const { words, numbers } = this.blocks[i >>> BLOCK_BITS];
      const w = (i & ENTRY) * WORDS;
      const n = (i & ENTRY) * NUMBERS;
      const bits = words[w + PORT_BITS];
      const before = numbers[n + FRAME];
      if (before >= frame || ((bits & TO_CLIENT) !== 0) === asClient || words[w + ENDER] === me) continue;
      if (words[w + OTHER] !== me) continue;
      // Connections end with FIN all the time: only the same volume both ways makes one the other leg.
      const sameVolume =
        sent + received > 0 && numbers[n + 1] === sent % NUMBERS_OF_TCP && numbers[n + 2] === received % NUMBERS_OF_TCP;
      if (!sameVolume && (bits & BY_RESET) === 0) continue;
      if (found !== null) return null;
      found = { frame: before, time: numbers[n], address: this.hosts.address(words[w + ENDER]), port: bits >>> 2 };
    }
    return found;
  }

  private time(index: number): number {
    return this.blocks[index >>> BLOCK_BITS].numbers[(index & ENTRY) * NUMBERS];
  }
}

/**
 * Octets below the number `to` that this endpoint had sent when the first FIN came: by the numbers, where its SYN was
 * seen, because of an ordinary connection not every segment is tracked (survey/).
 */
function volume(e: Endpoint, to: number): number {
  return (e.bits & c.E_SYN) === 0 ? e.bytes : (to - e.iss - 1) >>> 0;
}
