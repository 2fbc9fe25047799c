/**
 * `npm run mutate -- [--seed N] [--count N] [--all] [--only PATH] [--named]`
 *
 * Breaks the source in one place at a time and asks whether a test notices. Why not Stryker's own command: it has no
 * seeded sample, and loads every test file anew for every mutant; here the tests stay loaded in one process.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { draw, filesUnder, instrument } from './mutants.mjs';
import { livingNamed } from './named.mjs';
import { Tests } from './pool.mjs';
import { buildSandbox } from './sandbox.mjs';
import { MUTATED, SOONEST, TESTS } from './selection.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Milliseconds that a test may take longer with a mutant than without, on a loaded machine. */
const PATIENCE = 60_000;

/** Milliseconds of a test that is asked though it runs no code of the mutant's file. */
const CHEAP = 30;
/** Test files that ask for data by walking the catalogue or the output. */
const FOR_DATA = /catalogue|captures|config/;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    count: { type: 'string', default: '400' },
    all: { type: 'boolean', default: false },
    // A part of a path: only mutants of the files that have it.
    only: { type: 'string', default: '' },
    named: { type: 'boolean', default: false },
  },
});

const testFiles = TESTS.flatMap((path) => filesUnder(ROOT, join('test', path))).filter((path) =>
  path.endsWith('.test.ts'),
);

if (values.named) {
  const living = await livingNamed(ROOT, PATIENCE);
  process.exit(living.length === 0 ? 0 : 1);
}

const paths = MUTATED.flatMap((path) => filesUnder(ROOT, join('src', path))).filter((path) => path.endsWith('.ts'));
const missing = paths.filter((path) => !existsSync(join(ROOT, path)));
if (missing.length > 0) throw new Error(`nothing to mutate at ${missing.join(', ')}`);
const { files, mutants } = await instrument(ROOT, paths);

const equivalents = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8'));
const same = (mutant) => (one) =>
  one.file === mutant.file &&
  one.source === mutant.source &&
  one.original === mutant.original &&
  one.replacement === mutant.replacement;
const stale = equivalents.filter((one) => !mutants.some((mutant) => same(mutant)(one)));
for (const { file, source } of stale) console.log(`no such mutant any more, take it off the list: ${file}: ${source}`);
const different = mutants.filter((mutant) => !equivalents.some(same(mutant)));

const seed = Number(values.seed);
const sample = draw(
  different.filter(({ file }) => file.includes(values.only)),
  values.all ? 0 : Number(values.count),
  seed,
);
console.log(
  `seed ${seed}: ${sample.length} of ${different.length} mutants in ${paths.length} files (${mutants.length - different.length} equivalent ones aside)`,
);

const sandbox = buildSandbox(ROOT, 'mutation', new Map(files));
const loaded = new Tests(sandbox, testFiles);
const { tests, loading, broken } = await loaded.load({ dry: true });
for (const text of broken) console.log(`left out, fails without a mutant: ${text}`);
const whole = tests.map((_, number) => number).filter((number) => !tests[number].fails);
const cost = (numbers) => numbers.reduce((sum, number) => sum + tests[number].ms, 0);
console.log(`${whole.length} tests, ${Math.round(cost(whole) / 1000)} s`);

const idsOf = group(mutants);
const started = Date.now();
// What was done by then is a sample too: the order is random.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    loaded.close();
    report();
    process.exit(130);
  });
const survivors = [];
/** How many each test killed, by name. */
const killers = new Map();
/** Those that hung the tests or brought them down: they count as dead. On a machine that is too busy the first may be slow only. */
let halted = 0;
let done = 0;
for (const mutant of sample) {
  const killer = await killerOf(mutant);
  if (killer === null) survivors.push(mutant);
  else if (killer === 'hung' || killer === 'crashed') halted++;
  else killers.set(killer, (killers.get(killer) ?? 0) + 1);
  done++;
  if (process.stderr.isTTY) process.stderr.write(`\r${done}/${sample.length}, ${survivors.length} alive `);
  else if (done % 50 === 0) console.log(`${done} of ${sample.length}, ${survivors.length} alive, ${halted} halted`);
}
loaded.close();
report();

async function killerOf({ id, file }) {
  const covering = inOrder(whole.filter((number) => tests[number].coverage[id] !== undefined));
  if (covering.length > 0) {
    // A loop that never ends reaches the mutant without end: no clock is needed to tell.
    const run = covering.map((number) => [number, tests[number].coverage[id] * 100 + 1000]);
    const killer = await loaded.run(run, id, 10 * cost(covering) + PATIENCE);
    if (killer !== null) return killer;
  }
  return loading[id] === undefined ? null : new Tests(sandbox, []).runAnew(planFor(file), id, 5 * PATIENCE);
}

/** Those that killed most so far before the others, the cheap ones first: what is likely to fail soon. */
function inOrder(numbers) {
  const kills = (number) => killers.get(tests[number].name) ?? 0;
  return numbers.sort((a, b) => kills(b) - kills(a) || tests[a].ms - tests[b].ms);
}

/**
 * Tests for what runs while the modules of `file` load: those that run code of it, and the cheap ones, by file; the
 * goldens and the catalogue's before the others, as they ask for the data of all.
 */
function planFor(file) {
  const own = idsOf.get(file).map((mutant) => mutant.id);
  const plan = new Map(SOONEST.map((path) => [join('test', path), []]));
  for (const number of whole) {
    const { name, path, ms, coverage } = tests[number];
    const reaches = own.some((id) => coverage[id] !== undefined);
    if (!reaches && (ms >= CHEAP || !FOR_DATA.test(path))) continue;
    if (!plan.has(path)) plan.set(path, []);
    plan.get(path).push(name);
  }
  return [...plan].map(([path, names]) => ({ path, names })).filter(({ names }) => names.length > 0);
}

function report() {
  for (const [file, alive] of group(survivors)) {
    const drawn = sample.slice(0, done).filter((mutant) => mutant.file === file).length;
    console.log(`\n${file}: ${alive.length} of ${drawn} alive`);
    for (const { line, source, original, replacement, mutator } of alive.sort((a, b) => a.line - b.line)) {
      console.log(`  ${line}: ${source}\n    ${mutator}: ${brief(original)} → ${brief(replacement)}`);
    }
  }
  const dead = done - survivors.length;
  console.log(
    `\nseed ${seed}: ${dead} of ${done} mutants died (${halted} by halting), ${((100 * dead) / done).toFixed(1)} %, in ${Math.round((Date.now() - started) / 1000)} s`,
  );
}

function brief(code) {
  const line = code.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 87)}…` : line;
}

function group(values) {
  const groups = new Map();
  for (const value of values) {
    if (!groups.has(value.file)) groups.set(value.file, []);
    groups.get(value.file).push(value);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}
