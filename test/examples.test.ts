/** What README and docs/examples show runs as it stands, against the built package (npm run build). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CAPTURES, MAIN } from './cli/command.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
const RACE = join(CAPTURES, 'keepalive-race-after-fin.pcap');

/** The code of a README section is run as it stands, but for the name of the capture. */
describe('README, Library', () => {
  const [, section = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split(/^## Library$/m);
  const library = section.split(/^## /m)[0] as string;
  /** By the bold words before it. */
  const codeOf = (title: string) => library.split(`**${title}`)[1]?.split('```js\n')[1]?.split('```')[0] ?? '';
  const ran = (title: string, { capture = RACE, input = Buffer.alloc(0) } = {}) => {
    const code = codeOf(title);
    expect(code).not.toBe('');
    const own = code
      .replaceAll("'capture.pcap'", JSON.stringify(capture))
      .replace("'report.html'", JSON.stringify(REPORT))
      .replace("['web-1.ndjson', 'web-2.json']", JSON.stringify(REPORTS));
    const words = ['--input-type=module', '-e', own];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: ROOT, input, encoding: 'utf8' });
    return { stdout, stderr, status };
  };
  const REPORT = join(mkdtempSync(join(tmpdir(), 'whyrst-readme-')), 'report.html');
  const REPORTS = ['web-1.ndjson', 'web-2.json'].map((name) => join(dirname(REPORT), name));
  afterAll(() => rmSync(dirname(REPORT), { recursive: true }));

  test('no block is left out here', () => {
    const told = [
      'Diagnose a file',
      'Each verdict',
      'Follow a capture',
      'Write a report',
      'Merge reports',
      'A cause of your own',
      'In a test',
    ].map(codeOf);
    expect([...library.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)).toEqual(told);
  });

  test('diagnose a file', () => {
    const { stdout, stderr, status } = ran('Diagnose a file');
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toMatch(/^frame 10: keepalive-race-after-fin, certain\n( {2}\d+: .+\n)+/);
    expect(stdout).toMatch(/\n1 × keepalive-race-after-fin at 10\.0\.2\.2:5001\n$/);
    const broken = ran('Diagnose a file', { capture: join(ROOT, 'README.md') });
    expect([broken.stdout, broken.status]).toEqual(['', 0]);
    expect(broken.stderr).toMatch(/^[^\n]+\n$/);
  });

  test('each verdict as it settles', () => {
    expect(ran('Each verdict')).toEqual({ stdout: '10 keepalive-race-after-fin\n', stderr: '', status: 0 });
  });

  test('follow a pipe', () => {
    expect(ran('Follow a capture', { input: readFileSync(RACE) })).toEqual({
      stdout: '10.0.2.2 reset 10.0.1.2:40000: keepalive-race-after-fin, certain\n',
      stderr: '',
      status: 0,
    });
  });

  test('write a report', () => {
    expect(ran('Write a report')).toEqual({ stdout: '1 keepalive-race-after-fin\n', stderr: '', status: 0 });
    expect(readFileSync(REPORT, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('merge reports', () => {
    const [one, two] = REPORTS as [string, string];
    node(MAIN, RACE, join(CAPTURES, 'closed-port.pcap'), '-o', one);
    node(MAIN, RACE, '-o', two);
    expect(ran('Merge reports')).toEqual({
      stdout:
        '2 captures. 1 request met a connection that 10.0.2.2:5001 had just closed; 1 connection attempt was refused.\n',
      stderr: `${RACE} stands in ${one} and in ${two}: it is told once\n`,
      status: 0,
    });
    writeFileSync(two, '{"schema": 2}\n');
    expect(ran('Merge reports').stderr).toMatch(/^\S+web-2\.json: line 1: schema 2, [^\n]+\n$/);
  });

  test('a cause of your own, in a test', () => {
    expect(ran('A cause of your own').stdout).toMatch(/# pass 1\n# fail 0/);
  });

  test('a test of a service fails where work was lost, and says which', () => {
    const lost = ran('In a test');
    expect(lost.status).toBe(1);
    expect(lost.stdout).toContain('keepalive-race-after-fin at 10.0.2.2:5001');
    expect(ran('In a test', { capture: join(CAPTURES, 'no-reset.healthy.pcap') }).stdout).toMatch(/# pass 1\n# fail 0/);
  });
});

describe('docs/examples', () => {
  test('diagnose.mjs names the cause with its proof', () => {
    const lines = node('docs/examples/diagnose.mjs', RACE).trimEnd().split('\n');
    expect(lines[0]).toBe('10 keepalive-race-after-fin (certain)');
    expect(lines.at(-1)).toMatch(/^1 × keepalive-race-after-fin at 10\.0\.2\.2:5001$/);
    expect(lines.length).toBeGreaterThan(3);
  });

  test('own-cause.mjs is a cause that the command takes', () => {
    const capture = join(CAPTURES, 'close-with-unread-data.pcap');
    const out = node(MAIN, capture, '--causes', 'docs/examples/own-cause.mjs', '-f', 'json');
    const { resets } = JSON.parse(out) as { resets: { cause: string }[] };
    expect(resets[0]?.cause).toBe('hourly-deploy');
  });

  test('own-cause.test.mjs passes', () => {
    expect(node('--test', '--test-reporter=tap', 'docs/examples/own-cause.test.mjs')).toMatch(/# pass 2\n# fail 0/);
  });

  test('ci.yml runs a check that passes', () => {
    interface Workflow {
      readonly jobs: { readonly resets: { readonly steps: readonly { readonly run?: string }[] } };
    }
    const { jobs } = parse(readFileSync(join(ROOT, 'docs/examples/ci.yml'), 'utf8')) as Workflow;
    const step = jobs.resets.steps.find(({ run }) => run?.startsWith('npx whyrst '))?.run ?? '';
    const [, glob] = /'([^']+)'/.exec(step) ?? [];
    expect(step).toBe(`npx whyrst check '${glob}' --github -o whyrst.xml`);
    expect(node(MAIN, 'check', glob as string, '--github')).not.toMatch(/::error/);
  });
});
