/**
 * whyrst: says why TCP connections were reset. Octets in, verdicts out; nothing but ES2022, so it runs in a browser too.
 *
 *     import { diagnose, render } from 'whyrst';
 *     import { openCapture } from 'whyrst/node';
 *
 *     const diagnosis = await diagnose(openCapture('capture.pcap'));
 *     for (const { cause, confidence, reset } of diagnosis.verdicts) console.log(reset.rst.frame, cause.id, confidence);
 *     console.log(render(diagnosis, 'markdown'));
 *
 * Units everywhere: times are nanoseconds since the first record (`captures[n].first` is that record's, in nanoseconds
 * since 1970), frames count from 1 as in Wireshark, sequence numbers are the unsigned 32-bit values of the wire, lengths
 * are octets. What a capture cannot tell is null, never 0. Everything is plain readonly data.
 *
 * Errors: {@link CaptureError} when nothing sensible can be read; whatever can be survived is a counted warning.
 */

// ---- read ----------------------------------------------------------------------------------------

export {
  CaptureError,
  type CaptureInfo,
  type CaptureReader,
  type CaptureRecord,
  type Warning,
} from './capture/types.js';
export { type CaptureInput, type DiagnoseOptions, diagnose, mergeDiagnoses, verdicts } from './diagnose.js';
export { type Clock, type FollowCounts, type FollowOptions, follow } from './follow.js';

// ---- what comes out ------------------------------------------------------------------------------

export type { CaptureLine, NdjsonLine, ResetLine, UnreadLine } from './report/data/ndjson.js';
export { type Format, formatNames } from './report/formats.js';
export type { RenderOptions } from './report/options.js';
export { render } from './report/render.js';
export type { Merged } from './report/results/merge.js';
export { mergeReports as merge, type Report } from './report/results/merge-reports.js';
export { ResultProblem } from './report/results/pieces.js';
export { explainCause as explain } from './report/text/explain.js';
export type {
  CaptureSummary,
  Diagnosis,
  Ending,
  EndingKind,
  Finding,
  UnreadCapture,
} from './reset/verdicts/diagnosis.js';
export type { ApplicationOutcome, Responsible, Severity, Verdict } from './reset/vocabulary/verdict.js';

// ---- causes of one's own -------------------------------------------------------------------------

export { causes } from './causes/index.js';
export type { Context, ListenerFacts, Place } from './context/types.js';
export { LIMIT_DEFINITIONS, type LimitName, type Limits } from './limits.js';
export { cited } from './reset/evidence.js';
export {
  type Aftermath,
  type Confidence,
  type EndpointFacts,
  type EndpointRole,
  type Evidence,
  type Mark,
  type Mechanism,
  type MechanismKind,
  type Message,
  type Provenance,
  type Reset,
  type ResetSegment,
  type Role,
  SHAPES,
  type Shape,
  type StatedReason,
  type TailSegment,
  type Value,
} from './reset/types.js';
export { defineCause } from './reset/vocabulary/cause.js';
export type { Cause, Match, NoMatch, NullableField, SignatureResult, With } from './reset/vocabulary/verdict.js';

export { version } from './version.js';
