import type { Verdict } from '../../src/reset/vocabulary/verdict.js';

export interface Label {
  readonly file: string;
  readonly frame: number;
  readonly accept: readonly string[];
  readonly forbid: readonly string[];
  readonly expertDecides: boolean;
  readonly why?: string;
}

export type LabelScore = 'accepted' | 'forbidden' | 'undecided' | 'other' | 'absent';

export function readLabels(path: string): Label[];
export function scoreLabel(
  label: Label,
  verdict:
    | (Pick<Verdict, 'role' | 'confidence'> & { readonly cause: Pick<Verdict['cause'], 'id' | 'fallback'> })
    | null,
): LabelScore;
export function measureLabels(
  labels: readonly Label[],
  folder: string,
): Promise<(Label & { readonly score: LabelScore; readonly cause: string | null })[]>;
