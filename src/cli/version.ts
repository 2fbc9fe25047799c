import { readFileSync } from 'node:fs';

/** Read from package.json, the one place where the version stands. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
