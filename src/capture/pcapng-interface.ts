/** An interface of a pcapng section, and how its timestamps become nanoseconds (draft-ietf-opsawg-pcapng §4.2). */
export class PcapngInterface {
  /** Has it a record with a timestamp yet? Until then the fields below `offset` mean nothing. */
  started = false;
  /** The timestamp of its first record, as two unsigned words … */
  firstHigh = 0;
  firstLow = 0;
  /** … and that record's time in nanoseconds since the first record of the capture. */
  firstTime = 0;
  /** Packets the capture says were dropped: the last statistics block's count, and the sum over the records. */
  droppedByStatistics = 0;
  droppedByRecords = 0;

  readonly nanosecondsPerTick: number;
  /** One tick is a whole number of nanoseconds. */
  readonly exact: boolean;
  readonly #tickDivisor: bigint;

  constructor(
    readonly linkType: number,
    /** 0 = unlimited */
    readonly snaplen: number,
    /** if_tsresol: the negative power of 10, or with the top bit of 2, that one tick lasts in seconds. */
    resolution: number,
    /** if_tsoffset: seconds to add to every timestamp. */
    readonly offset: bigint,
  ) {
    const exponent = resolution & 0x7f;
    this.#tickDivisor = resolution & 0x80 ? 1n << BigInt(exponent) : 10n ** BigInt(exponent);
    this.nanosecondsPerTick = 1e9 / Number(this.#tickDivisor);
    this.exact = Number.isInteger(this.nanosecondsPerTick);
  }

  /** Nanoseconds since 1970 of a timestamp; slow and exact, for the first record only. */
  nanoseconds(high: number, low: number): bigint {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    return (ticks * 1_000_000_000n) / this.#tickDivisor + this.offset * 1_000_000_000n;
  }

  /** The differences are taken on the words, so that nanoseconds since 1970 never meet a double. */
  time(high: number, low: number): number {
    const ticks = (high - this.firstHigh) * 0x1_0000_0000 + (low - this.firstLow);
    const time = ticks * this.nanosecondsPerTick + this.firstTime;
    return this.exact ? time : Math.round(time);
  }

  get dropped(): number {
    return Math.max(this.droppedByStatistics, this.droppedByRecords);
  }
}
