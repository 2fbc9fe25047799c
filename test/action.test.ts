/** action.yml: its inputs are options of the command, said in the same words, and reach it as they are. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { check } from '../src/cli/command-line/check.js';
import { diagnose } from '../src/cli/command-line/diagnose.js';
import type { Option } from '../src/cli/command-line/option.js';
import { version } from '../src/version.js';
import { CAPTURES, MAIN } from './cli/command.js';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly runs: {
    readonly steps: readonly [{ readonly run: string; readonly env: Readonly<Record<string, string>> }];
  };
}

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { inputs, runs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
const [step] = runs.steps;
const variableOf = (name: string) => name.toUpperCase().replaceAll('-', '_');

/** A folder with an `npm` in it that says what it was given, or runs the command as it is shipped. */
const folder = mkdtempSync(join(tmpdir(), 'whyrst-action-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'npm'),
  `#!/bin/sh
[ -z "$SAY" ] || { printf '%s\\n' "$@"; exit; }
while [ "$1" != whyrst ]; do shift; done; shift
exec "${process.execPath}" "${MAIN}" "$@"
`,
);
chmodSync(join(folder, 'npm'), 0o755);

/** The step with these inputs, the others at their defaults. */
function run(given: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv = {}) {
  const named = Object.keys(inputs).map((name) => [variableOf(name), given[name] ?? inputs[name]?.default ?? '']);
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    cwd: CAPTURES,
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, ...Object.fromEntries(named), ...environment },
    encoding: 'utf8',
  });
}
const wordsOf = (given: Readonly<Record<string, string>>) => run(given, { SAY: '1' }).stdout.trimEnd().split('\n');

describe('action.yml', () => {
  test('every input comes by the environment, none stands in the script', () => {
    const expected = Object.keys(inputs).map((name) => [variableOf(name), `\${{ inputs.${name} }}`]);
    expect(Object.entries(step.env)).toEqual(expected);
    expect(step.run).not.toContain('${{');
  });

  test('an input that is an option is one of that command, in the words of its help', () => {
    const optionOf = (options: Readonly<Record<string, Option<unknown>>>, name: string) =>
      Object.values(options).find((option) => option.name === name);
    for (const [name, { description }] of Object.entries(inputs)) {
      if (['captures', 'command', 'version', 'format', 'output'].includes(name)) continue;
      const [, only, words] = /^(?:(check|diagnose): )?(.*)$/.exec(description) ?? [];
      const [ofCheck, ofDiagnose] = [optionOf(check.options, name), optionOf(diagnose.options, name)];
      expect((ofCheck ?? ofDiagnose)?.describe, name).toBe(words);
      expect([ofCheck !== undefined, ofDiagnose !== undefined], name).toEqual([only !== 'diagnose', only !== 'check']);
    }
    expect(inputs['version']?.default).toBe(version);
  });

  test('docs/action.md has a row for each', () => {
    const rows = Object.entries(inputs).map(([name, input]) => {
      const words = input.description.replaceAll('|', '\\|').replaceAll('<', '&lt;');
      return `| \`${name}\` | ${words} | ${input.default ?? ''} |`.replace('|  |', '| |');
    });
    const page = readFileSync(join(ROOT, 'docs/action.md'), 'utf8');
    expect(page.slice(page.indexOf('| --- |')).split('\n').slice(1, -1)).toEqual(rows);
  });

  test('what was given reaches the command as it was given', () => {
    const given = {
      captures: "a b.pcap\n\n'*'.pcap\n-x.pcap\n$(id).pcap",
      'fail-on': 'error,port-scan',
      causes: '`id`;.mjs',
    };
    const words = ['a b.pcap', "'*'.pcap", './-x.pcap', '$(id).pcap'];
    const before = ['exec', '--yes', `--package=whyrst@${version}`, '--', 'whyrst'];
    const options = ['--fail-on=error,port-scan', '--causes=`id`;.mjs', '--github'];
    expect(wordsOf(given)).toEqual([...before, 'check', ...words, ...options]);
    expect(wordsOf({ ...given, command: 'diagnose' })).toEqual([...before, ...words, ...options]);
    const every = Object.keys(inputs).filter((name) => !['captures', 'command', 'version'].includes(name));
    const said = wordsOf(Object.fromEntries([['captures', 'x'], ...every.map((name) => [name, `of ${name}`])]));
    for (const name of every) expect(said).toContain(`--${name}=of ${name}`);
  });

  test('a check passes, a gate fails, a wrong word is said', () => {
    expect(run({ captures: 'closed-port.pcap' })).toMatchObject({ status: 0, stderr: '' });
    const lost = run({ command: 'diagnose', captures: 'keepalive-race-*.pcap', 'fail-on': 'error' });
    expect(lost.status).toBe(1);
    expect(lost.stdout).toMatch(/^::error .*keepalive-race/m);
    expect(run({ command: 'chekc', captures: 'closed-port.pcap' })).toMatchObject({
      status: 2,
      stdout: '::error::command must be check or diagnose, not chekc\n',
    });
    expect(run({ captures: 'is-not-there.pcap' }).status).toBe(2);
  });
});
