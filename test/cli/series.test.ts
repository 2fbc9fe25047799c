/** A rotated series, folders and lists of files, in every command that reads captures. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readAll } from '../support/captures.js';
import { capture, readRecording } from '../support/rewrite.js';
import { cutIntoFiles, withRunNumbers } from '../support/series.js';
import { CAPTURES, whyrst } from './command.js';

const root = mkdtempSync(join(tmpdir(), 'whyrst-series-'));
afterAll(() => rmSync(root, { recursive: true }));
let cwd = '';
let folders = 0;
beforeEach(() => {
  cwd = join(root, `${folders++}`);
  mkdirSync(cwd);
});

const { packets, epoch } = readRecording(join(CAPTURES, 'process-exit.pool-of-100.pcap'));
const FILES = 40;
const size = Math.floor(packets.length / FILES);
const sizes = Array.from({ length: FILES }, (_, i) => (i === FILES - 1 ? packets.length - size * (FILES - 1) : size));

/** As tcpdump -C names them. */
function series(): string[] {
  writeFileSync(join(cwd, 'whole.cap'), capture(packets, epoch));
  return cutIntoFiles(packets, sizes, epoch).map((octets, index) => {
    const name = `x.pcap${index || ''}`;
    writeFileSync(join(cwd, name), octets);
    return name;
  });
}

const run = (...args: string[]) => whyrst(args, { cwd });
const squeezed = (text: string) => text.replace(/\s+/g, ' ');

describe('40 files of one capture', () => {
  test.each([
    ['named in any order', (names: string[]) => [...names].reverse()],
    ['as a pattern', () => ['x.pcap*']],
    ['as a pattern, surveyed first', () => ['x.pcap*', '--two-pass']],
  ])('are told as the capture, %s', async (_, args) => {
    const names = series();
    const one = await run('whole.cap');
    const many = await run(...args(names));
    expect(many.stderr).toBe('');
    expect(many.status).toBe(0);
    const own = withRunNumbers(squeezed(many.stdout), sizes)
      .replace(`${FILES} files, `, '')
      .replace(/ (\d+) is frame \d+ of x\.pcap\d*/, '')
      .replace("'x.pcap*'", 'whole.cap');
    expect(own).toBe(squeezed(one.stdout));
  });

  test('--separate: each by itself', async () => {
    series();
    const { captures } = JSON.parse((await run('x.pcap*', '--separate', '-f', 'json', '-q')).stdout);
    expect(captures).toHaveLength(FILES);
  });

  test('a missing one in the middle is said', async () => {
    series();
    unlinkSync(join(cwd, 'x.pcap17'));
    const { stdout } = await run('x.pcap*');
    expect(squeezed(stdout)).toContain(
      'Warning: x.pcap17 is missing: nothing was read between x.pcap16 and x.pcap18, ',
    );
    expect(squeezed(stdout)).toContain('39 files, ');
  });

  test('show draws a connection across the borders', async () => {
    series();
    const [, frame = ''] = /here: whyrst show 'x\.pcap\*' (\d+:\d+)/.exec((await run('x.pcap*')).stdout) ?? [];
    const [file, own] = frame.split(':').map(Number) as [number, number];
    const whole = String(size * (file - 1) + own);
    const many = (await run('show', 'x.pcap*', frame)).stdout;
    // A long name widens its column.
    const drawn = (text: string) =>
      withRunNumbers(squeezed(text), sizes).replace(/[─ ]+/g, ' ').replaceAll('* ', '*').split('wireshark')[0];
    expect(drawn(many)).toBe(drawn((await run('show', 'whole.cap', whole)).stdout));
    const unnamed = await run('show', 'x.pcap*', '5');
    expect(unnamed.status).toBe(2);
    expect(unnamed.stderr).toContain('show: frame 5 of which file? x.pcap* is 40 files');
    expect((await run('show', 'x.pcap*', '41:5')).stderr).toContain('there is no file 41: x.pcap* is 40 files');
    expect((await run('show', 'x.pcap*', '3:500')).stderr).toContain(
      `there is no frame 3:500: x.pcap2 holds ${size} packets`,
    );
  });

  test('extract writes a connection of several files whole', async () => {
    series();
    await run('extract', 'x.pcap*', '-o', 'many', '-q');
    await run('extract', 'whole.cap', '-o', 'one', '-q');
    const [name] = readdirSync(join(cwd, 'many')) as [string];
    const [other] = readdirSync(join(cwd, 'one')) as [string];
    expect(name).toMatch(/^x\.frame-\d+-\d+\.process-exit\.pcap$/);
    expect(readFileSync(join(cwd, 'many', name)).equals(readFileSync(join(cwd, 'one', other)))).toBe(true);
  });

  test('annotate copies every file, each with its own frames', async () => {
    series();
    const { stderr } = await run('annotate', 'x.pcap*', '-o', 'out');
    expect(stderr).toMatch(/^whyrst: 40 captures written to out; \d+ frames bear a comment; /);
    const copies = readdirSync(join(cwd, 'out'));
    expect(copies).toHaveLength(FILES);
    expect(copies).toContain('x.pcap39.pcapng');
    const { records } = readAll(readFileSync(join(cwd, 'out', 'x.pcap3.pcapng')));
    expect(records).toHaveLength(size);
    const text = copies.map((name) => readFileSync(join(cwd, 'out', name), 'latin1')).join('');
    expect(text.match(/whyrst: process-exit/g)).toHaveLength(1);
  });

  test('check: the expectations of a series are those of its first file', async () => {
    series();
    expect((await run('check', '--update', '--exact', 'x.pcap*')).stdout).toBe('written  x.pcap.expect\n');
    expect(readFileSync(join(cwd, 'x.pcap.expect'), 'utf8')).toMatch(/ frame \d+:\d+\n/);
    const checked = await run('check', 'x.pcap*');
    expect(checked.stdout).toContain('1 capture: 1 as expected');
    // A file with its own is meant to be looked at by itself.
    writeFileSync(join(cwd, 'x.pcap7.expect'), 'none\n');
    expect((await run('check', 'x.pcap*')).stdout).toContain('40 captures: ');
  });

  test('--anonymize hides the names of all files', async () => {
    series();
    const { stdout } = await run('x.pcap*', '--anonymize', '--anonymize-key', 'k', '-f', 'json', '-q');
    expect(stdout).not.toContain('x.pcap');
    expect(JSON.parse(stdout).resets[0].file).toMatch(/^capture-1-\d+\.pcap\d*$/);
  });
});

describe('what is given', () => {
  const [first = '', second = ''] = ['closed-port.pcap', 'abortive-close.pcap'];
  const put = (name: string, from: string) => {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), readFileSync(join(CAPTURES, from)));
  };
  const filesOf = async (...args: string[]) => {
    const { stdout, stderr } = await run(...args, '-f', 'json', '-q');
    return stdout === '' ? stderr : JSON.parse(stdout).captures.map(({ file }: { file: string }) => file);
  };

  test('a folder: the captures in it and below', async () => {
    put('in/a.pcap', first);
    put('in/deep/b.pcap', second);
    put('in/.hidden/c.pcap', second);
    writeFileSync(join(cwd, 'in/notes.txt'), '10:00:00.1 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [R]');
    expect(await filesOf('in')).toEqual(['in/a.pcap', 'in/deep/b.pcap']);
    mkdirSync(join(cwd, 'none'));
    expect(await filesOf('none')).toBe('whyrst: none holds no capture: no file in it or below is a pcap or pcapng\n');
  });

  test('a list, of lines or with NUL', async () => {
    put('a b.pcap', first);
    put('c.pcap', second);
    writeFileSync(join(cwd, 'lines'), 'a b.pcap\nc.pcap\n');
    writeFileSync(join(cwd, 'nul'), 'a b.pcap\0c.pcap\0');
    expect(await filesOf('--files-from', 'lines')).toEqual(['a b.pcap', 'c.pcap']);
    expect(await filesOf('--files-from', 'nul', 'c.pcap')).toEqual(['c.pcap', 'a b.pcap']);
    writeFileSync(join(cwd, 'empty'), '\n');
    expect(await filesOf('--files-from', 'empty')).toContain('--files-from empty: it lists no file');
    expect(await filesOf('--files-from', 'no')).toContain('--files-from no: no such file');
  });

  test('a pattern that matches nothing', async () => {
    expect(await filesOf('*.pcap')).toBe('whyrst: *.pcap matches no file\n');
  });

  test('--name: what standard input is called', async () => {
    const stdin = readFileSync(join(CAPTURES, first));
    const { stdout } = await whyrst(['-', '--name', 'incident 7', '-f', 'json'], { cwd, stdin });
    expect(JSON.parse(stdout).captures[0].file).toBe('incident 7');
    put('a.pcap', first);
    expect(await filesOf('a.pcap', '--name', 'x')).toContain('--name is the name of standard input');
  });

  test('--join: one run whatever the names, unless they overlap', async () => {
    put('a.pcap', first);
    put('b.pcap', second);
    const { captures } = JSON.parse((await run('b.pcap', 'a.pcap', '--join', '-f', 'json', '-q')).stdout);
    expect(captures.map(({ file, files }: { file: string; files: unknown[] }) => [file, files.length])).toEqual([
      ['*.pcap', 2],
    ]);
    put('a2.pcap', first);
    expect(await filesOf('a.pcap', 'a2.pcap', '--join')).toMatch(/--join: a2?\.pcap and a2?\.pcap overlap in time/);
    expect(await filesOf('a.pcap', 'b.pcap', '--join', '--separate')).toContain('say the opposite');
    expect(await filesOf('a.pcap', '-', '--join')).toContain('standard input cannot be part');
  });

  test('a file that cannot be read does not keep the others of a series from being one run', async () => {
    const names = series().slice(0, 3);
    writeFileSync(join(cwd, 'x.pcap1'), '');
    const { status, stdout, stderr } = await run(...names, '-f', 'json', '-q');
    expect(status).toBe(2);
    expect(stderr).toBe('whyrst: x.pcap1: the file is empty\n');
    expect(JSON.parse(stdout).captures).toMatchObject([{ files: [{ file: 'x.pcap' }, { file: 'x.pcap2' }] }]);
  });
});
