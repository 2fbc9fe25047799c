import type { Segment } from '../packet/segment.js';
import { frameNear } from './frame.js';
import { giveBack } from './give-back.js';

/** Entries of the shared ring, and so the reach of a tail in frames. */
export const TAIL_FRAMES = 262_144;
/** Most segments one tail holds. */
export const TAIL_SEGMENTS = 16;

const MASK = TAIL_FRAMES - 1;
/** Entries are numbered modulo 2^31: a capture may have more frames. */
const NUMBERS = 0x7fffffff;

// Words of an entry.
const PREVIOUS = 0;
const FRAME = 1;
const SEQ = 2;
const ACK = 3;
const CONTROL = 4; // control bits, side << 16, note << 20
const LENGTH = 5;
const WINDOW = 6;
const TTL_IPID = 7; // ttl << 16 | ipId, -1 in either where there is none
const TS_VAL = 8;
const TS_ECR = 9;
const HEAD0 = 10;
const HEAD1 = 11;
const PATH = 12;
const FLAGS = 13; // bit 0: timestamps present; bit 1: IPv4 (has an IP ID); bit 2: MP_FASTCLOSE; bits 8..11: octets in head; bits 16..: copies
const TIME = 7; // in float64: words 14 and 15
/** One cache line. */
export const TAIL_WORDS = 16;
/** What is known of an entry elsewhere: these words, the bit of its side, and its time among the float64. */
export const TAIL_ENTRY = {
  PREVIOUS,
  FRAME,
  SEQ,
  ACK,
  CONTROL,
  SIDE_SHIFT: 16,
  LENGTH,
  TTL_IPID,
  TS_VAL,
  TS_ECR,
  HEAD0,
  HEAD1,
  PATH,
  TIME,
} as const;

/** What the tracker saw in a segment. */
export const NOTE = {
  NONE: 0,
  NEW: 1,
  RETRANSMISSION: 2,
  OUT_OF_ORDER: 3,
  KEEP_ALIVE: 4,
  ZERO_WINDOW_PROBE: 5,
  DUPLICATE_ACK: 6,
} as const;

/** Where a segment was captured: interface, direction and MAC pair as one word; copies come by another path. */
export function pathKey(s: Segment): number {
  return (
    (Math.imul(s.interfaceId + 1, 0x9e3779b1) ^ (s.direction << 28) ^ s.macSource ^ Math.imul(s.macDestination, 31)) | 0
  );
}

/**
 * The last segments of every connection in one shared ring. Entries are numbered from 0 for ever;
 * each knows the number of its connection's previous one. An entry is readable while its frame is
 * within the last {@link TAIL_FRAMES} frames: a rule in frames, so the same for any chunking.
 */
export class TailRing {
  private words = new Int32Array(TAIL_FRAMES * TAIL_WORDS);
  private times = new Float64Array(this.words.buffer);
  /** Number of the next entry. */
  private count = 0;

  /** Gives up all entries, and the memory; none can be appended any more. */
  release(): void {
    giveBack(this.words);
    this.words = new Int32Array(0);
    this.times = new Float64Array(0);
  }

  /** Appends the segment behind entry `previous` (-1: none) and returns its number. */
  push(s: Segment, side: number, note: number, previous: number): number {
    const number = this.count;
    this.count = (number + 1) & NUMBERS;
    const w = (number & MASK) * TAIL_WORDS;
    const words = this.words;
    words[w + PREVIOUS] = previous;
    words[w + FRAME] = s.frame;
    words[w + SEQ] = s.seq;
    words[w + ACK] = s.ack;
    words[w + CONTROL] = s.control | (side << 16) | (note << 20);
    words[w + LENGTH] = s.length;
    words[w + WINDOW] = s.window;
    words[w + TTL_IPID] = (s.ttl << 16) | (s.ipId & 0xffff);
    words[w + TS_VAL] = s.tsVal;
    words[w + TS_ECR] = s.tsEcr;
    words[w + PATH] = pathKey(s);
    // MP_FASTCLOSE is subtype 7 (RFC 8684 §3.5).
    let flags = (s.hasTimestamps ? 1 : 0) | (s.ipId >= 0 ? 2 : 0) | ((s.mptcp & (1 << 7)) >> 5);
    const at = s.payloadStart;
    const octets = s.payloadEnd - at;
    if (octets > 0) {
      const d = s.data;
      if (octets >= 8) {
        words[w + HEAD0] = (d[at] << 24) | (d[at + 1] << 16) | (d[at + 2] << 8) | d[at + 3];
        words[w + HEAD1] = (d[at + 4] << 24) | (d[at + 5] << 16) | (d[at + 6] << 8) | d[at + 7];
        flags |= 8 << 8;
      } else {
        let h0 = 0;
        let h1 = 0;
        for (let i = 0; i < octets; i++) {
          if (i < 4) h0 |= d[at + i] << (24 - 8 * i);
          else h1 |= d[at + i] << (56 - 8 * i);
        }
        words[w + HEAD0] = h0;
        words[w + HEAD1] = h1;
        flags |= octets << 8;
      }
    }
    words[w + FLAGS] = flags;
    this.times[(w >> 1) + TIME] = s.time;
    return number;
  }

  /** Is entry `number` still in the ring, seen from the frame being tracked? */
  has(number: number, frame: number): boolean {
    if (number < 0 || ((this.count - number) & NUMBERS) > TAIL_FRAMES) return false;
    return ((frame - this.words[(number & MASK) * TAIL_WORDS + FRAME]) | 0) < TAIL_FRAMES;
  }

  previous(number: number): number {
    return this.words[(number & MASK) * TAIL_WORDS + PREVIOUS];
  }

  /** Does entry `number` look like the segment: same side, numbers, flags, length, window and IP ID? */
  same(number: number, s: Segment, side: number): boolean {
    const w = (number & MASK) * TAIL_WORDS;
    const words = this.words;
    return (
      words[w + SEQ] === s.seq &&
      words[w + ACK] === s.ack &&
      (words[w + CONTROL] & 0x1ffff) === (s.control | (side << 16)) &&
      words[w + LENGTH] === s.length &&
      words[w + WINDOW] === s.window &&
      (words[w + TTL_IPID] & 0xffff) === (s.ipId & 0xffff) &&
      words[w + TS_VAL] === s.tsVal
    );
  }

  /** -1 where the capture does not tell it. */
  ttl(number: number): number {
    return this.words[(number & MASK) * TAIL_WORDS + TTL_IPID] >> 16;
  }

  /** Did the segment come by another path or with another TTL than entry `number`? */
  cameOtherwise(number: number, s: Segment): boolean {
    const w = (number & MASK) * TAIL_WORDS;
    return this.words[w + PATH] !== pathKey(s) || this.ttl(number) !== s.ttl;
  }

  frame(number: number): number {
    return this.words[(number & MASK) * TAIL_WORDS + FRAME];
  }

  /** Makes entry `number` the oldest of its tail: what was before belongs to an earlier incarnation. */
  cut(number: number): void {
    this.words[(number & MASK) * TAIL_WORDS + PREVIOUS] = -1;
  }

  time(number: number): number {
    return this.times[(number & MASK) * (TAIL_WORDS / 2) + TIME];
  }

  side(number: number): number {
    return (this.words[(number & MASK) * TAIL_WORDS + CONTROL] >>> 16) & 1;
  }

  copies(number: number): number {
    return this.words[(number & MASK) * TAIL_WORDS + FLAGS] >>> 16;
  }

  addCopy(number: number): void {
    this.words[(number & MASK) * TAIL_WORDS + FLAGS] += 1 << 16;
  }

  /**
   * Copies the tail ending in entry `newest` to `words`, newest first; returns how many entries.
   * `words` needs room for {@link TAIL_SEGMENTS} × {@link TAIL_WORDS}.
   */
  copy(newest: number, frame: number, words: Int32Array, wordsAt: number): number {
    let n = 0;
    for (let at = newest; n < TAIL_SEGMENTS && this.has(at, frame); at = this.previous(at)) {
      const w = (at & MASK) * TAIL_WORDS;
      for (let i = 0; i < TAIL_WORDS; i++) words[wordsAt + n * TAIL_WORDS + i] = this.words[w + i];
      n++;
    }
    return n;
  }
}

/** One copied tail entry, unpacked. */
export interface TailEntry {
  readonly frame: number;
  readonly time: number;
  readonly side: number;
  readonly note: number;
  readonly seq: number;
  readonly ack: number;
  readonly control: number;
  readonly length: number;
  readonly window: number;
  /** -1 where the capture does not tell it. */
  readonly ttl: number;
  readonly ipId: number;
  readonly hasIpId: boolean;
  readonly hasTimestamps: boolean;
  readonly tsVal: number;
  readonly tsEcr: number;
  readonly head: Uint8Array;
  readonly path: number;
  readonly fastclose: boolean;
  readonly copies: number;
}

/**
 * Unpacks entry `index` of what {@link TailRing.copy} wrote to `words`, of which `times` is another view.
 * @param near a frame of the same time
 */
export function unpackTail(
  words: Int32Array,
  times: Float64Array,
  wordsAt: number,
  index: number,
  near: number,
): TailEntry {
  const w = wordsAt + index * TAIL_WORDS;
  const flags = words[w + FLAGS];
  const head = new Uint8Array((flags >>> 8) & 15);
  for (let i = 0; i < head.length; i++) head[i] = words[w + (i < 4 ? HEAD0 : HEAD1)] >>> (24 - 8 * (i & 3));
  return {
    frame: frameNear(words[w + FRAME], near),
    time: times[w / 2 + TIME],
    side: (words[w + CONTROL] >>> 16) & 1,
    note: (words[w + CONTROL] >>> 20) & 15,
    seq: words[w + SEQ] >>> 0,
    ack: words[w + ACK] >>> 0,
    control: words[w + CONTROL] & 0xffff,
    length: words[w + LENGTH],
    window: words[w + WINDOW],
    ttl: words[w + TTL_IPID] >> 16,
    ipId: words[w + TTL_IPID] & 0xffff,
    hasIpId: (flags & 2) !== 0,
    hasTimestamps: (flags & 1) !== 0,
    tsVal: words[w + TS_VAL],
    tsEcr: words[w + TS_ECR],
    head,
    path: words[w + PATH],
    fastclose: (flags & 4) !== 0,
    copies: flags >>> 16,
  };
}
