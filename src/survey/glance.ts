import type { CaptureRecord } from '../capture/types.js';
import { endpointHash } from '../flow/hash.js';
import type { Decoder } from '../packet/decode.js';
import { isRest } from '../packet/packets.js';
import { DECODED_ICMP, DECODED_TCP, type Decoded, type Segment } from '../packet/segment.js';

/** Where a link layer has its EtherType, and where the packet begins, in octets from the start of the record. */
interface Layout {
  readonly type: number;
  readonly packet: number;
}

/** By LINKTYPE_ value (https://www.tcpdump.org/linktypes.html); every other one is decoded in full. */
const LAYOUTS: ReadonlyMap<number, Layout> = new Map([
  [1, { type: 12, packet: 14 }], // Ethernet
  [113, { type: 14, packet: 16 }], // Linux cooked
  [276, { type: 0, packet: 20 }], // … v2
]);
/** Longer than any record: nothing of such a link type is read at a glance. */
const NO_LAYOUT: Layout = { type: 0, packet: 0x7fffffff };

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const TCP = 6;
/** First word of the addresses' third that makes an IPv4 address an IPv6 one (packet/segment.ts). */
const MAPPED = 0xffff;

/**
 * What the readings of a file need of most records: whose segment it is, its numbers and its control bits. An ordinary
 * one (Ethernet with at most one tag, IPv4 or IPv6, TCP, its header captured whole) is read from where those stand; any
 * other goes through the decoder, and is the same then. Valid until the next record.
 */
export class Glance {
  frame = 0;
  /** ns since the first record. */
  time = 0;
  /** Hashes of the sender's and of the receiver's address and port, and that of the four-tuple (flow/table.ts). */
  source = 0;
  destination = 0;
  hash = 0;
  seq = 0;
  ack = 0;
  control = 0;
  /** Payload octets on the wire. */
  length = 0;
  /** -1 where the capture does not tell it. */
  ttl = 0;

  /** Its frame may have other segments, too. */
  several = false;
  /** It is not what the record holds, but was put together of fragments: only `decoder` has it. */
  pieced = false;

  private data: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(this.data.buffer);
  private linkType = -1;
  private layout: Layout = NO_LAYOUT;
  private ordinary = false;

  constructor(readonly decoder: Decoder) {}

  /** What the record is, as the decoder says. */
  look(record: CaptureRecord): Decoded {
    this.frame = record.frame;
    this.time = record.time;
    this.several = isRest(record);
    this.pieced = false;
    const { decoder } = this;
    this.ordinary = decoder.fragments.busy === 0 && this.isOrdinary(record);
    if (this.ordinary) return DECODED_TCP;
    const what = decoder.decode(record);
    if (what === DECODED_TCP || what === DECODED_ICMP) {
      this.take(decoder.segment);
      this.pieced = decoder.segment.data !== record.data;
      this.several ||= this.pieced || decoder.rest !== 0;
    }
    return what;
  }

  /** The next of what fragments still tell when no record follows. */
  next(): Decoded {
    const what = this.decoder.next();
    this.take(this.decoder.segment);
    this.several = true;
    this.pieced = true;
    return what;
  }

  /** Writes what it holds of the segment. */
  copyTo(s: Segment): void {
    s.frame = this.frame;
    s.time = this.time;
    s.seq = this.seq;
    s.ack = this.ack;
    s.control = this.control;
    s.length = this.length;
  }

  /** Has the record another packet? Then it is narrowed to that, and is to be looked at again. */
  more(record: CaptureRecord): boolean {
    return !this.ordinary && this.decoder.more(record);
  }

  private take(s: Segment): void {
    this.frame = s.frame;
    this.time = s.time;
    this.source = endpointHash(s.source0, s.source1, s.source2, s.source3, s.sourcePort);
    this.destination = endpointHash(s.destination0, s.destination1, s.destination2, s.destination3, s.destinationPort);
    this.hash = (this.source + this.destination) | 0;
    this.seq = s.seq;
    this.ack = s.ack;
    this.control = s.control;
    this.length = s.length;
    this.ttl = s.ttl;
  }

  /** Reads an ordinary segment; false: it is another, or not TCP, or damaged, or the record does not tell all. */
  private isOrdinary(record: CaptureRecord): boolean {
    if (record.data !== this.data) {
      this.data = record.data;
      this.view = new DataView(record.data.buffer, record.data.byteOffset, record.data.byteLength);
    }
    if (record.linkType !== this.linkType) {
      this.linkType = record.linkType;
      this.layout = LAYOUTS.get(record.linkType) ?? NO_LAYOUT;
    }
    const { view, layout } = this;
    const { start, end } = record;
    let at = start + layout.packet;
    // The shortest: IPv4 and TCP without options. A tag and IPv6 are asked for below.
    if (end - at < 40 || record.absent !== 0) return false;
    let type = view.getUint16(start + layout.type);
    if (type === VLAN && layout.type + 2 === layout.packet) {
      type = view.getUint16(at + 2);
      at += 4;
    }
    if (type === IPV4) return this.ipv4(at, end);
    return type === IPV6 && this.ipv6(at, end);
  }

  /** IPv4 (RFC 791 §3.1) that is no fragment and has TCP behind it. */
  private ipv4(at: number, end: number): boolean {
    const { view } = this;
    if (end - at < 40) return false;
    const first = view.getUint32(at);
    const total = first & 0xffff;
    const header = (first >>> 22) & 0x3c;
    const third = view.getInt32(at + 8);
    const fragment = view.getUint16(at + 6) & 0x3fff;
    if (first >>> 28 !== 4 || header < 20 || fragment !== 0 || ((third >> 16) & 0xff) !== TCP) return false;
    if (!this.tcp(at + header, Math.min(end, at + total), at + total)) return false;
    const tcp = at + header;
    this.ttl = third >>> 24;
    this.source = endpointHash(0, 0, MAPPED, view.getInt32(at + 12), view.getUint16(tcp));
    this.destination = endpointHash(0, 0, MAPPED, view.getInt32(at + 16), view.getUint16(tcp + 2));
    this.hash = (this.source + this.destination) | 0;
    return true;
  }

  /** IPv6 (RFC 8200 §3) with TCP right behind it. */
  private ipv6(at: number, end: number): boolean {
    const { view } = this;
    if (end - at < 60) return false;
    const payload = view.getUint16(at + 4);
    if (view.getUint8(at) >> 4 !== 6 || payload === 0 || view.getUint8(at + 6) !== TCP) return false;
    const tcp = at + 40;
    if (!this.tcp(tcp, Math.min(end, tcp + payload), tcp + payload)) return false;
    this.ttl = view.getUint8(at + 7);
    this.source = this.endpoint(at + 8, view.getUint16(tcp));
    this.destination = this.endpoint(at + 24, view.getUint16(tcp + 2));
    this.hash = (this.source + this.destination) | 0;
    return true;
  }

  /** Hash of an IPv6 address and a port. */
  private endpoint(at: number, port: number): number {
    const { view } = this;
    return endpointHash(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12), port);
  }

  /** TCP (RFC 9293 §3.1), captured up to `end` of a packet that ended at `wireEnd`. */
  private tcp(at: number, end: number, wireEnd: number): boolean {
    const { view } = this;
    if (end - at < 20) return false;
    const offsetAndControl = view.getUint16(at + 12);
    const payload = at + ((offsetAndControl >> 10) & 0x3c);
    if (payload < at + 20 || payload > wireEnd) return false;
    this.seq = view.getInt32(at + 4);
    this.ack = view.getInt32(at + 8);
    this.control = offsetAndControl & 0x1ff;
    this.length = wireEnd - payload;
    return true;
  }
}
