import type { CaptureFileInfo, CaptureInfo } from '../capture/types.js';
import type { Arrangement } from '../context/types.js';
import { linkTypeName } from '../packet/link-types.js';
import type { CaptureSummary } from '../reset/verdicts/diagnosis.js';
import type { Tally } from '../reset/verdicts/tally.js';
import type { Census } from '../survey/census.js';
import type { ConnectionCounts } from './connections.js';
import type { LossFacts } from './losses.js';
import { qualityOf } from './quality.js';
import { warningsOf } from './warnings.js';

/** What the stages counted over a whole capture. */
export interface CaptureCounts {
  readonly file: string;
  readonly info: CaptureInfo;
  readonly census: Census;
  /** Records of the second reading, null where there was one. */
  readonly reread: number | null;
  readonly tracker: {
    /** Incarnations of four-tuples. */
    readonly connections: number;
    readonly copies: number;
    readonly resets: number;
    /** Connections given up to bound memory. */
    readonly evicted: number;
  };
  readonly connections: ConnectionCounts;
  readonly losses: LossFacts;
  readonly arrangement: Arrangement;
  readonly tally: Tally;
  readonly vantage: CaptureSummary['vantage'];
  /** RSTs that are copies of others, on the same four-tuple and on a translated one. */
  readonly resetCopies: number;
  readonly translated: number;
  /** Resets judged before they had settled, to bound memory. */
  readonly judgedEarly: number;
  readonly endingsOmitted: number;
}

/** The head of a report: how much was read, what of it counts, what lowers confidence. */
export function summarize(counts: CaptureCounts): CaptureSummary {
  const { info, census, tracker, tally, translated } = counts;
  return {
    file: counts.file,
    format: info.format,
    linkTypes: info.linkTypes.map(linkTypeName),
    records: census.records,
    segments: census.segments,
    copies: tracker.copies,
    connections: tracker.connections,
    resets: tracker.resets - translated,
    resetCopies: counts.resetCopies + translated,
    lostPackets: counts.losses.byFilter ? 0 : Math.max(counts.losses.lost, info.dropped),
    lossy: counts.losses.lossy,
    deaths: tally.deaths,
    tally: tally.counts(),
    first: info.epoch,
    last: info.epoch === null ? null : info.epoch + BigInt(Math.round(census.lastTime)),
    vantage: counts.vantage,
    quality: qualityOf(counts),
    warnings: [...info.warnings, ...warningsOf(counts)],
    ...(info.files === undefined ? {} : filesOf(info.files)),
  };
}

/** The files of one run, and the frames before each. */
function filesOf(files: readonly CaptureFileInfo[]): Pick<CaptureSummary, 'files' | 'borders'> {
  let before = 0;
  const borders = files.map(({ records }) => {
    const border = before;
    before += records;
    return border;
  });
  return { files, borders };
}
