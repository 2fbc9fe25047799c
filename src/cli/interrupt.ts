/** Ctrl-C (or `kill`, or a closed terminal) while a live capture is read: it ends there, with its report. */

import { ENDING_SIGNALS } from '../node/files/signals.js';

/** Aborted by the first of these signals; a second one ends the process as usual. */
export function interrupted(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of ENDING_SIGNALS) process.once(signal, stop);
  const forget = () => {
    for (const signal of ENDING_SIGNALS) process.off(signal, stop);
  };
  return { signal: controller.signal, forget };
}

/** Ends with the first of these signals as if the input had ended. */
export async function* untilInterrupted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { signal, forget } = interrupted();
  try {
    yield* untilAborted(chunks, signal);
  } finally {
    forget();
  }
}

/** Ends when the signal is aborted, whatever standard input does. */
export async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let wake = (_: null) => {};
  // One listener for all chunks: a race with one promise of the abort would gather a reaction for each.
  const stop = () => wake(null);
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      const result = await new Promise<IteratorResult<Uint8Array> | null>((resolve, reject) => {
        wake = resolve;
        iterator.next().then(resolve, reject);
      });
      if (result === null) break;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // Whoever writes into it would else be waited for.
    process.stdin.destroy();
  }
}
