/** What a report in JSON tells of a reset, as the verdict that it was made of, as far as reports tell. */

import { NO_HABITS, type StackFacts } from '../../context/stacks.js';
import type { Mark, Reset, Shape } from '../../reset/types.js';
import type { CaptureSummary } from '../../reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../../reset/vocabulary/verdict.js';
import type { captureJson, endingJson, findingJson, verdictJson } from '../data/json.js';
import { NOTHING } from './nothing.js';

export type ReportedReset = ReturnType<typeof verdictJson>;
export type ReportedCapture = ReturnType<typeof captureJson>;
export type ReportedEnding = ReturnType<typeof endingJson>;
export type ReportedFinding = ReturnType<typeof findingJson>;

/** A run as reports tell it, and what is needed to read its resets. */
export interface Retelling {
  readonly capture: CaptureSummary;
  readonly causeOf: (id: string, title?: string) => Cause;
  /** An id of the report as it is among all that are told together. */
  readonly renamed: (id: string) => string;
}

/** `2026-11-21T08:01:04.879512345Z`, as nanoseconds since 1970. */
export function nanoseconds(rfc3339: string): bigint {
  const [seconds = '', fraction = ''] = rfc3339.split(/[.Z]/);
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction);
}

export function nanosecondsOrNull(rfc3339: string | null): bigint | null {
  return rfc3339 === null ? null : nanoseconds(rfc3339);
}

/** The number of a frame in its run, by the file it lies in. */
export function frameOfRun({ files, borders }: CaptureSummary, file: string, frame: number): number {
  if (files === undefined || borders === undefined) return frame;
  return frame + (borders[files.findIndex((one) => one.file === file)] ?? 0);
}

/** Without a clock every time is that of the first record: reports tell none then. */
export function offsetOf({ first }: CaptureSummary, time: string | null): number {
  return first === null || time === null ? 0 : Number(nanoseconds(time) - first);
}

export function retoldCapture(reported: ReportedCapture): CaptureSummary {
  let before = 0;
  const borders: number[] = [];
  const files = reported.files?.map(({ file, records, first, last }) => {
    borders.push(before);
    before += records;
    return { file, records, first: nanosecondsOrNull(first), last: nanosecondsOrNull(last) };
  });
  const capture: CaptureSummary = {
    ...reported,
    first: nanosecondsOrNull(reported.first),
    last: nanosecondsOrNull(reported.last),
    files,
    ...(files === undefined ? {} : { borders }),
  } as CaptureSummary;
  return {
    ...capture,
    warnings: reported.warnings.map(({ code, count, frame, text, file }) => ({
      code,
      count,
      frame: frame === null || file === undefined ? frame : frameOfRun(capture, file, frame),
      text,
    })),
  };
}

export function retoldVerdict(reported: ReportedReset, told: Retelling): Verdict {
  const { capture, causeOf, renamed } = told;
  const { mechanism } = reported;
  const facts = (list: ReportedReset['evidence']) =>
    list.map(({ file, frame, text, values }) => ({
      frame: frame === null ? null : frameOfRun(capture, file, frame),
      text,
      values,
    }));
  return {
    id: renamed(reported.id),
    reset: retoldReset(reported, capture),
    role: reported.role,
    of: reported.of === null ? null : renamed(reported.of),
    cause: causeOf(reported.cause, reported.title),
    confidence: reported.confidence,
    severity: reported.severity,
    mechanism: {
      kind: mechanism.kind,
      confidence: mechanism.confidence,
      hops: mechanism.hops,
      facts: facts(mechanism.facts),
    },
    responsible: reported.responsible,
    kernelReasons: reported.kernelReasons,
    applications: reported.applications,
    evidence: facts(reported.evidence),
    doubt: reported.doubt,
    lost: reported.lost,
    alternatives: reported.alternatives.map((one) => ({ ...one, cause: causeOf(one.cause) })),
    against: reported.against.map((one) => ({ ...one, cause: causeOf(one.cause) })),
    untested: reported.untested.map((one) => ({ ...one, cause: causeOf(one.cause) })),
  };
}

function retoldReset(reported: ReportedReset, capture: CaptureSummary): Reset {
  const { from, to, connection, shape, phase } = reported;
  const rst: Mark = {
    frame: frameOfRun(capture, reported.file, reported.frame),
    time: offsetOf(capture, reported.time),
  };
  const asked = from.role === 'server' || from.role === 'responder';
  const bytes = (client: boolean) => (client ? connection.clientBytes : connection.serverBytes);
  const stack = (client: boolean) => stackOf(client ? connection.stacks.client : connection.stacks.server);
  return {
    ...NOTHING,
    retold: true,
    rst: { ...NOTHING.rst, ...rst, hasAck: reported.flags === 'RA' },
    sender: { ...NOTHING.sender, ...from, bytes: bytes(!asked), stack: stack(!asked) },
    receiver: { ...NOTHING.receiver, ...to, bytes: bytes(asked), stack: stack(asked) },
    shape: shape as Shape,
    phase,
    incarnation: connection.incarnation,
    // Its frame is not told, and no report tells it.
    start: { frame: rst.frame, time: offsetOf(capture, connection.start) },
    idle: Math.round(connection.idleSeconds * 1e9),
    history: connection.history,
    packets: connection.packets,
    copies: [
      ...reported.copies.map((frame) => frameOfRun(capture, reported.file, frame)),
      ...(reported.copiesElsewhere ?? []).map(({ file, frame }) => frameOfRun(capture, file, frame)),
    ].sort((a, b) => a - b),
    ...(capture.borders === undefined ? {} : { borders: capture.borders }),
  };
}

/** A stack of which only the name is told. */
function stackOf(name: string | null): StackFacts | null {
  if (name === null) return null;
  return { ...NO_HABITS, family: 'unknown', name, options: '' };
}
