import type { Limits } from '../../limits.js';
import type { Reset } from '../types.js';

/** The RST is the first acknowledgment of the newest data, or came while more was to be expected. */
export function stoppedSoon(reset: Reset, gap: number, mss: number, limits: Limits): boolean {
  const { rtt, freshlyAcked } = reset;
  if (freshlyAcked !== null && freshlyAcked > 1) return true;
  return gap <= 2 * (rtt ?? 0) + limits.lifeAfterReset && !cameToAnEnd(reset, gap, mss, limits);
}

/** Segments that a sender may have under way before the first acknowledgment of them (RFC 6928 §2). */
const INITIAL_WINDOW = 10;

/**
 * Had the server been silent longer than all of the transfer took, behind a segment shorter than those before it? Where more
 * than an initial window was sent, the rest may have waited for an acknowledgment: then longer than a round trip as well.
 */
function cameToAnEnd({ tail, rst, receiver, rtt }: Reset, gap: number, mss: number, limits: Limits): boolean {
  const transfer = receiver.lastMessage;
  if (transfer === null) return false;
  const trip = rtt ?? 0;
  const waits = transfer.length > INITIAL_WINDOW * mss ? trip : Math.min(trip, limits.disorder);
  if (gap <= Math.max(waits, transfer.last.time - transfer.first.time)) return false;
  const lengths = tail.filter((s) => s.from === 'receiver' && s.length > 0 && s.frame < rst.frame).map((s) => s.length);
  return lengths.length > 1 && lengths[lengths.length - 1] < Math.max(...lengths);
}
