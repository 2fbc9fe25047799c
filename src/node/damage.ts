import { CaptureError } from '../capture/types.js';
import type { WarningLog } from '../capture/warnings.js';

export interface Damage {
  /** The end is missing; else its octets are wrong. */
  readonly cut: boolean;
  /** Compressed octets that the decompressor was given. */
  readonly octets: number;
  /** What it said. */
  readonly words: string;
  /** Something could be decompressed. */
  readonly delivered: boolean;
}

/**
 * What was decompressed before some damage is a capture; the damage is a warning.
 *
 * @throws CaptureError `'corrupt'` where nothing was
 */
export function reportDamage({ cut, octets, words, delivered }: Damage, log: WarningLog): void {
  const text = cut
    ? `the compressed file is cut off at octet ${octets}: its end is missing`
    : `the compressed file is damaged, not behind octet ${octets}`;
  if (!delivered) throw new CaptureError('corrupt', `${text} (${words})`);
  log.add(cut ? 'cut-compression' : 'damaged-compression', null, `${text}; what could be decompressed was read`);
}
