import type { Warning } from '../capture/types.js';
import type { FragmentCounts } from '../packet/fragments.js';
import { DECODED_NAMES, DECODED_OTHER } from '../packet/segment.js';
import type { CaptureCounts } from './summary.js';

/** By what decoding made of a record; what is not here is as it should be. */
const UNREAD: Readonly<Record<string, string>> = {
  cut: 'packets hold too little to read their TCP header',
  malformed: 'packets have headers that contradict themselves',
  'link-fragment': 'fragments of frames were left out',
  'unknown-link': 'packets are of a link type or tunnel that is not read',
};

/** What was left out of the diagnosis, beside what the reader itself could not read. */
export function warningsOf({ census, reread, tracker, judgedEarly, endingsOmitted }: CaptureCounts): Warning[] {
  const list: Warning[] = [];
  for (let what = 0; what < DECODED_NAMES.length; what++) {
    const code = DECODED_NAMES[what];
    if (what === DECODED_OTHER || census.decoded[what] === 0 || UNREAD[code] === undefined) continue;
    list.push({ code, count: census.decoded[what], frame: census.decodedFirst[what], text: UNREAD[code] });
  }
  list.push(...fragmentWarnings(census.fragments));
  if (reread !== null && reread < census.records)
    list.push({
      code: 'changed',
      count: census.records - reread,
      frame: reread + 1,
      text: 'records were gone when the file was read again: it was changed meanwhile',
    });
  const counted = (code: string, count: number, text: string) => {
    if (count > 0) list.push({ code, count, frame: null, text });
  };
  counted(
    'evicted',
    tracker.evicted,
    'connections were given up to bound memory; later packets of theirs look like mid-stream starts',
  );
  counted('judged-early', judgedEarly, 'resets were judged before the end of the capture to bound memory');
  counted('endings-omitted', endingsOmitted, 'endings without an RST are not listed');
  if (census.records === 0) counted('no-packets', 1, 'it holds no packets');
  else if (census.segments === 0) counted('no-tcp', 1, 'none of its packets is TCP that can be read');
  return list;
}

function fragmentWarnings({
  incomplete,
  incompleteFrame,
  contradictory,
  contradictoryFrame,
  crowded,
}: FragmentCounts): Warning[] {
  const list: Warning[] = [];
  if (incomplete > 0)
    list.push({
      code: 'fragment',
      count: incomplete,
      frame: incompleteFrame,
      text: 'IP packets came in fragments of which some are not here; of first fragments the octets that are here count',
    });
  if (contradictory > 0)
    list.push({
      code: 'fragment-overlap',
      count: contradictory,
      frame: contradictoryFrame,
      text: 'IP packets were left out because their fragments overlap or are too long together (RFC 5722)',
    });
  if (crowded > 0)
    list.push({
      code: 'fragment-crowded',
      count: crowded,
      frame: null,
      text: 'IP packets whose fragments still waited for others were given up to bound memory',
    });
  return list;
}
