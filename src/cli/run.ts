/** Runs one command line; returns the exit status and never throws. */

import { parseArguments } from './arguments.js';
import { errorLines } from './errors.js';
import { DIAGNOSED, exitStatus } from './exit.js';
import { PipeClosed, writeStdout } from './output.js';
import type { CausesTask, ExplainTask, Task } from './tasks.js';
import { styleFor } from './terminal.js';
import { readVersion } from './version.js';

export async function run(argv: readonly string[]): Promise<number> {
  try {
    return await perform(await parseArguments(argv, helpWidth(), readVersion()));
  } catch (error) {
    if (error instanceof PipeClosed) return DIAGNOSED;
    process.stderr.write(errorLines(error, process.env));
    return exitStatus({ failed: true, matched: false });
  }
}

function helpWidth(): number {
  return styleFor({ isTTY: process.stdout.isTTY === true, columns: process.stdout.columns }, process.env).width;
}

/** Each command is loaded when it is asked for: `explain` need not wait for the readers. */
async function perform(task: Task): Promise<number> {
  switch (task.kind) {
    case 'print':
      await writeStdout([task.text]);
      return DIAGNOSED;
    case 'diagnose':
      return (await import('./commands/diagnose.js')).diagnoseCommand(task);
    case 'check':
      return (await import('./commands/check.js')).checkCommand(task);
    case 'annotate':
      return (await import('./commands/annotate.js')).annotateCommand(task);
    case 'extract':
      return (await import('./commands/extract.js')).extractCommand(task);
    case 'show':
      return (await import('./commands/show.js')).showCommand(task);
    case 'completion':
      await writeStdout([await completionFor(task.shell)]);
      return DIAGNOSED;
    case 'explain':
    case 'causes':
      return explainOrList(task);
  }
}

async function explainOrList(task: ExplainTask | CausesTask): Promise<number> {
  const { causesCommand, explainCommand } = await import('./commands/explain.js');
  return task.kind === 'causes' ? causesCommand(task) : explainCommand(task);
}

async function completionFor(shell: string): Promise<string> {
  const [{ bashCompletion, zshCompletion }, { causes }] = await Promise.all([
    import('./commands/completion.js'),
    import('../causes/index.js'),
  ]);
  const ids = causes.map(({ id }) => id);
  return shell === 'zsh' ? zshCompletion(ids) : bashCompletion(ids);
}
