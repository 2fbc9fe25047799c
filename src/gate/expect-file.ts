/**
 * `.expect` files:
 *
 *     # count  cause                  at least  client -> server      why
 *     1        keepalive-race-unread  likely    * -> 10.0.2.2:5001    # NET-412
 *     any      port-scan              until 2027-03-01                # nightly scanner
 *     2-4      closed-port            frame 12
 *     none
 *
 * What follows the cause may stand in any order; `none` alone allows no reset.
 */

import { CONFIDENCES } from '../report/select/select.js';
import type { Confidence } from '../reset/types.js';
import type { Cause } from '../reset/vocabulary/verdict.js';
import { type EndpointText, type Expectation, names, parseEnd } from './expectation.js';

export interface ExpectFile {
  readonly path: string;
  readonly expectations: readonly Expectation[];
  /** Of the line that says `none`. */
  readonly none: number | null;
}

export interface LineError {
  readonly line: number;
  readonly message: string;
}

/** Every error of a file, each with its line. */
export class ExpectError extends Error {
  override readonly name = 'ExpectError';
  constructor(
    readonly path: string,
    readonly errors: readonly LineError[],
  ) {
    super(errors.map(({ line, message }) => `${path}:${line}: ${message}`).join('\n'));
  }
}

/** What a reader of these lines must know: the catalogue, and how to guess what was meant. */
export interface Vocabulary {
  readonly causes: readonly Pick<Cause, 'id' | 'formerly'>[];
  /** `; did you mean closed-port?`, or nothing. */
  readonly meant: (word: string, known: readonly string[]) => string;
}

/** @throws ExpectError */
export function parseExpectFile(text: string, path: string, vocabulary: Vocabulary): ExpectFile {
  const expectations: Expectation[] = [];
  const errors: LineError[] = [];
  let none: number | null = null;
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .forEach((raw, index) => {
      const line = index + 1;
      const { words, why } = split(raw);
      if (words.length === 0) return;
      if (words.length === 1 && words[0] === 'none') {
        none ??= line;
        return;
      }
      try {
        expectations.push(parseWords(words, why, { file: path, line }, vocabulary));
      } catch (error) {
        if (!(error instanceof BadLine)) throw error;
        errors.push({ line, message: error.message });
      }
    });
  if (none !== null && expectations.length > 0) {
    errors.push({ line: none, message: '"none" allows no reset, yet other lines expect some' });
  }
  if (none === null && expectations.length === 0 && errors.length === 0) {
    errors.push({ line: 1, message: 'no expectation: write "none" where no reset is allowed' });
  }
  if (errors.length > 0) throw new ExpectError(path, errors);
  return { path, expectations, none };
}

export class BadLine extends Error {}

/** The words before `#`, and what follows it. A `#` within a word is part of it. */
export function split(raw: string): { readonly words: string[]; readonly why: string } {
  const comment = /(?:^|\s)#(.*)$/.exec(raw);
  const rest = comment === null ? raw : raw.slice(0, comment.index);
  return { words: rest.split(/\s+/).filter((word) => word !== ''), why: (comment?.[1] ?? '').trim() };
}

/** @throws BadLine */
export function parseWords(
  words: readonly string[],
  why: string,
  place: { readonly file: string; readonly line: number },
  vocabulary: Vocabulary,
): Expectation {
  const [count = '', cause = ''] = words;
  const { least, most } = parseCount(count);
  if (cause === '') throw new BadLine('the cause is missing after the count');
  checkCause(cause, vocabulary);
  return { ...place, least, most, cause, why, ...parseDetails(words.slice(2), vocabulary) };
}

function parseCount(text: string): { readonly least: number; readonly most: number } {
  if (text === 'any') return { least: 0, most: Number.POSITIVE_INFINITY };
  const parts = /^(\d+)(\+|-(\d+))?$/.exec(text);
  if (parts === null) throw new BadLine(`"${text}" is no count: write 2, 2+, 2-4, any, or none alone on a line`);
  const least = Number(parts[1]);
  if (parts[2] === undefined) return { least, most: least };
  if (parts[2] === '+') return { least, most: Number.POSITIVE_INFINITY };
  const most = Number(parts[3]);
  if (most < least) throw new BadLine(`"${text}": the second number is less than the first`);
  return { least, most };
}

export function checkCause(cause: string, { causes, meant }: Vocabulary): void {
  if (causes.some((one) => names(cause, one))) return;
  if (cause.includes('*')) throw new BadLine(`no cause is called "${cause}"`);
  const ids = causes.map(({ id }) => id);
  throw new BadLine(`no cause is called "${cause}"${meant(cause, ids)}`);
}

type Details = Pick<Expectation, 'confidence' | 'until' | 'client' | 'server' | 'frame'>;

/** `at least likely`, `until 2027-03-01`, `frame 11`, `* -> 10.0.2.2:80`, each at most once. */
export function parseDetails(words: readonly string[], { meant }: Vocabulary): Details {
  let confidence: Confidence | null = null;
  let until: string | null = null;
  let frame: string | null = null;
  let ends: { readonly client: EndpointText | null; readonly server: EndpointText | null } | null = null;
  const once = (what: string, before: unknown) => {
    if (before !== null) throw new BadLine(`${what} is given twice`);
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    const next = words[at + 1];
    if (word === 'at' && next === 'least') at += 1;
    else if (isConfidence(word)) {
      once('the confidence', confidence);
      confidence = word;
    } else if (word === 'until') {
      once('until', until);
      until = parseDate(next);
      at += 1;
    } else if (word === 'frame') {
      once('the frame', frame);
      if (next === undefined || !/^(?:[1-9]\d*:)?[1-9]\d*$/.test(next))
        throw new BadLine('after "frame" its number is missing');
      frame = next;
      at += 1;
    } else if (next === '->' || next === '→') {
      once('client -> server', ends);
      ends = { client: endOf(word), server: endOf(words[at + 2]) };
      at += 2;
    } else if (/->|→/.test(word) && word.length > 2) {
      const [client, server] = word.split(/->|→/);
      once('client -> server', ends);
      ends = { client: endOf(client), server: endOf(server) };
    } else {
      const known = [...CONFIDENCES, 'until', 'frame', 'at least'];
      throw new BadLine(
        `"${word}" is not understood${meant(word, known)}; after the cause may stand certain, likely or possible, "until DATE", "frame N" and "client -> server"`,
      );
    }
  }
  return {
    confidence: confidence ?? 'possible',
    until,
    frame,
    client: ends?.client ?? null,
    server: ends?.server ?? null,
  };
}

function isConfidence(word: string): word is Confidence {
  return (CONFIDENCES as readonly string[]).includes(word);
}

function endOf(text: string | undefined): EndpointText | null {
  const end = text === undefined || text === '' ? undefined : parseEnd(text);
  if (end !== undefined) return end;
  throw new BadLine(
    `"${text ?? ''}" is no address: write *, 10.0.2.2, 10.0.2.2:5001, *:5001, 10.0.2.*, 10.0.0.0/8 or [2001:db8::1]:443`,
  );
}

export function parseDate(text: string | undefined): string {
  const date = /^\d{4}-\d\d-\d\d$/.test(text ?? '') ? new Date(`${text}T00:00:00Z`) : null;
  // Date takes 30 February for 2 March.
  if (date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text as string))
    return text as string;
  throw new BadLine(`"${text ?? ''}" is no date: write it like 2027-03-01`);
}
