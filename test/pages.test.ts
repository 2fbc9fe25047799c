/**
 * What is made from the catalogue: the imports of causes/index.ts, the tables of README.md and docs/causes.md.
 * `npm run catalogue` writes them; without it this test compares. Comments that cite docs/causes.md are held to its headings.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const WRITE = process.env['WHYRST_CATALOGUE'] === 'write';
const INDEX = join(ROOT, 'src/causes/index.ts');

const read = (path: string) => readFileSync(path, 'utf8');
const camel = (id: string) => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;

/** Compares a file with what it should be, or writes it. */
function hold(path: string, wanted: string): void {
  if (WRITE) writeFileSync(path, wanted);
  expect(read(path), 'npm run catalogue writes it').toBe(wanted);
}

/** A page with what stands between two marks replaced. */
function filled(page: string, name: string, lines: readonly string[]): string {
  const marks = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end ${name} -->)`);
  expect(page).toMatch(marks);
  return page.replace(marks, (_, begin: string, end: string) => `${begin}${lines.join('\n')}\n${end}`);
}

/** The index with an import for each file of the folder; the list stays as it was written by hand. */
function withImports(text: string): string {
  const ids = readdirSync(join(ROOT, 'src/causes'))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
  const [head = '', ...rest] = text.split(/^(?=\/\*\*)/m);
  const others = head.split('\n').filter((line) => line !== '' && !/from '\.\/[^/]+\.js';$/.test(line));
  const ours = ids.map((id) => `import { ${camel(id)} } from './${id}.js';`);
  return `${[...others, ...ours].join('\n')}\n\n${rest.join('')}`;
}

describe('made from the catalogue', () => {
  test('the imports of causes/index.ts', () => hold(INDEX, withImports(read(INDEX))));

  test('the table of README.md', async () => {
    const { causes } = await import('../src/causes/index.js');
    const names = { sender: 'sender', receiver: 'receiver', client: 'client', server: 'server' };
    const rows = causes.map(({ id, title, severity }) =>
      row(
        `\`${id}\``,
        title.replace(/\{(\w+)\}/g, (_, slot: keyof typeof names) => names[slot]),
        severity,
      ),
    );
    const path = join(ROOT, 'README.md');
    const head = [row('cause', 'in one sentence', 'severity'), row('---', '---', '---')];
    hold(path, filled(read(path), 'causes', [...head, ...rows]));
  });

  test('the formats of README.md', async () => {
    const { formatTables } = await import('../src/cli/format-tables.js');
    const rows = formatTables().map(({ title, rows }) =>
      row(title.replace(/, (?:by|told|in) .*/, ''), [...new Set(rows.map(({ name }) => name))].join('; ')),
    );
    const path = join(ROOT, 'README.md');
    const head = [row('', 'by the tables that `whyrst formats` prints in full'), row('---', '---')];
    hold(path, filled(read(path), 'formats', [...head, ...rows]));
  });

  test('the count of recordings in README.md', () => {
    const situations = readdirSync(join(ROOT, 'captures')).filter((file) => file.endsWith('.truth.json')).length;
    const path = join(ROOT, 'README.md');
    const mark = /(<!-- situations -->)\d+(?=<!-- end situations -->)/;
    expect(read(path)).toMatch(mark);
    hold(path, read(path).replace(mark, `$1${situations}`));
  });

  test('the tables of docs/causes.md', async () => {
    const { causes } = await import('../src/causes/index.js');
    const { LIMIT_DEFINITIONS } = await import('../src/limits.js');
    const { KNOWN_TIMERS } = await import('../src/context/timers.js');
    const path = join(ROOT, 'docs/causes.md');
    let page = read(path);
    page = filled(page, 'timers', [
      row('seconds', 'who has it'),
      row('---', '---'),
      ...KNOWN_TIMERS.map(({ seconds, until, owner }) => row(until ? `${seconds} to ${until}` : seconds, owner)),
    ]);
    page = filled(page, 'limits', [
      row('limit', 'default', 'meaning', 'why'),
      row('---', '---', '---', '---'),
      ...Object.entries(LIMIT_DEFINITIONS).map(([name, { value, unit, meaning, source }]) =>
        row(`\`${name}\``, unit === 'count' ? value : `${value} ${unit}`, meaning, source),
      ),
    ]);
    page = filled(page, 'causes', [
      row('cause', 'shapes', 'needs', 'references'),
      row('---', '---', '---', '---'),
      ...causes.map(({ id, shapes, needs, references }) =>
        row(`\`${id}\``, shapes.join(', '), needs.join(', ') || '–', references.join('; ') || '–'),
      ),
    ]);
    hold(path, page);
  });
});

describe('pages that comments cite', () => {
  const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^(src|test|captures[/\\]record)[/\\].*\.(ts|mjs|py)$/.test(path),
  );

  test('are in the repository, under the heading that is cited', () => {
    const headings = new Set([...read(join(ROOT, 'docs/causes.md')).matchAll(/^## (.*)$/gm)].map(([, text]) => text));
    const wrong: string[] = [];
    for (const path of sources) {
      const text = read(join(ROOT, path));
      for (const [cited, heading] of text.matchAll(/docs\/causes\.md, "([^"$]+)"/g))
        if (!headings.has(heading)) wrong.push(`${path} cites ${cited}`);
      for (const [cited] of text.matchAll(/\b(?:CAUSES|DESIGN|MOCKUPS|PEERS|STACKS)(?:\.md| §| [A-H]\b)/g))
        wrong.push(`${path} cites ${cited}, which is not here`);
    }
    expect(wrong.filter((line) => !line.startsWith('test/pages.test.ts'))).toEqual([]);
  });
});
