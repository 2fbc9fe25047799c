/** The process that holds the loaded tests, begun anew when a mutant hangs it or brings it down. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));

export class Tests {
  #child = null;

  constructor(sandbox, files) {
    this.sandbox = sandbox;
    this.files = files;
  }

  /** Loads the files; with `dry` every test runs once. What the worker's first message says. */
  async load({ dry = false, within } = {}) {
    this.#begin(dry ? 'dry' : 'load', this.files, dry);
    return this.#answer(within);
  }

  /**
   * Name of the first test that fails, `'hung'`, `'crashed'`, or null: the mutant lives.
   * `run`: [test number, how often the mutant may be reached in it] each.
   */
  async run(run, mutant, within) {
    if (this.#child === null) await this.load();
    this.#child.send({ run, mutant });
    return killerIn(await this.#answer(within));
  }

  /**
   * The same for a mutant that is reached while modules load: a process of its own, which loads file after file.
   * `plan`: { path, names } of each file and those of its tests that are asked.
   */
  async runAnew(plan, mutant, within) {
    this.#begin('each', [], false, { __STRYKER_ACTIVE_MUTANT__: mutant });
    this.#child.send({ plan });
    const killer = killerIn(await this.#answer(within));
    this.close();
    return killer;
  }

  close() {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #begin(mode, files, heard, more = {}) {
    this.#child = fork(WORKER, [this.sandbox, mode, ...files], {
      // Each run of a test adds a listener to the test's own signal: no leak of ours.
      env: { ...process.env, NODE_ENV: 'test', NODE_NO_WARNINGS: '1', ...more },
      stdio: ['ignore', 'ignore', heard ? 'inherit' : 'ignore', 'ipc'],
    });
  }

  /** The next message; `'hung'` when none comes within so many milliseconds, `'crashed'` when the process ended. */
  #answer(within) {
    const child = this.#child;
    return new Promise((resolve) => {
      const settle = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (typeof answer === 'string') this.close();
        resolve(answer);
      };
      const timer = within && setTimeout(() => settle('hung'), within);
      child.once('message', settle);
      child.once('exit', () => settle('crashed'));
    });
  }
}

const killerIn = (answer) => (typeof answer === 'string' ? answer : answer.killer);
