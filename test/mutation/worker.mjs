/**
 * Runs tests within one process: the files are loaded once, the mutant is switched on and off between runs. A mutant
 * in code that runs while modules load needs a process of its own, with the mutant in the environment: it loads one
 * test file after the other, until a test fails.
 *
 * Started with `dry` or `load` and the files. Messages in: { run: [[test number, most times that the mutant may be reached
 * in it]], mutant: id }. Messages out: { tests: [{ name, path, ms, coverage: { id: times } }], loading: { id: times },
 * broken: [text] } once, then { killer: test name or null } for each run.
 *
 * Started with `each`: in { plan: [{ path, names: [of tests] }] }, out { killer }.
 */
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collectTests, getFn, getHooks } from '@vitest/runner';
import { LEFT_OUT } from './selection.mjs';

const [sandbox, mode, ...files] = process.argv.slice(2);
/** Stryker's switchboard. */
const stryker = (globalThis.__stryker__ ??= {});
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

/** The tests of one file, or why it cannot be loaded. */
async function load(path) {
  const name = relative('test', path);
  const [file] = await collectTests([join(sandbox, path.replace(/\.ts$/, '.js'))], runner);
  const error = file.result?.errors?.[0];
  if (error !== undefined) return { found: [], error: `${name}: ${error.message}` };
  const found = flat(file, name);
  const suites = new Set(found.flatMap((test) => test.suites));
  for (const suite of suites) for (const hook of getHooks(suite).beforeAll) await hook(suite.context ?? {}, suite);
  return { found: found.map((test) => ({ ...test, path })), error: null };
}

/** The first test of a plan that fails, or null. */
async function firstFailure(plan) {
  for (const { path, names } of plan) {
    const { found, error } = await load(path);
    if (error !== null) return error;
    const asked = new Set(names);
    for (const test of found) if (asked.has(test.name) && (await failure(test)) !== null) return test.name;
  }
  return null;
}

if (mode === 'each') {
  process.once('message', async ({ plan }) => process.send({ killer: await firstFailure(plan) }));
} else {
  await serve();
}

async function serve() {
  const broken = [];
  const tests = [];
  for (const path of files) {
    const { found, error } = await load(path);
    tests.push(...found);
    if (error !== null) broken.push(error);
  }
  const loading = { ...stryker.mutantCoverage?.static };
  process.send({ tests: mode === 'dry' ? await dryRun(tests, broken) : [], loading, broken });
  process.on('message', async ({ run, mutant }) => {
    stryker.activeMutant = mutant;
    let killer = null;
    for (const [number, hits] of run) {
      stryker.hitCount = 0;
      stryker.hitLimit = hits;
      if ((await failure(tests[number])) === null && stryker.hitCount <= hits) continue;
      killer = tests[number].name;
      break;
    }
    stryker.activeMutant = undefined;
    process.send({ killer });
  });
}

/** Runs every test once without a mutant. */
async function dryRun(tests, broken) {
  const results = [];
  for (const [number, test] of tests.entries()) {
    stryker.currentTestId = String(number);
    const start = process.cpuUsage();
    const why = await failure(test);
    if (why !== null) broken.push(`${test.name}: ${why}`);
    results.push({
      name: test.name,
      path: test.path,
      ms: milliseconds(start),
      fails: why !== null,
      coverage: stryker.mutantCoverage?.perTest[number] ?? {},
    });
    stryker.currentTestId = undefined;
  }
  return results;
}
