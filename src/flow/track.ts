import { ABSENT_PACKETS, ABSENT_SEQ, ABSENT_TIME } from '../capture/types.js';
import type { Limits } from '../limits.js';
import type { Segment } from '../packet/segment.js';
import * as controls from '../tcp/control.js';
import { Arrival } from './arrival.js';
import * as columns from './columns.js';
import { Connection } from './connection.js';
import { Copies } from './copies.js';
import type { FlowObserver } from './events.js';
import { FreeQueue } from './free.js';
import { HalfOpen } from './half-open.js';
import { history, LETTER } from './history.js';
import { ORDINARY_SHARE, OrdinaryConnections } from './ordinary.js';
import { ConnectionTable, type Side } from './table.js';
import { NOTE, TAIL_SEGMENTS, TailRing } from './tail.js';

// Copies of our own, which V8 folds (columns.ts).
const c = { ...columns };
const { ACK, RST, SYN } = controls;

/** Rows of about 1 kB; ordinary connections take less (ordinary.ts). */
export const MAX_CONNECTIONS = 262_144;

/** Most rows of connections that are closed and not settled: a flood of RSTs closes hundreds of thousands a second. */
const MAX_CLOSED = 65_536;

export interface TrackerOptions {
  /** Most connections held at a time, an ordinary one being an eighth; beyond it the longest silent of a sample is given up. */
  readonly maxConnections?: number;
}

/**
 * How far a time may lie behind the newest, ns: packets of several interfaces and queues overtake each other by less (a few
 * seconds, where a writer buffers them). Behind more, the clock was set, or files were put together in another order.
 */
export const CLOCK_STEP = 60e9;

/** Which connection and which of its incarnations a segment belongs to; what it does there is arrival.ts. */
export class Tracker {
  readonly table: ConnectionTable;
  readonly tail = new TailRing();
  segments = 0;
  copies = 0;
  /** RST segments, copies aside. */
  resets = 0;
  connections = 0;
  evicted = 0;
  /**
   * The clock of settling: the highest time seen since the capture's own clock last ran far back. Nothing has come while it
   * is {@link c.NEVER}.
   */
  now = c.NEVER;

  /** The cursor that observers are shown. */
  private readonly connection: Connection;
  private readonly queue: FreeQueue;
  /** Those that a first reading found ordinary. */
  readonly ordinary: OrdinaryConnections;
  private readonly halfOpen: HalfOpen;
  private readonly duplicates: Copies;
  private readonly arrival: Arrival;
  private readonly maxConnections: number;
  private readonly settle: number;
  private clockHand = 0;

  constructor(
    private readonly observer: FlowObserver,
    limits: Limits,
    options: TrackerOptions = {},
  ) {
    this.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    this.table = new ConnectionTable(undefined, this.maxConnections);
    this.connection = new Connection(this.table);
    this.queue = new FreeQueue(this.table);
    this.settle = limits.settle;
    this.ordinary = new OrdinaryConnections(observer);
    this.halfOpen = new HalfOpen(this.table);
    this.duplicates = new Copies(this.table, this.tail, limits);
    this.arrival = new Arrival(this.table, this.tail, this.queue, this.connection, observer, limits);
  }

  track(s: Segment): void {
    this.segments++;
    this.pass(s.time);
    const { table } = this;
    let row = table.find(s);
    if (row < 0) row = this.open(s);
    else {
      if (this.duplicates.has(s, row, table.side)) {
        this.countCopy(s, row, table.side);
        return;
      }
      if ((s.control & (SYN | RST)) !== 0 && this.turn(s, row, table.side)) return;
    }
    if ((s.control & RST) === 0) this.arrival.track(s, row, table.side);
    else this.trackReset(s, row, table.side);
  }

  /**
   * A segment of an ordinary connection (ordinary.ts); `hash` is that of its four-tuple, `source` that of its sender.
   * @param begins its data begins a message
   */
  trackOrdinary(s: Segment, hash: number, source: number, begins: boolean): void {
    this.pass(s.time);
    if ((s.control & (SYN | ACK)) !== SYN) this.ordinary.track(s, hash, source, begins);
    else {
      if (!this.ordinary.replace(hash)) {
        this.sweepSome();
        if (this.isCrowded()) this.makeRoom();
      }
      this.connections++;
      this.ordinary.open(s, hash, source);
    }
  }

  /** A segment of this time need not be tracked (survey/): only the clock moves on. */
  pass(time: number): void {
    if (time > this.now) this.now = time;
    else if (this.now - time > CLOCK_STEP) this.stepBack(time);
  }

  /** Another recording begins here, or the clock was set: what was closed before it has settled by no clock. */
  private stepBack(time: number): void {
    this.sweep(Number.POSITIVE_INFINITY);
    this.now = time;
  }

  /** An ICMP error quoted a segment: noted on its connection, if there is one. Returns whether there was. */
  trackIcmp(s: Segment): boolean {
    const row = this.table.find(s);
    if (row < 0) return false;
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const said = icmpWord(s);
    // A router that says again how much its link takes says it of what was sent in spite of the first time.
    if (s.icmpMtu > 0 && words[at + c.ICMP_TYPE_CODE] === said) return true;
    words[at + c.ICMP_FRAME] = s.frame;
    words[at + c.ICMP_TYPE_CODE] = said;
    times[row * c.TIMES + c.ICMP] = s.time;
    return true;
  }

  /** Gives up rows that are closed and settled; call it between chunks or every few thousand segments. */
  sweep(now = this.now): void {
    for (;;) {
      const row = this.queue.due(now, this.settle);
      if (row < 0) break;
      this.release(row, 'closed');
    }
    this.ordinary.sweep(now, this.settle);
  }

  /** The capture is over: every connection still held is given up, in the order of their beginnings. */
  end(): void {
    const { table, ordinary, observer } = this;
    const start = (row: number) => table.words[row * c.WORDS + c.START_FRAME] >>> 0;
    const rows: number[] = [];
    for (let row = 0; row < table.top; row++) if (table.isLive(row)) rows.push(row);
    rows.sort((a, b) => start(a) - start(b));
    let next = 0;
    for (const row of ordinary.rows()) {
      for (; next < rows.length && start(rows[next]) < ordinary.startFrame(row); next++)
        observer.gone(this.at(rows[next], 0), 'end');
      observer.gone(ordinary.at(0, row), 'end');
    }
    for (; next < rows.length; next++) observer.gone(this.at(rows[next], 0), 'end');
  }

  /** Gives up the memory, when all is over. */
  dispose(): void {
    this.table.release();
    // The cursor keeps what it was moved over last.
    this.connection.move(0, 0);
    this.tail.release();
    this.ordinary.release();
  }

  /** Shows every connection still held, oldest row first. */
  each(visit: (connection: Connection) => void): void {
    for (let row = 0; row < this.table.top; row++) {
      if (this.table.isLive(row)) visit(this.at(row, 0));
    }
  }

  // ---- rows ------------------------------------------------------------------------------------

  /** The cursor, moved to the row for an event about endpoint `side`. */
  private at(row: number, side: Side): Connection {
    this.connection.move(row, side);
    return this.connection;
  }

  /** Where connections come faster than records are swept (diagnose.ts), rows must be freed in between. */
  private sweepSome(): void {
    if ((this.connections & 0xff) === 0xff) this.sweep();
  }

  private open(s: Segment): number {
    this.sweepSome();
    if (this.isCrowded()) this.makeRoom();
    const row = this.table.create(s);
    this.begin(s, row, 0);
    if ((s.control & (SYN | ACK | RST)) === SYN) this.halfOpen.add(row, s.frame, this.giveUp);
    return row;
  }

  /** Starts the (next) incarnation of the row, whose state is clear, with a segment of endpoint `side`. */
  private begin(s: Segment, row: number, side: Side): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    this.connections++;
    words[at + c.START_FRAME] = s.frame;
    times[row * c.TIMES + c.START] = s.time;
    times[row * c.TIMES + c.LAST] = s.time;
    words[at + c.ENCAPSULATION] = s.encapsulation;
    if ((s.control & (SYN | ACK | RST)) === SYN) words[at + c.CLIENT] = side;
    else if ((s.control & (SYN | ACK | RST)) === (SYN | ACK)) words[at + c.CLIENT] = side ^ 1;
    this.observer.opened(this.at(row, side), s);
  }

  /** The row's next incarnation begins with this segment (or with the SYN that waited). */
  private reincarnate(s: Segment, row: number, side: Side): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    this.observer.gone(this.at(row, side), 'replaced');
    const incarnation = words[at + c.INCARNATION];
    const pendingSide = words[at + c.PENDING_SIDE];
    const pendingSeq = words[at + c.PENDING_SEQ];
    const pendingFrame = words[at + c.PENDING_FRAME];
    const pendingTime = times[row * c.TIMES + c.PENDING];
    const newest = words[at + c.TAIL];
    this.table.clear(row);
    words[at + c.INCARNATION] = incarnation + 1;
    this.begin(s, row, side);
    if (pendingSide < 0 || pendingSide === side) return;
    // The SYN that waited on the old row is this incarnation's first segment.
    const client = c.endpointAt(row, pendingSide);
    words[at + c.CLIENT] = pendingSide;
    words[at + c.START_FRAME] = pendingFrame;
    times[row * c.TIMES + c.START] = pendingTime;
    words[client + c.ISS] = pendingSeq;
    words[client + c.FIRST_SEQ] = pendingSeq;
    words[client + c.SND_NXT] = (pendingSeq + 1) | 0;
    words[client + c.E_BITS] |= c.E_SYN | c.E_SPOKE;
    words[client + c.SEGMENTS] = 1;
    words[client + c.SYNS] = 1;
    words[client + c.SYN_FRAME] = pendingFrame;
    words[client + c.LAST_FRAME] = pendingFrame;
    times[(client >> 1) + c.SYN_TIME] = pendingTime;
    times[(client >> 1) + c.LAST_SYN_TIME] = pendingTime;
    times[(client >> 1) + c.LAST_TIME] = pendingTime;
    // Its tail entry is the newest but those of the challenge that followed; keep what is there from the SYN on.
    words[at + c.TAIL] = this.tailFrom(newest, s.frame, pendingFrame);
  }

  /** The tail entry of `frame` when it is still there, else -1; it becomes the oldest of its tail. */
  private tailFrom(newest: number, now: number, frame: number): number {
    for (let at = newest, n = 0; n < TAIL_SEGMENTS && this.tail.has(at, now); at = this.tail.previous(at), n++) {
      if (this.tail.frame(at) === frame) {
        this.tail.cut(at);
        return at;
      }
    }
    return -1;
  }

  private release(row: number, why: 'closed' | 'evicted'): void {
    this.observer.gone(this.at(row, 0), why);
    this.table.remove(row);
  }

  private isCrowded(): boolean {
    const { table, queue, ordinary } = this;
    return (
      table.size + ordinary.size / ORDINARY_SHARE >= this.maxConnections ||
      queue.size + ordinary.closed / ORDINARY_SHARE >= MAX_CLOSED
    );
  }

  /** A closed connection goes first, though it has not settled; a live one only when there is none. */
  private makeRoom(): void {
    const closed = this.queue.oldest();
    if (closed >= 0) this.release(closed, 'closed');
    else if (!this.ordinary.giveUpClosed() && this.table.size > 0) this.evict();
  }

  private readonly giveUp = (row: number): void => {
    this.evicted++;
    this.release(row, 'evicted');
  };

  /** Gives up the longest silent of 64 rows behind the clock hand: near enough to least recently used, at no cost per segment. */
  private evict(): void {
    const { table } = this;
    let worst = -1;
    let oldest = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 64; n++) {
      this.clockHand = (this.clockHand + 1) % table.top;
      if (!table.isLive(this.clockHand)) continue;
      const last = table.times[this.clockHand * c.TIMES + c.LAST];
      if (last < oldest) {
        oldest = last;
        worst = this.clockHand;
      }
    }
    if (worst >= 0) this.giveUp(worst);
  }

  // ---- copies, SYN and RST -----------------------------------------------------------------------

  /**
   * Packets that were captured elsewhere on their path a while before: known copies, and what looks sent again though it had
   * been acknowledged.
   */
  get farCopies(): number {
    return this.duplicates.far + this.arrival.needless;
  }

  /** The longest that a copy was behind what it is a copy of, ns. */
  get copyLag(): number {
    return this.duplicates.lag;
  }

  private countCopy(s: Segment, row: number, side: Side): void {
    this.copies++;
    if ((s.control & RST) !== 0) this.observer.resetCopied(this.at(row, side), s);
  }

  /** Decides about incarnations for a SYN or RST of endpoint `side` on a live row; true when the segment is dealt with. */
  private turn(s: Segment, row: number, side: Side): boolean {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const one = words[c.endpointAt(row, side) + c.E_BITS];
    const other = words[c.endpointAt(row, side ^ 1) + c.E_BITS];
    if ((s.control & (RST | ACK)) !== 0) {
      // The answer to the SYN that waited, a SYN-ACK or a refusal: it is the new incarnation that is answered.
      const answers =
        words[at + c.PENDING_SIDE] === (side ^ 1) &&
        s.ack === ((words[at + c.PENDING_SEQ] + 1) | 0) &&
        (s.control & ACK) !== 0;
      if (answers) this.reincarnate(s, row, side);
      return false;
    }
    if ((one & c.E_SYN) !== 0 && s.seq === words[c.endpointAt(row, side) + c.ISS]) return false;
    const over = (words[at + c.BITS] & (c.C_RESET | c.C_CLOSED)) !== 0 || (one & other & c.E_FIN) !== 0;
    const empty = ((one | other) & c.E_SPOKE) === 0;
    // A client that never got an answer may try again with a new ISN.
    const unanswered = (one & c.E_SYN) !== 0 && (other & c.E_SPOKE) === 0;
    // Simultaneous open (RFC 9293 §3.5, figure 7): the other side's SYN is no new incarnation.
    if ((one & c.E_SPOKE) === 0 && (other & c.E_SYN) !== 0 && !over) return false;
    if (over || empty || unanswered) {
      words[at + c.PENDING_SIDE] = -1;
      this.reincarnate(s, row, side);
      return false;
    }
    if (words[at + c.PENDING_SIDE] !== side || words[at + c.PENDING_SEQ] !== s.seq) {
      words[at + c.PENDING_SIDE] = side;
      words[at + c.PENDING_SEQ] = s.seq;
      words[at + c.PENDING_FRAME] = s.frame;
      times[row * c.TIMES + c.PENDING] = s.time;
    }
    words[at + c.OTHER_SEGMENTS]++;
    this.arrival.push(s, row, side, NOTE.NONE);
    return true;
  }

  private trackReset(s: Segment, row: number, side: Side): void {
    const { words } = this.table;
    const at = row * c.WORDS;
    this.resets++;
    // Before the row is copied: only an RST shows whether anything in its connection is missing.
    if (s.absent !== 0) words[at + c.BITS] |= untold(s.absent);
    this.observer.reset(this.at(row, side), s);
    history(this.table, row, side, LETTER.RST);
    words[at + c.OTHER_SEGMENTS]++;
    this.arrival.push(s, row, side, NOTE.NONE);
    if ((words[at + c.BITS] & (c.C_RESET | c.C_CLOSED)) === 0) this.queue.add(row);
    words[at + c.BITS] |= c.C_RESET | c.C_ENDED;
  }
}

/** Type and code of an ICMP error in an octet each, bit 16 for ICMPv6, and above it the MTU that it names. */
function icmpWord(s: Segment): number {
  return (Math.min(s.icmpMtu, 0x7fff) << 17) | (s.ipVersion === 6 ? 0x10000 : 0) | (s.icmpType << 8) | s.icmpCode;
}

/** What a text does not tell, as bits of the connection. */
function untold(absent: number): number {
  return (
    ((absent & ABSENT_PACKETS) !== 0 ? c.C_GARBLED : 0) |
    ((absent & ABSENT_TIME) !== 0 ? c.C_UNTIMED : 0) |
    ((absent & ABSENT_SEQ) !== 0 ? c.C_ROOTLESS : 0)
  );
}
