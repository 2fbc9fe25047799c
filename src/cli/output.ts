/** Writing a report: to stdout, which may be a pipe that somebody closes, or to a file. */

import { appendFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { OutputFile } from '../node/files/output-file.js';
import type { RunFiles } from '../node/files/run-files.js';

/** The reader went away (`| head`): not an error, and nothing more is worth writing. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}

/** Chunks put together to about this many octets, so that a report of many small ones is not as many system calls. */
const BATCH = 128 * 1024;
/** Octets of UTF-8 that one UTF-16 unit takes at most. */
const MOST_OCTETS = 3;

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
  throw closedOr(Object.assign(failure, { path: 'standard output' }));
}

function closedOr(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === 'EPIPE' ? new PipeClosed() : error;
}

function written(stream: Writable, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * The chunks, small ones put together. Written as octets one by one: joined as text first, a large report takes a tenth
 * longer (measured). No batch is used again: a stream may keep what it was given.
 */
function* batches(chunks: Iterable<string>): Generator<string | Uint8Array> {
  let batch: Buffer | null = null;
  let used = 0;
  for (const chunk of chunks) {
    const most = MOST_OCTETS * chunk.length;
    if (batch !== null && used > 0 && used + most > BATCH) {
      yield batch.subarray(0, used);
      batch = null;
      used = 0;
    }
    if (most > BATCH) yield chunk;
    else {
      batch ??= Buffer.allocUnsafe(BATCH);
      used += batch.write(chunk, used);
    }
  }
  if (batch !== null && used > 0) yield batch.subarray(0, used);
}

/** Whole, or what was there before. @throws OutputRefused */
export async function writeFile(path: string, chunks: Iterable<string>, files: RunFiles): Promise<void> {
  await writeWhole(path, files, async (file) => {
    for (const text of batches(chunks)) await file.write(text);
  });
}

/** An output that `work` fills: put in its place when that ends well, abandoned when it does not. */
export async function writeWhole(
  path: string,
  files: RunFiles,
  work: (file: OutputFile) => Promise<void>,
): Promise<void> {
  const file = await files.open(path);
  try {
    await work(file);
    await file.commit();
  } catch (error) {
    file.abandon();
    throw closedOr(error);
  }
}

/** GitHub's job summary, where there is one. */
const SUMMARY = 'GITHUB_STEP_SUMMARY';

/** Everything that a report will be written to, before anything is read. @throws OutputRefused */
export function checkOutputs(
  files: RunFiles,
  { output, github }: { readonly output: string | undefined; readonly github: boolean },
): void {
  if (output === undefined || github) files.checkStandardOutput();
  if (output !== undefined) files.check(output);
  const summary = process.env[SUMMARY];
  if (github && summary) files.check(summary);
}

/** A second report of the same step is appended. */
export function appendSummary(chunks: Iterable<string>): void {
  const path = process.env[SUMMARY];
  if (path) appendFileSync(path, [...chunks].join(''));
}
