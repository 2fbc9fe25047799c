/** `whyrst merge` for programs: reports in, one diagnosis out. */

import type { Cause } from '../../reset/vocabulary/verdict.js';
import { type Merged, mergeResults, type Results } from './merge.js';
import { ResultProblem } from './pieces.js';
import { ResultsReader } from './read.js';

/** What `render` or the command wrote, in JSON or ndjson; of ndjson also that of several runs, one behind the other. */
export interface Report {
  /** How warnings and errors call it: its file. */
  readonly name: string;
  /** A string, or its octets in UTF-8. */
  readonly text: string | Uint8Array;
}

/**
 * What several runs found as one diagnosis, as if one run had read all their captures: in the order given, a capture that
 * stands in two reports told once, the sentence over all made anew. Packets are in no report, so {@link render} draws no
 * ladder of it; every other field has the units that it has elsewhere (times are nanoseconds since a capture's first record).
 *
 *     const { diagnosis, warnings } = merge([{ name: 'web-1.ndjson', text: await readFile('web-1.ndjson') }]);
 *     console.log(render(diagnosis, 'markdown'));
 *
 * @param catalogue the words of causes: `causes`, with those of one's own
 * @throws ResultProblem where a report is none, is cut (with its line) or was made with other limits than the first
 */
export function mergeReports(reports: readonly Report[], catalogue: readonly Cause[]): Merged {
  return mergeResults(reports.map(read), catalogue);
}

function read({ name, text }: Report): Results {
  const reader = new ResultsReader();
  try {
    reader.push(typeof text === 'string' ? new TextEncoder().encode(text) : text);
    reader.end();
  } catch (error) {
    if (error instanceof ResultProblem && !error.message.startsWith(name)) error.message = `${name}: ${error.message}`;
    throw error;
  }
  return { name, runs: reader.runs, unread: reader.unread };
}
