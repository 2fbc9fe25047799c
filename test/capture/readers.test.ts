import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, EPOCH_SECONDS, pcap, pcapng, pcapngBlock, type ReadRecord, readAll } from '../support/captures.js';
import { octets, tcpPacket } from '../support/packets.js';

const PACKETS = [
  tcpPacket({ flags: 'S' }),
  { data: tcpPacket({ flags: 'SA', payload: 'odd' }), time: 1_234_567_000 },
  { data: tcpPacket({ payload: 'x'.repeat(1460) }).subarray(0, 100), time: 1_234_568_000, originalLength: 1514 },
  { data: tcpPacket({ flags: 'R' }), time: 1_234_560_000 },
  { data: new Uint8Array(0), time: 100 * 86_400e9 },
];

/** What every shape of the same capture has in common. */
function essence(records: readonly ReadRecord[]): unknown[] {
  return records.map(({ frame, time, octets: data, originalLength, linkType }) => [
    frame,
    time,
    [...data],
    originalLength,
    linkType,
  ]);
}

describe('every shape of a capture gives the same records', () => {
  const expected = essence(readAll(pcap(PACKETS)).records);
  test('… of which there are five, with their times', () => {
    expect(expected.map((record) => (record as number[])[1])).toEqual([0, 1.234567e9, 1.234568e9, 1.23456e9, 8.64e15]);
    expect(expected.map((record) => (record as number[])[3])).toEqual([54, 57, 1514, 54, 0]);
  });

  const shapes: Record<string, Uint8Array> = {
    'pcap, big-endian': pcap(PACKETS, { bigEndian: true }),
    'pcap in nanoseconds': pcap(PACKETS, { nanoseconds: true }),
    'pcap in nanoseconds, big-endian': pcap(PACKETS, { nanoseconds: true, bigEndian: true }),
    'modified pcap': pcap(PACKETS, { modified: true }),
    'pcap with FCS bits and reserved bits in its link type': pcap(PACKETS, { linkType: 0xf7ff0001 }),
    pcapng: pcapng(PACKETS),
    'pcapng, big-endian': pcapng(PACKETS, { bigEndian: true }),
    'pcapng in nanoseconds': pcapng(PACKETS, { interfaces: [{ resolution: 9 }] }),
    'pcapng in picoseconds': pcapng(PACKETS.map((packet) => packet).slice(0, 4), {
      interfaces: [{ resolution: 12, offset: EPOCH_SECONDS - 1 }],
    }),
    'pcapng with an offset': pcapng(PACKETS, { interfaces: [{ offset: 1_600_000_000 }] }),
    'pcapng with a negative offset': pcapng(PACKETS, { interfaces: [{ offset: -3600 }] }),
    'pcapng of obsolete packet blocks': pcapng(PACKETS, { block: 'obsolete' }),
    'pcapng with unknown blocks in between': pcapng(PACKETS, {
      between: [
        pcapngBlock(0x0bad, octets('four')),
        pcapngBlock(0x80000001, new Uint8Array(70_000)),
        pcapngBlock(10, octets()),
      ],
    }),
  };
  for (const [name, file] of Object.entries(shapes)) {
    test(name, () => {
      const { records, info } = readAll(file);
      expect(essence(records)).toEqual(expected.slice(0, records.length));
      expect(records.length).toBe(name.includes('pico') ? 4 : 5);
      expect(info.epoch).toBe(BigInt(EPOCH_SECONDS) * 1_000_000_000n);
      expect(info.linkTypes).toEqual([1]);
      expect(info.warnings).toEqual([]);
    });
    test(`${name}, in any chunks`, () => {
      const whole = readAll(file);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }), (sizes) => {
          expect(readAll(file, sizes)).toEqual(whole);
        }),
        { numRuns: file.length > 10_000 ? 4 : 25, examples: [[[1]]] },
      );
    });
  }

  test('chunks that are pushed before they are asked for lose nothing', () => {
    const file = pcap(PACKETS);
    const { records } = readAll(concat([file]), [file.length]);
    expect(essence(records)).toEqual(expected);
  });
});

describe('pcapng', () => {
  test('several interfaces: link type, resolution and snaplen of their own; direction', () => {
    const file = pcapng(
      [
        { data: octets(1), time: 5_000, interfaceId: 1, direction: 2 },
        { data: octets(2), time: 7_000, interfaceId: 0, direction: 1 },
        { data: octets(3), time: 9_001, interfaceId: 1 },
      ],
      {
        interfaces: [
          { linkType: 113, snaplen: 96 },
          { linkType: 101, resolution: 9 },
        ],
      },
    );
    const { records, info } = readAll(file);
    expect(records.map((r) => [r.time, r.linkType, r.interfaceId, r.direction])).toEqual([
      [0, 101, 1, 2],
      [2_000, 113, 0, 1],
      [4_001, 101, 1, 0],
    ]);
    expect(info.linkTypes).toEqual([101, 113]);
    expect(info.snaplen).toBe(262_144);
  });

  test('several sections, each with its byte order; interfaces are counted on', () => {
    const file = concat([
      pcapng([{ data: octets(1), time: 0 }]),
      pcapng([{ data: octets(2), time: 3_000 }], { bigEndian: true, interfaces: [{ linkType: 276, resolution: 9 }] }),
    ]);
    expect(readAll(file).records.map((r) => [r.frame, r.time, r.linkType, r.interfaceId])).toEqual([
      [1, 0, 1, 0],
      [2, 3_000, 276, 1],
    ]);
  });

  test('a resolution that is a power of two', () => {
    const file = pcapng(
      [
        { data: octets(1), time: 0 },
        { data: octets(2), time: 500_000_000 },
      ],
      {
        interfaces: [{ resolution: 0x80 | 10 }],
      },
    );
    const { records, info } = readAll(file);
    expect(records[1]?.time).toBe(500_000_000);
    expect(info.epoch).toBe(BigInt(EPOCH_SECONDS) * 1_000_000_000n);
  });

  test('nanoseconds survive where float64 since 1970 would lose them', () => {
    const file = pcapng(
      [
        { data: octets(1), time: 1 },
        { data: octets(2), time: 8_640_000_000_000_003 },
      ],
      {
        interfaces: [{ resolution: 9 }],
      },
    );
    const { records, info } = readAll(file);
    expect(records[1]?.time).toBe(8_640_000_000_000_002);
    expect(info.epoch).toBe(BigInt(EPOCH_SECONDS) * 1_000_000_000n + 1n);
  });

  test('simple packet blocks have no time: a warning, and the snaplen gives their length', () => {
    const file = pcapng([tcpPacket(), { data: octets(1, 2, 3, 4, 5), originalLength: 60 }], {
      block: 'simple',
      interfaces: [{ snaplen: 60 }],
    });
    const { records, info } = readAll(file);
    expect(records.map((r) => [r.octets.length, r.originalLength, r.time])).toEqual([
      [54, 54, 0],
      [8, 60, 0],
    ]);
    expect(info.warnings).toMatchObject([{ code: 'no-timestamp', count: 2, frame: 1 }]);
    expect(info.epoch).toBe(0n);
  });

  test('what the capture says it dropped is summed over interfaces', () => {
    const statistics = (id: number, ifdrop: number, osdrop: number) =>
      pcapngBlock(
        5,
        octets([0, 3], id, [0, 4], [0, 4], [5, 2], [8, 2], [ifdrop, 8], [7, 2], [8, 2], [osdrop, 8]),
        true,
      );
    const file = concat([
      pcapng([tcpPacket()], { bigEndian: true, interfaces: [{}, {}] }),
      statistics(0, 3, 4),
      statistics(0, 10, 4),
      statistics(1, 0, 2),
      statistics(9, 1, 1),
    ]);
    expect(readAll(file).info.dropped).toBe(16);
  });
});

describe('modified pcap', () => {
  test('has interface and direction', () => {
    const { records } = readAll(pcap([{ data: octets(1), interfaceId: 7, direction: 2 }], { modified: true }));
    expect(records[0]).toMatchObject({ interfaceId: 7, direction: 2 });
  });
});
