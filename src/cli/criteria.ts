/** The selection options of the command line as criteria, with every mistake told in one plain line. */

import { type EndpointPattern, parseEndpoint } from '../report/select/address.js';
import { CONFIDENCES, type Criteria, SEVERITIES } from '../report/select/select.js';
import { type Moment, parseMoment } from '../report/words/moment.js';
import { type Clock, makeClock } from '../report/words/time.js';
import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import type { Cause } from '../reset/vocabulary/verdict.js';
import type { SelectionOptions } from './command-line/shared.js';
import { UsageError } from './errors.js';
import { didYouMean } from './suggest.js';

/** null when nothing is selected: the whole diagnosis is meant. @throws UsageError */
export function criteriaOf(
  task: SelectionOptions & { readonly tz: string | undefined },
  causes: readonly Cause[],
): Criteria | null {
  const clock = clockOf(task.tz);
  const criteria: Criteria = {
    servers: task.server.map((text) => endpoint('server', text)),
    clients: task.client.map((text) => endpoint('client', text)),
    hosts: task.host.map((text) => endpoint('host', text)),
    ports: task.port.map(port),
    causes: task.cause.map((id) => causeId(id, causes)),
    since: moment('since', task.since, clock),
    until: moment('until', task.until, clock),
    severity: oneOf('severity', task.severity, SEVERITIES),
    confidence: oneOf('min-confidence', task.minConfidence, CONFIDENCES),
  };
  refuseReversed(task, criteria, DAY);
  return selectionText(task) === '' ? null : criteria;
}

const HOUR = 3_600_000_000_000n;
/** Captures that begin at any hour: what is reversed for all of them is reversed for the one that is to be read. */
const DAY = Array.from({ length: 24 }, (_, hour) => (24n * 365n + BigInt(hour)) * HOUR);

/**
 * Nothing lies between an end and a beginning after it. Times of the day can be held against each other only once it
 * is known when the captures begin (`starts`, ns since 1970).
 * @throws UsageError
 */
export function refuseReversed(
  task: SelectionOptions,
  criteria: Pick<Criteria, 'since' | 'until'> | null,
  starts: readonly bigint[],
): void {
  if (criteria === null) return;
  const { since, until } = criteria;
  if (since === null || until === null || starts.length === 0) return;
  if (starts.every((first) => since(first) > until(first)))
    throw new UsageError(`--since ${task.since} is after --until ${task.until}: nothing lies between`);
}

/** When the captures begin, those that hold anything. */
export function startsOf({ captures }: Diagnosis): readonly bigint[] {
  return captures.flatMap(({ first }) => (first === null ? [] : [first]));
}

/** The selection as it was typed, for the head of the report. */
export function selectionText(task: SelectionOptions): string {
  const parts: string[] = [];
  const add = (name: string, values: readonly (string | undefined)[]) => {
    for (const value of values) if (value !== undefined) parts.push(`--${name} ${value}`);
  };
  add('server', task.server);
  add('client', task.client);
  add('host', task.host);
  add('port', task.port);
  add('cause', task.cause);
  add('since', [task.since]);
  add('until', [task.until]);
  add('severity', [task.severity]);
  add('min-confidence', [task.minConfidence]);
  return parts.join(' ');
}

/** @throws UsageError */
export function clockOf(tz: string | undefined): Clock {
  try {
    return makeClock(tz);
  } catch {
    throw new UsageError(`--tz ${tz}: no such time zone`, 'for example UTC, local, +02:00 or Europe/Berlin');
  }
}

function endpoint(option: string, text: string): EndpointPattern {
  const pattern = parseEndpoint(text);
  if (pattern !== null) return pattern;
  throw new UsageError(
    `--${option} ${text}: not an address`,
    'for example 10.9.8.7, 10.9.0.0/16, 10.9.8.7:8080, :8080 or [2001:db8::1]:443',
  );
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65535) return number;
  throw new UsageError(`--port ${text}: not a port number`);
}

function causeId(id: string, causes: readonly Cause[]): string {
  if (causes.some((cause) => cause.id === id || cause.formerly?.includes(id))) return id;
  const meant = didYouMean(
    id,
    causes.map((cause) => cause.id),
  );
  throw new UsageError(`--cause ${id}: no such cause${meant}`, 'whyrst causes lists them');
}

function moment(option: string, text: string | undefined, clock: Clock): Moment | null {
  if (text === undefined) return null;
  const parsed = parseMoment(text, clock);
  if (parsed !== null) return parsed;
  throw new UsageError(
    `--${option} ${text}: not a time`,
    'for example 02:41:07, 2026-11-21T02:41:07Z or +90 (seconds after the first packet)',
  );
}

function oneOf<T extends string>(option: string, text: string | undefined, known: readonly T[]): T | null {
  if (text === undefined) return null;
  const found = known.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} ${text}: must be ${known.join(', ')}${didYouMean(text, known)}`);
}
