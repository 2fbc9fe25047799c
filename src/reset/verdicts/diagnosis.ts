/** What a whole capture comes to. */

import type { FileBorders } from '../../capture/borders.js';
import type { CaptureFileInfo } from '../../capture/types.js';
import type { Confidence, Mark } from '../types.js';
import type { Cause, Severity, Verdict } from '../vocabulary/verdict.js';

/** A connection that failed without an RST (or, for `closed`, a clean end that programs log as an error). */
export type EndingKind =
  | 'no-answer-to-syn'
  | 'fin-before-response'
  | 'went-silent'
  | 'icmp-unreachable'
  | 'handshake-incomplete'
  | 'accept-queue-full'
  | 'path-mtu-black-hole';

export interface Ending {
  readonly kind: EndingKind;
  readonly client: string;
  readonly server: string;
  readonly incarnation: number;
  readonly mark: Mark;
  readonly text: string;
  /** The capture it was seen in, where a diagnosis holds several. */
  readonly file?: string;
}

/** Resets of one cause at one place. */
export interface Finding {
  readonly cause: Cause;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Deaths (or ignored RSTs); aftershocks are not counted. */
  readonly count: number;
  /** `10.0.2.2:5001`, or a range in words for a scan. */
  readonly where: string;
  /** Connections to that listener in the capture. */
  readonly connections: number | null;
  readonly first: Mark;
  readonly last: Mark;
  /** Ids of verdicts held, in frame order. */
  readonly resets: readonly string[];
  /** The verdict that tells the story best: the surest of them, the earliest among equals. */
  readonly example: Verdict;
}

export interface CaptureSummary {
  readonly file: string;
  readonly format: string;
  readonly linkTypes: readonly string[];
  readonly records: number;
  readonly segments: number;
  readonly copies: number;
  readonly connections: number;
  /** RST segments, copies aside. */
  readonly resets: number;
  /** Copies of RST segments: with `resets` they add up to what tshark counts. */
  readonly resetCopies?: number;
  /** Packets that the capture lost, at least; absent where nothing shows it. */
  readonly lostPackets?: number;
  /** So many that the absence of an RST proves nothing. */
  readonly lossy?: boolean;
  /** Connections cut by an RST. */
  readonly deaths: number;
  /** RSTs judged and counted but not kept as verdicts. */
  readonly omitted?: number;
  /** Of `resets`: counts by role and by kind, adding up. */
  readonly tally: {
    readonly lost: number;
    readonly refused: number;
    readonly harmless: number;
    readonly aftershocks: number;
    readonly ignored: number;
  };
  /** Nanoseconds since 1970 of the first and last record; null without records. */
  readonly first: bigint | null;
  readonly last: bigint | null;
  readonly vantage: {
    readonly at: 'client' | 'server' | 'middle' | 'loopback' | 'both' | 'unknown';
    readonly why: string;
  };
  readonly quality: readonly string[];
  readonly warnings: readonly {
    readonly code: string;
    readonly count: number;
    readonly frame: number | null;
    readonly text: string;
  }[];
  /** The files that are this run, in the order of reading; absent where `file` is one. */
  readonly files?: readonly CaptureFileInfo[];
  /** Frames before each of them. */
  readonly borders?: FileBorders;
}

/** The configuration file that a run was made with. */
export interface UsedConfiguration {
  readonly file: string;
  /** It lay in the folder or above, and was not named on the command line. */
  readonly found: boolean;
  /** Limits with other than their usual values. */
  readonly limits: readonly {
    readonly name: string;
    readonly value: number;
    readonly usual: number;
    readonly unit: string;
  }[];
  /** Does it name hosts and timers? */
  readonly site: boolean;
}

/** A capture of which nothing could be read. */
export interface UnreadCapture {
  readonly file: string;
  /** What was wrong, in one sentence. */
  readonly problem: string;
}

/** The whole result of a run. */
export interface Diagnosis {
  readonly schema: 1;
  readonly version: string;
  readonly captures: readonly CaptureSummary[];
  /** In frame order; at most `maxHeld`. */
  readonly verdicts: readonly Verdict[];
  /** RSTs judged and counted but not kept as verdicts, of all captures. */
  readonly omitted: number;
  readonly endings: readonly Ending[];
  readonly findings: readonly Finding[];
  /** Absent where there was none. */
  readonly configuration?: UsedConfiguration;
  /** Of several captures those that could not be read; absent where all could. */
  readonly unread?: readonly UnreadCapture[];
}
