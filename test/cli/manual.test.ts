/** The manual page is that of the options as they are, and man lays it out without complaint. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMMANDS, commandNames } from '../../src/cli/command-line/index.js';
import { manual } from '../../src/cli/command-line/manual.js';
import { spellings } from '../../src/cli/command-line/option.js';
import { version } from '../../src/version.js';

const PAGE = fileURLToPath(new URL('../../man/whyrst.1', import.meta.url));
const groff = (...args: string[]) =>
  spawnSync('groff', ['-Kutf8', '-man', '-ww', '-rLL=78n', ...args, PAGE], { encoding: 'utf8' });

test('man/whyrst.1 is up to date', () => {
  // npm run man
  if (process.env['WHYRST_MAN'] === 'write') writeFileSync(PAGE, manual(version));
  expect(existsSync(PAGE) && readFileSync(PAGE, 'utf8'), 'renew it: npm run man').toBe(manual(version));
});

test('laid out, it names every command, option and example, and nothing is wider than the page', ({ skip }) => {
  skip(spawnSync('groff', ['--version']).error !== undefined, 'groff is not installed');
  const { stdout, stderr } = groff('-Tutf8', '-P-c', '-P-b', '-P-u', '-P-o');
  expect(stderr).toBe('');
  const words = stdout.replace(/\s+/g, ' ');
  for (const name of commandNames) expect(words).toContain(`whyrst ${name}`);
  for (const { options, examples } of COMMANDS) {
    for (const option of Object.values(options)) for (const one of spellings(option)) expect(words).toContain(one);
    for (const [typed] of examples) expect(words).toContain(typed);
  }
  // A URL or a command that cannot be broken may be longer.
  expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
});

test('what is no text for troff is escaped', () => {
  // A line that begins with a dot or an apostrophe is a request, a backslash an escape.
  const lines = manual('1.0').split('\n');
  const requests = /^\.(?:\\"|TH |nh$|ad l$|SH |SS |TP$|PP$|br$|BR )/;
  expect(lines.filter((text) => /^[.']/.test(text) && !requests.test(text))).toEqual([]);
  expect(manual('1.0').match(/\\(?!f[BIR]|-|\(aq|\(ga|\(dq|\(ha|\(ti|e|&|")/g)).toBeNull();
});
