/** A map from an address (four words) and a number (a port, or 0) to a value: exact, without building strings. */
export class EndpointMap<T> {
  private keys = new Int32Array(5 * 256);
  private slots = new Int32Array(512).fill(-1);
  private mask = 511;
  readonly values: T[] = [];

  constructor(
    private readonly make: () => T,
    /** Most entries. */
    private readonly limit = 262_144,
  ) {}

  get(words: Int32Array, at: number, port: number): T | undefined {
    const slot = this.slot(words, at, port);
    const index = this.slots[slot];
    return index < 0 ? undefined : this.values[index];
  }

  /** The value of the key, made when it is new; undefined when there is no room for it. */
  obtain(words: Int32Array, at: number, port: number): T | undefined {
    const index = this.number(words, at, port);
    return index < 0 ? undefined : this.values[index];
  }

  /** Where the key's value lies in {@link values}, made when it is new; -1 when there is no room for it. */
  number(words: Int32Array, at: number, port: number): number {
    const slot = this.slot(words, at, port);
    const found = this.slots[slot];
    if (found >= 0) return found;
    const index = this.values.length;
    if (index >= this.limit) return -1;
    if ((index + 1) * 5 > this.keys.length) {
      const keys = new Int32Array(this.keys.length * 2);
      keys.set(this.keys);
      this.keys = keys;
    }
    for (let i = 0; i < 4; i++) this.keys[index * 5 + i] = words[at + i];
    this.keys[index * 5 + 4] = port;
    this.slots[slot] = index;
    this.values.push(this.make());
    if (this.values.length * 2 > this.slots.length) this.grow();
    return index;
  }

  /** The address words of entry `index`. */
  key(index: number): Int32Array {
    return this.keys.subarray(index * 5, index * 5 + 5);
  }

  private slot(words: Int32Array, at: number, port: number): number {
    let h =
      Math.imul(words[at + 3] ^ Math.imul(port + 1, 0x9e3779b1), 0x85ebca6b) ^
      Math.imul(words[at] ^ Math.imul(words[at + 1], 31) ^ Math.imul(words[at + 2], 0x27d4eb2f), 0xc2b2ae35);
    h ^= h >>> 15;
    let slot = h & this.mask;
    for (;;) {
      const index = this.slots[slot];
      if (index < 0) return slot;
      const k = index * 5;
      if (
        this.keys[k + 3] === words[at + 3] &&
        this.keys[k + 4] === port &&
        this.keys[k] === words[at] &&
        this.keys[k + 1] === words[at + 1] &&
        this.keys[k + 2] === words[at + 2]
      )
        return slot;
      slot = (slot + 1) & this.mask;
    }
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    this.mask = this.slots.length - 1;
    for (let i = 0; i < this.values.length; i++) this.slots[this.slot(this.keys, i * 5, this.keys[i * 5 + 4])] = i;
  }
}
