import { closeSync, openSync, readSync } from 'node:fs';

/** The first octets of a regular file, at most `length`; null for what may not be read. */
export function headOf(path: string, length: number): Uint8Array | null {
  const head = new Uint8Array(length);
  try {
    const descriptor = openSync(path, 'r');
    try {
      return head.subarray(0, readSync(descriptor, head));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
