import { PHRASES, type Phrase } from './phrases.js';

/** Quotes and repeated blanks gone: the same words match however they were copied. Takes time in proportion to the text. */
function bare(text: string): string {
  return text
    .replace(/["'`‘’“”]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same in lower case. */
function normal(text: string): string {
  return bare(text).toLowerCase();
}

/** A line made ready once for all phrases: it may be a megabyte long. */
interface Line {
  readonly bare: string;
  readonly lower: string;
}

interface Wanted {
  readonly phrase: Phrase;
  /** What stands before, between and after the `…`. */
  readonly parts: readonly string[];
  /** The text in lower case. */
  readonly lower: string;
}

const WANTED: readonly Wanted[] = PHRASES.map((phrase) => {
  const text = phrase.exact ? bare(phrase.text) : normal(phrase.text);
  return { phrase, parts: text.split('…').map((part) => part.trim()), lower: normal(phrase.text) };
});

/** Does the line hold the phrase, whatever stands in place of its `…`? Each part is looked for once, from left to right. */
function holds({ bare, lower }: Line, { phrase, parts }: Wanted): boolean {
  const text = phrase.exact ? bare : lower;
  let from = 0;
  for (const part of parts) {
    const at = findWords(text, part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

const LETTER = /\w/;

/** Whole words only: "EOF" is not in "typeof". */
function findWords(text: string, wanted: string, from = 0): number {
  const first = LETTER.test(wanted.charAt(0));
  const last = LETTER.test(wanted.charAt(wanted.length - 1));
  for (let at = text.indexOf(wanted, from); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const cutsLeft = first && LETTER.test(text.charAt(at - 1));
    const cutsRight = last && LETTER.test(text.charAt(at + wanted.length));
    if (!cutsLeft && !cutsRight) return at;
  }
  return -1;
}

/** The phrases that stand in a line of a log, the most telling first; empty where it holds none. */
export function phrasesIn(line: string): readonly Phrase[] {
  const text = { bare: bare(line), lower: normal(line) };
  const found = WANTED.filter((wanted) => holds(text, wanted));
  return telling(found).map(({ phrase }) => phrase);
}

/**
 * A program's own words tell more than those of the system it quotes (`socket hang up` more than the ECONNRESET beside
 * it), a whole message more than the piece of another that stands in it, and an inner cause more than the message
 * around it that does not say.
 */
function telling(found: readonly Wanted[]): readonly Wanted[] {
  const whole = found.filter(
    ({ lower }) => !found.some((other) => other.lower !== lower && other.lower.includes(lower)),
  );
  const decided = whole.filter(({ phrase }) => phrase.first !== 'hidden');
  const left = decided.length > 0 ? decided : whole;
  const own = left.filter(({ phrase }) => phrase.program !== 'Linux');
  return [...(own.length > 0 ? own : left)].sort((a, b) => b.lower.length - a.lower.length);
}

/**
 * The phrases that a text contains or that contain the text, the most telling first: a whole log line finds the phrase
 * in it, three words from memory find the phrases they belong to.
 */
export function findPhrases(words: string): readonly Phrase[] {
  const wanted = normal(words);
  if (wanted.length < 3) return [];
  const within = phrasesIn(words);
  if (within.length > 0) return within;
  const containing = WANTED.filter(({ lower }) => findWords(lower, wanted) >= 0);
  if (containing.length > 0) return containing.map(({ phrase }) => phrase);
  // `socket hangup`, `brokenpipe`: blanks are what memory drops first.
  const squeezed = wanted.replaceAll(' ', '');
  if (squeezed.length < 6) return [];
  return WANTED.filter(({ lower }) => lower.replaceAll(' ', '').includes(squeezed)).map(({ phrase }) => phrase);
}
