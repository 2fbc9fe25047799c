import type { ApplicationOutcome, Cause, Verdict } from '../../src/reset/vocabulary/verdict.js';

export interface Operation {
  readonly op: string;
  readonly result: string;
  readonly bytes?: number;
}

export interface TruthConnection {
  readonly client: string;
  readonly server: string;
  readonly translated?: { readonly client: string; readonly server: string };
  readonly cause: string | null;
  readonly mechanism: string | null;
  readonly also?: readonly string[];
  readonly notAt?: readonly string[];
  /** It ends without a reset: the kinds of ending that say so. */
  readonly ending?: readonly string[];
  /** No reset need have been captured. */
  readonly maybe?: boolean;
  /** The deed of the random lab that it belongs to. */
  readonly deed?: string;
  readonly applications?: { readonly client: readonly Operation[]; readonly server: readonly Operation[] };
}

export interface KernelLine {
  readonly time: number;
  readonly host: string;
  readonly source: string;
  readonly destination: string;
  readonly state: string;
  readonly reason: string;
}

export interface Truth {
  readonly name: string;
  readonly situation: string;
  readonly golden: string;
  readonly vantages: Readonly<Record<string, string>>;
  readonly connections: readonly TruthConnection[];
  readonly resets: readonly KernelLine[];
}

export type Score = 'right' | 'wrong' | 'undecided';
export type Side = 'client' | 'server';

export interface Seen {
  readonly error: string | null;
  readonly eofFirst: boolean;
  readonly results: readonly string[];
}

export interface ApplicationScore {
  readonly id: string;
  readonly side: Side;
  readonly observed: boolean;
  readonly seen: string;
  readonly predicted: Pick<ApplicationOutcome, 'error' | 'eofFirst'> | null;
  readonly score: Score;
}

export interface ReasonScore {
  readonly id: string;
  readonly role: string;
  readonly cause: string;
  readonly kernel: string;
  readonly predicted: readonly string[];
  readonly score: Score;
}

export function readTruths(folder: string): Truth[];
export function isAbout(connection: TruthConnection, reset: Verdict['reset']): boolean;
export function connectionOf(
  truth: Truth,
  reset: Verdict['reset'],
): { readonly connection: TruthConnection; readonly from: Side } | null;
export function scoreOf(connection: TruthConnection | null, cause: Cause): Score;
export function seenBy(operations: readonly Operation[]): Seen | null;
export function scoreApplication(seen: Seen, predicted: Pick<ApplicationOutcome, 'error' | 'eofFirst'> | null): Score;
export function kernelLines(truth: Truth, verdicts: readonly Verdict[], epoch: bigint): (KernelLine | null)[];
export interface EndingScore {
  readonly truth: string;
  readonly told: string | null;
  readonly score: Score;
}

export function endingScores(
  truth: Truth,
  vantage: string,
  diagnosis: {
    readonly verdicts: readonly Verdict[];
    readonly endings: readonly { readonly client: string; readonly server: string; readonly kind: string }[];
  },
): EndingScore[];
export function applicationScores(truth: Truth, vantage: string, verdicts: readonly Verdict[]): ApplicationScore[];
export function reasonScores(truth: Truth, vantage: string, verdicts: readonly Verdict[], epoch: bigint): ReasonScore[];
