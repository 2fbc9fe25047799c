import * as c from '../../flow/columns.js';
import { portAt } from '../../flow/connection.js';
import { frameNear } from '../../flow/frame.js';
import { addressAt } from '../../packet/address.js';
import type { Mark } from '../types.js';
import type { Held } from './hold.js';
import { R, RT } from './layout.js';

/** Reads a held reset: the packed copy of a row becomes plain values in RFC 9293 names. */
export class HeldView {
  readonly senderSide: 0 | 1;
  readonly client: number;

  private readonly words: Int32Array;
  private readonly times: Float64Array;
  /** Offsets of both endpoints' words, of which half is the offset of their times. */
  private readonly end0: number;
  private readonly end1: number;

  constructor(readonly held: Held) {
    this.words = held.words;
    this.times = held.times;
    this.end0 = held.w + c.endpointAt(0, 0);
    this.end1 = held.w + c.endpointAt(0, 1);
    this.senderSide = this.word(R.SIDE) as 0 | 1;
    this.client = this.word(c.CLIENT);
  }

  word(column: number): number {
    return this.words[this.held.w + column];
  }
  time(column: number): number {
    return this.times[this.held.t + column];
  }
  ew(side: number, column: number): number {
    return this.words[(side === 0 ? this.end0 : this.end1) + column];
  }
  et(side: number, column: number): number {
    return this.times[(side === 0 ? this.end0 : this.end1) / 2 + column];
  }
  bits(side: number): number {
    return this.ew(side, c.E_BITS);
  }
  get connectionBits(): number {
    return this.word(c.BITS);
  }

  address(side: number): string {
    return addressAt(this.words, this.held.w + c.ADDRESS + 4 * side);
  }
  port(side: number): number {
    return portAt(this.words, this.held.w, side);
  }

  /** The number in full of a frame whose low bits a column has. */
  frame(word: number): number {
    return frameNear(word, this.time(RT.FRAME));
  }

  mark(side: number, frameColumn: number, timeColumn: number): Mark | null {
    const frame = this.ew(side, frameColumn);
    return frame === 0 ? null : { frame: this.frame(frame), time: this.et(side, timeColumn) };
  }

  /** A mark of the aftermath. */
  later(frameColumn: number, timeColumn: number): Mark | null {
    const frame = this.word(frameColumn);
    return frame === 0 ? null : { frame: this.frame(frame), time: this.time(timeColumn) };
  }
}
