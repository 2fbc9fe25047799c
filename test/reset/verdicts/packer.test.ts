import { expect, test } from 'vitest';
import { Packer } from '../../../src/reset/verdicts/packer.js';

const again = (record: unknown): unknown => {
  const packer = new Packer(new Set(['cause']));
  return packer.get(packer.add(record));
};

test.each([
  ['whole numbers around every border', [0, 239, 240, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 53 - 1]],
  ['those below 0', [-1, -128, -(2 ** 31), -(2 ** 53 - 1)]],
  ['what is no whole number', [0.1, -0, 2 ** 60, Number.NaN, Number.NEGATIVE_INFINITY, 1.7e308]],
  ['null, undefined and booleans', { a: null, b: undefined, c: true, d: false }],
  ['text', ['', 'a', 'é', 'a\u0000b', '\ud800', '日本', 'x'.repeat(10_000)]],
  ['octets', { none: new Uint8Array(0), some: Uint8Array.of(0, 128, 255) }],
  ['lists and objects in each other', { a: [[], [{ b: [1, { c: 'd' }] }]], e: {} }],
])('%s come back as they were', (_, record) => {
  expect(again(record)).toStrictEqual(record);
});

test('the names of an object keep their order', () => {
  const packer = new Packer(new Set());
  const [ab, ba, abc] = [
    { a: 1, b: 2 },
    { b: 1, a: 2 },
    { a: 1, b: 2, c: 3 },
  ].map((each) => packer.add(each));
  for (const [packed, names] of [
    [ab, 'a,b'],
    [ba, 'b,a'],
    [abc, 'a,b,c'],
  ] as const)
    expect(Object.keys(packer.get(packed as typeof ab) as object).join()).toBe(names);
});

test('an object that stands in two places is one object again', () => {
  const end = { port: 80 };
  const octets = Uint8Array.of(1);
  const record = again({ by: end, ends: [{ port: 80 }, end], octets, same: octets }) as {
    by: object;
    ends: object[];
    octets: object;
    same: object;
  };
  expect(record.ends[1]).toBe(record.by);
  expect(record.ends[0]).not.toBe(record.by);
  expect(record.same).toBe(record.octets);
});

test('what stands under a kept name is the object itself, functions and all', () => {
  const cause = { signature: () => undefined };
  const record = again({ list: [{ cause }, { cause }, { cause: null }] }) as { list: { cause: unknown }[] };
  expect(record.list.map((each) => each.cause === cause)).toEqual([true, true, false]);
  expect(record.list[2].cause).toBeNull();
});

test('what is no plain data is refused, not lost', () => {
  expect(() => again({ signature: () => undefined })).toThrow('a function is no plain data');
});

test('records stay what they are, whatever comes later: many of them, words that come again, one larger than a block', () => {
  const packer = new Packer(new Set());
  const recordAt = (i: number) => ({
    number: i,
    text: `${i % 3 === 0 ? 'often' : `once ${i}`}`,
    list: Array.from({ length: i % 7 }, (_, n) => ({ n, i: i * n })),
  });
  const early = Array.from({ length: 10_000 }, (_, i) => packer.add(recordAt(i)));
  const large = packer.add({ octets: new Uint8Array(3_000_000).fill(7), last: 'last' });
  const packed = [...early, ...Array.from({ length: 10_000 }, (_, i) => packer.add(recordAt(10_000 + i)))];
  for (let i = 0; i < packed.length; i += 97) expect(packer.get(packed[i])).toStrictEqual(recordAt(i));
  const { octets, last } = packer.get(large) as { octets: Uint8Array; last: string };
  expect([octets.length, octets.every((octet) => octet === 7), last]).toEqual([3_000_000, true, 'last']);
});
