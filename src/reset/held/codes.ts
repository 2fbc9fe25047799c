import * as c from '../../flow/columns.js';
import { TAIL_ENTRY, TAIL_SEGMENTS, TAIL_WORDS } from '../../flow/tail.js';
import type { Held } from './hold.js';
import { R, RST_TIMES, RST_TIMES_AT, RT, TAIL_AT } from './layout.js';

/**
 * A held reset as numbers that are small, or the same in all that are alike, and back again to the word. Most columns of a
 * row were never set, and most others lie near one that is known: a sequence number near the next one, a frame or time at
 * that of a segment of the tail, a segment of the tail near the one that came after it.
 *
 * First come the RST's frame and time and who talked to whom, then the tail, field by field, then the rest of the row.
 */

/** Columns that mean nothing outside of the tables they were copied from: links, and the hash. */
const MEANINGLESS: readonly number[] = [c.NEXT, c.TAIL, c.FIRST_HASH];

const { CONTROL, FRAME, SEQ, ACK, LENGTH, TS_VAL, TS_ECR, TTL_IPID, HEAD0, HEAD1, PATH, TIME } = TAIL_ENTRY;

/** What a code is made of: a distance, the word itself, a frame, a float64 that is a moment, and one that is none. */
export const KIND = { WORD: 0, RAW: 1, FRAME: 2, MOMENT: 3, AMOUNT: 4 } as const;

// ---- what lies near what --------------------------------------------------------------------------

/** Words of an endpoint that lie near its own next sequence number, and near the other's. */
const NEAR_MINE: readonly number[] = [c.ISS, c.FIRST_SEQ, c.FIN_SEQ, c.HOLE_SEQ, c.HOLE_END, c.LARGE_SEQ];
const NEAR_OTHER: readonly number[] = [c.RCV_NXT, c.RIGHT_EDGE, c.LAST_EDGE_ACK, c.SACK_RIGHT];
const END_FRAMES: readonly number[] = [
  c.LAST_FRAME,
  c.ACK_MOVED_FRAME,
  c.LAST_DATA_FRAME,
  c.MESSAGE_FRAME,
  c.SYN_FRAME,
  c.FIN_FRAME,
  c.FIN_ACKED_FRAME,
  c.FIRST_DATA_FRAME,
  c.ZERO_WINDOW_FRAME,
  c.FROZEN_FRAME,
  c.RUN_FIRST_FRAME,
  c.RUN_LAST_FRAME,
  c.PROBE_FIRST_FRAME,
  c.PROBE_LAST_FRAME,
  c.SACK_FRAME,
];
const FRAMES: readonly number[] = [
  c.START_FRAME,
  c.ESTABLISHED_FRAME,
  c.PENDING_FRAME,
  c.ICMP_FRAME,
  R.SENDER_ON_FRAME,
  R.RECEIVER_ON_FRAME,
  R.CHALLENGE_FRAME,
  R.SYN_ACK_FRAME,
  R.NEXT_SYN_FRAME,
  R.CROSSED_FRAME,
];
/** Times of an endpoint that count from the first record; others are a duration or a number of octets. */
const MOMENTS: readonly number[] = [
  c.LAST_TIME,
  c.ACK_MOVED_TIME,
  c.LAST_DATA_TIME,
  c.MESSAGE_TIME,
  ...Array.from({ length: c.PROBE_LAST_TIME - c.SYN_TIME + 1 }, (_, i) => c.SYN_TIME + i),
  c.LAST_SYN_TIME,
  c.SACK_TIME,
];
const AMOUNTS: readonly number[] = [c.BYTES, c.MESSAGE_IDLE, c.FIN_IDLE, c.UNSEEN];

const PATHS = [c.ENDPOINTS + c.PATH, c.ENDPOINTS + c.ENDPOINT_WORDS + c.PATH] as const;
const SND_NXT = [c.ENDPOINTS + c.SND_NXT, c.ENDPOINTS + c.ENDPOINT_WORDS + c.SND_NXT] as const;

/** Words that a column lies near, beside those of the row: the next number of the RST's side and the other's, numbers of a tail's newest. */
const NEAR = {
  NOTHING: -1,
  SENDER: -2,
  RECEIVER: -3,
  TS_VAL: -4, // of the segment that side 0 sent last; -5: that side 1 sent last
  IPID: -6, // … -7
  SENDERS_TS_VAL: -8,
  RECEIVERS_TS_VAL: -9,
  SENDERS_MAC: -10,
  SENDERS_PATH: -11,
} as const;

// ---- the columns in their order -------------------------------------------------------------------

/** What a new row has. */
const USUAL = new Int32Array(TAIL_AT);
const USUAL_TIMES = new Float64Array(USUAL.buffer);

interface Column {
  /** Its place, of a float64 among the float64. */
  readonly at: number;
  readonly kind: number;
  readonly near: number;
}

/** Words of the row that are told first. */
const FRONT: readonly number[] = [
  R.SIDE,
  c.PORTS,
  ...Array.from({ length: 8 }, (_, i) => c.ADDRESS + i),
  R.TAIL_COUNT,
  ...SND_NXT,
  ...PATHS,
];
/** Octets and random numbers: no smaller as a distance. */
const RAW: readonly number[] = [
  c.PORTS,
  ...Array.from({ length: 8 }, (_, i) => c.ADDRESS + i),
  ...SND_NXT,
  ...Array.from({ length: c.FIRST_HASH - (c.messageAt(0) >> 2) }, (_, i) => (c.messageAt(0) >> 2) + i),
];

/** The columns behind frame and time of the RST, those of {@link FRONT} first. */
const COLUMNS = columns();
/** Codes before the tail, those that tell the two ends, where the tail's are and how many there are in all. */
const HEAD_CODES = 2 + FRONT.length;
export const ENDS_CODES = 2 + FRONT.indexOf(R.TAIL_COUNT);
/** Fields of a segment of the tail as they are told: its side tells what the others lie near, and its number needs its length. */
const FIELDS: readonly number[] = [
  CONTROL,
  LENGTH,
  ...Array.from({ length: 2 * TIME }, (_, i) => i).filter(
    (i) => i !== CONTROL && i !== LENGTH && i !== TAIL_ENTRY.PREVIOUS,
  ),
];
const TAIL_CODES = (FIELDS.length + 1) * TAIL_SEGMENTS;
/** … of which the last are the times, which are told first: clocks lie near them. */
const TIME_CODES = HEAD_CODES + FIELDS.length * TAIL_SEGMENTS;
const ROW_CODES = HEAD_CODES + TAIL_CODES;
export const CODES = ROW_CODES + COLUMNS.length - FRONT.length;

/** By code. */
export const KINDS = Uint8Array.from([
  KIND.AMOUNT,
  KIND.AMOUNT,
  ...COLUMNS.slice(0, FRONT.length).map(({ kind }) => kind),
  ...FIELDS.flatMap((field) =>
    new Array<number>(TAIL_SEGMENTS).fill(field === HEAD0 || field === HEAD1 ? KIND.RAW : KIND.WORD),
  ),
  ...new Array<number>(TAIL_SEGMENTS).fill(KIND.AMOUNT),
  ...COLUMNS.slice(FRONT.length).map(({ kind }) => kind),
]);
/** By column of the row. */
const AT = Int16Array.from(COLUMNS, ({ at }) => at);
const NEARS = Int16Array.from(COLUMNS, ({ near }) => near);

function columns(): readonly Column[] {
  USUAL.set(c.BLANK, c.BITS);
  USUAL[R.NEXT] = -1;
  for (let t = RST_TIMES_AT; t < RST_TIMES_AT + RST_TIMES; t++) USUAL_TIMES[t] = c.NEVER;
  const ends = [c.endpointAt(0, 0), c.endpointAt(0, 1)];
  const moments = new Set([
    ...[c.LAST, c.LAST_PAYLOAD, c.START, c.ESTABLISHED, c.PENDING, c.ICMP],
    ...ends.flatMap((end) => MOMENTS.map((column) => end / 2 + column)),
    ...Array.from({ length: RST_TIMES }, (_, i) => RST_TIMES_AT + i),
  ]);
  const amounts = new Set(ends.flatMap((end) => AMOUNTS.map((column) => end / 2 + column)));
  const frames = new Set([...FRAMES, ...ends.flatMap((end) => END_FRAMES.map((column) => end + column))]);
  const near = nearColumns(ends);
  const done = new Set<number>([...MEANINGLESS, R.FRAME, 2 * RT.TIME, 2 * RT.FRAME]);
  const all: Column[] = [];
  for (const word of [...FRONT, ...Array.from({ length: TAIL_AT }, (_, i) => i)]) {
    if (done.has(word)) continue;
    done.add(word);
    const t = word >> 1;
    if (!moments.has(t) && !amounts.has(t)) {
      const kind = RAW.includes(word) ? KIND.RAW : frames.has(word) ? KIND.FRAME : KIND.WORD;
      all.push({ at: word, kind, near: near.get(word) ?? NEAR.NOTHING });
    } else if ((word & 1) === 0)
      all.push({ at: t, kind: moments.has(t) ? KIND.MOMENT : KIND.AMOUNT, near: NEAR.NOTHING });
  }
  return all;
}

function nearColumns(ends: readonly number[]): Map<number, number> {
  const near = new Map<number, number>([
    [R.SEQ, NEAR.SENDER],
    [R.ACK, NEAR.RECEIVER],
    [R.MAC, NEAR.SENDERS_MAC],
    [R.PATH, NEAR.SENDERS_PATH],
    [R.TS_VAL, NEAR.SENDERS_TS_VAL],
    [R.TS_ECR, NEAR.RECEIVERS_TS_VAL],
  ]);
  ends.forEach((end, side) => {
    for (const column of NEAR_MINE) near.set(end + column, SND_NXT[side]);
    for (const column of NEAR_OTHER) near.set(end + column, SND_NXT[side ^ 1]);
    near.set(end + c.TS_VAL, NEAR.TS_VAL - side);
    near.set(end + c.IPID_LAST, NEAR.IPID - side);
  });
  return near;
}

// ---- numbers ------------------------------------------------------------------------------------

/** Codes of a float64: one that is no whole number or too far away, which is like no other, and what a new row has. */
const AS_IT_IS = Number.NaN;
const AS_NEW = 1;
/** A frame or moment that is the same as one before has the number of that one behind 1; a distance comes behind those. */
const DISTANCE = 32;
const FAR = 2 ** 49;

function code(distance: number): number {
  const off = distance | 0;
  return ((off << 1) ^ (off >> 31)) >>> 0;
}

function distance(coded: number): number {
  return (coded >>> 1) ^ -(coded & 1);
}

/** Most clocks count microseconds: of a whole one the nanoseconds are not told. */
function floatCode(value: number, near: number): number {
  const off = value - near;
  if (!(Number.isInteger(off) && Math.abs(off) < FAR && near + off === value)) return AS_IT_IS;
  const micro = off % 1000 === 0;
  const size = micro ? off / 1000 : off;
  return DISTANCE + 2 * (size < 0 ? -2 * size - 1 : 2 * size) + (micro ? 0 : 1);
}

function floatOf(coded: number, near: number): number {
  const rest = coded - DISTANCE;
  const signed = Math.floor(rest / 2);
  const size = signed % 2 === 0 ? signed / 2 : -(signed + 1) / 2;
  return near + (rest % 2 === 0 ? size * 1000 : size);
}

/** Control bits, what was noted, side, and the rest: what is rare has the highest bits. */
function controlCode(word: number): number {
  const side = (word >>> TAIL_ENTRY.SIDE_SHIFT) & 1;
  const rare = ((word >>> 8) & 0xff) | (((word >>> 17) & 7) << 8);
  return ((word & 0xff) | (((word >>> 20) & 15) << 8) | (side << 12) | (rare << 13) | ((word >>> 24) << 24)) >>> 0;
}

function controlOf(coded: number): number {
  const rare = (coded >>> 13) & 0x7ff;
  const low = (coded & 0xff) | ((rare & 0xff) << 8) | (((coded >>> 12) & 1) << TAIL_ENTRY.SIDE_SHIFT);
  return low | ((rare >>> 8) << 17) | (((coded >>> 8) & 15) << 20) | ((coded >>> 24) << 24);
}

/** Frames or moments that were told: others are often the same. */
class Known {
  private readonly values = new Float64Array(DISTANCE - 2);
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  add(value: number): void {
    if (this.count < this.values.length) this.values[this.count++] = value;
  }

  /** Code of a value that is known, -1 of another. */
  codeOf(value: number): number {
    for (let i = 0; i < this.count; i++) if (this.values[i] === value) return i + 2;
    return -1;
  }

  at(coded: number): number {
    return this.values[coded - 2];
  }
}

// ---- a held reset and its codes -------------------------------------------------------------------

/** Codes of one held reset at a time. */
export class Codes {
  readonly codes = new Float64Array(CODES);
  /** The float64 itself by code where that is not a number. */
  readonly exact = new Float64Array(CODES);
  private readonly frames = new Known();
  private readonly moments = new Known();
  /** By side, where the segment of the tail lies that was told last, and that told first: its newest; -1: none. */
  private readonly later: [number, number] = [-1, -1];
  private readonly newest: [number, number] = [-1, -1];

  /** Segments of the tail whose codes mean something. */
  private get tailCount(): number {
    const coded = this.codes[ENDS_CODES];
    return coded === 0 ? 0 : distance(coded - 1);
  }

  /** Which columns are set, and what kind of segments came last: alike in resets that are alike. */
  shape(): number {
    const { codes } = this;
    let hash = codes[2] ^ (codes[ENDS_CODES] << 4);
    for (let k = ROW_CODES; k < CODES; k++) {
      // How long a message is says nothing of the rest.
      if (KINDS[k] === KIND.RAW) continue;
      const unset = KINDS[k] < KIND.MOMENT ? codes[k] === 0 : codes[k] === AS_NEW;
      hash = Math.imul(hash ^ (unset ? 0 : k), 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    return hash;
  }

  constructor() {
    this.clear();
  }

  /** Of what has no tail, and nothing that a new row has not. */
  private clear(): void {
    this.codes.fill(0);
    this.codes.fill(AS_NEW, TIME_CODES, ROW_CODES);
  }

  of(held: Held): void {
    const { frames, moments } = this;
    const { times, t } = held;
    this.clear();
    this.float(0, times[t + RT.FRAME], 0);
    this.float(1, times[t + RT.TIME], 0);
    this.begin(times[t + RT.FRAME] | 0, times[t + RT.TIME]);
    for (let k = 2; k < HEAD_CODES; k++) this.column(held, k, k - 2);
    for (let n = 0; n < this.tailCount; n++) this.segment(held, n);
    for (let n = 0; n < this.tailCount; n++) {
      const entry = held.w + TAIL_AT + n * TAIL_WORDS;
      frames.add(held.words[entry + FRAME]);
      moments.add(times[entry / 2 + TIME]);
    }
    for (let k = ROW_CODES; k < CODES; k++) this.column(held, k, k - 2 - TAIL_CODES);
  }

  /** Writes to `held` what has these codes. */
  to(held: Held): void {
    const { words, times, w } = held;
    this.endsTo(held);
    for (let k = ENDS_CODES; k < HEAD_CODES; k++) this.columnTo(held, k, k - 2);
    for (let n = 0; n < this.tailCount; n++) this.segmentTo(held, n);
    for (let n = 0; n < this.tailCount; n++) {
      const entry = w + TAIL_AT + n * TAIL_WORDS;
      this.frames.add(words[entry + FRAME]);
      this.moments.add(times[entry / 2 + TIME]);
    }
    for (let k = ROW_CODES; k < CODES; k++) this.columnTo(held, k, k - 2 - TAIL_CODES);
  }

  /** … of who talked to whom, and of the RST's side, frame and time, alone. */
  endsTo(held: Held): void {
    const { words, times, w, t } = held;
    words.set(USUAL, w);
    times[t + RT.FRAME] = this.floatAt(0, 0);
    words[w + R.FRAME] = times[t + RT.FRAME];
    times[t + RT.TIME] = this.floatAt(1, 0);
    this.begin(words[w + R.FRAME], times[t + RT.TIME]);
    for (let k = 2; k < ENDS_CODES; k++) this.columnTo(held, k, k - 2);
  }

  private begin(frame: number, moment: number): void {
    const { frames, moments, later, newest } = this;
    frames.clear();
    frames.add(frame);
    moments.clear();
    moments.add(moment);
    later[0] = later[1] = newest[0] = newest[1] = -1;
  }

  private float(k: number, value: number, near: number): void {
    this.codes[k] = floatCode(value, near);
    if (Number.isNaN(this.codes[k])) this.exact[k] = value;
  }

  private floatAt(k: number, near: number): number {
    return Number.isNaN(this.codes[k]) ? this.exact[k] : floatOf(this.codes[k], near);
  }

  private column({ words, times, w, t }: Held, k: number, column: number): void {
    const { codes, frames, moments } = this;
    const at = AT[column];
    switch (KINDS[k]) {
      case KIND.RAW:
        codes[k] = words[w + at] >>> 0;
        return;
      case KIND.WORD:
        // What a new row has is 0, whatever lies near.
        codes[k] = words[w + at] === USUAL[at] ? 0 : 1 + code(words[w + at] - this.near(words, w, NEARS[column]));
        return;
      case KIND.FRAME: {
        const frame = words[w + at];
        const known = frame === 0 ? 0 : frames.codeOf(frame);
        codes[k] = known >= 0 ? known : DISTANCE + code(frame - words[w + R.FRAME]);
        if (known < 0) frames.add(frame);
        return;
      }
      default: {
        const value = times[t + at];
        const isMoment = KINDS[k] === KIND.MOMENT;
        const known = value === USUAL_TIMES[at] ? AS_NEW : isMoment ? moments.codeOf(value) : -1;
        if (known >= 0) codes[k] = known;
        else this.float(k, value, isMoment ? times[t + RT.TIME] : 0);
        if (isMoment && known < 0) moments.add(value);
      }
    }
  }

  private columnTo({ words, times, w, t }: Held, k: number, column: number): void {
    const { codes, frames, moments } = this;
    const at = AT[column];
    const coded = codes[k];
    switch (KINDS[k]) {
      case KIND.RAW:
        words[w + at] = coded;
        return;
      case KIND.WORD:
        if (coded !== 0) words[w + at] = distance(coded - 1) + this.near(words, w, NEARS[column]);
        return;
      case KIND.FRAME:
        if (coded < DISTANCE) words[w + at] = coded === 0 ? 0 : frames.at(coded);
        else {
          words[w + at] = words[w + R.FRAME] + distance(coded - DISTANCE);
          frames.add(words[w + at]);
        }
        return;
      default: {
        if (coded === AS_NEW) return;
        const isMoment = KINDS[k] === KIND.MOMENT;
        if (coded < DISTANCE) times[t + at] = moments.at(coded);
        else {
          times[t + at] = this.floatAt(k, isMoment ? times[t + RT.TIME] : 0);
          if (isMoment) moments.add(times[t + at]);
        }
      }
    }
  }

  private near(words: Int32Array, w: number, near: number): number {
    const { newest } = this;
    if (near >= 0) return words[w + near];
    const side = words[w + R.SIDE] & 1;
    const tail = (of: number, field: number) => (newest[of] < 0 ? 0 : words[newest[of] + field]);
    switch (near) {
      case NEAR.SENDER:
        return words[w + SND_NXT[side]];
      case NEAR.RECEIVER:
        return words[w + SND_NXT[side ^ 1]];
      case NEAR.TS_VAL:
      case NEAR.TS_VAL - 1:
        return tail(NEAR.TS_VAL - near, TS_VAL);
      case NEAR.IPID:
      case NEAR.IPID - 1:
        return tail(NEAR.IPID - near, TTL_IPID) & 0xffff;
      case NEAR.SENDERS_TS_VAL:
        return tail(side, TS_VAL);
      case NEAR.RECEIVERS_TS_VAL:
        return tail(side ^ 1, TS_VAL);
      case NEAR.SENDERS_MAC:
        return words[w + c.endpointAt(0, side) + c.MAC];
      case NEAR.SENDERS_PATH:
        return words[w + PATHS[side]];
      default:
        return 0;
    }
  }

  private segment(held: Held, n: number): void {
    const { words, times, w, t } = held;
    const { codes } = this;
    const entry = w + TAIL_AT + n * TAIL_WORDS;
    const side = (words[entry + CONTROL] >>> TAIL_ENTRY.SIDE_SHIFT) & 1;
    let k = HEAD_CODES + n;
    codes[k] = controlCode(words[entry + CONTROL]);
    for (let f = 1; f < FIELDS.length; f++) {
      k += TAIL_SEGMENTS;
      const off = words[entry + FIELDS[f]] - this.nearSegment(held, n, side, FIELDS[f]);
      codes[k] = KINDS[k] === KIND.RAW ? off >>> 0 : code(off);
    }
    this.float(TIME_CODES + n, times[entry / 2 + TIME], n === 0 ? times[t + RT.TIME] : times[before(entry)]);
    this.told(side, entry);
  }

  private segmentTo(held: Held, n: number): void {
    const { words, times, w, t } = held;
    const { codes } = this;
    const entry = w + TAIL_AT + n * TAIL_WORDS;
    let k = HEAD_CODES + n;
    times[entry / 2 + TIME] = this.floatAt(TIME_CODES + n, n === 0 ? times[t + RT.TIME] : times[before(entry)]);
    words[entry + CONTROL] = controlOf(codes[k]);
    words[entry + TAIL_ENTRY.PREVIOUS] = 0;
    const side = (words[entry + CONTROL] >>> TAIL_ENTRY.SIDE_SHIFT) & 1;
    for (let f = 1; f < FIELDS.length; f++) {
      k += TAIL_SEGMENTS;
      const off = KINDS[k] === KIND.RAW ? codes[k] : distance(codes[k]);
      words[entry + FIELDS[f]] = off + this.nearSegment(held, n, side, FIELDS[f]);
    }
    this.told(side, entry);
  }

  private told(side: number, entry: number): void {
    this.later[side] = entry;
    if (this.newest[side] < 0) this.newest[side] = entry;
  }

  /** What a field of segment `n` lies near: of the one after it, of the one that its side sent after it, or what that acknowledges. */
  private nearSegment({ words, times, w }: Held, n: number, side: number, field: number): number {
    const same = this.later[side];
    const other = this.later[side ^ 1];
    const entry = w + TAIL_AT + n * TAIL_WORDS;
    switch (field) {
      case HEAD0:
      case HEAD1:
        return 0;
      case FRAME:
        return n === 0 ? words[w + R.FRAME] : words[entry - TAIL_WORDS + FRAME];
      case SEQ:
        return (same < 0 ? words[w + SND_NXT[side]] : words[same + SEQ]) - words[entry + LENGTH];
      case ACK:
        return other < 0 ? words[w + SND_NXT[side ^ 1]] : words[other + SEQ];
      case PATH:
        return same < 0 ? words[w + PATHS[side]] : words[same + PATH];
      case TS_VAL:
      case TS_ECR:
        return same < 0 ? 0 : words[same + field] - ticks(times, same, entry);
      default:
        return same < 0 ? 0 : words[same + field];
    }
  }
}

/** How far a clock of milliseconds went on between two segments: the usual one of timestamps. */
function ticks(times: Float64Array, later: number, entry: number): number {
  return Math.round((times[later / 2 + TIME] - times[entry / 2 + TIME]) / 1e6) | 0;
}

/** Where the time of the segment lies that came after the one at `entry`. */
function before(entry: number): number {
  return (entry - TAIL_WORDS) / 2 + TIME;
}
