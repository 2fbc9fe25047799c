/** whyrst: says why TCP connections were reset. Bytes in, verdicts out; runs wherever ES2022 does. */
export { CaptureError, type CaptureReader, type CaptureRecord } from './capture/types.js';
export { causes } from './causes/index.js';
export type { Context } from './context/types.js';
export { type CaptureInput, type DiagnoseOptions, diagnose, mergeDiagnoses, verdicts } from './diagnose.js';
export { LIMIT_DEFINITIONS, type Limits } from './limits.js';
export { render } from './report/render.js';
export { explainCause as explain } from './report/text/explain.js';
export type * from './reset/types.js';
export type * from './reset/verdicts/diagnosis.js';
export { defineCause } from './reset/vocabulary/cause.js';
export type * from './reset/vocabulary/verdict.js';
export { version } from './version.js';
