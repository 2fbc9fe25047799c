/** whyrst: says why TCP connections were reset. Bytes in, verdicts out; runs wherever ES2022 does. */
export { CaptureError, type CaptureReader, type CaptureRecord } from './capture/types.js';
export { causes } from './causes/index.js';
export { LIMIT_DEFINITIONS, type Limits } from './context/limits.js';
export type { Context } from './context/types.js';
export { type CaptureInput, type DiagnoseOptions, diagnose, mergeDiagnoses, verdicts } from './diagnose.js';
export { explainCause as explain } from './report/explain.js';
export { render } from './report/render.js';
export { defineCause } from './reset/cause.js';
export type * from './reset/diagnosis.js';
export type * from './reset/types.js';
export type * from './reset/verdict.js';
export { version } from './version.js';
