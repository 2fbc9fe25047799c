import { type Limits, makeLimits } from '../limits.js';
import { ACK, FIN, RST, SYN } from '../tcp/control.js';
import { after } from '../tcp/sequence.js';
import { ADDED, CONFLICT, Datagram, OVERLONG, type Told } from './datagram.js';
import { extensionHeaders, protocolLayer } from './ip.js';
import { LAYER_IPV4, LAYER_IPV6, type Layer, type Packet } from './packet.js';
import {
  DECODED_FRAGMENT,
  DECODED_ICMP,
  DECODED_MALFORMED,
  DECODED_OTHER,
  DECODED_PART,
  DECODED_TCP,
  type Decoded,
  Segment,
} from './segment.js';

/** Datagrams by what became of them, and the first frame of the first such: what a report has to say. */
export class FragmentCounts {
  /** Not all of their fragments came. */
  incomplete = 0;
  incompleteFrame = 0;
  /** Given up for want of room. */
  crowded = 0;
  /** Their fragments overlapped, or went beyond the longest packet. */
  contradictory = 0;
  contradictoryFrame = 0;
  /** An RST was told later than other packets that came after it. */
  lateResets = 0;
}

/** A decoder that says "not TCP" with less than this in front of it may only have been cut short: the longest header that is asked for at once. */
const TOO_SHORT_TO_TELL = 24;
/** Datagrams that were whole a moment ago and are remembered, so that copies of their fragments are known as such. */
const MOST_WHOLE = 256;

/** What is to be told at the record at hand, before it or in its place. */
interface Owed {
  readonly what: Decoded;
  /** Null where it is no segment. */
  readonly segment: Segment | null;
  readonly frames: readonly number[];
  /** Packet.rest of the record. */
  readonly rest: number;
}

/**
 * IP fragments, put together within bounds (RFC 791 §3.2, RFC 8200 §4.5).
 *
 * A datagram is told in the frame that completes it, as Wireshark does, and as one packet: its segment has the length and
 * the control bits that the receiver's TCP saw. Where fragments overlap, none of it is believed (RFC 5722, which is about
 * IPv6; of IPv4 each stack had its own idea of which octets win, so what the receiver read cannot be told), nor where it
 * would be longer than a packet can be. A capture filter for a port lets first fragments through and no others: what
 * the first one tells is told, with the octets that are here, before the next segment that shows that no more will come
 * (`overtakes`), or when the datagram is too old, or at the end of the capture; and it is counted.
 *
 * One reading of a capture has one such object, whatever the number of its decoders.
 */
export class Fragments {
  /** Datagrams by a hash of what names them. */
  private readonly heads = new Map<number, Datagram>();
  /** Those that wait, the oldest first. */
  private readonly waiting = new Set<Datagram>();
  private readonly whole = new Set<Datagram>();
  /** Those whose first fragment tells a segment that was not given, by a hash of its four-tuple that is the same both ways. */
  private readonly told = new Map<number, Datagram[]>();
  private readonly queue: Owed[] = [];
  /** How many those and what is owed are: nothing else is asked of a packet that is no fragment. */
  busy = 0;
  private cost = 0;
  private nextExpiry = Number.POSITIVE_INFINITY;
  /** Told which frames' fragments are of no use. */
  onForgotten: ((frames: readonly number[]) => void) | null = null;

  constructor(
    private readonly limits: Limits = DEFAULT_LIMITS,
    readonly counts: FragmentCounts = new FragmentCounts(),
  ) {}

  // ---- a fragment ------------------------------------------------------------------------------

  /** The fragment whose payload `p` is at: goes on in the whole packet, or in the first fragment, where there is one. */
  add(p: Packet): Layer | Decoded {
    const length = p.wireEnd - p.at;
    if (length <= 0 || (p.moreFragments && (length & 7) !== 0)) return DECODED_MALFORMED;
    // Within the first fragment of another packet, of which not all octets are here.
    if (p.datagram !== null) return p.fragmentOffset === 0 ? behind(p) : DECODED_FRAGMENT;
    const six = p.segment.ipVersion === 6;
    if (!six && protocolLayer(p.fragmentProtocol) === DECODED_OTHER) return DECODED_OTHER;
    this.expire(p.segment.time);
    const datagram = this.find(p) ?? this.open(p, false);
    if (datagram.condemned) return DECODED_OTHER;
    const cost = datagram.cost;
    const added = datagram.add(p);
    this.cost += datagram.cost - cost;
    if (added === CONFLICT || added === OVERLONG) return this.condemn(datagram, p.segment.frame);
    // A copy is one of its fragments too; of made-up ones there is no end.
    if (added !== ADDED && datagram.frames.length >= datagram.mostFrames) return DECODED_OTHER;
    // A fragment within a packet that came in fragments itself came in all their frames.
    if (p.completing === p.segment.frame) datagram.frames.push(...p.frames);
    else datagram.frames.push(p.segment.frame);
    if (added !== ADDED) return datagram.ignored ? DECODED_OTHER : DECODED_PART;
    if (datagram.isWhole) return this.complete(datagram, p);
    this.makeRoom(datagram);
    if (datagram.ignored) return DECODED_OTHER;
    if (p.fragmentOffset !== 0) return DECODED_PART;
    p.datagram = datagram;
    p.enterOctets(datagram.beginning, datagram.headerLength, datagram.headerLength + length);
    p.segment.ipStart = 0;
    return behind(p);
  }

  /**
   * The headers behind it are read.
   *
   * @param what what they are
   */
  settle(p: Packet, what: Decoded): Decoded {
    const datagram = p.datagram as Datagram;
    p.datagram = null;
    if (datagram.completed >= 0) {
      const remains = remaining(p.segment, what, datagram.first as Told);
      if (remains === DECODED_OTHER) this.onForgotten?.(p.frames);
      return remains;
    }
    if (what === DECODED_TCP || what === DECODED_ICMP) {
      if (!datagram.again) this.note(datagram, { what, segment: copyOf(p.segment) });
    } else if (what === DECODED_OTHER && p.end - p.at >= TOO_SHORT_TO_TELL) {
      this.cost -= datagram.cost;
      datagram.ignored = true;
      datagram.drop();
      this.cost += datagram.cost;
      this.onForgotten?.(datagram.frames);
      return DECODED_OTHER;
    }
    return DECODED_PART;
  }

  private complete(datagram: Datagram, p: Packet): Layer | Decoded {
    datagram.completed = p.segment.time;
    this.waiting.delete(datagram);
    this.cost -= datagram.cost;
    this.withdraw(datagram);
    this.whole.add(datagram);
    if (this.whole.size > MOST_WHOLE) this.forget(this.whole.values().next().value as Datagram);
    if (datagram.ignored) return DECODED_OTHER;
    p.frames = datagram.frames;
    p.completing = p.segment.frame;
    if (datagram.given) p.datagram = datagram;
    p.enterOctets(datagram.whole(), 0, datagram.length);
    datagram.clear();
    return datagram.six ? LAYER_IPV6 : LAYER_IPV4;
  }

  /** No copies of its fragments are expected any more. */
  private forget(whole: Datagram): void {
    this.whole.delete(whole);
    this.unlink(whole);
  }

  private condemn(datagram: Datagram, frame: number): Decoded {
    this.withdraw(datagram);
    datagram.condemned = true;
    this.cost -= datagram.cost;
    this.onForgotten?.(datagram.frames);
    datagram.clear();
    if (this.counts.contradictory++ === 0) this.counts.contradictoryFrame = frame;
    return DECODED_OTHER;
  }

  // ---- what waits ------------------------------------------------------------------------------

  private find(p: Packet): Datagram | null {
    const head = this.heads.get(hashOf(p));
    for (let datagram = head ?? null; datagram !== null; datagram = datagram.next) {
      if (!datagram.takes(p)) continue;
      if (datagram.completed < 0) return datagram;
      this.forget(datagram);
      return this.open(p, p.segment.time - datagram.completed <= this.limits.duplicateWindow);
    }
    return null;
  }

  private open(p: Packet, again: boolean): Datagram {
    const hash = hashOf(p);
    const datagram = new Datagram(p, hash, again);
    datagram.next = this.heads.get(hash) ?? null;
    this.heads.set(hash, datagram);
    this.waiting.add(datagram);
    this.nextExpiry = Math.min(this.nextExpiry, datagram.since + datagram.age(this.limits));
    return datagram;
  }

  /** Gives up the oldest where there are too many, but not this one. */
  private makeRoom(newest: Datagram): void {
    const { waiting, limits } = this;
    for (const oldest of waiting) {
      if (oldest === newest || (waiting.size <= limits.fragmentedPackets && this.cost <= limits.fragmentOctets)) return;
      this.giveUp(oldest, true);
    }
  }

  /** Gives up those that are too old at capture time `time`. */
  expire(time: number): void {
    if (time < this.nextExpiry) return;
    this.nextExpiry = Number.POSITIVE_INFINITY;
    for (const datagram of this.waiting) {
      const expiry = datagram.since + datagram.age(this.limits);
      if (time >= expiry) this.giveUp(datagram);
      else this.nextExpiry = Math.min(this.nextExpiry, expiry);
    }
  }

  private giveUp(datagram: Datagram, crowded = false): void {
    const { counts } = this;
    this.waiting.delete(datagram);
    this.unlink(datagram);
    this.cost -= datagram.cost;
    if (datagram.ignored || datagram.condemned) return;
    if (crowded) counts.crowded++;
    else if (!datagram.again && counts.incomplete++ === 0) counts.incompleteFrame = datagram.frames[0];
    if (datagram.first === null || datagram.given) this.onForgotten?.(datagram.frames);
    else this.give(datagram);
  }

  private unlink(datagram: Datagram): void {
    const head = this.heads.get(datagram.hash) ?? null;
    if (head === datagram) {
      if (datagram.next === null) this.heads.delete(datagram.hash);
      else this.heads.set(datagram.hash, datagram.next);
      return;
    }
    for (let before = head; before !== null; before = before.next)
      if (before.next === datagram) before.next = datagram.next;
  }

  // ---- what first fragments tell ---------------------------------------------------------------

  private note(datagram: Datagram, told: Told): void {
    datagram.first = told;
    const hash = tupleHash(told.segment);
    const list = this.told.get(hash);
    if (list === undefined) this.told.set(hash, [datagram]);
    else list.push(datagram);
    this.busy++;
  }

  /** What the first fragment told is not to be given any more: it was, or the whole is here. */
  private withdraw(datagram: Datagram): void {
    const { first } = datagram;
    if (first === null || datagram.given) return;
    const hash = tupleHash(first.segment);
    const list = (this.told.get(hash) ?? []).filter((one) => one !== datagram);
    if (list.length === 0) this.told.delete(hash);
    else this.told.set(hash, list);
    this.busy--;
  }

  private give(datagram: Datagram): void {
    this.withdraw(datagram);
    datagram.given = true;
    const { what, segment } = datagram.first as Told;
    if ((segment.control & RST) !== 0) this.counts.lateResets++;
    this.owe({ what, segment, frames: [...datagram.frames], rest: 0 });
  }

  /** Gives what is to be told before this segment: of its connection, and what is not waited for any longer. */
  private giveBefore(segment: Segment): void {
    const list = this.told.get(tupleHash(segment));
    if (list === undefined) return;
    for (const datagram of list.filter(({ first }) => overtakes(segment, (first as Told).segment))) this.give(datagram);
  }

  // ---- what is told ----------------------------------------------------------------------------

  /** Is there more to be told at this record? */
  get owes(): boolean {
    return this.queue.length > 0;
  }

  /**
   * A record was decoded while something waited: is it to be told behind others? Then it is owed, too.
   *
   * @param what what it is
   */
  hold(p: Packet, what: Decoded): boolean {
    const isSegment = what === DECODED_TCP || what === DECODED_ICMP;
    if (isSegment) this.giveBefore(p.segment);
    if (this.queue.length === 0) return false;
    this.sort();
    this.owe({ what, segment: isSegment ? copyOf(p.segment) : null, frames: p.frames, rest: p.rest });
    return true;
  }

  /** The next that is owed, into `p`. */
  next(p: Packet): Decoded {
    const { what, segment, frames, rest } = this.queue.shift() as Owed;
    this.busy--;
    if (segment !== null) {
      p.enterOctets(segment.data, 0, 0);
      Object.assign(p.segment, segment);
    }
    p.frames = frames;
    p.rest = rest;
    return what;
  }

  /** No record follows: all that waits is owed. */
  end(): void {
    for (const datagram of this.waiting) this.giveUp(datagram);
    this.sort();
  }

  private owe(owed: Owed): void {
    this.queue.push(owed);
    this.busy++;
  }

  private sort(): void {
    this.queue.sort((a, b) => (a.segment as Segment).frame - (b.segment as Segment).frame);
  }
}

const DEFAULT_LIMITS = makeLimits();

/** What is behind a first fragment's headers. */
function behind(p: Packet): Layer | Decoded {
  return p.segment.ipVersion === 6 ? extensionHeaders(p, p.fragmentProtocol) : protocolLayer(p.fragmentProtocol);
}

/** Of a whole packet whose beginning was told before: what that did not tell. */
function remaining(s: Segment, what: Decoded, { segment: told }: Told): Decoded {
  if (what !== DECODED_TCP) return what;
  // Its end in sequence space was told already; an RST has none.
  if ((told.control & (SYN | FIN | RST)) !== 0 || s.length <= told.length) return DECODED_OTHER;
  s.seq = (s.seq + told.length) | 0;
  s.length -= told.length;
  s.payloadStart = Math.min(s.payloadStart + told.length, s.payloadEnd);
  return DECODED_TCP;
}

/**
 * Does the segment show that no more fragments will come of what a first one told? It is a later one of the same sender, or
 * its receiver acknowledges that packet, and so had all of it.
 */
function overtakes(s: Segment, told: Segment): boolean {
  if (isFromSender(s, told) && isToReceiver(s, told)) return true;
  if (!isFromReceiver(s, told) || !isFromReceiver(told, s)) return false;
  return (told.control & (SYN | RST)) !== 0 || (s.control & ACK) === 0 || after(s.ack, told.seq);
}

function isFromSender(s: Segment, told: Segment): boolean {
  return (
    s.sourcePort === told.sourcePort &&
    s.source3 === told.source3 &&
    s.source2 === told.source2 &&
    s.source1 === told.source1 &&
    s.source0 === told.source0
  );
}

function isToReceiver(s: Segment, told: Segment): boolean {
  return (
    s.destinationPort === told.destinationPort &&
    s.destination3 === told.destination3 &&
    s.destination2 === told.destination2 &&
    s.destination1 === told.destination1 &&
    s.destination0 === told.destination0
  );
}

function isFromReceiver(s: Segment, told: Segment): boolean {
  return (
    s.sourcePort === told.destinationPort &&
    s.source3 === told.destination3 &&
    s.source2 === told.destination2 &&
    s.source1 === told.destination1 &&
    s.source0 === told.destination0
  );
}

function copyOf(segment: Segment): Segment {
  return Object.assign(new Segment(), segment);
}

function hashOf(p: Packet): number {
  const s = p.segment;
  const mixed = Math.imul(s.source3 ^ (s.source1 << 7), 0x9e3779b1) ^ Math.imul(s.destination3, 0x85ebca6b);
  return mixed ^ Math.imul(p.fragmentId, 0xc2b2ae35) ^ s.encapsulation;
}

function tupleHash(s: Segment): number {
  return (s.source3 + s.destination3 + Math.imul(s.sourcePort + s.destinationPort, 0x9e3779b1)) | 0;
}
