import type { Segment } from './segment.js';

/**
 * The order in which a SYN bears its options: every stack lays them out in its own way, and always the same. One
 * number holds it, three bits an option (at most ten), so that a connection's row can keep it.
 */

/** Letters of the notation and their codes: MSS, window scale, SACK permitted, timestamps, no-operation, end of list, other. */
const CODES: Readonly<Record<string, number>> = { M: 1, W: 2, S: 3, T: 4, N: 5, E: 6, '?': 7 };
const KINDS: Readonly<Record<number, number>> = { 0: 6, 1: 5, 2: 1, 3: 2, 4: 3, 8: 4 };
const OTHER = 7;
const MOST = 10;

/** The order in the SYN `s`, 0 where it has no options; -1 where the capture does not hold them all. */
export function optionOrder(s: Segment): number {
  const { data } = s;
  const to = s.tcpStart + s.headerLength;
  if (s.optionsCut || to > data.length) return -1;
  let order = 0;
  let at = s.tcpStart + 20;
  for (let n = 0; at < to && n < MOST; n++) {
    const kind = data[at]!;
    const code = KINDS[kind] ?? OTHER;
    order = order * 8 + code;
    if (kind === 0) break;
    if (kind === 1) at++;
    else if (data[at + 1]! >= 2) at += data[at + 1]!;
    else break;
  }
  return order;
}

/** The number of an order written down: `MSTNW` is MSS, SACK permitted, timestamps, no-operation, window scale. */
export function orderOf(letters: string): number {
  let order = 0;
  for (const letter of letters) order = order * 8 + CODES[letter]!;
  return order;
}

/** The letters of a number, for people and reports. */
export function lettersOf(order: number): string {
  const names = Object.keys(CODES);
  let letters = '';
  for (let rest = order; rest > 0; rest = Math.floor(rest / 8)) letters = names[(rest % 8) - 1] + letters;
  return letters;
}
