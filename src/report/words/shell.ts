/** Commands that a reader may paste. */

import { printable } from './printable.js';

/** One word of a POSIX shell; quoted only where it must be. Control characters are shown as escapes in `$'…'`. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word.startsWith('-') && word !== '-' ? `./${word}` : word;
  const safe = printable(word);
  if (safe !== word) return `$'${safe.replaceAll("'", "\\'")}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
