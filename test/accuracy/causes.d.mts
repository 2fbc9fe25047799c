import type { Score } from './truth.mjs';

export interface Judged {
  readonly role: string;
  readonly cause: string;
  readonly confidence: string;
  readonly decided: boolean;
  readonly truth: string;
  readonly score: Score;
  readonly vantage: string;
  readonly world: readonly string[];
  readonly connection: { readonly deed?: string } | null;
}

export interface CauseRow {
  readonly cause: string;
  readonly truths: number;
  readonly told: number;
  readonly undecided: number;
  readonly said: number;
  readonly right: number;
}

export interface Tally {
  readonly resets: number;
  readonly right: number;
  readonly undecided: number;
  readonly wrongPossible: number;
  readonly wrongLikely: number;
  readonly wrongCertain: number;
}

export interface Conditions {
  readonly loopback: boolean;
  readonly ipv6: boolean;
  readonly delay: number;
  readonly jitter: number;
  readonly timestamps: boolean;
  readonly offload: boolean;
  readonly loss: number;
  readonly nat: string;
}

export function firsts<T extends { readonly role: string }>(resets: readonly T[]): T[];
export function perCause(resets: readonly Judged[]): CauseRow[];
export function tally(resets: readonly Judged[]): Tally;
export function byCondition(result: {
  readonly full: { readonly resets: readonly Judged[] };
  readonly degraded: readonly { readonly condition: { readonly name: string }; readonly judged: readonly Judged[] }[];
}): (Tally & { readonly name: string })[];
export function byDeed(resets: readonly Judged[]): (Tally & { readonly name: string })[];
export function worldOf(truth: { readonly conditions?: Conditions }): string[];
