/** Writing a report: to stdout, which may be a pipe that somebody closes, or to a file. */

import { appendFileSync, createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** The reader went away (`| head`): not an error, and nothing more is worth writing. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}

/** Chunks joined to about this many characters, so that a report of many small ones is not as many system calls. */
const BATCH = 64 * 1024;

export async function writeStdout(chunks: Iterable<string>, stdout: Writable = process.stdout): Promise<void> {
  let failure: Error | null = null;
  const onError = (error: Error) => {
    failure ??= error;
  };
  stdout.on('error', onError);
  try {
    for (const text of batches(chunks)) {
      await written(stdout, text);
      if (failure !== null) break;
    }
  } catch (error) {
    failure ??= error as Error;
  }
  if (failure === null) {
    stdout.off('error', onError);
    return;
  }
  // The listener stays: an EPIPE may be told twice.
  throw (failure as NodeJS.ErrnoException).code === 'EPIPE' ? new PipeClosed() : failure;
}

function written(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

function* batches(chunks: Iterable<string>): Generator<string> {
  let waiting: string[] = [];
  let length = 0;
  for (const chunk of chunks) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < BATCH) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  if (length > 0) yield waiting.join('');
}

export async function writeFile(path: string, chunks: Iterable<string>): Promise<void> {
  const stream = createWriteStream(path);
  const end = finished(stream);
  // Opening fails asynchronously; the error comes out of `end`, which is awaited below.
  end.catch(() => {});
  try {
    for (const text of batches(chunks)) await written(stream, text);
  } finally {
    stream.end();
  }
  await end;
}

/** GitHub's job summary, where there is one; a second report of the same step is appended. */
export function appendSummary(chunks: Iterable<string>): void {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path) appendFileSync(path, [...chunks].join(''));
}
