import { type CaptureInfo, type CaptureReader, type CaptureRecord, DIRECTION_UNKNOWN } from './types.js';
import { WarningLog } from './warnings.js';
import { ChunkWindow } from './window.js';

/** Octets of a record's header: time, type, flags, length, loss counter or colour, length on the wire (Endace, ERF types). */
export const ERF_HEADER = 16;
/** LINKTYPE_ERF: records with their headers, which packet/erf.ts takes off. */
const LINKTYPE_ERF = 197;
/** Top bit of a type or of an extension header of 8 octets: another follows. */
export const ERF_MORE = 0x80;
/** What the card or a program says of the capture. */
const TYPE_META = 27;
/** The highest type there is; it fills room and is no packet. */
const TYPE_PAD = 48;
/** Types whose word behind the length counts what was lost before this record (others hold a colour there). */
const COUNTING = new Set([1, 2]);

/** Time stamps are fixed-point numbers: 2⁻³² s. */
const TICKS = 2 ** 32;

/** Reads what Endace's cards and probes write: records without a file header. */
export class ErfReader implements CaptureReader {
  private readonly window = new ChunkWindow();
  private readonly warnings = new WarningLog();
  private frame = 0;
  /** A packet has come, and the first times are its. */
  private started = false;
  private firstSeconds = 0;
  private firstNanoseconds = 0;
  private dropped = 0;
  private damaged = false;

  push(chunk: Uint8Array): void {
    if (!this.damaged) this.window.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    const w = this.window;
    for (;;) {
      if (this.damaged || !w.fill(ERF_HEADER)) return false;
      const type = w.view.getUint8(w.at + 8) & 0x7f;
      const length = w.view.getUint16(w.at + 10);
      if (length < ERF_HEADER || type === 0 || type > TYPE_PAD) return this.stop(type, length);
      if (!w.fill(length)) return false;
      if (type !== TYPE_PAD && type !== TYPE_META) break;
      // What the card says of itself counts as a frame, as Wireshark has it, but is no packet, and may have no time.
      if (type === TYPE_META) this.frame++;
      w.at += length;
    }
    const { view, at } = w;
    const length = view.getUint16(at + 10);
    const nanoseconds = Math.round((view.getUint32(at, true) / TICKS) * 1e9);
    const seconds = view.getUint32(at + 4, true);
    if (!this.started) {
      this.started = true;
      this.firstSeconds = seconds;
      this.firstNanoseconds = nanoseconds;
    }
    if (COUNTING.has(view.getUint8(at + 8))) this.dropped += view.getUint16(at + 12);
    record.frame = ++this.frame;
    record.time = (seconds - this.firstSeconds) * 1e9 + (nanoseconds - this.firstNanoseconds);
    record.data = w.data;
    record.start = at;
    record.end = at + length;
    record.originalLength = headersLength(view, at, at + length) + view.getUint16(at + 14);
    record.linkType = LINKTYPE_ERF;
    // The card's port.
    record.interfaceId = view.getUint8(at + 9) & 3;
    record.direction = DIRECTION_UNKNOWN;
    w.at = at + length;
    return true;
  }

  end(): void {
    const w = this.window;
    if (!this.damaged && w.left > 0) this.warnings.cutRecord(this.frame + 1, w.offset);
  }

  get info(): CaptureInfo {
    return {
      format: 'erf',
      linkTypes: !this.started ? [] : [LINKTYPE_ERF],
      epoch: !this.started ? null : BigInt(this.firstSeconds) * 1_000_000_000n + BigInt(this.firstNanoseconds),
      snaplen: 0,
      dropped: this.dropped,
      warnings: this.warnings.list(),
    };
  }

  /** A header that cannot be: nothing after it can be found again, everything before is kept. */
  private stop(type: number, length: number): boolean {
    this.damaged = true;
    const w = this.window;
    const frame = this.frame + 1;
    const text = `frame ${frame} (at octet ${w.offset}) claims to be a record of ${length} octets and type ${type}: the file is damaged there, the rest of it was not read`;
    this.warnings.add('corrupt-record', frame, text);
    w.skip(w.left);
    return false;
  }
}

/** The header and its extensions, as far as the record goes. */
function headersLength(view: DataView, at: number, end: number): number {
  let next = at + ERF_HEADER;
  for (let more = view.getUint8(at + 8); (more & ERF_MORE) !== 0 && end - next >= 8; next += 8)
    more = view.getUint8(next);
  return next - at;
}

/** Room that a record may have behind its packet: padding to eight octets, and the two before an Ethernet frame. */
const PADDING = 10;

/** No magic number: a record header that makes sense. */
export function looksLikeErf(head: Uint8Array): boolean {
  if (head.length < ERF_HEADER) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const type = view.getUint8(8);
  const length = view.getUint16(10);
  const onWire = view.getUint16(14);
  const seconds = view.getUint32(4, true);
  const year2000 = 946_684_800;
  const kind = type & 0x7f;
  const timed = (seconds >= year2000 && seconds < 2 ** 31) || (kind === TYPE_META && seconds === 0);
  if (kind === 0 || kind >= TYPE_PAD || !timed) return false;
  // Flags have six bits; without extensions no record is much longer than its packet.
  return (
    length >= ERF_HEADER &&
    (view.getUint8(9) & 0xc0) === 0 &&
    ((type & ERF_MORE) !== 0 || length <= ERF_HEADER + onWire + PADDING)
  );
}
