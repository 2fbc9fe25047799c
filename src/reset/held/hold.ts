import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import { grown } from '../../flow/grown.js';
import { pathKey, type TailRing } from '../../flow/tail.js';
import { noteOf, type PacketNote } from '../../packet/note.js';
import type { Segment } from '../../packet/segment.js';
import type { Translated } from '../types.js';
import { Compactor } from './compact.js';
import { HELD_WORDS, R, RST_AT, RST_TIMES, RST_TIMES_AT, RST_WORDS, RT, TAIL_AT } from './layout.js';

/**
 * Resets on hold: a copy of the connection's row and tail at the RST, the RST's fields, and columns
 * for the aftermath. Packed, because a capture may hold tens of thousands; unpacked into a Reset
 * (observe.ts) only when it is judged.
 */

/** Held resets to a block of memory. */
const BLOCK = 64;
/** Judged resets that stay readable: later ones of the same death compare with them. */
const LOOK_BACK = 1024;
/** So many may lie as they are: nearly all captures have no more, and to make them compact and restore them takes time. */
const UNCOMPACTED = 512;
/** Octets of a block of compact ones. */
const COMPACT_BLOCK = 65_536;
/** Compact ones that are restored at a time: a death's (SIBLINGS in facts/assemble.ts) and as many again, so that the other half stays. */
const RESTORED = 128;

/** Where a held reset lies: read it at once, the memory is used again after {@link HeldResets.done} and for other compact ones. */
export interface Held {
  readonly index: number;
  readonly words: Int32Array;
  readonly times: Float64Array;
  readonly octets: Uint8Array;
  readonly w: number;
  readonly t: number;
  readonly o: number;
}

interface Block {
  readonly words: Int32Array;
  readonly times: Float64Array;
  readonly octets: Uint8Array;
}

function newBlock(rows: number): Block {
  const words = new Int32Array(rows * HELD_WORDS);
  return { words, times: new Float64Array(words.buffer), octets: new Uint8Array(words.buffer) };
}

function heldIn(block: Block, index: number, row: number): Held {
  const w = row * HELD_WORDS;
  return { index, words: block.words, times: block.times, octets: block.octets, w, t: w / 2, o: w * 4 };
}

/** Where held resets lie, by number: of those that stay in an array, since there are tens of thousands, of the queue in a map. */
class Places {
  private stays = new Float64Array(0);
  private readonly queue = new Map<number, number>();

  /** @param lasting numbers below it stay */
  constructor(private readonly lasting: number) {}

  get(index: number): number | undefined {
    if (index >= this.lasting) return this.queue.get(index);
    const place = index < this.stays.length ? this.stays[index] : Number.NaN;
    return Number.isNaN(place) ? undefined : place;
  }

  set(index: number, place: number): void {
    if (index >= this.lasting) this.queue.set(index, place);
    else {
      if (index >= this.stays.length) {
        const known = this.stays.length;
        this.stays = grown(this.stays, Math.min(this.lasting, Math.max(2 * index, 64)));
        this.stays.fill(Number.NaN, known);
      }
      this.stays[index] = place;
    }
  }

  /** One of the queue is no longer held. */
  delete(index: number): void {
    this.queue.delete(index);
  }
}

/**
 * Held resets in blocks, numbered from 0 for ever. The first `lasting` of them stay: they are judged when all is known, and
 * their facts are made again when they are asked for. The others are a queue, judged one by one and given up.
 */
export class HeldResets {
  /** Number of the oldest one kept of the queue, of the next of it to be judged, and of the next to come. */
  first: number;
  judged: number;
  next = 0;
  readonly payloads = new Map<number, Uint8Array>();
  /** Frames of copies of an RST. */
  readonly copies = new Map<number, number[]>();
  /** … those of them with other addresses. */
  readonly translated = new Map<number, Translated[]>();
  /** What the capture notes about the packet. */
  readonly notes = new Map<number, PacketNote>();
  /** By number: the row it lies in, or of a compact one -1 - its place among the octets. */
  private readonly places: Places;
  private blocks: Block[] = [];
  private free: number[] = [];
  /** Octets of compact ones, by place; how many a block has that are still held. */
  private readonly compacted = new Map<number, { readonly octets: Uint8Array; held: number }>();
  private compactAt = 0;
  private readonly compactor = new Compactor();
  private restored: Block | null = null;
  private ends: Block | null = null;
  /** Numbers of those that are restored, and where the next will be. */
  private readonly restoredNumbers = new Float64Array(RESTORED).fill(-1);
  private nextRestored = 0;

  constructor(
    readonly lasting = 0,
    private readonly uncompacted = UNCOMPACTED,
  ) {
    this.first = lasting;
    this.judged = lasting;
    this.places = new Places(lasting);
  }

  /** How many of the queue wait to be judged. */
  get size(): number {
    return Math.max(0, this.next - this.judged);
  }

  /** Is number `index` still held? */
  has(index: number): boolean {
    return index >= this.first || (index >= 0 && index < this.lasting);
  }

  /** Copies the connection under the cursor and the RST `s` of its `one`. */
  add(connection: Connection, s: Segment, tail: TailRing, checksum: boolean | null): number {
    const index = this.next++;
    const held = this.at(index);
    const { words, times, w, t } = held;
    const row = connection.table.words;
    for (let i = 0; i < c.WORDS; i++) words[w + i] = row[connection.w + i];
    for (let i = 0; i < RST_WORDS; i++) words[w + RST_AT + i] = 0;
    for (let i = 0; i < RST_TIMES; i++) times[t + RST_TIMES_AT + i] = c.NEVER;
    words[w + R.TAIL_COUNT] = tail.copy(connection.word(c.TAIL), s.frame, words, w + TAIL_AT);
    words[w + R.FRAME] = s.frame;
    words[w + R.SEQ] = s.seq;
    words[w + R.ACK] = s.ack;
    words[w + R.CONTROL] = s.control;
    words[w + R.WINDOW] = s.window;
    words[w + R.LENGTH] = s.length;
    words[w + R.TTL] = s.ttl;
    words[w + R.IPID] = s.ipId;
    words[w + R.DF_TOS] = (s.df << 8) | s.tos;
    words[w + R.TS] = s.hasTimestamps ? 1 : 0;
    words[w + R.TS_VAL] = s.tsVal;
    words[w + R.TS_ECR] = s.tsEcr;
    words[w + R.SIGNATURE] = s.hasSignature ? 1 : 0;
    words[w + R.MPTCP] = s.mptcp;
    words[w + R.MPTCP_REASON] = s.mptcpReason;
    words[w + R.CHECKSUM] = checksum === null ? -1 : checksum ? 1 : 0;
    words[w + R.SACK_BLOCKS] = s.sackBlocks;
    words[w + R.SYN_OPTIONS] = s.mss >= 0 || s.windowScale >= 0 || s.sackPermitted ? 1 : 0;
    words[w + R.HEADER_LENGTH] = s.headerLength;
    words[w + R.MAC] = s.macSource;
    words[w + R.PATH] = pathKey(s);
    words[w + R.SIDE] = connection.one.side;
    words[w + R.OPTIONS_CUT] = s.optionsCut ? 1 : 0;
    words[w + R.FLOW_LABEL] = s.flowLabel;
    words[w + R.DIRECTION] = s.direction;
    words[w + R.NEXT] = -1;
    words[w + R.HEAD] = index;
    times[t + RT.TIME] = s.time;
    times[t + RT.LAST] = s.time;
    times[t + RT.FRAME] = s.frame;
    const note = s.noteKind === 0 ? null : noteOf(s);
    if (note !== null) this.notes.set(index, note);
    if (s.payloadEnd > s.payloadStart)
      this.payloads.set(index, s.data.slice(s.payloadStart, Math.min(s.payloadEnd, s.payloadStart + 256)));
    return index;
  }

  at(index: number): Held {
    const place = this.places.get(index) ?? this.place(index);
    if (place < 0) return this.restoredAt(index, -1 - place);
    return heldIn(this.blocks[Math.floor(place / BLOCK)], index, place % BLOCK);
  }

  /** Who talked to whom in the held reset `index`, and the RST's side, frame and time: nothing else of it need be there. */
  endsAt(index: number): Held {
    const place = this.places.get(index);
    const block =
      place !== undefined && place < 0 ? this.compacted.get(Math.floor((-1 - place) / COMPACT_BLOCK)) : undefined;
    if (place === undefined || block === undefined) return this.at(index);
    this.ends ??= newBlock(1);
    const held = heldIn(this.ends, index, 0);
    this.compactor.restoreEnds(block.octets, (-1 - place) % COMPACT_BLOCK, held);
    return held;
  }

  /** Nothing more comes to the held reset `index`: it is read from now on and not written. */
  compact(index: number): void {
    if (this.rows <= this.uncompacted) return;
    const place = this.places.get(index);
    if (place === undefined || place < 0) return;
    const octets = this.compactor.compact(this.at(index));
    if ((this.compactAt % COMPACT_BLOCK) + octets.length > COMPACT_BLOCK)
      this.compactAt = (Math.floor(this.compactAt / COMPACT_BLOCK) + 1) * COMPACT_BLOCK;
    const number = Math.floor(this.compactAt / COMPACT_BLOCK);
    let block = this.compacted.get(number);
    if (block === undefined) this.compacted.set(number, (block = { octets: new Uint8Array(COMPACT_BLOCK), held: 0 }));
    block.octets.set(octets, this.compactAt % COMPACT_BLOCK);
    block.held++;
    this.release(place);
    this.places.set(index, -1 - this.compactAt);
    this.compactAt += octets.length;
  }

  /** How many lie as they are. */
  private get rows(): number {
    return this.blocks.length * BLOCK - this.free.length;
  }

  private place(index: number): number {
    const rows = this.blocks.length * BLOCK;
    if (this.free.length === 0) {
      this.blocks.push(newBlock(BLOCK));
      for (let row = rows + BLOCK - 1; row >= rows; row--) this.free.push(row);
    }
    const place = this.free.pop() as number;
    this.places.set(index, place);
    return place;
  }

  private release(row: number): void {
    this.free.push(row);
    if (this.free.length < this.blocks.length * BLOCK) return;
    this.blocks = [];
    this.free = [];
  }

  private restoredAt(index: number, at: number): Held {
    this.restored ??= newBlock(RESTORED);
    const { restoredNumbers, nextRestored } = this;
    const known = restoredNumbers.indexOf(index);
    if (known >= 0) {
      const restoredSince = (nextRestored - known + RESTORED) % RESTORED || RESTORED;
      if (restoredSince <= RESTORED / 2) return heldIn(this.restored, index, known);
      // Its place is among the next to be taken, while it may still be read.
      restoredNumbers[known] = -1;
    }
    const held = heldIn(this.restored, index, nextRestored);
    this.nextRestored = (nextRestored + 1) % RESTORED;
    restoredNumbers[nextRestored] = index;
    const block = this.compacted.get(Math.floor(at / COMPACT_BLOCK));
    if (block !== undefined) this.compactor.restore(block.octets, at % COMPACT_BLOCK, held);
    return held;
  }

  /** `index` and all before it are judged; those a chain may still look back at are kept. */
  done(index: number): void {
    this.judged = index + 1;
    if (this.judged - this.first >= 2 * LOOK_BACK) this.drop(this.judged - LOOK_BACK);
  }

  private drop(index: number): void {
    for (let i = this.first; i < index; i++) {
      this.payloads.delete(i);
      this.copies.delete(i);
      this.translated.delete(i);
      this.notes.delete(i);
      this.giveUp(i);
    }
    this.first = index;
  }

  private giveUp(index: number): void {
    const place = this.places.get(index);
    if (place === undefined) return;
    this.places.delete(index);
    if (place >= 0) {
      this.release(place);
      return;
    }
    const number = Math.floor((-1 - place) / COMPACT_BLOCK);
    const block = this.compacted.get(number);
    if (block !== undefined && --block.held === 0 && number < Math.floor(this.compactAt / COMPACT_BLOCK))
      this.compacted.delete(number);
  }
}
