import { setFlagsFromString } from 'node:v8';

/** How much the heap may grow before it is collected again, in percent of what was alive. */
const GROWTH = 20;

/**
 * V8 lets garbage grow to several times what is alive, which is much where a large capture is read and saves no time that
 * can be measured: what a run keeps lies in typed arrays. For the command only; a library leaves its host's heap alone.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  // What is young is seldom alive a megabyte later; left to itself its room grows to some 30 MB.
  setFlagsFromString('--semi-space-growth-factor=1');
}
