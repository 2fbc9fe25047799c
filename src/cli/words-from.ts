/** The words of `show` and `explain`: what was typed, or with `-` what comes on standard input, where a line may be longer. */

import { count } from '../report/words/wording.js';
import { UsageError } from './errors.js';

/** Octets: longer than any line that a log collector passes on (Fluent Bit and Loki cut at 256 KiB or less). */
const LONGEST_LINE = 1_048_576;

/** @throws UsageError when standard input holds nothing, or more than a line can be. */
export async function wordsFrom(typed: string, command: string): Promise<string> {
  if (typed !== '-') return typed;
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > LONGEST_LINE) {
      throw new UsageError(
        `${command} -: more than ${count(LONGEST_LINE)} bytes on standard input: one line of a log is meant`,
      );
    }
    chunks.push(chunk);
  }
  const words = Buffer.concat(chunks).toString('utf8').trim();
  if (words === '') throw new UsageError(`${command} -: nothing on standard input: one line of a log is meant`);
  return words;
}

/** Characters of what was asked for that an error message repeats. */
const REPEATED = 120;

/** Enough of it to be recognised. */
export function brief(words: string): string {
  return words.length <= REPEATED ? words : `${words.slice(0, REPEATED)}…`;
}
