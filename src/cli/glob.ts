/** Patterns of file names, for shells and CI systems that expand none: `**`, `*`, `?`, `[abc]`, `{a,b}`. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

export function isPattern(text: string, cwd = process.cwd()): boolean {
  return /[*?{[]/.test(text) && !existsSync(resolve(cwd, text));
}

/** Files that match, sorted; a text without a pattern is its own only match, whether or not it exists. */
export function expand(pattern: string, cwd = process.cwd()): string[] {
  if (!isPattern(pattern, cwd)) return [pattern];
  const found = new Set<string>();
  for (const one of alternatives(pattern.replaceAll('\\', '/'))) {
    const absolute = one.startsWith('/');
    const parts = one.split('/').filter((part) => part !== '' && part !== '.');
    walk(absolute ? '/' : '', absolute ? '/' : cwd, parts, found);
  }
  return [...found].sort();
}

/** `a{b,c}` → `ab`, `ac`. */
function alternatives(pattern: string): string[] {
  const parts = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern);
  if (parts === null) return [pattern];
  return (parts[2] as string).split(',').flatMap((choice) => alternatives(`${parts[1]}${choice}${parts[3]}`));
}

function walk(shown: string, folder: string, parts: readonly string[], found: Set<string>): void {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  const under = (name: string) => (shown === '' ? name : shown === '/' ? `/${name}` : `${shown}/${name}`);
  if (part === '**') {
    walk(shown, folder, rest, found);
    for (const name of names(folder)) {
      // node_modules and hidden folders hold no captures of anybody's own.
      if (name.startsWith('.') || name === 'node_modules') continue;
      if (isFolder(join(folder, name))) walk(under(name), join(folder, name), parts, found);
    }
    return;
  }
  const expression = /[*?[]/.test(part) ? toExpression(part) : null;
  const matching =
    expression === null
      ? [part]
      : names(folder).filter((name) => expression.test(name) && (!name.startsWith('.') || part.startsWith('.')));
  for (const name of matching) {
    const path = part === '..' ? `${folder}${sep}..` : join(folder, name);
    if (rest.length > 0) {
      if (isFolder(path)) walk(under(name), path, rest, found);
    } else if (existsSync(path) && !isFolder(path)) found.add(under(name));
  }
}

function toExpression(part: string): RegExp {
  const text = part
    .replace(/[\\^$.+()|]/g, '\\$&')
    .replace(/\[!/g, '[^')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return new RegExp(`^${part.replace(/[\\^$.*+?()|[\]{}]/g, '\\$&')}$`);
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder === '' ? '.' : folder);
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
