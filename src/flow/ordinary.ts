import { optionOrder } from '../packet/option-order.js';
import type { Segment } from '../packet/segment.js';
import * as controls from '../tcp/control.js';
import { after } from '../tcp/sequence.js';
import * as columns from './columns.js';
import { Connection } from './connection.js';
import type { FlowObserver } from './events.js';
import { grown } from './grown.js';
import { ConnectionTable, type Side, setKey } from './table.js';

// Copies of our own, which V8 folds (columns.ts).
const c = { ...columns };
const { FIN, SYN } = controls;

/**
 * Columns of a row that an ordinary connection fills, in the order of a packed row: what data touches stands together, first
 * of the connection, then of either side. The others stay blank.
 */
const KEPT = Int32Array.of(
  c.BITS,
  c.START_FRAME,
  c.PORTS,
  c.LISTENER,
  c.LISTENER_CLIENT,
  ...Array.from({ length: 8 }, (_, i) => c.ADDRESS + i),
  ...ofEachSide(
    c.E_BITS,
    c.FIRST_DATA_FRAME,
    c.SND_NXT,
    c.RCV_NXT,
    c.ISS,
    c.TTL,
    c.TTL_COUNT,
    c.MAC,
    c.SYN_OPTIONS,
    c.SYN_WINDOW,
    c.FIN_FRAME,
  ),
);
/** … in float64, which stand in front. */
const KEPT_TIMES = Int32Array.of(
  c.LAST,
  c.LAST_PAYLOAD,
  ...ofEachSide(c.LAST_TIME * 2, c.LAST_DATA_TIME * 2, c.MESSAGE_TIME * 2, c.FIRST_DATA_TIME * 2).map((w) => w / 2),
  c.START,
  c.ESTABLISHED,
);

function ofEachSide(...columns: readonly number[]): number[] {
  return [0, 1].flatMap((side) => columns.map((column) => c.endpointAt(0, side) + column));
}

// Words of a packed row in front of what is kept.
/** The next row in the same bucket; of a row that is free, the next free one. */
const NEXT = 0;
const HASH = 1;
/** Hash of the client's address and port. */
const CLIENT = 2;
/** The row that was closed next. */
const CLOSED_NEXT = 3;
/** In float64. */
const TIMES = 2;
const VALUES = 2 * (TIMES + KEPT_TIMES.length);
const WORDS = (VALUES + KEPT.length + 1) & ~1;
// Where some of it stands.
const word = (column: number) => VALUES + KEPT.indexOf(column);
const time = (column: number) => TIMES + KEPT_TIMES.indexOf(column);
const BITS = word(c.BITS);
const START_FRAME = word(c.START_FRAME);
const LAST = time(c.LAST);
const LAST_PAYLOAD = time(c.LAST_PAYLOAD);
/** Of the client; the server's stand so far behind. */
const FIRST_DATA_FRAME = word(c.endpointAt(0, 0) + c.FIRST_DATA_FRAME);
const SIDE_WORDS = word(c.endpointAt(0, 1) + c.E_BITS) - word(c.endpointAt(0, 0) + c.E_BITS);
const LAST_TIME = time((c.endpointAt(0, 0) >> 1) + c.LAST_TIME);
const LAST_DATA_TIME = time((c.endpointAt(0, 0) >> 1) + c.LAST_DATA_TIME);
const MESSAGE_TIME = time((c.endpointAt(0, 0) >> 1) + c.MESSAGE_TIME);
const FIRST_DATA_TIME = time((c.endpointAt(0, 0) >> 1) + c.FIRST_DATA_TIME);
const SIDE_TIMES = time((c.endpointAt(0, 1) >> 1) + c.LAST_TIME) - LAST_TIME;

const INITIAL_ROWS = 1024;
/** More than are asked for at a time (look-ahead.ts). */
const MOST_ASKED = 64;
/** More packets of one TTL than are counted of an ordinary connection (context/hosts.ts). */
const MANY = 16;

/**
 * Connections of which a first reading found every segment regular (survey/), so that only those need be shown of which
 * facts across connections are made: the handshake, each side's first data, its last message, the FINs and what follows
 * them. Their rows are a fifth of the tracker's. For each segment that is shown the row is unpacked into one that lies
 * in the processor's caches, and observers see that: they are told of the same events, by the same columns, as if all
 * segments had been tracked.
 */
export class OrdinaryConnections {
  private words = new Int32Array(INITIAL_ROWS * WORDS);
  private times = new Float64Array(this.words.buffer);
  private buckets = new Int32Array(INITIAL_ROWS * 2).fill(-1);
  /** Rows that {@link touch} asks for, and a sum of what they hold. */
  private readonly asked = new Int32Array(MOST_ASKED);
  protected touched = 0;
  private free = -1;
  private top = 0;
  /** Rows that are closed, in that order. */
  private firstClosed = -1;
  private lastClosed = -1;
  /** The row that is unpacked. */
  private readonly table = new ConnectionTable(1);
  private readonly connection = new Connection(this.table);
  private row = -1;
  /** Connections held, and those of them that are closed. */
  size = 0;
  closed = 0;

  constructor(private readonly observer: FlowObserver) {
    this.table.words[c.INCARNATION] = 1;
  }

  /** The connection with this hash, if there is one still, gives way to another. */
  replace(hash: number): boolean {
    const row = this.find(hash);
    if (row < 0) return false;
    this.observer.gone(this.at(0, row), 'replaced');
    const closed = (this.table.words[c.BITS] & c.C_CLOSED) !== 0;
    this.unlink(row);
    if (closed) this.closed--;
    else this.giveBack(row);
    return true;
  }

  /** A SYN, which begins a connection; returns its row. */
  open(s: Segment, hash: number, source: number): number {
    this.size++;
    this.row = this.create(hash, source);
    const { table } = this;
    const { words, times } = table;
    table.clear(0);
    setKey(words, 0, s);
    words[c.CLIENT] = 0;
    words[c.BITS] = c.C_REGULAR;
    words[c.START_FRAME] = s.frame;
    times[c.START] = s.time;
    times[c.LAST] = s.time;
    this.observer.opened(this.at(0), s);
    this.begin(s, 0);
    this.pack();
    return this.row;
  }

  /** Another segment of a connection; `begins`: its data begins a message. */
  track(s: Segment, hash: number, source: number, begins: boolean): void {
    const row = this.find(hash);
    if (row < 0) return;
    const side = source === this.words[row * WORDS + CLIENT] ? 0 : 1;
    if (this.isQuiet(s, row, side)) {
      this.trackQuiet(s, row, side, begins);
      return;
    }
    this.unpack(row);
    const { words, times } = this.table;
    const one = c.endpointAt(0, side);
    const other = c.endpointAt(0, side ^ 1);
    const { control, ack, time } = s;
    const fin = (control & FIN) !== 0;
    if ((control & SYN) !== 0) {
      this.begin(s, side);
      words[c.BITS] |= c.C_ANSWERED;
      this.observer.answered(this.at(side), s);
      words[one + c.E_BITS] |= c.E_ACKED;
    } else {
      words[one + c.SND_NXT] = (s.seq + s.length + (fin ? 1 : 0)) | 0;
      if ((words[one + c.E_BITS] & c.E_ACKED) === 0) {
        words[one + c.E_BITS] |= c.E_ACKED;
        words[c.BITS] |= c.C_ESTABLISHED;
        times[c.ESTABLISHED] = time;
        this.observer.established(this.at(side), s);
      }
    }
    words[one + c.RCV_NXT] = ack;
    const bits = words[other + c.E_BITS];
    // Of what the other side sends behind its FIN there is nothing, so the number behind the FIN is its newest.
    if ((bits & (c.E_FIN | c.E_FIN_ACKED)) === c.E_FIN && !after(words[other + c.SND_NXT], ack))
      words[other + c.E_BITS] |= c.E_FIN_ACKED;
    if (s.length > 0) this.data(s, side, begins);
    if (fin) this.finish(s, side);
    times[(one >> 1) + c.LAST_TIME] = time;
    times[c.LAST] = time;
    if ((words[one + c.E_BITS] & words[other + c.E_BITS] & c.E_FIN_ACKED) !== 0) {
      words[c.BITS] |= c.C_CLOSED;
      this.observer.closed(this.at(side), s);
      this.queue(row);
    }
    this.pack();
  }

  /** Has the rows of these hashes brought into the processor's caches, as ConnectionTable.touch has. */
  touch(hashes: Int32Array, count: number): void {
    const { words, buckets, asked } = this;
    for (let i = 0; i < count; i++) asked[i] = buckets[this.bucket(hashes[i])];
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (asked[i] < 0) continue;
      for (let line = 0; line < WORDS; line += 16) sum = (sum + words[asked[i] * WORDS + line]) | 0;
    }
    // Kept, lest the loads be optimized away.
    this.touched = sum;
  }

  /** Gives up rows that have been closed for `settle` ns. */
  sweep(now: number, settle: number): void {
    for (let row = this.firstClosed; row >= 0; row = this.firstClosed) {
      const at = row * WORDS;
      // One whose place was taken is told already.
      if (this.words[at + START_FRAME] !== 0) {
        if (now - this.times[(at >> 1) + LAST] < settle) return;
        this.unpack(row);
        this.observer.gone(this.at(0), 'closed');
        this.unlink(row);
        this.closed--;
      }
      this.firstClosed = this.words[at + CLOSED_NEXT];
      if (this.firstClosed < 0) this.lastClosed = -1;
      this.giveBack(row);
    }
  }

  /** Rows still held. */
  rows(): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.top; row++) if (this.words[row * WORDS + START_FRAME] !== 0) rows.push(row);
    return rows;
  }

  /** Is the handshake of the connection that began in `frame` still open? */
  waits(row: number, frame: number): boolean {
    const at = row * WORDS;
    return this.words[at + START_FRAME] === (frame | 0) && (this.words[at + BITS] & c.C_ESTABLISHED) === 0;
  }

  startFrame(row: number): number {
    return this.words[row * WORDS + START_FRAME];
  }

  /** The connection of a row, valid until another is asked for. */
  at(side: Side, row = this.row): Connection {
    if (row !== this.row) this.unpack(row);
    this.connection.move(0, side);
    this.connection.row = nameOf(row);
    return this.connection;
  }

  /** The table whose row 0 is the connection that was once seen as `connection.row` and began in `frame`; null: it is gone. */
  known(name: number, frame: number): ConnectionTable | null {
    const row = nameOf(name);
    if (this.words[row * WORDS + START_FRAME] !== (frame | 0)) return null;
    this.unpack(row);
    return this.table;
  }

  /** Is nobody told of this segment: neither handshake nor end, nor the server's first data? */
  private isQuiet({ control, length }: Segment, row: number, side: Side): boolean {
    const bits = this.words[row * WORDS + BITS];
    if ((control & (SYN | FIN)) !== 0 || (bits & (c.C_ESTABLISHED | c.C_ENDED)) !== c.C_ESTABLISHED) return false;
    return length === 0 || side === 0 || (bits & c.C_SERVED) !== 0;
  }

  /** It is noted where it lies; what it acknowledges, the FIN acknowledges again. */
  private trackQuiet({ frame, time, length }: Segment, row: number, side: Side, begins: boolean): void {
    if (row === this.row) this.row = -1;
    const { words, times } = this;
    const t = ((row * WORDS) >> 1) + side * SIDE_TIMES;
    times[t + LAST_TIME] = time;
    times[((row * WORDS) >> 1) + LAST] = time;
    if (length === 0) return;
    if (begins) times[t + MESSAGE_TIME] = time;
    times[t + LAST_DATA_TIME] = time;
    times[((row * WORDS) >> 1) + LAST_PAYLOAD] = time;
    const first = row * WORDS + FIRST_DATA_FRAME + side * SIDE_WORDS;
    if (words[first] !== 0) return;
    words[first] = frame;
    times[t + FIRST_DATA_TIME] = time;
  }

  // ---- segments ------------------------------------------------------------------------------------

  /** The SYN or SYN-ACK of a side. */
  private begin(s: Segment, side: Side): void {
    const { words, times } = this.table;
    const one = c.endpointAt(0, side);
    words[one + c.ISS] = s.seq;
    words[one + c.SND_NXT] = (s.seq + 1) | 0;
    words[one + c.E_BITS] =
      c.E_SPOKE | c.E_SYN | (s.direction === 0 ? 0 : s.direction === 2 ? c.E_OUTBOUND : c.E_INBOUND);
    words[one + c.TTL] = s.ttl;
    words[one + c.TTL_COUNT] = MANY;
    words[one + c.MAC] = s.macSource;
    words[one + c.SYN_OPTIONS] = optionOrder(s);
    words[one + c.SYN_WINDOW] = s.window;
    times[(one >> 1) + c.LAST_TIME] = s.time;
  }

  private data(s: Segment, side: Side, begins: boolean): void {
    const { words, times } = this.table;
    const one = c.endpointAt(0, side);
    const t = one >> 1;
    if (begins) times[t + c.MESSAGE_TIME] = s.time;
    if (words[one + c.FIRST_DATA_FRAME] === 0) {
      words[one + c.FIRST_DATA_FRAME] = s.frame;
      times[t + c.FIRST_DATA_TIME] = s.time;
    }
    times[t + c.LAST_DATA_TIME] = s.time;
    times[c.LAST_PAYLOAD] = s.time;
    if ((words[c.BITS] & c.C_SERVED) === 0 && side === 1) {
      words[c.BITS] |= c.C_SERVED;
      this.observer.served(this.at(side), s);
    }
  }

  private finish(s: Segment, side: Side): void {
    const { words } = this.table;
    const one = c.endpointAt(0, side);
    words[one + c.E_BITS] |= c.E_FIN;
    words[one + c.FIN_FRAME] = s.frame;
    if ((words[c.BITS] & c.C_ENDED) !== 0) return;
    words[c.BITS] |= c.C_ENDED;
    this.observer.finished(this.at(side), s);
  }

  // ---- rows ----------------------------------------------------------------------------------------

  private find(hash: number): number {
    const { words } = this;
    let row = this.buckets[this.bucket(hash)];
    while (row >= 0 && words[row * WORDS + HASH] !== hash) row = words[row * WORDS + NEXT];
    return row;
  }

  private bucket(hash: number): number {
    return (hash ^ (hash >>> 16)) & (this.buckets.length - 1);
  }

  private create(hash: number, source: number): number {
    let row = this.free;
    if (row >= 0) this.free = this.words[row * WORDS + NEXT];
    else {
      if ((this.top + 1) * WORDS > this.words.length) this.grow();
      row = this.top++;
    }
    const at = row * WORDS;
    const { words } = this;
    words[at + HASH] = hash;
    words[at + CLIENT] = source;
    this.link(row, hash);
    return row;
  }

  private link(row: number, hash: number): void {
    const bucket = this.bucket(hash);
    this.words[row * WORDS + NEXT] = this.buckets[bucket];
    this.buckets[bucket] = row;
  }

  /** The row is found no more; one that is queued stays so until its turn comes. */
  private unlink(row: number): void {
    const { words, buckets } = this;
    const bucket = this.bucket(words[row * WORDS + HASH]);
    const next = words[row * WORDS + NEXT];
    let at = buckets[bucket];
    if (at === row) buckets[bucket] = next;
    else {
      while (words[at * WORDS + NEXT] !== row) at = words[at * WORDS + NEXT];
      words[at * WORDS + NEXT] = next;
    }
    words[row * WORDS + START_FRAME] = 0;
    this.size--;
    if (this.row === row) this.row = -1;
  }

  private giveBack(row: number): void {
    this.words[row * WORDS + NEXT] = this.free;
    this.free = row;
  }

  private queue(row: number): void {
    this.closed++;
    const { words } = this;
    words[row * WORDS + CLOSED_NEXT] = -1;
    if (this.lastClosed < 0) this.firstClosed = row;
    else words[this.lastClosed * WORDS + CLOSED_NEXT] = row;
    this.lastClosed = row;
  }

  private grow(): void {
    this.words = grown(this.words, this.words.length * 2);
    this.times = new Float64Array(this.words.buffer);
    this.buckets = new Int32Array(this.buckets.length * 2).fill(-1);
    for (let row = 0; row < this.top; row++)
      if (this.words[row * WORDS + START_FRAME] !== 0) this.link(row, this.words[row * WORDS + HASH]);
  }

  private unpack(row: number): void {
    const { words, times } = this;
    const { words: to, times: toTimes } = this.table;
    let at = row * WORDS + VALUES;
    for (let i = 0; i < KEPT.length; i++) to[KEPT[i]] = words[at++];
    at = ((row * WORDS) >> 1) + TIMES;
    for (let i = 0; i < KEPT_TIMES.length; i++) toTimes[KEPT_TIMES[i]] = times[at++];
    this.row = row;
  }

  private pack(): void {
    const { words, times, row } = this;
    const { words: from, times: fromTimes } = this.table;
    let at = row * WORDS + VALUES;
    for (let i = 0; i < KEPT.length; i++) words[at++] = from[KEPT[i]];
    at = ((row * WORDS) >> 1) + TIMES;
    for (let i = 0; i < KEPT_TIMES.length; i++) times[at++] = fromTimes[KEPT_TIMES[i]];
  }
}

/** Rows of the tracker's table count from 0; these have names below. */
function nameOf(row: number): number {
  return -2 - row;
}
