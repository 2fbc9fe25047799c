/**
 * Points of time and spans. A capture's clock is nanoseconds since 1970 (bigint) for the first record plus a float64
 * offset for every other, so nothing is lost up to 104 days of capture.
 */

const NS_PER_SECOND = 1_000_000_000n;

/** Absolute nanoseconds of a mark; null when the capture has no clock. */
export function absolute(first: bigint | null, offset: number): bigint | null {
  return first === null ? null : first + BigInt(Math.round(offset));
}

/** `2026-11-21T08:01:04.879512345Z`: RFC 3339 §5.6, always UTC and always nanoseconds. */
export function rfc3339(time: bigint): string {
  const seconds = floorDivide(time, NS_PER_SECOND);
  const fraction = time - seconds * NS_PER_SECOND;
  if (newest.seconds !== seconds) newest = { seconds, stamp: secondStamp(Number(seconds)) };
  return `${newest.stamp}.${fraction.toString().padStart(9, '0')}Z`;
}

/** Reports write times in order: the next one is often of the same second. */
let newest: { readonly seconds: bigint | null; readonly stamp: string } = { seconds: null, stamp: '' };

function secondStamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  // A damaged clock may lie outside the years that Date knows.
  const stamp = Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
  return stamp.slice(0, -5);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

export interface WallTime {
  /** `2026-11-21` */
  readonly date: string;
  /** `08:01:04` */
  readonly clock: string;
  /** Nine digits. */
  readonly fraction: string;
}

/** Writes points of time in one zone, named once above the report. */
export interface Clock {
  /** `UTC`, `Europe/Berlin`, `+02:00`. */
  readonly zone: string;
  at(time: bigint): WallTime;
}

/** @throws RangeError for a zone that is not known. */
export function makeClock(zone = 'UTC'): Clock {
  if (/^(utc|z|gmt)$/i.test(zone)) return { zone: 'UTC', at: (time) => shifted(time, 0n) };
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (offset) {
    const minutes = BigInt(`${offset[1] === '-' ? '-' : ''}${Number(offset[2]) * 60 + Number(offset[3])}`);
    return {
      zone: `${offset[1]}${offset[2]}:${offset[3]}`,
      at: (time) => shifted(time, minutes * 60n * NS_PER_SECOND),
    };
  }
  const name = zone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return {
    zone: format.resolvedOptions().timeZone,
    at(time) {
      const seconds = floorDivide(time, NS_PER_SECOND);
      const parts: Record<string, string> = {};
      for (const { type, value } of format.formatToParts(new Date(Number(seconds) * 1000))) parts[type] = value;
      return {
        date: `${parts['year']}-${parts['month']}-${parts['day']}`,
        clock: `${parts['hour']}:${parts['minute']}:${parts['second']}`,
        fraction: (time - seconds * NS_PER_SECOND).toString().padStart(9, '0'),
      };
    },
  };
}

function shifted(time: bigint, by: bigint): WallTime {
  const stamp = rfc3339(time + by);
  return { date: stamp.slice(0, 10), clock: stamp.slice(11, 19), fraction: stamp.slice(20, 29) };
}

/** `08:01:04.879` */
export function clockMilliseconds(clock: Clock, time: bigint): string {
  const { clock: stamp, fraction } = clock.at(time);
  return `${stamp}.${fraction.slice(0, 3)}`;
}

/** `39 µs`, `10 ms`, `1.64 s`, `12 min`, `3.5 h`, `3 days`: a span as one would say it. */
export function span(nanoseconds: number): string {
  const ns = Math.abs(nanoseconds);
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 999_500) return `${Math.round(ns / 1e3)} µs`;
  if (ns < 9.95e6) return `${trimmed(ns / 1e6, 1)} ms`;
  if (ns < 999.5e6) return `${Math.round(ns / 1e6)} ms`;
  if (ns < 9.995e9) return `${trimmed(ns / 1e9, 2)} s`;
  if (ns < 99.95e9) return `${trimmed(ns / 1e9, 1)} s`;
  if (ns < 600e9) return `${Math.round(ns / 1e9)} s`;
  if (ns < 5400e9) return `${Math.round(ns / 60e9)} min`;
  if (ns < 172_800e9) return `${trimmed(ns / 3600e9, 1)} h`;
  return `${Math.round(ns / 86_400e9).toLocaleString('en')} days`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}

/** `0.250756`: seconds with microseconds, as Wireshark's time column. */
export function seconds(nanoseconds: number): string {
  return (nanoseconds / 1e9).toFixed(6);
}
