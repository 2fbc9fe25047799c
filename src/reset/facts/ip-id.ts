import type { TailSegment } from '../types.js';

/**
 * How the RST's sender numbers its IP packets. Most stacks count up, for each connection or for the whole host; Windows
 * before 2000 and some small stacks write their counter in the byte order of the processor, so that on the wire its two
 * octets stand the other way round; others draw every number at random.
 */

/** From one IP ID to the next, 0 to 65535; of a counter whose octets stand the other way round, in its own order. */
export function stepOf(from: number, to: number, swapped: boolean): number {
  return ((swapped ? swap(to) - swap(from) : to - from) + 0x10000) & 0xffff;
}

const swap = (id: number) => ((id & 0xff) << 8) | (id >>> 8);

/** Packets in a row that must agree before an order of octets is believed that chance would make 1 in 1,000 times. */
const SWAPPED = 3;

/**
 * The sender's packets before the RST: `up`; `swapped`, up in the other byte order; `none`, where most numbers do not
 * follow the one before; null where fewer than two are there.
 * @param most how far a counter goes on from one packet to the next
 */
export function countingOf(tail: readonly TailSegment[], most: number): 'up' | 'swapped' | 'none' | null {
  const ids = tail.filter((s) => s.from === 'sender' && s.ipId !== null && s.ipId !== 0).map((s) => s.ipId ?? 0);
  if (ids.length < 2) return null;
  const follows = (swapped: boolean) =>
    ids.filter((id, i) => i > 0 && stepOf(ids[i - 1], id, swapped) > 0 && stepOf(ids[i - 1], id, swapped) <= most)
      .length;
  const up = follows(false);
  if (2 * up >= ids.length - 1) return 'up';
  if (ids.length >= SWAPPED && follows(true) === ids.length - 1) return 'swapped';
  return 'none';
}
