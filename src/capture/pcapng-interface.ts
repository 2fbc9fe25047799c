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
  private readonly tickDivisor: bigint;

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
    this.tickDivisor = resolution & 0x80 ? 1n << BigInt(exponent) : 10n ** BigInt(exponent);
    this.nanosecondsPerTick = 1e9 / Number(this.tickDivisor);
    this.exact = Number.isInteger(this.nanosecondsPerTick);
  }

  /** Nanoseconds since 1970 of a timestamp; slow and exact, for the first record only. */
  nanoseconds(high: number, low: number): bigint {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    return (ticks * 1_000_000_000n) / this.tickDivisor + this.offset * 1_000_000_000n;
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

/** Interface Description Block (§4.2). */
export function interfaceDescription(
  view: DataView,
  start: number,
  total: number,
  littleEndian: boolean,
): PcapngInterface {
  let resolution = 6;
  let offset = 0n;
  for (let at = start + 16; at + 4 <= start + total - 4; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === 0 || at + 4 + length > start + total - 4) break;
    if (code === 9 && length === 1) resolution = view.getUint8(at + 4);
    else if (code === 14 && length === 8) offset = view.getBigInt64(at + 4, littleEndian);
    at += 4 + ((length + 3) & ~3);
  }
  const linkType = view.getUint16(start + 8, littleEndian);
  return new PcapngInterface(linkType, view.getUint32(start + 12, littleEndian), resolution, offset);
}

/** isb_ifdrop and isb_osdrop of an Interface Statistics Block (§4.6): counted from the start, so the last block holds. */
export function droppedPackets(view: DataView, start: number, total: number, littleEndian: boolean): number {
  let dropped = 0;
  for (let at = start + 20; at + 4 <= start + total - 4; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === 0 || at + 4 + length > start + total - 4) break;
    if ((code === 5 || code === 7) && length === 8) dropped += Number(view.getBigUint64(at + 4, littleEndian));
    at += 4 + ((length + 3) & ~3);
  }
  return dropped;
}
