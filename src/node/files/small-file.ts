/** Files that are read whole before a capture is: a device must not end the reading never, nor a FIFO hang it. */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;

/** Octets: 1 MiB, several hundred times the largest configuration that we have seen. */
const MOST = 1024 * 1024;

/** Is there, and is not read: a mistake told in one line. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  constructor(
    message: string,
    /** It is a symbolic link. */
    readonly link = false,
  ) {
    super(message);
  }
}

/**
 * Text of a regular file of at most 1 MiB. `links`: may it be a symbolic link? What somebody else put there may point
 * to a file that only the reader of our messages was not meant to see.
 * @throws FileRefused, or the system's errors with the path
 */
export function readSmallFile(path: string, { links }: { readonly links: boolean }): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK | (links ? 0 : O_NOFOLLOW));
  } catch (error) {
    if (!links && (error as NodeJS.ErrnoException).code === 'ELOOP')
      throw new FileRefused(`${path} is a symbolic link and was not read`, true);
    throw error;
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw new FileRefused(`${path} is not a regular file`);
    const octets = Buffer.alloc(MOST + 1);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, octets, length, octets.length - length, null);
      length += read;
      if (length > MOST) throw new FileRefused(`${path} is larger than 1 MiB`);
      if (read === 0) return octets.toString('utf8', 0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
