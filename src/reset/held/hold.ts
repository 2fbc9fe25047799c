import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import { pathKey, TAIL_SEGMENTS, TAIL_WORDS, type TailRing } from '../../flow/tail.js';
import type { Segment } from '../../packet/segment.js';
import type { Translated } from '../types.js';

/**
 * Resets on hold: a copy of the connection's row and tail at the RST, the RST's fields, and columns
 * for the aftermath. Packed, because a capture may hold tens of thousands; unpacked into a Reset
 * (observe.ts) only when it is judged.
 */

// One run of memory as a row of the table is: the row's copy, the RST and its aftermath (words, then times), the tail.
const RST_AT = c.WORDS;

export const R = {
  FRAME: RST_AT,
  SEQ: RST_AT + 1,
  ACK: RST_AT + 2,
  CONTROL: RST_AT + 3,
  WINDOW: RST_AT + 4,
  LENGTH: RST_AT + 5,
  TTL: RST_AT + 6,
  IPID: RST_AT + 7, // -1: IPv6
  DF_TOS: RST_AT + 8,
  TS: RST_AT + 9, // 1: timestamps present
  TS_VAL: RST_AT + 10,
  TS_ECR: RST_AT + 11,
  SIGNATURE: RST_AT + 12,
  MPTCP: RST_AT + 13,
  MPTCP_REASON: RST_AT + 14,
  CHECKSUM: RST_AT + 15, // -1 unknown, 0 wrong, 1 right
  SACK_BLOCKS: RST_AT + 16,
  HEADER_LENGTH: RST_AT + 17,
  MAC: RST_AT + 18,
  PATH: RST_AT + 19,
  SIDE: RST_AT + 20,
  TAIL_COUNT: RST_AT + 21,
  OPTIONS_CUT: RST_AT + 22,
  FLOW_LABEL: RST_AT + 23,
  DIRECTION: RST_AT + 24,
  /** Next held reset of the same incarnation, -1. */
  NEXT: RST_AT + 25,
  /** First held reset of the same incarnation. */
  HEAD: RST_AT + 26,
  // aftermath; frames 0 = did not happen
  SENDER_ON_FRAME: RST_AT + 27,
  SENDER_ON_LENGTH: RST_AT + 28,
  RECEIVER_ON_FRAME: RST_AT + 29,
  RECEIVER_ON_LENGTH: RST_AT + 30,
  CHALLENGE_FRAME: RST_AT + 31,
  SYN_ACK_FRAME: RST_AT + 32,
  NEXT_SYN_FRAME: RST_AT + 33,
  NEXT_SYN_ANSWER: RST_AT + 34, // 0 none, 1 accepted, 2 refused, 3, 4: it is this incarnation's again, of the RST's sender, receiver
  SEGMENTS_AFTER: RST_AT + 35,
  SENDER_ON_IPID: RST_AT + 36,
  GONE: RST_AT + 37, // 1: nothing more can come
  /** Data of the receiver right behind the RST: in flight, or captured out of order. */
  CROSSED_FRAME: RST_AT + 38,
  /** 1: it has options that only a SYN may have. */
  SYN_OPTIONS: RST_AT + 39,
} as const;
/** Even, so that the times lie on whole float64. */
const RST_WORDS = 40;
const RST_TIMES_AT = (RST_AT + RST_WORDS) / 2;

export const RT = {
  TIME: RST_TIMES_AT,
  SENDER_ON: RST_TIMES_AT + 1,
  RECEIVER_ON: RST_TIMES_AT + 2,
  CHALLENGE: RST_TIMES_AT + 3,
  SYN_ACK: RST_TIMES_AT + 4,
  NEXT_SYN: RST_TIMES_AT + 5,
  LAST: RST_TIMES_AT + 6,
  /** The RST's frame in full: words have the low bits of a frame (flow/frame.ts). */
  FRAME: RST_TIMES_AT + 7,
} as const;
const RST_TIMES = 8;

export const TAIL_AT = RST_AT + RST_WORDS + 2 * RST_TIMES;
const HELD_WORDS = TAIL_AT + TAIL_SEGMENTS * TAIL_WORDS;

const BLOCK = 256;
/** Judged resets that stay readable: later ones of the same death compare with them. */
const LOOK_BACK = 1024;

interface Block {
  readonly words: Int32Array;
  readonly times: Float64Array;
  readonly octets: Uint8Array;
}

/** Where a held reset lies: read it at once, the block may be reused after {@link HeldResets.drop}. */
export interface Held {
  readonly index: number;
  readonly words: Int32Array;
  readonly times: Float64Array;
  readonly octets: Uint8Array;
  readonly w: number;
  readonly t: number;
  readonly o: number;
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
  private readonly blocks = new Map<number, Block>();

  constructor(readonly lasting = 0) {
    this.first = lasting;
    this.judged = lasting;
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
    for (let i = 0; i < RST_TIMES; i++) times[t + RST_TIMES_AT + i] = -1;
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
    if (s.payloadEnd > s.payloadStart)
      this.payloads.set(index, s.data.slice(s.payloadStart, Math.min(s.payloadEnd, s.payloadStart + 256)));
    return index;
  }

  at(index: number): Held {
    const number = Math.floor(index / BLOCK);
    let block = this.blocks.get(number);
    if (block === undefined) {
      const words = new Int32Array(BLOCK * HELD_WORDS);
      block = { words, times: new Float64Array(words.buffer), octets: new Uint8Array(words.buffer) };
      this.blocks.set(number, block);
    }
    const w = (index % BLOCK) * HELD_WORDS;
    return { index, words: block.words, times: block.times, octets: block.octets, w, t: w / 2, o: w * 4 };
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
      if (i % BLOCK === BLOCK - 1 && i - BLOCK >= this.lasting - 1) this.blocks.delete(Math.floor(i / BLOCK));
    }
    this.first = index;
  }
}
