/** One line of an `.expect` file: how many resets of which kind a capture should hold. */

import { type EndpointPattern, matches, parseEndpoint } from '../report/select/address.js';
import { atLeast, CONFIDENCES } from '../report/select/select.js';
import { frameText } from '../report/words/frame.js';
import { parties } from '../report/words/wording.js';
import type { Confidence } from '../reset/types.js';
import type { Cause, Verdict } from '../reset/vocabulary/verdict.js';

export interface Expectation {
  /** Where it stands; the file as given. */
  readonly file: string;
  readonly line: number;
  readonly least: number;
  /** Infinity for `any` and `2+`. */
  readonly most: number;
  readonly cause: string;
  readonly confidence: Confidence;
  /** `2027-03-01`: holds through that day (UTC). */
  readonly until: string | null;
  readonly client: EndpointText | null;
  readonly server: EndpointText | null;
  /** `11`, or in a run of several files `3:11`. */
  readonly frame: string | null;
  readonly why: string;
}

export interface EndpointText {
  readonly text: string;
  readonly pattern: EndpointPattern;
}

/** `1 closed-port, at least likely, * -> 10.0.2.2:80`: as a failure names it. */
export function expectationText(expectation: Expectation): string {
  const { cause, confidence, client, server, frame, until } = expectation;
  const parts = [`${countText(expectation)} ${cause}`];
  if (confidence !== 'possible') parts.push(`at least ${confidence}`);
  if (client !== null || server !== null) parts.push(`${client?.text ?? '*'} -> ${server?.text ?? '*'}`);
  if (frame !== null) parts.push(`in frame ${frame}`);
  if (until !== null) parts.push(`until ${until}`);
  return parts.join(', ');
}

export function countText({ least, most }: Pick<Expectation, 'least' | 'most'>): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? 'any' : `${least}+`;
  return least === most ? `${least}` : `${least}-${most}`;
}

/** Would the line count this reset? Each criterion by itself, so that a near miss can be told. */
export interface Fit {
  readonly cause: boolean;
  readonly ends: boolean;
  readonly sure: boolean;
}

export function fitOf(expectation: Expectation, verdict: Verdict): Fit {
  const { client, server } = parties(verdict.reset);
  const end = (wanted: EndpointText | null, own: typeof client) => wanted === null || matches(wanted.pattern, own);
  return {
    cause: names(expectation.cause, verdict.cause),
    ends:
      end(expectation.client, client) &&
      end(expectation.server, server) &&
      (expectation.frame === null || expectation.frame === frameText(verdict.reset, verdict.reset.rst.frame)),
    sure: atLeast(CONFIDENCES, verdict.confidence, expectation.confidence),
  };
}

/** By id, a former id, or a pattern like `keepalive-*`. */
export function names(pattern: string, cause: Pick<Cause, 'id' | 'formerly'>): boolean {
  const ids = [cause.id, ...(cause.formerly ?? [])];
  if (!pattern.includes('*')) return ids.includes(pattern);
  const expression = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`);
  return ids.some((id) => expression.test(id));
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** `*`, `10.0.2.2`, `10.0.2.*:80`, `10.0.0.0/8`, `[::1]:443`, `*:80`; undefined when it is none of these, null for anything. */
export function parseEnd(text: string): EndpointText | null | undefined {
  if (text === '*') return null;
  const pattern = parseEndpoint(wildcardsAsBlock(text));
  return pattern === null ? undefined : { text, pattern };
}

/** `10.0.*` → `10.0.0.0/16`: the last octets left open. */
function wildcardsAsBlock(text: string): string {
  const parts = /^((?:\d{1,3}\.){1,3})\*(?:\.\*)*(:\d{1,5})?$/.exec(text);
  if (parts === null) return text;
  const octets = (parts[1] as string).split('.').filter((octet) => octet !== '');
  const address = [...octets, '0', '0', '0'].slice(0, 4).join('.');
  return `${address}/${octets.length * 8}${parts[2] ?? ''}`;
}

/** Is `today` (`2026-11-21`) after the last day on which the line holds? */
export function hasEnded({ until }: Pick<Expectation, 'until'>, today: string): boolean {
  return until !== null && today > until;
}
