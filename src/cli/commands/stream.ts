/**
 * `-f ndjson` from standard input: a verdict per line as soon as its reset has settled, each line flushed. What only the
 * whole capture could tell (a scan, a process that ended) is judged with what is known by then.
 */

import { openReader } from '../../capture/open.js';
import { verdicts } from '../../diagnose.js';
import { openCapture } from '../../node/open-capture.js';
import { anonymize } from '../../report/anonymize.js';
import { configured } from '../../report/configuration.js';
import { ndjsonLine } from '../../report/data/ndjson.js';
import { type Criteria, select } from '../../report/select/select.js';
import { withSite } from '../../report/site.js';
import type { CaptureSummary, Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { version } from '../../version.js';
import type { AddressPermutation } from '../../write/permute.js';
import { untilInterrupted } from '../interrupt.js';
import { writeStdout } from '../output.js';
import type { Settings } from '../settings.js';

export interface StreamOptions {
  readonly criteria: Criteria | null;
  readonly permutation: AddressPermutation | null;
  readonly settings: Settings;
  /** Told of each verdict that was written. */
  readonly seen: (verdict: Verdict) => void;
}

export async function streamNdjson({ criteria, permutation, settings, seen }: StreamOptions): Promise<void> {
  const { causes, config } = settings;
  const reader = openReader();
  const options = { causes, reader: () => reader, ...(config.limits === undefined ? {} : { limits: config.limits }) };
  const kept = new Set<string>();
  for await (const judged of verdicts(untilInterrupted(openCapture('-')), options)) {
    const one = { file: '-', first: reader.info.epoch };
    const [verdict = judged] = configured(alone(judged, one), settings.used).verdicts;
    if (criteria !== null) {
      // An aftershock goes where its first went, which was a line of its own.
      const wanted =
        verdict.role === 'aftershock' && verdict.of !== null ? kept.has(verdict.of) : selected(verdict, one, criteria);
      if (!wanted) continue;
      kept.add(verdict.id);
    }
    seen(verdict);
    let whole = alone(verdict, one);
    whole = permutation === null ? withSite(whole, config.site) : anonymize(whole, permutation);
    await writeStdout(whole.verdicts.map((own) => ndjsonLine(own, [one])));
  }
}

function selected(verdict: Verdict, capture: Pick<CaptureSummary, 'file' | 'first'>, criteria: Criteria): boolean {
  return select(alone(verdict, capture), criteria, () => []).verdicts.length > 0;
}

/** As much of a diagnosis as selection and anonymization look at. */
function alone(verdict: Verdict, { file, first }: Pick<CaptureSummary, 'file' | 'first'>): Diagnosis {
  const capture: CaptureSummary = {
    file,
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
