/** The mutants of the source, made by Stryker's instrumenter, and a seeded draw from them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

const SILENT = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
const OPTIONS = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };

/** Paths of the files under `path`, relative to `root`; `path` itself where it is a file. */
export function filesUnder(root, path) {
  const whole = join(root, path);
  if (statSync(whole, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * Instruments files: each mutant is in the code, switched on by its number.
 *
 * Returns `files`, [path, code] each, and `mutants`: { id, file, line (1-based), source (its first line, trimmed),
 * original (the code it replaces), replacement, mutator }.
 */
export async function instrument(root, paths) {
  const contents = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const input = [...contents].map(([name, content]) => ({ name, content, mutate: true }));
  const { files, mutants } = await new Instrumenter(SILENT).instrument(input, OPTIONS);
  return {
    files: files.map(({ name, content }) => [name, content]),
    mutants: mutants.map(({ id, fileName, location: { start, end }, replacement, mutatorName }) => {
      const lines = contents
        .get(fileName)
        .split('\n')
        .slice(start.line, end.line + 1);
      const source = lines[0].trim();
      lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
      lines[0] = lines[0].slice(start.column);
      const original = lines.join('\n');
      return { id, file: fileName, line: start.line + 1, source, original, replacement, mutator: mutatorName };
    }),
  };
}

/** `count` of the values in an order that the seed decides (mulberry32, Fisher and Yates); 0 means all. */
export function draw(values, count, seed) {
  const shuffled = [...values];
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled.slice(0, count || shuffled.length);
}
