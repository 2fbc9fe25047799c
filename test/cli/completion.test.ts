import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CAPTURES, whyrst } from './command.js';

vi.setConfig({ testTimeout: 0 });

const folder = mkdtempSync(join(tmpdir(), 'whyrst-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is typed before a TAB, and what stands there after it. */
const TYPED = [
  ['whyrst expl', 'whyrst explain'],
  ['whyrst --fail', 'whyrst --fail-on'],
  ['whyrst -f js', 'whyrst -f json'],
  ['whyrst explain closed-p', 'whyrst explain closed-port'],
  ['whyrst show --re', 'whyrst show --reader'],
  ['whyrst causes --h', 'whyrst causes --help'],
] as const;

const BASH = `try() {
  local COMP_WORDS=($1) COMPREPLY
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _whyrst
  printf '%s|' "\${COMPREPLY[@]}"
  echo
}
for line in "$@"; do try "$line"; done
`;

/** A shell of its own on a pseudo-terminal: zsh completes nowhere else. */
const ZSH = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 "'$fpath); autoload -Uz compinit; compinit -u -D'
zpty -w shell 'try() { zle complete-word; print -r -- "<$BUFFER>"; zle kill-whole-line }; zle -N try; bindkey "^T" try'
for line in $argv[2,-1]; do
  zpty -n -w shell "$line"$'\\x14'
  zpty -r -m shell answer '*<whyrst*>*'
  print -r -- \${\${answer##*<}%%>*}
done
zpty -d shell
`;

describe('completion', () => {
  describe('bash', () => {
    let script = '';
    beforeAll(async () => {
      script = join(folder, 'try.sh');
      writeFileSync(script, (await whyrst(['completion', 'bash'])).stdout + BASH);
    });
    const complete = (lines: readonly string[]) =>
      spawnSync('bash', [script, ...lines], { cwd: CAPTURES, encoding: 'utf8' })
        .stdout.trimEnd()
        .split('\n');

    test('commands, options and values', () => {
      const last = TYPED.map(([, whole]) => `${whole.split(' ').at(-1)}|`);
      expect(complete(TYPED.map(([typed]) => typed))).toEqual(last);
    });

    test('files', () => {
      expect(complete(['whyrst x.pcap closed-port.i'])[0]).toContain('closed-port.ipv6.pcap|');
    });
  });

  const noZsh = spawnSync('zsh', ['--version']).error ? 'skipped: there is no zsh' : null;
  test.skipIf(noZsh)(noZsh ?? 'zsh: commands, options and values', async () => {
    writeFileSync(join(folder, '_whyrst'), (await whyrst(['completion', 'zsh'])).stdout);
    const script = join(folder, 'try.zsh');
    writeFileSync(script, ZSH);
    const typed = TYPED.map(([before]) => before);
    const { stdout } = spawnSync('zsh', ['-f', script, folder, ...typed], {
      cwd: CAPTURES,
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(stdout.trimEnd().split(/ *\n/)).toEqual(TYPED.map(([, whole]) => whole));
  });
});
