import { EventEmitter } from 'node:events';
import pcapParser, { type GlobalHeader, type Packet, type PacketHeader } from 'pcap-parser';
import { probe } from '../capture/open.js';
import { PCAP_MAGIC_MODIFIED, PCAP_MAGIC_NANOSECONDS } from '../capture/pcap.js';
import { CaptureError, type CaptureInfo, type CaptureReader, type CaptureRecord } from '../capture/types.js';
import { WarningLog } from '../capture/warnings.js';

/** Octets given to the parser at a time: it copies what it could not use, once per piece. */
const PIECE = 64 * 1024;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MAX_SNAPLEN = 262_144;
const MAX_RECORD = 16 * 1024 * 1024;

/** The stream pcap-parser wants; the octets come when {@link CaptureReader.next} asks, so nothing is asynchronous. */
class StreamStub extends EventEmitter {
  pause(): this {
    return this;
  }
  resume(): this {
    return this;
  }
}

/**
 * The npm package pcap-parser as a {@link CaptureReader}: a second opinion on classic pcap in
 * microseconds, independent of our own reader and giving the same records. It knows neither
 * nanoseconds nor pcapng, and takes lengths and ends on trust: those are checked here.
 */
export function pcapParserReader(): CaptureReader {
  return new PcapParserReader();
}

class PcapParserReader implements CaptureReader {
  private readonly stream = new StreamStub();
  private readonly parser = pcapParser.parse(this.stream);
  private readonly warnings = new WarningLog();
  /** Pushed, not yet given to the parser. A copy: the parser keeps views of what it is given. */
  private input: Buffer = Buffer.alloc(0);
  private packets: Packet[] = [];
  private nextPacket = 0;
  private head: Buffer | null = Buffer.alloc(0);
  private header: GlobalHeader | null = null;
  /** The record header whose packet has not come yet. */
  private openHeader: PacketHeader | null = null;
  private first: PacketHeader | null = null;
  private frame = 0;
  /** Octets of the records that have been announced, and of all that was given to the parser. */
  private announced = 0;
  private pushed = 0;
  private damaged = false;

  constructor() {
    this.parser.on('globalHeader', (header) => {
      // It lets any version 2.x and x.4 pass.
      const { majorVersion, minorVersion } = header;
      if (majorVersion !== 2) {
        const text = `pcap version ${majorVersion}.${minorVersion} is not read, only 2.x`;
        throw new CaptureError('unsupported-format', text, 4);
      }
      this.header = header;
      this.announced = FILE_HEADER;
    });
    this.parser.on('packetHeader', (header) => this.announce(header));
    this.parser.on('packet', (packet) => {
      if (this.damaged) return;
      this.openHeader = null;
      this.announced += RECORD_HEADER + packet.header.capturedLength;
      this.packets.push(packet);
    });
    this.parser.on('error', (error) => {
      throw new CaptureError('unsupported-format', `pcap-parser: ${error.message}`, 0);
    });
  }

  push(chunk: Uint8Array): void {
    if (this.damaged) return;
    this.pushed += chunk.length;
    const octets = this.head === null ? Buffer.from(chunk) : this.checkHead(chunk);
    this.input = this.input.length === 0 ? octets : Buffer.concat([this.input, octets]);
  }

  next(record: CaptureRecord): boolean {
    while (this.nextPacket === this.packets.length) {
      this.packets.length = this.nextPacket = 0;
      if (this.input.length === 0 || this.damaged) return false;
      const piece = this.input.subarray(0, PIECE);
      this.input = this.input.subarray(PIECE);
      this.stream.emit('data', piece);
    }
    const { header, data } = this.packets[this.nextPacket++]!;
    this.first ??= header;
    record.frame = ++this.frame;
    record.time =
      (header.timestampSeconds - this.first.timestampSeconds) * 1e9 +
      (header.timestampMicroseconds - this.first.timestampMicroseconds) * 1000;
    record.data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    record.start = 0;
    record.end = data.length;
    record.originalLength = header.originalLength;
    record.linkType = this.linkType;
    record.interfaceId = 0;
    record.direction = 0;
    return true;
  }

  end(): void {
    if (this.pushed === 0) throw new CaptureError('empty', 'the file is empty', 0, FILE_HEADER, 0);
    if (this.head !== null) rejectOthers(this.head);
    if (this.header === null) {
      const text = `the file ends inside its pcap header: ${this.pushed} of ${FILE_HEADER} octets`;
      throw new CaptureError('cut-header', text, 0, FILE_HEADER, this.pushed);
    }
    // The parser ends silently, whatever it has left.
    if (this.damaged || (this.openHeader === null && !this.parser.buffer?.length)) return;
    const frame = this.frame + 1;
    const text = `the last record (frame ${frame}, at octet ${this.announced}) is cut off: the file ends inside it`;
    this.warnings.add('cut-record', frame, text);
  }

  get info(): CaptureInfo {
    const first = this.first;
    return {
      format: 'pcap',
      linkTypes: this.header === null ? [] : [this.linkType],
      epoch:
        first === null
          ? null
          : BigInt(first.timestampSeconds) * 1_000_000_000n + BigInt(first.timestampMicroseconds * 1000),
      snaplen: this.header?.snapshotLength ?? 0,
      dropped: 0,
      warnings: this.warnings.list(),
    };
  }

  /** The upper bits hold the FCS length, which the parser does not know (draft-ietf-opsawg-pcap §4). */
  private get linkType(): number {
    return (this.header?.linkLayerType ?? 0) & 0xffff;
  }

  /** Says which other format this is before the parser can call it an unknown magic number. */
  private checkHead(chunk: Uint8Array): Buffer {
    this.head = Buffer.concat([this.head!, chunk]);
    if (this.head.length < 16) return Buffer.alloc(0);
    rejectOthers(this.head);
    const octets = this.head;
    this.head = null;
    return octets;
  }

  /** A corrupt length would make the parser gather the rest of the file, copying it again for each piece. */
  private announce(header: PacketHeader): void {
    this.openHeader = header;
    const snaplen = this.header?.snapshotLength ?? 0;
    const longest = snaplen > MAX_SNAPLEN ? Math.min(snaplen, MAX_RECORD) : MAX_SNAPLEN;
    if (this.damaged || header.capturedLength <= longest) return;
    this.damaged = true;
    this.input = Buffer.alloc(0);
    const frame = this.frame + this.packets.length - this.nextPacket + 1;
    const text = `frame ${frame} (at octet ${this.announced}) claims ${header.capturedLength} captured octets: the file is damaged there, the rest of it was not read`;
    this.warnings.add('corrupt-record', frame, text);
  }
}

function rejectOthers(head: Uint8Array): void {
  const found = probe(head);
  if (found === undefined || found.name !== 'pcap') {
    const what = found === undefined ? 'not a packet capture that is known' : found.name;
    const text = `pcap-parser reads classic pcap only, and this is ${what}: leave --reader out`;
    throw new CaptureError(found === undefined ? 'unknown-format' : 'unsupported-format', text, 0);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (const magic of [view.getUint32(0), view.getUint32(0, true)]) {
    if (magic === PCAP_MAGIC_NANOSECONDS || magic === PCAP_MAGIC_MODIFIED) {
      const what = magic === PCAP_MAGIC_NANOSECONDS ? 'pcap in nanoseconds' : 'modified pcap (a1b2cd34)';
      throw new CaptureError('unsupported-format', `pcap-parser does not read ${what}: leave --reader out`, 0);
    }
  }
}
