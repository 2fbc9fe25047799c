/** What the terminal at hand can show: width, characters, colours. */

import { NARROWEST, type Style, WIDEST } from '../report/text/style.js';

export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** Prose is never wider than reads well. `colour` is what the command line says: false for --no-color, undefined when it says nothing. */
export function styleFor(terminal: Terminal, environment: NodeJS.ProcessEnv, colour?: boolean): Style {
  const told = toldWidth(terminal, environment);
  return {
    width: told === null ? WIDEST : Math.min(WIDEST, told),
    columns: told ?? Number.POSITIVE_INFINITY,
    ascii: !isUtf8(environment),
    colour: colour ?? coloured(terminal, environment),
  };
}

/** The terminal's columns; null for a pipe, which has none. */
function toldWidth(terminal: Terminal, environment: NodeJS.ProcessEnv): number | null {
  const told = terminal.isTTY ? terminal.columns : Number(environment['COLUMNS']);
  return !told || !Number.isFinite(told) ? null : Math.max(NARROWEST, told);
}

/** https://no-color.org: set and not empty means no. FORCE_COLOR: 0 and false mean no, all else yes. */
function coloured(terminal: Terminal, environment: NodeJS.ProcessEnv): boolean {
  if (environment['NO_COLOR']) return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return terminal.isTTY && environment['TERM'] !== 'dumb';
}

/** POSIX: LC_ALL before LC_CTYPE before LANG. Windows and macOS terminals show UTF-8 without saying so. */
function isUtf8(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  if (locale !== '') return /utf-?8/i.test(locale);
  return process.platform === 'win32' || process.platform === 'darwin';
}
