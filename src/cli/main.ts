#!/usr/bin/env node
/** The command. Tiny on purpose: `--version` must not wait for a parser of options to load. */

import module from 'node:module';
import { version } from '../version.js';

const argv = process.argv.slice(2);

/** What nobody caught must not look like `--fail-on` (1), as it would if Node told it. EX_SOFTWARE, as in exit.ts. */
const fatal = (error: unknown) => {
  const text = error instanceof Error ? (process.env['WHYRST_DEBUG'] === '1' ? error.stack : error.message) : error;
  process.stderr.write(`whyrst: internal error: ${text}; this is a bug, please report it\n`);
  process.exit(70);
};
process.on('uncaughtException', fatal);

if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${version}\n`);
} else {
  // Node 22.1 and later keep what they compiled in the folder for temporary files, as `tsc` has them do: that was a sixth of a
  // small run. The types are those of the oldest Node.
  (module as { readonly enableCompileCache?: () => void }).enableCompileCache?.();
  const { run } = await import('./run.js');
  process.exitCode = await run(argv);
}
