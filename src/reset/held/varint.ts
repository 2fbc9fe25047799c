/** Numbers of seven bits to an octet, the lowest first; words and float64 as they are. */

/** Writes to one array that is used again. */
export class OctetWriter {
  private readonly octets: Uint8Array;
  private readonly view: DataView;
  private end = 0;

  /** @param room octets that are written at most */
  constructor(room: number) {
    this.octets = new Uint8Array(room);
    this.view = new DataView(this.octets.buffer);
  }

  /** Begins anew. */
  clear(): void {
    this.end = 0;
  }

  /** What was written; it lasts until the next {@link clear}. */
  written(): Uint8Array {
    return this.octets.subarray(0, this.end);
  }

  /** A whole number from 0 to 2^53. */
  put(number: number): void {
    const { octets } = this;
    let rest = number;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) octets[this.end++] = 0x80 | (rest % 128);
    for (; rest > 0x7f; rest >>>= 7) octets[this.end++] = 0x80 | (rest & 0x7f);
    octets[this.end++] = rest;
  }

  octet(value: number): void {
    this.octets[this.end++] = value;
  }

  word(value: number): void {
    this.view.setUint32(this.end, value);
    this.end += 4;
  }

  float(value: number): void {
    this.view.setFloat64(this.end, value);
    this.end += 8;
  }
}

/** Reads what an {@link OctetWriter} wrote. */
export class OctetReader {
  private readonly view: DataView;

  constructor(
    private readonly octets: Uint8Array,
    private next: number,
  ) {
    this.view = new DataView(octets.buffer, octets.byteOffset);
  }

  get(): number {
    const { octets } = this;
    let octet = octets[this.next++];
    if (octet < 0x80) return octet;
    let number = octet & 0x7f;
    for (let unit = 128; ; unit *= 128) {
      octet = octets[this.next++];
      number += (octet & 0x7f) * unit;
      if (octet < 0x80) return number;
    }
  }

  octet(): number {
    return this.octets[this.next++];
  }

  word(): number {
    this.next += 4;
    return this.view.getUint32(this.next - 4);
  }

  float(): number {
    this.next += 8;
    return this.view.getFloat64(this.next - 8);
  }
}
