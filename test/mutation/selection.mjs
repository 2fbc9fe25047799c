/** What is mutated, and which tests have to notice. */

/** Folders and files under `src`. */
export const MUTATED = [
  'flow',
  'reset',
  'causes',
  'gate',
  'write',
  'report/words/escape.ts',
  'report/words/printable.ts',
];

/**
 * Tests that run per mutant: the quick ones. Left out are those that start the built command (`cli`, `node`), those
 * that run every capture many times over (sweep, metamorphic) and those that read no code that is mutated.
 */
export const TESTS = [
  'flow',
  'reset',
  'causes',
  'gate',
  'write',
  'report/hostile.test.ts',
  'report/words/escape.test.ts',
  'report/text/catalogue.test.ts',
  'context',
  'catalogue.test.ts',
  'captures.test.ts',
];

/**
 * Left out too: what diagnoses every recording once more. The goldens hold all that the recordings' names and truth
 * files ask of the code.
 */
export const LEFT_OUT =
  /^(the (truth of|name asserts) |whoever is not certain |anonymous extracts are diagnosed )|every recording/;

/** Asked first about data: titles, words, lists. */
export const SOONEST = ['catalogue.test.ts', 'captures.test.ts'];
