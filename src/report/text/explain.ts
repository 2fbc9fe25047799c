/**
 * `whyrst explain`: a cause, or the words of a log, for a reader who has never seen a TCP state diagram. Made from the
 * causes themselves and from the table of phrases, so nothing is said twice.
 */

import type { Cause } from '../../reset/vocabulary/verdict.js';
import { findPhrases } from '../words/find-phrases.js';
import { MEANINGS } from '../words/meanings.js';
import { type FirstOnWire, PHRASES, type Phrase } from '../words/phrases.js';
import { printable } from '../words/printable.js';
import { listed, unfilled, unslotted } from '../words/wording.js';
import { glyphs, PLAIN, paint, type Style } from './style.js';
import { labelled, wrap } from './wrap.js';

/** null when the words name no cause and stand in no known phrase. */
export function explain(words: string, causes: readonly Cause[], style: Style = PLAIN): string | null {
  const cause = causes.find(({ id, formerly }) => id === words || formerly?.includes(words));
  if (cause !== undefined) return explainCause(cause, style);
  const phrases = findPhrases(words);
  return phrases.length === 0 ? null : explainPhrases(words, phrases, causes, style);
}

/** What `whyrst explain` prints of a cause: what happened, why, what to change, how to confirm it; without colours unless styled. */
export function explainCause(cause: Cause, style: Style = PLAIN): string {
  const lines = [paint(style, 'strong', cause.id)];
  lines.push(...wrap(glyphs(style, unfilled(cause.title)), style.width));
  if (cause.formerly?.length) lines.push(`formerly ${listed(cause.formerly)}`);
  lines.push('', ...wrap(glyphs(style, prose(unslotted(cause.explanation))), style.width), '');
  const row = (label: string, text: string) => {
    const [first = '', ...rest] = labelled(label, glyphs(style, text), style.width, 0, 10);
    lines.push(paint(style, 'faint', first.slice(0, 10)) + first.slice(10), ...rest);
  };
  row('severity', SEVERITY_WORDS[cause.severity]);
  row('fix', unfilled(cause.fix));
  row('confirm', unslotted(cause.confirm));
  if (LINUX.test(`${cause.fix} ${cause.confirm}`))
    row(
      'names',
      "These commands and settings are Linux's; a report names those of Windows, macOS or BSD where a host runs one.",
    );
  const said = saidBy(cause);
  if (said !== '') row('logs', said);
  if (cause.references.length > 0) row('see', cause.references.join('\n'));
  return `${lines.join('\n')}\n`;
}

/** What only Linux has, of which host-terms.ts knows what others have instead. */
const LINUX =
  /\b(?:nstat|ss -|dmesg|journalctl|sysctl|conntrack -|conntrackd|nft |ip vrf|uptime -s|tcp_\w+|net\.(?:ipv4|core|netfilter)\.)/;

const SEVERITY_WORDS = {
  error: 'error: data or a request was lost',
  warning: 'warning: something is not as it was meant to be',
  note: 'note: normal, or noise',
} as const;

/** An explanation is written in lines of code width; its paragraphs are what matters. */
function prose(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
    .join('\n\n');
}

/** The strings by which programs tell of this cause. */
function saidBy(cause: Cause): string {
  const kinds = (Object.keys(MEANINGS) as FirstOnWire[]).filter(
    (kind) => kind !== 'hidden' && MEANINGS[kind].causes.includes(cause.id),
  );
  const phrases = PHRASES.filter((phrase) => phrase.common && phrase.on !== 'windows' && kinds.includes(phrase.first));
  return phrases.map((phrase) => `"${phrase.text}" (${phrase.program})`).join(', ');
}

/** What the words mean, what was on the wire, and which causes lie behind. */
function explainPhrases(words: string, phrases: readonly Phrase[], causes: readonly Cause[], style: Style): string {
  const lines: string[] = [];
  const kinds = new Set(phrases.map((phrase) => phrase.first));
  if (kinds.size > 1) {
    const text = `"${printable(words.length > 60 ? `${words.slice(0, 60)}…` : words)}" stands in several messages; what was on the wire depends on which it was.`;
    lines.push(...wrap(glyphs(style, text), style.width), '');
  }
  for (const kind of kinds) {
    const own = phrases.filter((phrase) => phrase.first === kind);
    const shown = own.slice(0, 5).map((phrase) => `"${phrase.text}" (${phrase.program})`);
    lines.push(...wrap(glyphs(style, shown.join(', ')), style.width).map((line) => paint(style, 'strong', line)));
    for (const { program, note } of own.slice(0, 5)) {
      if (note !== undefined) lines.push(...wrap(glyphs(style, `${program}: ${note}.`), style.width));
    }
    lines.push(...wrap(glyphs(style, MEANINGS[kind].meaning), style.width));
    lines.push(...wrap(glyphs(style, MEANINGS[kind].never), style.width));
    const ids = new Set([...own.flatMap((phrase) => phrase.causes ?? []), ...MEANINGS[kind].causes]);
    const behind = [...ids].map((id) => causes.find((cause) => cause.id === id)).filter((cause) => cause !== undefined);
    if (behind.length > 0) {
      lines.push('', 'Causes behind it, the most frequent first:');
      const column = Math.max(...behind.map(({ id }) => id.length)) + 2;
      for (const { id, title } of behind) {
        lines.push(...labelled(id, glyphs(style, unfilled(title)), style.width, 2, column));
      }
    }
    lines.push('');
  }
  lines.push(...wrap(ADVICE, style.width));
  return `${lines.join('\n')}\n`;
}

const ADVICE =
  'A capture decides between them: `whyrst capture.pcap`, or paste the log line: `whyrst show capture.pcap "LOG LINE"`. More on a cause: `whyrst explain CAUSE`.';
