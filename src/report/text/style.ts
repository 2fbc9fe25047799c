/** How text is set: the width, the characters and the colours that the reader's terminal has. */

export interface Style {
  /** Columns; lines are wrapped at most here. */
  readonly width: number;
  /** Columns that a table may take: it reads well however wide, and a pipe has no width at all. As `width` where absent. */
  readonly columns?: number;
  /** Without a UTF-8 locale: ASCII only. */
  readonly ascii: boolean;
  readonly colour: boolean;
}

/** The widest line that is still read comfortably. */
export const WIDEST = 100;
/** Narrower than this the labels and the story no longer fit beside each other. */
export const NARROWEST = 60;

export const PLAIN: Style = { width: WIDEST, columns: Number.POSITIVE_INFINITY, ascii: false, colour: false };

export type Paint = 'strong' | 'faint' | 'error' | 'warning' | 'note';

const CODES: Readonly<Record<Paint, readonly [number, number]>> = {
  strong: [1, 22],
  faint: [2, 22],
  error: [31, 39],
  warning: [33, 39],
  note: [36, 39],
};

/** Colour helps the eye and carries no meaning of its own: the same words stand there without it. */
export function paint(style: Style, paint: Paint, text: string): string {
  if (!style.colour || text === '') return text;
  const [on, off] = CODES[paint];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

const ASCII: readonly (readonly [RegExp, string])[] = [
  [/ · /g, ', '],
  [/·/g, '-'],
  [/→/g, '->'],
  [/←/g, '<-'],
  [/µ/g, 'u'],
  [/─/g, '-'],
  [/▶/g, '>'],
  [/◀/g, '<'],
  [/…/g, '...'],
  [/≥/g, '>='],
  [/≤/g, '<='],
  [/×/g, 'x'],
  [/[–—−]/g, '-'],
  [/[‘’]/g, "'"],
  [/[“”„]/g, '"'],
];

/** The characters the terminal can show. Done before wrapping, since an arrow becomes two columns. */
export function glyphs(style: Style, text: string): string {
  if (!style.ascii) return text;
  let ascii = text;
  for (const [from, to] of ASCII) ascii = ascii.replace(from, to);
  // The glue of wrap.ts stays; what else is left came from a capture or a file name.
  return ascii.replace(/[^\u0000-\u007f\u00a0]/gu, (other) => `\\u{${(other.codePointAt(0) as number).toString(16)}}`);
}
