import { CaptureError, type CaptureInfo, type CaptureReader, type CaptureRecord, DIRECTION_UNKNOWN } from './types.js';
import { WarningLog } from './warnings.js';
import { ChunkWindow } from './window.js';

/** Identification pattern, version and datalink type (RFC 1761, "File Format"). */
const FILE_HEADER = 16;
/** Lengths, drops and time before each packet (RFC 1761, "Packet Record Format"). */
const RECORD_HEADER = 24;
const VERSION = 2;
/** As for pcap: no tool writes longer packets. */
const MAX_RECORD = 262_144;

/** LINKTYPE_ value by datalink type (RFC 1761, "Datalink Types"). */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1], // IEEE 802.3
  [4, 1], // Ethernet
  [8, 10], // FDDI
]);

/** Reads what Solaris' snoop writes (RFC 1761): big-endian, microseconds. */
export class SnoopReader implements CaptureReader {
  private readonly window = new ChunkWindow();
  private readonly warnings = new WarningLog();
  private linkType = -1;
  private frame = 0;
  private firstSeconds = 0;
  private firstMicroseconds = 0;
  private dropped = 0;
  private damaged = false;

  push(chunk: Uint8Array): void {
    if (!this.damaged) this.window.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    const w = this.window;
    if (this.linkType < 0) return this.readHeader() && this.next(record);
    if (this.damaged || !w.fill(RECORD_HEADER)) return false;
    const captured = w.view.getUint32(w.at + 4);
    // With the header and what fills up to a multiple of four octets.
    const whole = w.view.getUint32(w.at + 8);
    if (captured > MAX_RECORD || whole < RECORD_HEADER + captured || whole > RECORD_HEADER + MAX_RECORD)
      return this.stop(captured, whole);
    if (!w.fill(whole)) return false;
    const { view, at } = w;
    const seconds = view.getUint32(at + 16);
    const microseconds = view.getUint32(at + 20);
    if (this.frame === 0) {
      this.firstSeconds = seconds;
      this.firstMicroseconds = microseconds;
    }
    this.dropped = Math.max(this.dropped, view.getUint32(at + 12));
    record.frame = ++this.frame;
    record.time = (seconds - this.firstSeconds) * 1e9 + (microseconds - this.firstMicroseconds) * 1000;
    record.data = w.data;
    record.start = at + RECORD_HEADER;
    record.end = record.start + captured;
    record.originalLength = view.getUint32(at);
    record.linkType = this.linkType;
    record.interfaceId = 0;
    record.direction = DIRECTION_UNKNOWN;
    w.at = at + whole;
    return true;
  }

  end(): void {
    const w = this.window;
    if (this.damaged) return;
    if (this.linkType < 0)
      throw new CaptureError(
        'cut-header',
        `the file ends inside its snoop header: ${w.pushed} of ${FILE_HEADER} octets`,
        0,
        FILE_HEADER,
        w.pushed,
      );
    if (w.left > 0) this.warnings.cutRecord(this.frame + 1, w.offset);
  }

  get info(): CaptureInfo {
    const first = BigInt(this.firstSeconds) * 1_000_000_000n + BigInt(this.firstMicroseconds) * 1000n;
    return {
      format: 'snoop',
      linkTypes: this.linkType < 0 ? [] : [this.linkType],
      epoch: this.frame === 0 ? null : first,
      snaplen: 0,
      dropped: this.dropped,
      warnings: this.warnings.list(),
    };
  }

  private readHeader(): boolean {
    const w = this.window;
    if (!w.fill(FILE_HEADER)) return false;
    const version = w.view.getUint32(w.at + 8);
    if (version !== VERSION)
      throw new CaptureError('unsupported-format', `snoop version ${version} is not read, only ${VERSION}`, 8);
    const datalink = w.view.getUint32(w.at + 12);
    const linkType = LINK_TYPES.get(datalink);
    if (linkType === undefined) {
      const text = `snoop's datalink type ${datalink} is not read, only 802.3 (0), Ethernet (4) and FDDI (8)`;
      throw new CaptureError('unsupported-format', text, 12);
    }
    this.linkType = linkType;
    w.at += FILE_HEADER;
    return true;
  }

  /** Lengths that cannot be: nothing after them can be found again, everything before is kept. */
  private stop(captured: number, whole: number): boolean {
    this.damaged = true;
    const w = this.window;
    const frame = this.frame + 1;
    const text = `frame ${frame} (at octet ${w.offset}) claims ${captured} captured octets in a record of ${whole}: the file is damaged there, the rest of it was not read`;
    this.warnings.add('corrupt-record', frame, text);
    w.skip(w.left);
    return false;
  }
}
