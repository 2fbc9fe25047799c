/** Which of several resets a query means: the one nearest before the time a log line bears, else the first. */

import { parseAddress } from '../../report/select/address.js';
import { type QueryEnd, timeIn } from '../../report/select/query.js';
import { thatFit } from '../../report/words/log-line.js';
import { parseMoment } from '../../report/words/moment.js';
import { absolute, type Clock } from '../../report/words/time.js';
import { counted } from '../../report/words/wording.js';
import type { EndpointFacts } from '../../reset/types.js';
import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';

/** Verdicts of one four-tuple, either way round; aftershocks only where nothing else is. */
export function ofConnection(
  verdicts: readonly Verdict[],
  [one, other]: readonly [QueryEnd, QueryEnd],
): readonly Verdict[] {
  const own = verdicts.filter(({ reset }) =>
    [reset, ...reset.translated].some(
      ({ sender, receiver }) => (is(sender, one) && is(receiver, other)) || (is(sender, other) && is(receiver, one)),
    ),
  );
  return preferDeaths(own);
}

/** Verdicts that every named endpoint takes part in, and every named address where that leaves any. */
export function matching(
  verdicts: readonly Verdict[],
  { ends, addresses }: { readonly ends: readonly QueryEnd[]; readonly addresses: readonly string[] },
): readonly Verdict[] {
  const found = verdicts.filter(({ reset }) => ends.every((end) => placesOf(reset).some((place) => is(place, end))));
  const narrowed = found.filter(({ reset }) =>
    addresses.every((address) => placesOf(reset).some((place) => sameAddress(place.address, address))),
  );
  // A proxy's line also names its own client, which has no part in the connection to the upstream.
  return preferDeaths(narrowed.length > 0 || ends.length === 0 ? narrowed : found);
}

/** Both ends by all names they have in the capture. */
function placesOf(reset: Verdict['reset']) {
  return [reset, ...reset.translated].flatMap(({ sender, receiver }) => [sender, receiver]);
}

function preferDeaths(verdicts: readonly Verdict[]): readonly Verdict[] {
  const deaths = verdicts.filter(({ role }) => role === 'first');
  if (deaths.length > 0) return deaths;
  const ignored = verdicts.filter(({ role }) => role === 'ignored');
  return ignored.length > 0 ? ignored : verdicts;
}

export interface Choice {
  readonly verdict: Verdict;
  /** What to say of the choice; null where there was none. */
  readonly why: string | null;
}

/** A program logs after the packet came, so the last reset before that time is meant; a second's rounding is allowed. */
const ROUNDING = 1_000_000_000n;

export function choose(found: readonly Verdict[], words: string, diagnosis: Diagnosis, clock: Clock): Choice {
  const fitting = thatFit(words, found);
  const first = fitting[0] as Verdict;
  if (fitting.length === 1) {
    const others = found.length - 1;
    return {
      verdict: first,
      why: others === 0 ? null : `${counted(found.length, 'reset')}; only this one gives such a line`,
    };
  }
  const epoch = diagnosis.captures[0]?.first ?? null;
  const stamp = timeIn(words);
  const moment = stamp === null || epoch === null ? null : parseMoment(stamp, clock)?.(epoch);
  const many = counted(fitting.length, 'reset');
  if (moment === null || moment === undefined) return { verdict: first, why: `${many} fit; this is the first` };
  const before = fitting.filter(({ reset }) => (absolute(epoch, reset.rst.time) as bigint) <= moment + ROUNDING);
  const nearest = before.at(-1);
  if (nearest === undefined) return { verdict: first, why: `${many} fit, all after ${stamp}; this is the first` };
  return { verdict: nearest, why: `${many} fit; this is the last before ${stamp}` };
}

function is(facts: Pick<EndpointFacts, 'address' | 'port'>, end: QueryEnd): boolean {
  return facts.port === end.port && sameAddress(facts.address, end.address);
}

/** As numbers: `2001:DB8::1` and `2001:db8:0::1` are one address. */
function sameAddress(one: string, other: string): boolean {
  if (one === other) return true;
  const a = parseAddress(one);
  const b = parseAddress(other);
  return a !== null && b !== null && a.bits === b.bits && a.value === b.value;
}
