import type { Limits } from '../context/limits.js';
import type { Segment } from '../packet/segment.js';
import { ACK, FIN, RST, SYN } from '../tcp/control.js';
import { after, before, distance } from '../tcp/sequence.js';
import * as c from './columns.js';
import { Connection } from './connection.js';
import type { FlowObserver } from './events.js';
import { FreeQueue } from './free.js';
import { history, LETTER } from './history.js';
import { ConnectionTable, type Side } from './table.js';
import * as tail from './tail.js';
import { trackWindow } from './window.js';

/** Rows of about 1 kB. */
const MAX_CONNECTIONS = 262_144;

export interface TrackerOptions {
  /** Most connections held at a time; beyond it the longest silent of a sample is given up. */
  readonly maxConnections?: number;
}

/** Moves connections by segments: RFC 9293 variables, marks, tail, incarnations, copies. */
export class Tracker {
  readonly table = new ConnectionTable();
  readonly tail = new tail.TailRing();
  /** The cursor on the connection of the segment at hand. */
  readonly connection = new Connection(this.table);
  segments = 0;
  copies = 0;
  /** RST segments, copies aside. */
  resets = 0;
  connections = 0;
  evicted = 0;
  /** Highest time seen: the clock of settling, which never runs backwards. */
  now = 0;
  frame = 0;

  private readonly queue: FreeQueue;
  private readonly maxConnections: number;
  private clockHand = 0;

  constructor(
    private readonly observer: FlowObserver,
    private readonly limits: Limits,
    options: TrackerOptions = {},
  ) {
    this.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    this.queue = new FreeQueue(this.table);
  }

  track(s: Segment): void {
    this.segments++;
    this.frame = s.frame;
    if (s.time > this.now) this.now = s.time;
    const table = this.table;
    const connection = this.connection;
    let row = table.find(s);
    let side: Side = table.side;
    if (row < 0) {
      row = this.open(s);
      side = 0;
    } else {
      connection.move(row, side);
      if (this.isCopy(s)) {
        this.countCopy(s);
        return;
      }
      if ((s.control & (SYN | RST)) !== 0 && this.turn(s)) return;
    }
    if ((s.control & RST) !== 0) this.trackReset(s);
    else this.trackSegment(s);
  }

  /** An ICMP error quoted a segment: noted on its connection, if there is one. Returns whether there was. */
  trackIcmp(s: Segment): boolean {
    const row = this.table.find(s);
    if (row < 0) return false;
    const connection = this.connection;
    connection.move(row, this.table.side);
    connection.setWord(c.ICMP_FRAME, s.frame);
    connection.setWord(c.ICMP_TYPE_CODE, (s.icmpType << 8) | s.icmpCode | (s.ipVersion === 6 ? 0x10000 : 0));
    connection.setTime(c.ICMP, s.time);
    return true;
  }

  /** Gives up rows that are closed and settled; call it between chunks or every few thousand segments. */
  sweep(): void {
    const settle = this.limits.settle;
    for (;;) {
      const row = this.queue.due(this.now, settle);
      if (row < 0) return;
      this.release(row, 'closed');
    }
  }

  /** The capture is over: every connection still held is given up, oldest row first. */
  end(): void {
    for (let row = 0; row < this.table.top; row++) {
      if (!this.table.isLive(row)) continue;
      this.connection.move(row, 0);
      this.observer.gone(this.connection, 'end');
    }
  }

  // ---- rows ------------------------------------------------------------------------------------

  private open(s: Segment): number {
    if ((this.table.size & 0xff) === 0xff) this.sweep();
    if (this.table.size >= this.maxConnections) this.makeRoom();
    const row = this.table.create(s);
    this.connection.move(row, 0);
    this.begin(s);
    return row;
  }

  /** Starts the (next) incarnation of the row under the cursor, whose state is clear. */
  private begin(s: Segment): void {
    const connection = this.connection;
    this.connections++;
    connection.setWord(c.START_FRAME, s.frame);
    connection.setTime(c.START, s.time);
    connection.setTime(c.LAST, s.time);
    connection.setWord(c.ENCAPSULATION, s.encapsulation);
    for (const e of [connection.one, connection.other]) e.times[e.t + c.BYTES] = 0;
    if ((s.control & (SYN | ACK | RST)) === SYN) connection.setWord(c.CLIENT, connection.one.side);
    else if ((s.control & (SYN | ACK | RST)) === (SYN | ACK)) connection.setWord(c.CLIENT, connection.other.side);
    this.observer.opened(connection, s);
  }

  /** The row's next incarnation begins with this segment (or with the SYN that waited). */
  private reincarnate(s: Segment): void {
    const connection = this.connection;
    this.observer.gone(connection, 'replaced');
    const incarnation = connection.incarnation;
    const pendingSide = connection.word(c.PENDING_SIDE);
    const pendingSeq = connection.word(c.PENDING_SEQ);
    const pendingFrame = connection.word(c.PENDING_FRAME);
    const pendingTime = connection.time(c.PENDING);
    const tailAt = connection.word(c.TAIL);
    this.table.clear(connection.row);
    connection.setWord(c.INCARNATION, incarnation + 1);
    this.begin(s);
    if (pendingSide >= 0 && pendingSide !== connection.one.side) {
      // The SYN that waited on the old row is this incarnation's first segment.
      const client = connection.other;
      connection.setWord(c.CLIENT, client.side);
      connection.setWord(c.START_FRAME, pendingFrame);
      connection.setTime(c.START, pendingTime);
      client.setWord(c.ISS, pendingSeq);
      client.setWord(c.FIRST_SEQ, pendingSeq);
      client.sndNxt = (pendingSeq + 1) | 0;
      client.bits |= c.E_SYN | c.E_SPOKE;
      client.setWord(c.SEGMENTS, 1);
      client.setWord(c.SYNS, 1);
      client.mark(c.SYN_FRAME, c.SYN_TIME, pendingFrame, pendingTime);
      client.mark(c.LAST_FRAME, c.LAST_TIME, pendingFrame, pendingTime);
      client.times[client.t + c.LAST_SYN_TIME] = pendingTime;
      connection.setWord(c.PACKETS, 1);
      // Its tail entry is the newest but those of the challenge that followed; keep what is there from the SYN on.
      connection.setWord(c.TAIL, this.tailFrom(tailAt, pendingFrame));
    }
  }

  /** The tail entry of `frame` when it is still there, else -1. */
  private tailFrom(newest: number, frame: number): number {
    for (
      let at = newest, n = 0;
      n < tail.TAIL_SEGMENTS && this.tail.has(at, this.frame);
      at = this.tail.previous(at), n++
    ) {
      if (this.tail.frame(at) === frame) {
        this.tail.cut(at);
        return at;
      }
    }
    return -1;
  }

  private release(row: number, why: 'closed' | 'evicted'): void {
    this.connection.move(row, 0);
    this.observer.gone(this.connection, why);
    this.table.remove(row);
  }

  /** A closed connection goes first, though it has not settled; a live one only when there is none. */
  private makeRoom(): void {
    const closed = this.queue.oldest();
    if (closed >= 0) this.release(closed, 'closed');
    else this.evict();
  }

  /** Gives up the longest silent of 64 rows behind the clock hand: near enough to least recently used, at no cost per segment. */
  private evict(): void {
    const table = this.table;
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
    if (worst < 0) return;
    this.evicted++;
    this.queue.forget(worst);
    this.release(worst, 'evicted');
  }

  // ---- copies ----------------------------------------------------------------------------------

  /**
   * Is the segment a copy of one that was captured already (SPAN, `-i any`, before and after a
   * router)? Only segments that bring nothing new are looked at. With an IP ID of 0 the copy must
   * have come by another way, and a stateless RST is a copy only if its trigger was copied too.
   */
  private isCopy(s: Segment): boolean {
    const { one, other } = this.connection;
    const end = (s.seq + s.length + ((s.control & SYN) !== 0 ? 1 : 0) + ((s.control & FIN) !== 0 ? 1 : 0)) | 0;
    if ((s.control & RST) === 0) {
      if ((one.bits & c.E_SPOKE) === 0 || after(end, one.sndNxt)) return false;
      if ((s.control & ACK) !== 0 && ((one.bits & c.E_ACKED) === 0 || after(s.ack, one.rcvNxt))) return false;
    }
    const ring = this.tail;
    let at = this.connection.word(c.TAIL);
    for (let n = 0; n < tail.TAIL_SEGMENTS && ring.has(at, s.frame); n++, at = ring.previous(at)) {
      if (s.time - ring.time(at) > this.limits.duplicateWindow) return false;
      if (!ring.same(at, s, one.side)) continue;
      if (s.ipId > 0) {
        ring.addCopy(at);
        return true;
      }
      if (!ring.cameOtherwise(at, s)) continue;
      if ((s.control & (RST | ACK)) === RST && other.segments > 0 && !this.triggerCopied(at, one.side)) continue;
      ring.addCopy(at);
      return true;
    }
    return false;
  }

  /** Was the segment of the other side before tail entry `number` copied? */
  private triggerCopied(number: number, side: number): boolean {
    const ring = this.tail;
    for (
      let at = ring.previous(number), n = 0;
      n < tail.TAIL_SEGMENTS && ring.has(at, this.frame);
      n++, at = ring.previous(at)
    ) {
      if (ring.side(at) !== side) return ring.copies(at) > 0;
    }
    // Its trigger is no longer in reach: the way it came decides alone.
    return true;
  }

  private countCopy(s: Segment): void {
    this.copies++;
    const connection = this.connection;
    connection.setWord(c.COPIES, connection.word(c.COPIES) + 1);
    this.trackPath(s);
    if ((s.control & RST) !== 0) this.observer.resetCopied(connection, s);
  }

  // ---- SYN and RST: which incarnation ----------------------------------------------------------

  /** Decides about incarnations for a SYN or RST on a live row; true when the segment is dealt with. */
  private turn(s: Segment): boolean {
    const connection = this.connection;
    const { one, other } = connection;
    if ((s.control & RST) !== 0) {
      // A refusal of the SYN that waited: it is the new incarnation that is refused.
      if (
        connection.word(c.PENDING_SIDE) === other.side &&
        (s.control & ACK) !== 0 &&
        s.ack === ((connection.word(c.PENDING_SEQ) + 1) | 0)
      )
        this.reincarnate(s);
      return false;
    }
    if ((s.control & ACK) !== 0) {
      if (connection.word(c.PENDING_SIDE) === other.side && s.ack === ((connection.word(c.PENDING_SEQ) + 1) | 0))
        this.reincarnate(s);
      return false;
    }
    if ((one.bits & c.E_SYN) !== 0 && s.seq === one.iss) return false;
    const bits = connection.bits;
    const over = (bits & (c.C_RESET | c.C_CLOSED)) !== 0 || (one.bits & other.bits & c.E_FIN) !== 0;
    const empty = (one.bits & c.E_SPOKE) === 0 && (other.bits & c.E_SPOKE) === 0;
    // A client that never got an answer may try again with a new ISN.
    const unanswered = (one.bits & c.E_SYN) !== 0 && (other.bits & c.E_SPOKE) === 0;
    // Simultaneous open (RFC 9293 §3.5, figure 7): the other side's SYN is no new incarnation.
    if ((one.bits & c.E_SPOKE) === 0 && (other.bits & c.E_SYN) !== 0 && !over) return false;
    if (over || empty || unanswered) {
      connection.setWord(c.PENDING_SIDE, -1);
      this.reincarnate(s);
      return false;
    }
    if (connection.word(c.PENDING_SIDE) !== one.side || connection.word(c.PENDING_SEQ) !== s.seq) {
      connection.setWord(c.PENDING_SIDE, one.side);
      connection.setWord(c.PENDING_SEQ, s.seq);
      connection.setWord(c.PENDING_FRAME, s.frame);
      connection.setTime(c.PENDING, s.time);
    }
    this.pushTail(s, tail.NOTE_NONE);
    return true;
  }

  private trackReset(s: Segment): void {
    const connection = this.connection;
    this.resets++;
    this.observer.reset(connection, s);
    history(connection, LETTER.r);
    this.pushTail(s, tail.NOTE_NONE);
    if ((connection.bits & (c.C_RESET | c.C_CLOSED)) === 0) this.queue.add(connection.row);
    connection.bits |= c.C_RESET | c.C_ENDED;
  }

  // ---- everything else -------------------------------------------------------------------------

  private trackSegment(s: Segment): void {
    const connection = this.connection;
    const one = connection.one;
    const length = s.length;
    const control = s.control;
    const end = (s.seq + length + ((control & SYN) !== 0 ? 1 : 0) + ((control & FIN) !== 0 ? 1 : 0)) | 0;
    const spoke = (one.bits & c.E_SPOKE) !== 0;
    const newData = length > 0 && (!spoke || after(end, one.sndNxt));
    const newAck = (control & ACK) !== 0 && ((one.bits & c.E_ACKED) === 0 || after(s.ack, one.rcvNxt));
    // Octets beyond what was sent before: a segment may repeat old ones in front of new ones.
    const fresh = newData ? Math.min(length, spoke ? distance(end, one.sndNxt) : length) : 0;
    if ((connection.bits & c.C_RESET) !== 0) this.observer.afterReset(connection, s, newData, newAck);

    let note = tail.NOTE_NONE;
    if (!spoke) {
      this.firstSegment(s, end);
      note = tail.NOTE_NEW;
    } else if ((control & SYN) !== 0) note = this.trackSyn(s);
    else if (end !== one.sndNxt || length > 0 || ((control & FIN) !== 0 && (one.bits & c.E_FIN) !== 0))
      note = this.trackSequence(s, end);
    if ((control & ACK) !== 0) {
      if (newAck) this.trackAck(s);
      else if (
        note === tail.NOTE_NONE &&
        length === 0 &&
        s.ack === one.rcvNxt &&
        (control & (SYN | FIN)) === 0 &&
        s.window === one.window
      )
        note = tail.NOTE_DUPLICATE_ACK;
      trackWindow(connection, s, newAck);
    }
    if (newData) this.trackMessage(s, fresh);
    if ((control & FIN) !== 0 && (one.bits & c.E_FIN) === 0) this.trackFin(s);
    this.trackSender(s);
    this.pushTail(s, note);
    if (
      (connection.bits & (c.C_CLOSED | c.C_RESET)) === 0 &&
      (one.bits & connection.other.bits & c.E_FIN_ACKED) !== 0
    ) {
      connection.bits |= c.C_CLOSED;
      this.queue.add(connection.row);
    }
  }

  /** First segment of an endpoint other than an RST. */
  private firstSegment(s: Segment, end: number): void {
    const connection = this.connection;
    const one = connection.one;
    one.setWord(c.FIRST_SEQ, s.seq);
    one.sndNxt = end;
    let bits = one.bits | c.E_SPOKE;
    if ((s.control & SYN) !== 0) {
      bits |= c.E_SYN;
      one.setWord(c.ISS, s.seq);
      one.setWord(c.SYNS, 1);
      one.mark(c.SYN_FRAME, c.SYN_TIME, s.frame, s.time);
      one.times[one.t + c.LAST_SYN_TIME] = s.time;
      one.setWord(c.MSS, s.mss);
      one.setWord(c.FIRST_WINDOW, s.window);
      // A scale counts only when both offered one (RFC 7323 §2.2); the offer is kept until then.
      one.setWord(c.WINDOW_SCALE, s.optionsCut ? -1 : s.windowScale >= 0 ? s.windowScale : 0);
      if (s.hasTimestamps) bits |= c.E_TS_OFFERED;
      if (s.windowScale >= 0) bits |= c.E_SCALE;
      if ((s.control & ACK) !== 0) {
        connection.bits |= c.C_ANSWERED;
        if (connection.client < 0) connection.setWord(c.CLIENT, connection.other.side);
        const other = connection.other;
        if (s.windowScale < 0 && !s.optionsCut) other.setWord(c.WINDOW_SCALE, 0);
        else if ((other.bits & (c.E_SYN | c.E_SCALE)) === c.E_SYN && other.windowScale >= 0)
          one.setWord(c.WINDOW_SCALE, 0);
        one.bits = bits;
        this.observer.answered(connection, s);
        history(connection, LETTER.h);
      } else history(connection, LETTER.s);
      if (s.optionsCut) connection.bits |= c.C_CUT;
    }
    one.bits = bits;
  }

  private trackSyn(s: Segment): number {
    const one = this.connection.one;
    if ((one.bits & c.E_SYN) !== 0 && s.seq === one.iss) {
      one.setWord(c.SYNS, one.word(c.SYNS) + 1);
      one.times[one.t + c.LAST_SYN_TIME] = s.time;
      one.setWord(c.RETRANSMISSIONS, one.word(c.RETRANSMISSIONS) + 1);
      if ((s.control & ACK) === 0 && (this.connection.bits & c.C_ANSWERED) === 0)
        this.observer.retried(this.connection, s);
      if ((s.control & ACK) !== 0 && (this.connection.bits & c.C_ANSWERED) === 0) {
        this.connection.bits |= c.C_ANSWERED;
        this.observer.answered(this.connection, s);
      }
      return tail.NOTE_RETRANSMISSION;
    }
    return tail.NOTE_NONE;
  }

  /** Sequence numbers of a segment behind the first: new, old, ahead, or a probe. */
  private trackSequence(s: Segment, end: number): number {
    const connection = this.connection;
    const { one, other } = connection;
    const nxt = one.sndNxt;
    if (after(end, nxt)) {
      if (after(s.seq, nxt)) {
        if ((one.bits & c.E_HOLE) === 0) {
          one.bits |= c.E_HOLE;
          one.setWord(c.HOLE_SEQ, nxt);
        }
      }
      one.sndNxt = end;
      return tail.NOTE_NEW;
    }
    const outstanding = (other.bits & c.E_ACKED) === 0 || before(other.rcvNxt, nxt);
    const finOnly = (s.control & FIN) !== 0;
    // A probe carries the number before SND.NXT, with no octet or one of garbage (RFC 9293 §3.8.4, §3.8.6.1).
    if (s.length <= 1 && !finOnly && s.seq === ((nxt - 1) | 0) && (!outstanding || s.length === 0)) {
      if ((other.bits & c.E_ZERO_WINDOW) !== 0) {
        one.setWord(c.ZERO_PROBES, one.word(c.ZERO_PROBES) + 1);
        return tail.NOTE_ZERO_WINDOW_PROBE;
      }
      const probes = one.word(c.PROBES);
      if (probes === 0) one.mark(c.PROBE_FIRST_FRAME, c.PROBE_FIRST_TIME, s.frame, s.time);
      one.mark(c.PROBE_LAST_FRAME, c.PROBE_LAST_TIME, s.frame, s.time);
      one.setWord(c.PROBES, probes + 1);
      return tail.NOTE_KEEP_ALIVE;
    }
    if (s.length === 0 && !finOnly) return tail.NOTE_NONE;
    if ((one.bits & c.E_HOLE) !== 0 && !before(s.seq, one.word(c.HOLE_SEQ))) {
      // What was missing came late: reordered, or lost before the capture point and sent again.
      if (s.seq === one.word(c.HOLE_SEQ)) one.bits &= ~c.E_HOLE;
      return tail.NOTE_OUT_OF_ORDER;
    }
    one.setWord(c.RETRANSMISSIONS, one.word(c.RETRANSMISSIONS) + 1);
    if (outstanding) {
      const run = one.word(c.RUN);
      if (run === 0) one.mark(c.RUN_FIRST_FRAME, c.RUN_FIRST_TIME, s.frame, s.time);
      one.mark(c.RUN_LAST_FRAME, c.RUN_LAST_TIME, s.frame, s.time);
      one.setWord(c.RUN, run + 1);
    }
    history(connection, LETTER.t);
    return tail.NOTE_RETRANSMISSION;
  }

  /** SEG.ACK moved forward (or is the first). */
  private trackAck(s: Segment): void {
    const connection = this.connection;
    const { one, other } = connection;
    if ((one.bits & c.E_ACKED) === 0) {
      one.bits |= c.E_ACKED;
      if (
        (connection.bits & (c.C_ANSWERED | c.C_ESTABLISHED)) === c.C_ANSWERED &&
        connection.client === one.side &&
        s.ack === other.sndNxt
      ) {
        connection.bits |= c.C_ESTABLISHED;
        connection.setWord(c.ESTABLISHED_FRAME, s.frame);
        connection.setTime(c.ESTABLISHED, s.time);
        this.observer.established(connection, s);
      }
    }
    one.rcvNxt = s.ack;
    one.mark(c.ACK_MOVED_FRAME, c.ACK_MOVED_TIME, s.frame, s.time);
    other.setWord(c.RUN, 0);
    if ((other.bits & c.E_SPOKE) !== 0) {
      if (after(s.ack, other.sndNxt)) other.bits |= c.E_UNSEEN;
      if ((other.bits & c.E_HOLE) !== 0 && after(s.ack, other.word(c.HOLE_SEQ))) {
        // The other end has what the capture lacks: the capture lost it, not the network.
        other.bits = (other.bits & ~c.E_HOLE) | c.E_UNSEEN;
      }
      if ((other.bits & (c.E_FIN | c.E_FIN_ACKED)) === c.E_FIN && distance(s.ack, other.finSeq) > 0) {
        other.bits |= c.E_FIN_ACKED;
        other.mark(c.FIN_ACKED_FRAME, c.FIN_ACKED_TIME, s.frame, s.time);
      }
    }
    if (s.length === 0) history(connection, LETTER.a);
  }

  /** New payload, `fresh` octets of it. */
  private trackMessage(s: Segment, fresh: number): void {
    const connection = this.connection;
    const one = connection.one;
    const lastPayload = connection.lastPayload;
    if (connection.word(c.LAST_PAYLOAD_SIDE) !== one.side || s.time - lastPayload > this.limits.messageGap) {
      one.setWord(c.MESSAGES, one.messages + 1);
      one.setWord(c.MESSAGE_LENGTH, 0);
      one.mark(c.MESSAGE_FRAME, c.MESSAGE_TIME, s.frame, s.time);
      one.times[one.t + c.MESSAGE_IDLE] = lastPayload < 0 ? -1 : s.time - lastPayload;
      const octets = this.table.octets;
      const at = connection.row * c.OCTETS + c.messageAt(one.side);
      const n = Math.min(c.MESSAGE_OCTETS, s.payloadEnd - s.payloadStart);
      octets[at] = n;
      for (let i = 0; i < n; i++) octets[at + 1 + i] = s.data[s.payloadStart + i];
      connection.setWord(c.LAST_PAYLOAD_SIDE, one.side);
    }
    one.setWord(c.MESSAGE_LENGTH, one.word(c.MESSAGE_LENGTH) + fresh);
    one.times[one.t + c.BYTES] += fresh;
    const segments = one.word(c.DATA_SEGMENTS);
    if (segments === 0) one.mark(c.FIRST_DATA_FRAME, c.FIRST_DATA_TIME, s.frame, s.time);
    one.setWord(c.DATA_SEGMENTS, segments + 1);
    one.mark(c.LAST_DATA_FRAME, c.LAST_DATA_TIME, s.frame, s.time);
    connection.setTime(c.LAST_PAYLOAD, s.time);
    if ((connection.bits & c.C_SERVED) === 0 && connection.client !== one.side) {
      connection.bits |= c.C_SERVED;
      this.observer.served(connection, s);
    }
    history(connection, LETTER.d);
  }

  private trackFin(s: Segment): void {
    const connection = this.connection;
    const one = connection.one;
    one.bits |= c.E_FIN;
    one.setWord(c.FIN_SEQ, (s.seq + s.length) | 0);
    one.mark(c.FIN_FRAME, c.FIN_TIME, s.frame, s.time);
    one.times[one.t + c.FIN_IDLE] = connection.lastPayload < 0 ? -1 : s.time - connection.lastPayload;
    if ((connection.bits & c.C_ENDED) === 0) {
      connection.bits |= c.C_ENDED;
      this.observer.finished(connection, s);
    }
    history(connection, LETTER.f);
  }

  /** What every segment of a sender leaves: counters and the baselines that provenance compares with. */
  private trackSender(s: Segment): void {
    const { one, other } = this.connection;
    const words = one.words;
    const w = one.w;
    words[w + c.SEGMENTS]++;
    words[w + c.LAST_FRAME] = s.frame;
    one.times[one.t + c.LAST_TIME] = s.time;
    if (words[w + c.TTL_COUNT] === 0) {
      words[w + c.TTL] = s.ttl;
      words[w + c.TTL_COUNT] = 1;
      words[w + c.MAC] = s.macSource;
      words[w + c.PATH] = tail.pathKey(s);
      words[w + c.TOS] = s.tos;
      words[w + c.FLOW_LABEL] = s.flowLabel;
      if (s.direction !== 0) one.bits |= s.direction === 2 ? c.E_OUTBOUND : c.E_INBOUND;
    } else if (words[w + c.TTL] === s.ttl) words[w + c.TTL_COUNT]++;
    else words[w + c.TTL_OTHER]++;
    let bits = one.bits | (s.df !== 0 ? c.E_DF : c.E_NO_DF);
    if ((s.control & SYN) === 0) {
      if (s.ipId >= 0) {
        if ((bits & c.E_IPID) !== 0) {
          const step = (s.ipId - words[w + c.IPID_LAST]) & 0xffff;
          if (step > 0 && step <= 64) words[w + c.IPID_STEPS]++;
          else words[w + c.IPID_BREAKS]++;
        }
        bits |= c.E_IPID;
        words[w + c.IPID_LAST] = s.ipId;
      }
      if (s.hasTimestamps) bits |= c.E_TIMESTAMPS;
    }
    if (s.hasTimestamps) {
      words[w + c.TS_VAL] = s.tsVal;
      words[w + c.TS_ECR] = s.tsEcr;
    }
    if (s.sackBlocks > 0) {
      words[w + c.SACK_RIGHT] = s.sackRight;
      bits |= c.E_RECEIVED_SACK_HOLE;
    }
    one.bits = bits;
    // Whoever speaks answers the other's probes.
    if (words[w + c.PROBES] === 0 || s.length > 0) other.setWord(c.PROBES, 0);
  }

  /** Baseline of the second path on which this sender's packets (as copies) are captured. */
  private trackPath(s: Segment): void {
    if ((s.control & RST) !== 0) return;
    const one = this.connection.one;
    const path = tail.pathKey(s);
    if (path === one.word(c.PATH)) return;
    if (one.word(c.TTL2_COUNT) === 0) {
      one.setWord(c.PATH2, path);
      one.setWord(c.TTL2, s.ttl);
    }
    if (path === one.word(c.PATH2)) one.setWord(c.TTL2_COUNT, one.word(c.TTL2_COUNT) + 1);
  }

  private pushTail(s: Segment, note: number): void {
    const connection = this.connection;
    connection.setWord(c.TAIL, this.tail.push(s, connection.one.side, note, connection.word(c.TAIL)));
    connection.setWord(c.PACKETS, connection.word(c.PACKETS) + 1);
    connection.setTime(c.LAST, s.time);
    if (s.optionsCut || (s.length > 0 && s.payloadEnd === s.payloadStart)) connection.bits |= c.C_CUT;
  }
}
