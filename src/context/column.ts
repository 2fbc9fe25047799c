import { grown } from '../flow/grown.js';

/** An integer for each of things that are numbered from 0 and grow in number; 0 at first. */
export class Column {
  private words = new Int32Array(1024);

  get(at: number): number {
    return at < this.words.length ? this.words[at] : 0;
  }

  set(at: number, value: number): void {
    if (at >= this.words.length) this.words = grown(this.words, 2 ** Math.ceil(Math.log2(at + 1)));
    this.words[at] = value;
  }
}
