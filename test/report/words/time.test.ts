import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../../src/report/words/moment.js';
import { makeClock, rfc3339, seconds, span } from '../../../src/report/words/time.js';

const FIRST = BigInt(Date.UTC(2026, 10, 21, 2, 41, 7)) * 1_000_000n;

describe('time', () => {
  test('RFC 3339 with nine digits, before 1970 too', () => {
    expect(rfc3339(1_795_224_067_123_456_789n)).toBe('2026-11-21T01:21:07.123456789Z');
    expect(rfc3339(0n)).toBe('1970-01-01T00:00:00.000000000Z');
    expect(rfc3339(-1n)).toBe('1969-12-31T23:59:59.999999999Z');
  });

  test.each([
    ['UTC', '2026-11-21', '02:41:07'],
    ['+05:30', '2026-11-21', '08:11:07'],
    ['-03:00', '2026-11-20', '23:41:07'],
    ['Europe/Berlin', '2026-11-21', '03:41:07'],
  ])('clock of %s', (zone, date, clock) => {
    const shown = makeClock(zone).at(FIRST + 5n);
    expect(shown).toEqual({ date, clock, fraction: '000000005' });
  });

  test('an unknown zone is an error', () => {
    expect(() => makeClock('Mars/Olympus')).toThrow(RangeError);
  });

  test.each([
    [67_000, '67 µs'],
    [390, '390 ns'],
    [1_200_000, '1.2 ms'],
    [9_976_000, '10 ms'],
    [200_182_000, '200 ms'],
    [1_640_000_000, '1.64 s'],
    [75_000_000_000, '75 s'],
    [350_000_000_000, '350 s'],
    [1_200_000_000_000, '20 min'],
  ])('%d ns is %s', (nanoseconds, text) => {
    expect(span(nanoseconds)).toBe(text);
  });

  test('seconds as Wireshark prints them', () => {
    expect(seconds(250_756_000)).toBe('0.250756');
  });
});

describe('parseMoment', () => {
  const utc = makeClock();
  const moment = (text: string, clock = utc) => {
    const parsed = parseMoment(text, clock);
    return parsed === null ? null : rfc3339(parsed(FIRST)).slice(0, 23);
  };

  test.each([
    ['2026-11-21T02:58:03Z', '2026-11-21T02:58:03.000'],
    ['2026-11-21T02:58:03.25+01:00', '2026-11-21T01:58:03.250'],
    ['2026-11-21 02:58', '2026-11-21T02:58:00.000'],
    ['2026-11-21', '2026-11-21T00:00:00.000'],
    ['02:58:03', '2026-11-21T02:58:03.000'],
    ['02:58', '2026-11-21T02:58:00.000'],
    ['+90', '2026-11-21T02:42:37.000'],
    ['+1.5s', '2026-11-21T02:41:08.500'],
    ['@1795224067', '2026-11-21T01:21:07.000'],
  ])('%s', (text, expected) => {
    expect(moment(text)).toBe(expected);
  });

  test('a bare time is of the day of the capture, or of the next when it ran past midnight', () => {
    const late = BigInt(Date.UTC(2026, 10, 21, 23, 50)) * 1_000_000n;
    expect(rfc3339(parseMoment('00:10', utc)?.(late) ?? 0n)).toBe('2026-11-22T00:10:00.000000000Z');
  });

  test('in the zone of the report', () => {
    expect(moment('03:58', makeClock('Europe/Berlin'))).toBe('2026-11-21T02:58:00.000');
    expect(moment('2026-07-01 12:00', makeClock('Europe/Berlin'))).toBe('2026-07-01T10:00:00.000');
  });

  test.each(['', 'yesterday', '25:99', '12', '2026-13-45', '+x'])('%s is no time', (text) => {
    expect(moment(text)).toBe(null);
  });
});
