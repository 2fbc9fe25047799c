/** Tables for the terminal: cli-table3 without borders or colours, one line a row, nothing ever cut. */

import Table from 'cli-table3';
import { columns, glued, wrap } from './wrap.js';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Blanks after it; 2 unless told. */
  readonly gap?: number;
}

const NO_BORDER = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** cli-table3's time grows faster than its rows (20,000 take 8 s at once), so long tables are set in pieces. */
const PIECE = 200;

/** The lines of a table, its head first; every row is one line. */
export function tableLines(head: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map(({ head: title, gap = 2 }, column) => {
    let widest = columns(title);
    for (const row of rows) widest = Math.max(widest, columns(row[column] ?? ''));
    return widest + (column === head.length - 1 ? 0 : gap);
  });
  const lines: string[] = [];
  const set = (piece: readonly (readonly string[])[]) => {
    const table = new Table({
      chars: NO_BORDER,
      // cli-table3 colours heads and borders even with NO_COLOR set, unless it is told not to.
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      colWidths: widths,
      wordWrap: false,
    });
    for (const row of piece) {
      table.push(
        head.map(({ align, gap = 2 }, column) =>
          aligned(row[column] ?? '', (widths[column] as number) - (column === head.length - 1 ? 0 : gap), align),
        ),
      );
    }
    for (const line of table.toString().split('\n')) lines.push(line.trimEnd());
  };
  set([head.map(({ head: title }) => title)]);
  for (let index = 0; index < rows.length; index += PIECE) set(rows.slice(index, index + PIECE));
  return lines;
}

/** Aligned here and not by cli-table3, whose right alignment would eat the gap. */
function aligned(cell: string, width: number, align: Column['align']): string {
  return align === 'right' ? ' '.repeat(Math.max(0, width - columns(cell))) + cell : cell;
}

export interface FittingTable {
  readonly head: string;
  /** The lines of each row: one, or several where the table would be wider than asked for. */
  readonly rows: readonly (readonly string[])[];
}

/** How far the second line of a row stands in, at least. */
const INDENT = 4;

/**
 * A table that keeps to the width: where one line a row is too long, the cells from column `from` on stand on a line of
 * their own, under the column before them where there is room. Nothing is cut.
 */
export function fittingTable(
  head: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  from: number,
): FittingTable {
  const [title = '', ...lines] = tableLines(head, rows);
  if ([title, ...lines].every((line) => columns(line) <= width))
    return { head: title, rows: lines.map((line) => [line]) };
  const cut = rows.map((row) => row.slice(0, from));
  const [above = '', ...first] = tableLines(head.slice(0, from), cut);
  const under = rows.map((row) => row.slice(from).filter((cell) => cell !== ''));
  const start = above.indexOf(head[from - 1]?.head as string);
  const fits = under.every((cells) => start + columns(cells.join(' · ')) <= width);
  const indent = start > INDENT && fits ? start : INDENT;
  const set = (cells: readonly string[]) =>
    wrap(cells.map(glued).join(' · '), width - indent).map((line) => `${' '.repeat(indent)}${line}`);
  return { head: above, rows: first.map((line, index) => [line, ...set(under[index] as readonly string[])]) };
}
