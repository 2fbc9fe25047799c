/**
 * Public entry `whyrst/testing`: what a team needs to test a cause of its own against a capture.
 *
 *     import { runCause } from 'whyrst/testing';
 *     const [reset] = await runCause(ourCause, readFileSync('fixtures/deploy.pcap'));
 *     expect(reset).toMatchObject({ frame: 17, chosen: true, result: { confidence: 'likely' } });
 */

import { causes } from './causes/index.js';
import { type CaptureInput, type DiagnoseOptions, diagnose } from './diagnose.js';
import { type OwnCause, withOwnCauses } from './gate/own-causes.js';
import type { Reset } from './reset/types.js';
import { named } from './reset/verdicts/judge.js';
import type { Cause, SignatureResult, Verdict } from './reset/vocabulary/verdict.js';

export type { OwnCause } from './gate/own-causes.js';

/** What a cause made of one RST. */
export interface CauseRun {
  readonly frame: number;
  readonly role: Verdict['role'];
  readonly reset: Reset;
  /** What its signature returned; undefined where it was not asked, or meant another family of shapes. */
  readonly result: SignatureResult;
  /** Was it asked? Not where the shape is none of its `shapes` or a field it needs is null. */
  readonly asked: boolean;
  /** Did it become the verdict among all causes? */
  readonly chosen: boolean;
  /** The verdict as it is with this cause in the catalogue. */
  readonly verdict: Verdict;
}

/**
 * Runs a cause, at its place among the built-in ones, over a capture: one entry per RST, in frame order.
 * @throws CaptureError when nothing sensible can be read
 * @throws OwnCauseError when the cause has no place in the catalogue
 */
export async function runCause(
  cause: OwnCause,
  capture: CaptureInput,
  options: Omit<DiagnoseOptions, 'causes'> = {},
): Promise<readonly CauseRun[]> {
  const results = new Map<number, SignatureResult>();
  const watched: OwnCause = {
    ...cause,
    signature: (reset, context, limits) => {
      const result = cause.signature(reset, context, limits);
      results.set(reset.rst.frame, named(result, reset));
      return result;
    },
  };
  const others = causes.filter(({ id }) => id !== cause.id);
  const catalogue: readonly Cause[] = withOwnCauses(others, [watched], 'runCause', () => '');
  const { verdicts } = await diagnose(capture, { ...options, causes: catalogue });
  return verdicts.map((verdict) => {
    const { frame } = verdict.reset.rst;
    return {
      frame,
      role: verdict.role,
      reset: verdict.reset,
      result: results.get(frame),
      asked: results.has(frame),
      chosen: verdict.cause.id === cause.id,
      verdict,
    };
  });
}
