/** Errors as the user meets them: one plain line each, never a stack trace. */

import { printable } from '../report/words/printable.js';

/** The command line asks for something that cannot be done; `hint` is a second line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

/** The lines for stderr, each ending in a newline. */
export function errorLines(error: unknown, environment: NodeJS.ProcessEnv): string {
  if (error instanceof UsageError) {
    const lines = [`whyrst: ${printable(error.message)}`];
    if (error.hint !== null) lines.push(`        ${printable(error.hint)}`);
    return `${lines.join('\n')}\n`;
  }
  if (isPlain(error)) return `whyrst: ${printable(error.message)}\n`;
  const system = systemMessage(error);
  if (system !== null) return `whyrst: ${printable(system)}\n`;
  const message = error instanceof Error ? error.message : String(error);
  const line = `whyrst: internal error: ${printable(message)}; this is a bug, please report it with the command and, if you may, the capture\n`;
  // The stack is for us; the user asked for it by setting the variable.
  return environment['WHYRST_DEBUG'] === '1' && error instanceof Error ? `${line}${error.stack}\n` : line;
}

/** The same for a report that names the file by itself. */
export function problemOf(error: unknown, file: string): string {
  const text = systemMessage(error) ?? (error instanceof Error ? error.message : String(error));
  return text.startsWith(`${file}: `) ? text.slice(file.length + 2) : text;
}

/** By the name of the class. */
const PLAIN: ReadonlySet<string> = new Set(['CaptureError', 'ResultProblem', 'OutputRefused', 'FileRefused']);

/** Messages that stand by themselves. By name: the class may have been loaded from another entry point. */
function isPlain(error: unknown): error is Error {
  return error instanceof Error && PLAIN.has(error.name);
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file would be larger than allowed',
  EMFILE: 'too many open files',
  EIO: 'input/output error',
};

/** The operating system said no. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** `cap.pcap: no such file or directory`; null when the operating system did not say it. */
export function systemMessage(error: unknown): string | null {
  if (!isSystemError(error)) return null;
  const { code, path } = error;
  const text = SYSTEM[code ?? ''] ?? error.message;
  return path === undefined ? text : `${path}: ${text}`;
}
