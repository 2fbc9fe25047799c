import { fstatSync, read, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { COMPRESSION_MAGIC, compressionOf, isSlow } from '../capture/compressions.js';
import { CaptureError, type Warning } from '../capture/types.js';
import { WarningLog } from '../capture/warnings.js';
import { headOf } from './files/head.js';
import { refused } from './refused.js';

/** Big enough that asynchrony costs nothing, small enough to stay in the processor's caches. */
const CHUNK = 1024 * 1024;

/** The octets of a capture file, decompressed. Each chunk is valid **until the next one is asked for**. */
export interface CaptureFile extends AsyncIterable<Uint8Array> {
  /** As given to {@link openCapture}. */
  readonly path: string;
  /** Size of the file, which can be iterated again; null for anything else. */
  readonly octets: number | null;
  /** Does each iteration take long, as the file has to be unpacked slowly (gzip, xz, bzip2)? */
  readonly slow: boolean;
  /** What went wrong while decompressing; complete when the iteration is. */
  readonly warnings: readonly Warning[];
}

/**
 * Opens a capture file, or standard input for `'-'`. Nothing is opened before the first chunk is
 * asked for; what the operating system refuses then is thrown as a CaptureError `'unreadable'`.
 * gzip, zstd, xz, bzip2 and lz4 are recognised by their magic numbers and decompressed, the last three (and zstd before
 * Node 22.15) by the command of that name.
 */
export function openCapture(path: string): CaptureFile {
  const log = new WarningLog();
  return {
    path,
    get octets() {
      return path === '-' ? null : fileSize(path);
    },
    get slow() {
      return path !== '-' && isSlowToUnpack(path);
    },
    get warnings() {
      return log.list();
    },
    [Symbol.asyncIterator]: () => plainOctets(path === '-' ? standardInput() : fileChunks(path), log),
  };
}

/** Looks at the first octets and puts a decompressor in between where they ask for one. */
async function* plainOctets(chunks: AsyncGenerator<Uint8Array>, log: WarningLog): AsyncGenerator<Uint8Array> {
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < COMPRESSION_MAGIC) {
      const { value, done } = await chunks.next();
      if (done) break;
      head = head.length === 0 ? value : Buffer.concat([head, value]);
    }
    if (head.length === 0) return;
    const compression = compressionOf(head);
    if (compression !== null) {
      // zlib and child processes are loaded where they are needed.
      const { decompressed } = await import('./decompress.js');
      yield* decompressed(compression, head, chunks, log);
    } else {
      yield head;
      yield* chunks;
    }
  } finally {
    await chunks.return(undefined);
  }
}

async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw refused(path, error);
  }
  try {
    yield* readAhead(path, async (buffer) => (await file.read(buffer, 0, buffer.length, null)).bytesRead);
  } finally {
    // Not awaited: closing waits for a read that is under way, which on a pipe may never end.
    file.close().catch(() => {});
  }
}

async function* standardInput(): AsyncGenerator<Uint8Array> {
  if (process.stdin.isTTY) {
    throw new CaptureError('unreadable', 'standard input is a terminal: pipe a capture into it, or name a file');
  }
  if (isRegularFile(0)) {
    yield* readAhead(
      'standard input',
      (buffer) =>
        new Promise((resolve, reject) => {
          read(0, buffer, 0, buffer.length, null, (error, length) => (error ? reject(error) : resolve(length)));
        }),
    );
    return;
  }
  // A pipe: as a stream, since a read that blocks in libuv's pool would keep the process from ending.
  try {
    for await (const chunk of process.stdin) yield chunk as Uint8Array;
  } catch (error) {
    throw refused('standard input', error);
  }
}

function fileSize(path: string): number | null {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : null;
  } catch {
    return null;
  }
}

function isSlowToUnpack(path: string): boolean {
  // A pipe would have its octets taken.
  const head = fileSize(path) === null ? null : headOf(path, COMPRESSION_MAGIC);
  const compression = head === null ? null : compressionOf(head);
  return compression !== null && isSlow(compression);
}

function isRegularFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Two buffers in turn: while one is worked on, the other is being filled, so disk and processor overlap. */
async function* readAhead(name: string, fill: (buffer: Uint8Array) => Promise<number>): AsyncGenerator<Uint8Array> {
  const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)] as const;
  let turn: 0 | 1 = 0;
  let pending = fill(buffers[turn]);
  for (;;) {
    let length: number;
    try {
      length = await pending;
    } catch (error) {
      throw refused(name, error);
    }
    if (length === 0) return;
    const chunk: Uint8Array = buffers[turn];
    turn = turn === 0 ? 1 : 0;
    pending = fill(buffers[turn]);
    // Looked at in the next turn; without this an error before that would end the process.
    pending.catch(() => {});
    yield length === CHUNK ? chunk : chunk.subarray(0, length);
  }
}
