/** What a renderer is told beside the diagnosis. */

import type { Diagnosis } from '../reset/verdicts/diagnosis.js';
import { PLAIN, type Style } from './text/style.js';
import { type Clock, makeClock } from './words/time.js';

/** What a caller of `render` may choose; a format ignores what does not concern it. */
export interface RenderOptions {
  readonly style?: Style;
  /** Zone of the times in text: `UTC`, `local`, `+02:00` or an IANA name. Data formats are always UTC. */
  readonly tz?: string;
  /** Rows per table, and findings listed in an overview. */
  readonly limit?: number;
  /** Everything: every row, and noise told like the rest. */
  readonly all?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  /** The selection in words, when the diagnosis is not the whole one: `--server 10.9.8.7:8080`. */
  readonly selection?: string;
}

/** One format's report in pieces, so that a large report needs no large string. */
export type Renderer = (diagnosis: Diagnosis, options?: RenderOptions) => Iterable<string>;

export interface TextContext {
  readonly style: Style;
  readonly clock: Clock;
  readonly limit: number;
  readonly all: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly selection: string | null;
}

export const DEFAULT_LIMIT = 50;

export function textContext(options: RenderOptions): TextContext {
  return {
    style: options.style ?? PLAIN,
    clock: makeClock(options.tz),
    limit: options.all ? Number.POSITIVE_INFINITY : (options.limit ?? DEFAULT_LIMIT),
    all: options.all ?? false,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    selection: options.selection ?? null,
  };
}
