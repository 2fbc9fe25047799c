/** The longest line that is looked at, in octets: a packet with all its options and notes has a few hundred. */
const LONGEST = 8192;

const LINE_FEED = 0x0a;

/**
 * Octets that arrive in chunks as numbered lines of text. UTF-8, or UTF-16 where the octets begin with its mark
 * (what PowerShell writes of a redirected `tshark`). Of a line longer than {@link LONGEST} only that much is kept, so
 * memory is bounded and no line is read twice.
 */
export class LineSplitter {
  /** 1-based number of the line that {@link next} returned last. */
  number = 0;
  private readonly decoder = new TextDecoder();
  private wide: InstanceType<typeof TextDecoder> | null = null;
  private started = false;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** The beginning of a line whose end has not arrived. */
  private readonly begun = new Uint8Array(LONGEST);
  private begunLength = 0;
  private isBegun = false;

  /** `chunk` must stay unchanged until {@link next} has returned null. */
  push(chunk: Uint8Array): void {
    if (!this.started && chunk.length > 1) {
      this.started = true;
      if (chunk[0] === 0xff && chunk[1] === 0xfe) this.wide = new TextDecoder('utf-16le');
    }
    this.chunk = this.wide === null ? chunk : new TextEncoder().encode(this.wide.decode(chunk, { stream: true }));
    this.at = 0;
  }

  /** The next line without its end; null when it has not arrived. */
  next(): string | null {
    const chunk = this.chunk;
    if (this.at >= chunk.length) return null;
    const end = chunk.indexOf(LINE_FEED, this.at);
    if (end < 0) {
      this.keep(chunk.subarray(this.at));
      this.at = chunk.length;
      return null;
    }
    const from = this.at;
    this.at = end + 1;
    if (!this.isBegun) return this.line(chunk.subarray(from, Math.min(end, from + LONGEST)));
    this.keep(chunk.subarray(from, end));
    return this.rest();
  }

  /** The last line, which has no end; null where there is none. */
  rest(): string | null {
    if (!this.isBegun) return null;
    const length = this.begunLength;
    this.isBegun = false;
    this.begunLength = 0;
    return this.line(this.begun.subarray(0, length));
  }

  private keep(octets: Uint8Array): void {
    this.isBegun = true;
    const some = octets.subarray(0, LONGEST - this.begunLength);
    this.begun.set(some, this.begunLength);
    this.begunLength += some.length;
  }

  private line(octets: Uint8Array): string {
    this.number++;
    return this.decoder.decode(octets);
  }
}
