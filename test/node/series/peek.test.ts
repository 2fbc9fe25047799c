/** Beginning and end of a capture without reading what lies between. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { peek } from '../../../src/node/series/peek.js';
import { EPOCH_SECONDS, pcap, pcapng, type TestRecord } from '../../support/captures.js';

const folder = mkdtempSync(join(tmpdir(), 'whyrst-peek-'));
afterAll(() => rmSync(folder, { recursive: true }));

const EPOCH = BigInt(EPOCH_SECONDS) * 1_000_000_000n;

function put(octets: Uint8Array): string {
  const path = join(folder, `x${Math.random()}.pcap`);
  writeFileSync(path, octets);
  return path;
}

/** Records of `length` octets, a millisecond apart. */
function records(count: number, length: number): TestRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    data: new Uint8Array(length).fill(index),
    time: (index + 1) * 1_000_000,
  }));
}

const after = (count: number) => ({ first: EPOCH + 1_000_000n, last: EPOCH + BigInt(count) * 1_000_000n });

describe.each([
  ['few packets', 5, 100],
  ['more than is read at either end', 4000, 1400],
  ['long packets', 30, 200_000],
])('%s', (_, count, length) => {
  test.each<[string, Uint8Array]>([
    ['pcap', pcap(records(count, length))],
    ['pcap, big-endian, nanoseconds', pcap(records(count, length), { bigEndian: true, nanoseconds: true })],
    ['pcapng', pcapng(records(count, length))],
    [
      'pcapng, big-endian, nanoseconds',
      pcapng(records(count, length), { bigEndian: true, interfaces: [{ resolution: 9 }] }),
    ],
  ])('%s', async (_, octets) => {
    expect(await peek(put(octets))).toMatchObject({ ...after(count), linkType: 1 });
  });
});

test('the latest of several interfaces, which need not be the last', async () => {
  const some = records(40, 100).map((record, index) => ({ ...record, interfaceId: index % 2 }));
  const [last, before] = [some.pop()!, some.pop()!];
  expect(await peek(put(pcapng([...some, last, before], { interfaces: [{}, { resolution: 9 }] })))).toMatchObject(
    after(40),
  );
});

test('the end is cut off: the last whole record', async () => {
  const octets = pcap(records(4000, 1400));
  expect(await peek(put(octets.subarray(0, octets.length - 10)))).toMatchObject(after(3999));
});

test('compressed: the beginning alone', async () => {
  expect(await peek(put(gzipSync(pcap(records(3, 100)))))).toMatchObject({
    first: after(3).first,
    last: null,
    linkType: 1,
  });
});

test('without packets', async () => {
  expect(await peek(put(pcap([])))).toMatchObject({ first: null, last: null, linkType: null });
});

test('octets that are no record at the end: it is not known', async () => {
  const octets = pcap(records(4000, 1400));
  octets.fill(0xff, octets.length - 1_200_000);
  expect(await peek(put(octets))).toMatchObject({ first: after(1).first, last: null });
});

test('no capture', async () => {
  await expect(peek(put(new Uint8Array(100).fill(1)))).rejects.toThrow('not a packet capture');
  await expect(peek(put(new Uint8Array(0)))).rejects.toThrow('empty');
});
