/** Narrows a diagnosis to what one asks about; the counts of the whole capture stay beside it. */

import type { Confidence } from '../../reset/types.js';
import type { Diagnosis, Ending, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Severity, Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOf } from '../captures.js';
import type { Moment } from '../words/moment.js';
import { absolute } from '../words/time.js';
import { parties } from '../words/wording.js';
import { type EndpointPattern, matches, parseEndpoint } from './address.js';

/** Several values of one criterion are alternatives; several criteria must all hold. Empty and null ask nothing. */
export interface Criteria {
  readonly servers: readonly EndpointPattern[];
  readonly clients: readonly EndpointPattern[];
  /** Either end. */
  readonly hosts: readonly EndpointPattern[];
  /** Of either end. */
  readonly ports: readonly number[];
  readonly causes: readonly string[];
  readonly since: Moment | null;
  readonly until: Moment | null;
  /** This or worse. */
  readonly severity: Severity | null;
  /** This or surer. */
  readonly confidence: Confidence | null;
}

export const SEVERITIES: readonly Severity[] = ['note', 'warning', 'error'];
export const CONFIDENCES: readonly Confidence[] = ['possible', 'likely', 'certain'];

/** `regroup` makes findings of verdicts (src/reset/verdicts/findings.ts); handed in so that findings are made in one place. */
export type Regroup = (verdicts: readonly Verdict[], whole: Diagnosis) => readonly Finding[];

export function select(diagnosis: Diagnosis, criteria: Criteria, regroup: Regroup): Diagnosis {
  const kept = new Set<string>();
  for (const verdict of diagnosis.verdicts) {
    if (verdict.role !== 'aftershock' && selects(criteria, verdict, diagnosis)) kept.add(verdict.id);
  }
  // An aftershock goes where its first goes: its own endpoint roles and times would tear them apart.
  const verdicts = diagnosis.verdicts.filter((verdict) =>
    verdict.role === 'aftershock' && verdict.of !== null ? kept.has(verdict.of) : kept.has(verdict.id),
  );
  return {
    ...diagnosis,
    verdicts,
    findings: regroup(verdicts, diagnosis),
    endings: diagnosis.endings.filter((ending) => selectsEnding(criteria, ending, diagnosis)),
  };
}

function selects(criteria: Criteria, verdict: Verdict, diagnosis: Diagnosis): boolean {
  const { client, server } = parties(verdict.reset);
  const first = captureOf(verdict.id, diagnosis.captures)?.first ?? null;
  return (
    selectsEnds(criteria, client, server) &&
    within(criteria, first, verdict.reset.rst.time) &&
    (criteria.causes.length === 0 || criteria.causes.some((id) => named(verdict, id))) &&
    (criteria.severity === null || atLeast(SEVERITIES, verdict.severity, criteria.severity)) &&
    (criteria.confidence === null || atLeast(CONFIDENCES, verdict.confidence, criteria.confidence))
  );
}

/** By its id or one it bore formerly. */
function named({ cause }: Verdict, id: string): boolean {
  return cause.id === id || (cause.formerly?.includes(id) ?? false);
}

export function atLeast<T>(order: readonly T[], value: T, least: T): boolean {
  return order.indexOf(value) >= order.indexOf(least);
}

interface End {
  readonly address: string;
  readonly port: number;
}

function selectsEnds(criteria: Criteria, client: End, server: End): boolean {
  const some = (patterns: readonly EndpointPattern[], ...ends: readonly End[]) =>
    patterns.length === 0 || patterns.some((pattern) => ends.some((end) => matches(pattern, end)));
  return (
    some(criteria.servers, server) &&
    some(criteria.clients, client) &&
    some(criteria.hosts, client, server) &&
    (criteria.ports.length === 0 || criteria.ports.includes(client.port) || criteria.ports.includes(server.port))
  );
}

function within(criteria: Criteria, first: bigint | null, offset: number): boolean {
  if (criteria.since === null && criteria.until === null) return true;
  const moment = absolute(first, offset);
  if (moment === null || first === null) return false;
  return (
    (criteria.since === null || moment >= criteria.since(first)) &&
    (criteria.until === null || moment <= criteria.until(first))
  );
}

/** Endings have no cause, severity or confidence: where one of these is asked for, they are not meant. */
function selectsEnding(criteria: Criteria, ending: Ending, diagnosis: Diagnosis): boolean {
  if (criteria.causes.length > 0 || criteria.severity !== null || criteria.confidence !== null) return false;
  const client = end(ending.client);
  const server = end(ending.server);
  if (client === null || server === null) return false;
  const capture = diagnosis.captures.find(({ file }) => file === ending.file) ?? diagnosis.captures[0];
  return selectsEnds(criteria, client, server) && within(criteria, capture?.first ?? null, ending.mark.time);
}

/** `10.0.0.1:80`, `[::1]:80` as `wording.socket` writes them. */
function end(text: string): End | null {
  const pattern = parseEndpoint(text);
  if (pattern === null || pattern.port === null) return null;
  return { address: text.slice(0, text.lastIndexOf(':')).replace(/^\[|\]$/g, ''), port: pattern.port };
}
