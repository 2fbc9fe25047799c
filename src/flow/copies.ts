import type { Limits } from '../limits.js';
import type { Segment } from '../packet/segment.js';
import * as controls from '../tcp/control.js';
import { after } from '../tcp/sequence.js';
import { endOf } from './arrival.js';
import * as columns from './columns.js';
import type { ConnectionTable, Side } from './table.js';
import { pathKey, TAIL_SEGMENTS, type TailRing } from './tail.js';

// Copies of our own, which V8 folds (columns.ts).
const c = { ...columns };
const { ACK, FIN, RST, SYN } = controls;

/**
 * Segments captured more than once (SPAN, `-i any`, before and after a router): decided against the
 * tail, and only for those that bring nothing new. Where captures of both ends were merged, copies are as far apart as
 * the path is long and as the clocks differ; whoever's come first make the connection, since the others follow it.
 */
export class Copies {
  /** Copies that came later than a machine takes to pass a packet on. */
  far = 0;
  /** The longest that one was behind, ns. */
  lag = 0;

  constructor(
    private readonly table: ConnectionTable,
    private readonly tail: TailRing,
    private readonly limits: Limits,
  ) {}

  /** Is it a copy? If so it is counted in the tail and in the baseline of the other path. */
  has(s: Segment, row: number, side: Side): boolean {
    if (this.isNew(s, row, side)) return false;
    const at = this.find(s, row, side);
    if (at < 0) return false;
    const behind = s.time - this.tail.time(at);
    if (behind > this.limits.duplicateWindow) this.far++;
    if (behind > this.lag) this.lag = behind;
    this.tail.addCopy(at);
    this.trackPath(s, c.endpointAt(row, side));
    return true;
  }

  /** Does the segment bring octets or an acknowledgment that were not there before? */
  private isNew(s: Segment, row: number, side: Side): boolean {
    if ((s.control & RST) !== 0) return false;
    const { words } = this.table;
    const one = c.endpointAt(row, side);
    const bits = words[one + c.E_BITS];
    if ((bits & c.E_SPOKE) === 0 || after(endOf(s), words[one + c.SND_NXT])) return true;
    return (s.control & ACK) !== 0 && ((bits & c.E_ACKED) === 0 || after(s.ack, words[one + c.RCV_NXT]));
  }

  /**
   * The tail entry that the segment is a copy of, or -1. With an IP ID of 0 the copy must have come
   * by another way, and a stateless RST is a copy only if its trigger was copied too.
   */
  private find(s: Segment, row: number, side: Side): number {
    const { words } = this.table;
    const ring = this.tail;
    const seen = words[c.endpointAt(row, side ^ 1) + c.SEGMENTS] > 0;
    let at = words[row * c.WORDS + c.TAIL];
    for (let n = 0; n < TAIL_SEGMENTS && ring.has(at, s.frame); n++, at = ring.previous(at)) {
      const since = s.time - ring.time(at);
      if (since > this.limits.farCopyWindow) return -1;
      if (since < -this.limits.duplicateWindow || !ring.same(at, s, side)) continue;
      if (since > this.limits.duplicateWindow && !this.cameFromAfar(at, s)) continue;
      if (s.ipId > 0) return at;
      if (!ring.cameOtherwise(at, s)) continue;
      if ((s.control & (RST | ACK)) === RST && seen && !this.triggerCopied(at, s.frame, side)) continue;
      return at;
    }
    return -1;
  }

  /**
   * Was the same packet captured at another point of its path? What is sent again has another IP ID and the same TTL. An
   * acknowledgment alone is told by its TTL: a first reading looks at nothing else of it (survey/).
   */
  private cameFromAfar(number: number, s: Segment): boolean {
    const ring = this.tail;
    if (ring.ttl(number) !== s.ttl) return true;
    return s.ipId > 0 && ring.cameOtherwise(number, s) && (s.length > 0 || (s.control & (SYN | FIN | RST)) !== 0);
  }

  /** Was the segment of the other side before tail entry `number` copied? */
  private triggerCopied(number: number, frame: number, side: Side): boolean {
    const ring = this.tail;
    for (let at = ring.previous(number), n = 0; n < TAIL_SEGMENTS && ring.has(at, frame); n++, at = ring.previous(at)) {
      if (ring.side(at) !== side) return ring.copies(at) > 0;
    }
    // Its trigger is no longer in reach: the way it came decides alone.
    return true;
  }

  /** Baseline of the second path on which this sender's packets (as copies) are captured. */
  private trackPath(s: Segment, one: number): void {
    if ((s.control & RST) !== 0) return;
    const { words } = this.table;
    const path = pathKey(s);
    if (path === words[one + c.PATH]) return;
    if (words[one + c.TTL2_COUNT] === 0) {
      words[one + c.PATH2] = path;
      words[one + c.TTL2] = s.ttl;
    }
    if (path === words[one + c.PATH2]) words[one + c.TTL2_COUNT]++;
  }
}
