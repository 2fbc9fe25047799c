/** HTML that cannot forget to escape: what is put into the template is text unless it was made by the template itself. */

import { escapeHtml } from '../words/escape.js';

export class Markup {
  constructor(readonly text: string) {}
}

export type Part = string | number | Markup | readonly Part[] | null;

/** `` html`<b>${name}</b>` ``: strings and numbers are escaped, lists are joined, null is nothing. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = pieces[0] as string;
  parts.forEach((part, index) => {
    text += set(part) + pieces[index + 1];
  });
  return new Markup(text);
}

function set(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(set).join('');
  return escapeHtml(String(part));
}

/** Our own prose with its commands: what stands in backticks becomes code, line breaks stay. */
export function prose(text: string): Markup {
  const parts = text.split(/(`[^`\n]+`|\n)/).map((part): Part => {
    if (part === '\n') return new Markup('<br>');
    return /^`[^`]+`$/.test(part) ? html`<code>${part.slice(1, -1)}</code>` : part;
  });
  return html`${parts}`;
}
