/** What a file is by its first octets, never by its name alone. */

import { COMPRESSIONS } from '../../capture/compressions.js';
import { probe } from '../../capture/open.js';
import { PROBE_LENGTH, type Probe } from '../../capture/probe.js';
import { headOf } from './head.js';

/** null for any text and whatever else has no magic number, and for what may not be read. @param path of a regular file */
export function formatOf(path: string): Probe | null {
  const found = probeOf(path);
  return found === null || found.weak ? null : found;
}

function probeOf(path: string): Probe | null {
  const head = headOf(path, PROBE_LENGTH);
  return head === null ? null : (probe(head) ?? null);
}

/** What compresses anything: whether it is a capture only the name says. */
const ANYTHING: ReadonlySet<string> = new Set([...COMPRESSIONS.map(({ name }) => name), 'zip']);
const CAPTURE_NAME = /\.(?:pcap|pcapng|cap|dmp|dump|trace)\d*\.[a-z0-9]+$/i;

/** Is it meant where a folder is to be read? A text may be packets, but most texts in a folder are not. */
export function isCapture(path: string): boolean {
  const format = probeOf(path);
  if (format === null) return false;
  // A header that makes sense may do so by chance: the name has to agree.
  if (format.weak) return path.toLowerCase().endsWith(`.${format.name.toLowerCase()}`) && format.name !== 'text';
  return ANYTHING.has(format.name) ? CAPTURE_NAME.test(path) : true;
}
