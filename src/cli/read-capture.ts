/** One capture from path to diagnosis, with progress, Ctrl-C and the reader that was asked for. */

import { diagnose } from '../diagnose.js';
import { openCapture } from '../node/index.js';
import type { Diagnosis } from '../reset/types.js';
import { untilInterrupted } from './interrupt.js';
import { withProgress } from './progress.js';
import { pcapReaderByName } from './readers.js';

export interface ReadOptions {
  readonly reader: string | undefined;
  readonly quiet: boolean;
  /** Of the file among several: ids become `2:1234`. */
  readonly number: number | undefined;
}

/** @throws CaptureError whose message begins with the path */
export async function readCapture(path: string, { reader, quiet, number }: ReadOptions): Promise<Diagnosis> {
  const makeReader = pcapReaderByName(reader);
  const name = path === '-' ? 'standard input' : path;
  let chunks: AsyncIterable<Uint8Array> = openCapture(path);
  if (path === '-') chunks = untilInterrupted(chunks);
  if (!quiet && process.stderr.isTTY) chunks = withProgress(chunks, path, process.stderr, name);
  try {
    return await diagnose(chunks, {
      file: path,
      ...(number === undefined ? {} : { fileNumber: number }),
      ...(makeReader === undefined ? {} : { reader: makeReader }),
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'CaptureError' && !error.message.startsWith(name)) {
      error.message = `${name}: ${error.message}`;
    }
    throw error;
  }
}
