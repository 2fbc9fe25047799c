/** Ctrl-C while a live capture is read from stdin: the capture ends there and the report is written. */

/** Ends with the first SIGINT as if the input had ended; a second one ends the process as usual. */
export async function* untilInterrupted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let stop = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  process.once('SIGINT', stop);
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
    process.off('SIGINT', stop);
  }
}
