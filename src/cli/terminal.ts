/** What the terminal at hand can show: width, characters, colours. */

import { NARROWEST, type Style, WIDEST } from '../report/text/style.js';

export interface Terminal {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** `colour` is what the command line says: false for --no-color, undefined when it says nothing. */
export function styleFor(terminal: Terminal, environment: NodeJS.ProcessEnv, colour?: boolean): Style {
  return {
    width: widthOf(terminal, environment),
    ascii: !isUtf8(environment),
    colour: colour ?? coloured(terminal, environment),
  };
}

/** As wide as the terminal, never wider than reads well; a pipe has no width, so the same as a wide terminal. */
function widthOf(terminal: Terminal, environment: NodeJS.ProcessEnv): number {
  const told = terminal.isTTY ? terminal.columns : Number(environment['COLUMNS']);
  if (!told || !Number.isFinite(told)) return WIDEST;
  return Math.max(NARROWEST, Math.min(WIDEST, told));
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
