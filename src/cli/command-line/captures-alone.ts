import { diagnose } from './diagnose.js';
import { type Asked, asked, commandOf } from './index.js';

/** yargs takes it for `--help` where it stands last. */
const HELP = 'help';

/**
 * What a line asks that holds nothing but captures; null for any other. The usual line then need not wait for the parser of
 * options to load, which is a fifth of a small run.
 */
export function capturesAlone(argv: readonly string[]): Asked | null {
  const isOption = (word: string) => word.startsWith('-') && word !== '-';
  if (commandOf(argv) !== diagnose || argv.some((word) => isOption(word) || word === HELP || word === '')) return null;
  return asked(diagnose, { captures: argv });
}
