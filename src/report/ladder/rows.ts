/** The rungs of a ladder, with long stretches of plain data and acknowledgments folded as they come in. */

import type { FileBorders } from '../../capture/borders.js';
import { RST } from '../../tcp/control.js';
import { LadderNotes, type LadderSegment } from './notes.js';

export interface Rung {
  readonly kind: 'segment';
  readonly segment: LadderSegment;
  readonly note: string;
}

/** Packets left out, told in one line. */
export interface Fold {
  readonly kind: 'fold';
  readonly packets: number;
  readonly clientBytes: number;
  readonly serverBytes: number;
  readonly resets: number;
  readonly first: LadderSegment;
  readonly last: LadderSegment;
}

export type LadderRow = Rung | Fold;

/** Rungs kept at the beginning and at the end of a stretch. */
const HEAD = 4;
const TAIL = 4;
/** Fewer than this are shown: a fold that saves a few lines hides more than it helps. */
const WORTH = 12;

/** Collects a connection of any length in little memory: a stretch is folded while it still goes on. */
export class LadderRows {
  readonly rows: LadderRow[] = [];
  packets = 0;
  private readonly notes: LadderNotes;
  private readonly keep: (frame: number) => boolean;
  private readonly foldAbove: number;
  private plain = 0;
  private waiting: Rung[] = [];
  private fold: Fold | null = null;

  /** `keep` names the frames that must stand (evidence); `fold` false shows every packet. */
  constructor(
    keep: (frame: number) => boolean = () => false,
    {
      fold = true,
      client = 'client',
      server = 'server',
      borders,
    }: { fold?: boolean; client?: string; server?: string; borders?: FileBorders | undefined } = {},
  ) {
    this.keep = keep;
    this.foldAbove = fold ? HEAD + TAIL + WORTH : Number.POSITIVE_INFINITY;
    this.notes = new LadderNotes(client, server, borders);
  }

  add(segment: LadderSegment): void {
    this.packets += 1;
    const { text, keep } = this.notes.note(segment);
    const rung: Rung = { kind: 'segment', segment, note: text };
    if (keep || this.keep(segment.frame)) {
      this.flush();
      this.rows.push(rung);
      return;
    }
    this.plain += 1;
    if (this.plain <= HEAD) {
      this.rows.push(rung);
      return;
    }
    this.waiting.push(rung);
    if (this.plain > this.foldAbove && this.waiting.length > TAIL) {
      this.fold = folded(this.fold, (this.waiting.shift() as Rung).segment);
    }
  }

  end(): readonly LadderRow[] {
    this.flush();
    return this.rows;
  }

  private flush(): void {
    // What was shifted out before the fold began in earnest is in it, so order is kept.
    if (this.fold !== null) {
      while (this.waiting.length > TAIL) this.fold = folded(this.fold, (this.waiting.shift() as Rung).segment);
      this.rows.push(this.fold);
    }
    this.rows.push(...this.waiting);
    this.waiting = [];
    this.fold = null;
    this.plain = 0;
  }
}

function folded(fold: Fold | null, segment: LadderSegment): Fold {
  const client = segment.fromClient ? segment.length : 0;
  const server = segment.fromClient ? 0 : segment.length;
  const resets = segment.control & RST ? 1 : 0;
  if (fold === null) {
    return {
      kind: 'fold',
      packets: 1,
      clientBytes: client,
      serverBytes: server,
      resets,
      first: segment,
      last: segment,
    };
  }
  return {
    ...fold,
    packets: fold.packets + 1,
    clientBytes: fold.clientBytes + client,
    serverBytes: fold.serverBytes + server,
    resets: fold.resets + resets,
    last: segment,
  };
}
