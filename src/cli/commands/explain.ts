/** `whyrst explain` and `whyrst causes`. */

import { explain } from '../../report/text/explain.js';
import { glyphs, type Style } from '../../report/text/style.js';
import { labelled, wrap } from '../../report/text/wrap.js';
import { PHRASES } from '../../report/words/phrases.js';
import { unfilled } from '../../report/words/wording.js';
import type { CausesTask } from '../command-line/causes.js';
import type { ExplainTask } from '../command-line/explain.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED } from '../exit.js';
import { writeStdout } from '../output.js';
import { loadSettings } from '../settings.js';
import { didYouMean } from '../suggest.js';
import { styleFor } from '../terminal.js';
import { brief, wordsFrom } from '../words-from.js';

export async function explainCommand(task: ExplainTask): Promise<number> {
  const { causes } = await loadSettings({ ...task, trusted: false });
  const words = await wordsFrom(task.words, 'explain');
  const text = explain(words, causes, style(task.color));
  if (text === null) {
    const ids = [...causes.map(({ id }) => id), ...PHRASES.map(({ text }) => text)];
    throw new UsageError(
      `explain "${brief(words)}": neither a cause nor words of an error message that whyrst knows${didYouMean(words, ids)}`,
      'whyrst causes lists the causes',
    );
  }
  await writeStdout([text]);
  return DIAGNOSED;
}

/** Titles are told from the side of the program that met the error, which is the one that asks. */
const ENDS =
  'The peer is the end in whose name the RST came, as in "connection reset by peer"; the local side got it. More on one: `whyrst explain CAUSE`.';

const SEVERITY_COLUMN = 'warning'.length + 2;

export async function causesCommand(task: CausesTask): Promise<number> {
  const { causes } = await loadSettings({ ...task, trusted: false });
  const how = style(task.color);
  const column = Math.max(...causes.map(({ id }) => id.length)) + 2;
  // The catalogue's own order is that of precedence; who looks something up wants the alphabet.
  const lines = [...causes]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, severity, title }) => {
      const left = `${id.padEnd(column)}${severity}`;
      return labelled(left, glyphs(how, unfilled(title)), how.width, 0, column + SEVERITY_COLUMN);
    });
  const ends = wrap(glyphs(how, ENDS), how.width);
  await writeStdout([`${[...lines, '', ...ends].join('\n')}\n`]);
  return DIAGNOSED;
}

function style(colour: boolean | undefined): Style {
  return styleFor({ isTTY: process.stdout.isTTY === true, columns: process.stdout.columns }, process.env, colour);
}
