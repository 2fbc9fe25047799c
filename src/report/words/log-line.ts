/** Does a pasted log line fit what the packets show? */

import type { ApplicationOutcome, Verdict } from '../../reset/vocabulary/verdict.js';
import { firstOnWire } from './errors.js';
import { phrasesIn } from './find-phrases.js';
import type { FirstOnWire, Phrase } from './phrases.js';

/** Words that say what came on the wire. */
type Telling = Exclude<FirstOnWire, 'hidden' | 'inner'>;

const WORDS: Readonly<Record<Telling, string>> = {
  reset: 'an RST with no FIN before it',
  fin: 'a FIN before the answer',
  dead: 'a write to a connection already dead',
  refused: 'an RST instead of the SYN-ACK',
  silence: 'no answer at all',
  local: 'a connection given up by its own host',
};

/** One sentence about the line's words; null when it holds none that are known. */
export function lineVerdict(line: string, verdict: Verdict): string | null {
  const phrase = phraseIn(line);
  if (phrase === null) return null;
  const { client, server } = verdict.applications;
  const means = `"${phrase.text}" (${phrase.program}) means ${WORDS[phrase.first as Telling]}`;
  if (client === null && server === null) return `${means}; these packets cannot tell what the programs saw.`;
  if (fits(phrase, client) || fits(phrase, server)) return `${means}: that fits.`;
  return `${means}: that is not what these packets would give. Another connection, or another time?`;
}

/** Do the line's words say that an RST came? */
export function saysReset(line: string): boolean {
  const first = phraseIn(line)?.first;
  return first === 'reset' || first === 'refused' || first === 'dead';
}

/** What the words of a line mean on the wire; null when they do not say. */
export function lineMeaning(line: string): { readonly phrase: Phrase; readonly means: string } | null {
  const phrase = phraseIn(line);
  return phrase === null ? null : { phrase, means: WORDS[phrase.first as Telling] };
}

/** The resets that would make a program write these words; none when the words do not tell. */
export function wouldSay(line: string, verdicts: readonly Verdict[]): readonly Verdict[] {
  const phrase = phraseIn(line);
  if (phrase === null) return [];
  return verdicts.filter(({ applications: { client, server } }) => fits(phrase, client) || fits(phrase, server));
}

/** The resets that would make a program write these words; all of them when the words do not tell. */
export function thatFit(line: string, verdicts: readonly Verdict[]): readonly Verdict[] {
  const own = wouldSay(line, verdicts);
  return own.length > 0 ? own : verdicts;
}

function phraseIn(line: string): Phrase | null {
  return phrasesIn(line).find(({ first }) => first !== 'hidden' && first !== 'inner') ?? null;
}

/** A read and a write of the same death log different words: EOF first, then a broken pipe. */
function fits(phrase: Phrase, seen: ApplicationOutcome | null): boolean {
  if (seen === null) return false;
  const first = firstOnWire(seen);
  if (first === phrase.first) return true;
  if (phrase.first === 'dead') return seen.error === 'EPIPE' || seen.error === 'ECONNRESET';
  return phrase.first === 'fin' && seen.eofFirst;
}
