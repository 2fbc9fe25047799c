/**
 * Text from a capture, a file name or a command line on its way into a format that gives characters a meaning. Every
 * function here takes any string there is and returns one that the format reads as that text and nothing else.
 *
 * All of them first show control and format characters as escapes (printable.ts): ANSI sequences, reading-direction
 * tricks and what XML 1.0 forbids are then gone for every format alike.
 */

import { printable } from './printable.js';

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML text and quoted attributes. */
export function escapeHtml(text: string): string {
  return lines(text).replace(/[&<>"']/g, (character) => HTML[character] as string);
}

/** For XML text and quoted attributes: as HTML, and without the code points that XML 1.0 §2.2 has no room for. */
export function escapeXml(text: string): string {
  return escapeHtml(text).replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/**
 * For a paragraph or a table cell of Markdown as GitHub, GitLab and Jira's importer read it. Everything that could begin
 * a construct gets a backslash; a pipe would end the cell; `@name`, `#12` and bare addresses of the web would become
 * links to people, tickets and hosts, so a zero-width joint (written as an entity) goes in between.
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*{}[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/(^|[^\w&])([@#])(?=\w)/g, '$1$2&#8203;')
    .replace(/\b(https?|ftp|mailto):/gi, '$1&#58;')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`)
    .replace(/^(\s*)([-+](?=\s|$)|=+\s*$|-+\s*$|\d+[.)](?=\s|$))/, (_, blank: string, sign: string) => {
      // A list, a ruler or an underlined heading: the last character of `1.` and the first of `---` make it one.
      return /^\d/.test(sign) ? `${blank}${sign.slice(0, -1)}\\${sign.slice(-1)}` : `${blank}\\${sign}`;
    });
}

/** Our own prose with what it cites: commands in backticks become code, everything else is escaped. */
export function markdownProse(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? markdownCode(part.slice(1, -1)) : escapeMarkdown(part)))
    .join('');
}

/** As code in Markdown, in a fence longer than any run of backticks within. Not for tables: a pipe would end the cell. */
export function markdownCode(text: string): string {
  const code = printable(text);
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const blank = code.startsWith('`') || code.endsWith('`') || code === '' ? ' ' : '';
  return `${fence}${blank}${code}${blank}${fence}`;
}

/**
 * A cell of CSV (RFC 4180 §2). Spreadsheets run what begins with `=`, `+`, `-` or `@`, also in its full-width form, so
 * such a cell begins with an apostrophe, which they show as text; numbers that we wrote ourselves are given as numbers.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = printable(value);
  const safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** JSON whose strings a terminal shows and does not obey: the same value, other spelling. */
export function plainJson(value: unknown, indent?: number): string {
  return spelled(
    JSON.stringify(value, null, indent),
    /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
  );
}

/** The same for the inside of a `<script>`. */
export function scriptJson(value: unknown): string {
  return spelled(plainJson(value), /[<>&]/g);
}

/** None of these characters stands outside of strings in JSON. */
function spelled(json: string, characters: RegExp): string {
  return json.replace(characters, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Our own paragraphs may hold line breaks and tabs; a capture's text has had its own shown as escapes before. */
function lines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
