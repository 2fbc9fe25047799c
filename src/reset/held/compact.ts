import * as c from '../../flow/columns.js';
import { TAIL_ENTRY, TAIL_WORDS } from '../../flow/tail.js';
import type { Held } from './hold.js';
import { HELD_WORDS, R, RST_TIMES, RST_TIMES_AT, RT, TAIL_AT } from './layout.js';

/**
 * A held reset in some 700 octets instead of 2,280, and back again to the word. Most columns of a row were never set, and
 * most others lie near one that is known: a frame near the RST's, a sequence number near the next one, a time before the
 * RST, a segment of the tail near the one that the same side sent after it.
 *
 * Columns follow each other in a fixed order, as numbers of seven bits to an octet, the lowest first. 0: so many columns, a
 * number that follows, are as a new row has them; else how far the column is from what it lies near.
 */

/** Columns that mean nothing outside of the tables they were copied from: links, and the hash. */
const MEANINGLESS: readonly number[] = [c.NEXT, c.TAIL, c.FIRST_HASH];

/** Words of an endpoint that lie near its own next sequence number, near the other's, and near the RST's frame. */
const NEAR_MINE: readonly number[] = [c.ISS, c.FIRST_SEQ, c.FIN_SEQ, c.HOLE_SEQ, c.HOLE_END];
const NEAR_OTHER: readonly number[] = [c.RCV_NXT, c.RIGHT_EDGE, c.LAST_EDGE_ACK];
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
];
const AMOUNTS: readonly number[] = [c.BYTES, c.MESSAGE_IDLE, c.FIN_IDLE, c.UNSEEN];

const SND_NXT = [c.ENDPOINTS + c.SND_NXT, c.ENDPOINTS + c.ENDPOINT_WORDS + c.SND_NXT] as const;

/** What a new row has. */
const USUAL = new Int32Array(TAIL_AT);
const USUAL_TIMES = new Float64Array(USUAL.buffer);

/** A column that is a word, a float64 that is a moment, which lies near the RST's, and one that is an amount. */
const WORD = 0;
const MOMENT = 1;
const AMOUNT = 2;
/** In the order in which they are written: what others lie near comes first, then where a row begins: who talks to whom. */
const COLUMNS = columns();
const COUNT = COLUMNS.length;
/** Place (of a float64 among the float64), kind, and the word it lies near, -1: none. */
const AT = Int16Array.from(COLUMNS, ({ at }) => at);
const KIND = Uint8Array.from(COLUMNS, ({ kind }) => kind);
const NEAR = Int16Array.from(COLUMNS, ({ near }) => near);
/** Columns that tell the two ends of the connection. */
const ENDS = COLUMNS.findIndex(({ kind, at }) => kind === WORD && at === c.BITS);

interface Column {
  readonly at: number;
  readonly kind: typeof WORD | typeof MOMENT | typeof AMOUNT;
  readonly near: number;
}

function columns(): readonly Column[] {
  USUAL.set(c.BLANK, c.BITS);
  USUAL[R.NEXT] = -1;
  const moments = [c.LAST, c.LAST_PAYLOAD, c.START, c.ESTABLISHED, c.PENDING, c.ICMP];
  const amounts: number[] = [];
  const near = new Map<number, number>();
  for (const side of [0, 1]) {
    const end = c.endpointAt(0, side);
    for (const column of NEAR_MINE) near.set(end + column, SND_NXT[side]);
    for (const column of NEAR_OTHER) near.set(end + column, SND_NXT[side ^ 1]);
    for (const column of END_FRAMES) near.set(end + column, R.FRAME);
    moments.push(...MOMENTS.map((column) => end / 2 + column));
    amounts.push(...AMOUNTS.map((column) => end / 2 + column));
  }
  for (const column of FRAMES) near.set(column, R.FRAME);
  for (let t = RST_TIMES_AT; t < RST_TIMES_AT + RST_TIMES; t++) {
    USUAL_TIMES[t] = -1;
    moments.push(t);
  }
  // Written before the others, for themselves.
  const done = new Set<number>([...MEANINGLESS, R.FRAME, 2 * RT.TIME, 2 * RT.FRAME]);
  const all: Column[] = [];
  const add = (word: number) => {
    if (done.has(word)) return;
    done.add(word);
    const t = word >> 1;
    const kind = moments.includes(t) ? MOMENT : amounts.includes(t) ? AMOUNT : WORD;
    if (kind === WORD) all.push({ at: word, kind, near: near.get(word) ?? -1 });
    else if ((word & 1) === 0) all.push({ at: t, kind, near: -1 });
  };
  for (const word of [R.SIDE, ...SND_NXT]) add(word);
  for (let word = 0; word < TAIL_AT; word++) add(word);
  return all;
}

/** A float64 that is no whole number, or too far away, follows as it is. */
const FLOAT = 1;
const FAR = 2 ** 51;

// ---- writing -------------------------------------------------------------------------------------

/** Room for the longest: a column takes at most nine octets. */
const written = new Uint8Array(9 * HELD_WORDS);
const writtenView = new DataView(written.buffer);
let end = 0;

/** The octets of what is held; they last until the next call. */
export function compact({ words, times, w, t }: Held): Uint8Array {
  end = 0;
  const moment = times[t + RT.TIME];
  putFloat(times[t + RT.FRAME]);
  putFloat(moment);
  let usual = 0;
  for (let k = 0; k < COUNT; k++) {
    const at = AT[k];
    const isWord = KIND[k] === WORD;
    if (isWord ? words[w + at] === USUAL[at] : times[t + at] === USUAL_TIMES[at]) {
      usual++;
      continue;
    }
    usual = putUsual(usual);
    if (isWord) putWord(words[w + at] - (NEAR[k] < 0 ? 0 : words[w + NEAR[k]]));
    else putFloat(times[t + at], KIND[k] === MOMENT ? moment : 0);
  }
  usual = putUsual(usual);
  const later = [-1, -1];
  for (let n = 0; n < words[w + R.TAIL_COUNT]; n++) {
    const entry = w + TAIL_AT + n * TAIL_WORDS;
    const side = sideOf(words[entry + TAIL_ENTRY.CONTROL]);
    const near = later[side];
    later[side] = entry;
    put(side);
    for (let i = 0; i < 2 * TAIL_ENTRY.TIME; i++) {
      const off = i === TAIL_ENTRY.PREVIOUS ? 0 : words[entry + i] - (near < 0 ? 0 : words[near + i]);
      if (off === 0) usual++;
      else {
        usual = putUsual(usual);
        putWord(off);
      }
    }
    usual = putUsual(usual);
    putFloat(times[entry / 2 + TAIL_ENTRY.TIME], near < 0 ? moment : times[near / 2 + TAIL_ENTRY.TIME]);
  }
  return written.subarray(0, end);
}

const sideOf = (control: number) => (control >>> TAIL_ENTRY.SIDE_SHIFT) & 1;

function putUsual(columns: number): 0 {
  if (columns > 0) {
    put(0);
    put(columns);
  }
  return 0;
}

function putWord(distance: number): void {
  const off = distance | 0;
  put((((off << 1) ^ (off >> 31)) >>> 0) + 1);
}

function putFloat(value: number, near = 0): void {
  const off = value - near;
  if (Number.isInteger(off) && Math.abs(off) < FAR && near + off === value)
    put((off < 0 ? -2 * off - 1 : 2 * off) + FLOAT + 1);
  else {
    put(FLOAT);
    writtenView.setFloat64(end, value);
    end += 8;
  }
}

function put(number: number): void {
  let rest = number;
  for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) written[end++] = 0x80 | (rest % 128);
  for (; rest > 0x7f; rest >>>= 7) written[end++] = 0x80 | (rest & 0x7f);
  written[end++] = rest;
}

// ---- reading -------------------------------------------------------------------------------------

let source: Uint8Array = written;
let next = 0;

/** Writes to `held` what {@link compact} made of another, which lies at `at` among the octets. */
export function restore(octets: Uint8Array, at: number, held: Held): void {
  const { words, times, w } = held;
  const moment = restoreEnds(octets, at, held, COUNT);
  const later = [-1, -1];
  for (let n = 0; n < words[w + R.TAIL_COUNT]; n++) {
    const entry = w + TAIL_AT + n * TAIL_WORDS;
    const side = get();
    const near = later[side];
    later[side] = entry;
    if (near < 0) words.fill(0, entry, entry + TAIL_WORDS);
    else words.copyWithin(entry, near, near + TAIL_WORDS);
    for (let i = 0; i < 2 * TAIL_ENTRY.TIME; ) {
      const number = get();
      if (number === 0) i += get();
      else words[entry + i++] += wordOf(number);
    }
    const time = entry / 2 + TAIL_ENTRY.TIME;
    times[time] = getFloat(near < 0 ? moment : times[near / 2 + TAIL_ENTRY.TIME]);
  }
}

/** … of who talked to whom, and of the RST's side, frame and time, alone. Returns the time. */
export function restoreEnds(octets: Uint8Array, at: number, { words, times, w, t }: Held, count = ENDS): number {
  source = octets;
  next = at;
  words.set(USUAL, w);
  times[t + RT.FRAME] = getFloat(0);
  words[w + R.FRAME] = times[t + RT.FRAME];
  const moment = getFloat(0);
  times[t + RT.TIME] = moment;
  for (let k = 0; k < count; ) {
    const number = get();
    if (number === 0) {
      k += get();
      continue;
    }
    if (KIND[k] === WORD) words[w + AT[k]] = wordOf(number) + (NEAR[k] < 0 ? 0 : words[w + NEAR[k]]);
    else times[t + AT[k]] = floatOf(number, KIND[k] === MOMENT ? moment : 0);
    k++;
  }
  return moment;
}

function wordOf(number: number): number {
  const off = number - 1;
  return (off >>> 1) ^ -(off & 1);
}

function getFloat(near: number): number {
  return floatOf(get(), near);
}

function floatOf(number: number, near: number): number {
  if (number === FLOAT) {
    next += 8;
    return new DataView(source.buffer, source.byteOffset).getFloat64(next - 8);
  }
  const off = number - FLOAT - 1;
  return near + (off % 2 === 0 ? off / 2 : -(off + 1) / 2);
}

function get(): number {
  let octet = source[next++];
  if (octet < 0x80) return octet;
  let number = octet & 0x7f;
  for (let unit = 128; ; unit *= 128) {
    octet = source[next++];
    number += (octet & 0x7f) * unit;
    if (octet < 0x80) return number;
  }
}
