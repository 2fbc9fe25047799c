/** Where an output really goes: through symbolic links, to a file, a device or a descriptor that is open already. */

import { type BigIntStats, fstatSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export type Place =
  /** `-`, `/dev/stdout`, `/dev/fd/3`: opened anew, a file behind it would be overwritten from its beginning. */
  | { readonly kind: 'descriptor'; readonly descriptor: number; readonly stat: BigIntStats | null }
  /** A device, FIFO or socket: written straight, there is nothing to replace. */
  | { readonly kind: 'special'; readonly path: string; readonly stat: BigIntStats }
  /** A regular file, or none yet. */
  | { readonly kind: 'file'; readonly path: string; readonly stat: BigIntStats | null };

/** As many links as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** Follows links itself, since the last of them may point to what does not exist yet. @throws the system's errors */
export function placeOf(output: string): Place {
  if (output === '-') return descriptorPlace(1);
  let path = resolve(output);
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const descriptor = descriptorOf(path);
    if (descriptor !== null) return descriptorPlace(descriptor);
    // `..` in a link counts from where the link really lies.
    const folder = realpathSync(dirname(path));
    const real = join(folder, basename(path));
    const stat = lstatSync(real, { bigint: true, throwIfNoEntry: false }) ?? null;
    if (stat === null || stat.isFile()) return { kind: 'file', path: real, stat };
    if (!stat.isSymbolicLink()) return { kind: 'special', path: real, stat };
    path = resolve(folder, readlinkSync(real));
  }
  // The system says it in its own words.
  return { kind: 'special', path, stat: statSync(path, { bigint: true }) };
}

function descriptorPlace(descriptor: number): Place {
  try {
    return { kind: 'descriptor', descriptor, stat: fstatSync(descriptor, { bigint: true }) };
  } catch {
    return { kind: 'descriptor', descriptor, stat: null };
  }
}

function descriptorOf(path: string): number | null {
  if (path === '/dev/stdout') return 1;
  if (path === '/dev/stderr') return 2;
  const number = new RegExp(`^/(?:dev|proc/(?:self|${process.pid}))/fd/(\\d+)$`).exec(path)?.[1];
  return number === undefined ? null : Number(number);
}
