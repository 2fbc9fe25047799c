/** Any report of a diagnosis, at once: every format is loaded with this file. */

import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import { junitChunks } from './ci/junit.js';
import { sarifChunks } from './ci/sarif.js';
import { csvChunks } from './data/csv.js';
import { jsonChunks } from './data/json.js';
import { ndjsonChunks } from './data/ndjson.js';
import type { Format } from './formats.js';
import { htmlChunks } from './html/html.js';
import type { Renderer, RenderOptions } from './options.js';
import { markdownChunks } from './text/markdown.js';
import { textChunks } from './text/text.js';

const RENDERERS: Readonly<Record<Format, Renderer>> = {
  text: textChunks,
  json: jsonChunks,
  ndjson: ndjsonChunks,
  csv: csvChunks,
  markdown: markdownChunks,
  html: htmlChunks,
  junit: junitChunks,
  sarif: sarifChunks,
};

/**
 * The whole report as one string. Whatever comes from packets is escaped for the format.
 *
 *     render(diagnosis, 'json');
 *     render(diagnosis, 'text', { tz: 'local', limit: 10 });
 */
export function render(diagnosis: Diagnosis, format: Format = 'text', options: RenderOptions = {}): string {
  return [...RENDERERS[format](diagnosis, options)].join('');
}
