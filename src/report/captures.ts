/** Several runs are told as many diagnoses of one; a run is a file, or several files read as one. */

import { placeOfFrame } from '../capture/borders.js';
import type { CaptureSummary, Diagnosis } from '../reset/verdicts/diagnosis.js';
import { partsOf } from '../reset/verdicts/id.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';

/** As much of a summary as is known before its capture has been read. */
export type NamedCapture = Pick<CaptureSummary, 'file' | 'first' | 'files' | 'borders'>;

/** Place in `captures` of the run that a verdict belongs to, by the verdict's id; 0 where none fits. */
export function captureIndex(id: string, captures: readonly { readonly files?: readonly unknown[] }[]): number {
  let number = partsOf(id).file ?? 1;
  for (const [index, { files }] of captures.entries()) {
    number -= files?.length ?? 1;
    if (number <= 0) return index;
  }
  return 0;
}

/** The run that a verdict belongs to, by the verdict's id. */
export function captureOf<T extends Pick<CaptureSummary, 'files'>>(id: string, captures: readonly T[]): T | undefined {
  return captures[captureIndex(id, captures)];
}

/** The run that an ending was seen in. */
export function captureOfEnding<T extends NamedCapture>(
  ending: { readonly file?: string },
  captures: readonly T[],
): T | undefined {
  return captures.find(({ file }) => file === ending.file) ?? captures[0];
}

/** The file that a frame of a run lies in, and its number there. */
export function fileFrame(capture: NamedCapture | undefined, frame: number): { file: string; frame: number } {
  if (capture?.files === undefined) return { file: capture?.file ?? '', frame };
  const place = placeOfFrame(capture.borders, frame);
  return { file: capture.files[place.file - 1]?.file ?? capture.file, frame: place.frame };
}

/** The file a verdict was read from. */
export function fileOf(verdict: Verdict, diagnosis: Diagnosis): string {
  return fileFrame(captureOf(verdict.id, diagnosis.captures), verdict.reset.rst.frame).file;
}

/** One diagnosis per run, in their order. */
export function perCapture(diagnosis: Diagnosis): readonly Diagnosis[] {
  const { captures } = diagnosis;
  if (captures.length < 2) return [diagnosis];
  const verdicts = byRun(captures, diagnosis.verdicts, ({ id }) => captureIndex(id, captures));
  const findings = byRun(captures, diagnosis.findings, ({ example }) => captureIndex(example.id, captures));
  // Of two with one name the first has them, as for `captureOfEnding`.
  const named = new Map([...captures.entries()].reverse().map(([index, { file }]) => [file, index]));
  const endings = byRun(captures, diagnosis.endings, ({ file = '' }) => named.get(file) ?? 0);
  return captures.map((capture, index) => ({
    ...diagnosis,
    captures: [capture],
    verdicts: verdicts[index] as readonly Verdict[],
    omitted: capture.omitted ?? diagnosis.omitted,
    findings: findings[index] as Diagnosis['findings'],
    endings: endings[index] as Diagnosis['endings'],
  }));
}

/** What belongs to each, in one walk over all. */
function byRun<T>(
  captures: Diagnosis['captures'],
  all: readonly T[],
  indexOf: (one: T) => number,
): readonly (readonly T[])[] {
  const runs: T[][] = captures.map(() => []);
  for (const one of all) runs[indexOf(one)]?.push(one);
  return runs;
}
