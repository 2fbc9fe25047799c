/** One table of formats: what `--format` accepts, what `--output` infers and what `render` can do are the same list. */

import type { Diagnosis } from '../reset/types.js';
import { csvChunks } from './csv.js';
import { htmlChunks } from './html.js';
import { jsonChunks } from './json.js';
import { junitChunks } from './junit.js';
import { markdownChunks } from './markdown.js';
import { ndjsonChunks } from './ndjson.js';
import type { RenderOptions } from './options.js';
import { sarifChunks } from './sarif.js';
import { textChunks } from './text.js';

export type Renderer = (diagnosis: Diagnosis, options?: RenderOptions) => Iterable<string>;

interface FormatEntry {
  /** In pieces, so that a large report needs no large string. */
  readonly chunks: Renderer;
  /** Endings of file names that ask for it. */
  readonly endings: readonly string[];
}

export const FORMATS = {
  text: { chunks: textChunks, endings: ['.txt', '.text'] },
  json: { chunks: jsonChunks, endings: ['.json'] },
  ndjson: { chunks: ndjsonChunks, endings: ['.ndjson', '.jsonl'] },
  csv: { chunks: csvChunks, endings: ['.csv'] },
  markdown: { chunks: markdownChunks, endings: ['.md', '.markdown'] },
  html: { chunks: htmlChunks, endings: ['.html', '.htm'] },
  junit: { chunks: junitChunks, endings: ['.xml'] },
  sarif: { chunks: sarifChunks, endings: ['.sarif', '.sarif.json'] },
} as const satisfies Record<string, FormatEntry>;

export type Format = keyof typeof FORMATS;

export const formatNames = Object.keys(FORMATS) as readonly Format[];

export function isFormat(name: string): name is Format {
  return Object.hasOwn(FORMATS, name);
}

/** The format that a file's name asks for; null when its ending says nothing. */
export function formatOfFile(path: string): Format | null {
  const lower = path.toLowerCase();
  let best: Format | null = null;
  let longest = 0;
  for (const name of formatNames) {
    for (const ending of FORMATS[name].endings) {
      // The longest wins: `.sarif.json` ends in `.json` too.
      if (ending.length > longest && lower.endsWith(ending)) {
        best = name;
        longest = ending.length;
      }
    }
  }
  return best;
}

export function renderChunks(diagnosis: Diagnosis, format: Format, options: RenderOptions = {}): Iterable<string> {
  return FORMATS[format].chunks(diagnosis, options);
}

/** The whole report as one string. */
export function render(diagnosis: Diagnosis, format: Format = 'text', options: RenderOptions = {}): string {
  return [...renderChunks(diagnosis, format, options)].join('');
}
