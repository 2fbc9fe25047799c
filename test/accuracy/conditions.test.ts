/** The conditions of `npm run accuracy`, on a conversation that can be read at a glance. */
import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../bench/random.mjs';
import { decode, fieldsOf } from '../support/decoding.js';
import { linuxCooked2, tcpPacket } from '../support/packets.js';
import {
  type CapturedPacket,
  CONDITIONS,
  cookedV1,
  cookedV2,
  oneDirection,
  onlyWith,
  qinq,
  reordered,
  shuffled,
  snaplen,
  thinned,
  twiceAroundRouter,
  twiceOnAny,
  vlan,
  withoutHandshakes,
} from './conditions.mjs';
import { RST, SYN, segment } from './packet.mjs';

type Step = readonly [from: 'client' | 'server', flags: string, milliseconds: number];

const CLIENT = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40_000, destinationPort: 80 };
const SERVER = { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80, destinationPort: 40_000 };

const packet = (frame: number, time: number, data: Uint8Array, linkType = 1): CapturedPacket => ({
  frame,
  time,
  data,
  originalLength: data.length,
  linkType,
  interfaceId: 0,
  direction: 0,
});

function conversation(steps: readonly Step[]): CapturedPacket[] {
  return steps.map(([from, flags, milliseconds], i) => {
    const way =
      from === 'client'
        ? { ...CLIENT, sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' }
        : { ...SERVER, sourceMac: '02:00:00:00:00:02', destinationMac: '02:00:00:00:00:01' };
    return packet(
      i + 1,
      milliseconds * 1e6,
      tcpPacket({ ...way, flags, seq: 1000 + i, payload: flags === 'PA' ? 'data' : '' }),
    );
  });
}

const STEPS: readonly Step[] = [
  ['client', 'S', 0],
  ['server', 'SA', 0.5],
  ['client', 'A', 1],
  ['client', 'PA', 10],
  ['server', 'A', 10.1],
  ['server', 'RA', 30],
];
const RECORDS = conversation(STEPS);
const frames = (records: readonly CapturedPacket[]) => records.map(({ frame }) => frame);
const fields = ({ data, linkType }: CapturedPacket) => {
  const { kind, segment: s } = decode(data, { linkType });
  expect(kind).toBe('TCP'.toLowerCase());
  return fieldsOf(s);
};

describe('what is missing', () => {
  test('snaplen cuts the octets and keeps the length', () => {
    const cut = snaplen(RECORDS, 54);
    expect(cut.map(({ data }) => data.length)).toEqual([54, 54, 54, 54, 54, 54]);
    expect(cut[3]?.originalLength).toBe(58);
  });

  test('the handshake goes, with everything up to its third packet', () => {
    expect(frames(withoutHandshakes(RECORDS))).toEqual([4, 5, 6]);
  });

  test('a reset within the handshake stays, and so does a later life', () => {
    const refused = conversation([
      ['client', 'S', 0],
      ['server', 'RA', 1],
      ['client', 'S', 500],
      ['server', 'SA', 501],
    ]);
    expect(frames(withoutHandshakes(refused))).toEqual([2, 3, 4]);
  });

  test('what began before the capture is whole already', () => {
    expect(frames(withoutHandshakes(RECORDS.slice(3)))).toEqual([4, 5, 6]);
  });

  test('one direction only', () => {
    expect(frames(oneDirection(RECORDS, 'client'))).toEqual([1, 3, 4]);
    expect(frames(oneDirection(RECORDS, 'server'))).toEqual([2, 5, 6]);
  });

  test('only segments with some control bits', () => {
    expect(frames(onlyWith(RECORDS, SYN | RST))).toEqual([1, 2, 6]);
    expect(frames(onlyWith(RECORDS, RST))).toEqual([6]);
  });
});

describe('what comes twice or elsewhere', () => {
  test('around a router: one hop on, by other MAC addresses, with a right checksum', () => {
    const twice = twiceAroundRouter(RECORDS);
    expect(frames(twice)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    const [one, copy] = [twice[6]!, twice[7]!];
    expect(copy.time - one.time).toBe(20_000);
    expect(fields(copy)['ttl']).toBe((fields(one)['ttl'] as number) - 1);
    expect(copy.data.subarray(0, 12)).not.toEqual(one.data.subarray(0, 12));
    expect(headerSum(copy.data.subarray(14, 34))).toBe(0xffff);
  });

  test('-i any: in by one interface, out by another, nothing else differs', () => {
    const twice = twiceOnAny(RECORDS);
    expect(frames(twice)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect(twice[0]?.data.subarray(20)).toEqual(twice[1]?.data.subarray(20));
    expect(twice.slice(0, 2).map(({ data }) => [data[7], data[10]])).toEqual([
      [2, 0],
      [3, 4],
    ]);
  });

  test('a recording of -i any is left as it is', () => {
    const any = [packet(1, 0, linuxCooked2(tcpPacket().subarray(14), 4, 7), 276)];
    expect(twiceOnAny(any)).toEqual(any);
    expect(cookedV2(any)).toEqual(any);
    expect(cookedV1(any)[0]?.data.subarray(0, 2)).toEqual(Uint8Array.of(0, 4));
  });

  test('neighbours within a millisecond change places, the clock does not', () => {
    const swapped = reordered(RECORDS);
    expect(frames(swapped)).toEqual([2, 1, 3, 5, 4, 6]);
    expect(swapped.map(({ time }) => time)).toEqual(RECORDS.map(({ time }) => time));
  });
});

describe('what chance does', () => {
  test('loses as many of a thousand as asked, and keeps the order', () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ ...RECORDS[0]!, frame: i + 1 }));
    const left = frames(thinned(many, 50, randomNumbers(7)));
    expect(left.length).toBeGreaterThan(1850);
    expect(left.length).toBeLessThan(1950);
    expect(left).toEqual([...left].sort((a, b) => a - b));
  });

  test('exchanges neighbours now and then', () => {
    const draws = [0, 999];
    expect(frames(shuffled(RECORDS, 500, () => draws.shift() ?? 999))).toEqual([2, 1, 3, 4, 5, 6]);
  });
});

describe('another wrapping holds the same segment', () => {
  test.each([
    ['VLAN', vlan, 4],
    ['QinQ', qinq, 8],
    ['cooked v1', cookedV1, 2],
    ['cooked v2', cookedV2, 6],
  ] as const)('%s', (_, wrap, longer) => {
    const wrapped = wrap(RECORDS);
    expect(wrapped.map(({ originalLength }) => originalLength)).toEqual(
      RECORDS.map((one) => one.originalLength + longer),
    );
    wrapped.forEach((record, i) => {
      const [a, b] = [fields(record), fields(RECORDS[i]!)];
      for (const name of ['seq', 'ack', 'control', 'window', 'ttl', 'ipId', 'payload'])
        expect(a[name]).toEqual(b[name]);
      expect(segment(record)?.key).toBe(segment(RECORDS[i]!)?.key);
    });
  });

  test('who sent the first packet is the host that captured', () => {
    expect(cookedV1(RECORDS).map(({ data }) => data[1])).toEqual([4, 0, 4, 4, 0, 0]);
    expect(cookedV2(RECORDS).map(({ data }) => data[10])).toEqual([4, 0, 4, 4, 0, 0]);
  });
});

test('conditions are pure, keep times in order and name the frame they came from', () => {
  const before = structuredClone(RECORDS);
  for (const { name, apply } of CONDITIONS) {
    const after = apply(RECORDS);
    expect(
      after.every(({ time }, i) => i === 0 || time >= after[i - 1]!.time),
      name,
    ).toBe(true);
    expect(
      after.every(({ frame }) => frame >= 1 && frame <= RECORDS.length),
      name,
    ).toBe(true);
  }
  expect(RECORDS).toEqual(before);
});

/** One's complement sum of an IPv4 header: 0xffff where the checksum is right. */
function headerSum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < header.length; i += 2) sum += (header[i]! << 8) | header[i + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
