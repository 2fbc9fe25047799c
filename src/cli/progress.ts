/** Progress of long work, on stderr and only where somebody looks: a terminal. */

import type { Writable } from 'node:stream';
import type { SeriesFile } from '../capture/series.js';

/** Work shorter than this passes without a word. */
const PATIENCE = 1_500;
const REDRAW = 250;

export interface ProgressTerminal extends Writable {
  readonly isTTY?: boolean;
}

/** What is read, perhaps twice: its chunks, and its size where that is known. */
interface Chunks extends AsyncIterable<Uint8Array> {
  readonly octets?: number | null;
  readonly slow?: boolean;
  readonly series?: readonly SeriesFile[];
}

/** Passes the chunks on and counts them. `label` is what is being read. */
export function withProgress(chunks: Chunks, terminal: ProgressTerminal, label: string): Chunks {
  const { octets, series } = chunks;
  return {
    ...(octets === undefined ? {} : { octets }),
    ...(series === undefined ? {} : { series }),
    // Not asked of every capture: the file is looked into for it.
    get slow() {
      return chunks.slow === true;
    },
    [Symbol.asyncIterator]: () => counted(chunks, octets ?? null, terminal, label),
  };
}

async function* counted(
  chunks: Chunks,
  total: number | null,
  terminal: ProgressTerminal,
  label: string,
): AsyncGenerator<Uint8Array> {
  const started = Date.now();
  let drawn = 0;
  let octets = 0;
  try {
    for await (const chunk of chunks) {
      yield chunk;
      octets += chunk.length;
      const now = Date.now();
      if (now - started < PATIENCE || now - drawn < REDRAW) continue;
      drawn = now;
      terminal.write(`\r\u001b[K${progressText(label, octets, total, now - started)}`);
    }
  } finally {
    if (drawn > 0) terminal.write('\r\u001b[K');
  }
}

/** `prod.pcap: 1.2 of 8.0 GB, 640 MB/s, 11 s left` */
export function progressText(label: string, octets: number, total: number | null, milliseconds: number): string {
  const rate = octets / (milliseconds / 1000);
  const parts = [total === null ? size(octets) : `${size(octets)} of ${size(total)}`, `${size(rate)}/s`];
  // A compressed file swells: once past its size, nothing can be said of the rest.
  if (total !== null && total > octets && rate > 0) parts.push(`${Math.ceil((total - octets) / rate)} s left`);
  return `${label}: ${parts.join(', ')}`;
}

function size(octets: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = octets;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
