/**
 * Copies a capture to pcapng with comments on some of its frames (opt_comment, draft-ietf-opsawg-pcapng §3.5), which
 * Wireshark shows above the packet and finds by `frame.comment`.
 *
 * A pcapng file is copied block by block, so that everything in it stays: interface names, statistics, secrets, earlier
 * comments. Only the blocks of commented frames grow.
 */

import { openReader } from '../capture/open.js';
import { ENHANCED_PACKET, INTERFACE_DESCRIPTION, SECTION_HEADER } from '../capture/pcapng.js';
import { CaptureRecord } from '../capture/types.js';
import { joined } from '../packet/joined.js';
import { pcapngWriter } from './pcapng.js';
import { refuseText } from './refuse-text.js';
import type { CaptureWriter } from './writer.js';

/** Comments by frame (1-based). */
export type FrameComments = ReadonlyMap<number, readonly string[]>;

const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const COMMENT = 1;
/** Chunks of output are at least so long, so that a capture of small packets is not as many writes. */
const BATCH = 256 * 1024;

/** @throws CaptureError when nothing sensible can be read */
export async function* annotated(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  comments: FrameComments,
  application: string,
): AsyncGenerator<Uint8Array> {
  let copier: Copier | null = null;
  let head: Uint8Array = new Uint8Array(0);
  const batch = new Batch();
  for await (const chunk of chunks) {
    if (copier === null) {
      head = joined([head, chunk]);
      if (head.length < 4) continue;
      const isPcapng = new DataView(head.buffer, head.byteOffset).getUint32(0) === SECTION_HEADER;
      copier = isPcapng ? new BlockCopier(comments) : new RecordCopier(comments, application);
      batch.add(copier.push(head));
    } else {
      batch.add(copier.push(chunk));
    }
    if (batch.length >= BATCH) yield batch.take();
  }
  copier ??= new RecordCopier(comments, application);
  batch.add(copier.end());
  if (batch.length > 0) yield batch.take();
}

interface Copier {
  /** `chunk` is valid only during the call. */
  push(chunk: Uint8Array): Uint8Array[];
  end(): Uint8Array[];
}

/** Classic pcap, record by record. */
class RecordCopier implements Copier {
  private readonly reader = openReader();
  private readonly record = new CaptureRecord();
  private readonly comments: FrameComments;
  private readonly application: string;
  private writer: CaptureWriter | null = null;

  constructor(comments: FrameComments, application: string) {
    this.comments = comments;
    this.application = application;
  }

  push(chunk: Uint8Array): Uint8Array[] {
    this.reader.push(chunk);
    return this.drain();
  }

  end(): Uint8Array[] {
    this.reader.end();
    const rest = this.drain();
    return this.writer === null ? [...rest, this.open().start()] : rest;
  }

  private drain(): Uint8Array[] {
    const parts: Uint8Array[] = [];
    while (this.reader.next(this.record)) {
      if (this.writer === null) {
        this.writer = this.open();
        parts.push(this.writer.start());
      }
      parts.push(this.writer.record(this.record, this.comments.get(this.record.frame) ?? []));
    }
    return parts;
  }

  /** The time of the first record is known once it has been read. */
  private open(): CaptureWriter {
    refuseText(this.reader.info);
    const { epoch, snaplen } = this.reader.info;
    return pcapngWriter({ epoch, snaplen, application: this.application });
  }
}

/** pcapng, block by block; frames are counted as PcapngReader counts them. */
class BlockCopier implements Copier {
  private readonly comments: FrameComments;
  private waiting: Uint8Array = new Uint8Array(0);
  /** Octets of a block that is passed on as it comes. */
  private passing = 0;
  private littleEndian = true;
  private interfaces = 0;
  private frame = 0;
  private damaged = false;

  constructor(comments: FrameComments) {
    this.comments = comments;
  }

  push(chunk: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let data = this.waiting.length === 0 ? chunk : joined([this.waiting, chunk]);
    this.waiting = new Uint8Array(0);
    for (;;) {
      if (this.damaged || this.passing > 0) {
        const length = this.damaged ? data.length : Math.min(this.passing, data.length);
        if (length > 0) parts.push(data.slice(0, length));
        this.passing -= this.damaged ? 0 : length;
        data = data.subarray(length);
      }
      if (data.length === 0) return parts;
      const length = this.block(data, parts);
      if (length === 0) {
        this.waiting = data.slice();
        return parts;
      }
      data = data.subarray(length);
    }
  }

  end(): Uint8Array[] {
    return this.waiting.length === 0 ? [] : [this.waiting];
  }

  /** Octets of `data` that were dealt with; 0 when more must come. */
  private block(data: Uint8Array, parts: Uint8Array[]): number {
    if (data.length < 12) return 0;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    let type = view.getUint32(0, this.littleEndian);
    if (view.getUint32(0) === SECTION_HEADER) {
      this.littleEndian = view.getUint32(8) !== 0x1a2b3c4d;
      this.interfaces = 0;
      type = SECTION_HEADER;
    }
    const total = view.getUint32(4, this.littleEndian);
    if (total < 12 || (total & 3) !== 0) {
      // Where the next block begins nobody knows; the reader stops here too.
      this.damaged = true;
      parts.push(data.slice());
      return data.length;
    }
    if (type === INTERFACE_DESCRIPTION) this.interfaces += 1;
    const packet = (type === ENHANCED_PACKET || type === OBSOLETE_PACKET) && total >= 32;
    if (packet && data.length < 32) return 0;
    if (packet && this.counts(view, type, total)) {
      const comments = this.comments.get(this.frame + 1);
      if (comments !== undefined) {
        if (data.length < total) return 0;
        this.frame += 1;
        parts.push(withComments(data.subarray(0, total), comments, this.littleEndian));
        return total;
      }
      this.frame += 1;
    }
    // A block without a time can bear no comment that says more than nothing: it is copied.
    if (type === SIMPLE_PACKET && this.interfaces > 0) this.frame += 1;
    this.passing = total;
    const length = Math.min(total, data.length);
    parts.push(data.slice(0, length));
    this.passing -= length;
    return length;
  }

  private counts(view: DataView, type: number, total: number): boolean {
    const id = type === ENHANCED_PACKET ? view.getUint32(8, this.littleEndian) : view.getUint16(8, this.littleEndian);
    const captured = view.getUint32(20, this.littleEndian);
    return id < this.interfaces && captured <= total - 32;
  }
}

/** The block with comments before its other options. */
function withComments(block: Uint8Array, comments: readonly string[], littleEndian: boolean): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const captured = view.getUint32(20, littleEndian);
  const at = 28 + ((captured + 3) & ~3);
  const options = comments.map((text) => commentOption(text, littleEndian));
  const hasOptions = at < block.length - 4;
  const end = hasOptions ? [] : [new Uint8Array(4)];
  const parts = [block.subarray(0, at), ...options, ...end, block.subarray(at)];
  const grown = joined(parts);
  const grownView = new DataView(grown.buffer);
  grownView.setUint32(4, grown.length, littleEndian);
  grownView.setUint32(grown.length - 4, grown.length, littleEndian);
  return grown;
}

function commentOption(text: string, littleEndian: boolean): Uint8Array {
  let octets = new TextEncoder().encode(text);
  if (octets.length > 0xffff) {
    let end = 0xffff;
    while (((octets[end] as number) & 0xc0) === 0x80) end -= 1;
    octets = octets.slice(0, end);
  }
  const option = new Uint8Array(4 + ((octets.length + 3) & ~3));
  const view = new DataView(option.buffer);
  view.setUint16(0, COMMENT, littleEndian);
  view.setUint16(2, octets.length, littleEndian);
  option.set(octets, 4);
  return option;
}

class Batch {
  private parts: Uint8Array[] = [];
  length = 0;

  add(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.parts.push(part);
      this.length += part.length;
    }
  }

  take(): Uint8Array {
    const all = joined(this.parts);
    this.parts = [];
    this.length = 0;
    return all;
  }
}
