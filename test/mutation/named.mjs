/**
 * Mutants that once survived the whole suite (named.json): a test of the tests that were written against them. Each
 * names its place by the text that it replaces, and the test files of which one has to fail.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tests } from './pool.mjs';
import { buildSandbox, compile } from './sandbox.mjs';

/** Names of the mutants that live; says of each what became of it. Throws where the text to replace is not there once. */
export async function livingNamed(root, patience) {
  const named = JSON.parse(readFileSync(new URL('named.json', import.meta.url), 'utf8'));
  const broken = named.map((one) => [one, mutate(root, one)]);
  const sandbox = buildSandbox(root, 'named-mutants');
  const living = [];
  const before = new Set(await failures([...new Set(named.flatMap(({ tests }) => tests))], sandbox, patience));
  for (const [{ name, file, tests }, code] of broken) {
    compile(root, sandbox, file, code);
    const killer = (await failures(tests, sandbox, patience)).find((text) => !before.has(text)) ?? null;
    compile(root, sandbox, file);
    if (killer === null) living.push(name);
    console.log(killer === null ? `ALIVE ${name}` : `died  ${name}: ${killer}`);
  }
  return living;
}

function mutate(root, { name, file, from, to }) {
  const code = readFileSync(join(root, file), 'utf8');
  if (code.split(from).length !== 2) throw new Error(`${name}: ${file} has to hold once: ${from}`);
  return code.replace(from, () => to);
}

/** The tests of these files that fail, each with its reason in one line. */
async function failures(files, sandbox, patience) {
  const tests = new Tests(
    sandbox,
    files.map((file) => join('test', file)),
  );
  const loaded = await tests.load({ dry: true, within: patience * files.length });
  tests.close();
  return typeof loaded === 'string' ? [loaded] : loaded.broken.map((text) => text.split('\n')[0]);
}
