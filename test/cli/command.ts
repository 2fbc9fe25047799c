/** The command as users have it: in this process where nothing but words and files go in and out, else as its own. */

import { spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.js';

/** The command as it is shipped; `test/support/bundled.ts` makes it before the first test. */
export const MAIN = fileURLToPath(new URL('../../dist/bin/whyrst.js', import.meta.url));
export const CAPTURES = fileURLToPath(new URL('../../captures/', import.meta.url));

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: Uint8Array;
  readonly cwd?: string;
}

/** A plain environment: what the tests see must not depend on who runs them. */
const ENVIRONMENT: NodeJS.ProcessEnv = { PATH: process.env['PATH'], LANG: 'C.UTF-8' };

/** What `run` finds of the process, one command after the other: a folder and an environment are there but once. */
let earlier: Promise<unknown> = Promise.resolve();

/**
 * `src/cli/run.ts` in this process, with streams, folder and environment of its own: a process needs a quarter of a
 * second to start, and there are hundreds of runs. Where file descriptors, signals or modules that change matter, `spawned`.
 */
export function whyrst(args: readonly string[], options: CommandOptions = {}): Promise<Result> {
  const result = earlier.then(() => inThisProcess(args, options));
  earlier = result.catch(() => {});
  return result;
}

async function inThisProcess(
  args: readonly string[],
  { env = {}, stdin = new Uint8Array(), cwd = CAPTURES }: CommandOptions,
): Promise<Result> {
  const stdout = new Collected();
  const stderr = new Collected();
  const before = process.cwd();
  const replaced = {
    stdout,
    stderr,
    stdin: Readable.from(stdin.length === 0 ? [] : [stdin]),
    env: { ...ENVIRONMENT, ...env },
  };
  const real = Object.keys(replaced).map((name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const);
  process.chdir(cwd);
  for (const [name, value] of Object.entries(replaced))
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
  try {
    const status = await run(args);
    return { status, stdout: stdout.text, stderr: stderr.text };
  } finally {
    for (const [name, descriptor] of real) if (descriptor) Object.defineProperty(process, name, descriptor);
    process.chdir(before);
  }
}

/** A stream that keeps what is written to it. */
class Collected extends Writable {
  private readonly chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}

/** The shipped command as a process. */
export function spawned(
  args: readonly string[],
  { env = {}, stdin, cwd = CAPTURES }: CommandOptions = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...ENVIRONMENT, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}
