import type { WrittenTime } from './packet.js';

const DAY = 86_400_000_000_000n;
const HALF_DAY = DAY / 2n;
/** Seconds that are rather a date (2001 and later) than a span. */
const SINCE_1970 = 1_000_000_000;

/** Packets that are looked at to tell `-ttt` (since the packet before) from `-ttttt` (since the first). */
const PATIENCE = 64;

/** Nanoseconds since the first packet of a listing; filled in when it is known what the times count from. */
export interface Stamp {
  ns: number | null;
}

/**
 * Makes one clock of the times a listing gives. A time of day goes on past midnight. tcpdump's `-ttt` and `-ttttt` look
 * alike, both begin with 00:00:00.000000: times that never run back are since the first packet.
 */
export class TextClock {
  /** Time of the first packet in ns since 1970; null where the text has no date. */
  epoch: bigint | null = null;
  /** Does any packet have a time of its own? */
  hasTimes = false;
  private kind: WrittenTime['kind'] | null = null;
  private first = 0n;
  private last = 0n;
  /** Whole days passed, for times of day. */
  private days = 0n;
  /** null: not known yet. */
  private isDelta: boolean | null = false;
  private waiting: { readonly stamp: Stamp; readonly written: bigint | null }[] = [];

  stamp(time: WrittenTime | null): Stamp {
    if (this.kind === null && time !== null) this.start(time);
    const stamp: Stamp = { ns: null };
    const written = time === null ? null : this.absolute(time);
    if (this.isDelta === null) {
      const before = this.waiting.findLast((one) => one.written !== null)?.written ?? null;
      this.waiting.push({ stamp, written });
      if (written !== null && before !== null && written < before) this.decide(true);
      else if (this.waiting.length >= PATIENCE) this.decide(false);
    } else stamp.ns = this.place(written);
    return stamp;
  }

  /** No packet follows. */
  end(): void {
    if (this.isDelta === null) this.decide(false);
  }

  private start(time: WrittenTime): void {
    this.hasTimes = true;
    this.kind = time.kind;
    this.first = time.ns;
    this.last = time.ns;
    if (time.kind === 'date' || time.kind === 'epoch') this.epoch = time.ns;
    else if (time.ns === 0n) {
      this.isDelta = time.kind === 'day' ? null : false;
    }
  }

  private decide(isDelta: boolean): void {
    this.isDelta = isDelta;
    for (const { stamp, written } of this.waiting) stamp.ns = this.place(written);
    this.waiting = [];
  }

  /** A time in another style than the first one's is none. */
  private absolute({ kind, ns }: WrittenTime): bigint | null {
    return kind === this.kind ? ns : null;
  }

  private place(written: bigint | null): number {
    let now = this.last;
    if (written !== null && this.isDelta === true) now = this.last + written;
    else if (written !== null) {
      if (this.kind === 'day' && written + this.days < this.last - HALF_DAY) this.days += DAY;
      now = written + this.days;
    }
    this.last = now;
    return Number(now - this.first);
  }
}

/** Where no time is meant: `02:00:00:00:00:0c` is an address. */
const TIME_OF_DAY =
  /(?<![\w:.])(?:(\d{4})[-/](\d\d)[-/](\d\d)[T ]+)?(-?)(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?![\w:])/;
const SECONDS = /^(-?)(\d{1,10})\.(\d{1,9})(?=\s|$)/;

/** The time a line begins with; `length` tells how much of the text belongs to it. */
export function parseTime(text: string): { readonly time: WrittenTime; readonly end: number } | null {
  const seconds = SECONDS.exec(text);
  if (seconds) {
    const whole = Number(seconds[2]);
    const ns = BigInt(whole) * 1_000_000_000n + fraction(seconds[3]);
    const kind = whole >= SINCE_1970 ? 'epoch' : 'seconds';
    return { time: { kind, ns: seconds[1] === '-' ? -ns : ns }, end: seconds[0].length };
  }
  const found = TIME_OF_DAY.exec(text);
  if (found === null) return null;
  const [all, year, month, day, sign, hour, minute, second, decimals] = found;
  const clock = BigInt((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000_000_000n;
  const within = clock + fraction(decimals);
  const end = found.index + all.length;
  if (year === undefined) return { time: { kind: 'day', ns: sign === '-' ? -within : within }, end };
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return { time: { kind: 'date', ns: BigInt(midnight) * 1_000_000n + within }, end };
}

function fraction(digits: string | undefined): bigint {
  return digits === undefined ? 0n : BigInt(digits.padEnd(9, '0'));
}
