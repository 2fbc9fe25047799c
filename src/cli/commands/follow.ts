/**
 * `--follow`, and `-f ndjson` from standard input: a capture without end. Each reset is told when it has settled, flushed
 * at once; nothing is read while the output is not, so a slow reader costs no memory and no verdict. The report comes at
 * the end.
 */

import { ChainedReader } from '../../capture/chain.js';
import { type FollowCounts, follow, systemClock } from '../../follow.js';
import { followFile } from '../../node/follow-file.js';
import { openCapture } from '../../node/open-capture.js';
import { anonymize } from '../../report/anonymize.js';
import { configured } from '../../report/configuration.js';
import { ndjsonLine } from '../../report/data/ndjson.js';
import type { Format } from '../../report/formats.js';
import { type RenderOptions, textContext } from '../../report/options.js';
import { type Criteria, select } from '../../report/select/select.js';
import { withSite } from '../../report/site.js';
import { LiveLines } from '../../report/text/live.js';
import { counted } from '../../report/words/wording.js';
import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { version } from '../../version.js';
import type { AddressPermutation } from '../../write/permute.js';
import { keepHeapSmall } from '../heap.js';
import { interrupted, untilAborted } from '../interrupt.js';
import type { Metrics } from '../metrics.js';
import { PipeClosed, writeStdout } from '../output.js';
import { pcapReaderByName } from '../readers.js';
import type { Settings } from '../settings.js';
import { StatusLine } from '../status-line.js';

export interface FollowJob {
  /** `-`, a file or a named pipe. */
  readonly path: string;
  /** As reports call it. */
  readonly file: string;
  readonly format: Format;
  /** Whether verdicts go to standard output as they settle; else they are kept for the report. */
  readonly stream: boolean;
  readonly reader: string | undefined;
  readonly metrics: string | undefined;
  readonly quiet: boolean;
  readonly criteria: Criteria | null;
  readonly permutation: AddressPermutation | null;
  readonly settings: Settings;
  readonly options: RenderOptions;
  /** Told of each verdict that is selected. */
  readonly seen: (verdict: Verdict) => void;
}

/** Verdicts kept for a format that comes at the end: a few kB each. */
const KEPT = 10_000;
/** Ids of verdicts that were selected, whose aftershocks may follow; those come within seconds. */
const REMEMBERED = 65_536;
/** A reader of the output that takes so long, in ms, is worth a word: the capture waits for it. */
const STALLED = 5_000;

/** @returns the diagnosis without the verdicts that were told; null where the reader of the output went away */
export async function followCapture(job: FollowJob): Promise<Diagnosis | null> {
  const { path, file: called, settings, stream, quiet } = job;
  keepHeapSmall();
  const metrics = job.metrics === undefined ? null : await (await import('../metrics.js')).serveMetrics(job.metrics);
  const reader = new ChainedReader(await pcapReaderByName(job.reader));
  const { signal, forget } = interrupted();
  let newest: bigint | null = null;
  const file = path === '-' ? openCapture(path) : null;
  const chunks =
    file === null
      ? followFile(path, { signal, restart: () => reader.restart(), newest: () => newest })
      : untilAborted(file, signal);
  const status = quiet || !process.stderr.isTTY ? null : new StatusLine(process.stderr, systemClock);
  const observe = (counts: FollowCounts) => {
    newest = counts.newest;
    status?.show(counts);
    metrics?.counts(counts);
  };
  const chosen = new Chosen(job, () => reader.info.epoch);
  const { causes, config } = settings;
  const verdicts = follow(chunks, {
    file: called,
    causes,
    reader: () => reader,
    ...(config.limits === undefined ? {} : { limits: config.limits }),
    keep: stream ? 0 : KEPT,
    select: (verdict) => chosen.wants(verdict),
    observe,
  });
  const lines = new LiveLines(textContext(job.options));
  const output = new SlowOutput(status, metrics, quiet);
  try {
    for (;;) {
      const { done, value } = await verdicts.next();
      if (done) return ended(value, file?.warnings ?? [], job);
      job.seen(value);
      metrics?.verdict(value);
      if (!stream) continue;
      const shown = chosen.shown(value);
      const one = { file: called, first: reader.info.epoch };
      await output.write(job.format === 'ndjson' ? ndjsonLine(shown, [one]) : lines.of(shown, one.first));
    }
  } catch (error) {
    if (error instanceof PipeClosed) {
      await verdicts.return(undefined as never);
      return null;
    }
    throw named(error, path);
  } finally {
    forget();
    status?.end();
    metrics?.close();
  }
}

function ended(
  diagnosis: Diagnosis,
  warnings: CaptureSummary['warnings'],
  { settings, quiet, format }: FollowJob,
): Diagnosis {
  const captures = diagnosis.captures.map((one) => ({ ...one, warnings: [...one.warnings, ...warnings] }));
  const [capture] = captures;
  if (format === 'ndjson' && !quiet && capture !== undefined)
    process.stderr.write(
      `whyrst: ended after ${counted(capture.records, 'packet')}, ${counted(capture.connections, 'TCP connection')}, ${counted(capture.resets, 'RST')}\n`,
    );
  return configured(withSite({ ...diagnosis, captures }, settings.config.site), settings.used);
}

function named(error: unknown, path: string): unknown {
  const name = path === '-' ? 'standard input' : path;
  if (error instanceof Error && error.name === 'CaptureError' && !error.message.startsWith(name))
    error.message = `${name}: ${error.message}`;
  return error;
}

/** Standard output, waited for: what is not taken from it is not followed by more. */
class SlowOutput {
  constructor(
    private readonly status: StatusLine | null,
    private readonly metrics: Metrics | null,
    private readonly quiet: boolean,
  ) {}

  async write(text: string): Promise<void> {
    this.status?.clear();
    const began = systemClock.now();
    const cancel = systemClock.after(STALLED, () => this.warn());
    try {
      await writeStdout([text]);
    } finally {
      cancel();
      const took = (systemClock.now() - began) / 1000;
      if (took * 1000 >= STALLED) this.metrics?.stalled(took);
    }
  }

  private warn(): void {
    if (this.quiet) return;
    process.stderr.write(
      `whyrst: warning: nobody has read standard output for ${STALLED / 1000} s: nothing is read meanwhile, and what captures may drop packets\n`,
    );
  }
}

/** Which verdicts are wanted, and how they are shown. */
class Chosen {
  private readonly wanted = new Set<string>();

  constructor(
    private readonly job: FollowJob,
    private readonly first: () => bigint | null,
  ) {}

  wants(verdict: Verdict): boolean {
    const { criteria } = this.job;
    if (criteria === null) return true;
    // An aftershock goes where its first went, which was told before.
    if (verdict.role === 'aftershock' && verdict.of !== null) return this.wanted.has(verdict.of);
    if (select(this.judged(verdict), criteria, () => []).verdicts.length === 0) return false;
    if (this.wanted.size >= REMEMBERED)
      for (const oldest of this.wanted) {
        this.wanted.delete(oldest);
        break;
      }
    this.wanted.add(verdict.id);
    return true;
  }

  shown(verdict: Verdict): Verdict {
    const { permutation, settings } = this.job;
    const whole = this.judged(verdict);
    const shown = permutation === null ? withSite(whole, settings.config.site) : anonymize(whole, permutation);
    return shown.verdicts[0] ?? verdict;
  }

  /** The verdict as sure as it is under the limits in use. */
  private judged(verdict: Verdict): Diagnosis {
    return configured(this.alone(verdict), this.job.settings.used);
  }

  /** As much of a diagnosis as selection and anonymization look at. */
  private alone(verdict: Verdict): Diagnosis {
    const first = this.first();
    const capture: CaptureSummary = {
      file: this.job.file,
      format: '',
      linkTypes: [],
      records: 0,
      segments: 0,
      copies: 0,
      connections: 0,
      resets: 0,
      deaths: 0,
      tally: { lost: 0, refused: 0, harmless: 0, aftershocks: 0, ignored: 0 },
      first,
      last: first,
      vantage: { at: 'unknown', why: '' },
      quality: [],
      warnings: [],
    };
    return { schema: 1, version, captures: [capture], verdicts: [verdict], omitted: 0, endings: [], findings: [] };
  }
}
