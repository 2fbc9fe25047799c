/** `whyrst formats`. */

import { glyphs, paint } from '../../report/text/style.js';
import { columns, labelled } from '../../report/text/wrap.js';
import type { FormatsTask } from '../command-line/formats.js';
import { DIAGNOSED } from '../exit.js';
import { type FormatRow, formatTables } from '../format-tables.js';
import { writeStdout } from '../output.js';
import { styleFor } from '../terminal.js';

export async function formatsCommand(task: FormatsTask): Promise<number> {
  const terminal = { isTTY: process.stdout.isTTY === true, columns: process.stdout.columns };
  const style = styleFor(terminal, process.env, task.color);
  const blocks = formatTables().map(({ title, rows }) => {
    const wide = (of: (row: FormatRow) => string) => Math.max(...rows.map((row) => columns(of(row)))) + 2;
    // Rows without a number have no column for it.
    const told = rows.some((row) => row.told !== '') ? wide((row) => row.told) : 0;
    const name = wide((row) => row.name);
    const lines = rows.flatMap((row) =>
      row.more === ''
        ? `  ${row.told.padEnd(told)}${row.name}`
        : labelled(row.told.padEnd(told) + row.name.padEnd(name), row.more, style.width, 2, told + name),
    );
    return [paint(style, 'strong', title), ...lines].map((line) => `${glyphs(style, line)}\n`).join('');
  });
  await writeStdout([blocks.join('\n')]);
  return DIAGNOSED;
}
