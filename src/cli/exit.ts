/** The exit status, the contract with scripts and CI. */

export const DIAGNOSED = 0;
export const MATCHED = 1;
export const FAILED = 2;

/** For the help and the manual. */
export const EXIT_STATUS = '0 diagnosed, 1 --fail-on matched or a check failed, 2 wrong usage or unreadable input.';

export type ExitStatus = typeof DIAGNOSED | typeof MATCHED | typeof FAILED;

export interface Outcome {
  /** Wrong usage, an input that could not be read, output that could not be written, an error of our own. */
  readonly failed: boolean;
  /** `--fail-on` found what it was told to look for. */
  readonly matched: boolean;
}

/** 2 beats 1 beats 0: a gate must not pass, nor fail for the wrong reason, on a capture that was not read. */
export function exitStatus({ failed, matched }: Outcome): ExitStatus {
  if (failed) return FAILED;
  return matched ? MATCHED : DIAGNOSED;
}
