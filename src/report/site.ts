/** Calls hosts and timers of a verdict by the names that a team's configuration has for them. */

import { NO_SITE, type Site } from '../context/site.js';
import type { Evidence } from '../reset/types.js';
import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { type EndpointPattern, matches, parseEndpoint } from './select/address.js';
import { span } from './words/time.js';
import { parties } from './words/wording.js';

/** A configured timer is met within a hundredth of it, or a quarter of a second. */
const TOLERANCE = 0.01;
const SLACK = 0.25e9;

interface Named {
  readonly pattern: EndpointPattern;
  readonly name: string;
}

/** The same diagnosis with a fact, marked as coming from the configuration, for each thing that has a name. */
export function withSite(diagnosis: Diagnosis, site: Site = NO_SITE): Diagnosis {
  const middleboxes = named(site.middleboxes);
  const checkers = named(site.healthCheckers);
  const timers = site.idleTimeouts.map(({ seconds, name, cidr }) => ({
    nanoseconds: seconds * 1e9,
    name,
    pattern: cidr === undefined ? null : parseEndpoint(cidr),
  }));
  if (middleboxes.length + checkers.length + timers.length === 0) return diagnosis;

  const factsOf = (verdict: Verdict): Evidence[] => {
    const { client, server } = parties(verdict.reset);
    const facts: string[] = [];
    for (const { pattern, name } of checkers) {
      if (matches(pattern, client)) facts.push(`${client.address} is the health checker ${name}`);
    }
    for (const { pattern, name } of middleboxes) {
      for (const end of [client, server]) if (matches(pattern, end)) facts.push(`${end.address} is ${name}`);
    }
    const idle = idleTimes(verdict);
    for (const { nanoseconds, name, pattern } of timers) {
      if (pattern !== null && !matches(pattern, client) && !matches(pattern, server)) continue;
      const met = idle.find(
        (time) =>
          Math.abs(time - nanoseconds) <= Math.max(nanoseconds * TOLERANCE, Math.min(SLACK, nanoseconds * 0.05)),
      );
      if (met !== undefined) facts.push(`${span(met)} of silence is the idle timeout of ${name}`);
    }
    return facts.map((text) => ({ frame: null, text: `${text} (known from the configuration)`, values: {} }));
  };

  const changed = new Map<Verdict, Verdict>();
  const verdicts = diagnosis.verdicts.map((verdict) => {
    const facts = factsOf(verdict);
    const result = facts.length === 0 ? verdict : { ...verdict, evidence: [...verdict.evidence, ...facts] };
    changed.set(verdict, result);
    return result;
  });
  return {
    ...diagnosis,
    verdicts,
    findings: diagnosis.findings.map((finding) => ({
      ...finding,
      example: changed.get(finding.example) ?? finding.example,
    })),
  };
}

function named(list: readonly { readonly cidr: string; readonly name: string }[]): readonly Named[] {
  return list.flatMap(({ cidr, name }) => {
    const pattern = parseEndpoint(cidr);
    return pattern === null ? [] : [{ pattern, name }];
  });
}

/** Silences that a timer may have ended: before the RST, before a FIN, before the last message of either end. */
function idleTimes({ reset }: Verdict): number[] {
  const { sender, receiver } = reset;
  return [
    reset.idle,
    reset.idleData,
    ...[sender, receiver].flatMap(({ fin, lastMessage }) => [fin?.idleBefore, lastMessage?.idleBefore]),
  ].filter((time) => time !== null && time !== undefined);
}
