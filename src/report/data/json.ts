/**
 * The JSON report, schema 1 (schema.ts): stable, fields may be added and none is renamed.
 *
 * Written in pieces, one RST each, so that 50,000 of them never stand in memory as one string. Times are RFC 3339
 * strings with nanoseconds; a bigint never reaches JSON.stringify.
 */

import type { EndpointFacts, Evidence } from '../../reset/types.js';
import type { CaptureSummary, Diagnosis, Ending, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOf, captureOfEnding, fileFrame, type NamedCapture } from '../captures.js';
import type { RenderOptions } from '../options.js';
import { headlineText } from '../words/answer.js';
import { plainJson } from '../words/escape.js';
import { absolute, rfc3339 } from '../words/time.js';
import { displayFilter, filled, parties, socket, unfilled, unslotted } from '../words/wording.js';

export function* jsonChunks(diagnosis: Diagnosis, options: RenderOptions = {}): Generator<string> {
  yield `{\n  "schema": 1,\n  "version": ${JSON.stringify(diagnosis.version)},\n`;
  yield `  "headline": ${plainJson(headlineText(diagnosis, options.selection))},\n`;
  yield `  "configuration": ${indented(configurationJson(diagnosis), 1)},\n`;
  yield* array('captures', diagnosis.captures, captureJson);
  const causes = new OccurringCauses(diagnosis.findings);
  // Whoever asks for the facts of so many again has them made again.
  yield* array('resets', diagnosis.verdicts, (verdict) => {
    causes.add(verdict);
    return verdictJson(verdict, diagnosis);
  });
  yield `  "omitted": ${diagnosis.omitted},\n`;
  yield* array('endings', diagnosis.endings, (ending) => endingJson(ending, diagnosis));
  yield* array('findings', diagnosis.findings, (finding) => findingJson(finding, diagnosis));
  const examples = examplesBeside(diagnosis);
  if (examples.length > 0) yield* array('examples', examples, (verdict) => verdictJson(verdict, diagnosis));
  if (diagnosis.unread !== undefined) yield* array('unread', diagnosis.unread, (one) => one);
  yield `  "causes": ${indented(causesJson(causes.list()), 1)}\n}\n`;
}

function* array<T>(name: string, items: readonly T[], one: (item: T) => unknown): Generator<string> {
  yield `  "${name}": [`;
  let separator = '\n    ';
  for (const item of items) {
    yield separator + indented(one(item), 2);
    separator = ',\n    ';
  }
  yield items.length === 0 ? '],\n' : '\n  ],\n';
}

/** The value as it stands `depth` levels deep: written within as many arrays, which are then cut off. */
function indented(value: unknown, depth: 1 | 2): string {
  const text = plainJson(depth === 1 ? [value] : [[value]], 2);
  return depth === 1 ? text.slice(4, -2) : text.slice(10, -6);
}

export function configurationJson({ configuration }: Diagnosis) {
  if (configuration === undefined) return null;
  const { file, found, limits, site } = configuration;
  const changed = limits.map(({ name, value, usual, unit }) => ({ name, value, default: usual, unit }));
  return { file, found, limits: changed, site };
}

export function captureJson(capture: CaptureSummary) {
  return {
    file: capture.file,
    format: capture.format,
    linkTypes: capture.linkTypes,
    records: capture.records,
    segments: capture.segments,
    copies: capture.copies,
    connections: capture.connections,
    resets: capture.resets,
    resetCopies: capture.resetCopies ?? 0,
    lostPackets: capture.lostPackets ?? 0,
    lossy: capture.lossy ?? false,
    deaths: capture.deaths,
    omitted: capture.omitted ?? 0,
    tally: capture.tally,
    first: capture.first === null ? null : rfc3339(capture.first),
    last: capture.last === null ? null : rfc3339(capture.last),
    vantage: capture.vantage,
    quality: capture.quality,
    warnings: capture.warnings.map((warning) => warningJson(warning, capture)),
    ...(capture.files === undefined ? {} : { files: capture.files.map(fileJson) }),
  };
}

/** What a verdict's own JSON needs of its capture: known before the first verdict is, so lines can be streamed. */
export type VerdictCapture = NamedCapture;

/** One RST as an object for JSON; also what a line of ndjson holds. */
export function verdictJson(verdict: Verdict, diagnosis: { readonly captures: readonly VerdictCapture[] }) {
  const { reset } = verdict;
  const capture = captureOf(verdict.id, diagnosis.captures);
  const { client, server } = parties(reset);
  return {
    id: verdict.id,
    ...fileFrame(capture, reset.rst.frame),
    time: timeOf(reset.rst.time, capture),
    ...copiesJson(reset, capture),
    from: endpointJson(reset.sender),
    to: endpointJson(reset.receiver),
    flags: reset.rst.hasAck ? 'RA' : 'R',
    shape: reset.shape,
    phase: reset.phase,
    role: verdict.role,
    of: verdict.of,
    cause: verdict.cause.id,
    title: filled(verdict.cause.title, reset),
    confidence: verdict.confidence,
    severity: verdict.severity,
    lost: verdict.lost,
    mechanism: {
      kind: verdict.mechanism.kind,
      confidence: verdict.mechanism.confidence,
      hops: verdict.mechanism.hops,
      facts: verdict.mechanism.facts.map((fact) => evidenceJson(fact, capture)),
    },
    responsible: verdict.responsible,
    kernelReasons: verdict.kernelReasons,
    applications: verdict.applications,
    evidence: verdict.evidence.map((evidence) => evidenceJson(evidence, capture)),
    doubt: verdict.doubt,
    alternatives: verdict.alternatives.map(({ cause, confidence, reason }) => ({
      cause: cause.id,
      confidence,
      reason,
    })),
    against: verdict.against.map(({ cause, reason }) => ({ cause: cause.id, reason })),
    untested: verdict.untested.map(({ cause, needs }) => ({ cause: cause.id, needs })),
    connection: {
      client: socket(client),
      server: socket(server),
      incarnation: reset.incarnation,
      start: timeOf(reset.start.time, capture),
      end: timeOf(reset.rst.time, capture),
      history: reset.history.slice(0, 32),
      packets: reset.packets,
      bytes: client.bytes + server.bytes,
      clientBytes: client.bytes,
      serverBytes: server.bytes,
      idleSeconds: reset.idle / 1e9,
      stacks: { client: client.stack?.name ?? null, server: server.stack?.name ?? null },
    },
    filter: displayFilter(verdict),
  };
}

/** In a run of several files, copies in another file than the RST's stand by themselves. */
function copiesJson(
  { rst, copies, borders }: Verdict['reset'],
  capture: VerdictCapture | undefined,
): { readonly copies: readonly number[]; readonly copiesElsewhere?: readonly FileFrame[] } {
  if (borders === undefined) return { copies };
  const { file } = fileFrame(capture, rst.frame);
  const places = copies.map((frame) => fileFrame(capture, frame));
  const elsewhere = places.filter((place) => place.file !== file);
  return {
    copies: places.filter((place) => place.file === file).map(({ frame }) => frame),
    ...(elsewhere.length === 0 ? {} : { copiesElsewhere: elsewhere }),
  };
}

type FileFrame = ReturnType<typeof fileFrame>;

function warningJson(
  warning: CaptureSummary['warnings'][number],
  capture: CaptureSummary,
): CaptureSummary['warnings'][number] & { readonly file?: string } {
  if (capture.files === undefined) return warning;
  const { code, count, frame, text } = warning;
  return { code, count, ...(frame === null ? { frame } : fileFrame(capture, frame)), text };
}

function fileJson({ file, records, first, last }: NonNullable<CaptureSummary['files']>[number]) {
  return {
    file,
    records,
    first: first === null ? null : rfc3339(first),
    last: last === null ? null : rfc3339(last),
  };
}

function evidenceJson(evidence: Evidence, capture: VerdictCapture | undefined) {
  const { frame, text, values } = evidence;
  // What is no packet belongs to the run.
  const place: { readonly file: string; readonly frame: number | null } =
    frame === null ? { file: capture?.file ?? '', frame } : fileFrame(capture, frame);
  return { ...place, text, values };
}

function endpointJson({ address, port, role }: EndpointFacts) {
  return { address, port, role };
}

export function endingJson(ending: Ending, diagnosis: Diagnosis) {
  const capture = captureOfEnding(ending, diagnosis.captures);
  const { file, frame } = fileFrame(capture, ending.mark.frame);
  return {
    kind: ending.kind,
    file,
    connection: { client: ending.client, server: ending.server, incarnation: ending.incarnation },
    frame,
    time: timeOf(ending.mark.time, capture),
    text: ending.text,
  };
}

export function findingJson(finding: Finding, diagnosis: Diagnosis) {
  const capture = captureOf(finding.example.id, diagnosis.captures);
  return {
    cause: finding.cause.id,
    severity: finding.severity,
    confidence: finding.confidence,
    count: finding.count,
    where: finding.where,
    connections: finding.connections,
    share: finding.connections === null || finding.connections === 0 ? null : finding.count / finding.connections,
    first: timeOf(finding.first.time, capture),
    last: timeOf(finding.last.time, capture),
    resets: finding.resets,
    example: finding.example.id,
    omitted: finding.count - finding.resets.length,
  };
}

/** Verdicts by which a finding is told though they are not among those that were kept. */
export function examplesBeside({ verdicts, findings }: Diagnosis): readonly Verdict[] {
  const kept = new Set(verdicts.map(({ id }) => id));
  return findings.map(({ example }) => example).filter(({ id }) => !kept.has(id));
}

/** Causes that occur: as verdict, as alternative or as untested. */
class OccurringCauses {
  private readonly causes = new Map<string, Cause>();

  constructor(findings: readonly Finding[]) {
    for (const { cause } of findings) this.causes.set(cause.id, cause);
  }

  add({ cause, alternatives, untested }: Verdict): void {
    this.causes.set(cause.id, cause);
    for (const { cause } of alternatives) this.causes.set(cause.id, cause);
    for (const { cause } of untested) this.causes.set(cause.id, cause);
  }

  list(): readonly Cause[] {
    return [...this.causes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

function causesJson(causes: readonly Cause[]): unknown {
  return Object.fromEntries(
    causes.map(({ id, title, explanation, fix, confirm, references }) => [
      id,
      {
        title: unfilled(title),
        explanation: unslotted(explanation),
        fix: unfilled(fix),
        confirm: unslotted(confirm),
        references,
      },
    ]),
  );
}

function timeOf(offset: number, capture: VerdictCapture | undefined): string | null {
  const moment = absolute(capture?.first ?? null, offset);
  return moment === null ? null : rfc3339(moment);
}
