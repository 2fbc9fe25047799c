/**
 * Sequence-number arithmetic modulo 2^32 (RFC 9293 §3.4).
 *
 * A sequence number is an int32 word (`| 0`): comparisons are the sign of a wrapped difference, so
 * no value is ever converted to a double on the hot path. Print with {@link unsigned}.
 */

/** `a - b` in sequence space: octets from b forward to a, in -2^31 .. 2^31 - 1. */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

/** `n` octets after `a`. */
export function advance(a: number, n: number): number {
  return (a + n) | 0;
}

/** a < b in sequence space. */
export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** a > b in sequence space. */
export function after(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** low <= a <= high in sequence space, for low <= high no more than 2^31 apart. */
export function between(a: number, low: number, high: number): boolean {
  return ((a - low) | 0) >= 0 && ((high - a) | 0) >= 0;
}

/** The later of two sequence numbers. */
export function later(a: number, b: number): number {
  return ((a - b) | 0) > 0 ? a : b;
}

/** The word as the unsigned number the wire carries, for reports. */
export function unsigned(a: number): number {
  return a >>> 0;
}
