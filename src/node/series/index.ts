/** Files of one rotated capture: found among many, and read as one. */

export { grouped, joined, mayBeSeries } from './group.js';
export { type CaptureFiles, openSeries } from './open-series.js';
export { type CapturePeek, peek } from './peek.js';
