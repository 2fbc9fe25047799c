import { CODES, Codes, ENDS_CODES, KIND, KINDS } from './codes.js';
import type { Held } from './hold.js';
import { HELD_WORDS } from './layout.js';
import { OctetReader, OctetWriter } from './varint.js';

/**
 * A held reset in some 400 octets instead of 2,280: most of its codes (codes.ts) are those of one before it that was alike.
 *
 * The number of that one comes first. Then, for each 64 codes, an octet with a bit for each eight that are not all the same;
 * for each such eight an octet with a bit for each code that is another, and those codes.
 */

/** Held resets whose codes are kept for others to be compared with. */
const PATTERNS = 128;
/** Shapes of which it is known what they are compared with. */
const SHAPES = 8192;

/** A float64 follows as it is: no code of one is 0. */
const AS_IT_IS = 0;

/** Makes held resets compact; what it made only it can restore. */
export class Compactor {
  private readonly current = new Codes();
  /** Codes of those others are compared with, the first of which is none, and by shape the number of those it is compared with. */
  private readonly patterns: Float64Array[] = [this.current.codes.slice()];
  private readonly shapes = new Map<number, number>();
  /** Of each eight of 64 codes, which are others than the pattern's. */
  private readonly bits = new Uint8Array(8);
  /** Room for the longest: a code takes at most nine octets, and has a bit of two. */
  private readonly writer = new OctetWriter(9 * HELD_WORDS);

  /** The octets of what is held; they last until the next call. */
  compact(held: Held): Uint8Array {
    const { current, patterns, shapes, writer } = this;
    current.of(held);
    const shape = current.shape();
    let number = shapes.get(shape);
    if (number === undefined) {
      number = this.nearest();
      // Those of its shape are compared with it, or where there is no room for its codes with what it was nearest to.
      const later = patterns.length < PATTERNS ? patterns.push(current.codes.slice()) - 1 : number;
      if (shapes.size < SHAPES) shapes.set(shape, later);
    }
    writer.clear();
    writer.put(number);
    for (let from = 0; from < CODES; from += 64) this.write(from, patterns[number]);
    return writer.written();
  }

  /** Writes to `held` what {@link compact} made of another, which lies at `at` among the octets. */
  restore(octets: Uint8Array, at: number, held: Held): void {
    this.read(octets, at, CODES);
    this.current.to(held);
  }

  /** … of who talked to whom, and of the RST's side, frame and time, alone. */
  restoreEnds(octets: Uint8Array, at: number, held: Held): void {
    this.read(octets, at, ENDS_CODES);
    this.current.endsTo(held);
  }

  /** Number of the pattern that has most codes in common with the current ones. */
  private nearest(): number {
    const { patterns } = this;
    const { codes } = this.current;
    let best = 0;
    let least = CODES;
    for (let number = 0; number < patterns.length; number++) {
      const pattern = patterns[number];
      let others = 0;
      for (let k = 0; k < CODES && others < least; k++) if (codes[k] !== pattern[k]) others++;
      if (others >= least) continue;
      least = others;
      best = number;
    }
    return best;
  }

  private write(from: number, pattern: Float64Array): void {
    const { writer, current, bits } = this;
    const { codes, exact } = current;
    let groups = 0;
    for (let g = 0; g < 8; g++) {
      bits[g] = 0;
      const first = from + 8 * g;
      const end = Math.min(first + 8, CODES);
      for (let k = first; k < end; k++) if (codes[k] !== pattern[k]) bits[g] |= 1 << (k - first);
      if (bits[g] !== 0) groups |= 1 << g;
    }
    writer.octet(groups);
    for (let g = 0; g < 8; g++) {
      if (bits[g] === 0) continue;
      writer.octet(bits[g]);
      for (let i = 0; i < 8; i++) {
        if ((bits[g] & (1 << i)) === 0) continue;
        const k = from + 8 * g + i;
        if (KINDS[k] === KIND.RAW) writer.word(codes[k]);
        else if (Number.isNaN(codes[k])) {
          writer.put(AS_IT_IS);
          writer.float(exact[k]);
        } else writer.put(codes[k]);
      }
    }
  }

  /** Reads the first `count` codes, or some more. */
  private read(octets: Uint8Array, at: number, count: number): void {
    const { codes, exact } = this.current;
    const reader = new OctetReader(octets, at);
    codes.set(this.patterns[reader.get()]);
    for (let from = 0; from < count; from += 64) {
      const groups = reader.octet();
      for (let g = 0; g < 8; g++) {
        if ((groups & (1 << g)) === 0) continue;
        const bits = reader.octet();
        for (let i = 0; i < 8; i++) {
          if ((bits & (1 << i)) === 0) continue;
          const k = from + 8 * g + i;
          codes[k] = KINDS[k] === KIND.RAW ? reader.word() : reader.get();
          if (codes[k] === AS_IT_IS && KINDS[k] >= KIND.MOMENT) {
            codes[k] = Number.NaN;
            exact[k] = reader.float();
          }
        }
      }
    }
  }
}
