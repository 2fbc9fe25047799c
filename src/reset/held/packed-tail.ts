import { TAIL_WORDS, unpackTail } from '../../flow/tail.js';
import type { Reset, TailSegment } from '../types.js';
import type { HeldView } from './held-view.js';
import { R, RT, TAIL_AT } from './layout.js';
import { OnDemand } from './on-demand.js';

const NOTES = [
  'none',
  'new',
  'retransmission',
  'out-of-order',
  'keep-alive',
  'zero-window-probe',
  'duplicate-ack',
] as const;

/** The last segments before an RST as the tracker packed them, newest first: a tenth of what they take as objects. */
export class PackedTail {
  constructor(
    private readonly words: Int32Array,
    private readonly at: number,
    private readonly count: number,
    private readonly senderSide: number,
    /** Frame of the RST. */
    private readonly near: number,
  ) {}

  /** That of a held reset, where it lies. */
  static of(view: HeldView): PackedTail {
    const { held } = view;
    return new PackedTail(held.words, held.w + TAIL_AT, view.word(R.TAIL_COUNT), view.senderSide, view.time(RT.FRAME));
  }

  /** A copy that outlives the held reset. */
  copy(): PackedTail {
    const words = this.words.slice(this.at, this.at + this.count * TAIL_WORDS);
    return new PackedTail(words, 0, this.count, this.senderSide, this.near);
  }

  /** As it is written elsewhere; {@link from} makes it again. */
  octets(): {
    readonly octets: Uint8Array;
    readonly count: number;
    readonly senderSide: number;
    readonly near: number;
  } {
    const { words, at, count, senderSide, near } = this;
    const octets = new Uint8Array(words.buffer, words.byteOffset + 4 * at, 4 * count * TAIL_WORDS);
    return { octets, count, senderSide, near };
  }

  /** @param octets aligned as an Int32Array is */
  static from({ octets, count, senderSide, near }: ReturnType<PackedTail['octets']>): PackedTail {
    return new PackedTail(new Int32Array(octets.buffer, octets.byteOffset), 0, count, senderSide, near);
  }

  /** Oldest first, as seen from the RST's sender. */
  segments(): TailSegment[] {
    const times = new Float64Array(this.words.buffer, this.words.byteOffset, this.words.length >> 1);
    const segments: TailSegment[] = [];
    for (let i = this.count - 1; i >= 0; i--) {
      const e = unpackTail(this.words, times, this.at, i, this.near);
      segments.push({
        frame: e.frame,
        time: e.time,
        from: e.side === this.senderSide ? 'sender' : 'receiver',
        seq: e.seq,
        ack: e.ack,
        control: e.control,
        length: e.length,
        window: e.window,
        ttl: e.ttl < 0 ? null : e.ttl,
        ipId: e.hasIpId ? e.ipId : null,
        tsVal: e.hasTimestamps ? e.tsVal >>> 0 : null,
        tsEcr: e.hasTimestamps ? e.tsEcr >>> 0 : null,
        note: NOTES[e.note],
        head: e.head,
        fastclose: e.fastclose,
      });
    }
    return segments;
  }
}

/** A Reset's tail is unpacked when it is asked for: verdicts keep tens of thousands. */
export const TAIL = new OnDemand<PackedTail, Pick<Reset, 'tail'>>(['tail'], (packed) => ({ tail: packed.segments() }));
