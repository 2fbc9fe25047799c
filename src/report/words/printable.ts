/**
 * Text that came from a capture, a file name or a command line, made safe for a terminal.
 *
 * Control characters (ANSI escapes begin with one), format characters (they can turn the reading direction or hide
 * text), lone surrogates and line separators are written as escapes; everything else passes unchanged. Every string
 * that whyrst did not write itself goes through here on its way to a terminal.
 */

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function printable(text: string): string {
  return text.replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
