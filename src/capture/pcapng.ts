import { droppedPackets, interfaceDescription, type PcapngInterface } from './pcapng-interface.js';
import {
  CaptureError,
  type CaptureInfo,
  type CaptureReader,
  type CaptureRecord,
  DIRECTION_UNKNOWN,
  type Direction,
} from './types.js';
import { WarningLog } from './warnings.js';
import { ChunkWindow } from './window.js';

/** Block types (draft-ietf-opsawg-pcapng §11.1). The section header's reads the same in either byte order. */
export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Octets of the longest block that is read, as in libpcap; others are skipped at any length. */
const MAX_BLOCK = 16 * 1024 * 1024;

/** Reads pcapng (draft-ietf-opsawg-pcapng): several sections, byte orders, interfaces, resolutions. */
export class PcapngReader implements CaptureReader {
  private readonly window = new ChunkWindow();
  private readonly warnings = new WarningLog();
  /** Of all sections; those of the current one start at #sectionBase. */
  private readonly interfaces: PcapngInterface[] = [];
  private readonly linkTypes: number[] = [];
  private sectionBase = 0;
  private inSection = false;
  private littleEndian = false;
  /** Octets still to be passed of a block that is not read, before its trailing length. */
  private skip = 0;
  private skipTotal = 0;
  private frame = 0;
  private time = 0;
  private epoch: bigint | null = null;
  private damaged = false;

  push(chunk: Uint8Array): void {
    if (!this.damaged) this.window.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    const w = this.window;
    for (;;) {
      if (this.skipTotal > 0 && !this.passBlock()) return false;
      if (w.end - w.at < 12 && !w.fill(12)) return false;
      const type = w.view.getUint32(w.at, this.littleEndian);
      if (type === ENHANCED_PACKET && this.inSection) {
        if (!this.arrived(32)) return false;
        if (this.packet(record, false)) return true;
      } else if (type === SIMPLE_PACKET && this.inSection) {
        if (!this.arrived(16)) return false;
        if (this.simplePacket(record)) return true;
      } else if (type === OBSOLETE_PACKET && this.inSection) {
        if (!this.arrived(32)) return false;
        if (this.packet(record, true)) return true;
      } else if (!this.otherBlock(type)) {
        return false;
      }
    }
  }

  end(): void {
    if (this.damaged) return;
    const w = this.window;
    if (!this.inSection) {
      const text = `the file ends inside its pcapng section header: ${w.pushed} octets`;
      throw new CaptureError('cut-header', text, 0, 28, w.pushed);
    }
    if (w.left > 0 || this.skipTotal > 0) {
      const text = `the last block (after frame ${this.frame}, at octet ${w.offset}) is cut off: the file ends inside it`;
      this.warnings.add('cut-record', this.frame + 1, text);
    }
    if (this.epoch === null && this.frame > 0) this.epoch = 0n;
  }

  get info(): CaptureInfo {
    const interfaces = this.interfaces;
    let snaplen = 0;
    let dropped = 0;
    for (const one of interfaces) {
      snaplen = Math.max(snaplen, one.snaplen);
      dropped += one.dropped;
    }
    if (interfaces.some((one) => one.snaplen === 0)) snaplen = 0;
    const linkTypes = [...this.linkTypes];
    return { format: 'pcapng', linkTypes, epoch: this.epoch, snaplen, dropped, warnings: this.warnings.list() };
  }

  /** Is the block at hand whole? Checks its two lengths; a block whose end cannot be trusted ends the reading. */
  private arrived(least: number): boolean {
    const w = this.window;
    const total = w.view.getUint32(w.at + 4, this.littleEndian);
    if (total < least || total > MAX_BLOCK || (total & 3) !== 0) return this.stop(`claims ${total} octets`);
    if (w.end - w.at < total && !w.fill(total)) return false;
    const trailing = w.view.getUint32(w.at + total - 4, this.littleEndian);
    if (trailing !== total) return this.stop(`says ${total} octets at its start and ${trailing} at its end`);
    return true;
  }

  /** Enhanced Packet Block (§4.3), or the obsolete Packet Block: the same but for a shorter interface number and a drop count. */
  private packet(record: CaptureRecord, obsolete: boolean): boolean {
    const w = this.window;
    const { view, at } = w;
    const littleEndian = this.littleEndian;
    const total = view.getUint32(at + 4, littleEndian);
    const captured = view.getUint32(at + 20, littleEndian);
    const id = obsolete ? view.getUint16(at + 8, littleEndian) : view.getUint32(at + 8, littleEndian);
    w.at = at + total;
    if (captured > total - 32) return this.badPacket(`holds ${captured} captured octets in ${total}`);
    record.data = w.data;
    record.start = at + 28;
    record.end = at + 28 + captured;
    record.originalLength = view.getUint32(at + 24, littleEndian);
    record.direction = DIRECTION_UNKNOWN;
    if (!this.stamp(record, id, view.getUint32(at + 12, littleEndian), view.getUint32(at + 16, littleEndian)))
      return false;
    if (obsolete) {
      // 0xffff: not known.
      const drops = view.getUint16(at + 10, littleEndian);
      if (drops !== 0xffff) this.interfaces[record.interfaceId]!.droppedByRecords += drops;
    }
    const options = at + 28 + ((captured + 3) & ~3);
    if (options < at + total - 4) this.packetOptions(record, options, at + total - 4);
    return true;
  }

  /** Simple Packet Block (§4.4): interface 0, no timestamp, and the captured length only follows from the snaplen. */
  private simplePacket(record: CaptureRecord): boolean {
    const w = this.window;
    const { view, at } = w;
    const total = view.getUint32(at + 4, this.littleEndian);
    const original = view.getUint32(at + 8, this.littleEndian);
    w.at = at + total;
    const source = this.interfaces[this.sectionBase];
    if (source === undefined) return this.badPacket('comes before any interface');
    record.data = w.data;
    record.start = at + 12;
    record.end = record.start + Math.min(original, total - 16, source.snaplen || original);
    record.originalLength = original;
    record.linkType = source.linkType;
    record.interfaceId = this.sectionBase;
    record.direction = DIRECTION_UNKNOWN;
    record.frame = ++this.frame;
    record.time = this.time;
    this.sawLinkType(source.linkType);
    const text = 'records without a timestamp (Simple Packet Blocks) were given the time of the record before';
    this.warnings.add('no-timestamp', this.frame, text);
    return true;
  }

  /** Frame, time, link type and interface of a record. */
  private stamp(record: CaptureRecord, id: number, high: number, low: number): boolean {
    const interfaceId = this.sectionBase + id;
    if (interfaceId >= this.interfaces.length) return this.badPacket(`names interface ${id}, which is not described`);
    const source = this.interfaces[interfaceId]!;
    if (!source.started) this.startInterface(source, high, low);
    record.frame = ++this.frame;
    record.time = this.time = source.time(high, low);
    record.linkType = source.linkType;
    record.interfaceId = interfaceId;
    return true;
  }

  private startInterface(source: PcapngInterface, high: number, low: number): void {
    const now = source.nanoseconds(high, low);
    this.epoch ??= now;
    source.started = true;
    source.firstHigh = high;
    source.firstLow = low;
    source.firstTime = Number(now - this.epoch);
    this.sawLinkType(source.linkType);
  }

  private sawLinkType(linkType: number): void {
    if (!this.linkTypes.includes(linkType)) this.linkTypes.push(linkType);
  }

  /** epb_flags (§4.3.1) has the direction in its lowest two bits, epb_dropcount what was lost since the record before. */
  private packetOptions(record: CaptureRecord, from: number, to: number): void {
    const view = this.window.view;
    for (let at = from; at + 4 <= to; ) {
      const code = view.getUint16(at, this.littleEndian);
      const length = view.getUint16(at + 2, this.littleEndian);
      if (code === 0 || at + 4 + length > to) return;
      if (code === 2 && length === 4) {
        const direction = view.getUint32(at + 4, this.littleEndian) & 3;
        if (direction !== 3) record.direction = direction as Direction;
      } else if (code === 4 && length === 8) {
        this.interfaces[record.interfaceId]!.droppedByRecords += Number(view.getBigUint64(at + 4, this.littleEndian));
      }
      at += 4 + ((length + 3) & ~3);
    }
  }

  /** Section headers, interface descriptions and statistics are read, everything else is passed over. */
  private otherBlock(type: number): boolean {
    const w = this.window;
    if (type === SECTION_HEADER) return this.sectionHeader();
    if (!this.inSection) throw new CaptureError('unknown-format', 'not a pcapng file: no section header', 0);
    const littleEndian = this.littleEndian;
    const total = w.view.getUint32(w.at + 4, littleEndian);
    if (type === INTERFACE_DESCRIPTION) {
      if (!this.arrived(20)) return false;
      this.interfaces.push(interfaceDescription(w.view, w.at, total, littleEndian));
      w.at += total;
    } else if (type === INTERFACE_STATISTICS) {
      if (!this.arrived(24)) return false;
      const source = this.interfaces[this.sectionBase + w.view.getUint32(w.at + 8, littleEndian)];
      const dropped = droppedPackets(w.view, w.at, total, littleEndian);
      if (source !== undefined) source.droppedByStatistics = Math.max(source.droppedByStatistics, dropped);
      w.at += total;
    } else {
      if (total < 12 || (total & 3) !== 0) return this.stop(`claims ${total} octets`);
      this.skipTotal = total;
      this.skip = total - 4;
    }
    return true;
  }

  /** Passes a block that is not read without ever holding it, then checks its trailing length. */
  private passBlock(): boolean {
    const w = this.window;
    this.skip -= w.skip(this.skip);
    if (this.skip > 0 || !w.fill(4)) return false;
    const trailing = w.view.getUint32(w.at, this.littleEndian);
    const total = this.skipTotal;
    if (trailing !== total) return this.stop(`says ${total} octets at its start and ${trailing} at its end`);
    this.skipTotal = 0;
    w.at += 4;
    return true;
  }

  /** Section Header Block (§4.1): byte order and interface numbers start afresh. */
  private sectionHeader(): boolean {
    const w = this.window;
    if (!w.fill(16)) return false;
    const { view, at } = w;
    const magic = view.getUint32(at + 8);
    const littleEndian = magic !== BYTE_ORDER_MAGIC;
    if (littleEndian && view.getUint32(at + 8, true) !== BYTE_ORDER_MAGIC) return this.stop('has no byte-order magic');
    const total = view.getUint32(at + 4, littleEndian);
    const major = view.getUint16(at + 12, littleEndian);
    const minor = view.getUint16(at + 14, littleEndian);
    if (major !== 1) return this.stop(`is of version ${major}.${minor}, only 1.x is read`, 'unsupported-format');
    if (total < 28 || (total & 3) !== 0) return this.stop(`claims ${total} octets`);
    this.littleEndian = littleEndian;
    this.inSection = true;
    this.sectionBase = this.interfaces.length;
    this.skipTotal = total;
    this.skip = total - 4;
    return true;
  }

  /** A packet block that contradicts itself, but whose end is known: only it is lost. */
  private badPacket(what: string): boolean {
    this.warnings.add('corrupt-block', this.frame + 1, `the packet block after frame ${this.frame} ${what}; left out`);
    return false;
  }

  /** A block whose end cannot be known: everything before it is kept, nothing after it can be found. */
  private stop(what: string, code: 'corrupt' | 'unsupported-format' = 'corrupt'): boolean {
    const w = this.window;
    if (!this.inSection) throw new CaptureError(code, `the pcapng section header ${what}`, w.offset);
    const text = `the block after frame ${this.frame} (at octet ${w.offset}) ${what}: the rest of the file was not read`;
    this.warnings.add('corrupt-block', this.frame + 1, text);
    this.damaged = true;
    this.skip = this.skipTotal = 0;
    w.skip(w.left);
    return false;
  }
}
