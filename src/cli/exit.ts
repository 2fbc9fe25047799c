/**
 * The exit status, the contract with scripts, CI and batch engines. 0, 1 and 2 are what grep, ruff and tshark's friends
 * have; beyond that the numbers of sysexits.h, where 2 would not tell whether it is worth to try again.
 */

import { isSystemError } from './errors.js';

export const DIAGNOSED = 0;
export const MATCHED = 1;
/** Wrong usage, or an input that cannot be read. */
export const FAILED = 2;

/** What went wrong, the worst first. */
const FAILURES = ['own', 'output', 'usage', 'input', 'data'] as const;
export type Failure = (typeof FAILURES)[number];

interface Numbered {
  readonly status: number;
  /** With `--sysexits`. */
  readonly sysexits: number;
  /** As the help says it. */
  readonly meaning: string;
  readonly again: string;
}

/** Numbers of sysexits.h (4.3BSD) where the second is not 2. */
export const FAILURE_STATUS: Readonly<Record<Failure, Numbered>> = {
  usage: { status: FAILED, sysexits: 64, meaning: 'wrong usage', again: 'never worth a retry' },
  data: {
    status: FAILED,
    sysexits: 65,
    meaning: 'an input that is no capture, is empty or damaged',
    again: 'never worth a retry',
  },
  input: {
    status: FAILED,
    sysexits: 66,
    meaning: 'an input that the system did not let us read',
    again: 'worth a retry once it is there',
  },
  own: { status: 70, sysexits: 70, meaning: 'a fault of ours', again: 'never worth a retry: please report it' },
  output: { status: 73, sysexits: 73, meaning: 'output not written', again: 'worth a retry once there is room' },
};

/** For the help and the manual. */
export const EXIT_STATUS = exitText();

function exitText(): string {
  const { own, output, usage, data, input } = FAILURE_STATUS;
  const apart = [usage, data, input].map(({ sysexits, meaning, again }) => `${sysexits} ${meaning} (${again})`);
  const numbered = [output, own].map(({ status, meaning, again }) => `${status} ${meaning} (${again})`);
  return `0 diagnosed, 1 --fail-on matched or a check failed, 2 wrong usage or unreadable input, ${numbered.join(', ')}. With --sysexits in place of 2: ${apart.join(', ')}.`;
}

export interface Outcome {
  /** null: nothing did. */
  readonly failed: Failure | null;
  /** `--fail-on` found what it was told to look for, or a check failed. */
  readonly matched: boolean;
  /** Numbers that tell apart what is 2 otherwise. */
  readonly sysexits?: boolean;
}

/** A failure beats 1 beats 0: a gate must not pass, nor fail for the wrong reason, on a capture that was not read. */
export function exitStatus({ failed, matched, sysexits = false }: Outcome): number {
  if (failed !== null) return FAILURE_STATUS[failed][sysexits ? 'sysexits' : 'status'];
  return matched ? MATCHED : DIAGNOSED;
}

/** The worse of two. */
export function worse(one: Failure | null, other: Failure | null): Failure | null {
  return FAILURES.find((failure) => failure === one || failure === other) ?? null;
}

/** Errors that are mistakes of the command line, or of files that it names beside captures; by the name of the class. */
const USAGE: ReadonlySet<string> = new Set(['UsageError', 'OutputRefused', 'FileRefused', 'ConfigError']);

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return 'own';
  if (USAGE.has(error.name)) return 'usage';
  if (error.name === 'CaptureError') return (error as { code?: unknown }).code === 'unreadable' ? 'input' : 'data';
  if (error.name === 'ResultProblem') return 'data';
  // What is read is wrapped in the errors above: the system refuses nothing else but an output.
  return isSystemError(error) ? 'output' : 'own';
}
