/** "Did you mean": the nearest of the known words, when one is near enough to be meant. */

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, (previous[j] as number) + 1, (current[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] as number) + 1);
      }
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] as number;
}

/** Characters: what is longer is no misspelt word, and the distance costs their product. */
const LONGEST = 100;

/** The nearest word within a third of its letters, or the one that begins or ends like what was typed; null if none. */
export function suggest(typed: string, known: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  if (wanted === '' || wanted.length > LONGEST) return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const word of known) {
    const distance = editDistance(wanted, word);
    if (distance < least && distance <= Math.max(1, Math.floor(word.length / 3))) {
      best = word;
      least = distance;
    }
  }
  if (best !== null || wanted.length < 4) return best;
  return known.find((word) => word.includes(wanted)) ?? null;
}

/** ` (did you mean show?)`, or nothing. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const word = suggest(typed, known);
  return word === null ? '' : `; did you mean ${word}?`;
}
