/**
 * Paragraphs set to a width. A line breaks at spaces only, so an address with its port, a cause id or a number is
 * never cut; what must stay on one line although it has spaces (a command, "frame 8", "8, 9, 10") is held together
 * with glue. A piece longer than the line stands whole on a line of its own.
 */

const GLUE = '\u00a0';

/** Holds the words of `text` on one line. */
export function glued(text: string): string {
  return text.replaceAll(' ', GLUE);
}

/** `-az` and `TcpExt…` belong to the command before them: backticks in prose mark what is to be typed. */
function commands(text: string): string {
  return text.replace(/`([^`\n]+)`/g, (_, command: string) => glued(command));
}

const UNITS =
  /(\d) (%|(?:ns|µs|us|ms|s|min|h|days?|times|bytes?|octets?|packets?|connections?|attempts?|servers?|captures?|files?|rows?|RSTs?|resets?|segments?)\b)/g;

/** A number belongs to its unit and a frame number to the word before it. */
function units(text: string): string {
  return (
    text
      .replace(/\b(frames?|RSTs?|port|TTL|IP ID|RFC|seq|ack|len|win|window) (?=[\d#§])/gi, (match) => glued(match))
      .replace(UNITS, `$1${GLUE}$2`)
      // An option belongs to its command: `ss -K`.
      .replace(/(\w) (?=--?[A-Za-z])/g, `$1${GLUE}`)
      .replace(/(RFC\u00a0\d+) §/g, `$1${GLUE}§`)
  );
}

/** Lines of at most `width` columns; an empty paragraph is one empty line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of units(commands(text)).split('\n')) {
    let line = '';
    for (const word of paragraph.split(/ +/)) {
      if (word === '') continue;
      if (line === '') line = word;
      else if (columns(line) + 1 + columns(word) <= width) line += ` ${word}`;
      else {
        lines.push(line);
        line = word;
      }
    }
    lines.push(line);
  }
  return lines.map(unglued);
}

/** The same for whoever breaks lines without us. */
export function unglued(text: string): string {
  return text.replaceAll(GLUE, ' ');
}

/** Columns of our own text: every character we set is one column wide (see style.ts). */
export function columns(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** `   why     Text…` with the lines after the first indented under the text. */
export function labelled(label: string, text: string, width: number, indent = 3, column = 8): string[] {
  const left = ' '.repeat(indent);
  const lines = wrap(text, width - indent - column);
  return lines.map((line, index) => `${left}${(index === 0 ? label : '').padEnd(column)}${line}`.trimEnd());
}
