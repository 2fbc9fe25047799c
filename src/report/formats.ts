/** One table of formats: what `--format` accepts, what `--output` infers and what `render` can do are the same list. */

/** Endings of file names that ask for each. */
export const FORMATS = {
  text: ['.txt', '.text'],
  json: ['.json'],
  ndjson: ['.ndjson', '.jsonl'],
  csv: ['.csv'],
  markdown: ['.md', '.markdown'],
  html: ['.html', '.htm'],
  junit: ['.xml'],
  sarif: ['.sarif', '.sarif.json'],
} as const satisfies Record<string, readonly string[]>;

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
    for (const ending of FORMATS[name]) {
      // The longest wins: `.sarif.json` ends in `.json` too.
      if (ending.length > longest && lower.endsWith(ending)) {
        best = name;
        longest = ending.length;
      }
    }
  }
  return best;
}
