import type { Direction } from '../capture/types.js';

/**
 * A TCP segment as decoded from one record, in the terms of RFC 9293 §3.3.1 (SEG.SEQ, SEG.ACK, …).
 *
 * There is one such object per decoder and it is reused: every field is valid **until the next
 * call**. Sequence numbers, acknowledgments, addresses and timestamps are int32 words.
 * Addresses are four words; IPv4 is written as an IPv4-mapped IPv6 address (`0, 0, 0xffff, a`),
 * so one key serves both families.
 */
export class Segment {
  frame = 0;
  /** Nanoseconds since the first record of the capture. */
  time = 0;
  interfaceId = 0;
  direction: Direction = 0;
  /** Hash of the link-layer source address, 0 where the link type has none. */
  macSource = 0;
  /** Hash of the link-layer destination address, 0 where the link type has none. */
  macDestination = 0;
  /** Innermost encapsulation id (VLAN, VNI, TEID, GRE key), 0 where there is none. */
  encapsulation = 0;

  /** 4 or 6. */
  ipVersion = 4;
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** IPv4 TTL or IPv6 hop limit; -1 where the capture does not tell it. */
  ttl = 0;
  /** IPv4 identification; -1 in IPv6 and where the capture does not tell it. */
  ipId = -1;
  /** IPv4 don't-fragment bit, 0 or 1; 1 in IPv6; -1 where the capture does not tell it. */
  df = 0;
  /** IPv4 TOS or IPv6 traffic class, ECN bits included. */
  tos = 0;
  /** IPv6 flow label; 0 in IPv4. */
  flowLabel = 0;

  /** SEG.SEQ */
  seq = 0;
  /** The acknowledgment field, also where the ACK bit is clear (Windows and OpenBSD fill it in an RST). */
  ack = 0;
  /** Control bits as in tcp/control.ts. */
  control = 0;
  /** The window field, unscaled. */
  window = 0;
  /** TCP header length in octets. */
  headerLength = 0;
  /** Payload octets on the wire as the IP header states them, not what a snaplen left. */
  length = 0;
  /** The captured part of the payload: `data[payloadStart .. payloadEnd)`. */
  data: Uint8Array = new Uint8Array(0);
  payloadStart = 0;
  payloadEnd = 0;
  /** Where the TCP header starts in `data`, and where the captured packet ends. */
  tcpStart = 0;
  /** Where the (innermost) IP header starts in `data`. */
  ipStart = 0;
  /** What the capture notes about the packet, as a kind of note.ts, and where in `data` it begins; 0 where there is none. */
  noteKind = 0;
  noteAt = 0;
  /** What the record does not really tell, as the ABSENT_ bits of capture/types.ts; 0 but for text. */
  absent = 0;

  /** Options. -1 / false where absent. */
  mss = -1;
  windowScale = -1;
  sackPermitted = false;
  hasTimestamps = false;
  tsVal = 0;
  tsEcr = 0;
  /** Number of SACK blocks; `sackRight` is the highest right edge among them, `sackLongest` the octets of the longest. */
  sackBlocks = 0;
  sackRight = 0;
  sackLongest = 0;
  /** TCP-MD5 (RFC 2385) or TCP-AO (RFC 5925) present. */
  hasSignature = false;
  /** Bit set of MPTCP subtypes seen (1 << subtype, RFC 8684 §3); 0 without MPTCP. */
  mptcp = 0;
  /** MP_TCPRST reason code (RFC 8684 §3.6), -1 where absent. */
  mptcpReason = -1;
  /** The capture cut the header inside its options: what is absent may have been there. */
  optionsCut = false;

  /** For {@link DECODED_ICMP}: type and code of the ICMP message that quotes this segment's four-tuple. */
  icmpType = 0;
  icmpCode = 0;
  /** The largest packet that the next link takes, where the message says so (RFC 1191 §4, RFC 4443 §3.2); 0 where not. */
  icmpMtu = 0;
  /** For {@link DECODED_ICMP}: who sent the ICMP message, an address as above. */
  icmpSource0 = 0;
  icmpSource1 = 0;
  icmpSource2 = 0;
  icmpSource3 = 0;

  /** The decoder's own note: some option other than timestamps is set and must be cleared next time. */
  rareOptions = false;
}

/** What {@link decode} made of a record. */
export type Decoded = number;
/** A TCP segment: the Segment is filled. */
export const DECODED_TCP = 0;
/** An ICMP error that quotes a TCP segment: addresses, ports, seq and icmpType/icmpCode are those of the quote. `source` is the quoted sender. */
export const DECODED_ICMP = 1;
/** Well-formed, but not TCP (ARP, UDP, …). */
export const DECODED_OTHER = 2;
/** The capture holds too little of the packet to read its addresses and its first 16 TCP octets. */
export const DECODED_CUT = 3;
/** A header contradicts itself (IP header length under 20, total length under the header, data offset under 5, …). */
export const DECODED_MALFORMED = 4;
/** A fragment of a frame, or one within another: it is not put together with the others. */
export const DECODED_FRAGMENT = 5;
/** A link type or tunnel that is not read. */
export const DECODED_UNKNOWN_LINK = 6;
/** A fragment of an IP packet: what it is a part of is told when the others are here, or do not come (fragments.ts). */
export const DECODED_PART = 7;
/** Names by code, for warnings. */
export const DECODED_NAMES = [
  'tcp',
  'icmp',
  'other',
  'cut',
  'malformed',
  'link-fragment',
  'unknown-link',
  'part',
] as const;
