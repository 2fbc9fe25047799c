/** Runs that earlier reports tell of, put together as if one command had diagnosed them. */

import type {
  CaptureSummary,
  Diagnosis,
  Finding,
  UnreadCapture,
  UsedConfiguration,
} from '../../reset/verdicts/diagnosis.js';
import { placeOf } from '../../reset/verdicts/findings.js';
import { idOf, partsOf } from '../../reset/verdicts/id.js';
import { groupingFactsOf } from '../../reset/verdicts/repeated.js';
import type { Cause, Verdict } from '../../reset/vocabulary/verdict.js';
import { version } from '../../version.js';
import { ResultProblem } from './pieces.js';
import type { ReportedCause, ReportedRun } from './read.js';
import { frameOfRun, offsetOf, type Retelling, retoldCapture, retoldVerdict } from './retold.js';

/** The runs of one report. */
export interface Results {
  /** Name of the report, for what is wrong with it. */
  readonly name: string;
  readonly runs: readonly ReportedRun[];
  /** Captures that could not be read when it was made. */
  readonly unread?: readonly UnreadCapture[];
}

export interface Merged {
  readonly diagnosis: Diagnosis;
  /** What a reader should know, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * One diagnosis of all, in the order given. A run that stands in two of them is told once.
 *
 * @throws ResultProblem where they were made with different limits: no one head could stand over both
 */
export function mergeResults(list: readonly Results[], catalogue: readonly Cause[]): Merged {
  const warnings: string[] = [];
  const runs = distinct(list, warnings);
  const configuration = commonConfiguration(runs);
  const causes = new CauseBook(catalogue);
  const files = runs.reduce((sum, { run }) => sum + (run.capture.files?.length ?? 1), 0);
  const names = new Set<string>();
  const parts: Part[] = [];
  let number = 1;
  for (const { run, name } of runs) {
    const capture = namedApart(retoldCapture(run.capture), name, names);
    // As the one command does: of a single file ids are frames alone.
    parts.push(partOf(run, capture, causes, runs.length === 1 && files === 1 ? null : number));
    number += run.capture.files?.length ?? 1;
  }
  const others = new Set(runs.map(({ run }) => run.version).filter((one) => one !== version));
  if (others.size > 0)
    warnings.push(
      `made by whyrst ${[...others].join(', ')}, told in the words of ${version}: what a rule has learned since is not in it`,
    );
  return {
    warnings,
    diagnosis: {
      schema: 1,
      version,
      captures: parts.map(({ capture }) => capture),
      verdicts: parts.flatMap(({ verdicts }) => verdicts),
      omitted: parts.reduce((sum, { capture }) => sum + (capture.omitted ?? 0), 0),
      endings: parts.flatMap(({ endings }) => endings),
      findings: parts.flatMap(({ findings }) => findings),
      ...(configuration === null ? {} : { configuration }),
      ...unreadOf(list, runs),
    },
  };
}

/** What was read by another run after all is not missing. */
function unreadOf(list: readonly Results[], runs: readonly NamedRun[]): Pick<Diagnosis, 'unread'> {
  const read = new Set(runs.map(({ run }) => run.capture.file));
  const unread = new Map(list.flatMap((one) => one.unread ?? []).map((one) => [one.file, one]));
  const left = [...unread.values()].filter(({ file }) => !read.has(file));
  return left.length === 0 ? {} : { unread: left };
}

interface Part extends Pick<Diagnosis, 'verdicts' | 'endings' | 'findings'> {
  readonly capture: CaptureSummary;
}

function partOf(run: ReportedRun, capture: CaptureSummary, causes: CauseBook, number: number | null): Part {
  const renamed = (id: string) => {
    const { file, frame } = partsOf(id);
    return idOf(number === null ? null : number + (file === null ? 0 : file - run.base), frame);
  };
  const told: Retelling = { capture, renamed, causeOf: (id, title) => causes.of(id, run.causes[id], title) };
  const verdicts = run.resets.map((reset) => retoldVerdict(reset, told));
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
  for (const reset of run.examples) {
    const example = retoldVerdict(reset, told);
    byId.set(example.id, example);
  }
  const findings = run.findings.flatMap((finding): Finding[] => {
    const example = byId.get(renamed(finding.example));
    if (example === undefined) return [];
    const { severity, confidence, count, where, connections, resets } = finding;
    const frames = resets.flatMap((id) => byId.get(renamed(id))?.reset.rst.frame ?? []);
    if (frames.length === 0) frames.push(example.reset.rst.frame);
    const first = { frame: least(frames), time: offsetOf(capture, finding.first) };
    // Of those that were only counted no frame is told: the last of them came after all that were kept.
    const last = {
      frame: count > resets.length ? capture.records : greatest(frames),
      time: offsetOf(capture, finding.last),
    };
    return [
      {
        cause: example.cause,
        severity,
        confidence,
        count,
        where,
        connections,
        first,
        last,
        resets: resets.map(renamed),
        example,
      },
    ];
  });
  return {
    capture,
    verdicts,
    findings: claimed(findings, verdicts),
    endings: run.endings.map(({ kind, file, connection, frame, time, text }) => ({
      kind,
      ...connection,
      mark: { frame: frameOfRun(capture, file, frame), time: offsetOf(capture, time) },
      text,
      file: capture.file,
    })),
  };
}

const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b));
const greatest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b));

/**
 * Lines that were written while a capture was read came before its findings, which do not name them: each goes to the
 * finding of its cause and place.
 */
function claimed(findings: readonly Finding[], verdicts: readonly Verdict[]): readonly Finding[] {
  if (!findings.some(({ resets, count }) => resets.length < count)) return findings;
  const named = new Set(findings.flatMap(({ resets }) => resets));
  const more = new Map<Finding, string[]>();
  for (const verdict of verdicts) {
    if (verdict.role === 'aftershock' || named.has(verdict.id)) continue;
    const where = placeOf(verdict.cause.id, groupingFactsOf(verdict));
    const alike = findings.filter(({ cause, resets, count }) => cause.id === verdict.cause.id && resets.length < count);
    const finding = alike.find((one) => one.where === where) ?? alike[0];
    if (finding === undefined) continue;
    const ids = more.get(finding) ?? [];
    ids.push(verdict.id);
    more.set(finding, ids);
  }
  return findings.map((finding) => {
    const ids = more.get(finding);
    return ids === undefined ? finding : { ...finding, resets: [...finding.resets, ...ids] };
  });
}

interface NamedRun {
  readonly run: ReportedRun;
  /** Of the report that tells of it. */
  readonly name: string;
}

/** A job that was run twice must not count twice: what is the same to the last field is the same run. */
function distinct(list: readonly Results[], warnings: string[]): readonly NamedRun[] {
  const seen = new Map<string, string>();
  const runs: NamedRun[] = [];
  for (const { name, runs: all } of list) {
    for (const run of all) {
      const { capture } = run;
      // Without a packet nothing tells two from each other.
      const key =
        capture.records === 0
          ? null
          : JSON.stringify([capture, run.configuration, run.resets.map(({ file, frame }) => [file, frame])]);
      const before = key === null ? undefined : seen.get(key);
      if (before === undefined) {
        runs.push({ run, name });
        if (key !== null) seen.set(key, name);
      } else
        warnings.push(
          `${capture.file} stands ${before === name ? `twice in ${name}` : `in ${before} and in ${name}`}: it is told once`,
        );
    }
  }
  return runs;
}

/** Two captures of one name (`tcpdump.pcap` of two hosts) are told apart by the report that each came in. */
function namedApart(capture: CaptureSummary, report: string, names: Set<string>): CaptureSummary {
  let file = capture.file;
  for (let count = 1; names.has(file); count++) file = `${capture.file} (${report}${count === 1 ? '' : `, ${count}`})`;
  names.add(file);
  return file === capture.file ? capture : { ...capture, file };
}

/** @throws ResultProblem */
function commonConfiguration(runs: readonly NamedRun[]): UsedConfiguration | null {
  let first: NamedRun | null = null;
  const changes = ({ run }: NamedRun) =>
    JSON.stringify([run.configuration?.limits ?? [], run.configuration?.site ?? false]);
  for (const one of runs) {
    first ??= one;
    if (changes(one) !== changes(first))
      throw new ResultProblem(
        `${one.name} was made with another configuration than ${first.name}: reports that are merged must have the same limits`,
      );
  }
  const used = first?.run.configuration ?? null;
  if (used === null) return null;
  const { file, found, limits, site } = used;
  return {
    file,
    found,
    site,
    limits: limits.map(({ name, value, default: usual, unit }) => ({ name, value, usual, unit })),
  };
}

/** The causes of the catalogue, and others as far as reports tell of them. */
class CauseBook {
  private readonly known: ReadonlyMap<string, Cause>;
  private readonly told = new Map<string, Cause>();

  constructor(catalogue: readonly Cause[]) {
    this.known = new Map(catalogue.flatMap((cause) => [cause.id, ...(cause.formerly ?? [])].map((id) => [id, cause])));
  }

  /** `title`: the sentence of the reset at hand, since the report's own has no slots to fill. */
  of(id: string, reported: ReportedCause | undefined, title = reported?.title ?? id): Cause {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const key = JSON.stringify([id, title]);
    let cause = this.told.get(key);
    if (cause === undefined) {
      cause = {
        id,
        title,
        explanation: reported?.explanation ?? '',
        fix: reported?.fix ?? '',
        confirm: reported?.confirm ?? '',
        references: reported?.references ?? [],
        since: '',
        severity: 'warning',
        needs: [],
        shapes: [],
        signature: () => undefined,
      };
      this.told.set(key, cause);
    }
    return cause;
  }
}
