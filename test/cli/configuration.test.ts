/** A configuration that was found changes nothing without a word, and nothing that lies there can hurt. */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CAPTURES, whyrst } from './command.js';

vi.setConfig({ testTimeout: 0 });

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'whyrst-config-'));
  cpSync(join(CAPTURES, 'keepalive-race-after-fin.pcap'), join(cwd, 'in.pcap'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => whyrst(args, { cwd });
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const oneLine = (text: string) => text.replace(/\s+/g, ' ');

const LIMITS = 'limits: { settle: 5 }\n';
const SITE = 'site: { middleboxes: [{ cidr: 10.0.2.0/24, name: "Acme blue" }] }\n';

describe.sequential('changed limits', () => {
  test('are named in every head, and no verdict is certain', async () => {
    const before = JSON.parse((await run('in.pcap', '-f', 'json')).stdout);
    expect(before.configuration).toBeNull();
    expect(before.resets[0].confidence).toBe('certain');
    write('whyrst.config.yaml', LIMITS);
    const said = 'whyrst.config.yaml (found, not named): limits changed: settle 5 ms (default 10,000)';
    for (const format of ['text', 'markdown', 'html']) {
      const { stdout } = await run('in.pcap', '-f', format);
      expect(oneLine(stdout).replaceAll('\\', '')).toContain(said);
      expect(stdout).not.toMatch(/\bcertain *\n/);
    }
    const json = await run('in.pcap', '-f', 'json');
    const after = JSON.parse(json.stdout);
    expect(after.configuration).toEqual({
      file: 'whyrst.config.yaml',
      found: true,
      limits: [{ name: 'settle', value: 5, default: 10_000, unit: 'ms' }],
      site: false,
    });
    expect(after.resets[0]).toMatchObject({ cause: before.resets[0].cause, confidence: 'likely' });
    expect(after.resets[0].doubt.at(-1)).toContain('limits that the configuration changes (settle)');
    expect(after.findings[0].confidence).toBe('likely');
    // The formats without a head say it on stderr.
    for (const format of ['json', 'csv', 'ndjson', 'junit', 'sarif'])
      expect((await run('in.pcap', '-f', format)).stderr).toContain(said);
    expect((await run('show', 'in.pcap', '10')).stdout).toContain('settle 5 ms');
    write('in.pcap.expect', 'any any\n');
    // Quiet leaves out what changes nothing, and never this.
    for (const quiet of [[], ['-q']])
      expect((await run('check', 'in.pcap', ...quiet)).stdout).toContain(`configuration ${said}`);
    write('whyrst.config.yaml', 'maxResets: 9\n');
    const found = 'configuration whyrst.config.yaml (found, not named): it changes no verdict\n';
    expect((await run('check', 'in.pcap')).stdout.startsWith(found)).toBe(true);
    expect((await run('check', 'in.pcap', '-q')).stdout).not.toContain('configuration');
  });

  test('in a stream too', async () => {
    write('whyrst.config.yaml', LIMITS);
    const stdin = execFileSync('cat', [join(cwd, 'in.pcap')]);
    const { stdout, stderr } = await whyrst(['-', '-f', 'ndjson'], { cwd, stdin });
    const [reset, capture] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reset.confidence).toBe('likely');
    expect(capture.configuration.limits).toHaveLength(1);
    expect(stderr).toContain('limits changed');
    const sure = await whyrst(['-', '-f', 'ndjson', '--min-confidence', 'certain'], { cwd, stdin });
    expect(sure.stdout).not.toContain('"record":"reset"');
  });

  test('a limit at its usual value changes nothing', async () => {
    write('whyrst.config.yaml', 'limits: { settle: 10000 }\n');
    const { resets, configuration } = JSON.parse((await run('in.pcap', '-f', 'json')).stdout);
    expect([resets[0].confidence, configuration.limits]).toEqual(['certain', []]);
  });
});

test('a site is not named where addresses are hidden, in any format', async () => {
  write('whyrst.config.yaml', SITE + LIMITS);
  const named = await run('in.pcap');
  expect(oneLine(named.stdout)).toContain('10.0.2.2 is Acme blue');
  for (const format of ['text', 'json', 'ndjson', 'csv', 'markdown', 'html', 'junit', 'sarif']) {
    const { status, stdout } = await run('in.pcap', '--anonymize', '-f', format);
    expect(status).toBe(0);
    expect(stdout).not.toContain('Acme');
    expect(stdout).not.toContain('whyrst.config.yaml');
  }
});

describe.sequential('what lies under the name of a configuration', () => {
  const cases: readonly (readonly [string, (path: string) => void, string])[] = [
    ['a FIFO', (path) => execFileSync('mkfifo', [path]), 'is not a regular file'],
    ['a folder', (path) => mkdirSync(path), 'is not a regular file'],
    ['a link to a device', (path) => symlinkSync('/dev/zero', path), 'is a symbolic link and was not read'],
    ['a link to a secret', (path) => symlinkSync('secret', path), 'is a symbolic link and was not read'],
    ['too much', (path) => writeFileSync(path, Buffer.alloc(1024 * 1024 + 1, ' ')), 'is larger than 1 MiB'],
  ];

  test.each(cases)('%s', async (_name, make, words) => {
    write('secret', 'password: hunter2\n');
    for (const name of ['whyrst.config.json', 'whyrst.config.yaml']) {
      make(join(cwd, name));
      const { status, stdout, stderr } = await run('in.pcap');
      expect(stderr).toContain(`whyrst: ${name} ${words}`);
      expect(stderr).not.toMatch(/hunter2|password/);
      expect([status, stdout]).toEqual([2, '']);
      rmSync(join(cwd, name), { recursive: true });
    }
  });

  test('a link that is named is followed; a folder or a FIFO that is named is not read', async () => {
    write('real.yaml', LIMITS);
    symlinkSync('real.yaml', join(cwd, 'link.yaml'));
    expect((await run('in.pcap', '--config', 'link.yaml')).stdout).toContain('link.yaml: limits changed');
    expect((await run('in.pcap', '--config', '.')).stderr).toBe('whyrst: . is not a regular file\n');
    execFileSync('mkfifo', [join(cwd, 'fifo.mjs')]);
    expect((await run('in.pcap', '--config', 'fifo.mjs')).stderr).toBe('whyrst: fifo.mjs is not a regular file\n');
    expect((await run('check', 'in.pcap', '--baseline', '.')).stderr).toBe('whyrst: --baseline .: is a directory\n');
  });

  test('package.json as a FIFO is passed over', async () => {
    execFileSync('mkfifo', [join(cwd, 'package.json')]);
    expect((await run('in.pcap')).status).toBe(0);
  });

  test('what the YAML library says reaches the terminal escaped', async () => {
    write('whyrst.config.yaml', '%\u001b[31mRED x\n---\ncaptures: "*.pcap"\n');
    const { stderr, status } = await run('in.pcap');
    expect(stderr).toMatch(/^whyrst: warning: whyrst\.config\.yaml: [^\n]*\\x1b\[31mRED/);
    expect(stderr).not.toContain('\u001b');
    expect(status).toBe(0);
    write('whyrst.config.yaml', '"\u001b[31m: [\n');
    const broken = await run('in.pcap');
    expect(broken.stderr).toMatch(/^whyrst: whyrst\.config\.yaml: [^\n]+\n$/);
    expect(broken.stderr).not.toContain('\u001b');
    expect(broken.status).toBe(2);
  });

  test('expectations that are a device', async () => {
    symlinkSync('/dev/zero', join(cwd, 'in.pcap.expect'));
    const { status, stdout } = await run('check', 'in.pcap');
    expect(stdout).toContain('in.pcap.expect is not a regular file');
    expect(status).toBe(1);
    expect((await run('check', '--update', 'in.pcap')).status).toBe(2);
  });
});
