/** The re-encoding matrix: the same packets under every link type and tunnel give the same causes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/index.js';
import { linkTypeName } from '../../src/packet/link-types.js';
import { pcap } from '../support/captures.js';
import { decode } from '../support/decoding.js';
import { ENCAPSULATIONS, wifi } from '../support/encapsulations.js';
import { octets, option, tcpPacket } from '../support/packets.js';
import { readRecording } from '../support/rewrite.js';

const FOUR = tcpPacket({ flags: 'R', seq: 4711, ttl: 61 });
const SIX = tcpPacket({ flags: 'R', seq: 4711, ttl: 61, source: 'fd00::1', destination: 'fd00::2' });
const plain = decode(FOUR).segment;
const MACS = { macSource: plain.macSource, macDestination: plain.macDestination };

describe.each(ENCAPSULATIONS)('$name', ({ linkType, wrap, withoutMac, trailer = 0 }) => {
  const macs = withoutMac ? {} : MACS;

  test.each([
    ['IPv4', FOUR],
    ['IPv6', SIX],
  ])('%s is found in it, with the addresses of the link', (_, frame) => {
    const { kind, segment } = decode(wrap(frame), { linkType });
    expect(kind).toBe('tcp');
    expect(segment).toMatchObject({ seq: 4711, ttl: 61, ...macs });
  });

  test('cut anywhere, it is no other packet', () => {
    const packet = wrap(tcpPacket({ flags: 'R', options: option.timestamps(1, 2) }));
    for (let length = 0; length < packet.length - 16 - trailer; length++) {
      const { kind } = decode(packet.subarray(0, length), { linkType, originalLength: packet.length });
      expect(['cut', 'other'], `${length} octets`).toContain(kind);
    }
  });

  test('the link type has a name', () => expect(linkTypeName(linkType)).toMatch(/[A-Z]/));
});

describe('what 802.11 does not show', () => {
  const frame = wifi(FOUR, 'up', octets(0, 0));
  const changed = (at: number, value: number) => {
    const copy = frame.slice();
    copy[at] = value;
    return decode(copy, { linkType: 105 }).kind;
  };

  test('encrypted frames, management, control and frames without data', () => {
    expect(changed(0, 0x88)).toBe('tcp');
    expect(changed(1, 0x41)).toBe('other');
    expect(changed(0, 0x80)).toBe('other');
    expect(changed(0, 0xb4)).toBe('other');
    expect(changed(0, 0xc8)).toBe('other');
  });

  test('fragments, the first among them', () => {
    expect(changed(1, 0x05)).toBe('link-fragment');
    expect(changed(22, 0x01)).toBe('link-fragment');
  });
});

test.each([false, true])('every packet of an aggregated frame is told, with two readings (%s) too', async (twoPass) => {
  const subframe = (frame: Uint8Array) =>
    octets(frame.subarray(0, 12), [frame.length - 6, 2], [0xaaaa03, 3], [0, 3], frame.subarray(12));
  const exchange = (port: number): readonly [Uint8Array, Uint8Array] => [
    tcpPacket({ flags: 'S', seq: 7, sourcePort: port }),
    tcpPacket({
      flags: 'RA',
      ack: 8,
      window: 0,
      source: '10.0.0.2',
      destination: '10.0.0.1',
      sourcePort: 80,
      destinationPort: port,
    }),
  ];
  const [one, other] = [exchange(41_000), exchange(42_000)];
  const both = (a: Uint8Array, b: Uint8Array) => {
    const header = wifi(a, 'down', octets(0x80, 0)).subarray(0, 26);
    const first = subframe(a);
    return octets(header, first, new Uint8Array(-first.length & 3), subframe(b));
  };
  const file = pcap(
    [both(one[0], other[0]), both(one[1], other[1])].map((data, index) => ({ time: index * 1e6, data })),
    { linkType: 105 },
  );
  const rereadable = {
    octets: file.length,
    async *[Symbol.asyncIterator]() {
      yield file;
    },
  };
  const { verdicts, captures } = await diagnose(rereadable, { readings: twoPass ? 2 : 1 });
  const plain = await diagnose(pcap([one[0], other[0], one[1], other[1]]));
  expect(plain.verdicts).toHaveLength(2);
  expect(verdicts.map(({ reset, cause }) => [reset.rst.frame, cause.id])).toEqual(
    plain.verdicts.map(({ cause }) => [2, cause.id]),
  );
  expect(captures[0]).toMatchObject({ records: 2, resets: 2 });
});

const RECORDINGS = ['keepalive-race-after-fin', 'close-with-unread-data', 'closed-port.ipv6', 'forged-reset'];

describe.each(RECORDINGS)('%s in every coat', (name) => {
  const { packets, epoch } = readRecording(new URL(`../../captures/${name}.pcap`, import.meta.url).pathname);
  const start = Number(epoch % 1_000_000_000n);
  const file = (wrap: (frame: Uint8Array) => Uint8Array, linkType: number) =>
    pcap(
      packets.map(({ time, data }) => ({ time: start + time, data: wrap(data) })),
      { linkType, nanoseconds: true },
    );
  const causes = async (octetsOfFile: Uint8Array) =>
    (await diagnose(octetsOfFile)).verdicts.map(({ reset, cause, confidence }) => [
      reset.rst.frame,
      cause.id,
      confidence,
    ]);

  test.each(ENCAPSULATIONS)('$name: the same causes', async ({ wrap, linkType, withoutMac }) => {
    const expected = await causes(file((frame) => frame, 1));
    expect(expected).not.toEqual([]);
    const found = await causes(file(wrap, linkType));
    // Without addresses of the link one fact less is known: the confidence may be lower.
    const of = (list: typeof found) => (withoutMac ? list.map(([frame, cause]) => [frame, cause]) : list);
    expect(of(found)).toEqual(of(expected));
  });

  const missing = spawnSync('tshark', ['--version']).error !== undefined;
  // One recording of each family: it loads for every coat anew, and counts without looking at what the packets mean.
  const asked = name === 'keepalive-race-after-fin' || name === 'closed-port.ipv6';
  test.skipIf(missing || !asked)(`tshark counts as many RSTs${missing ? ' (tshark is not installed)' : ''}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'whyrst-coats-'));
    try {
      const expected = resets(
        folder,
        file((frame) => frame, 1),
      );
      expect(expected).toBeGreaterThan(0);
      for (const { name: coat, wrap, linkType } of ENCAPSULATIONS.filter((one) => !one.notInWireshark))
        expect([coat, resets(folder, file(wrap, linkType))]).toEqual([coat, expected]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function resets(folder: string, capture: Uint8Array): number | string {
  const path = join(folder, 'capture.pcap');
  writeFileSync(path, capture);
  const args = ['-r', path, '-Y', 'tcp.flags.reset == 1', '-T', 'fields', '-e', 'frame.number'];
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').length - 1 : stderr;
}
