import { grown } from '../flow/grown.js';

/** Numbers endpoints in the order in which they come, from 0: an address (four words) and a number (a port, or 0). Exact, without building strings. */
export class EndpointIndex {
  /** How many are numbered. */
  size = 0;
  private keys: Int32Array;
  /** Numbers + 1, where the hash of their key says; 0 where there is none. */
  private slots: Int32Array;
  private mask: number;

  constructor(
    /** Most entries. */
    private readonly limit: number,
    /** Entries there is room for at first. */
    room = 256,
  ) {
    this.keys = new Int32Array(5 * room);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * room)));
    this.mask = this.slots.length - 1;
  }

  /** Number of the key, -1 when it has none. */
  find(words: Int32Array, at: number, port: number): number {
    return this.slots[this.slot(words, at, port)] - 1;
  }

  /** Number of the key, given when it is new; -1 when there is no room for it. */
  number(words: Int32Array, at: number, port: number): number {
    const slot = this.slot(words, at, port);
    const found = this.slots[slot];
    return found > 0 ? found - 1 : this.append(slot, words, at, port);
  }

  /** The address words of entry `index`, and its number behind them. */
  key(index: number): Int32Array {
    return this.keys.subarray(index * 5, index * 5 + 5);
  }

  private append(slot: number, words: Int32Array, at: number, port: number): number {
    if (this.size >= this.limit) return -1;
    const index = this.size++;
    const k = index * 5;
    if (k === this.keys.length) this.keys = grown(this.keys, k * 2);
    for (let i = 0; i < 4; i++) this.keys[k + i] = words[at + i];
    this.keys[k + 4] = port;
    this.slots[slot] = this.size;
    if (this.size * 2 > this.slots.length) this.grow();
    return index;
  }

  /** Where the key's number is, or would be. */
  private slot(words: Int32Array, at: number, port: number): number {
    const { keys, slots, mask } = this;
    let h =
      Math.imul(words[at + 3] ^ Math.imul(port + 1, 0x9e3779b1), 0x85ebca6b) ^
      Math.imul(words[at] ^ Math.imul(words[at + 1], 31) ^ Math.imul(words[at + 2], 0x27d4eb2f), 0xc2b2ae35);
    h ^= h >>> 15;
    let slot = h & mask;
    for (;;) {
      const number = slots[slot];
      if (number === 0) return slot;
      const k = (number - 1) * 5;
      if (
        keys[k + 3] === words[at + 3] &&
        keys[k + 4] === port &&
        keys[k] === words[at] &&
        keys[k + 1] === words[at + 1] &&
        keys[k + 2] === words[at + 2]
      )
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    this.mask = this.slots.length - 1;
    for (let i = 0; i < this.size; i++) this.slots[this.slot(this.keys, i * 5, this.keys[i * 5 + 4])] = i + 1;
  }
}
