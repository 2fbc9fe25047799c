/** Several capture files as one input. */

import { type CaptureSeries, NEXT_FILE, type SeriesFile } from '../../capture/series.js';
import type { Warning } from '../../capture/types.js';
import { openCapture } from '../open-capture.js';

export interface CaptureFiles extends CaptureSeries {
  /** Size of all files together, which can be iterated again; null where one of them is none. */
  readonly octets: number | null;
  /** Has one of them to be unpacked slowly? */
  readonly slow: boolean;
  /** What went wrong while decompressing; complete when the iteration is. */
  readonly warnings: readonly Warning[];
}

/**
 * Captures that follow each other in time, as one: `diagnose` tells them as one run, connections live across the borders.
 * One file is open at a time.
 *
 *     await diagnose(openSeries(['x.pcap', 'x.pcap1', 'x.pcap2']), { file: 'x.pcap*' });
 *
 * @param files in the order of time, by path or as `seriesOfFiles` made them
 */
export function openSeries(files: readonly (string | SeriesFile)[]): CaptureFiles {
  const series = files.map((file) => (typeof file === 'string' ? { name: file } : file));
  let warnings: Warning[] = [];
  return {
    series,
    get octets() {
      let sum = 0;
      for (const { name } of series) {
        const { octets } = openCapture(name);
        if (octets === null) return null;
        sum += octets;
      }
      return sum;
    },
    get slow() {
      return series.some(({ name }) => openCapture(name).slow);
    },
    get warnings() {
      return warnings;
    },
    async *[Symbol.asyncIterator]() {
      warnings = [];
      for (const [index, { name }] of series.entries()) {
        if (index > 0) yield NEXT_FILE;
        const file = openCapture(name);
        yield* file;
        warnings.push(...file.warnings.map((warning) => ({ ...warning, text: `${name}: ${warning.text}` })));
      }
    },
  };
}
