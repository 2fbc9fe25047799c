/** The reports that a command can write, each loaded when it is asked for: a run writes one of them. */

import type { Format } from '../report/formats.js';
import type { Renderer } from '../report/options.js';

const LOADERS: Readonly<Record<Format, () => Promise<Renderer>>> = {
  text: async () => (await import('../report/text/text.js')).textChunks,
  json: async () => (await import('../report/data/json.js')).jsonChunks,
  ndjson: async () => (await import('../report/data/ndjson.js')).ndjsonChunks,
  csv: async () => (await import('../report/data/csv.js')).csvChunks,
  markdown: async () => (await import('../report/text/markdown.js')).markdownChunks,
  html: async () => (await import('../report/html/html.js')).htmlChunks,
  junit: async () => (await import('../report/ci/junit.js')).junitChunks,
  sarif: async () => (await import('../report/ci/sarif.js')).sarifChunks,
};

export function rendererFor(format: Format): Promise<Renderer> {
  return LOADERS[format]();
}
