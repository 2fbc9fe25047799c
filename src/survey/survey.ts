import type { Limits } from '../limits.js';
import * as controls from '../tcp/control.js';
import { after, distance } from '../tcp/sequence.js';
import type { Glance } from './glance.js';
import { BEGINS_MESSAGE, FlowMarks, FrameMarks, TRACKED } from './marks.js';
import * as sketchColumns from './sketches.js';
import { Sketches } from './sketches.js';

// Copies of our own, which V8 folds (flow/columns.ts).
const k = { ...sketchColumns };
const { ACK, FIN, RST, SYN } = controls;

// Flags of a sketch above its state.
const CLIENT = 8; // the client is endpoint 1
const PAYLOAD_BY = 16; // the newest payload is endpoint 1's
const PAYLOAD = 32;
const SPOKE = 64; // and 128: the endpoint sent data
const FINISHED = 256; // and 512: it sent a FIN
const FIN_ACKED = 1024; // and 2048
/** TTL of endpoint 0; that of endpoint 1 is 8 bits above. */
const TTL = 16;
const ttlOf = (s: Glance, side: number) => (s.ttl & 0xff) << (TTL + 8 * side);

/** RSTs of connections without a SYN whose kin is looked for (context/untranslated.ts looks for as many). */
const KIN_SEARCHES = 256;
/** Sketches looked at for those of which it is not sure whether there was a SYN: a billion take a second. */
const UNSURE_SKETCHES = 2 ** 30;

/**
 * The share that is tracked in full from which on it is quicker to track all: a third still pays, all of it does not
 * (measured). It is asked for after so many connections whose end was seen or that are tracked, and half as many as are
 * open (those that are reset end sooner than others), or after so many segments.
 */
const MOST_TRACKED = 0.5;
const LEAST_TOLD = 8192;
const LEAST_SEGMENTS = 262_144;

/**
 * First reading of a capture that can be read twice: which connections matter, and which segments of all others
 * do. A connection is passed over only while all of it is regular: SYN, SYN-ACK, ACK, then segments that bring new
 * octets or acknowledgments in order, a FIN each way. Whatever else there is (an RST, a retransmission, a copy, an ICMP
 * error, a start before the capture) marks the connection, and the second reading tracks all of its segments. Of a
 * regular one it tracks what facts across connections are made of: the handshake, each side's first data, the last
 * message and the last data before the FIN, all from there on, and each side's last segment.
 */
export class Survey {
  readonly frames = new FrameMarks();
  readonly flows = new FlowMarks();
  private readonly sketches = new Sketches();
  private searches = 0;
  private unsureSketches = 0;
  /** Connections that began, those of them that are tracked in full, and those still open that are not. */
  private begun = 0;
  private tracked = 0;
  private open = 0;
  /** Segments that are tracked in full, as far as is known when they come. */
  private trackedSegments = 0;

  /** @param room most connections at a time of which not all is tracked */
  constructor(
    private readonly limits: Limits,
    private readonly room: number,
  ) {}

  /**
   * Does so much of these `segments` matter that a second reading would pass over little, or is more open at a time than there
   * is room for?
   */
  isFutile(segments: number): boolean {
    const told = this.begun - this.open;
    return (
      this.open >= this.room ||
      (told >= Math.max(LEAST_TOLD, this.open / 2) && this.tracked > told * MOST_TRACKED) ||
      (segments >= LEAST_SEGMENTS && this.trackedSegments > segments * MOST_TRACKED)
    );
  }

  segment(s: Glance): void {
    const { sketches } = this;
    const { source, destination, hash } = s;
    const at = sketches.find(hash);
    if ((s.control & RST) !== 0) {
      this.trackedSegments++;
      this.reset(s, hash, at);
      return;
    }
    if (source === destination) {
      this.flows.mark(hash);
      return;
    }
    const side = source < destination ? 0 : 1;
    if (at < 0) this.first(s, hash, side);
    else {
      const state = sketches.words[at + k.FLAGS] & k.STATE;
      if (state === k.OPEN || state === k.CLOSING) this.inBetween(s, at, side);
      else this.otherwise(s, at, state, side);
    }
  }

  /** Has the sketches of these connections brought into the processor's caches, all at once. */
  touch(hashes: Int32Array, count: number): void {
    this.sketches.touch(hashes, count);
  }

  /** An ICMP error quotes a segment of this connection. */
  icmp(s: Glance): void {
    this.frames.mark(s.frame, TRACKED);
    this.flows.mark(s.hash);
  }

  /** No segment follows. */
  end(): void {
    const { words } = this.sketches;
    for (let at = 0; at < this.sketches.end; at += k.WORDS) {
      const state = words[at + k.FLAGS] & k.STATE;
      if (state !== 0 && state < k.DONE) this.leave(at);
    }
    this.sketches.release();
  }

  /** Nothing more is seen of a connection that is not closed. */
  private leave(at: number): void {
    const state = this.sketches.words[at + k.FLAGS] & k.STATE;
    // A handshake that is never completed is an ending that is told.
    if (state === k.SYN_SEEN || state === k.ANSWERED) this.irregular(at);
    else {
      this.open--;
      this.keepLast(at);
    }
  }

  // ---- beginning -----------------------------------------------------------------------------------

  private first(s: Glance, hash: number, side: number): void {
    const { control } = s;
    const marked = this.flows.has(hash);
    if ((control & (SYN | ACK | FIN)) === SYN && s.length === 0 && !marked && this.open < this.room) {
      this.syn(s, this.sketches.create(s), side);
      return;
    }
    if (marked && this.sketches.lost.has(hash)) return;
    this.begun++;
    this.tracked++;
    this.flows.mark(hash);
    const at = this.sketches.create(s);
    this.sketches.words[at + k.FLAGS] = (control & SYN) === 0 ? k.MARKED_MIDSTREAM : k.MARKED;
    this.sketches.times[at / 2 + k.TIME] = s.time;
    this.sketches.settle(at);
  }

  private syn(s: Glance, at: number, side: number): void {
    const { words, times } = this.sketches;
    this.begun++;
    this.open++;
    words[at + k.FLAGS] = k.SYN_SEEN | (side === 1 ? CLIENT : 0) | ttlOf(s, side);
    words[at + k.NXT + side] = (s.seq + 1) | 0;
    words[at + k.LAST + side] = s.frame;
    times[at / 2 + k.TIME] = s.time;
    this.frames.mark(s.frame, TRACKED);
  }

  /** A segment where no connection is open. */
  private otherwise(s: Glance, at: number, state: number, side: number): void {
    const { words, times } = this.sketches;
    const { control } = s;
    const client = (words[at + k.FLAGS] & CLIENT) === 0 ? 0 : 1;
    if (state === k.SYN_SEEN) {
      const answers = (control & (SYN | ACK | FIN)) === (SYN | ACK) && s.length === 0;
      if (!answers || side === client || s.ack !== words[at + k.NXT + client]) this.irregular(at);
      else {
        words[at + k.FLAGS] += (k.ANSWERED - k.SYN_SEEN) | ttlOf(s, side);
        words[at + k.NXT + side] = (s.seq + 1) | 0;
        words[at + k.ACKED + side] = s.ack;
        words[at + k.LAST + side] = s.frame;
        times[at / 2 + k.TIME] = s.time;
        this.frames.mark(s.frame, TRACKED);
      }
    } else if (state === k.ANSWERED) {
      const completes = (control & (SYN | ACK | FIN)) === ACK && side === client;
      const inOrder = s.seq === words[at + k.NXT + client] && s.ack === words[at + k.NXT + (client ^ 1)];
      if (!completes || !inOrder || !this.hasUsualTtl(s, at, side)) this.irregular(at);
      else {
        words[at + k.FLAGS] += k.OPEN - k.ANSWERED;
        words[at + k.ACKED + side] = s.ack;
        words[at + k.LAST + side] = s.frame;
        if (s.length > 0) this.data(s, at, side);
        times[at / 2 + k.TIME] = s.time;
        this.frames.mark(s.frame, s.length > 0 ? BEGINS_MESSAGE : TRACKED);
      }
    } else if (state === k.DONE) {
      // A SYN that comes as soon as this may be an old one.
      const late = s.time - times[at / 2 + k.TIME] > this.limits.settle;
      if ((control & (SYN | ACK | FIN)) === SYN && s.length === 0 && late && this.open < this.room) {
        words.fill(0, at + k.FLAGS, at + k.WORDS);
        this.syn(s, at, side);
      } else this.irregular(at);
    } else {
      this.trackedSegments++;
      if ((control & SYN) !== 0) words[at + k.FLAGS] = k.MARKED;
    }
  }

  // ---- in between ----------------------------------------------------------------------------------

  /** A segment of an open connection: passed over where it brings something new in order. */
  private inBetween(s: Glance, at: number, side: number): void {
    const { words, times } = this.sketches;
    const { control, length, ack } = s;
    const other = side ^ 1;
    const acked = words[at + k.ACKED + side];
    const newAck = ack !== acked;
    if (
      (control & (SYN | ACK)) !== ACK ||
      s.seq !== words[at + k.NXT + side] ||
      (newAck && !after(ack, acked)) ||
      !this.hasUsualTtl(s, at, side) ||
      after(ack, words[at + k.NXT + other])
    ) {
      this.irregular(at);
      return;
    }
    const time = times[at / 2 + k.TIME];
    if (s.time < time) {
      this.irregular(at);
      return;
    }
    const fin = (control & FIN) !== 0;
    // Nothing new: a copy, unless it comes too late to be one.
    if (length === 0 && !fin && !newAck && s.time - time <= this.limits.duplicateWindow) {
      this.irregular(at);
      return;
    }
    const flags = words[at + k.FLAGS];
    if ((length > 0 || fin) && (flags & (FINISHED << side)) !== 0) {
      this.irregular(at);
      return;
    }
    words[at + k.ACKED + side] = ack;
    words[at + k.LAST + side] = s.frame;
    if (length > 0) this.data(s, at, side);
    times[at / 2 + k.TIME] = s.time;
    if (fin || (flags & k.STATE) === k.CLOSING) this.closing(s, at, side);
  }

  private hasUsualTtl(s: Glance, at: number, side: number): boolean {
    return ((this.sketches.words[at + k.FLAGS] >>> (TTL + 8 * side)) & 0xff) === (s.ttl & 0xff);
  }

  private data(s: Glance, at: number, side: number): void {
    const { words, times } = this.sketches;
    const flags = words[at + k.FLAGS];
    const by = (flags & PAYLOAD_BY) === 0 ? 0 : 1;
    const begins =
      (flags & PAYLOAD) === 0 || by !== side || s.time - times[at / 2 + k.PAYLOAD_TIME] > this.limits.messageGap;
    if (begins) words[at + k.MESSAGE + side] = s.frame;
    words[at + k.LAST_DATA + side] = s.frame;
    words[at + k.NXT + side] = (words[at + k.NXT + side] + s.length) | 0;
    times[at / 2 + k.PAYLOAD_TIME] = s.time;
    const spoke = SPOKE << side;
    if ((flags & spoke) === 0) this.frames.mark(s.frame, BEGINS_MESSAGE);
    words[at + k.FLAGS] = (flags & ~PAYLOAD_BY) | PAYLOAD | spoke | (side === 1 ? PAYLOAD_BY : 0);
  }

  // ---- end -----------------------------------------------------------------------------------------

  /** A FIN, or what comes behind the first. */
  private closing(s: Glance, at: number, side: number): void {
    const { words } = this.sketches;
    const other = side ^ 1;
    let flags = words[at + k.FLAGS];
    if ((s.control & FIN) !== 0) {
      if ((flags & k.STATE) === k.OPEN) {
        const client = (flags & CLIENT) === 0 ? 0 : 1;
        const asked = (flags & PAYLOAD) !== 0 && ((flags & PAYLOAD_BY) === 0 ? 0 : 1) === client;
        // The server closed before it answered: an ending that is told.
        if (side !== client && asked) {
          this.irregular(at);
          return;
        }
        this.keepData(at, side);
        flags += k.CLOSING - k.OPEN;
      }
      flags |= FINISHED << side;
      words[at + k.NXT + side] = (words[at + k.NXT + side] + 1) | 0;
    }
    if ((flags & (FINISHED << other)) !== 0 && s.ack === words[at + k.NXT + other]) flags |= FIN_ACKED << other;
    const done = (flags & (3 * FIN_ACKED)) === 3 * FIN_ACKED;
    words[at + k.FLAGS] = done ? flags + k.DONE - k.CLOSING : flags;
    if (done) {
      this.open--;
      this.sketches.settle(at);
    }
    this.frames.mark(
      s.frame,
      s.length > 0 && words[at + k.MESSAGE + side] === (s.frame | 0) ? BEGINS_MESSAGE : TRACKED,
    );
  }

  /** The last message of the side that closes: where it began and ended. */
  private keepData(at: number, side: number): void {
    const { words } = this.sketches;
    const message = words[at + k.MESSAGE + side];
    if (message === 0) return;
    this.frames.mark(message, BEGINS_MESSAGE);
    const last = words[at + k.LAST_DATA + side];
    if (last !== message) this.frames.mark(last, TRACKED);
  }

  /** The last segment of either side tells when its host spoke. */
  private keepLast(at: number): void {
    const { words } = this.sketches;
    for (let side = 0; side < 2; side++) {
      const last = words[at + k.LAST + side];
      if (last !== 0) this.frames.mark(last, last === words[at + k.MESSAGE + side] ? BEGINS_MESSAGE : TRACKED);
    }
  }

  private irregular(at: number): void {
    const { words } = this.sketches;
    this.flows.mark(words[at + k.HASH]);
    this.track(at);
  }

  /** The connection of the sketch is tracked in full from now on. */
  private track(at: number): void {
    const { words } = this.sketches;
    const state = words[at + k.FLAGS] & k.STATE;
    if (state < k.DONE) this.open--;
    words[at + k.FLAGS] = k.MARKED;
    if (state > k.DONE) return;
    this.tracked++;
    this.sketches.settle(at);
  }

  // ---- resets --------------------------------------------------------------------------------------

  private reset(s: Glance, hash: number, at: number): void {
    this.flows.mark(hash);
    const { words, times, lost } = this.sketches;
    if (at < 0) {
      this.begun++;
      this.tracked++;
      this.searchKin(s, !lost.has(hash));
      return;
    }
    const state = words[at + k.FLAGS] & k.STATE;
    if (state === k.MARKED_MIDSTREAM) this.searchKin(s, true);
    else {
      // Closed and settled: the tracker no longer has it.
      if (state === k.DONE && s.time - times[at / 2 + k.TIME] >= this.limits.settle) this.searchKin(s, false);
      this.track(at);
    }
  }

  /** Marks connections whose numbers this RST bears under another name of its receiver (context/untranslated.ts). */
  private searchKin({ source, seq }: Glance, sure: boolean): void {
    if (this.searches >= KIN_SEARCHES || this.unsureSketches > UNSURE_SKETCHES) return;
    const { sketches } = this;
    if (sure) this.searches++;
    else {
      this.unsureSketches += sketches.end / k.WORDS;
      if (this.unsureSketches > UNSURE_SKETCHES) {
        this.flows.markAll();
        return;
      }
    }
    const near = this.limits.orphanDistance;
    sketches.withEnd(source, (at, side) => {
      const { words } = sketches;
      const state = words[at + k.FLAGS] & k.STATE;
      if (state === 0 || state > k.DONE) return;
      if (Math.abs(distance(seq, words[at + k.NXT + side])) <= near) this.irregular(at);
    });
  }
}
