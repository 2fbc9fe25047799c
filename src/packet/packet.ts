import type { CaptureRecord } from '../capture/types.js';
import type { Datagram } from './datagram.js';
import type { Fragments } from './fragments.js';
import { Segment } from './segment.js';

/**
 * The packet while it is being taken apart: how far the decoders have come, and how far they may go.
 *
 * Each decoder finds its header at `at`, checks once that `end` leaves room for it, moves `at`
 * behind it and returns the next layer or a Decoded code. There is one such object per Decoder.
 */
export class Packet {
  readonly segment = new Segment();
  data: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.data.buffer);
  /** Next octet to decode. */
  at = 0;
  /** End of what was captured of the current layer's packet; padding behind it is cut away as layers are entered. */
  end = 0;
  /** Where that packet ended on the wire: `wireEnd - end` octets are missing from the capture. */
  wireEnd = 0;
  /** Where the next packet of the same record begins; 0 where there is none (packets.ts). */
  rest = 0;
  /** The IP packet at hand is a fragment, and not the last. */
  moreFragments = false;
  /** Of a fragment, as its header says; the offset in octets (ip.ts). */
  fragmentOffset = 0;
  fragmentId = 0;
  fragmentProtocol = 0;
  /** The datagram that was entered with its first fragment, or anew when it was whole; null outside of one (fragments.ts). */
  datagram: Datagram | null = null;
  /** Frames of the fragments of the datagram that was put together last, and which of them completed it. */
  frames: readonly number[] = [];
  completing = 0;

  constructor(readonly fragments: Fragments) {
    // No version yet: the first IPv4 packet still has to write the words that all mapped addresses share.
    this.segment.ipVersion = 0;
  }

  /** Goes on in other octets than the record's, of which there were `wireEnd` on the wire. */
  enterOctets(data: Uint8Array, at: number, wireEnd: number): void {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.segment.data = data;
    // What was noted about a fragment lies in its record.
    this.segment.noteKind = 0;
    this.at = at;
    this.end = data.length;
    this.wireEnd = wireEnd;
  }

  enter(record: CaptureRecord): void {
    if (this.data !== record.data) {
      this.data = record.data;
      this.view = new DataView(record.data.buffer, record.data.byteOffset, record.data.byteLength);
      this.segment.data = record.data;
    }
    this.rest = 0;
    this.at = record.start;
    this.end = record.end;
    const wireEnd = record.start + record.originalLength;
    this.wireEnd = Math.max(wireEnd, record.end);
  }
}

/**
 * What a decoder returns when another header follows; below 16 are the Decoded codes. Layers are
 * numbers in one loop (decode.ts), not calls from one decoder to the next: tunnels nest without
 * recursion and no decoder imports another.
 */
export type Layer = number;
export const LAYER_ETHERNET = 16;
/** An EtherType is next. */
export const LAYER_ETHERTYPE = 17;
export const LAYER_IPV4 = 18;
export const LAYER_IPV6 = 19;
/** IPv4 or IPv6, as the version nibble says. */
export const LAYER_IP = 20;
export const LAYER_TCP = 21;
export const LAYER_ICMP = 22;
export const LAYER_ICMPV6 = 23;
export const LAYER_UDP = 24;
export const LAYER_GRE = 25;
/** A PPP protocol number is next. */
export const LAYER_PPP = 26;
export const LAYER_MPLS = 27;
export const LAYER_SLL = 28;
export const LAYER_SLL2 = 29;
/** Four octets of address family (BSD loopback). */
export const LAYER_FAMILY = 30;
/** Logical link control (IEEE 802.2) is next. */
export const LAYER_LLC = 31;
export const LAYER_FDDI = 32;
/** Cisco HDLC: address, control, EtherType. */
export const LAYER_CHDLC = 33;
/** One octet of direction, then PPP. */
export const LAYER_PPP_DIRECTION = 34;
/** PPPoE, from its version octet on. */
export const LAYER_PPPOE = 35;
/** IEEE 802.11: bare, and behind radiotap, and behind Prism or AVS. */
export const LAYER_WIFI = 36;
export const LAYER_RADIOTAP = 37;
export const LAYER_PRISM = 38;
/** Notes of a packet filter or a kernel before the packet. */
export const LAYER_PPI = 39;
export const LAYER_PKTAP = 40;
export const LAYER_PFLOG = 41;
export const LAYER_NFLOG = 42;
/** IEEE 802.11 whose header is padded to four octets (radiotap). */
export const LAYER_WIFI_PADDED = 43;
/** A frame within an IEEE 802.11 frame that holds several (A-MSDU). */
export const LAYER_SUBFRAME = 45;
/** An Endace record with its header. */
export const LAYER_ERF = 46;
/** Frame Relay, from its address on. */
export const LAYER_FRAME_RELAY = 47;
/** Juniper's own header, and behind it what its link type says. */
export const LAYER_JUNIPER_ETHERNET = 48;
export const LAYER_JUNIPER_PPP = 49;
export const LAYER_JUNIPER_FRAME_RELAY = 50;
export const LAYER_JUNIPER_CHDLC = 51;
/** OpenBSD's note of an IPsec association before the packet. */
export const LAYER_ENC = 52;
/** Network service header (RFC 8300). */
export const LAYER_NSH = 53;
/** Service tag of a provider's backbone (IEEE 802.1ah), then a frame. */
export const LAYER_SERVICE_TAG = 54;
/** IPsec's authentication header in IPv4. */
export const LAYER_AH = 55;
/** What an IP fragment holds. */
export const LAYER_FRAGMENT = 56;
/** … whose two octets of frame control stand in the other order (CAPWAP as Cisco's controllers write it). */
export const LAYER_WIFI_SWAPPED = 44;
