import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import { frameNear } from '../../flow/frame.js';
import { grown } from '../../flow/grown.js';
import { addressAt, sameAddress } from '../../packet/address.js';
import type { Segment } from '../../packet/segment.js';
import { Kinds } from './kinds.js';
import { type IsKnown, isLone, LoneKinds } from './lone-kinds.js';

/**
 * Refused and half-open handshakes without data come in millions (scans, a service that is down).
 * The first few of a kind are held and judged; the rest are kept as a few numbers each and reuse
 * the verdict of the kind's first with their own frames.
 */

/** Held in full per kind, so that the usual case is judged on its own facts. */
const FULL = 4;

/** What an RST repeats: another connection's refusal or half-open handshake, another lone one, or one of its own connection. */
export type RepeatOf = 'attempt' | 'lone' | 'own';
const REPEATS_OF: readonly RepeatOf[] = ['attempt', 'lone', 'own'];

export interface Repeat {
  readonly of: RepeatOf;
  readonly frame: number;
  readonly time: number;
  readonly seq: number;
  readonly ack: number;
  readonly ipId: number | null;
  /** -1 where the capture does not tell it. */
  readonly ttl: number;
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
  /** Of the first packet of its connection. */
  readonly startFrame: number;
  readonly startTime: number;
  readonly synFrame: number;
  readonly synTime: number;
  readonly synAckFrame: number;
  readonly synAckTime: number;
  /** Since anything else of its connection, ns; 0 where nothing was captured. */
  readonly idle: number;
  readonly incarnation: number;
  /** Packets of its connection so far. */
  readonly packets: number;
  /** Frames of its copies. */
  readonly copies: readonly number[];
}

interface Aftershock {
  readonly repeat: number;
  readonly frame: number;
  readonly time: number;
  readonly seq: number;
  readonly ipId: number;
}

/** Repeats of one held reset that were only counted. */
export interface Omitted {
  readonly of: RepeatOf;
  count: number;
  lastTime: number;
  lastFrame: number;
}

/** 0 where there is none. */
const fullFrame = (word: number, s: Segment) => (word === 0 ? 0 : frameNear(word, s.frame));

const NUMBERS = 17;
const FRAME = 1;
/** Client, server, both ports. */
const ADDRESS_WORDS = 9;
const PORTS = 8;
/** Addresses whose text is remembered. */
const TEXTS = 4096;

export class Repeats {
  /** Repeats so far. */
  size = 0;
  /** Number of the oldest repeat kept, and of the oldest aftershock of one. */
  private base = 0;
  private aftershockBase = 0;
  /** Repeats told while the capture goes on, and aftershocks. */
  private toldRepeats = 0;
  private toldAftershocks = 0;
  /** Most kept that are not told; beyond it they are only counted. */
  limit = 50_000;
  /** RSTs behind repeats that there was no room to keep. */
  omittedAftershocks = 0;
  private kinds: Kinds;
  private loneKinds: LoneKinds;
  /** Held resets that are the first of their kind. */
  private readonly originals = new Set<number>();
  private numbers = new Float64Array(64 * NUMBERS);
  private addresses = new Int32Array(64 * ADDRESS_WORDS);
  private readonly texts = new Array<{ readonly at: number; readonly text: string } | undefined>(TEXTS);
  /** Later RSTs of a repeat's connection. */
  private aftershocks: Aftershock[] = [];
  /** The latest of them by repeat. */
  private readonly latest = new Map<number, number>();
  /** Frames of the copies of a repeat, or (-1 - index) of an aftershock: few have any. */
  private readonly copies = new Map<number, number[]>();
  /** Repeats that were counted but not kept, per held reset. */
  readonly omitted = new Map<number, Omitted>();

  /** `late`: time after a SYN from which its client may have given up, ns. */
  constructor(
    private readonly late: number,
    private readonly isKnown: IsKnown,
  ) {
    this.kinds = new Kinds(late);
    this.loneKinds = new LoneKinds(isKnown);
  }

  /**
   * Is the RST `s` one more of a kind? Returns a row mark below -1 when it was taken here, -1 when
   * it is to be held as number `next`.
   */
  offer(connection: Connection, s: Segment, next: number): number {
    if (isLone(connection, s)) {
      const original = this.loneKinds.originalOf(connection, s, next);
      if (original >= 0) return this.take(connection, s, original, 'lone');
      this.originals.add(next);
      return -1;
    }
    const kind = this.kinds.of(connection, s, next);
    if (kind === null) return -1;
    if (kind.count < FULL) {
      // The first of a capture, or of an outage, may be told with more doubt than those behind it.
      kind.original = next;
      if (++kind.count === FULL) this.originals.add(next);
      return -1;
    }
    return this.take(connection, s, kind.original, 'attempt');
  }

  /** One more of a volley: like the held reset `original` of the same incarnation. */
  again(connection: Connection, s: Segment, original: number): void {
    this.take(connection, s, original, 'own');
  }

  /** Verdicts will refer to the held reset `index`. */
  addOriginal(index: number): void {
    this.originals.add(index);
  }

  /** What comes from now on is of no kind that was before; no repeat will refer to a held reset below `oldest`. */
  renew(oldest: number): void {
    this.kinds = new Kinds(this.late);
    this.loneKinds = new LoneKinds(this.isKnown);
    for (const index of this.originals) if (index < oldest) this.originals.delete(index);
  }

  /** Repeats below `repeat` and aftershocks below `aftershock` are told; of them only the newest are kept, for what follows them. */
  told(repeat: number, aftershock: number): void {
    this.toldRepeats = repeat;
    this.toldAftershocks = aftershock;
    const keep = this.limit >> 1;
    if (repeat - this.base > keep + (keep >> 1)) this.drop(repeat - keep);
    if (aftershock - this.aftershockBase > keep + (keep >> 1)) {
      const oldest = aftershock - keep;
      this.aftershocks = this.aftershocks.slice(oldest - this.aftershockBase);
      for (let index = this.aftershockBase; index < oldest; index++) this.copies.delete(-1 - index);
      this.aftershockBase = oldest;
    }
  }

  private drop(oldest: number): void {
    const { base, size } = this;
    this.numbers.copyWithin(0, (oldest - base) * NUMBERS, (size - base) * NUMBERS);
    this.addresses.copyWithin(0, (oldest - base) * ADDRESS_WORDS, (size - base) * ADDRESS_WORDS);
    // They say where an address lies.
    this.texts.fill(undefined);
    for (let index = base; index < oldest; index++) {
      this.copies.delete(index);
      this.latest.delete(index);
    }
    this.base = oldest;
  }

  private take(connection: Connection, s: Segment, original: number, of: RepeatOf): number {
    if (this.size - this.toldRepeats >= this.limit) {
      const omitted = this.omitted.get(original) ?? { of, count: 0, lastTime: 0, lastFrame: 0 };
      omitted.count++;
      omitted.lastTime = s.time;
      omitted.lastFrame = s.frame;
      this.omitted.set(original, omitted);
      return -2;
    }
    this.keep(connection, s, original, of);
    return -2 - this.size;
  }

  answered(connection: Connection): void {
    this.kinds.answered(connection);
  }

  /** May repeats refer to the held reset `index`? */
  isOriginal(index: number): boolean {
    return this.originals.has(index);
  }

  aftershock(mark: number, s: Segment): void {
    const repeat = -3 - mark;
    const untold = this.aftershockBase + this.aftershocks.length - this.toldAftershocks;
    if (mark >= -2 || repeat < this.base || untold >= this.limit) {
      this.omittedAftershocks++;
      return;
    }
    this.latest.set(repeat, this.aftershockBase + this.aftershocks.length);
    this.aftershocks.push({ repeat, frame: s.frame, time: s.time, seq: s.seq, ipId: s.ipId });
  }

  /** `s` is a copy of an RST of the repeat marked `mark`: a copy follows at once, so of the latest that is like it. */
  copied(mark: number, s: Segment): void {
    if (mark >= -2) return;
    const repeat = -3 - mark;
    if (repeat < this.base) return;
    const number = this.latest.get(repeat);
    const latest = number === undefined ? undefined : this.aftershocks[number - this.aftershockBase];
    const isLatest = number !== undefined && latest?.seq === s.seq && latest.ipId === s.ipId;
    const index = isLatest ? -1 - number : repeat;
    const frames = this.copies.get(index);
    if (frames === undefined) this.copies.set(index, [s.frame]);
    else frames.push(s.frame);
  }

  private keep(connection: Connection, s: Segment, original: number, of: RepeatOf): void {
    // The first place is the client's, of a lone RST that of its sender.
    const client = of === 'attempt' ? (connection.client as 0 | 1) : connection.one.side;
    const at = this.size++ - this.base;
    if (this.numbers.length < (at + 1) * NUMBERS) {
      this.numbers = grown(this.numbers, this.numbers.length * 2);
      this.addresses = grown(this.addresses, this.addresses.length * 2);
    }
    const c0 = connection.endpoint(client);
    const s0 = connection.endpoint(client ^ 1);
    const { numbers } = this;
    const n = at * NUMBERS;
    numbers[n] = original;
    numbers[n + 1] = s.frame;
    numbers[n + 2] = s.time;
    numbers[n + 3] = s.seq >>> 0;
    numbers[n + 4] = s.ack >>> 0;
    numbers[n + 5] = s.ipId;
    numbers[n + 6] = s.ttl;
    numbers[n + 7] = fullFrame(c0.word(c.SYN_FRAME), s);
    numbers[n + 8] = c0.time(c.SYN_TIME);
    numbers[n + 9] = fullFrame(s0.word(c.SYN_FRAME), s);
    numbers[n + 10] = s0.time(c.SYN_TIME);
    numbers[n + 11] = connection.incarnation;
    numbers[n + 12] = REPEATS_OF.indexOf(of);
    numbers[n + 13] = connection.word(c.OTHER_SEGMENTS) + c0.segments + s0.segments + 1;
    numbers[n + 14] = fullFrame(connection.word(c.START_FRAME), s);
    numbers[n + 15] = connection.start;
    numbers[n + 16] = of === 'lone' ? 0 : s.time - Math.max(c0.lastTime, s0.lastTime);
    const words = connection.table.words;
    const a = at * ADDRESS_WORDS;
    for (let i = 0; i < 4; i++) {
      this.addresses[a + i] = words[connection.addressAt(client) + i];
      this.addresses[a + 4 + i] = words[connection.addressAt(client ^ 1) + i];
    }
    this.addresses[a + PORTS] = (connection.port(client) << 16) | connection.port(client ^ 1);
  }

  /** Frame of repeat `index`, Infinity behind the last. */
  frame(index: number): number {
    return index < this.size ? this.numbers[(index - this.base) * NUMBERS + FRAME] : Number.POSITIVE_INFINITY;
  }

  repeatOf(index: number): RepeatOf {
    return REPEATS_OF[this.numbers[(index - this.base) * NUMBERS + 12]];
  }

  /** Number of the held reset whose verdict repeat `index` takes. */
  original(index: number): number {
    return this.numbers[(index - this.base) * NUMBERS];
  }

  /** Frame of aftershock `index`, Infinity behind the last. */
  aftershockFrame(index: number): number {
    return this.aftershocks[index - this.aftershockBase]?.frame ?? Number.POSITIVE_INFINITY;
  }

  /** Is repeat `index` still kept? */
  has(index: number): boolean {
    return index >= this.base;
  }

  /** The repeat that aftershock `index` follows. */
  repeatBefore(index: number): number {
    return this.aftershocks[index - this.aftershockBase].repeat;
  }

  /** Repeat `index`; below 0, aftershock -1 - `index`: its repeat at its own moment. */
  get(index: number): Repeat {
    if (index < 0) {
      const { repeat, frame, time } = this.aftershocks[-1 - index - this.aftershockBase];
      return { ...this.get(repeat), frame, time, copies: this.copies.get(index) ?? [] };
    }
    const { numbers, addresses } = this;
    const n = (index - this.base) * NUMBERS;
    const at = (index - this.base) * ADDRESS_WORDS;
    const ports = addresses[at + PORTS];
    return {
      of: this.repeatOf(index),
      frame: numbers[n + FRAME],
      time: numbers[n + 2],
      seq: numbers[n + 3],
      ack: numbers[n + 4],
      ipId: numbers[n + 5] < 0 ? null : numbers[n + 5],
      ttl: numbers[n + 6],
      startFrame: numbers[n + 14],
      startTime: numbers[n + 15],
      synFrame: numbers[n + 7],
      synTime: numbers[n + 8],
      synAckFrame: numbers[n + 9],
      synAckTime: numbers[n + 10],
      idle: numbers[n + 16],
      incarnation: numbers[n + 11],
      packets: numbers[n + 13],
      copies: this.copies.get(index) ?? [],
      client: { address: this.addressAt(at), port: ports >>> 16 },
      server: { address: this.addressAt(at + 4), port: ports & 0xffff },
    };
  }

  /** Text of the address at `at`; repeats come from few hosts, and a text of each would be as many strings. */
  private addressAt(at: number): string {
    const { addresses, texts } = this;
    const slot = (addresses[at + 3] ^ (addresses[at + 3] >>> 12)) & (TEXTS - 1);
    const known = texts[slot];
    if (known !== undefined && sameAddress(addresses, known.at, addresses, at)) return known.text;
    const text = addressAt(addresses, at);
    texts[slot] = { at, text };
    return text;
  }
}
