import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exitStatus, FAILURE_STATUS, failureOf, worse } from '../../src/cli/exit.js';
import { spawned, whyrst } from './command.js';

const cwd = mkdtempSync(join(tmpdir(), 'whyrst-exit-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const CAPTURE = 'closed-port.pcap';

test.each([
  [null, false, 0],
  [null, true, 1],
  ['usage', false, 2],
  ['input', true, 2],
  ['data', true, 2],
  ['own', true, 70],
  ['output', false, 73],
] as const)('failed %s, matched %s: %d', (failed, matched, status) => {
  expect(exitStatus({ failed, matched })).toBe(status);
});

test('with --sysexits every failure has a number of its own', () => {
  const all = Object.values(FAILURE_STATUS).map(({ sysexits }) => sysexits);
  expect(new Set(all).size).toBe(all.length);
});

test('what may be tried again is told before what may not only where no retry would help the other', () => {
  expect(worse('data', 'input')).toBe('input');
  expect(worse(null, 'data')).toBe('data');
  expect(worse('usage', null)).toBe('usage');
  expect(worse(null, null)).toBeNull();
});

test('an error that nobody made on purpose is ours', () => {
  expect(failureOf(new TypeError('x is undefined'))).toBe('own');
  expect(failureOf('text')).toBe('own');
});

describe('the command', () => {
  writeFileSync(join(cwd, 'empty.pcap'), '');
  writeFileSync(join(cwd, 'text.pcap'), 'not a capture\n'.repeat(9));
  test.each<[string, string[], number, number]>([
    ['an option that is none', [CAPTURE, '--nothing'], 2, 64],
    ['a word that is none', [CAPTURE, '--fail-on', 'nothing'], 2, 64],
    ['an output that is the input', ['annotate', CAPTURE, '-o', CAPTURE], 2, 64],
    ['a file that is not there', ['absent.pcap'], 2, 66],
    ['one that is not there, one that is', ['absent.pcap', CAPTURE, '--fail-on', 'any'], 2, 66],
    ['an empty file', [join(cwd, 'empty.pcap')], 2, 65],
    ['no capture', [join(cwd, 'text.pcap')], 2, 65],
    ['an empty one and one that is not there', [join(cwd, 'empty.pcap'), 'absent.pcap'], 2, 66],
    ['the same in check', ['check', 'absent.pcap', '--max-resets', '9'], 2, 66],
    ['a report that is none', ['merge', join(cwd, 'text.pcap')], 2, 65],
    ['a report that is not there', ['merge', 'absent.json'], 2, 66],
    ['show of what is not there', ['show', 'absent.pcap', '1'], 2, 66],
    ['a folder of the output that is not there', [CAPTURE, '-o', join(cwd, 'no/such/report.txt')], 73, 73],
    ['the same of annotate', ['annotate', CAPTURE, '-o', join(cwd, 'no/such/x.pcapng')], 73, 73],
    ['found', [CAPTURE, '--fail-on', 'any'], 1, 1],
    ['diagnosed', [CAPTURE], 0, 0],
  ])('%s', async (_, args, status, sysexits) => {
    expect((await whyrst(args)).status).toBe(status);
    expect((await whyrst([...args, '--sysexits'])).status).toBe(sysexits);
  });

  test.skipIf(process.platform !== 'linux')('a full disk', async () => {
    const { status, stderr } = await spawned([CAPTURE, '-o', '/dev/full']);
    expect(stderr).toContain('no space left on the device');
    expect(status).toBe(73);
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    writeFileSync(join(cwd, 'secret.pcap'), 'x');
    chmodSync(join(cwd, 'secret.pcap'), 0);
    expect((await whyrst([join(cwd, 'secret.pcap'), '--sysexits'])).status).toBe(66);
  });

  test('the help names every number', async () => {
    const { stdout } = await whyrst(['--help']);
    for (const { sysexits, status } of Object.values(FAILURE_STATUS))
      for (const number of [sysexits, status]) expect(stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(`\\b${number} `));
  });
});
