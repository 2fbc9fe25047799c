import { PHRASES, type Phrase } from './phrases.js';

/** Lower case, quotes and repeated blanks gone: the same words match however they were copied. */
function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/["'`‘’“”]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Does `line` contain the phrase, whatever stands in place of its `…`? */
export function occursIn(phrase: Phrase, line: string): boolean {
  let rest = normal(line);
  for (const part of normal(phrase.text).split('…')) {
    const wanted = part.trim();
    const at = findWords(rest, wanted);
    if (at < 0) return false;
    rest = rest.slice(at + wanted.length);
  }
  return true;
}

/** Whole words only: "EOF" is not in "typeof". */
function findWords(text: string, wanted: string): number {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = at === 0 ? '' : (text[at - 1] as string);
    const after = text[at + wanted.length] ?? '';
    const cutsLeft = /\w/.test(before) && /^\w/.test(wanted);
    const cutsRight = /\w/.test(after) && /\w$/.test(wanted);
    if (!cutsLeft && !cutsRight) return at;
  }
  return -1;
}

/**
 * The phrases that a text contains or that contain the text, the most telling first: a whole log line finds the phrase
 * in it, three words from memory find the phrases they belong to.
 */
export function findPhrases(words: string): readonly Phrase[] {
  const wanted = normal(words);
  if (wanted.length < 3) return [];
  const within = PHRASES.filter((phrase) => occursIn(phrase, words));
  // A program's own words tell more than the errno text of the system, which many programs quote.
  const quoted = (phrase: Phrase) => (phrase.program === 'Linux' ? 1 : 0);
  if (within.length > 0) return [...within].sort((a, b) => quoted(a) - quoted(b) || b.text.length - a.text.length);
  const containing = PHRASES.filter((phrase) => findWords(normal(phrase.text), wanted) >= 0);
  if (containing.length > 0) return containing;
  // `socket hangup`, `brokenpipe`: blanks are what memory drops first.
  const squeezed = wanted.replaceAll(' ', '');
  return squeezed.length < 6 ? [] : PHRASES.filter(({ text }) => normal(text).replaceAll(' ', '').includes(squeezed));
}
