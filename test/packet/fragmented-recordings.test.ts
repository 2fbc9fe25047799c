/** Recordings whose packets came in fragments give the causes that they gave whole, however they are read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { follow } from '../../src/follow.js';
import { diagnose } from '../../src/index.js';
import { wantedConnections } from '../../src/report/extraction.js';
import { render } from '../../src/report/render.js';
import { extracted } from '../../src/write/extract.js';
import { concat, readAll } from '../support/captures.js';
import { fragmented } from '../support/fragmented.js';
import { capture, essence, readRecording } from '../support/rewrite.js';

interface Rewritten {
  readonly file: Uint8Array;
  /** Frame of the recording by the frame that completes it here. */
  readonly frames: ReadonlyMap<number, number>;
}

/** The recording with each packet in fragments of at most so many octets; `keep` says which of them are captured. */
function inFragments(name: string, size: number, keep: (index: number) => boolean = () => true): Rewritten {
  const { packets, epoch } = readRecording(new URL(`../../captures/${name}.pcap`, import.meta.url).pathname);
  const frames = new Map<number, number>();
  const all = packets.flatMap((packet, index) => {
    // IPv4 packets keep their numbers, on which facts rest; IPv6 ones get some.
    const six = packet.data[14]! >> 4 === 6;
    const parts = fragmented(packet.data, size, six ? index + 1 : undefined).filter((_, part) => keep(part));
    return parts.map((data, part) => ({
      ...packet,
      time: packet.time + part * 1000,
      data,
      originalLength: data.length,
      original: index + 1,
    }));
  });
  all.sort((a, b) => a.time - b.time);
  for (const [index, { original }] of all.entries()) frames.set(index + 1, original);
  return { file: capture(all, epoch), frames };
}

const WHOLE = Number.POSITIVE_INFINITY;
const RECORDINGS = [
  'keepalive-race-after-fin',
  'close-with-unread-data',
  'closed-port.ipv6',
  'forged-reset',
  'abortive-close',
];
const SIZES = [16, 40, 512];

const rereadable = (octets: Uint8Array) => ({
  octets: octets.length,
  async *[Symbol.asyncIterator]() {
    yield octets;
  },
});

describe.each(RECORDINGS)('%s', (name) => {
  test.each(SIZES)('in fragments of %d octets', async (size) => {
    const { file, frames } = inFragments(name, size);
    const { verdicts, captures } = await diagnose(file);
    const whole = await diagnose(inFragments(name, WHOLE).file);
    expect(whole.verdicts).not.toEqual([]);
    // How the packets were numbered is another thing, and with it what rests on that.
    const told = ({ verdicts: list }: typeof whole, of = (frame: number) => frame) =>
      list.map(({ reset, role, cause, applications }) => [of(reset.rst.frame), role, cause.id, applications]);
    expect(told({ ...whole, verdicts }, (frame) => frames.get(frame)!)).toEqual(told(whole));
    expect(captures[0]).toMatchObject({
      segments: whole.captures[0]!.segments,
      resets: whole.captures[0]!.resets,
      warnings: whole.captures[0]!.warnings,
    });
  });

  test.each(SIZES)('… read twice and while it is recorded, of %d octets', async (size) => {
    for (const keep of [() => true, (part: number) => part === 0, (part: number) => part !== 1]) {
      const { file } = inFragments(name, size, keep);
      const once = render(await diagnose(file, { file: 'x' }), 'json');
      expect(render(await diagnose(rereadable(file), { readings: 2, file: 'x' }), 'json')).toBe(once);
    }
    const { file, frames } = inFragments(name, size);
    const seen: string[] = [];
    for await (const { reset, cause } of follow([file])) seen.push(`${frames.get(reset.rst.frame)} ${cause.id}`);
    const expected: string[] = [];
    for await (const { reset, cause } of follow([inFragments(name, WHOLE).file]))
      expected.push(`${reset.rst.frame} ${cause.id}`);
    expect(seen).toEqual(expected);
  });

  test('its connections are extracted with all fragments, in their order', async () => {
    const { file } = inFragments(name, 40);
    const { verdicts } = await diagnose(file);
    const parts: Uint8Array[] = [];
    for await (const { octets } of extracted(
      [file],
      wantedConnections(verdicts, () => 'x'),
      { application: 'test' },
    ))
      parts.push(octets);
    const { records, info } = readAll(concat(parts));
    const all = readAll(file);
    const shift = Number(info.epoch! - all.info.epoch!);
    const key = ({ time, octets }: { time: number; octets: Uint8Array }) =>
      `${time} ${Buffer.from(octets).toString('hex')}`;
    const places = records.map((record) =>
      all.records.findIndex((one) => key(one) === key({ ...record, time: record.time + shift })),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const again = await diagnose(concat(parts));
    expect(essence(again, (frame) => places[frame - 1]! + 1)).toEqual(essence({ ...again, verdicts }));
  });
});

test('of first fragments alone, as a filter for a port lets them through, the causes are told, and what is missing', async () => {
  const { file, frames } = inFragments('abortive-close', 40, (part) => part === 0);
  const { verdicts, captures } = await diagnose(file);
  const whole = await diagnose(inFragments('abortive-close', WHOLE).file);
  expect(verdicts.map(({ reset }) => frames.get(reset.rst.frame))).toEqual(
    whole.verdicts.map(({ reset }) => reset.rst.frame),
  );
  expect(captures[0]!.segments).toBe(whole.captures[0]!.segments);
  expect(captures[0]!.warnings.map(({ code }) => code)).toContain('fragment');
});

const missing = spawnSync('tshark', ['--version']).error !== undefined;
test.skipIf(missing)(
  `tshark sees each RST in the same frame${missing ? ' (tshark is not installed)' : ''}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whyrst-fragments-'));
    try {
      for (const name of ['forged-reset', 'closed-port.ipv6']) {
        const { file } = inFragments(name, 16);
        const path = join(folder, 'capture.pcap');
        writeFileSync(path, file);
        const args = ['-r', path, '-Y', 'tcp.flags.reset == 1', '-T', 'fields', '-e', 'frame.number'];
        const { stdout } = spawnSync('tshark', args, { encoding: 'utf8' });
        const frames = stdout.trim().split('\n').map(Number);
        const { verdicts } = await diagnose(file);
        const told = verdicts.flatMap(({ reset }) => [reset.rst.frame, ...(reset.copies ?? [])]);
        expect(told.sort((a, b) => a - b)).toEqual(frames);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
