/** Which files are one series, by their names and times alone. */
import { describe, expect, test } from 'vitest';
import { grouped, joined, mayBeSeries } from '../../../src/node/series/group.js';
import { seriesNames } from '../../../src/node/series/names.js';
import type { CapturePeek } from '../../../src/node/series/peek.js';

const SECOND = 1_000_000_000;

/** A capture of `from` to `to`, in seconds; without `to` its end is not known, without `from` it has no packets. */
function file(path: string, from: number | null, to: number | null = from, linkType = 1): CapturePeek {
  const time = (seconds: number | null) => (seconds === null ? null : BigInt(Math.round(seconds * SECOND)));
  return {
    path,
    first: time(from),
    last: time(to),
    linkType: from === null ? null : linkType,
    octets: 1000,
    format: 'pcap',
  };
}

/** The groups as `a b | c`. */
function groups(files: readonly CapturePeek[]): string {
  return grouped(files)
    .map((group) => group.map(({ name }) => name).join(' '))
    .join(' | ');
}

function missing(files: readonly CapturePeek[]): (string | undefined)[] {
  return grouped(files).flatMap((group) => group.map((one) => one.missing?.text));
}

describe('one run', () => {
  test.each<[string, CapturePeek[], string]>([
    ['tcpdump -C', [file('x.pcap', 0, 9), file('x.pcap1', 10, 19), file('x.pcap2', 20, 29)], 'x.pcap x.pcap1 x.pcap2'],
    [
      'in any order',
      [file('x.pcap2', 20, 29), file('x.pcap', 0, 9), file('x.pcap1', 10, 19)],
      'x.pcap x.pcap1 x.pcap2',
    ],
    ['beyond nine', [file('x.pcap10', 20, 29), file('x.pcap9', 10, 19)], 'x.pcap9 x.pcap10'],
    [
      'a ring of -W',
      [file('x.pcap0', 30, 39), file('x.pcap1', 10, 19), file('x.pcap2', 20, 29)],
      'x.pcap1 x.pcap2 x.pcap0',
    ],
    ['compressed by -z', [file('x.pcap.gz', 0, null), file('x.pcap1.gz', 10, null)], 'x.pcap.gz x.pcap1.gz'],
    [
      'dumpcap',
      [file('t_00002_20240101120100.pcapng', 60, 119), file('t_00001_20240101120000.pcapng', 0, 59)],
      't_00001_20240101120000.pcapng t_00002_20240101120100.pcapng',
    ],
    [
      'dumpcap, date first',
      [file('t_20240101120000_00001.pcapng', 0, 59), file('t_20240101120100_00002.pcapng', 60, 119)],
      't_20240101120000_00001.pcapng t_20240101120100_00002.pcapng',
    ],
    [
      'tcpdump -G',
      [file('t-2024-01-01_12:00:00.pcap', 0, 59), file('t-2024-01-01_12:01:00.pcap', 60, 119)],
      't-2024-01-01_12:00:00.pcap t-2024-01-01_12:01:00.pcap',
    ],
    [
      'tcpdump -G with seconds since 1970',
      [file('t.1700000000.pcap', 0, 59), file('t.1700000060.pcap', 60, 119)],
      't.1700000000.pcap t.1700000060.pcap',
    ],
    [
      'a quiet link, by the step of the dates',
      [
        file('t-20240101-1200.pcap', 0, 5),
        file('t-20240101-1300.pcap', 3600, 3601),
        file('t-20240101-1400.pcap', 7200, 7201),
      ],
      't-20240101-1200.pcap t-20240101-1300.pcap t-20240101-1400.pcap',
    ],
    [
      'numbered and without a gap',
      [file('cap-001.pcap', 0, 9), file('cap-002.pcap', 9.5, 20)],
      'cap-001.pcap cap-002.pcap',
    ],
    ['out of order by what is buffered', [file('x.pcap', 0, 10.4), file('x.pcap1', 10, 19)], 'x.pcap x.pcap1'],
    [
      'the last just begun',
      [file('x.pcap', 0, 9), file('x.pcap1', null), file('x.pcap2', 10, 19)],
      'x.pcap x.pcap2 x.pcap1',
    ],
  ])('%s', (_, files, expected) => {
    expect(groups(files)).toBe(expected);
  });
});

describe('several runs', () => {
  test.each<[string, CapturePeek[], string]>([
    ['of other names', [file('a.pcap', 0, 9), file('b.pcap1', 10, 19)], 'a.pcap | b.pcap1'],
    ['in other folders', [file('a/x.pcap', 0, 9), file('b/x.pcap1', 10, 19)], 'a/x.pcap | b/x.pcap1'],
    ['side by side', [file('eth0.pcap', 0, 9), file('eth1.pcap', 0.1, 9.1)], 'eth0.pcap | eth1.pcap'],
    ['overlapping by much', [file('x.pcap', 0, 15), file('x.pcap1', 10, 19)], 'x.pcap | x.pcap1'],
    [
      'numbered, and a pause between',
      [file('test1.pcap', 0, 9), file('test2.pcap', 12, 20)],
      'test1.pcap | test2.pcap',
    ],
    [
      'dated, and weeks between',
      [file('i-20240101-1200.pcap', 0, 9), file('i-20240203-0900.pcap', 3e6, 3e6 + 9)],
      'i-20240101-1200.pcap | i-20240203-0900.pcap',
    ],
    [
      'dated and compressed: the end is not known',
      [file('i-20240101-1200.pcap.gz', 0, null), file('i-20240203-0900.pcap.gz', 3e6, null)],
      'i-20240101-1200.pcap.gz | i-20240203-0900.pcap.gz',
    ],
    ['of other link types', [file('x.pcap', 0, 9, 1), file('x.pcap1', 10, 19, 113)], 'x.pcap | x.pcap1'],
    [
      'two sessions of dumpcap',
      [
        file('t_00001_20240101120000.pcapng', 0, 59),
        file('t_00002_20240101120100.pcapng', 60, 119),
        file('t_00001_20240102120000.pcapng', 86400, 86459),
        file('t_00002_20240102120100.pcapng', 86460, 86519),
      ],
      't_00001_20240101120000.pcapng t_00002_20240101120100.pcapng | t_00001_20240102120000.pcapng t_00002_20240102120100.pcapng',
    ],
  ])('%s', (_, files, expected) => {
    expect(groups(files)).toBe(expected);
  });

  test('in the order in which they were named', () => {
    expect(groups([file('z.pcap', 0, 1), file('x.pcap1', 10, 19), file('a.pcap', 5, 6), file('x.pcap', 0, 9)])).toBe(
      'z.pcap | x.pcap x.pcap1 | a.pcap',
    );
  });

  test('a text is no part of a series', () => {
    const texts = [file('x.pcap', 0, 9), file('x.pcap1', 10, 19)].map((one) => ({ ...one, format: 'tcpdump-text' }));
    expect(groups(texts)).toBe('x.pcap | x.pcap1');
  });
});

describe('what is missing', () => {
  test('is named where names are numbered', () => {
    const files = [0, 1, 3, 7].map((n) => file(`x.pcap${n || ''}`, n * 10, n * 10 + 9));
    expect(missing(files)).toEqual([
      undefined,
      undefined,
      'x.pcap2 is missing: nothing was read between x.pcap1 and x.pcap3, 11 s apart',
      'x.pcap4, x.pcap5, x.pcap6 are missing: nothing was read between x.pcap3 and x.pcap7, 31 s apart',
    ]);
  });

  test('many at once by the first and the last', () => {
    const files = [1, 9].map((n) => file(`t_0000${n}_2024010112000${n}.pcap`, n * 10, n * 10 + 9));
    expect(missing(files)[1]).toMatch(/^t_00002_\*\.pcap to t_00008_\*\.pcap are missing: /);
  });

  test('is told by the step of the dates', () => {
    const files = [0, 1, 2, 4].map((n) => file(`t-20240101-120${n}.pcap`, n * 60, n * 60 + 59));
    expect(missing(files)).toEqual([
      undefined,
      undefined,
      undefined,
      'a file is missing by the dates in their names, or nothing was captured then: nothing was read between t-20240101-1202.pcap and t-20240101-1204.pcap, 1 min 1 s apart',
    ]);
  });

  test('not where a ring begins anew, nor where an empty file has the number', () => {
    expect(missing([file('x.pcap0', 30, 39), file('x.pcap1', 10, 19), file('x.pcap2', 20, 29)])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(missing([file('x.pcap1', 0, 9), file('x.pcap2', null), file('x.pcap3', 10, 19)])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('joined because it was asked for', () => {
  test('in the order of time', () => {
    const { files, overlap } = joined([file('b.pcap', 100, 200), file('a.pcap', 0, 9, 113)]);
    expect(files.map(({ name }) => name)).toEqual(['a.pcap', 'b.pcap']);
    expect(overlap).toBeNull();
  });

  test('what overlaps is named', () => {
    expect(joined([file('b.pcap', 5, 200), file('a.pcap', 0, 9)]).overlap).toEqual(['a.pcap', 'b.pcap']);
    // Also one that lies within another that began long before.
    expect(joined([file('a.pcap', 0, 100), file('b.pcap', 10, 20), file('c.pcap', 50, 60)]).overlap).toEqual([
      'a.pcap',
      'b.pcap',
    ]);
  });
});

test('what no name forbids is looked at, nothing else', () => {
  expect(mayBeSeries(['a.pcap', 'b.pcap', 'x.pcap', 'x.pcap1', 'n7.pcap', 'n9.pcap', 'd/x.pcap2'])).toEqual([
    'x.pcap',
    'x.pcap1',
    'n7.pcap',
    'n9.pcap',
  ]);
});

test.each([
  ['d/x.pcap1', 'tcpdump d/x.pcap# 1'],
  ['x.pcap', 'tcpdump x.pcap# 0'],
  ['x.pcap007.gz', 'tcpdump x.pcap#.gz 7'],
  ['t_00012_20240101120000.pcapng.gz', 'dumpcap t_#_@.pcapng.gz 12'],
  ['cap-001.pcap', 'tcpdump cap-001.pcap# 0, numbered cap-#.pcap 1'],
  ['a.b', ''],
])('%s', (path, expected) => {
  const names = seriesNames(path).map(({ form, stem, number }) => `${form} ${stem} ${number}`);
  expect(names.join(', ')).toBe(expected);
});
