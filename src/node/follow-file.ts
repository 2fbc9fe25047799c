import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openReader } from '../capture/open.js';
import { CaptureError, CaptureRecord } from '../capture/types.js';
import { type Clock, systemClock } from '../follow.js';
import { refused } from './refused.js';
import { DISORDER } from './series/group.js';

/** Octets asked for at a time. */
const CHUNK = 256 * 1024;
/** How often it is looked whether a file has grown, ms: a tail -F of coreutils looks once a second, a pipe is quicker. */
const LOOK = 100;
/** … and, in how many of these, whether its series has a next file: a folder may hold many. */
const LOOKS = 10;
/** Octets in which the first record of a capture has begun (its headers, names of interfaces). */
const HEAD = 64 * 1024;

export interface FollowFileOptions {
  readonly clock?: Clock;
  /** The next chunk begins another capture: the file was cut, replaced, or another of its series follows. */
  readonly restart: (path: string) => void;
  /** Ends it, as if the file had come to its end. */
  readonly signal?: AbortSignal;
  /** Time of the newest record read, ns since 1970: the next file of a series begins after it. */
  readonly newest: () => bigint | null;
}

/**
 * The octets of a file that grows, as `tail -F` follows it: what is cut is read anew, what is replaced by another of its
 * name is read on there, a pipe waits for its next writer. Where tcpdump -G or -C (dumpcap -b) begins a file with the
 * next time or number in its name, that one follows. A chunk is valid until the next one is asked for.
 *
 * @throws CaptureError `'unreadable'` where the file cannot be opened at first
 */
export async function* followFile(path: string, options: FollowFileOptions): AsyncGenerator<Uint8Array> {
  const { clock = systemClock, restart, newest, signal } = options;
  const buffer = new Uint8Array(CHUNK);
  let file = await opened(path);
  let at = path;
  /** Octets read of the file, and whether anything of its present life was. */
  let position = 0;
  let looks = 0;
  /** Files read to their end, and how they were then. */
  const done = new Map<string, string>();
  const begin = (next: string) => {
    at = next;
    position = 0;
    restart(next);
  };
  try {
    while (signal?.aborted !== true) {
      const length = await readSome(file.handle, buffer, file.stats.isFile() ? position : null);
      if (length > 0) {
        position += length;
        yield buffer.subarray(0, length);
        continue;
      }
      const next = await whatFollows(file, at, position, ++looks % LOOKS === 0 ? newest() : null, done);
      // What was written between the last look and the change.
      const rest = next === 'same' || next === 'cut' ? 0 : await readSome(file.handle, buffer, position);
      if (rest > 0) {
        position += rest;
        yield buffer.subarray(0, rest);
      } else if (next === 'same') {
        if (length === 0 && !file.stats.isFile() && position > 0) begin(at);
        await pause(clock, signal);
      } else if (next === 'cut') begin(at);
      else {
        const other = await opened(next.path).catch(() => null);
        if (other === null) {
          await pause(clock, signal);
          continue;
        }
        const last = await file.handle.stat();
        remember(done, last);
        await file.handle.close();
        file = other;
        begin(next.path);
      }
    }
  } finally {
    await file.handle.close();
  }
}

function pause(clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(LOOK, done);
    signal?.addEventListener('abort', done);
  });
}

interface Opened {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

async function opened(path: string): Promise<Opened> {
  try {
    // A pipe without a writer must not hold the process: it is looked at now and then.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = await handle.stat();
    if (stats.isFile() || stats.isFIFO()) return { handle, stats };
    await handle.close();
    throw new CaptureError('unreadable', `${path}: neither a file nor a pipe, so it cannot be followed`);
  } catch (error) {
    throw error instanceof CaptureError ? error : refused(path, error);
  }
}

/** Octets read; 0 at the end as it is now, -1 where a pipe has a writer that wrote nothing. */
async function readSome(handle: FileHandle, buffer: Uint8Array, position: number | null): Promise<number> {
  try {
    return (await handle.read(buffer, 0, buffer.length, position)).bytesRead;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return -1;
    throw error;
  }
}

/** What to do at the end of the file: wait, read it anew, or read another. */
async function whatFollows(
  { handle, stats }: Opened,
  path: string,
  position: number,
  newest: bigint | null,
  done: ReadonlyMap<string, string>,
): Promise<'same' | 'cut' | { readonly path: string }> {
  if (!stats.isFile()) return 'same';
  const now = await handle.stat();
  if (now.size < position) return 'cut';
  const named = await stat(path).catch(() => null);
  // A name that is gone comes back with the next file.
  if (named !== null && (named.ino !== now.ino || named.dev !== now.dev)) return { path };
  const next = await nextOfSeries(path, now, newest, done);
  return next === null ? 'same' : { path: next };
}

/**
 * The file that goes on where this one ends: its name differs in digits only, it was written later, and its first record
 * comes after the newest of this one. Of several the one that was written first.
 */
async function nextOfSeries(
  path: string,
  own: Stats,
  newest: bigint | null,
  done: ReadonlyMap<string, string>,
): Promise<string | null> {
  if (newest === null) return null;
  const folder = dirname(path);
  const pattern = seriesPattern(basename(path));
  const names = await readdir(folder).catch(() => []);
  const found: { readonly path: string; readonly first: bigint }[] = [];
  for (const name of names) {
    if (name === basename(path) || !pattern.test(name)) continue;
    const other = join(folder, name);
    const stats = await stat(other).catch(() => null);
    if (stats === null || !stats.isFile() || stats.ino === own.ino || stats.mtimeMs < own.mtimeMs) continue;
    // A ring of files is written anew.
    if (done.get(identity(stats)) === state(stats)) continue;
    const first = await firstTime(other);
    if (first !== null && first >= newest - DISORDER) found.push({ path: other, first });
  }
  found.sort((a, b) => (a.first < b.first ? -1 : 1));
  return found[0]?.path ?? null;
}

/** Files read to their end that are remembered: those before them began too long ago to be taken for the next one. */
const REMEMBERED = 1_024;

function remember(done: Map<string, string>, file: Stats): void {
  // The newest stand last.
  done.delete(identity(file));
  done.set(identity(file), state(file));
  const [oldest] = done.keys();
  if (done.size > REMEMBERED && oldest !== undefined) done.delete(oldest);
}

const identity = ({ dev, ino }: Stats) => `${dev} ${ino}`;
const state = ({ size, mtimeMs }: Stats) => `${size} ${mtimeMs}`;

/** Names that differ from this one in their digits: `cap-0930.pcap`, and `cap.pcap`, `cap.pcap1` of tcpdump -C. */
export function seriesPattern(name: string): RegExp {
  const parts = name.split(/\d+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('\\d+')}${/\d$/.test(name) && parts.length > 1 ? '' : '\\d*'}$`);
}

/** Time of the first record of a capture file, null while there is none. */
async function firstTime(path: string): Promise<bigint | null> {
  const handle = await open(path).catch(() => null);
  if (handle === null) return null;
  try {
    const head = new Uint8Array(HEAD);
    const { bytesRead } = await handle.read(head, 0, HEAD, 0);
    const reader = openReader();
    reader.push(head.subarray(0, bytesRead));
    return reader.next(new CaptureRecord()) ? reader.info.epoch : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
