/** The errors row: what each program saw, the strings to grep for, and the string that this cannot be. */

import type { StackFacts } from '../../context/stacks.js';
import type { ApplicationOutcome, Verdict } from '../../reset/vocabulary/verdict.js';
import { type FirstOnWire, PHRASES, type Phrase } from './phrases.js';
import { parties, sentence } from './wording.js';

type Side = 'client' | 'server';

/** Empty when these packets tell nothing of either program. */
export function errorsRow(verdict: Verdict): string {
  const { client, server } = verdict.applications;
  const ends = parties(verdict.reset);
  const parts = [outcome(ends.client.role, client), outcome(ends.server.role, server)];
  // Both ends may have met the same: its strings are listed once, after the first that saw them.
  const inClient = client === null ? null : firstOnWire(client);
  const inServer = server === null ? null : firstOnWire(server);
  if (inClient !== null) parts.splice(1, 0, literals('client', inClient, client?.error === 'EPIPE', ends.client.stack));
  if (inServer !== null && inServer !== inClient)
    parts.push(literals('server', inServer, server?.error === 'EPIPE', ends.server.stack));
  return parts.filter((part) => part !== '').join(' ');
}

/** `client: read → EOF, then write → EPIPE.` */
function outcome(role: string, seen: ApplicationOutcome | null): string {
  return seen === null ? '' : `${role}: ${lowerFirst(sentence(seen.text))}`;
}

function lowerFirst(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** What came first for a program that saw this outcome; null when it saw nothing wrong. */
export function firstOnWire(seen: ApplicationOutcome): FirstOnWire | null {
  if (seen.eofFirst) return seen.error === null ? null : 'fin';
  switch (seen.error) {
    case 'ECONNRESET':
      return 'reset';
    case 'EPIPE':
      return 'dead';
    case 'ECONNREFUSED':
      return 'refused';
    case 'ETIMEDOUT':
      return 'silence';
    case 'ECONNABORTED':
      return 'local';
    case null:
      return null;
  }
}

/** `In logs: "EOF" (Go), "socket hang up" (Node), … Not "connection reset by peer": a FIN came first (Linux).` */
function literals(side: Side, first: FirstOnWire, wrote: boolean, stack: StackFacts | null): string {
  if (first === 'refused') return '';
  const strings = PHRASES.filter(
    (phrase) =>
      phrase.common &&
      isSaidOn(stack, phrase.on) &&
      (phrase.side === undefined || phrase.side === side) &&
      (phrase.first === first || (first === 'fin' && wrote && phrase.first === 'dead' && phrase.program === 'Go')),
  ).map((phrase) => `"${phrase.text}" (${phrase.program})`);
  if (first === 'fin' && side === 'client') strings.push('a 502 or 503 (proxy)');
  const logs = strings.length === 0 ? '' : `In logs: ${strings.join(', ')}.`;
  // What Linux never says, Windows may.
  const never = stack?.family === 'windows' ? '' : (CANNOT_BE[first] ?? '');
  return [logs, never].filter((part) => part !== '').join(' ');
}

/** Do programs on this system use these words? Where the stack is not known they are Linux's, as all else is. */
function isSaidOn(stack: StackFacts | null, on: Phrase['on']): boolean {
  if (on === undefined) return true;
  if (stack?.family === 'windows') return on === 'windows';
  return on === 'posix' || (on === 'linux' && stack?.family !== 'apple' && stack?.family !== 'bsd');
}

const CANNOT_BE: { readonly [K in FirstOnWire]?: string } = {
  fin: 'Not "connection reset by peer": a FIN came first (Linux).',
  reset: 'Not "EOF" or "socket hang up": no FIN came first.',
};
