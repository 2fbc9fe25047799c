/** Runs one command line; returns the exit status and never throws. */

import { version } from '../version.js';
import { capturesAlone } from './command-line/captures-alone.js';
import type { Asked } from './command-line/index.js';
import type { Printed } from './command-line/parse.js';
import { errorLines } from './errors.js';
import { DIAGNOSED, exitStatus, failureOf } from './exit.js';
import { PipeClosed, writeStdout } from './output.js';
import { styleFor } from './terminal.js';

export async function run(argv: readonly string[]): Promise<number> {
  try {
    return await perform(capturesAlone(argv) ?? (await parsed(argv)));
  } catch (error) {
    if (error instanceof PipeClosed) return DIAGNOSED;
    process.stderr.write(errorLines(error, process.env));
    // What is wrong with the line itself has its number too.
    return exitStatus({ failed: failureOf(error), matched: false, sysexits: argv.includes('--sysexits') });
  }
}

async function parsed(argv: readonly string[]): Promise<Asked | Printed> {
  const { parseArguments } = await import('./command-line/parse.js');
  return parseArguments(argv, helpWidth(), version);
}

function helpWidth(): number {
  return styleFor({ isTTY: process.stdout.isTTY === true, columns: process.stdout.columns }, process.env).width;
}

/** Each command is loaded when it is asked for: `explain` need not wait for the readers. */
async function perform(asked: Asked | Printed): Promise<number> {
  switch (asked.command) {
    case 'print':
      await writeStdout([asked.text]);
      return DIAGNOSED;
    case null:
      return (await import('./commands/diagnose.js')).diagnoseCommand(asked.task);
    case 'show':
      return (await import('./commands/show.js')).showCommand(asked.task);
    case 'check':
      return (await import('./commands/check.js')).checkCommand(asked.task);
    case 'merge':
      return (await import('./commands/merge.js')).mergeCommand(asked.task);
    case 'annotate':
      return (await import('./commands/annotate.js')).annotateCommand(asked.task);
    case 'extract':
      return (await import('./commands/extract.js')).extractCommand(asked.task);
    case 'explain':
      return (await import('./commands/explain.js')).explainCommand(asked.task);
    case 'causes':
      return (await import('./commands/explain.js')).causesCommand(asked.task);
    case 'formats':
      return (await import('./commands/formats.js')).formatsCommand(asked.task);
    case 'completion':
      return (await import('./commands/completion.js')).completionCommand(asked.task);
  }
}
