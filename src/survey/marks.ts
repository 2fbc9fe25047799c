import { grown } from '../flow/grown.js';

/** What the second reading does with a frame of a connection that nobody asks about. */
export const SKIPPED = 0;
/** Its segment is tracked. */
export const TRACKED = 1;
/** … and its data begins a message. */
export const BEGINS_MESSAGE = 3;

/** Two bits a frame, read and written nearly in order: they cost a sixteenth of a cache line a packet. */
export class FrameMarks {
  private words = new Int32Array(1 << 12);

  /** Frames are marked once or twice, never less than before. */
  mark(frame: number, value: number): void {
    const at = frame >>> 4;
    if (at >= this.words.length) this.words = grown(this.words, Math.max(at + 1, this.words.length * 2));
    this.words[at] |= value << ((frame & 15) << 1);
  }

  get(frame: number): number {
    return (this.words[frame >>> 4] >>> ((frame & 15) << 1)) & 3;
  }
}

const BITS = 1 << 23;
/** 64 kB, which stay in a processor's nearest caches. */
const COARSE_BITS = 1 << 19;

/**
 * Four-tuples that matter, as bits of their order-free hash: a map of 8 million, and in front of it a coarse one that says no
 * of most. Two that share a bit are both tracked in full: a map that fills costs time, never a verdict.
 */
export class FlowMarks {
  private readonly coarse = new Int32Array(COARSE_BITS / 32);
  private readonly words = new Int32Array(BITS / 32);

  mark(hash: number): void {
    this.coarse[(hash & (COARSE_BITS - 1)) >>> 5] |= 1 << (hash & 31);
    this.words[(hash & (BITS - 1)) >>> 5] |= 1 << (hash & 31);
  }

  has(hash: number): boolean {
    if (((this.coarse[(hash & (COARSE_BITS - 1)) >>> 5] >>> (hash & 31)) & 1) === 0) return false;
    return ((this.words[(hash & (BITS - 1)) >>> 5] >>> (hash & 31)) & 1) !== 0;
  }

  /** Everything matters. */
  markAll(): void {
    this.coarse.fill(-1);
    this.words.fill(-1);
  }
}
