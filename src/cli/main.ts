#!/usr/bin/env node
/** The command. Tiny on purpose: `--version` must not wait for a parser of options to load. */

import { version } from '../version.js';

const argv = process.argv.slice(2);

if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${version}\n`);
} else {
  const { run } = await import('./run.js');
  process.exitCode = await run(argv);
}
