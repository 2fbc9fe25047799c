import type { Verdict } from '../vocabulary/verdict.js';
import type { CaptureSummary } from './diagnosis.js';
import type { GroupingFacts } from './facts.js';

/** Counts of RSTs by what became of them; they add up to all RST segments, copies aside. */
export class Tally {
  private lost = 0;
  private refused = 0;
  private harmless = 0;
  private aftershocks = 0;
  private ignored = 0;

  add(verdict: Verdict, { phase }: GroupingFacts, count: number): void {
    if (verdict.role === 'aftershock') this.aftershocks += count;
    else if (verdict.role === 'ignored') this.ignored += count;
    else if (verdict.severity === 'note') this.harmless += count;
    else if (phase === 'syn-sent') this.refused += count;
    else this.lost += count;
  }

  /** RSTs behind others that were only counted. */
  addAftershocks(count: number): void {
    this.aftershocks += count;
  }

  /** Connections cut. */
  get deaths(): number {
    return this.lost + this.refused + this.harmless;
  }

  counts(): CaptureSummary['tally'] {
    return {
      lost: this.lost,
      refused: this.refused,
      harmless: this.harmless,
      aftershocks: this.aftershocks,
      ignored: this.ignored,
    };
  }
}
