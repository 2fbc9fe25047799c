/** `--reader`: the readers that can be asked for by name. */

import type { CaptureReader } from '../capture/types.js';
import { pcapParserReader } from '../node/index.js';
import { UsageError } from './errors.js';
import { didYouMean } from './suggest.js';

const READERS: Readonly<Record<string, () => CaptureReader>> = {
  'pcap-parser': pcapParserReader,
};

export const readerNames: readonly string[] = ['built-in', ...Object.keys(READERS)];

/** undefined for the built-in reader. @throws UsageError */
export function pcapReaderByName(name: string | undefined): (() => CaptureReader) | undefined {
  if (name === undefined || name === 'built-in') return undefined;
  if (Object.hasOwn(READERS, name)) return READERS[name];
  throw new UsageError(
    `--reader ${name}: no such reader${didYouMean(name, readerNames)}`,
    `known: ${readerNames.join(', ')}`,
  );
}
