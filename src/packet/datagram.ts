import type { Limits } from '../limits.js';
import { joined } from './joined.js';
import type { Packet } from './packet.js';
import type { Segment } from './segment.js';

/** What a datagram made of a fragment. */
export const ADDED = 0;
/** The same octets came before: the network or the capture made a copy (RFC 8200 §4.5 lets it pass). */
export const REPEATED = 1;
/** It contradicts another one: both hold the same octets, or they end the datagram in different places. */
export const CONFLICT = 2;
/** The datagram would be longer than one can be ("ping of death"). */
export const OVERLONG = 3;
type Added = typeof ADDED | typeof REPEATED | typeof CONFLICT | typeof OVERLONG;

/** The longest IPv4 packet, and the longest payload of an IPv6 one (RFC 791 §3.1, RFC 8200 §3). */
const LONGEST = 0xffff;
const IPV6_HEADER = 40;
const FRAGMENT_HEADER = 8;
/** What keeping one fragment takes beside its octets: small ones must not be free. */
const PIECE_COST = 64;

const NONE: Uint8Array = new Uint8Array(0);

interface Piece {
  readonly offset: number;
  /** Octets on the wire; as many of them as were captured are in `octets`. */
  readonly length: number;
  readonly octets: Uint8Array;
}

/** A segment that the datagram's first fragment told, to be given if the others do not come. */
export interface Told {
  /** DECODED_TCP or DECODED_ICMP. */
  readonly what: number;
  readonly segment: Segment;
}

/** An IP packet of which some fragments are here. */
export class Datagram {
  readonly source0: number;
  readonly source1: number;
  readonly source2: number;
  readonly source3: number;
  readonly destination0: number;
  readonly destination1: number;
  readonly destination2: number;
  readonly destination3: number;
  readonly encapsulation: number;
  /** Identification and, of IPv4, protocol: an IPv6 host numbers all it sends in one row (RFC 8200 §4.5). */
  readonly id: number;
  readonly protocol: number;
  readonly six: boolean;
  /** Another datagram of the same hash (fragments.ts). */
  next: Datagram | null = null;

  /** Frames that fragments came in, copies among them. */
  frames: number[] = [];
  /** When it came to be, and when all of it was here, ns; -1: not yet. */
  readonly since: number;
  completed = -1;
  /** Copies of fragments whose datagram was whole just before. */
  readonly again: boolean;
  /** What is in it is of no interest: only its lengths are kept. */
  ignored = false;
  /** Its fragments contradict each other: none of it is believed. */
  condemned = false;
  /** What the first fragment tells by itself; null where it is not here, or tells nothing. */
  first: Told | null = null;
  /** {@link first} was given. */
  given = false;
  /** What it takes, octets. */
  cost = 0;

  /** The first fragment alone, headers and payload, as far as it was captured. */
  beginning: Uint8Array = NONE;
  private header: Uint8Array = NONE;
  /** By offset, none over another. */
  private pieces: Piece[] = [];
  private covered = 0;
  /** Payload octets of the whole; -1 until the last fragment came. */
  private total = -1;

  /** @param hash of what names it */
  constructor(
    p: Packet,
    readonly hash: number,
    again: boolean,
  ) {
    const s = p.segment;
    this.source0 = s.source0;
    this.source1 = s.source1;
    this.source2 = s.source2;
    this.source3 = s.source3;
    this.destination0 = s.destination0;
    this.destination1 = s.destination1;
    this.destination2 = s.destination2;
    this.destination3 = s.destination3;
    this.encapsulation = s.encapsulation;
    this.six = s.ipVersion === 6;
    this.id = p.fragmentId;
    this.protocol = this.six ? -1 : p.fragmentProtocol;
    this.since = s.time;
    this.again = again;
  }

  /** Is the fragment one of this datagram's? */
  takes(p: Packet): boolean {
    const s = p.segment;
    return (
      this.id === p.fragmentId &&
      this.source3 === s.source3 &&
      this.destination3 === s.destination3 &&
      this.encapsulation === s.encapsulation &&
      this.six === (s.ipVersion === 6) &&
      (this.six || this.protocol === p.fragmentProtocol) &&
      this.source2 === s.source2 &&
      this.source1 === s.source1 &&
      this.source0 === s.source0 &&
      this.destination2 === s.destination2 &&
      this.destination1 === s.destination1 &&
      this.destination0 === s.destination0
    );
  }

  /** ns after which nobody waits for the others. */
  age(limits: Limits): number {
    return this.six ? limits.fragmentAge6 : limits.fragmentAge;
  }

  /** The fragment that `p` is at: its payload, and of the first its headers too. */
  add(p: Packet): Added {
    const { pieces } = this;
    const offset = p.fragmentOffset;
    const length = p.wireEnd - p.at;
    const end = offset + length;
    const isLast = !p.moreFragments;
    const octets = p.data.subarray(p.at, Math.max(p.at, p.end));
    const place = this.placeOf(offset);
    if (place > 0) {
      const before = pieces[place - 1];
      if (before.offset === offset) {
        const wasLast = before.offset + before.length === this.total;
        return wasLast === isLast && isSame(before, length, octets) ? REPEATED : CONFLICT;
      }
      if (before.offset + before.length > offset) return CONFLICT;
    }
    if (place < pieces.length && (isLast || pieces[place].offset < end)) return CONFLICT;
    if (this.total >= 0 && (isLast || end >= this.total)) return CONFLICT;
    let kept = NONE;
    if (offset === 0) {
      const length = p.at - p.segment.ipStart;
      this.beginning = p.data.slice(p.segment.ipStart, Math.max(p.at, p.end));
      this.header = this.beginning.subarray(0, length);
      kept = this.beginning.subarray(length);
    } else if (!this.ignored) kept = octets.slice();
    if (this.lengthField(Math.max(end, this.total)) > LONGEST) return OVERLONG;
    pieces.splice(place, 0, { offset, length, octets: kept });
    this.covered += length;
    if (isLast) this.total = end;
    this.cost += kept.length + PIECE_COST;
    return ADDED;
  }

  /** Are all of its fragments here? */
  get isWhole(): boolean {
    return this.covered === this.total;
  }

  /** Gives up the octets, but not where they were. */
  drop(): void {
    this.pieces = this.pieces.map(({ offset, length }) => ({ offset, length, octets: NONE }));
    this.cost = this.pieces.length * PIECE_COST;
    this.header = this.header.slice();
    this.beginning = NONE;
  }

  /** Gives up all but what names it. */
  clear(): void {
    this.pieces = [];
    this.cost = 0;
    this.header = NONE;
    this.beginning = NONE;
    this.frames = [];
  }

  /** More frames than this are not kept: of made-up copies there is no end. */
  get mostFrames(): number {
    return this.pieces.length * 2;
  }

  /** Octets of the packet, whole, on the wire. */
  get length(): number {
    return this.header.length + this.total;
  }

  get headerLength(): number {
    return this.header.length;
  }

  /**
   * The packet as it was before it was taken apart, up to the first octet that was not captured. An IPv6 one keeps its
   * fragment header, as that of an atomic fragment (RFC 6946).
   */
  whole(): Uint8Array {
    const { header } = this;
    const parts: Uint8Array[] = [];
    for (const { length, octets } of this.pieces) {
      parts.push(octets);
      if (octets.length < length) break;
    }
    const packet = joined([header, ...parts]);
    const view = new DataView(packet.buffer);
    if (this.six) {
      const payload = header.length - IPV6_HEADER + this.total;
      // 0: longer by the fragment header than the field can say; the length is known without it.
      view.setUint16(4, payload > LONGEST ? 0 : payload);
      view.setUint16(header.length - FRAGMENT_HEADER + 2, 0);
    } else {
      view.setUint16(2, header.length + this.total);
      view.setUint16(6, view.getUint16(6) & 0x4000);
    }
    return packet;
  }

  /** What the length field of the whole packet would have to say if its payload ended at `end`. */
  private lengthField(end: number): number {
    // Where the first has not come yet, the shortest there is.
    const header = this.header.length || (this.six ? IPV6_HEADER + FRAGMENT_HEADER : 20);
    return this.six ? header - IPV6_HEADER - FRAGMENT_HEADER + end : header + end;
  }

  /** Number of pieces that begin at `offset` or before. */
  private placeOf(offset: number): number {
    const { pieces } = this;
    let low = 0;
    let high = pieces.length;
    // Fragments mostly come in order.
    if (high > 0 && pieces[high - 1].offset <= offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pieces[middle].offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Is it the same fragment, as far as both were captured? */
function isSame(piece: Piece, length: number, octets: Uint8Array): boolean {
  if (piece.length !== length) return false;
  const count = Math.min(piece.octets.length, octets.length);
  for (let at = 0; at < count; at++) if (piece.octets[at] !== octets[at]) return false;
  return true;
}
