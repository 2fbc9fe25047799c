/** The table of connections and the queue of those to free, against plain maps and lists. */
import { describe, expect, test } from 'vitest';
import * as c from '../../src/flow/columns.js';
import { FreeQueue } from '../../src/flow/free.js';
import { ConnectionTable } from '../../src/flow/table.js';
import type { Segment } from '../../src/packet/segment.js';
import { segment } from '../support/tracking.js';

const of = (sourcePort: number, destinationPort: number) => segment({ sourcePort, destinationPort });
const back = (s: Segment) =>
  segment({
    sourcePort: s.destinationPort,
    destinationPort: s.sourcePort,
    source0: s.destination0,
    source1: s.destination1,
    source2: s.destination2,
    source3: s.destination3,
    destination0: s.source0,
    destination1: s.source1,
    destination2: s.source2,
    destination3: s.source3,
  });
const V6 = {
  source0: 0x20010db8,
  source1: 1,
  source2: 3,
  source3: 4,
  destination0: 0x20010db8,
  destination1: 5,
  destination2: 6,
  destination3: 7,
};

function add(table: ConnectionTable, s: Segment): number {
  expect(table.find(s)).toBe(-1);
  return table.create(s);
}

describe('a connection is found', () => {
  test.each([
    ['IPv4', of(40_000, 80)],
    ['IPv6', segment({ ...V6, sourcePort: 40_000, destinationPort: 80 })],
    ['between equal ports', of(179, 179)],
  ])('from either side: %s', (_, s) => {
    const table = new ConnectionTable();
    const row = add(table, s);
    expect(table.side).toBe(0);
    expect([table.find(back(s)), table.side]).toEqual([row, 1]);
    expect([table.find(s), table.side]).toEqual([row, 0]);
  });

  test.each([
    'source0',
    'source1',
    'source2',
    'source3',
    'destination0',
    'destination1',
    'destination2',
    'destination3',
    'sourcePort',
    'destinationPort',
  ] as const)('by every part of its four-tuple: another %s is another connection, from either side', (field) => {
    const s = segment({ ...V6, sourcePort: 40_000, destinationPort: 80 });
    const table = new ConnectionTable();
    add(table, s);
    const other = segment({ ...s, [field]: s[field] + 1 });
    expect(table.find(other)).toBe(-1);
    expect(table.find(back(other))).toBe(-1);
  });

  test('not where ports are swapped and addresses are not', () => {
    const table = new ConnectionTable();
    add(table, of(40_000, 80));
    expect(table.find(of(80, 40_000))).toBe(-1);
  });
});

describe('rows', () => {
  test('hold the four-tuple and begin blank, as first incarnation', () => {
    const table = new ConnectionTable();
    const s = segment({ ...V6, sourcePort: 40_000, destinationPort: 80 });
    const w = add(table, s) * c.WORDS;
    expect([...table.words.subarray(w + c.ADDRESS, w + c.ADDRESS + 8)]).toEqual(Object.values(V6));
    expect(table.words[w + c.PORTS]).toBe((40_000 << 16) | 80);
    expect(table.words[w + c.INCARNATION]).toBe(1);
    for (const column of [c.CLIENT, c.TAIL, c.PENDING_SIDE, c.RESET_FIRST, c.RESET_LAST])
      expect(table.words[w + column]).toBe(-1);
    for (const column of [c.LAST, c.LAST_PAYLOAD, c.ESTABLISHED, c.PENDING, c.ICMP])
      expect(table.times[w / 2 + column]).toBe(c.NEVER);
    expect(table.words[w + c.BITS]).toBe(0);
    expect(table.words[w + c.ENDPOINTS + c.WINDOW_SCALE]).toBe(-1);
    expect(table.words[w + c.ENDPOINTS + c.ENDPOINT_WORDS + c.MSS]).toBe(-1);
  });

  test('of a large table get room at once for as many as there will be, and none is lost on the way', () => {
    const most = 20_000;
    const table = new ConnectionTable(undefined, most);
    const at = (i: number) => segment({ ...V6, sourcePort: i, destinationPort: 80 });
    const rooms = new Set<number>();
    for (let i = 0; i < most; i++) {
      add(table, at(i));
      rooms.add(table.words.length / c.WORDS);
    }
    expect([...rooms]).toEqual([1024, 2048, 4096, 8192, 16_384, 32_768]);
    for (let i = 0; i < most; i += 7) expect(table.find(at(i))).toBe(i);
    const large = new ConnectionTable(undefined, 100_000);
    for (let i = 0; i < most; i++) add(large, at(i));
    expect(large.words.length / c.WORDS).toBe(100_000);
    for (let i = 0; i < most; i += 7) expect(large.find(at(i))).toBe(i);
  });

  test('that were removed are handed out again, blank', () => {
    const table = new ConnectionTable();
    const row = add(table, of(1, 80));
    add(table, of(2, 80));
    table.words[row * c.WORDS + c.BITS] = -1;
    table.remove(row);
    expect([table.isLive(row), table.size]).toEqual([false, 1]);
    expect(table.find(of(1, 80))).toBe(-1);
    expect(add(table, of(3, 80))).toBe(row);
    expect([table.isLive(row), table.size, table.top]).toEqual([true, 2, 2]);
    expect(table.words[row * c.WORDS + c.BITS]).toBe(0);
  });

  test('cleared for the next incarnation keep their key', () => {
    const table = new ConnectionTable();
    const row = add(table, of(1, 80));
    table.words[row * c.WORDS + c.ENDPOINTS + c.SND_NXT] = 5;
    table.clear(row);
    expect(table.words[row * c.WORDS + c.ENDPOINTS + c.SND_NXT]).toBe(0);
    expect(table.find(of(1, 80))).toBe(row);
  });

  test('in thousands: all found after growing, and after two thirds are removed, in any order', () => {
    const table = new ConnectionTable();
    const all = Array.from({ length: 5000 }, (_, i) => of(1000 + i, 443));
    const rows = all.map((s) => add(table, s));
    expect(new Set(rows).size).toBe(5000);
    expect(all.map((s) => table.find(s))).toEqual(rows);
    for (const [i, row] of rows.entries()) if (i % 3 !== 0) table.remove(row);
    expect(all.map((s) => table.find(s))).toEqual(rows.map((row, i) => (i % 3 === 0 ? row : -1)));
    expect([table.size, table.top]).toEqual([1667, 5000]);
    // The freed rows first, then new ones.
    const again = Array.from({ length: 5000 }, (_, i) => add(table, of(10_000 + i, 443)));
    expect(again.filter((row) => row < 5000)).toHaveLength(3333);
    expect(all.map((s) => table.find(s))).toEqual(rows.map((row, i) => (i % 3 === 0 ? row : -1)));
  });

  test('that are free stay out of the table when it grows', () => {
    const table = new ConnectionTable();
    const first = add(table, of(1, 80));
    const second = add(table, of(2, 80));
    table.remove(first);
    table.remove(second);
    for (let port = 1000; port < 3100; port++) add(table, of(port, 80));
    expect([table.find(of(1, 80)), table.find(of(2, 80)), table.size]).toEqual([-1, -1, 2100]);
  });
});

describe('the queue of closed rows', () => {
  function closed(times: readonly number[]) {
    const table = new ConnectionTable();
    const queue = new FreeQueue(table);
    const rows = times.map((time, i) => {
      const row = add(table, of(1 + i, 80));
      table.times[row * c.TIMES + c.LAST] = time;
      queue.add(row);
      return row;
    });
    return { table, queue, rows };
  }

  test('gives a row up once it was silent for so long, in order', () => {
    const { queue, rows, table } = closed([10, 20, 30]);
    expect(queue.due(14, 5)).toBe(-1);
    expect(queue.due(15, 5)).toBe(rows[0]);
    table.remove(rows[0]!);
    expect(queue.due(15, 5)).toBe(-1);
    expect(queue.due(100, 5)).toBe(rows[1]);
    expect(queue.due(100, 5)).toBe(rows[2]);
    expect(queue.due(100, 5)).toBe(-1);
  });

  test('waits again for a row that was heard of since', () => {
    const { queue, rows, table } = closed([10, 20]);
    table.times[rows[0]! * c.TIMES + c.LAST] = 24;
    expect(queue.due(25, 5)).toBe(rows[1]);
    expect(queue.due(28, 5)).toBe(-1);
    expect(queue.due(29, 5)).toBe(rows[0]);
  });

  test('passes over rows that were given up, or live again', () => {
    const { queue, rows, table } = closed([10, 20, 30]);
    table.remove(rows[0]!);
    table.clear(rows[1]!);
    expect(queue.due(100, 5)).toBe(rows[2]);
  });

  test('holds each row once', () => {
    const { queue, rows } = closed([10]);
    queue.add(rows[0]!);
    expect(queue.due(100, 5)).toBe(rows[0]);
    expect(queue.due(100, 5)).toBe(-1);
  });

  test('names the one closed longest, settled or not', () => {
    const { queue, rows } = closed([10, 20]);
    expect(queue.oldest()).toBe(rows[0]);
    expect(queue.oldest()).toBe(rows[1]);
    expect(queue.oldest()).toBe(-1);
  });

  test('keeps the order beyond its first room, also where its ring has turned', () => {
    const { queue, rows, table } = closed(Array.from({ length: 1000 }, (_, i) => i));
    for (let i = 0; i < 500; i++) expect(queue.due(i + 5, 5)).toBe(rows[i]);
    const more = Array.from({ length: 3000 }, (_, i) => {
      const row = add(table, of(5000 + i, 80));
      table.times[row * c.TIMES + c.LAST] = 1000 + i;
      queue.add(row);
      return row;
    });
    const out: number[] = [];
    for (let row = queue.due(1e9, 5); row >= 0; row = queue.due(1e9, 5)) out.push(row);
    expect(out).toEqual([...rows.slice(500), ...more]);
  });
});
