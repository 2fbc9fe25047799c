/**
 * Findings as they are told: one cause once, then where, then when. A hundred servers that one cause befell are one story
 * with the worst of them named; what the data formats list place by place stays as it is.
 */

import type { Confidence, Mark } from '../../reset/types.js';
import type { CaptureSummary, Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import { placeOf } from '../../reset/verdicts/findings.js';
import { groupingFactsOf } from '../../reset/verdicts/repeated.js';
import type { Cause, Severity, Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOf } from '../captures.js';
import { CONFIDENCES, SEVERITIES } from '../select/select.js';
import { frameText } from './frame.js';
import { type Harm, harmOfVerdict, inOrderOfHarm } from './harm.js';
import { filled } from './wording.js';

export interface Place {
  /** `10.0.2.2:5001`, or `from 192.0.2.1` where the source matters. */
  readonly where: string;
  readonly count: number;
  /** Connections to that listener in the capture; null where not known. */
  readonly connections: number | null;
}

export interface Story {
  readonly cause: Cause;
  /** The cause's sentence, as it is told of the example. */
  readonly title: string;
  readonly harm: Harm;
  readonly severity: Severity;
  /** Deaths or ignored RSTs, those that were only counted among them. */
  readonly count: number;
  /** How sure, the surest first; those that were only counted are as sure as the example. */
  readonly confidences: readonly (readonly [Confidence, number])[];
  /** The worst first; never empty. */
  readonly places: readonly Place[];
  /** Connections to all of them in the capture; null where not known. */
  readonly connections: number | null;
  readonly first: Mark;
  readonly last: Mark;
  /** The surest of them, the earliest among equals. */
  readonly example: Verdict;
  /** Those that were kept, finding by finding. */
  readonly verdicts: readonly Verdict[];
  /** Absent where the story is of one capture. */
  readonly several?: Several;
}

/** What a story of several captures knows of them. */
export interface Several {
  /** All of the report, also those that the story is not of. */
  readonly all: readonly CaptureSummary[];
  /** Those it is of, the one with the most first. */
  readonly captures: readonly { readonly capture: CaptureSummary; readonly count: number }[];
  /** How each is called here: as short as tells them apart. */
  readonly names: ReadonlyMap<CaptureSummary, string>;
  /** Nanoseconds since 1970 of the first and last reset; null where no capture knows, or they are no one incident. */
  readonly from: bigint | null;
  readonly to: bigint | null;
}

/** `frame 301`, or `frame 301 of a.pcap` where a number alone could be of any capture. */
export function framed({ several }: Pick<Story, 'several'>, { id, reset }: Verdict): string {
  const frame = `frame ${frameText(reset, reset.rst.frame)}`;
  const capture = several === undefined ? undefined : captureOf(id, several.all);
  return capture === undefined ? frame : `${frame} of ${several?.names.get(capture) ?? capture.file}`;
}

interface Draft {
  readonly harm: Harm;
  severity: Severity;
  count: number;
  first: Mark;
  last: Mark;
  example: Verdict;
  /** Its frame. */
  frame: number;
  readonly confidences: Map<Confidence, number>;
  readonly places: Map<string, { count: number; connections: number | null }>;
  readonly findings: Set<Finding>;
  readonly verdicts: Verdict[];
}

/** The stories of one capture, the worst first. */
export function storiesOf(run: Diagnosis): readonly Story[] {
  const verdicts = new Map(run.verdicts.map((verdict) => [verdict.id, verdict]));
  const drafts = new Map<string, Draft>();
  for (const finding of run.findings) {
    const title = filled(finding.cause.title, finding.example.reset);
    for (const id of finding.resets) {
      const verdict = verdicts.get(id);
      if (verdict !== undefined) add(drafts, finding, title, verdict, null);
    }
    const omitted = finding.count - finding.resets.length;
    if (omitted > 0) add(drafts, finding, title, finding.example, omitted);
  }
  return inOrderOfHarm([...drafts.values()].map(told));
}

/** One verdict, or so many that were only counted, like the example. Makes no facts: there may be tens of thousands. */
function add(
  drafts: Map<string, Draft>,
  finding: Finding,
  title: string,
  verdict: Verdict,
  omitted: number | null,
): void {
  const facts = groupingFactsOf(verdict);
  const harm = harmOfVerdict(verdict, facts.phase);
  const key = `${harm} ${verdict.cause.id} ${verdict.role === 'ignored'} ${title}`;
  const kept = omitted === null;
  const number = omitted ?? 1;
  const first = kept ? { frame: facts.frame, time: facts.time } : finding.first;
  const last = kept ? first : finding.last;
  let draft = drafts.get(key);
  if (draft === undefined) {
    draft = {
      harm,
      severity: verdict.severity,
      count: 0,
      first,
      last,
      example: verdict,
      frame: facts.frame,
      confidences: new Map(),
      places: new Map(),
      findings: new Set(),
      verdicts: [],
    };
    drafts.set(key, draft);
  }
  draft.count += number;
  draft.findings.add(finding);
  if (first.frame < draft.first.frame) draft.first = first;
  if (last.frame > draft.last.frame) draft.last = last;
  if (SEVERITIES.indexOf(verdict.severity) > SEVERITIES.indexOf(draft.severity)) draft.severity = verdict.severity;
  const surer = CONFIDENCES.indexOf(verdict.confidence) - CONFIDENCES.indexOf(draft.example.confidence);
  if (surer > 0 || (surer === 0 && facts.frame < draft.frame)) {
    draft.example = verdict;
    draft.frame = facts.frame;
  }
  draft.confidences.set(verdict.confidence, (draft.confidences.get(verdict.confidence) ?? 0) + number);
  // Of those that were only counted no more is known than the finding says.
  const where = kept ? placeOf(verdict.cause.id, facts) : finding.where;
  const place = draft.places.get(where);
  if (place === undefined) draft.places.set(where, { count: number, connections: connectionsAt(finding, where) });
  else place.count += number;
  if (kept) draft.verdicts.push(verdict);
}

/** Where a finding stands for many places, the number is known of the whole alone. */
function connectionsAt({ where, connections }: Finding, place: string): number | null {
  return where === place ? connections : null;
}

function told({ frame: _, findings, ...draft }: Draft): Story {
  const places = [...draft.places].map(([where, { count, connections }]): Place => ({ where, count, connections }));
  return {
    ...draft,
    cause: draft.example.cause,
    connections: [...findings].reduce<number | null>(
      (sum, { connections }) => (sum === null || connections === null ? null : sum + connections),
      0,
    ),
    title: filled(draft.example.cause.title, draft.example.reset),
    confidences: [...draft.confidences].sort((a, b) => CONFIDENCES.indexOf(b[0]) - CONFIDENCES.indexOf(a[0])),
    places: places.sort((a, b) => b.count - a.count),
  };
}
