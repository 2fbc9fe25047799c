/** `--reader`: the readers that can be asked for by name, loaded when they are. */

import type { CaptureReader } from '../capture/types.js';
import { UsageError } from './errors.js';
import { didYouMean } from './suggest.js';

type MakeReader = () => CaptureReader;

const READERS: Readonly<Record<string, () => Promise<MakeReader>>> = {
  'pcap-parser': async () => (await import('../node/pcap-parser-reader.js')).pcapParserReader,
};

export const readerNames: readonly string[] = ['built-in', ...Object.keys(READERS)];

/** undefined for the built-in reader. @throws UsageError */
export async function pcapReaderByName(name: string | undefined): Promise<MakeReader | undefined> {
  if (name === undefined || name === 'built-in') return undefined;
  if (Object.hasOwn(READERS, name)) return READERS[name]?.();
  throw new UsageError(
    `--reader ${name}: no such reader${didYouMean(name, readerNames)}`,
    `known: ${readerNames.join(', ')}`,
  );
}
