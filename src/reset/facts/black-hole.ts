import * as c from '../../flow/columns.js';
import type { Limits } from '../../limits.js';
import { distance } from '../../tcp/sequence.js';
import type { HeldView } from '../held/held-view.js';
import { RT } from '../held/layout.js';
import type { BlackHole, IcmpFact, Mark } from '../types.js';

/** One end of a connection's row, whoever holds it. */
export interface RowEnd {
  readonly bits: number;
  word(column: number): number;
  time(column: number): number;
  /** null where there is none. */
  mark(frameColumn: number, timeColumn: number): Mark | null;
}

/** What the two ends show, without which of them sent an RST. */
export type Lost = Omit<BlackHole, 'of'>;

/** Headers of IPv4 and IPv6 and of TCP without options, octets: no packet has fewer. */
const HEADERS = { 4: 20 + 20, 6: 40 + 20 } as const;
/** Timestamps and their padding (RFC 7323, appendix A): so much less than the MSS a full segment carries. */
const TIMESTAMPS = 12;

/** Can there be any? Most connections show neither sign, and are told so at once. */
export function mayLose(run: number, sacks: number, limits: Limits): boolean {
  return run >= limits.retransmissions || sacks > 0;
}

/** The hole that `r` reports as it stands. */
function beyond(r: RowEnd): BlackHole['beyond'] {
  const mark = r.mark(c.SACK_FRAME, c.SACK_TIME);
  if (mark === null || r.word(c.SACKS) === 0 || mark.time < r.time(c.ACK_MOVED_TIME)) return null;
  return { ...mark, count: r.word(c.SACKS), longest: r.word(c.SACK_LONGEST) };
}

/** The largest payload that `v` may send in a segment, as `r` told it; null where it is not known. */
function full(v: RowEnd, r: RowEnd): number | null {
  const mss = r.word(c.MSS);
  return mss <= 0 ? null : mss - ((v.bits & (c.E_TIMESTAMPS | c.E_TS_OFFERED)) !== 0 ? TIMESTAMPS : 0);
}

/** An acknowledgment of `v` that came after its large segment was lost, and that `r` had no need to ask for again. */
function heardLater(v: RowEnd, r: RowEnd, since: Mark, end: number, limits: Limits): Mark | null {
  const moved = v.mark(c.ACK_MOVED_FRAME, c.ACK_MOVED_TIME);
  if (moved === null || moved.time <= since.time || end - moved.time < limits.ackRepeat) return null;
  const all = distance(v.word(c.RCV_NXT), r.word(c.SND_NXT)) === 0;
  return all && r.word(c.RETRANSMISSIONS) === 0 ? moved : null;
}

function wordOf({ frame, time, mtu, version }: IcmpFact): NonNullable<Lost['icmp']> {
  const name = version === 6 ? 'packet too big' : 'fragmentation needed';
  return { frame, time, name, mtu, mss: mtu - HEADERS[version] };
}

/**
 * Before the narrow link: `v` sends the first large segment of its life again and again, and `r` acknowledges all before it
 * and nothing of it. A path that goes dark just then makes the same; what came through later tells them apart.
 */
function unacknowledged(v: RowEnd, r: RowEnd, icmp: IcmpFact | null, end: number, limits: Limits): Lost | null {
  const [first, last] = [v.mark(c.RUN_FIRST_FRAME, c.RUN_FIRST_TIME), v.mark(c.RUN_LAST_FRAME, c.RUN_LAST_TIME)];
  const count = v.word(c.RUN);
  if (count < limits.retransmissions || first === null || last === null) return null;
  const longest = v.word(c.LONGEST);
  if (longest <= c.SMALL_PAYLOAD || (r.bits & c.E_ACKED) === 0 || (r.bits & c.E_ZERO_WINDOW) !== 0) return null;
  if (distance(v.word(c.LARGE_SEQ), r.word(c.RCV_NXT)) !== 0) return null;
  // With offload (TSO) what was captured is many segments in one.
  const octets = Math.min(longest, full(v, r) ?? longest);
  const passed = v.word(c.LARGE_BEFORE);
  if (passed >= octets) return null;
  const hole = beyond(r);
  // As large as what is lost: then its size is not why.
  if (hole !== null && hole.longest >= octets) return null;
  const told = icmp !== null && icmp.mtu > 0 && icmp.time < last.time && octets + HEADERS[icmp.version] > icmp.mtu;
  return {
    octets,
    passed,
    again: { count, first, last },
    beyond: hole,
    later: heardLater(v, r, first, end, limits),
    icmp: told ? wordOf(icmp) : null,
  };
}

/** Behind the narrow link: what arrives of `v` is all smaller than a full segment, and a hole of at least one is never filled. */
function neverFilled(v: RowEnd, r: RowEnd, end: number, limits: Limits): Lost | null {
  const hole = beyond(r);
  const size = full(v, r);
  const last = v.mark(c.LAST_FRAME, c.LAST_TIME);
  if (hole === null || size === null || last === null || (v.bits & c.E_HOLE) === 0) return null;
  const octets = distance(v.word(c.HOLE_END), v.word(c.HOLE_SEQ));
  const passed = v.word(c.LONGEST);
  if (distance(v.word(c.HOLE_SEQ), r.word(c.RCV_NXT)) !== 0 || octets < size || size <= c.SMALL_PAYLOAD) return null;
  if (passed >= size || end - hole.time < limits.ackRepeat) return null;
  const later = last.time - hole.time < limits.ackRepeat ? null : last;
  return { octets, passed, again: null, beyond: hole, later, icmp: null };
}

/** Are the large packets of `v` lost and its small ones not? `end`: until when nothing came in between. */
export function lostLarge(v: RowEnd, r: RowEnd, icmp: IcmpFact | null, end: number, limits: Limits): Lost | null {
  return unacknowledged(v, r, icmp, end, limits) ?? neverFilled(v, r, end, limits);
}

/** … of either end of a connection that was reset. */
export function blackHoleOf(view: HeldView, icmp: IcmpFact | null, limits: Limits): BlackHole | null {
  const me = view.senderSide;
  for (const side of [me ^ 1, me]) {
    if (!mayLose(view.ew(side, c.RUN), view.ew(side ^ 1, c.SACKS), limits)) continue;
    const lost = lostLarge(rowEnd(view, side), rowEnd(view, side ^ 1), icmp, view.time(RT.TIME), limits);
    if (lost !== null) return { of: side === me ? 'sender' : 'receiver', ...lost };
  }
  return null;
}

function rowEnd(view: HeldView, side: number): RowEnd {
  return {
    bits: view.bits(side),
    word: (column) => view.ew(side, column),
    time: (column) => view.et(side, column),
    mark: (frameColumn, timeColumn) => view.mark(side, frameColumn, timeColumn),
  };
}
