import { describe, expect, test } from 'vitest';
import { openReader } from '../../src/capture/open.js';
import { CaptureError, CaptureRecord } from '../../src/capture/types.js';
import { concat, pcap, pcapng, pcapngBlock, readAll } from '../support/captures.js';
import { octets, tcpPacket } from '../support/packets.js';

const PACKETS = [tcpPacket({ flags: 'S' }), tcpPacket({ flags: 'RA' }), tcpPacket({ payload: 'hello' })];
const RECORD = 16 + 54;

function refusal(file: Uint8Array, chunk?: number): CaptureError {
  try {
    readAll(file, chunk ? [chunk] : undefined);
  } catch (error) {
    if (error instanceof CaptureError) return error;
    throw error;
  }
  throw new Error('was read');
}

describe('a classic capture', () => {
  test('cut anywhere gives a prefix of its records, and a warning unless it ends between two', () => {
    const file = pcap(PACKETS);
    const all = readAll(file).records;
    for (let length = 24; length <= file.length; length++) {
      const { records, info } = readAll(file.subarray(0, length), [37]);
      expect(records).toEqual(all.slice(0, records.length));
      expect(records.length).toBe(length === file.length ? 3 : Math.min(2, Math.floor((length - 24) / RECORD)));
      const whole = [0, RECORD, 2 * RECORD, file.length - 24].includes(length - 24);
      expect(info.warnings.map((warning) => warning.code)).toEqual(whole ? [] : ['cut-record']);
    }
  });

  test('the warning of a cut record names frame and octet', () => {
    const { info } = readAll(pcap(PACKETS).subarray(0, 24 + RECORD + 20));
    expect(info.warnings).toEqual([
      {
        code: 'cut-record',
        count: 1,
        frame: 2,
        text: 'the last record (frame 2, at octet 94) is cut off: the file ends inside it',
      },
    ]);
  });

  test('cut inside its header is an error', () => {
    for (let length = 4; length < 24; length++) {
      expect(refusal(pcap(PACKETS).subarray(0, length), 5)).toMatchObject({
        code: 'cut-header',
        needed: 24,
        had: length,
      });
    }
  });

  test('with a length that cannot be: everything before it, one warning, nothing buffered', () => {
    const file = pcap(PACKETS);
    new DataView(file.buffer).setUint32(24 + RECORD + 8, 0x7fffffff, true);
    const { records, info } = readAll(file, [50]);
    expect(records.length).toBe(1);
    expect(info.warnings).toMatchObject([{ code: 'corrupt-record', count: 1, frame: 2 }]);
    expect(info.warnings[0]?.text).toContain('frame 2 (at octet 94) claims 2147483647 captured octets');
  });

  test('whose header promises long records may have them, up to 16 MiB', () => {
    const long = new Uint8Array(300_000);
    expect(readAll(pcap([long], { snaplen: 300_000 }), [65_536]).records[0]?.octets.length).toBe(300_000);
    expect(readAll(pcap([long])).info.warnings).toMatchObject([{ code: 'corrupt-record' }]);
  });

  test('of a version that is not 2', () => {
    const file = pcap(PACKETS);
    file[4] = 3;
    expect(refusal(file)).toMatchObject({
      code: 'unsupported-format',
      message: 'pcap version 3.4 is not read, only 2.x',
    });
  });
});

describe('a pcapng capture', () => {
  test('cut anywhere gives a prefix of its records or an error about its header', () => {
    const file = pcapng(PACKETS, { between: [pcapngBlock(0x0bad, octets('unknown'))] });
    const all = readAll(file).records;
    for (let length = 1; length <= file.length; length++) {
      try {
        const { records, info } = readAll(file.subarray(0, length), [41]);
        expect(records).toEqual(all.slice(0, records.length));
        expect(info.warnings.length).toBeLessThan(2);
      } catch (error) {
        expect(error).toBeInstanceOf(CaptureError);
        expect(length).toBeLessThan(28);
      }
    }
  });

  test('with a block whose two lengths differ stops there', () => {
    const file = pcapng(PACKETS);
    const broken = concat([file.subarray(0, file.length - 1), octets(9)]);
    const { records, info } = readAll(broken);
    expect(records.length).toBe(2);
    expect(info.warnings).toMatchObject([{ code: 'corrupt-block', count: 1, frame: 3 }]);
  });

  test('with a packet block that contradicts itself loses that one only', () => {
    const one = pcapng([PACKETS[0]!]);
    const tooLong = pcapngBlock(6, octets([0, 4], [0, 4], [0, 4], [9, 1], 0, 0, 0, [9, 4], 1, 2, 3, 4));
    const noInterface = pcapngBlock(6, octets(5, [0, 3], [0, 8], 1, [0, 3], 1, [0, 3], 1, 2, 3, 4));
    const next = pcapng([PACKETS[1]!]);
    const { records, info } = readAll(concat([one, tooLong, noInterface, next]), [33]);
    expect(records.length).toBe(2);
    expect(info.warnings).toMatchObject([{ code: 'corrupt-block', count: 2 }]);
    expect(info.warnings[0]?.text).toContain('9 captured octets');
  });

  test('with a block that claims to be huge, or nothing, stops there', () => {
    for (const total of [0, 8, 13, 0x7ffffffc, 0xffffffff]) {
      const file = concat([pcapng([PACKETS[0]!]), octets(6, [0, 3]), little32(total), new Uint8Array(200)]);
      const { records, info } = readAll(file, [64]);
      expect(records.length).toBe(1);
      expect(info.warnings).toMatchObject([{ code: 'corrupt-block', frame: 2 }]);
    }
  });

  test('an unknown block may be of any length and is never held', () => {
    const reader = openReader();
    const record = new CaptureRecord();
    reader.push(concat([pcapng([PACKETS[0]!]), octets(0xad, 0x0b, 0, 0), little32(1_000_000_000)]));
    while (reader.next(record));
    const chunk = new Uint8Array(1 << 20);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 900; i++) {
      reader.push(chunk);
      expect(reader.next(record)).toBe(false);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
    reader.end();
    expect(reader.info.warnings).toMatchObject([{ code: 'cut-record' }]);
  });

  test('of a version that is not 1', () => {
    const file = pcapng(PACKETS);
    file[12] = 2;
    expect(refusal(file).message).toBe('the pcapng section header is of version 2.0, only 1.x is read');
  });
});

describe('what is no capture', () => {
  test('nothing at all', () => {
    expect(refusal(new Uint8Array(0))).toMatchObject({ code: 'empty', message: 'the file is empty' });
  });

  const cases: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['text', octets('GET / HTTP/1.1\r\n\r\n'), 'unknown-format', 'the text "GET / HTTP/1.1"'],
    ['a word', octets('hi'), 'unknown-format', 'the text "hi", and no line of it is a packet'],
    ['octets', octets(0x7f, 'ELF', 2, 1, 1, 0, new Uint8Array(40)), 'unknown-format', '7f 45 4c 46 02 01 01 00'],
    ['gzip', octets(0x1f, 0x8b, 8, new Uint8Array(20)), 'unsupported-format', 'gzip -dc'],
    ['zstd', octets(0x28, 0xb5, 0x2f, 0xfd, new Uint8Array(20)), 'unsupported-format', 'zstd -dc'],
    ['lz4', octets(4, 0x22, 0x4d, 0x18, new Uint8Array(20)), 'unsupported-format', 'lz4 -dc'],
    ['xz', octets(0xfd, '7zXZ', 0, new Uint8Array(20)), 'unsupported-format', 'xz -dc'],
    [
      'snoop of version 3',
      octets('snoop', 0, 0, 0, [3, 4], [4, 4]),
      'unsupported-format',
      'snoop version 3 is not read',
    ],
    ['snoop of token ring', octets('snoop', 0, 0, 0, [2, 4], [2, 4]), 'unsupported-format', "snoop's datalink type 2"],
    ['snoop that ends in its header', octets('snoop', 0, 0, 0, [2, 4]), 'cut-header', 'snoop header: 12 of 16'],
    ['NetMon', octets('GMBU', new Uint8Array(30)), 'unsupported-format', 'Microsoft NetMon 2'],
    ['ETL', octets([0x00000100, 4], [0x00000100, 4], new Uint8Array(30)), 'unsupported-format', 'etl2pcap'],
    ['pcapng sent as text', octets(0x0a, 0x0d, 0x0a, new Uint8Array(30)), 'unsupported-format', 'binary mode'],
  ];
  for (const [name, file, code, words] of cases) {
    test(name, () => {
      for (const chunk of [1, 7, 4096]) {
        const error = refusal(file, chunk);
        expect(error.code).toBe(code);
        expect(error.message).toContain(words);
        expect(error.message).not.toContain('\n');
      }
    });
  }
});

function little32(value: number): Uint8Array {
  return octets([value, 4]).reverse();
}
