/** Nothing that was there is lost: not to an output that is an input, nor to a full disk, a signal or an error. */

// Before whatever writes.
// biome-ignore assist/source/organizeImports: it replaces functions that the others keep
import { counted, inject } from '../support/fault.mjs';

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CAPTURES, MAIN, type Result, spawned, whyrst } from './command.js';

vi.setConfig({ testTimeout: 0 });

const RACE = 'keepalive-race-after-fin.pcap';
const CLOSED = 'closed-port.pcap';
const original = readFileSync(join(CAPTURES, RACE));
let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'whyrst-out-'));
  cpSync(join(CAPTURES, RACE), join(cwd, 'in.pcap'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const at = (name: string) => join(cwd, name);
const run = (...args: string[]) => whyrst(args, { cwd });
const shell = (script: string): Result => {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', W: `${process.execPath} ${MAIN}`, MAIN, NODE: process.execPath },
  });
  return { status, stdout, stderr };
};
const mode = (name: string) => (statSync(at(name)).mode & 0o777).toString(8);
const temporaries = (folder = cwd) => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

/** One line, exit 2, and the capture as it was. */
function expectRefused({ status, stdout, stderr }: Result, words: string): void {
  expect(stderr).toMatch(/^whyrst: [^\n]+\n$/);
  expect(stderr).toContain(words);
  expect([status, stdout]).toEqual([2, '']);
  expect(readFileSync(at('in.pcap')).equals(original)).toBe(true);
  expect(temporaries()).toEqual([]);
}

describe.sequential('an output that is an input is refused', () => {
  beforeEach(() => {
    linkSync(at('in.pcap'), at('hard.pcap'));
    symlinkSync('in.pcap', at('soft.pcap'));
    mkdirSync(at('sub'));
    symlinkSync('../soft.pcap', at('sub/far.json'));
  });

  test.each(['text', 'json', 'html'])('-f %s', async (format) => {
    expectRefused(await run('in.pcap', '-f', format, '-o', 'in.pcap'), 'in.pcap is the capture itself');
    expectRefused(
      await run('in.pcap', '-f', format, '-o', 'hard.pcap', '--force'),
      'hard.pcap is the same file as the capture in.pcap',
    );
  });

  test.each(['./in.pcap', 'hard.pcap', 'soft.pcap', 'sub/far.json', 'sub/../in.pcap'])('as %s', async (output) => {
    expectRefused(await run('in.pcap', '-o', output), output);
    expectRefused(await run('annotate', 'in.pcap', '-o', output), output);
    expectRefused(await run('hard.pcap', '-o', output), output);
  });

  test('any capture of the run, whichever is read first', async () => {
    cpSync(join(CAPTURES, CLOSED), at('a.pcap'));
    expectRefused(await run('a.pcap', 'in.pcap', '-o', 'hard.pcap'), 'the capture in.pcap');
    expectRefused(await run('in.pcap', 'a.pcap', '-o', 'soft.pcap'), 'the capture in.pcap');
  });

  test('standard input and standard output', () => {
    expectRefused(shell('$W - -o hard.pcap < in.pcap'), 'hard.pcap is the capture itself');
    expectRefused(shell('$W -o in.pcap < in.pcap'), 'in.pcap is the capture itself');
    expectRefused(shell('$W in.pcap >> hard.pcap'), 'standard output is the same file as the capture in.pcap');
    expectRefused(shell('$W in.pcap -o /dev/stdout >> in.pcap'), '/dev/stdout is the same file');
    expectRefused(shell('$W extract in.pcap -o out >> in.pcap'), 'standard output is the same file');
    // Neither holds anything that could be lost.
    expect(shell('$W - < /dev/null > /dev/null').stderr).toContain('empty');
  });

  test('extract: every name is known before the first file is written', async () => {
    cpSync(join(CAPTURES, CLOSED), at('other.pcap'));
    mkdirSync(at('out'));
    linkSync(at('in.pcap'), at('out/in.pcap'));
    expectRefused(
      await run('extract', 'other.pcap', 'in.pcap', '--by', 'capture', '-o', 'out'),
      'out/in.pcap is the same file as the capture in.pcap',
    );
    expect(readdirSync(at('out'))).toEqual(['in.pcap']);
    rmSync(at('out'), { recursive: true });
    mkdirSync(at('out'));
    await run('extract', 'in.pcap', '--by', 'cause', '-o', 'out');
    const [name = ''] = readdirSync(at('out'));
    rmSync(join(at('out'), name));
    linkSync(at('in.pcap'), join(at('out'), name));
    expectRefused(await run('extract', 'in.pcap', '--by', 'cause', '-o', 'out'), name);
  });

  test('the configuration, the baseline, the expectations', async () => {
    writeFileSync(at('whyrst.config.json'), '{}');
    expectRefused(await run('in.pcap', '-o', 'whyrst.config.json'), 'the configuration itself');
    linkSync(at('whyrst.config.json'), at('c.json'));
    expectRefused(await run('annotate', 'in.pcap', '-o', 'c.json'), 'the configuration');
    rmSync(at('whyrst.config.json'));
    await run('in.pcap', '-o', 'base.json');
    expectRefused(await run('check', 'in.pcap', '--baseline', 'base.json', '-o', 'base.json'), 'the baseline itself');
    await run('check', '--update', 'in.pcap');
    expectRefused(await run('check', 'in.pcap', '-o', 'in.pcap.expect'), 'the file of expectations itself');
    writeFileSync(at('own.mjs'), 'export default [];');
    expectRefused(await run('in.pcap', '--causes', 'own.mjs', '-o', 'own.mjs'), 'own.mjs');
  });

  test('check --update whose file of expectations is the capture', async () => {
    linkSync(at('in.pcap'), at('in.pcap.expect'));
    expectRefused(await run('check', '--update', 'in.pcap'), 'in.pcap.expect is the same file as the capture in.pcap');
  });
});

describe.sequential('what is replaced, and what is not', () => {
  test('a report is replaced; another capture only with --force', async () => {
    writeFileSync(at('report.txt'), 'an earlier report');
    expect((await run('in.pcap', '-o', 'report.txt')).status).toBe(0);
    expect(readFileSync(at('report.txt'), 'utf8')).toBe((await run('in.pcap')).stdout);
    cpSync(join(CAPTURES, CLOSED), at('other.json'));
    expectRefused(await run('in.pcap', '-o', 'other.json'), 'other.json is a packet capture (pcap)');
    expectRefused(await run('annotate', 'in.pcap', '-o', 'other.json'), '--force');
    expect(readFileSync(at('other.json'))).toEqual(readFileSync(join(CAPTURES, CLOSED)));
    expect((await run('annotate', 'in.pcap', '-o', 'other.json', '--force')).status).toBe(0);
    expect((await run('in.pcap', '-o', 'other.json', '--force')).status).toBe(0);
    expect(JSON.parse(readFileSync(at('other.json'), 'utf8')).schema).toBe(1);
  });

  test('packets as text are a capture too; every report of ours is replaced', async () => {
    const prose = `This is what I saw:\n\n${'x\n'.repeat(2000)}`;
    const listing = `${prose}> 12:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0\n`;
    writeFileSync(at('notes.txt'), listing);
    expectRefused(await run('in.pcap', '-o', 'notes.txt'), 'notes.txt is a packet capture (tcpdump-text)');
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe(listing);
    expect((await run('in.pcap', '-o', 'notes.txt', '--force')).status).toBe(0);
    for (const format of ['text', 'json', 'ndjson', 'csv', 'markdown', 'html', 'junit', 'sarif'])
      for (let time = 0; time < 2; time += 1)
        expect([format, await run('in.pcap', '-f', format, '-o', format)]).toEqual([
          format,
          { status: 0, stdout: '', stderr: '' },
        ]);
    writeFileSync(at('ladder.txt'), (await run('show', 'in.pcap', '10', '-v')).stdout);
    expect((await run('in.pcap', '-o', 'ladder.txt')).status).toBe(0);
  });

  test('extract says what lay in the folder, replaces its own files and no capture of another name', async () => {
    expect((await run('extract', 'in.pcap', '-o', 'out')).stderr).toBe('whyrst: 1 capture written to out\n');
    cpSync(join(CAPTURES, CLOSED), at('out/earlier.pcap'));
    expect((await run('extract', 'in.pcap', '-o', 'out')).stderr).toBe(
      'whyrst: 1 capture written to out, which held 2 captures before: 1 was replaced, 1 is left as before\n',
    );
    cpSync(join(CAPTURES, CLOSED), at('out/in.pcap'));
    expectRefused(await run('extract', 'in.pcap', '--by', 'capture', '-o', 'out'), 'out/in.pcap is a packet capture');
    expect((await run('extract', 'in.pcap', '--by', 'capture', '-o', 'out', '--force')).status).toBe(0);
  });

  test('extract writes nothing when one of the captures cannot be read', async () => {
    const { status } = await run('extract', 'in.pcap', 'missing.pcap', '-o', 'out');
    expect(status).toBe(2);
    expect(existsSync(at('out'))).toBe(false);
  });

  test('a symbolic link stays one: its target is written, also where that does not exist yet', async () => {
    mkdirSync(at('sub'));
    writeFileSync(at('sub/target.json'), 'old');
    symlinkSync('sub/target.json', at('link.json'));
    symlinkSync('sub/new.json', at('new.json'));
    await run('in.pcap', '-o', 'link.json');
    await run('in.pcap', '-o', 'new.json');
    for (const name of ['link.json', 'new.json']) expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
    for (const name of ['target.json', 'new.json'])
      expect(JSON.parse(readFileSync(at(`sub/${name}`), 'utf8')).schema).toBe(1);
    symlinkSync('loop.json', at('loop.json'));
    expect((await run('in.pcap', '-o', 'loop.json')).stderr).toMatch(/^whyrst: loop\.json: .+\n$/);
  });

  test('devices and pipes are written straight', async () => {
    const report = (await run('in.pcap')).stdout;
    for (const output of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', '-'])
      expect((await spawned(['in.pcap', '-o', output], { cwd })).stdout).toBe(report);
    expect(await run('in.pcap', '-o', '/dev/null')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(shell('mkfifo pipe; cat pipe & $W in.pcap -o pipe; wait').stdout).toBe(report);
    // What the shell appends to stays.
    expect(shell('echo before > log; $W in.pcap -o /dev/stdout >> log; cat log').stdout).toBe(`before\n${report}`);
    expect(shell('set -o pipefail; $W in.pcap -o /dev/stdout | true').status).toBe(0);
  });

  test('errors name the file', async () => {
    expect((await run('in.pcap', '-o', '/dev/full')).stderr).toBe('whyrst: /dev/full: no space left on the device\n');
    expect(shell('$W in.pcap > /dev/full').stderr).toBe('whyrst: standard output: no space left on the device\n');
    expect((await run('in.pcap', '-o', '.')).stderr).toBe('whyrst: .: is a directory\n');
    expect((await run('in.pcap', '-o', 'no/where.json')).stderr).toBe(
      'whyrst: no/where.json: no such file or directory\n',
    );
    expect((await run('annotate', 'in.pcap', '-o', '/dev/full')).stderr).toContain('/dev/full: no space left');
  });
});

test('check --update of two captures with one file of expectations is refused', async () => {
  cpSync(join(CAPTURES, CLOSED), at('in.cap'));
  writeFileSync(at('in.expect'), '1 keepalive-race-after-fin\n');
  expectRefused(await run('check', '--update', 'in.pcap', 'in.cap'), 'in.expect is of in.pcap and of in.cap');
  expect(readFileSync(at('in.expect'), 'utf8')).toBe('1 keepalive-race-after-fin\n');
  expect((await run('check', '--update', 'in.pcap', './in.pcap')).status).toBe(2);
});

describe.sequential('a report is no more open than its capture', () => {
  const outputs = async () => {
    await run('in.pcap', '-o', 'r.json');
    await run('annotate', 'in.pcap', '-o', 'a.pcapng');
    await run('extract', 'in.pcap', '-o', 'out');
    await run('check', '--update', 'in.pcap');
    return ['r.json', 'a.pcapng', join('out', readdirSync(at('out'))[0] ?? ''), 'in.pcap.expect'].map(mode);
  };

  test.each([
    [0o600, '600'],
    [0o640, '640'],
    [0o644, '644'],
    [0o400, '600'],
    [0o666, '644'],
  ])('%o', async (permissions, expected) => {
    const before = process.umask(0o022);
    try {
      chmodSync(at('in.pcap'), permissions);
      expect(new Set(await outputs())).toEqual(new Set([expected]));
    } finally {
      process.umask(before);
    }
  });

  test('the most private of several; an earlier report is not opened up', async () => {
    cpSync(join(CAPTURES, CLOSED), at('a.pcap'));
    chmodSync(at('a.pcap'), 0o600);
    await run('in.pcap', 'a.pcap', '-o', 'r.json');
    expect(mode('r.json')).toBe('600');
    writeFileSync(at('open.json'), '{}');
    chmodSync(at('open.json'), 0o666);
    await run('a.pcap', '-o', 'open.json');
    expect(mode('open.json')).toBe('600');
    writeFileSync(at('closed.json'), '{}');
    chmodSync(at('closed.json'), 0o600);
    await run('in.pcap', '-o', 'closed.json');
    expect(mode('closed.json')).toBe('600');
  });
});

/** Commands with an output that was there before. */
const FAULTY: readonly (readonly [string, readonly string[], string])[] = [
  ['a report', ['in.pcap', 'more.pcap', '-f', 'html', '-o', 'out'], 'out'],
  ['annotate', ['annotate', 'in.pcap', '-o', 'out', '--force'], 'out'],
  ['extract', ['extract', 'in.pcap', '--by', 'capture', '--force', '-o', 'dir'], 'dir/in.pcap'],
  ['check --update', ['check', '--update', 'in.pcap'], 'in.pcap.expect'],
];
const BEFORE = '# what was there before\n1 closed-port\n';

/** An error at a call that writes, in this process: there are many such calls. */
async function failing(args: readonly string[], fault: string): Promise<Result> {
  inject(fault);
  try {
    return await run(...args);
  } finally {
    inject('');
  }
}

/** A signal needs a process that it can end: the command under test/support/fault.mjs. */
function signalled(args: readonly string[], fault: string) {
  const preload = new URL('../support/fault.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', preload, MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', WHYRST_FAULT: fault },
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
  });
  child.stdout.resume();
  return new Promise<{ status: number | null; signal: string | null; stderr: string }>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal, stderr })),
  );
}

describe.sequential('a fault at any write', () => {
  beforeEach(() => {
    mkdirSync(at('dir'));
    cpSync(join(CAPTURES, CLOSED), at('more.pcap'));
  });

  test.each(FAULTY)('%s', async (_name, args, output) => {
    const reset = () => writeFileSync(at(output), BEFORE);
    const folder = join(at(output), '..');
    reset();
    inject('');
    await run(...args);
    const calls = counted();
    expect(calls).toBeGreaterThanOrEqual(4);
    const whole = readFileSync(at(output));
    expect(whole.toString()).not.toBe(BEFORE);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    let kept = 0;
    for (let call = 1; call <= calls; call += 1) {
      reset();
      const error = await failing(args, `ENOSPC:${call}`);
      expect(error.stderr).toMatch(/^whyrst: .+: no space left on the device\n$/);
      expect(error.stderr).toContain(output);
      expect(error.status).toBe(73);
      expect(readFileSync(at(output), 'utf8')).toBe(BEFORE);
      expect(temporaries(folder)).toEqual([]);

      const sent = signals[call % signals.length] as string;
      const ended = await signalled(args, `${sent}:${call}`);
      const after = readFileSync(at(output));
      // A signal that comes once the file is in its place finds a process that is done.
      if (ended.signal === null) expect(after.equals(whole)).toBe(true);
      else {
        expect(ended.signal).toBe(sent);
        if (after.toString() === BEFORE) kept += 1;
        else expect(after.equals(whole)).toBe(true);
      }
      expect(temporaries(folder)).toEqual([]);

      reset();
      // Nobody can clean up after this one, but what was there stays.
      if (call === calls) await signalled(args, `SIGKILL:${call}`);
      const last = readFileSync(at(output));
      expect(last.toString() === BEFORE || last.equals(whole)).toBe(true);
      for (const name of temporaries(folder)) rmSync(join(folder, name));
      expect(readFileSync(at('in.pcap')).equals(original)).toBe(true);
    }
    expect(kept).toBeGreaterThan(0);
  });
});

describe.sequential('no room', () => {
  test('a file that may not grow (RLIMIT_FSIZE): what was there before stays', () => {
    writeFileSync(at('r.html'), BEFORE);
    const { status, stderr } = shell('ulimit -f 8; $W in.pcap -o r.html');
    expect(stderr).toBe('whyrst: r.html: the file would be larger than allowed\n');
    expect(status).toBe(73);
    expect(readFileSync(at('r.html'), 'utf8')).toBe(BEFORE);
    expect(temporaries()).toEqual([]);
  });

  test('a full disk: what was there before stays', (context) => {
    const disk = at('disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      const reason = 'skipped: only root may mount a small tmpfs (RLIMIT_FSIZE and injected errors are tested)';
      process.stderr.write(`${reason}\n`);
      context.skip(reason);
    }
    try {
      writeFileSync(join(disk, 'r.html'), BEFORE);
      writeFileSync(join(disk, 'filler'), Buffer.alloc(48 * 1024));
      const { status, stderr } = shell('$W in.pcap -o disk/r.html');
      expect(stderr).toBe('whyrst: disk/r.html: no space left on the device\n');
      expect(status).toBe(73);
      expect(readFileSync(join(disk, 'r.html'), 'utf8')).toBe(BEFORE);
      expect(readdirSync(disk).sort()).toEqual(['filler', 'r.html']);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

/** Packets of no protocol, more of them than a pipe holds: once they are written, what came before has been read. */
function filler(): Buffer {
  const record = Buffer.alloc(16 + 1000);
  original.copy(record, 0, 24, 32);
  record.writeUInt32LE(1000, 8);
  record.writeUInt32LE(1000, 12);
  record.writeUInt16BE(0x88b5, 16 + 12);
  return Buffer.concat(Array.from({ length: 300 }, () => record));
}

test.each([
  ['SIGINT', ['-']],
  ['SIGTERM', ['-', '-o', 'live.txt']],
  ['SIGHUP', ['-', '-f', 'ndjson']],
  ['SIGTERM', ['-']],
] as const)('%s ends a live run with its report: %j', async (signal, args) => {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
  });
  child.stdin.write(original);
  // The pipe stays open, as tcpdump's does.
  await new Promise((resolve) => child.stdin.write(filler(), resolve));
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill(signal);
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(0);
  // Whoever reads lines of ndjson reads no report: what was read is said beside them.
  if (args.includes('ndjson' as never))
    expect(stderr).toMatch(/^whyrst: ended after \d+ packets, 1 TCP connection, 1 RST\n$/);
  else expect(stderr).toBe('');
  expect(existsSync(at('live.txt')) ? readFileSync(at('live.txt'), 'utf8') : stdout).toContain(
    'keepalive-race-after-fin',
  );
});
