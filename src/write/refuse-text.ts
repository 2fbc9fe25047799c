import { CaptureError, type CaptureInfo } from '../capture/types.js';

/**
 * A capture file has no room for "not told": what is written of a text would have a TTL of 0 and payload that never was.
 * @throws CaptureError for packets that were read from text
 */
export function refuseText({ lacks }: CaptureInfo): void {
  if (lacks === undefined) return;
  const text = `packets as text cannot be written as a capture: what they do not tell${lacks.length > 0 ? ` (${lacks.join(', ')})` : ''} would be made up`;
  throw new CaptureError('unsupported-format', text);
}
