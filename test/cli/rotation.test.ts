/** A rotation as tcpdump -C writes it: forty files of a megabyte are told as the capture that they were cut from. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
// @ts-expect-error plain JavaScript, as the benchmark runs it
import { writeTraffic } from '../bench/traffic.mjs';
import { readRecording } from '../support/rewrite.js';
import { cutIntoFiles, withRunNumbers } from '../support/series.js';
import { whyrst } from './command.js';

const cwd = mkdtempSync(join(tmpdir(), 'whyrst-rotation-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const WHOLE = 'whole.cap';
/** Some forty megabytes, 193 resets among them. */
const PACKETS = 143_000;
/** What tcpdump -C 1 writes before it begins the next file. */
const MEGABYTE = 1_000_000;

const run = async (...args: string[]) => {
  const { stdout, stderr, status } = await whyrst([...args, '-q'], { cwd });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
};

beforeAll(() => {
  writeTraffic(join(cwd, WHOLE), 'big', PACKETS);
  // As root it would become another user, who may not write here.
  const user = process.getuid?.() === 0 ? ['-Z', 'root'] : [];
  const args = [...user, '-r', join(cwd, WHOLE), '-w', join(cwd, 'x.pcap'), '-C', '1'];
  const { error, status } = spawnSync('tcpdump', args);
  if (error === undefined && status === 0) return;
  const { packets, epoch } = readRecording(join(cwd, WHOLE));
  const sizes: number[] = [];
  let octets = MEGABYTE;
  for (const { data } of packets) {
    if (octets >= MEGABYTE) {
      sizes.push(0);
      octets = 24;
    }
    sizes.push((sizes.pop() ?? 0) + 1);
    octets += 16 + data.length;
  }
  for (const [index, file] of cutIntoFiles(packets, sizes, epoch).entries())
    writeFileSync(join(cwd, `x.pcap${index || ''}`), file);
}, 0);

interface Told {
  readonly captures: readonly { readonly files?: readonly { readonly file: string; readonly records: number }[] }[];
}

/** The report with files and frames named as in the one capture. */
function asOne(json: string): string {
  const told = JSON.parse(json) as Told;
  const files = told.captures[0]?.files ?? [];
  const sizes = files.map(({ records }) => records);
  const before = new Map(
    files.map(({ file }, index) => [file, sizes.slice(0, index).reduce((sum, one) => sum + one, 0)]),
  );
  return JSON.stringify(told, (key, value) => {
    // A filter is typed in one file and names the frames that are in it.
    if (key === 'files' || key === 'filter') return undefined;
    if (typeof value === 'string')
      return before.has(value) || value === 'x.pcap*' ? WHOLE : withRunNumbers(value, sizes);
    if (typeof value?.file !== 'string' || typeof value.frame !== 'number') return value;
    return { ...value, frame: value.frame + (before.get(value.file) ?? 0) };
  });
}

test('the report is that of the capture, but for the names of frames', async () => {
  const names = readdirSync(cwd).filter((name) => name.startsWith('x.pcap'));
  expect(names.length).toBeGreaterThanOrEqual(40);
  const one = await run('-f', 'json', WHOLE);
  expect(JSON.parse(one).resets.length).toBeGreaterThan(150);
  const many = await run('-f', 'json', ...names.reverse());
  expect(JSON.parse(many).captures).toHaveLength(1);
  expect(asOne(many)).toBe(asOne(one));
  expect(await run('-f', 'json', '--two-pass', 'x.pcap*')).toBe(await run('-f', 'json', 'x.pcap*'));
});

test('a file that is missing in the middle is said', async () => {
  renameSync(join(cwd, 'x.pcap20'), join(cwd, 'elsewhere'));
  const { captures } = JSON.parse(await run('-f', 'json', 'x.pcap*'));
  renameSync(join(cwd, 'elsewhere'), join(cwd, 'x.pcap20'));
  expect(captures).toHaveLength(1);
  expect(captures[0].warnings.map(({ text }: { text: string }) => text).join('\n')).toContain(
    'x.pcap20 is missing: nothing was read between x.pcap19 and x.pcap21, ',
  );
  expect(readFileSync(join(cwd, 'x.pcap20')).length).toBeGreaterThan(MEGABYTE / 2);
});
