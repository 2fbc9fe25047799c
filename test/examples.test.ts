/** What docs/examples shows runs as it stands, against the built package (npm run build). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CAPTURES, MAIN } from './cli/command.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
const RACE = join(CAPTURES, 'keepalive-race-after-fin.pcap');

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
