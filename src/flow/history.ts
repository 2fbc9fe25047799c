import * as columns from './columns.js';
import type { ConnectionTable } from './table.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/**
 * Zeek's history letters (base/protocols/conn): upper case for the originator. Each is written once
 * per side here, in the order of first appearance; Zeek repeats some of them.
 */
const LETTERS = 'shadfrtw';
export const LETTER = {
  SYN: 0,
  SYN_ACK: 1,
  ACK: 2,
  DATA: 3,
  FIN: 4,
  RST: 5,
  RETRANSMISSION: 6,
  ZERO_WINDOW: 7,
} as const;

/** Notes a letter for endpoint `side` of `row`. */
export function history(table: ConnectionTable, row: number, side: number, letter: number): void {
  const { words } = table;
  const bits = c.endpointAt(row, side) + c.E_BITS;
  const bit = 1 << (c.E_HISTORY_SHIFT + letter);
  if ((words[bits] & bit) === 0) {
    words[bits] |= bit;
    write(table, row, letter | (side << 7));
  }
}

function write(table: ConnectionTable, row: number, octet: number): void {
  const length = row * c.WORDS + c.HISTORY_LENGTH;
  if (table.words[length] < c.HISTORY_OCTETS)
    table.octets[row * c.OCTETS + c.HISTORY_AT + table.words[length]++] = octet;
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
