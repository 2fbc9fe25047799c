/** Points of time as people type them: full dates, a time of the capture's day, or seconds after its first packet. */

import type { Clock } from './time.js';

/** Resolved against the time of a capture's first record (ns since 1970). */
export type Moment = (first: bigint) => bigint;

const NS = 1_000_000_000n;

/**
 * `2026-11-21T02:41:07.5Z`, `2026-11-21 02:41`, `02:41:07.123`, `+12.5` (seconds after the first packet), `@1795224067`
 * (seconds since 1970). Without a zone of its own it is read in the clock's. null when it is none of these.
 */
export function parseMoment(text: string, clock: Clock): Moment | null {
  const wanted = text.trim();
  const seconds = /^([+@])(\d+)(?:\.(\d{1,9}))?s?$/.exec(wanted);
  if (seconds) {
    const value = BigInt(seconds[2] as string) * NS + fraction(seconds[3]);
    return seconds[1] === '+' ? (first) => first + value : () => value;
  }
  const parts =
    /^(?:(\d{4})-(\d\d)-(\d\d)(?:[T ]|$))?(?:(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(
      wanted,
    );
  if (parts === null || (parts[1] === undefined && parts[4] === undefined)) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', decimals, zone] = parts;
  const within = fraction(decimals);
  const time = `${hour}:${minute}:${second}`;
  const resolve = (date: string): bigint | null => {
    const wall = Date.parse(`${date}T${time}Z`);
    if (Number.isNaN(wall)) return null;
    const asUtc = BigInt(wall) * 1_000_000n;
    return (zone === undefined ? fromWall(asUtc, clock) : asUtc - offset(zone)) + within;
  };
  if (year !== undefined) {
    const moment = resolve(`${year}-${month}-${day}`);
    return moment === null ? null : () => moment;
  }
  if (resolve('2000-01-01') === null) return null;
  return (first) => {
    const moment = resolve(clock.at(first).date) as bigint;
    // A capture that runs past midnight: a time well before its start means the next day.
    return moment < first - 12n * 3600n * NS ? moment + 24n * 3600n * NS : moment;
  };
}

function fraction(digits: string | undefined): bigint {
  return digits === undefined ? 0n : BigInt(digits.padEnd(9, '0'));
}

function offset(zone: string): bigint {
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (parts === null) return 0n;
  const minutes = BigInt(Number(parts[2]) * 60 + Number(parts[3]));
  return (parts[1] === '-' ? -minutes : minutes) * 60n * NS;
}

/** The moment at which the clock shows this wall time (given as if it were UTC); twice, for changes of summer time. */
function fromWall(wall: bigint, clock: Clock): bigint {
  let guess = wall;
  for (let round = 0; round < 2; round += 1) {
    const shown = clock.at(guess);
    const shownAsUtc = BigInt(Date.parse(`${shown.date}T${shown.clock}Z`)) * 1_000_000n;
    guess += wall - shownAsUtc;
  }
  return guess;
}
