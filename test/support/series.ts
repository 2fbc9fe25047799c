/** Series of capture files: one capture cut into many, and reports of both brought to the same names. */

import { NEXT_FILE, type SeriesFile } from '../../src/capture/series.js';
import type { CapturedPacket } from '../accuracy/conditions.mjs';
import { capture } from './rewrite.js';

/** An input of several files, which can be read again. */
export function seriesOfFiles(
  files: readonly Uint8Array[],
  series: readonly SeriesFile[] = files.map((_, index) => ({ name: `x.pcap${index || ''}` })),
) {
  return {
    series,
    octets: files.reduce((sum, { length }) => sum + length, 0),
    async *[Symbol.asyncIterator]() {
      for (const [index, file] of files.entries()) {
        if (index > 0) yield NEXT_FILE;
        yield file;
      }
    },
  };
}

/** The packets in files of `sizes` packets; what is left goes into the last. */
export function cutIntoFiles(
  packets: readonly CapturedPacket[],
  sizes: readonly number[],
  epoch: bigint,
): Uint8Array[] {
  let at = 0;
  return sizes.map((size, index) => {
    const from = at;
    at = index === sizes.length - 1 ? packets.length : Math.min(packets.length, at + size);
    return capture(packets.slice(from, at), epoch);
  });
}

/** A name of a frame in a text, `3:812`; no address and port, no time of day. */
const NAME = /(?<![\d.:\w\]-])(\d+):(\d+)(?![\d\w]|[.:]\d)/g;

/** A report of a series, with its frames named by their numbers in the run. `sizes` are the packets of each file. */
export function withRunNumbers(text: string, sizes: readonly number[]): string {
  return text.replace(NAME, (_, file: string, frame: string) => String(runNumber(Number(file), Number(frame), sizes)));
}

export function runNumber(file: number, frame: number, sizes: readonly number[]): number {
  return sizes.slice(0, file - 1).reduce((sum, size) => sum + size, 0) + frame;
}
