import * as columns from '../flow/columns.js';
import { type Connection, portAt } from '../flow/connection.js';
import { addressAt, sameAddress } from '../packet/address.js';
import type { Segment } from '../packet/segment.js';
import type { RowFinder } from './row-finder.js';
import type { TranslatedConnection } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** SYNs that are remembered: that of the other leg is among the last ones. */
const RING = 16;
const MASK = RING - 1;
/** Most connections at a time of which both legs are captured. */
const LEGS = 65_536;

const SERVER = 4;
const PORT = 8;
const END_WORDS = 9;

interface Leg {
  readonly row: number;
  readonly frame: number;
}

/**
 * A connection whose server's address is translated (DNAT of a cluster, a load balancer) and that is captured before and
 * behind that, as on the machine that translates: two four-tuples with the same client and the same numbers.
 */
export class Legs {
  private readonly rows = new Int32Array(RING);
  private readonly frames = new Float64Array(RING);
  private readonly times = new Float64Array(RING);
  private readonly isns = new Int32Array(RING);
  /** Addresses of client and server, and the client's port. */
  private readonly ends = new Int32Array(RING * END_WORDS);
  private count = 0;
  /** By the low bits of the first frame of the leg behind the translation: the one before it. */
  private readonly before = new Map<number, Leg>();

  /** @param window longest time between both captures of a SYN, ns */
  constructor(
    private readonly window: number,
    private readonly rowFinder: RowFinder,
  ) {}

  /** A client's SYN. */
  opened(connection: Connection, s: Segment): void {
    for (let n = 1; n <= Math.min(this.count, RING); n++) {
      const at = (this.count - n) & MASK;
      if (this.isns[at] !== s.seq || Math.abs(s.time - this.times[at]) > this.window) continue;
      if (!this.isOther(at, connection)) continue;
      if (this.before.size < LEGS)
        this.before.set(connection.word(c.START_FRAME), { row: this.rows[at], frame: this.frames[at] });
      break;
    }
    const at = this.count++ & MASK;
    this.rows[at] = connection.row;
    this.frames[at] = s.frame;
    this.times[at] = s.time;
    this.isns[at] = s.seq;
    const own = connection.table.words;
    const { side } = connection.one;
    const from = connection.addressAt(side);
    const to = connection.addressAt(side ^ 1);
    for (let i = 0; i < 4; i++) {
      this.ends[at * END_WORDS + i] = own[from + i];
      this.ends[at * END_WORDS + SERVER + i] = own[to + i];
    }
    this.ends[at * END_WORDS + PORT] = connection.port(side);
  }

  gone(connection: Connection): void {
    if (this.before.size > 0) this.before.delete(connection.word(c.START_FRAME));
  }

  /**
   * The connection as its client knows it, where this bare RST of the client bears the name that only the far leg has, and came as
   * the client's packets come before they are translated: its kernel answered a packet that had reached it untranslated.
   */
  strayReset(connection: Connection, s: Segment): TranslatedConnection | null {
    const leg = this.before.get(connection.word(c.START_FRAME));
    if (leg === undefined || s.ttl < 0 || s.ttl === connection.one.word(c.TTL)) return null;
    const table = this.rowFinder.tableOf(leg.row, leg.frame, connection.table);
    if (table === null) return null;
    const row = Math.max(leg.row, 0);
    const { words } = table;
    const w = row * c.WORDS;
    const side = words[w + c.CLIENT] as 0 | 1;
    const client = c.endpointAt(row, side);
    if (words[client + c.TTL] !== s.ttl || words[client + c.MAC] !== s.macSource) return null;
    const place = (of: number) => ({
      address: addressAt(words, w + c.ADDRESS + 4 * of),
      port: portAt(words, w, of),
    });
    return { frame: leg.frame, client: place(side), server: place(side ^ 1) };
  }

  /** Is the SYN in this place of the ring one of the same client, to another host? */
  private isOther(at: number, connection: Connection): boolean {
    const { ends } = this;
    const own = connection.table.words;
    const { side } = connection.one;
    const e = at * END_WORDS;
    return (
      ends[e + PORT] === connection.port(side) &&
      sameAddress(ends, e, own, connection.addressAt(side)) &&
      !sameAddress(ends, e + SERVER, own, connection.addressAt(side ^ 1))
    );
  }
}
