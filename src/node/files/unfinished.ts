/** Files that are not whole yet: whatever ends the process, they go with it. */

import { rmSync } from 'node:fs';
import { ENDING_SIGNALS } from './signals.js';

const paths = new Set<string>();

/** To be called before the file is made: no signal comes between. */
export function begun(path: string): void {
  if (paths.size === 0) {
    for (const signal of ENDING_SIGNALS) process.on(signal, end);
    process.on('exit', removeAll);
  }
  paths.add(path);
}

/** Renamed or removed. */
export function settled(path: string): void {
  if (!paths.delete(path) || paths.size > 0) return;
  for (const signal of ENDING_SIGNALS) process.off(signal, end);
  process.off('exit', removeAll);
}

/** Then as if nobody had listened: who sent the signal sees that it ended the process. */
function end(signal: NodeJS.Signals): void {
  removeAll();
  for (const one of ENDING_SIGNALS) process.off(one, end);
  process.kill(process.pid, signal);
}

function removeAll(): void {
  for (const path of paths) {
    try {
      rmSync(path, { force: true });
    } catch {
      // Nobody is left to tell; what the output replaces is untouched.
    }
  }
  paths.clear();
}
