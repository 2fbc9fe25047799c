import { packetTypeDirection } from './direction.js';
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

/** Magic numbers as the first four octets spell them in big-endian order (draft-ietf-opsawg-pcap §4). */
export const PCAP_MAGIC = 0xa1b2c3d4;
export const PCAP_MAGIC_NANOSECONDS = 0xa1b23c4d;
/** Alexey Kuznetzov's patched libpcap: eight more octets in each record header. */
export const PCAP_MAGIC_MODIFIED = 0xa1b2cd34;

const FILE_HEADER = 24;
/** No tool writes longer packets than this without saying so in the snaplen; libpcap and Wireshark refuse them. */
const MAX_SNAPLEN = 262_144;
/** … and this is the most we believe even then. */
const MAX_RECORD = 16 * 1024 * 1024;

/** Reads classic pcap (draft-ietf-opsawg-pcap) in micro- and nanoseconds and in either byte order. */
export class PcapReader implements CaptureReader {
  private readonly window = new ChunkWindow();
  private readonly warnings = new WarningLog();
  /** Octets of a record header; 0 until the file header has been read. */
  private recordHeader = 0;
  private littleEndian = false;
  private format = 'pcap';
  private modified = false;
  private fraction = 1000;
  private snaplen = 0;
  private longest = MAX_SNAPLEN;
  private linkType = 0;
  private frame = 0;
  private firstSeconds = 0;
  private firstFraction = 0;
  private damaged = false;

  push(chunk: Uint8Array): void {
    if (!this.damaged) this.window.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    const w = this.window;
    const header = this.recordHeader;
    if (header === 0) return this.readHeader() && this.next(record);
    if (w.end - w.at < header && !w.fill(header)) return false;
    const littleEndian = this.littleEndian;
    const captured = w.view.getUint32(w.at + 8, littleEndian);
    if (captured > this.longest) return this.stop(captured);
    if (w.end - w.at < header + captured && !w.fill(header + captured)) return false;

    const at = w.at;
    const view = w.view;
    const seconds = view.getUint32(at, littleEndian);
    const fraction = view.getUint32(at + 4, littleEndian);
    if (this.frame === 0) {
      this.firstSeconds = seconds;
      this.firstFraction = fraction;
    }
    record.frame = ++this.frame;
    record.time = (seconds - this.firstSeconds) * 1e9 + (fraction - this.firstFraction) * this.fraction;
    record.data = w.data;
    record.start = at + header;
    record.end = w.at = at + header + captured;
    record.originalLength = view.getUint32(at + 12, littleEndian);
    record.linkType = this.linkType;
    if (this.modified) {
      record.interfaceId = view.getInt32(at + 16, littleEndian);
      record.direction = packetTypeDirection(view.getUint8(at + 22));
    } else {
      record.interfaceId = 0;
      record.direction = DIRECTION_UNKNOWN as Direction;
    }
    return true;
  }

  end(): void {
    const w = this.window;
    if (this.damaged) return;
    if (this.recordHeader === 0) {
      throw new CaptureError(
        'cut-header',
        `the file ends inside its pcap header: ${w.pushed} of ${FILE_HEADER} octets`,
        0,
        FILE_HEADER,
        w.pushed,
      );
    }
    if (w.left > 0) this.warnings.cutRecord(this.frame + 1, w.offset);
  }

  get info(): CaptureInfo {
    return {
      format: this.format,
      linkTypes: this.recordHeader === 0 ? [] : [this.linkType],
      epoch:
        this.frame === 0
          ? null
          : BigInt(this.firstSeconds) * 1_000_000_000n + BigInt(this.firstFraction * this.fraction),
      snaplen: this.snaplen,
      dropped: 0,
      warnings: this.warnings.list(),
    };
  }

  private readHeader(): boolean {
    const w = this.window;
    if (!w.fill(FILE_HEADER)) return false;
    const { view, at } = w;
    let magic = view.getUint32(at);
    if (!isPcapMagic(magic)) {
      magic = view.getUint32(at, true);
      this.littleEndian = true;
    }
    if (!isPcapMagic(magic)) throw new CaptureError('unknown-format', 'not a pcap file', 0);
    const littleEndian = this.littleEndian;
    const major = view.getUint16(at + 4, littleEndian);
    const minor = view.getUint16(at + 6, littleEndian);
    if (major !== 2) {
      throw new CaptureError('unsupported-format', `pcap version ${major}.${minor} is not read, only 2.x`, 4);
    }
    if (magic === PCAP_MAGIC_NANOSECONDS) {
      this.format = 'pcap-ns';
      this.fraction = 1;
    }
    this.modified = magic === PCAP_MAGIC_MODIFIED;
    this.snaplen = view.getUint32(at + 16, littleEndian);
    if (this.snaplen > MAX_SNAPLEN) this.longest = Math.min(this.snaplen, MAX_RECORD);
    // The upper bits hold the FCS length and reserved ones (draft-ietf-opsawg-pcap §4).
    this.linkType = view.getUint32(at + 20, littleEndian) & 0xffff;
    this.recordHeader = this.modified ? 24 : 16;
    w.at += FILE_HEADER;
    return true;
  }

  /** A length that cannot be: nothing after it can be found again, everything before it is kept. */
  private stop(captured: number): boolean {
    if (!this.damaged) {
      this.damaged = true;
      const w = this.window;
      const frame = this.frame + 1;
      const text = `frame ${frame} (at octet ${w.offset}) claims ${captured} captured octets: the file is damaged there, the rest of it was not read`;
      this.warnings.add('corrupt-record', frame, text);
      w.skip(w.left);
    }
    return false;
  }
}

/** Is `magic`, read in the file's byte order, one of the classic pcap magic numbers? */
export function isPcapMagic(magic: number): boolean {
  return magic === PCAP_MAGIC || magic === PCAP_MAGIC_NANOSECONDS || magic === PCAP_MAGIC_MODIFIED;
}
