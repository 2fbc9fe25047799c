import * as c from '../flow/columns.js';
import type { Connection, Endpoint } from '../flow/connection.js';
import type { Limits } from '../limits.js';
import { DEFAULT_MSS } from '../tcp/control.js';

/** How much a capture lacks. */
export interface LossFacts {
  /** Least number of packets missing, and their share of all there were. */
  readonly lost: number;
  readonly share: number;
  /** So many that a capture filter is as likely. */
  readonly byFilter: boolean;
  /** So many, or so many reported, that the absence of a packet proves nothing. */
  readonly lossy: boolean;
}

/**
 * Packets that were on the wire and are not in the capture, as far as others prove it: numbers that were acknowledged
 * but never captured, a SYN or SYN-ACK that its connection cannot have done without. At least so many: a lost pure
 * acknowledgment leaves no gap, and a gap is counted in the longest segments there were.
 */
export class Losses {
  /** Segments whose numbers the other end acknowledged. */
  private unseen = 0;
  /** SYNs and SYN-ACKs missing where the rest of the connection was captured. */
  private handshakes = 0;
  /** Ends acknowledged but never heard, and connections of which both were heard. */
  private mute = 0;
  private whole = 0;

  constructor(
    private readonly limits: Limits,
    /** What was counted elsewhere and is part of it. */
    base: Losses | null = null,
  ) {
    if (base === null) return;
    this.unseen = base.unseen;
    this.handshakes = base.handshakes;
    this.mute = base.mute;
    this.whole = base.whole;
  }

  gone({ one, other, client, bits }: Connection): void {
    const spoke = one.bits & other.bits & c.E_SPOKE;
    if ((bits & c.C_REGULAR) !== 0 && spoke !== 0) {
      this.whole++;
      return;
    }
    this.unseen += unseenSegments(one) + unseenSegments(other);
    if (spoke !== 0) {
      this.whole++;
      // The SYN-ACK is there, the SYN before it is not.
      if (client >= 0 && (bits & c.C_ANSWERED) !== 0) {
        const asking = client === one.side ? one : other;
        if ((asking.bits & c.E_SYN) === 0) this.handshakes++;
      }
    } else if (client >= 0 && ((one.bits | other.bits) & (c.E_SYN | c.E_ACKED)) === (c.E_SYN | c.E_ACKED)) this.mute++;
  }

  /** What it comes to, among so many captured segments and packets that the file reports as dropped. */
  facts(segments: number, dropped: number): LossFacts {
    // A filter or a one-sided tap leaves out a direction everywhere, loss here and there.
    const mute = this.mute <= this.limits.oneSidedByLoss * (this.whole + this.mute) ? this.mute : 0;
    const lost = this.unseen + this.handshakes + mute;
    const share = lost === 0 ? 0 : lost / (lost + segments);
    const byFilter = share > this.limits.lostByFilter;
    const reported = dropped / Math.max(dropped + segments, 1);
    return { lost, share, byFilter, lossy: !byFilter && Math.max(share, reported) >= this.limits.lossyCapture };
  }
}

function unseenSegments(e: Endpoint): number {
  const octets = e.time(c.UNSEEN);
  return octets <= 0 ? 0 : Math.ceil(octets / Math.max(e.word(c.LONGEST), e.word(c.MSS), DEFAULT_MSS));
}
