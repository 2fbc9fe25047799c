/** Captures that lie around: the repository's own, and recordings beside it that a clone does not have. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const CAPTURES = join(ROOT, 'captures');
export const FIELDLAB = join(ROOT, '../shared/fieldlab');
export const LABELLED = join(ROOT, '../shared/realworld/labelled');
export const HOSTILE = join(ROOT, '../shared/realworld/hostile');
export const CASES = join(ROOT, '../shared/cases');

/** Paths of the capture files in a folder; empty where there is no such folder. */
export function captureFiles(folder: string, ending = /\.(pcap|pcapng|cap)(\.gz)?$/): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Why a folder's tests are skipped, said once; null when it is there. */
export function absent(folder: string): string | null {
  return existsSync(folder) ? null : `skipped: there is no ${folder}`;
}
