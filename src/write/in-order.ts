/** Records on their way to outputs, in the order of the capture though some are decided about later than others. */

import type { CaptureRecord } from '../capture/types.js';
import type { WrittenRecord } from './writer.js';

interface Waiting {
  readonly record: WrittenRecord;
  /** Null: not known yet. */
  outputs: ReadonlySet<string> | null;
}

/** A fragment is one of a wanted connection's only once the others are here; what comes meanwhile waits behind it. */
export class InOrder {
  /** By frame, in their order. */
  private readonly queue = new Map<number, Waiting>();
  private octets = 0;

  /** @param most octets that wait; beyond them the oldest fragment is left out */
  constructor(
    private readonly write: (output: string, record: WrittenRecord) => void,
    private readonly most: number,
  ) {}

  /** @param outputs null where later frames tell */
  add(record: CaptureRecord, outputs: ReadonlySet<string> | null): void {
    if (outputs !== null && this.queue.size === 0) this.send(record, outputs);
    else {
      const { time, start, end, originalLength, linkType, interfaceId, direction } = record;
      const data = record.data.slice(start, end);
      const written = { time, data, start: 0, end: data.length, originalLength, linkType, interfaceId, direction };
      this.queue.set(record.frame, { record: written, outputs });
      this.octets += data.length;
      while (this.octets > this.most) this.forgetOldest();
    }
  }

  /** Frames that were added without their outputs have these. */
  decide(frames: readonly number[], outputs: ReadonlySet<string>): void {
    for (const frame of frames) {
      const waiting = this.queue.get(frame);
      if (waiting !== undefined) waiting.outputs ??= outputs;
    }
    this.advance();
  }

  /** No frame follows. */
  end(): void {
    while (this.queue.size > 0) this.forgetOldest();
  }

  /** Writes what waits for nothing. */
  private advance(): void {
    for (const [frame, { record, outputs }] of this.queue) {
      if (outputs === null) return;
      this.queue.delete(frame);
      this.octets -= record.end;
      this.send(record, outputs);
    }
  }

  private forgetOldest(): void {
    const [oldest] = this.queue.values();
    if (oldest !== undefined) oldest.outputs ??= NOWHERE;
    this.advance();
  }

  private send(record: WrittenRecord, outputs: ReadonlySet<string>): void {
    for (const output of outputs) this.write(output, record);
  }
}

export const NOWHERE: ReadonlySet<string> = new Set();
