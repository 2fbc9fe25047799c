import { EndpointIndex } from './endpoint-index.js';

/** A map from an address (four words) and a number (a port, or 0) to a value. */
export class EndpointMap<T> extends EndpointIndex {
  /** By the number of their key. */
  readonly values: T[] = [];

  constructor(
    private readonly make: (number: number) => T,
    /** Most entries. */
    limit: number,
  ) {
    super(limit);
  }

  get(words: Int32Array, at: number, port: number): T | undefined {
    const index = this.find(words, at, port);
    return index < 0 ? undefined : this.values[index];
  }

  /** The value of the key, made when it is new; undefined when there is no room for it. */
  obtain(words: Int32Array, at: number, port: number): T | undefined {
    const index = this.number(words, at, port);
    return index < 0 ? undefined : this.values[index];
  }

  /** Number of the key, its value made when it is new; -1 when there is no room for it. */
  override number(words: Int32Array, at: number, port: number): number {
    const index = super.number(words, at, port);
    if (index === this.values.length) this.values.push(this.make(index));
    return index;
  }
}
