/**
 * Rows keep the low 32 bits of a frame's number: a capture that is followed for weeks has more frames than that, but
 * none of a connection is further than 2³¹ from the one at hand. (0 stands for none, which one frame in 2³² has as well.)
 *
 * @param word low 32 bits of the number, signed or not
 * @param near number of a frame of the same time, in full
 * @returns the number in full: that with these low bits which is nearest to `near`
 */
export function frameNear(word: number, near: number): number {
  return near + ((word - near) | 0);
}

/** Does the frame whose low bits are `word` come after that of `other`? */
export function isLater(word: number, other: number): boolean {
  return ((word - other) | 0) > 0;
}
