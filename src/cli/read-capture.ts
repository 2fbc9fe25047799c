/** One capture from path to diagnosis, with progress, Ctrl-C and the reader that was asked for. */

import type { Warning } from '../capture/types.js';
import { type CaptureInput, diagnose } from '../diagnose.js';
import { openCapture } from '../node/open-capture.js';
import { configured } from '../report/configuration.js';
import { withSite } from '../report/site.js';
import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import { untilInterrupted } from './interrupt.js';
import { withProgress } from './progress.js';
import { pcapReaderByName } from './readers.js';
import type { Settings } from './settings.js';

export interface ReadOptions {
  readonly reader?: string | undefined;
  readonly twoPass?: boolean;
  readonly quiet: boolean;
  /** Of the file among several: ids become `2:1234`. */
  readonly number: number | undefined;
  readonly settings: Settings;
}

/** @throws CaptureError whose message begins with the path */
export async function readCapture(path: string, options: ReadOptions): Promise<Diagnosis> {
  const { reader, twoPass, quiet, number, settings } = options;
  const makeReader = await pcapReaderByName(reader);
  const name = path === '-' ? 'standard input' : path;
  const { causes, config } = settings;
  const file = openCapture(path);
  let chunks: CaptureInput = path === '-' ? untilInterrupted(file) : file;
  if (!quiet && process.stderr.isTTY) chunks = withProgress(chunks, path, process.stderr, name);
  try {
    const diagnosis = await diagnose(chunks, {
      file: path,
      causes,
      ...(config.limits === undefined ? {} : { limits: config.limits }),
      ...(number === undefined ? {} : { fileNumber: number }),
      ...(twoPass === true ? { readings: 2 } : {}),
      ...(makeReader === undefined ? {} : { reader: makeReader }),
    });
    return configured(withSite(withWarnings(diagnosis, file.warnings), config.site), settings.used);
  } catch (error) {
    if (error instanceof Error && error.name === 'CaptureError' && !error.message.startsWith(name)) {
      error.message = `${name}: ${error.message}`;
    }
    throw error;
  }
}

/** What went wrong while the file was decompressed belongs to what went wrong with the capture. */
function withWarnings(diagnosis: Diagnosis, warnings: readonly Warning[]): Diagnosis {
  if (warnings.length === 0) return diagnosis;
  return {
    ...diagnosis,
    captures: diagnosis.captures.map((capture) => ({ ...capture, warnings: [...capture.warnings, ...warnings] })),
  };
}
