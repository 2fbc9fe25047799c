/** What a golden file holds of a diagnosis: everything that a person would read against the packets, no versions. */

import type { Evidence } from '../../src/reset/types.js';
import type { Diagnosis } from '../../src/reset/verdicts/diagnosis.js';
import type { ApplicationOutcome, Verdict } from '../../src/reset/vocabulary/verdict.js';

/**
 * The golden of a capture as text: one line per fact, so that a change shows as a line in a diff.
 * Aftershocks carry the story of their first and are one line each.
 */
export function golden(diagnosis: Diagnosis): string {
  const [capture] = diagnosis.captures;
  const facts = {
    resets: capture?.resets,
    copies: capture?.copies,
    vantage: capture?.vantage.at,
    quality: capture?.quality,
    warnings: capture?.warnings.map(({ code, count }) => `${code}: ${count}`),
    endings: diagnosis.endings.map(
      ({ kind, client, server, mark, text }) => `${mark.frame} ${kind} ${client} → ${server}: ${text}`,
    ),
    verdicts: diagnosis.verdicts.map(verdict),
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function verdict(one: Verdict): unknown {
  const { id, role, of, cause, confidence } = one;
  const mechanism = `${one.mechanism.kind}, ${one.mechanism.confidence}${one.mechanism.hops === null ? '' : `, ${one.mechanism.hops} hops away`}`;
  if (role === 'aftershock')
    return `${id} aftershock of ${of}: ${cause.id}, ${confidence}; ${mechanism}; ${one.kernelReasons.join(' ')}`;
  return {
    id,
    role,
    of,
    cause: cause.id,
    confidence,
    severity: one.severity,
    mechanism,
    responsible: one.responsible,
    kernelReasons: one.kernelReasons.join(' '),
    client: outcome(one.applications.client),
    server: outcome(one.applications.server),
    lost: one.lost,
    evidence: one.evidence.map(fact),
    doubt: one.doubt,
    alternatives: one.alternatives.map((other) => `${other.cause.id}, ${other.confidence}`),
  };
}

function outcome(one: ApplicationOutcome | null): string | null {
  return one === null ? null : `${one.eofFirst ? 'EOF, ' : ''}${one.error ?? 'no error'}: ${one.text}`;
}

function fact({ frame, text }: Evidence): string {
  return frame === null ? text : `${frame}: ${text}`;
}
