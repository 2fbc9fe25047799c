import { optionOrder } from '../packet/option-order.js';
import type { Segment } from '../packet/segment.js';
import * as controls from '../tcp/control.js';
import { after } from '../tcp/sequence.js';
import * as columns from './columns.js';
import { Connection } from './connection.js';
import type { FlowObserver } from './events.js';
import { grown } from './grown.js';
import { HashedRows } from './hashed-rows.js';
import { ConnectionTable, type Side, setKey } from './table.js';

// Copies of our own, which V8 folds (columns.ts).
const c = { ...columns };
const { FIN, SYN } = controls;

// A packed row: what data touches first. Times are in float64; of what stands twice the client's comes first.
/** Of a row that is not in use it is 0. */
const START_FRAME = 0;
const HASH = 1;
/** Hash of the client's address and port. */
const CLIENT = 2;
/** Bits of the connection, and above them those of either side that an ordinary one may have. */
const FLAGS = 3;
const LAST_TIME = 2;
const LAST_DATA_TIME = 4;
const MESSAGE_TIME = 6;
/** In their place once there was a FIN: the number behind either side's, and the row that was closed next. */
const FIN_END = 12;
const CLOSED_NEXT = 14;
const START = 8;
const ESTABLISHED = 9;
/** The client's. */
const FIRST_DATA_TIME = 10;
// Word 22 is spare: a row holds whole float64.
const PORTS = 23;
const LISTENER = 24;
const LISTENER_CLIENT = 25;
/** Of either side, if they are of IPv4; others stand elsewhere. */
const ADDRESS = 26;
const ISS = 28;
const SYN_OPTIONS = 30;
/** Of both sides: the client's in the lower half. */
const SYN_WINDOWS = 32;
const TTLS = 33;
const MAC = 34;
const WORDS = 36;
const TIMES = WORDS / 2;

/** Where the client's times begin in a row of the tracker's. */
const CLIENT_TIMES = c.endpointAt(0, 0) >> 1;

/** Words of the addresses of a connection. */
const WIDE_WORDS = 8;
/** Third word of an IPv4 address (packet/segment.ts). */
const MAPPED = 0xffff;

// Flags.
const CONNECTION = 2 * c.C_REGULAR - 1;
const WIDE = 1 << 27;
/** Where the bits of a side begin: five that stand together in {@link columns.E_BITS}, and three from further above. */
const SIDES = 11;
const SIDE_BITS = 8;
const LOW = c.E_SPOKE | c.E_SYN | c.E_ACKED | c.E_FIN | c.E_FIN_ACKED;
const LOW_BITS = 5;
const HIGH = [c.E_OUTBOUND, c.E_INBOUND, c.E_FIRST_DATA_IN_FIN];

/** Bits of an endpoint as eight; {@link WIDENED} has them as they were. */
function narrow(bits: number): number {
  let flags = bits & LOW;
  for (let i = 0; i < HIGH.length; i++) if ((bits & HIGH[i]) !== 0) flags |= 1 << (LOW_BITS + i);
  return flags;
}

const WIDENED = Int32Array.from({ length: 1 << SIDE_BITS }, (_, flags) =>
  HIGH.reduce((bits, bit, i) => bits | ((flags >>> (LOW_BITS + i)) & 1 ? bit : 0), flags & LOW),
);

/** Ordinary connections that take as much as one of the tracker's, whose row has about 1 kB. */
export const ORDINARY_SHARE = 8;
/** Most of them at a time, whatever else is held: a million and a quarter. */
export const MOST_ORDINARY = 5 << 18;

/** More rows than there may be. */
const ROWS = 1 << 21;
/** More packets of one TTL than are counted of an ordinary connection (context/hosts.ts). */
const MANY = 16;

/**
 * Connections of which a first reading found every segment regular (survey/), so that only those need be shown of which
 * facts across connections are made: the handshake, each side's first data, its last message, the FINs and what follows
 * them. Their rows are an eighth of the tracker's. For each segment that is shown the row is unpacked into one that lies
 * in the processor's caches, and observers see that: they are told of the same events, by the same columns, as if all
 * segments had been tracked.
 */
export class OrdinaryConnections extends HashedRows {
  /** Addresses of those that are not of IPv4, by row. */
  private wides = new Int32Array(0);
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
    super({ words: WORDS, hash: HASH, least: 1024, most: MOST_ORDINARY });
    this.table.words[c.INCARNATION] = 1;
  }

  /** The connection with this hash, if there is one still, gives way to another. */
  replace(hash: number): boolean {
    const row = this.rowOf(hash);
    if (row < 0) return false;
    this.observer.gone(this.at(0, row), 'replaced');
    const closed = (this.table.words[c.BITS] & c.C_CLOSED) !== 0;
    this.forget(row);
    if (closed) this.closed--;
    else this.freeRow(row);
    return true;
  }

  /** A SYN, which begins a connection. */
  open(s: Segment, hash: number, source: number): void {
    this.size++;
    this.row = this.addRow(hash);
    this.words[this.row * WORDS + CLIENT] = source;
    const { table } = this;
    const { words, times } = table;
    table.clear(0);
    setKey(words, 0, s);
    words[c.CLIENT] = 0;
    words[c.BITS] = c.C_REGULAR;
    words[c.START_FRAME] = s.frame;
    times[c.START] = s.time;
    times[c.LAST] = s.time;
    this.packKey(s);
    this.observer.opened(this.at(0), s);
    this.begin(s, 0);
    this.pack();
  }

  /** Another segment of a connection; `begins`: its data begins a message. */
  track(s: Segment, hash: number, source: number, begins: boolean): void {
    const row = this.rowOf(hash);
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

  /** Gives up rows that have been closed for `settle` ns. */
  sweep(now: number, settle: number): void {
    for (let row = this.firstClosed; row >= 0; row = this.firstClosed) {
      const t = row * TIMES + LAST_TIME;
      if (now - Math.max(this.times[t], this.times[t + 1]) < settle && this.isLive(row)) return;
      this.giveUpClosed();
    }
  }

  /** Gives up the row that has been closed longest, settled or not; false where none is closed. */
  giveUpClosed(): boolean {
    const row = this.firstClosed;
    if (row < 0) return false;
    // One whose place was taken is told already.
    if (this.isLive(row)) {
      this.unpack(row);
      this.observer.gone(this.at(0), 'closed');
      this.forget(row);
      this.closed--;
    }
    this.firstClosed = this.words[row * WORDS + CLOSED_NEXT];
    if (this.firstClosed < 0) this.lastClosed = -1;
    this.freeRow(row);
    return true;
  }

  /** Rows still held, in the order of their beginnings. */
  *rows(): Generator<number> {
    // A frame and a row make one number of 53 bits: typed arrays are sorted in place, objects would take five times as much.
    const keys = new Float64Array(this.size);
    let n = 0;
    for (let row = 0; row < this.top; row++) if (this.isLive(row)) keys[n++] = this.startFrame(row) * ROWS + row;
    keys.sort();
    for (const key of keys) yield key % ROWS;
  }

  startFrame(row: number): number {
    return this.words[row * WORDS + START_FRAME] >>> 0;
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
    const flags = this.words[row * WORDS + FLAGS];
    if ((control & (SYN | FIN)) !== 0 || (flags & (c.C_ESTABLISHED | c.C_ENDED)) !== c.C_ESTABLISHED) return false;
    return length === 0 || side === 0 || (flags & c.C_SERVED) !== 0;
  }

  /** It is noted where it lies; what it acknowledges, the FIN acknowledges again. */
  private trackQuiet({ time, length }: Segment, row: number, side: Side, begins: boolean): void {
    if (row === this.row) this.row = -1;
    const { times } = this;
    const t = row * TIMES + side;
    times[t + LAST_TIME] = time;
    if (length === 0) return;
    if (begins) times[t + MESSAGE_TIME] = time;
    times[t + LAST_DATA_TIME] = time;
    if (side === 0 && times[t + FIRST_DATA_TIME] === c.NEVER) times[t + FIRST_DATA_TIME] = time;
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
    if (times[t + c.LAST_DATA_TIME] === c.NEVER) {
      times[t + c.FIRST_DATA_TIME] = s.time;
      if ((s.control & FIN) !== 0) words[one + c.E_BITS] |= c.E_FIRST_DATA_IN_FIN;
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
    if ((words[c.BITS] & c.C_ENDED) !== 0) return;
    words[c.BITS] |= c.C_ENDED;
    this.observer.finished(this.at(side), s);
  }

  // ---- rows ----------------------------------------------------------------------------------------

  /** It is over; one that is queued stays so until its turn comes. */
  private forget(row: number): void {
    this.unlink(row);
    this.words[row * WORDS + START_FRAME] = 0;
    this.size--;
    if (this.row === row) this.row = -1;
  }

  private queue(row: number): void {
    this.closed++;
    const { words } = this;
    words[row * WORDS + CLOSED_NEXT] = -1;
    if (this.lastClosed < 0) this.firstClosed = row;
    else words[this.lastClosed * WORDS + CLOSED_NEXT] = row;
    this.lastClosed = row;
  }

  private isLive(row: number): boolean {
    return this.words[row * WORDS + START_FRAME] !== 0;
  }

  private unpack(row: number): void {
    const { words, times } = this;
    const { words: to, times: toTimes } = this.table;
    const w = row * WORDS;
    const t = row * TIMES;
    const flags = words[w + FLAGS];
    to[c.BITS] = flags & CONNECTION;
    to[c.START_FRAME] = words[w + START_FRAME];
    to[c.PORTS] = words[w + PORTS];
    to[c.LISTENER] = words[w + LISTENER];
    to[c.LISTENER_CLIENT] = words[w + LISTENER_CLIENT];
    this.unpackAddresses(row, (flags & WIDE) !== 0);
    const closed = (flags & c.C_ENDED) !== 0;
    toTimes[c.START] = times[t + START];
    toTimes[c.ESTABLISHED] = times[t + ESTABLISHED];
    toTimes[c.LAST] = Math.max(times[t + LAST_TIME], times[t + LAST_TIME + 1]);
    toTimes[c.LAST_PAYLOAD] = Math.max(times[t + LAST_DATA_TIME], times[t + LAST_DATA_TIME + 1]);
    toTimes[CLIENT_TIMES + c.FIRST_DATA_TIME] = times[t + FIRST_DATA_TIME];
    for (let side = 0; side < 2; side++) {
      const e = c.endpointAt(0, side);
      const bits = WIDENED[(flags >>> (SIDES + SIDE_BITS * side)) & (WIDENED.length - 1)];
      to[e + c.E_BITS] = bits;
      to[e + c.SND_NXT] = (bits & c.E_FIN) === 0 ? 0 : words[w + FIN_END + side];
      to[e + c.RCV_NXT] = 0;
      to[e + c.ISS] = words[w + ISS + side];
      to[e + c.TTL] = (words[w + TTLS] << (16 - 16 * side)) >> 16;
      to[e + c.TTL_COUNT] = (bits & c.E_SPOKE) === 0 ? 0 : MANY;
      to[e + c.MAC] = words[w + MAC + side];
      to[e + c.SYN_OPTIONS] = words[w + SYN_OPTIONS + side];
      to[e + c.SYN_WINDOW] = (words[w + SYN_WINDOWS] >>> (16 * side)) & 0xffff;
      toTimes[(e >> 1) + c.LAST_TIME] = times[t + LAST_TIME + side];
      toTimes[(e >> 1) + c.LAST_DATA_TIME] = times[t + LAST_DATA_TIME + side];
      toTimes[(e >> 1) + c.MESSAGE_TIME] = closed ? c.NEVER : times[t + MESSAGE_TIME + side];
    }
    this.row = row;
  }

  private unpackAddresses(row: number, wide: boolean): void {
    const { words, wides } = this;
    const { words: to } = this.table;
    if (wide) for (let i = 0; i < WIDE_WORDS; i++) to[c.ADDRESS + i] = wides[row * WIDE_WORDS + i];
    else {
      for (let i = 0; i < WIDE_WORDS; i++) to[c.ADDRESS + i] = (i & 3) === 2 ? MAPPED : 0;
      to[c.ADDRESS + 3] = words[row * WORDS + ADDRESS];
      to[c.ADDRESS + 7] = words[row * WORDS + ADDRESS + 1];
    }
  }

  /** Keeps what of a connection never changes. */
  private packKey({ ipVersion }: Segment): void {
    const { words, times, row } = this;
    const { words: from, times: fromTimes } = this.table;
    const w = row * WORDS;
    words[w + START_FRAME] = from[c.START_FRAME];
    times[row * TIMES + START] = fromTimes[c.START];
    words[w + PORTS] = from[c.PORTS];
    words[w + FLAGS] = ipVersion === 4 ? 0 : WIDE;
    words[w + ADDRESS] = from[c.ADDRESS + 3];
    words[w + ADDRESS + 1] = from[c.ADDRESS + 7];
    if (ipVersion === 4) return;
    if ((row + 1) * WIDE_WORDS > this.wides.length) this.wides = grown(this.wides, (words.length / WORDS) * WIDE_WORDS);
    for (let i = 0; i < WIDE_WORDS; i++) this.wides[row * WIDE_WORDS + i] = from[c.ADDRESS + i];
  }

  private pack(): void {
    const { words, times, row } = this;
    const { words: from, times: fromTimes } = this.table;
    const w = row * WORDS;
    const t = row * TIMES;
    const ended = (from[c.BITS] & c.C_ENDED) !== 0;
    let flags = (words[w + FLAGS] & WIDE) | from[c.BITS];
    words[w + LISTENER] = from[c.LISTENER];
    words[w + LISTENER_CLIENT] = from[c.LISTENER_CLIENT];
    times[t + ESTABLISHED] = fromTimes[c.ESTABLISHED];
    times[t + FIRST_DATA_TIME] = fromTimes[CLIENT_TIMES + c.FIRST_DATA_TIME];
    words[w + SYN_WINDOWS] = 0;
    words[w + TTLS] = 0;
    for (let side = 0; side < 2; side++) {
      const e = c.endpointAt(0, side);
      flags |= narrow(from[e + c.E_BITS]) << (SIDES + SIDE_BITS * side);
      words[w + ISS + side] = from[e + c.ISS];
      words[w + TTLS] |= (from[e + c.TTL] & 0xffff) << (16 * side);
      words[w + MAC + side] = from[e + c.MAC];
      words[w + SYN_OPTIONS + side] = from[e + c.SYN_OPTIONS];
      words[w + SYN_WINDOWS] |= from[e + c.SYN_WINDOW] << (16 * side);
      times[t + LAST_TIME + side] = fromTimes[(e >> 1) + c.LAST_TIME];
      times[t + LAST_DATA_TIME + side] = fromTimes[(e >> 1) + c.LAST_DATA_TIME];
      if (ended) words[w + FIN_END + side] = from[e + c.SND_NXT];
      else times[t + MESSAGE_TIME + side] = fromTimes[(e >> 1) + c.MESSAGE_TIME];
    }
    words[w + FLAGS] = flags;
  }
}

/** Rows of the tracker's table count from 0; these have names below. */
function nameOf(row: number): number {
  return -2 - row;
}
