import type { CaptureRecord } from '../capture/types.js';
import { Decoder } from '../packet/decode.js';
import type { Fragments } from '../packet/fragments.js';
import { isRest } from '../packet/packets.js';
import type { Decoded, Segment } from '../packet/segment.js';
import { NEVER } from './columns.js';
import { CLOCK_STEP, type Tracker } from './track.js';

/** Segments decoded before the first of them is tracked: twice as many are no faster (measured). */
const AHEAD = 32;

// What waits.
const FULL = 0;
const ORDINARY = 1;
const BEGINS = 2;

/**
 * Segments on their way to the tracker, some at a time. The rows of 20,000 connections fit into no cache, and a segment
 * that has to wait for its row waits longer than all that is done with it; so the rows of all that are here are asked for
 * together (ConnectionTable.touch), and are there when their turn comes.
 *
 *     while (reader.next(record)) if (ahead.decode(record) === DECODED_TCP) ahead.keep(); … ; ahead.end();
 */
export class LookAhead {
  /** Of the record decoded last; valid until the next one, or until it is tracked. */
  segment: Segment;

  private readonly decoders: readonly Decoder[];
  private readonly segments: readonly Segment[];
  /** Those of them whose rows are in the tracker's table. */
  private readonly full: Segment[];
  private fullCount = 0;
  /** By segment: whether its connection is ordinary (ordinary.ts) and whether its data begins a message; hashes of its four-tuple and sender. */
  private readonly kinds = new Uint8Array(AHEAD);
  private readonly hashes = new Int32Array(AHEAD);
  private readonly sources = new Int32Array(AHEAD);
  /** By segment: highest time of the records that were passed over right before it. */
  private readonly clocks = new Float64Array(AHEAD);
  private clock = NEVER;
  /** The tracker's clock, when all that wait are tracked. */
  private now = NEVER;
  private waiting = 0;
  /** Where the octets of those that wait are. */
  private data: Uint8Array | null = null;
  /** The record decoded last is the first in its buffer. */
  private first = false;
  /** What decoded that record. */
  private decoder: Decoder;

  constructor(
    private readonly tracker: Tracker,
    private readonly fragments: Fragments,
  ) {
    this.decoders = Array.from({ length: AHEAD }, () => new Decoder(fragments));
    this.segments = this.decoders.map(({ segment }) => segment);
    this.full = [...this.segments];
    this.segment = this.segments[0];
    this.decoder = this.decoders[0];
  }

  decode(record: CaptureRecord): Decoded {
    // The rest of a record lies where the record does, and so does what is told behind older ones.
    this.first = record.data !== this.data || (this.first && (isRest(record) || this.fragments.owes));
    if (record.data !== this.data) {
      this.flush();
      this.data = record.data;
    }
    this.segment = this.segments[this.waiting];
    this.decoder = this.decoders[this.waiting];
    return this.decoder.decode(record);
  }

  /** Has the record decoded last another packet? Then it is narrowed to that, and is to be decoded again. */
  more(record: CaptureRecord): boolean {
    return this.decoder.more(record);
  }

  /** The next of what fragments still tell when no record follows. */
  next(): Decoded {
    this.room();
    return this.decoders[this.waiting].next();
  }

  /** Takes over what another decoder put together of fragments. */
  adopt(decoder: Decoder): void {
    this.room();
    this.decoders[this.waiting].adopt(decoder);
  }

  /** Room for a segment whose record is not decoded: of its octets nothing is looked at later. */
  room(): Segment {
    this.first = false;
    this.segment = this.segments[this.waiting];
    return this.segment;
  }

  /** The segment decoded last is to be tracked. */
  keep(): void {
    this.full[this.fullCount++] = this.segment;
    this.kinds[this.waiting] = FULL;
    this.wait();
  }

  /** … and belongs to an ordinary connection. */
  keepOrdinary(hash: number, source: number, begins: boolean): void {
    const { waiting } = this;
    this.kinds[waiting] = begins ? BEGINS : ORDINARY;
    this.hashes[waiting] = hash;
    this.sources[waiting] = source;
    this.wait();
  }

  private wait(): void {
    const { time } = this.segment;
    if (time > this.now || this.now - time > CLOCK_STEP) this.now = time;
    this.clocks[this.waiting++] = this.clock;
    this.clock = NEVER;
    // A record at the border of two chunks lies where the next such one will (capture/window.ts): it cannot wait.
    if (this.waiting === AHEAD || this.first) this.flush();
  }

  /** A record of this time needs no tracking: only the clock moves on. */
  pass(time: number): void {
    if (time > this.now) this.clock = this.now = time;
    else if (this.now - time > CLOCK_STEP) {
      this.flush();
      this.clock = this.now = time;
      this.flush();
    }
  }

  /** Tracks all that wait. */
  flush(): void {
    const { tracker, segments, clocks, kinds, hashes, sources, waiting, full, fullCount } = this;
    // Before anything is tracked: what listens may look here.
    this.waiting = 0;
    this.fullCount = 0;
    if (fullCount > 1) tracker.table.touch(full, fullCount);
    if (waiting - fullCount > 1) tracker.ordinary.touch(hashes, waiting);
    for (let i = 0; i < waiting; i++) {
      if (clocks[i] !== NEVER) tracker.pass(clocks[i]);
      if (kinds[i] === FULL) tracker.track(segments[i]);
      else tracker.trackOrdinary(segments[i], hashes[i], sources[i], kinds[i] === BEGINS);
    }
    if (this.clock !== NEVER) tracker.pass(this.clock);
    this.clock = NEVER;
  }

  /** No more is decoded of this chunk, whose octets may be others soon. */
  end(): void {
    this.flush();
    this.data = null;
  }
}
