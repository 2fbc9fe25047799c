/** The process that holds the loaded tests, begun anew when a mutant hangs it or brings it down. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));

export class Tests {
  #child = null;

  /** `mutant`: switched on while the files load. */
  constructor(sandbox, files, mutant = null) {
    this.sandbox = sandbox;
    this.files = files;
    this.mutant = mutant;
  }

  /** Loads the files; with `dry` every test runs once. What the worker's first message says. */
  async load({ dry = false, within } = {}) {
    const env = { ...process.env, NODE_ENV: 'test', ...(this.mutant && { __STRYKER_ACTIVE_MUTANT__: this.mutant }) };
    this.#child = fork(WORKER, [this.sandbox, dry ? 'dry' : 'load', ...this.files], {
      env,
      stdio: ['ignore', 'ignore', dry ? 'inherit' : 'ignore', 'ipc'],
    });
    return this.#answer(within);
  }

  /** Name of the first test that fails, `'hung'`, `'crashed'`, or null: the mutant lives. */
  async run(numbers, mutant, hits, within) {
    if (this.#child === null) await this.load();
    this.#child.send({ run: numbers, mutant, hits });
    const answer = await this.#answer(within);
    return typeof answer === 'string' ? answer : answer.killer;
  }

  close() {
    this.#child?.kill('SIGKILL');
    this.#child = null;
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
