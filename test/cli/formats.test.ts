/** `whyrst formats` says all that the code knows: each number there is is tried on the decoder, and told where it is taken. */

import { expect, test } from 'vitest';
import { COMPRESSIONS } from '../../src/capture/compressions.js';
import { PROBES } from '../../src/capture/probe.js';
import { formatTables } from '../../src/cli/format-tables.js';
import { formatNames } from '../../src/report/formats.js';
import { decode } from '../support/decoding.js';
import { ethernet, ipv4, octets } from '../support/packets.js';
import { whyrst } from './command.js';

const NUMBERS = Array.from({ length: 0x10000 }, (_, number) => number);
const hex = (number: number) => `0x${number.toString(16).padStart(4, '0')}`;

/** Of a packet that the capture cut: what is known wants more, what is not is other. */
const known = (packet: Uint8Array, linkType = 1) => decode(packet, { linkType, originalLength: 1000 }).kind !== 'other';
/** A packet of 500 octets of which nothing but the IPv4 header and what is given was captured. */
const behind = (protocol: number, start = octets()) =>
  ethernet({}, ipv4({ protocol, totalLength: 500 }, start).subarray(0, 20 + start.length));
const toPort = (port: number) => octets([50_000, 2], [port, 2], [480, 2], [0, 2]);
/** Nothing; a UDP header, which alone does not tell whether it is a tunnel's; what ICMP and ICMPv6 call unreachable. */
const STARTS = [octets(), toPort(4789), octets(3, 3, new Uint8Array(6)), octets(1, 4, new Uint8Array(6))];

/** What the command prints under a title that begins so, by lines. */
async function printed(title: string): Promise<readonly string[]> {
  const { stdout, status } = await whyrst(['formats'], { env: { COLUMNS: '200' } });
  expect(status).toBe(0);
  const block = stdout.split('\n\n').find((text) => text.startsWith(title));
  expect(block, title).toBeDefined();
  return (block ?? '').trimEnd().split('\n').slice(1);
}
const first = (lines: readonly string[]) => lines.map((line) => line.trim().split(/ +/)[0]).sort();

test.each<[string, (number: number) => boolean, (number: number) => string]>([
  ['Link types', (n) => decode(new Uint8Array(60), { linkType: n }).kind !== 'unknown-link', String],
  ['Behind an EtherType', (n) => n >= 0x600 && known(octets(new Uint8Array(12), [n, 2])), hex],
  ['Behind a PPP', (n) => (n & 0x101) === 1 && known(octets([0xff03, 2], [n, 2]), 9), hex],
  ['Behind an IP', (n) => n < 256 && STARTS.some((start) => known(behind(n, start))), String],
  ['Tunnels in UDP', (n) => known(behind(17, toPort(n))), String],
])('%s: all that the decoder takes, and nothing else', async (title, taken, told) => {
  expect(first(await printed(title))).toEqual(NUMBERS.filter(taken).map(told).sort());
});

test('GRE: what the decoder takes is an EtherType of the list or stands there', async () => {
  const taken = NUMBERS.filter((n) => known(behind(47, octets([0, 2], [n, 2])))).map(hex);
  const told = [...first(await printed('Tunnels in GRE')), ...first(await printed('Behind an EtherType'))];
  expect(taken.filter((type) => !told.includes(type))).toEqual([]);
  expect(first(await printed('Tunnels in GRE')).filter((type) => !taken.includes(type ?? ''))).toEqual([]);
});

test('captures, compressions and reports', async () => {
  const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);
  const beginsWith = (lines: readonly string[], wanted: readonly string[]) => {
    expect(lines.length).toBeGreaterThanOrEqual(wanted.length);
    for (const name of wanted) expect(lines.some((line) => line.trim().startsWith(name))).toBe(true);
  };
  const compressions = new Set<string>(names(COMPRESSIONS));
  beginsWith(await printed('Captures'), names(PROBES.filter(({ open }) => open !== undefined)));
  beginsWith(await printed('Compressions'), [...compressions]);
  beginsWith(
    await printed('Known, but not read'),
    names(PROBES.filter(({ open, name }) => open === undefined && !compressions.has(name))),
  );
  beginsWith(await printed('Reports'), formatNames);
});

test('on a narrow screen no line is wider than it', async () => {
  const { stdout } = await whyrst(['formats'], { env: { COLUMNS: '80' } });
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(stdout.length).toBeGreaterThan(formatTables().length * 20);
});
