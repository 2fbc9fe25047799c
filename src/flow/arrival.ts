import type { Limits } from '../limits.js';
import { optionOrder } from '../packet/option-order.js';
import type { Segment } from '../packet/segment.js';
import * as controls from '../tcp/control.js';
import { after, before, distance } from '../tcp/sequence.js';
import * as columns from './columns.js';
import type { Connection } from './connection.js';
import type { FlowObserver } from './events.js';
import type { FreeQueue } from './free.js';
import { history, LETTER as LETTERS } from './history.js';
import type { ConnectionTable, Side } from './table.js';
import { NOTE as NOTES, pathKey, type TailRing } from './tail.js';

// Copies of our own, which V8 folds (columns.ts).
const c = { ...columns };
const { ACK, FIN, SYN } = controls;
const LETTER = { ...LETTERS };
const NOTE = { ...NOTES };

/** Where a segment ends in sequence space. */
export function endOf(s: Segment): number {
  return (s.seq + s.length + ((s.control & SYN) !== 0 ? 1 : 0) + ((s.control & FIN) !== 0 ? 1 : 0)) | 0;
}

/**
 * SEGMENT ARRIVES (RFC 9293 §3.10.7.4) as an onlooker has it: what a segment other than an RST does
 * to the row of its connection, in the order of the RFC: sequence number, acknowledgment, window,
 * text, FIN. In the offsets below `one` is the sender's endpoint and `other` the receiver's.
 */
export class Arrival {
  private readonly messageGap: number;
  private readonly farthest: number;

  constructor(
    private readonly table: ConnectionTable,
    private readonly tail: TailRing,
    private readonly queue: FreeQueue,
    /** Moved to the row before each event. */
    private readonly connection: Connection,
    private readonly observer: FlowObserver,
    limits: Limits,
  ) {
    this.messageGap = limits.messageGap;
    this.farthest = limits.orphanDistance;
  }

  /** Segments that were sent again though they had been acknowledged. */
  needless = 0;

  /** The segment was sent by endpoint `side` of `row`. */
  track(s: Segment, row: number, side: Side): void {
    const { words } = this.table;
    const at = row * c.WORDS;
    const one = c.endpointAt(row, side);
    const other = c.endpointAt(row, side ^ 1);
    const { control, length, ack } = s;
    const end = endOf(s);
    if ((control & (SYN | ACK)) === (SYN | ACK)) this.forgetOlder(s, one, other);
    const spoke = (words[one + c.E_BITS] & c.E_SPOKE) !== 0;
    const newData = length > 0 && (!spoke || after(end, words[one + c.SND_NXT]));
    const newAck =
      (control & ACK) !== 0 && ((words[one + c.E_BITS] & c.E_ACKED) === 0 || after(ack, words[one + c.RCV_NXT]));
    // Octets beyond what was sent before: a segment may repeat old ones in front of new ones.
    const fresh = newData && spoke ? Math.min(length, distance(end, words[one + c.SND_NXT])) : length;
    if ((words[at + c.BITS] & c.C_RESET) !== 0) this.observer.afterReset(this.at(row, side), s, newData, newAck);

    let note: number = NOTE.NONE;
    if (!spoke) {
      this.trackFirst(s, row, side, end);
      note = NOTE.NEW;
    } else if ((control & SYN) !== 0) note = this.trackSyn(s, row, side);
    else if (
      end !== words[one + c.SND_NXT] ||
      length > 0 ||
      ((control & FIN) !== 0 && (words[one + c.E_BITS] & c.E_FIN) !== 0)
    )
      note = this.trackSequence(s, row, side, end);
    if ((control & ACK) !== 0) {
      if (newAck) this.trackAck(s, row, side);
      else if (
        note === NOTE.NONE &&
        length === 0 &&
        ack === words[one + c.RCV_NXT] &&
        (control & (SYN | FIN)) === 0 &&
        s.window === words[one + c.WINDOW]
      )
        note = NOTE.DUPLICATE_ACK;
      this.trackWindow(s, row, side, newAck);
    }
    if (newData) {
      if (length > words[one + c.LONGEST]) this.trackLongest(s, one, other);
      this.trackText(s, row, side, fresh);
    }
    if ((control & FIN) !== 0 && (words[one + c.E_BITS] & c.E_FIN) === 0) this.trackFin(s, row, side);
    this.trackSender(s, one, other);
    this.push(s, row, side, note);
    if (
      (words[at + c.BITS] & (c.C_CLOSED | c.C_RESET)) === 0 &&
      (words[one + c.E_BITS] & words[other + c.E_BITS] & c.E_FIN_ACKED) !== 0
    ) {
      words[at + c.BITS] |= c.C_CLOSED;
      this.observer.closed(this.at(row, side), s);
      this.queue.add(row);
    }
  }

  /** Puts the segment at the end of the connection's tail. */
  push(s: Segment, row: number, side: Side, note: number): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    words[at + c.TAIL] = this.tail.push(s, side, note, words[at + c.TAIL]);
    times[row * c.TIMES + c.LAST] = s.time;
    if (s.optionsCut || (s.length > 0 && s.payloadEnd === s.payloadStart)) words[at + c.BITS] |= c.C_CUT;
  }

  /** The cursor, moved to the row for an event about endpoint `side`. */
  private at(row: number, side: Side): Connection {
    this.connection.move(row, side);
    return this.connection;
  }

  // ---- sequence number ---------------------------------------------------------------------------

  /**
   * A SYN-ACK that acknowledges the other end's SYN begins its sender's numbers: what that had sent before was of an older
   * connection, as the ACK is with which a host answers a SYN on a connection that it still has (RFC 9293 §3.10.7.4).
   */
  private forgetOlder(s: Segment, one: number, other: number): void {
    const { words } = this.table;
    if ((words[one + c.E_BITS] & (c.E_SPOKE | c.E_SYN)) !== c.E_SPOKE || (words[other + c.E_BITS] & c.E_SYN) === 0)
      return;
    if (distance(s.ack, words[other + c.ISS]) !== 1) return;
    words[one + c.E_BITS] &= ~(c.E_SPOKE | c.E_ACKED | c.E_UNSEEN | c.E_HOLE);
    words[other + c.E_BITS] &= ~c.E_UNSEEN;
  }

  /** First segment of an endpoint other than an RST. */
  private trackFirst(s: Segment, row: number, side: Side, end: number): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const one = c.endpointAt(row, side);
    words[one + c.FIRST_SEQ] = s.seq;
    words[one + c.SND_NXT] = end;
    words[one + c.E_BITS] |= c.E_SPOKE;
    if ((s.control & SYN) === 0) return;
    words[one + c.ISS] = s.seq;
    words[one + c.SYNS] = 1;
    words[one + c.SYN_FRAME] = s.frame;
    times[(one >> 1) + c.SYN_TIME] = s.time;
    times[(one >> 1) + c.LAST_SYN_TIME] = s.time;
    words[one + c.MSS] = s.mss;
    words[one + c.SYN_OPTIONS] = optionOrder(s);
    words[one + c.SYN_WINDOW] = s.window;
    // A scale counts only when both offered one (RFC 7323 §2.2); the offer is kept until then.
    words[one + c.WINDOW_SCALE] = s.optionsCut ? -1 : Math.max(s.windowScale, 0);
    words[one + c.E_BITS] |= c.E_SYN | (s.hasTimestamps ? c.E_TS_OFFERED : 0) | (s.windowScale >= 0 ? c.E_SCALE : 0);
    if ((s.control & ACK) === 0) {
      history(this.table, row, side, LETTER.SYN);
      return;
    }
    const other = c.endpointAt(row, side ^ 1);
    words[at + c.BITS] |= c.C_ANSWERED;
    if (words[at + c.CLIENT] < 0) words[at + c.CLIENT] = side ^ 1;
    if (s.windowScale < 0 && !s.optionsCut) words[other + c.WINDOW_SCALE] = 0;
    else if ((words[other + c.E_BITS] & (c.E_SYN | c.E_SCALE)) === c.E_SYN && words[other + c.WINDOW_SCALE] >= 0)
      words[one + c.WINDOW_SCALE] = 0;
    this.observer.answered(this.at(row, side), s);
    history(this.table, row, side, LETTER.SYN_ACK);
  }

  /** A SYN of an endpoint that spoke before: sent again, or simultaneous open. */
  private trackSyn(s: Segment, row: number, side: Side): number {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const one = c.endpointAt(row, side);
    if ((words[one + c.E_BITS] & c.E_SYN) === 0 || s.seq !== words[one + c.ISS]) return NOTE.NONE;
    words[one + c.SYNS]++;
    words[one + c.RETRANSMISSIONS]++;
    times[(one >> 1) + c.LAST_SYN_TIME] = s.time;
    if ((words[at + c.BITS] & c.C_ANSWERED) === 0) {
      if ((s.control & ACK) === 0) this.observer.retried(this.at(row, side), s);
      else {
        words[at + c.BITS] |= c.C_ANSWERED;
        this.observer.answered(this.at(row, side), s);
      }
    }
    return NOTE.RETRANSMISSION;
  }

  /** Sequence numbers of a segment behind the first: new, old, ahead, or a probe. */
  private trackSequence(s: Segment, row: number, side: Side, end: number): number {
    const { words, times } = this.table;
    const one = c.endpointAt(row, side);
    const other = c.endpointAt(row, side ^ 1);
    const nxt = words[one + c.SND_NXT];
    if (after(end, nxt)) {
      // What the other end has acknowledged is no hole of the network's.
      const acked = words[other + c.RCV_NXT];
      const known = (words[one + c.E_BITS] & c.E_UNSEEN) !== 0 && after(acked, nxt) ? acked : nxt;
      if (after(s.seq, known) && (words[one + c.E_BITS] & c.E_HOLE) === 0) {
        words[one + c.E_BITS] |= c.E_HOLE;
        words[one + c.HOLE_SEQ] = known;
        words[one + c.HOLE_END] = s.seq;
      }
      if ((words[one + c.E_BITS] & c.E_UNSEEN) !== 0) this.trackLate(s, one, other, nxt);
      words[one + c.SND_NXT] = end;
      return NOTE.NEW;
    }
    const outstanding = (words[other + c.E_BITS] & c.E_ACKED) === 0 || before(words[other + c.RCV_NXT], nxt);
    const finOnly = (s.control & FIN) !== 0;
    // A probe carries the number before SND.NXT, with no octet or one of garbage (RFC 9293 §3.8.4, §3.8.6.1).
    if (s.length <= 1 && !finOnly && s.seq === ((nxt - 1) | 0) && (!outstanding || s.length === 0)) {
      if ((words[other + c.E_BITS] & c.E_ZERO_WINDOW) !== 0) {
        words[one + c.ZERO_PROBES]++;
        return NOTE.ZERO_WINDOW_PROBE;
      }
      if (words[one + c.PROBES]++ === 0) {
        words[one + c.PROBE_FIRST_FRAME] = s.frame;
        times[(one >> 1) + c.PROBE_FIRST_TIME] = s.time;
      }
      words[one + c.PROBE_LAST_FRAME] = s.frame;
      times[(one >> 1) + c.PROBE_LAST_TIME] = s.time;
      return NOTE.KEEP_ALIVE;
    }
    if (s.length === 0 && !finOnly) return NOTE.NONE;
    if ((words[one + c.E_BITS] & c.E_HOLE) !== 0 && !before(s.seq, words[one + c.HOLE_SEQ])) {
      // What was missing came late: reordered, or lost before the capture point and sent again.
      if (s.seq === words[one + c.HOLE_SEQ]) words[one + c.E_BITS] &= ~c.E_HOLE;
      return NOTE.OUT_OF_ORDER;
    }
    words[one + c.RETRANSMISSIONS]++;
    if ((words[other + c.E_BITS] & c.E_ACKED) !== 0 && !after(end, words[other + c.RCV_NXT])) this.needless++;
    if (outstanding) {
      if (words[one + c.RUN]++ === 0) {
        words[one + c.RUN_FIRST_FRAME] = s.frame;
        times[(one >> 1) + c.RUN_FIRST_TIME] = s.time;
      }
      words[one + c.RUN_LAST_FRAME] = s.frame;
      times[(one >> 1) + c.RUN_LAST_TIME] = s.time;
    }
    history(this.table, row, side, LETTER.RETRANSMISSION);
    return NOTE.RETRANSMISSION;
  }

  // ---- acknowledgment and window -----------------------------------------------------------------

  /** SEG.ACK moved forward (or is the first). */
  private trackAck(s: Segment, row: number, side: Side): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const one = c.endpointAt(row, side);
    const other = c.endpointAt(row, side ^ 1);
    const { ack } = s;
    if ((words[one + c.E_BITS] & c.E_ACKED) === 0) {
      words[one + c.E_BITS] |= c.E_ACKED;
      if (
        (words[at + c.BITS] & (c.C_ANSWERED | c.C_ESTABLISHED)) === c.C_ANSWERED &&
        words[at + c.CLIENT] === side &&
        ack === words[other + c.SND_NXT]
      ) {
        words[at + c.BITS] |= c.C_ESTABLISHED;
        words[at + c.ESTABLISHED_FRAME] = s.frame;
        times[(at >> 1) + c.ESTABLISHED] = s.time;
        this.observer.established(this.at(row, side), s);
      }
    }
    const known = words[one + c.RCV_NXT];
    words[one + c.RCV_NXT] = ack;
    words[one + c.ACK_MOVED_FRAME] = s.frame;
    times[(one >> 1) + c.ACK_MOVED_TIME] = s.time;
    words[other + c.RUN] = 0;
    const bits = words[other + c.E_BITS];
    if ((bits & c.E_SPOKE) !== 0) {
      if (after(ack, words[other + c.SND_NXT])) {
        const from =
          (words[other + c.E_BITS] & c.E_UNSEEN) !== 0 && after(known, words[other + c.SND_NXT])
            ? known
            : words[other + c.SND_NXT];
        words[other + c.E_BITS] |= c.E_UNSEEN;
        // In a handshake it may as well be a wrong number.
        if ((words[at + c.BITS] & c.C_ESTABLISHED) !== 0 || words[at + c.CLIENT] < 0)
          this.missing(other, distance(ack, from));
      }
      if ((bits & c.E_HOLE) !== 0 && after(ack, words[other + c.HOLE_SEQ])) {
        // The other end has what the capture lacks: the capture lost it, not the network.
        words[other + c.E_BITS] = (words[other + c.E_BITS] & ~c.E_HOLE) | c.E_UNSEEN;
        this.missing(other, distance(words[other + c.HOLE_END], words[other + c.HOLE_SEQ]));
      }
      if ((bits & (c.E_FIN | c.E_FIN_ACKED)) === c.E_FIN && distance(ack, words[other + c.FIN_SEQ]) > 0) {
        words[other + c.E_BITS] |= c.E_FIN_ACKED;
        words[other + c.FIN_ACKED_FRAME] = s.frame;
        times[(other >> 1) + c.FIN_ACKED_TIME] = s.time;
      }
    }
    // A pure one: that of a SYN-ACK is in its own letter.
    if (s.length === 0 && (s.control & SYN) === 0) history(this.table, row, side, LETTER.ACK);
  }

  /** The capture lacks so many octets of the endpoint at `e`; numbers from far away are no loss but another story. */
  private missing(e: number, octets: number): void {
    if (octets <= this.farthest) this.table.times[(e >> 1) + c.UNSEEN] += octets;
  }

  /** New octets that had been acknowledged before they came: captured late, not lost. */
  private trackLate(s: Segment, one: number, other: number, nxt: number): void {
    const { words, times } = this.table;
    const acked = words[other + c.RCV_NXT];
    const from = after(s.seq, nxt) ? s.seq : nxt;
    if (!after(acked, from)) return;
    const end = endOf(s);
    const late = distance(after(end, acked) ? acked : end, from);
    times[(one >> 1) + c.UNSEEN] = Math.max(0, times[(one >> 1) + c.UNSEEN] - late);
  }

  /**
   * Window of the sender of an acknowledgment: zero windows, and how much it acknowledged while its
   * right edge (SEG.ACK + SEG.WND) stood still. A receiver whose program reads moves the edge on with
   * every acknowledgment; octets that do not come back as window are octets nobody has read. This is
   * a lower bound: growth of the receive buffer (auto-tuning) hides some of them.
   */
  private trackWindow(s: Segment, row: number, side: Side, newAck: boolean): void {
    const { words, times } = this.table;
    const one = c.endpointAt(row, side);
    const { ack, window } = s;
    const syn = (s.control & SYN) !== 0;
    const scale = syn ? 0 : words[one + c.WINDOW_SCALE];
    const bits = words[one + c.E_BITS];
    if (window === 0 && !syn) {
      if ((bits & c.E_ZERO_WINDOW) === 0) {
        words[one + c.E_BITS] |= c.E_ZERO_WINDOW;
        words[one + c.ZERO_WINDOW_FRAME] = s.frame;
        times[(one >> 1) + c.ZERO_WINDOW_TIME] = s.time;
        history(this.table, row, side, LETTER.ZERO_WINDOW);
      }
    } else if ((bits & c.E_ZERO_WINDOW) !== 0) words[one + c.E_BITS] &= ~c.E_ZERO_WINDOW;

    words[one + c.WINDOW] = window;
    if (scale < 0) return;
    const edge = (ack + (window << scale)) | 0;
    if ((bits & c.E_WINDOW) === 0) words[one + c.E_BITS] |= c.E_WINDOW;
    else {
      const acked = distance(ack, words[one + c.LAST_EDGE_ACK]);
      const moved = distance(edge, words[one + c.RIGHT_EDGE]);
      if (acked > 0 && newAck) {
        // Under a tenth counts as standing still, over a half as reading (docs/causes.md, "Unread data").
        if (moved * 10 <= acked) {
          if (words[one + c.FROZEN] === 0) {
            words[one + c.FROZEN_FRAME] = s.frame;
            times[(one >> 1) + c.FROZEN_TIME] = s.time;
          }
          words[one + c.FROZEN] += acked - Math.max(moved, 0);
        } else if (moved * 2 >= acked) words[one + c.FROZEN] = 0;
      } else if (acked === 0 && moved > 0) {
        // A window update: the program read, or the buffer grew.
        const frozen = words[one + c.FROZEN] - moved;
        words[one + c.FROZEN] = Math.max(frozen, 0);
      }
    }
    words[one + c.RIGHT_EDGE] = edge;
    words[one + c.LAST_EDGE_ACK] = ack;
  }

  // ---- text and FIN ------------------------------------------------------------------------------

  /** New payload, `fresh` octets of it. */
  private trackText(s: Segment, row: number, side: Side, fresh: number): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const one = c.endpointAt(row, side);
    const t = one >> 1;
    const { frame, time } = s;
    const lastPayload = times[row * c.TIMES + c.LAST_PAYLOAD];
    if ((words[one + c.E_BITS] & c.E_LAST_PAYLOAD) === 0 || time - lastPayload > this.messageGap) {
      words[one + c.E_BITS] |= c.E_LAST_PAYLOAD;
      words[c.endpointAt(row, side ^ 1) + c.E_BITS] &= ~c.E_LAST_PAYLOAD;
      words[one + c.MESSAGES]++;
      words[one + c.MESSAGE_LENGTH] = 0;
      words[one + c.MESSAGE_FRAME] = frame;
      times[t + c.MESSAGE_TIME] = time;
      times[t + c.MESSAGE_IDLE] = lastPayload === c.NEVER ? -1 : time - lastPayload;
      this.keepOctets(s, row, side);
    }
    words[one + c.MESSAGE_LENGTH] += fresh;
    times[t + c.BYTES] += fresh;
    if (words[one + c.DATA_SEGMENTS]++ === 0) {
      words[one + c.FIRST_DATA_FRAME] = frame;
      times[t + c.FIRST_DATA_TIME] = time;
    }
    words[one + c.LAST_DATA_FRAME] = frame;
    times[t + c.LAST_DATA_TIME] = time;
    times[row * c.TIMES + c.LAST_PAYLOAD] = time;
    if ((words[at + c.BITS] & c.C_SERVED) === 0 && words[at + c.CLIENT] !== side) {
      words[at + c.BITS] |= c.C_SERVED;
      this.observer.served(this.at(row, side), s);
    }
    history(this.table, row, side, LETTER.DATA);
  }

  /**
   * The longest segment so far. A path that loses large packets alone never acknowledges the first of them, so that one is
   * remembered until it is acknowledged.
   */
  private trackLongest(s: Segment, one: number, other: number): void {
    const { words } = this.table;
    const before = words[one + c.LONGEST];
    words[one + c.LONGEST] = s.length;
    if (s.length <= c.SMALL_PAYLOAD) return;
    if (before > c.SMALL_PAYLOAD && distance(words[other + c.RCV_NXT], words[one + c.LARGE_SEQ]) <= 0) return;
    words[one + c.LARGE_SEQ] = s.seq;
    words[one + c.LARGE_BEFORE] = before;
  }

  /** Keeps the first octets of a message. */
  private keepOctets(s: Segment, row: number, side: Side): void {
    const { octets } = this.table;
    const { data, payloadStart } = s;
    const at = row * c.OCTETS + c.messageAt(side);
    const n = Math.min(c.MESSAGE_OCTETS, s.payloadEnd - payloadStart);
    octets[at] = n;
    for (let i = 0; i < n; i++) octets[at + 1 + i] = data[payloadStart + i];
  }

  private trackFin(s: Segment, row: number, side: Side): void {
    const { words, times } = this.table;
    const at = row * c.WORDS;
    const one = c.endpointAt(row, side);
    const lastPayload = times[row * c.TIMES + c.LAST_PAYLOAD];
    words[one + c.E_BITS] |= words[one + c.FIRST_DATA_FRAME] === s.frame ? c.E_FIN | c.E_FIRST_DATA_IN_FIN : c.E_FIN;
    words[one + c.FIN_SEQ] = (s.seq + s.length) | 0;
    words[one + c.FIN_FRAME] = s.frame;
    times[(one >> 1) + c.FIN_TIME] = s.time;
    times[(one >> 1) + c.FIN_IDLE] = lastPayload === c.NEVER ? -1 : s.time - lastPayload;
    if ((words[at + c.BITS] & c.C_ENDED) === 0) {
      words[at + c.BITS] |= c.C_ENDED;
      this.observer.finished(this.at(row, side), s);
    }
    history(this.table, row, side, LETTER.FIN);
  }

  // ---- every segment -----------------------------------------------------------------------------

  /** What every segment of a sender leaves: counters and the baselines that provenance compares with. */
  private trackSender(s: Segment, one: number, other: number): void {
    const { words, times } = this.table;
    words[one + c.SEGMENTS]++;
    words[one + c.LAST_FRAME] = s.frame;
    times[(one >> 1) + c.LAST_TIME] = s.time;
    let bits = words[one + c.E_BITS] | (s.df > 0 ? c.E_DF : s.df === 0 ? c.E_NO_DF : 0);
    if (words[one + c.TTL_COUNT] === 0) {
      words[one + c.TTL] = s.ttl;
      words[one + c.TTL_COUNT] = 1;
      words[one + c.MAC] = s.macSource;
      words[one + c.PATH] = pathKey(s);
      if (s.direction !== 0) bits |= s.direction === 2 ? c.E_OUTBOUND : c.E_INBOUND;
    } else if (words[one + c.TTL] === s.ttl) words[one + c.TTL_COUNT]++;
    else words[one + c.TTL_OTHER]++;
    if ((s.control & SYN) === 0 && s.ipId >= 0) {
      bits |= c.E_IPID;
      words[one + c.IPID_LAST] = s.ipId;
    }
    if (s.hasTimestamps) {
      words[one + c.TS_VAL] = s.tsVal;
      if ((s.control & SYN) === 0) bits |= c.E_TIMESTAMPS;
    }
    if (s.sackBlocks > 0) {
      bits |= c.E_RECEIVED_SACK_HOLE;
      this.trackSack(s, one);
    }
    words[one + c.E_BITS] = bits;
    // Whoever speaks answers the other's probes.
    if (words[one + c.PROBES] === 0 || s.length > 0) words[other + c.PROBES] = 0;
  }

  /** What lies beyond a hole, reported since the acknowledgment moved last; duplicates (RFC 2883) are no hole. */
  private trackSack(s: Segment, one: number): void {
    const { words, times } = this.table;
    if (!after(s.sackRight, s.ack)) return;
    const t = (one >> 1) + c.SACK_TIME;
    if (words[one + c.SACKS] === 0 || times[(one >> 1) + c.ACK_MOVED_TIME] > times[t]) {
      words[one + c.SACKS] = 0;
      words[one + c.SACK_FRAME] = s.frame;
      words[one + c.SACK_RIGHT] = s.sackRight;
      words[one + c.SACK_LONGEST] = 0;
      times[t] = s.time;
    }
    words[one + c.SACKS]++;
    if (after(s.sackRight, words[one + c.SACK_RIGHT])) words[one + c.SACK_RIGHT] = s.sackRight;
    if (s.sackLongest > words[one + c.SACK_LONGEST]) words[one + c.SACK_LONGEST] = s.sackLongest;
  }
}
