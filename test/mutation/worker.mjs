/**
 * Runs tests within one process: the files are loaded once, the mutant is switched on and off between runs. A mutant
 * in code that runs while modules load needs a process of its own, with the mutant in the environment.
 *
 * Messages in: { run: [test numbers], mutant: id, hits: most times that the mutant may be reached, or null }.
 * Messages out: { tests: [{ name, ms, coverage: { id: times } }], loading: { id: times }, broken: [text] } once, then
 * { killer: test name or null } for each run.
 */
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collectTests, getFn, getHooks } from '@vitest/runner';
import { LEFT_OUT } from './selection.mjs';

const [sandbox, dry, ...files] = process.argv.slice(2);
/** Stryker's switchboard. */
const stryker = (globalThis.__stryker__ ??= {});
const loadedWith = process.env.__STRYKER_ACTIVE_MUTANT__;
process.chdir(sandbox);
// Nobody reads the stacks, and a mutant may throw many.
Error.stackTraceLimit = 0;

const config = {
  root: sandbox,
  name: '',
  setupFiles: [],
  sequence: {},
  tags: [],
  testTimeout: 0,
  hookTimeout: 0,
  allowOnly: true,
};
const runner = {
  config,
  trace: (_, attributes, run) => (run ?? attributes)(),
  importFile: (path) => import(pathToFileURL(path).href),
};

/** The tests of a suite that are not skipped, each with its full name and the suites around it. */
function flat(suite, file, around = [], names = []) {
  const suites = [...around, suite];
  return suite.tasks.flatMap((task) => {
    if (task.mode === 'skip' || task.mode === 'todo') return [];
    if (task.type === 'suite') return flat(task, file, suites, [...names, task.name]);
    const name = [...names, task.name].join(' ');
    return LEFT_OUT.test(name) ? [] : [{ name: `${file}: ${name}`, task, suites }];
  });
}

/** null, or why the test failed. */
async function failure({ task, suites }) {
  try {
    for (const suite of suites) for (const hook of getHooks(suite).beforeEach) await hook(task.context, suite);
    await getFn(task)();
    for (const suite of suites) for (const hook of getHooks(suite).afterEach) await hook(task.context, suite);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Of the processor, not of the clock: other work on the machine does not count. */
function milliseconds(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const broken = [];
const tests = [];
for (const path of files) {
  const name = relative('test', path);
  const [file] = await collectTests([join(sandbox, path.replace(/\.ts$/, '.js'))], runner);
  const error = file.result?.errors?.[0];
  if (error !== undefined) broken.push(`${name}: ${error.message}`);
  else {
    const found = flat(file, name);
    const suites = new Set(found.flatMap((test) => test.suites));
    for (const suite of suites) for (const hook of getHooks(suite).beforeAll) await hook(suite.context ?? {}, suite);
    tests.push(...found);
  }
}
const loading = { ...stryker.mutantCoverage?.static };

const results = [];
for (const [number, test] of tests.entries()) {
  if (dry !== 'dry') break;
  stryker.currentTestId = String(number);
  const start = process.cpuUsage();
  const why = await failure(test);
  if (why !== null) broken.push(`${test.name}: ${why}`);
  results.push({
    name: test.name,
    ms: milliseconds(start),
    fails: why !== null,
    coverage: stryker.mutantCoverage?.perTest[number] ?? {},
  });
  stryker.currentTestId = undefined;
}
process.send({ tests: results, loading, broken });

process.on('message', async ({ run, mutant, hits }) => {
  stryker.activeMutant = mutant;
  stryker.hitCount = hits === null ? undefined : 0;
  stryker.hitLimit = hits ?? undefined;
  let killer = null;
  for (const number of run) {
    if ((await failure(tests[number])) === null && !(hits !== null && stryker.hitCount > hits)) continue;
    killer = tests[number].name;
    break;
  }
  stryker.activeMutant = loadedWith;
  process.send({ killer });
});
