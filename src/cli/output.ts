/** Writing a report: to stdout, which may be a pipe that somebody closes, or to a file. */

import { appendFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { OutputFile } from '../node/files/output-file.js';
import type { RunFiles } from '../node/files/run-files.js';

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
  throw closedOr(Object.assign(failure, { path: 'standard output' }));
}

function closedOr(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === 'EPIPE' ? new PipeClosed() : error;
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
