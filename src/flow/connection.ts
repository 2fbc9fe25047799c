import { addressAt } from '../packet/address.js';
import * as c from './columns.js';
import type { ConnectionTable } from './table.js';

/**
 * Cursor over one endpoint of a row, in the terms of RFC 9293 §3.3.1. It is valid until the table
 * grows or the cursor moves; there are two of them for the whole run.
 */
export class Endpoint {
  words: Int32Array;
  times: Float64Array;
  /** Offset of the endpoint's words and times. */
  w = 0;
  t = 0;
  side: 0 | 1 = 0;

  constructor(table: ConnectionTable) {
    this.words = table.words;
    this.times = table.times;
  }

  move(table: ConnectionTable, row: number, side: 0 | 1): void {
    this.words = table.words;
    this.times = table.times;
    this.w = row * c.WORDS + c.ENDPOINTS + side * c.ENDPOINT_WORDS;
    this.t = this.w >> 1;
    this.side = side;
  }

  get iss(): number {
    return this.words[this.w + c.ISS];
  }
  /** SND.NXT as seen: the highest sequence end sent. */
  get sndNxt(): number {
    return this.words[this.w + c.SND_NXT];
  }
  set sndNxt(v: number) {
    this.words[this.w + c.SND_NXT] = v;
  }
  /** RCV.NXT as seen: the highest acknowledgment sent. */
  get rcvNxt(): number {
    return this.words[this.w + c.RCV_NXT];
  }
  get bits(): number {
    return this.words[this.w + c.E_BITS];
  }
  set bits(v: number) {
    this.words[this.w + c.E_BITS] = v;
  }
  get segments(): number {
    return this.words[this.w + c.SEGMENTS];
  }
  /** Payload octets sent, retransmissions not counted. */
  get bytes(): number {
    return this.times[this.t + c.BYTES];
  }
  get lastTime(): number {
    return this.times[this.t + c.LAST_TIME];
  }

  word(column: number): number {
    return this.words[this.w + column];
  }
  setWord(column: number, v: number): void {
    this.words[this.w + column] = v;
  }
  time(column: number): number {
    return this.times[this.t + column];
  }
  /** Writes a mark: a frame column and its time column. */
  mark(frameColumn: number, timeColumn: number, frame: number, time: number): void {
    this.words[this.w + frameColumn] = frame;
    this.times[this.t + timeColumn] = time;
  }
}

/** Port of endpoint `side` of the row whose words begin at `w`. */
export function portAt(words: Int32Array, w: number, side: number): number {
  const ports = words[w + c.PORTS];
  return side === 0 ? ports >>> 16 : ports & 0xffff;
}

/** Cursor over a row: the connection and, as `one` and `other`, the sender and the receiver of the segment at hand. */
export class Connection {
  row = 0;
  readonly one: Endpoint;
  readonly other: Endpoint;
  /** Offset of the connection's words and times. */
  w = 0;
  t = 0;

  constructor(readonly table: ConnectionTable) {
    this.one = new Endpoint(table);
    this.other = new Endpoint(table);
  }

  /** Moves to `row`, `one` being endpoint `side`. */
  move(row: number, side: 0 | 1): void {
    this.row = row;
    this.w = row * c.WORDS;
    this.t = row * c.TIMES;
    this.one.move(this.table, row, side);
    this.other.move(this.table, row, (side ^ 1) as 0 | 1);
  }

  get bits(): number {
    return this.table.words[this.w + c.BITS];
  }
  set bits(v: number) {
    this.table.words[this.w + c.BITS] = v;
  }
  /** Which endpoint sent the SYN: 0, 1 or -1. */
  get client(): number {
    return this.table.words[this.w + c.CLIENT];
  }
  get incarnation(): number {
    return this.table.words[this.w + c.INCARNATION];
  }
  get lastPayload(): number {
    return this.table.times[this.t + c.LAST_PAYLOAD];
  }
  get start(): number {
    return this.table.times[this.t + c.START];
  }

  word(column: number): number {
    return this.table.words[this.w + column];
  }
  setWord(column: number, v: number): void {
    this.table.words[this.w + column] = v;
  }
  time(column: number): number {
    return this.table.times[this.t + column];
  }
  setTime(column: number, v: number): void {
    this.table.times[this.t + column] = v;
  }

  /** The cursor of endpoint 0 or 1. */
  endpoint(side: number): Endpoint {
    return this.one.side === side ? this.one : this.other;
  }
  /** Address and port of endpoint 0 or 1, as text. */
  place(side: number): { readonly address: string; readonly port: number } {
    return { address: this.address(side), port: this.port(side) };
  }
  address(side: number): string {
    return addressAt(this.table.words, this.addressAt(side));
  }
  /** Port of endpoint 0 or 1. */
  port(side: number): number {
    return portAt(this.table.words, this.w, side);
  }
  /** Offset in `table.words` of the four address words of endpoint 0 or 1. */
  addressAt(side: number): number {
    return this.w + c.ADDRESS + 4 * side;
  }
}
