/** Ctrl-C (or `kill`, or a closed terminal) while a live capture is read from stdin: it ends there, with its report. */

import { ENDING_SIGNALS } from '../node/files/signals.js';

/** Ends with the first of these signals as if the input had ended; a second one ends the process as usual. */
export async function* untilInterrupted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let stop = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  for (const signal of ENDING_SIGNALS) process.once(signal, stop);
  try {
    for (;;) {
      const next = iterator.next();
      // Whatever the input does after the interrupt is of no interest.
      next.catch(() => {});
      const result = await Promise.race([next, stopped]);
      if (result === null) {
        process.stdin.destroy();
        return;
      }
      if (result.done) return;
      yield result.value;
    }
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, stop);
  }
}
