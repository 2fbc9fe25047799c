/** Decompression by the command that systems have for it, as a child process beside this one. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Compression } from '../capture/compressions.js';
import { CaptureError } from '../capture/types.js';
import type { WarningLog } from '../capture/warnings.js';
import { reportDamage } from './damage.js';

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it comes from, in words that follow "install". */
  readonly from: string;
}

/**
 * All write what they could decompress before some damage. A header may ask xz for 4 GiB of dictionary: what `xz -9` makes
 * needs 65 MiB; zstd has a limit of its own (128 MiB).
 */
export const COMMANDS: Readonly<Record<Exclude<Compression, 'gzip'>, Command>> = {
  xz: { command: 'xz', args: ['-dc', '--memlimit-decompress=256MiB'], from: 'xz-utils' },
  bzip2: { command: 'bzip2', args: ['-dc'], from: 'bzip2' },
  lz4: { command: 'lz4', args: ['-dc'], from: 'lz4' },
  zstd: { command: 'zstd', args: ['-dc'], from: 'zstd, or use Node 22.15 or later' },
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Complaints are a line or two; more is not kept. */
const COMPLAINT = 4096;
/** How the four say that a file ends too early. */
const CUT = /unexpected|premature|unfinished|truncated|incomplete|ends/i;

/**
 * Runs chunks through the command. Nothing is read from it before it is asked for, so that it waits, however much a little
 * swells to.
 *
 * @throws CaptureError `'unsupported-format'` where there is no such command, `'corrupt'` where nothing could be decompressed
 */
export async function* throughCommand(
  compression: Compression,
  { command, args, from }: Command,
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  log: WarningLog,
): AsyncGenerator<Uint8Array> {
  const child: Child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, COMPLAINT);
  });
  const ended = new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.on('error', resolve);
    child.on('close', (status) => resolve(status ?? -1));
  });
  // One that sees damage ends before it has read all.
  child.stdin.on('error', () => {});
  const feeding = feed(child.stdin, head, rest);
  // Looked at below; without this an error before that would end the process.
  feeding.catch(() => {});
  let delivered = false;
  try {
    for await (const chunk of child.stdout) {
      delivered = true;
      yield chunk as Uint8Array;
    }
    const end = await ended;
    if (typeof end !== 'number') throw missing(compression, command, from, end);
    const octets = await feeding;
    if (end === 0) return;
    const words = complaint.trim().split('\n')[0] ?? '';
    reportDamage({ cut: CUT.test(words), octets, words: words || `${command} ended with ${end}`, delivered }, log);
  } finally {
    child.stdin.destroy();
    child.kill();
  }
}

/** Writes it all, each chunk when the one before was taken; the number of octets that were. */
async function feed(stdin: Writable, head: Uint8Array, rest: AsyncIterable<Uint8Array>): Promise<number> {
  let octets = 0;
  const write = (chunk: Uint8Array) =>
    new Promise<boolean>((resolve) => {
      octets += chunk.length;
      // Without a reader the callback may never come.
      const closed = () => resolve(false);
      stdin.once('close', closed);
      stdin.write(chunk, (error) => {
        stdin.off('close', closed);
        resolve(!error);
      });
    });
  let taken = await write(head);
  for await (const chunk of rest) {
    if (!taken || stdin.destroyed) break;
    taken = await write(chunk);
  }
  stdin.end();
  return octets;
}

function missing(compression: Compression, command: string, from: string, error: NodeJS.ErrnoException): CaptureError {
  const why = error.code === 'ENOENT' ? 'is not on PATH' : `cannot be run (${error.code})`;
  const text = `this is ${compression}, and the command ${command} that decompresses it ${why}: install ${from}`;
  return new CaptureError('unsupported-format', text, 0);
}
