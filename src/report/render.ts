/** Any report of a diagnosis, at once: every format is loaded with this file. */

import type { Diagnosis } from '../reset/diagnosis.js';
import { csvChunks } from './csv.js';
import type { Format } from './formats.js';
import { htmlChunks } from './html.js';
import { jsonChunks } from './json.js';
import { junitChunks } from './junit.js';
import { markdownChunks } from './markdown.js';
import { ndjsonChunks } from './ndjson.js';
import type { Renderer, RenderOptions } from './options.js';
import { sarifChunks } from './sarif.js';
import { textChunks } from './text.js';

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

/** The whole report as one string. */
export function render(diagnosis: Diagnosis, format: Format = 'text', options: RenderOptions = {}): string {
  return [...RENDERERS[format](diagnosis, options)].join('');
}
