import * as c from './columns.js';
import type { Connection } from './connection.js';

/**
 * Zeek's history letters (base/protocols/conn): upper case for the originator. Each is written once
 * per side here, in the order of first appearance; Zeek repeats some of them.
 */
export const LETTER = { s: 0, h: 1, a: 2, d: 3, f: 4, r: 5, t: 6, w: 7 } as const;

const LETTERS = 'shadfrtw';
const LETTERS_PER_SIDE = 13;

/** Notes a letter for the sender of the segment at hand. */
export function history(connection: Connection, letter: number): void {
  const side = connection.one.side;
  const bit = 1 << (letter + side * LETTERS_PER_SIDE);
  const seen = connection.word(c.HISTORY_SEEN);
  if ((seen & bit) !== 0) return;
  connection.setWord(c.HISTORY_SEEN, seen | bit);
  const length = connection.word(c.HISTORY_LENGTH);
  if (length >= c.HISTORY_OCTETS) return;
  connection.table.octets[connection.row * c.OCTETS + c.HISTORY_AT + length] = letter | (side << 7);
  connection.setWord(c.HISTORY_LENGTH, length + 1);
}

/** The letters of `length` octets at `at`; `originator` is the endpoint written in upper case. */
export function historyText(octets: Uint8Array, at: number, length: number, originator: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    const letter = LETTERS[octets[at + i] & 0x7f];
    text += octets[at + i] >>> 7 === originator ? letter.toUpperCase() : letter;
  }
  return text;
}
