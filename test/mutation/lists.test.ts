/** The lists beside `npm run mutate` stay true of the source: the mutants that once survived have their place, and so have the equivalent ones. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import equivalent from './equivalent.json' with { type: 'json' };
import named from './named.json' with { type: 'json' };

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test.each(named.map((one) => [one.name, one] as const))('%s', (_, { file, from, to, tests }) => {
  expect(readFileSync(at(file), 'utf8').split(from), `${file} has to hold once: ${from}`).toHaveLength(2);
  expect(to).not.toBe(from);
  for (const path of tests) expect(existsSync(at(`test/${path}`)), path).toBe(true);
});

test('every mutant that is listed as equivalent still has its line', () => {
  const gone = equivalent.filter(({ file, source }) => !readFileSync(at(file), 'utf8').includes(source));
  expect(gone).toEqual([]);
});
