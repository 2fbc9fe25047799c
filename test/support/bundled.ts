/** Before the first test the command is bundled anew where a source is younger: tests run what is shipped. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import config from '../../rolldown.config.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(ROOT, 'dist/bin/whyrst.js');

export default async function setup(): Promise<void> {
  const made = statSync(COMMAND, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Math.max(...madeOf().map((path) => statSync(path).mtimeMs)) > made) await build(config);
}

/** What the bundle is made of. */
function madeOf(): readonly string[] {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const whole = ['package.json', 'package-lock.json', 'rolldown.config.ts'];
  return [...sources.map((file) => join(ROOT, 'src', file)), ...whole.map((file) => join(ROOT, file))];
}
