/**
 * The compressions that captures come in, told by their magic numbers, and the command that undoes each; `slow`: to unpack an
 * ordinary capture takes longer than to track it (measured: gzip 200 MB/s, zstd and lz4 three times that).
 */
export const COMPRESSIONS = [
  { name: 'gzip', magic: [0x1f, 0x8b], source: 'RFC 1952', undo: 'gzip -dc', slow: true },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], source: 'RFC 8878', undo: 'zstd -dc', slow: false },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], source: 'LZ4 Frame Format', undo: 'lz4 -dc', slow: false },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], source: 'The .xz File Format', undo: 'xz -dc', slow: true },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], source: 'bzip2(1)', undo: 'bzip2 -dc', slow: true },
] as const;

export type Compression = (typeof COMPRESSIONS)[number]['name'];

/** Octets it takes to tell. */
export const COMPRESSION_MAGIC = Math.max(...COMPRESSIONS.map(({ magic }) => magic.length));

export function isSlow(compression: Compression): boolean {
  return COMPRESSIONS.some(({ name, slow }) => name === compression && slow);
}

/** null when the octets begin with none of the magic numbers. */
export function compressionOf(head: Uint8Array): Compression | null {
  return COMPRESSIONS.find(({ magic }) => magic.every((octet, at) => head[at] === octet))?.name ?? null;
}
