/** One capture from path to diagnosis, with progress, Ctrl-C and the reader that was asked for. */

import type { Warning } from '../capture/types.js';
import { type CaptureInput, diagnose } from '../diagnose.js';
import { configured } from '../report/configuration.js';
import { withSite } from '../report/site.js';
import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import { UsageError } from './errors.js';
import { keepHeapSmall } from './heap.js';
import { type CaptureRun, isStandardInput, openRun } from './inputs.js';
import { untilInterrupted } from './interrupt.js';
import { withProgress } from './progress.js';
import { pcapReaderByName } from './readers.js';
import type { Settings } from './settings.js';

export interface ReadOptions {
  readonly reader?: string | undefined;
  readonly twoPass?: boolean;
  readonly onePass?: boolean;
  readonly quiet: boolean;
  /** Of the file among several: ids become `2:1234`. */
  readonly number: number | undefined;
  readonly settings: Settings;
}

/** @throws CaptureError whose message begins with the path, UsageError */
export async function readCapture(run: CaptureRun, options: ReadOptions): Promise<Diagnosis> {
  const { reader, quiet, number, settings } = options;
  const readings = readingsOf(options);
  keepHeapSmall();
  const makeReader = await pcapReaderByName(reader);
  const { name } = run;
  const shown = name === '-' ? 'standard input' : name;
  const { causes, config } = settings;
  const input = openRun(run);
  let chunks: CaptureInput = isStandardInput(run) ? untilInterrupted(input) : input;
  if (!quiet && process.stderr.isTTY) chunks = withProgress(chunks, process.stderr, shown);
  try {
    const diagnosis = await diagnose(chunks, {
      file: name,
      causes,
      ...(config.limits === undefined ? {} : { limits: config.limits }),
      ...(number === undefined ? {} : { fileNumber: number }),
      ...(readings === undefined ? {} : { readings }),
      ...(makeReader === undefined ? {} : { reader: makeReader }),
    });
    return configured(withSite(withWarnings(diagnosis, input.warnings), config.site), settings.used);
  } catch (error) {
    const told = run.files.length > 1 || (error instanceof Error && error.message.startsWith(shown));
    if (error instanceof Error && error.name === 'CaptureError' && !told) {
      error.message = `${shown}: ${error.message}`;
    }
    throw error;
  }
}

/** How often a file is to be read; undefined: as its size asks for. */
function readingsOf({ twoPass, onePass }: ReadOptions): 1 | 2 | undefined {
  if (twoPass && onePass) throw new UsageError('--two-pass and --one-pass say the opposite: give one of them');
  if (onePass) return 1;
  return twoPass ? 2 : undefined;
}

/** What went wrong while the file was decompressed belongs to what went wrong with the capture. */
function withWarnings(diagnosis: Diagnosis, warnings: readonly Warning[]): Diagnosis {
  if (warnings.length === 0) return diagnosis;
  return {
    ...diagnosis,
    captures: diagnosis.captures.map((capture) => ({ ...capture, warnings: [...capture.warnings, ...warnings] })),
  };
}
