import type { CaptureRecord } from '../capture/types.js';
import { LINKTYPE_SUBFRAMES } from './link-types.js';

/**
 * Narrows a record to what follows the packet that was decoded of it: an aggregated frame of IEEE 802.11 holds several.
 *
 * @param rest where that begins ({@link Decoder.rest}); 0 where nothing does
 * @returns whether there is anything
 */
export function narrow(record: CaptureRecord, rest: number): boolean {
  if (rest === 0) return false;
  record.originalLength -= rest - record.start;
  record.start = rest;
  record.linkType = LINKTYPE_SUBFRAMES;
  return true;
}

/** Is it what is left of a record, of which a packet was decoded before? */
export function isRest(record: CaptureRecord): boolean {
  return record.linkType === LINKTYPE_SUBFRAMES;
}
