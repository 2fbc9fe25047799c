/**
 * The command as it is shipped: its modules and the packages it needs in a few files, because finding and opening 190 of
 * them was most of a small run. Left as they are written, neither shortened nor renamed, so that a stack can be read. The
 * library (`whyrst`, `whyrst/node`, `whyrst/testing`) stays as `tsc` makes it.
 *
 * rolldown, since vitest brings it along already: nothing more to install or to keep up to date.
 */

import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'rolldown';

const HERE = dirname(fileURLToPath(import.meta.url));

/** The folder that a package's file is in, by its last `node_modules/NAME` or `node_modules/@SCOPE/NAME`. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

/** Every package in the bundle with its licence, as those ask for. */
function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => ('modules' in chunk ? Object.keys(chunk.modules) : []));
      const folders = new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[0] ?? []));
      const source = [...new Set([...folders].map(notice))].sort().join(`\n${'-'.repeat(80)}\n`);
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source });
    },
  };
}

function notice(folder: string): string {
  const about: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = about as Readonly<Record<string, string | undefined>>;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (license === undefined || file === undefined) throw new Error(`${name} says no licence: it cannot be shipped`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

/** May be run where it lies, as npm makes it for those who install. */
function executable(): Plugin {
  return {
    name: 'executable',
    writeBundle({ dir }, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && file.isEntry) chmodSync(join(dir ?? '', file.fileName), 0o755);
    },
  };
}

export default {
  cwd: HERE,
  input: 'src/cli/main.ts',
  platform: 'node',
  tsconfig: 'tsconfig.json',
  // Loaded when asked for in one place and always in another: such a module is in the core, which is meant.
  checks: { ineffectiveDynamicImport: false },
  plugins: [notices(), executable()],
  output: {
    dir: 'dist/bin',
    format: 'esm',
    entryFileNames: 'whyrst.js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      // What most commands take is one file; what one of them, one format or one option takes alone stays apart.
      // The version, which is all that `--version` loads, is not among it.
      groups: [
        { name: 'version', test: /[\\/]src[\\/]version/, priority: 1 },
        { name: 'core', test: /[\\/]src[\\/]/, minShareCount: 2 },
      ],
    },
  },
} satisfies BuildOptions;
