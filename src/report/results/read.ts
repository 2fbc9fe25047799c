/**
 * Reads what `-f json` and `-f ndjson` wrote: runs with their resets, endings and findings. In JSON the number in an id
 * tells the run; in ndjson the line of a capture stands behind those of its resets, so that files of several jobs may
 * simply be put one behind the other.
 */

import type { UnreadCapture } from '../../reset/verdicts/diagnosis.js';
import { partsOf } from '../../reset/verdicts/id.js';
import { captureIndex } from '../captures.js';
import { captureRecordSchema, jsonSchema, unreadSchema, verdictSchema } from '../data/schema.js';
import { type Piece, type PieceSink, Pieces, type PlaceInText, ResultProblem } from './pieces.js';
import type { ReportedCapture, ReportedEnding, ReportedFinding, ReportedReset } from './retold.js';
import { schemaProblem } from './schema-problem.js';

type Configuration = {
  readonly file: string;
  readonly found: boolean;
  readonly limits: readonly {
    readonly name: string;
    readonly value: number;
    readonly default: number;
    readonly unit: string;
  }[];
  readonly site: boolean;
};

/** One run of an earlier report. */
export interface ReportedRun {
  readonly capture: ReportedCapture;
  readonly resets: readonly ReportedReset[];
  readonly endings: readonly ReportedEnding[];
  readonly findings: readonly ReportedFinding[];
  /** Resets by which findings are told though they are not among `resets`. */
  readonly examples: readonly ReportedReset[];
  readonly version: string;
  readonly configuration: Configuration | null;
  /** Number of its first file in the report: of the ids `3:1234` that `resets` have. */
  readonly base: number;
  /** The words of causes that the catalogue may not know, by id. */
  readonly causes: Readonly<Record<string, ReportedCause>>;
}

export interface ReportedCause {
  readonly title: string;
  readonly explanation: string;
  readonly fix: string;
  readonly confirm: string;
  readonly references: readonly string[];
}

/** The one that is read; another may have other fields of the same name. */
const SCHEMA = 1;

const { properties } = jsonSchema;
/** Lists that may be long, and what stands in each. */
const LISTS: Readonly<Record<string, unknown>> = {
  captures: properties.captures.items,
  resets: verdictSchema,
  endings: properties.endings.items,
  findings: properties.findings.items,
  examples: verdictSchema,
  unread: unreadSchema,
};

/** A report in JSON, and what the line of a capture holds of one. */
interface Report {
  readonly version: string;
  readonly configuration: ReportedRun['configuration'];
  readonly endings: readonly ReportedEnding[];
  readonly findings: readonly ReportedFinding[];
  readonly examples?: readonly ReportedReset[];
  /** Made anew of what is merged. */
  readonly headline?: string;
}
type CaptureLine = ReportedCapture & Report & { readonly record: 'capture'; readonly schema: 1 };
type JsonReport = Report &
  Pick<ReportedRun, 'causes' | 'resets'> & {
    readonly captures: readonly ReportedCapture[];
    readonly unread?: readonly UnreadCapture[];
  };

/** One source: `push` its octets, then `end`. */
export class ResultsReader implements PieceSink {
  readonly runs: ReportedRun[] = [];
  /** Captures that those who wrote the report could not read. */
  readonly unread: UnreadCapture[] = [];
  private readonly pieces = new Pieces(this, new Set(Object.keys(LISTS)));
  private document: Record<string, unknown> = {};
  /** Resets of ndjson for which the line of their capture has not come, and where the first of them stands. */
  private waiting: ReportedReset[] = [];
  private waitingSince = 0;

  /** @throws ResultProblem */
  push(chunk: Uint8Array): void {
    this.pieces.push(chunk);
  }

  /** No chunk follows. @throws ResultProblem where something is missing */
  end(): void {
    this.pieces.end();
    if (this.waiting.length > 0)
      throw new ResultProblem(
        `line ${this.waitingSince}: no line of their capture stands behind the resets from here on: the run that wrote them did not end`,
      );
    if (this.runs.length === 0) throw new ResultProblem('holds no capture');
  }

  list(key: string): void {
    this.document[key] = [];
  }

  piece({ key, index, value }: Piece, at: PlaceInText): void {
    if (key === 'schema' && value !== SCHEMA)
      throw new ResultProblem(
        `line ${at.line}: schema ${JSON.stringify(value)}, and this whyrst reads schema ${SCHEMA}: one version must have written all of them`,
      );
    if (index === null) this.document[key] = value;
    else {
      kept(LISTS[key], value, at, `${key}[${index}]`);
      (this.document[key] as unknown[]).push(value);
    }
  }

  closed(at: PlaceInText): void {
    const { document } = this;
    this.document = {};
    if (document['record'] === 'reset') this.reset(document, at);
    else if (document['record'] === 'capture') this.capture(document, at);
    else if (document['record'] === 'unread') {
      kept(unreadSchema, document, at);
      const { file, problem } = document as unknown as UnreadCapture;
      this.unread.push({ file, problem });
    } else if ('captures' in document) this.report(document, at);
    else if (!('record' in document))
      throw new ResultProblem(
        `line ${at.line}: neither a report of whyrst in JSON nor a line of its ndjson (which says "record")`,
      );
    // Records of other kinds may come to be: what is not known is passed over.
  }

  private reset(document: unknown, at: PlaceInText): void {
    kept(verdictSchema, document, at);
    if (this.waiting.length === 0) this.waitingSince = at.line;
    this.waiting.push(document as ReportedReset);
  }

  private capture(document: unknown, at: PlaceInText): void {
    kept(captureRecordSchema, document, at);
    const {
      record: _,
      schema: __,
      version,
      configuration,
      endings,
      findings,
      examples = [],
      headline: ___,
      ...capture
    } = document as CaptureLine;
    const resets = this.waiting;
    this.waiting = [];
    const files = new Set([capture.file, ...(capture.files ?? []).map(({ file }) => file)]);
    const stranger = resets.find(({ file }) => !files.has(file));
    if (stranger !== undefined)
      throw new ResultProblem(
        `line ${at.line}: the capture ${capture.file}, and before it resets of ${stranger.file}: lines are missing, or not in their order`,
      );
    const base = baseOf([...resets, ...examples], capture);
    this.runs.push({ capture, resets, endings, findings, examples, version, configuration, base, causes: {} });
  }

  private report(document: unknown, at: PlaceInText): void {
    kept(jsonSchema, document, at);
    const {
      captures,
      resets,
      endings,
      findings,
      examples = [],
      unread = [],
      headline: _,
      ...shared
    } = document as JsonReport;
    this.unread.push(...unread);
    let base = 1;
    const runs = captures.map((capture) => {
      const run = { ...shared, capture, base, resets: [], endings: [], findings: [], examples: [] };
      base += capture.files?.length ?? 1;
      return run as typeof run & { [K in 'resets' | 'endings' | 'findings' | 'examples']: unknown[] };
    });
    const ofId = (id: string) => runs[captureIndex(id, captures)];
    const byName = new Map([...runs].reverse().map((run) => [run.capture.file, run]));
    for (const reset of resets) ofId(reset.id)?.resets.push(reset);
    for (const reset of examples) ofId(reset.id)?.examples.push(reset);
    for (const finding of findings) ofId(finding.example)?.findings.push(finding);
    for (const ending of endings) (byName.get(runOfFile(ending.file, captures)) ?? runs[0])?.endings.push(ending);
    this.runs.push(...(runs as unknown as ReportedRun[]));
  }
}

/** An ending names the file that its frame lies in; of a series that is one of several. */
function runOfFile(file: string, captures: readonly ReportedCapture[]): string {
  const run = captures.find((one) => one.file === file || one.files?.some((each) => each.file === file));
  return run?.file ?? file;
}

/** Number of a run's first file, by the ids of its resets: `3:1234` in the second file of a run says 2. */
function baseOf(resets: readonly ReportedReset[], { files }: ReportedCapture): number {
  const [reset] = resets;
  const file = reset === undefined ? null : partsOf(reset.id).file;
  if (file === null) return 1;
  const place = files === undefined ? 0 : files.findIndex(({ file }) => file === reset.file);
  return file - Math.max(0, place);
}

/** @throws ResultProblem */
function kept(schema: unknown, value: unknown, at: PlaceInText, path = ''): void {
  const problem = schemaProblem(schema, value, path);
  if (problem !== null) throw new ResultProblem(`line ${at.line}: ${problem}`);
}
