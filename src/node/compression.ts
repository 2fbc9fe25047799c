/** The compressions that are read, told by their magic numbers; apart from zlib, which most runs need not load. */

export type Compression = 'gzip' | 'zstd';

/** Octets it takes to tell. */
export const MAGIC = 4;

/** null when the octets begin with none of the magic numbers. */
export function compressionOf(head: Uint8Array): Compression | null {
  // RFC 1952 §2.3.1
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  // RFC 8878 §3.1.1
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return null;
}
