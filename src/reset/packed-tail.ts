import { TAIL_WORDS, unpackTail } from '../flow/tail.js';
import type { HeldView } from './held-view.js';
import { R, TAIL_AT } from './hold.js';
import { OnDemand } from './on-demand.js';
import type { Reset, TailSegment } from './types.js';

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
  ) {}

  /** That of a held reset, where it lies. */
  static of(view: HeldView): PackedTail {
    const { held } = view;
    return new PackedTail(held.words, held.w + TAIL_AT, view.word(R.TAIL_COUNT), view.senderSide);
  }

  /** A copy that outlives the held reset. */
  copy(): PackedTail {
    const words = this.words.slice(this.at, this.at + this.count * TAIL_WORDS);
    return new PackedTail(words, 0, this.count, this.senderSide);
  }

  /** Oldest first, as seen from the RST's sender. */
  segments(): TailSegment[] {
    const times = new Float64Array(this.words.buffer, this.words.byteOffset, this.words.length >> 1);
    const segments: TailSegment[] = [];
    for (let i = this.count - 1; i >= 0; i--) {
      const e = unpackTail(this.words, times, this.at, i);
      segments.push({
        frame: e.frame,
        time: e.time,
        from: e.side === this.senderSide ? 'sender' : 'receiver',
        seq: e.seq,
        ack: e.ack,
        control: e.control,
        length: e.length,
        window: e.window,
        ttl: e.ttl,
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

const TAIL = new OnDemand<PackedTail, Pick<Reset, 'tail'>>(['tail'], (packed) => ({ tail: packed.segments() }));

/** The reset as a verdict keeps it, of which there may be tens of thousands: its tail is unpacked when it is asked for. */
export function kept(reset: Reset, tail: PackedTail): Reset {
  // Spelled out: leaving one of so many facts out of a copy takes several times as long (measured).
  const rest = {
    rst: reset.rst,
    sender: reset.sender,
    receiver: reset.receiver,
    phase: reset.phase,
    handshake: reset.handshake,
    rtt: reset.rtt,
    rttParts: reset.rttParts,
    incarnation: reset.incarnation,
    start: reset.start,
    exchanges: reset.exchanges,
    idle: reset.idle,
    idleData: reset.idleData,
    history: reset.history,
    packets: reset.packets,
    icmp: reset.icmp,
    pendingSyn: reset.pendingSyn,
    quality: reset.quality,
    aftermath: reset.aftermath,
    siblings: reset.siblings,
    copies: reset.copies,
    translated: reset.translated,
    trigger: reset.trigger,
    shape: reset.shape,
    drawn: reset.drawn,
    provenance: reset.provenance,
    stated: reset.stated,
    unanswered: reset.unanswered,
    unread: reset.unread,
    freshlyAcked: reset.freshlyAcked,
    effective: reset.effective,
    mechanism: reset.mechanism,
    accepted: reset.accepted,
  };
  return Object.freeze(TAIL.give(rest, tail.copy()));
}
