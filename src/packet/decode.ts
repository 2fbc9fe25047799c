import { ABSENT_DF, ABSENT_IP_ID, ABSENT_TTL, type CaptureRecord } from '../capture/types.js';
import { erf } from './erf.js';
import { Fragments } from './fragments.js';
import { frameRelay } from './frame-relay.js';
import { gre } from './gre.js';
import { icmp, icmpv6 } from './icmp.js';
import { authenticationHeader, ip, ipv4, ipv6 } from './ip.js';
import { juniper } from './juniper.js';
import {
  ciscoHdlc,
  ethernet,
  etherTypes,
  family,
  fddi,
  linuxCooked,
  linuxCooked2,
  llc,
  ppp,
  pppDirection,
  pppoe,
} from './link.js';
import { FIRST_LAYERS } from './link-types.js';
import { mpls } from './mpls.js';
import {
  LAYER_AH,
  LAYER_CHDLC,
  LAYER_ENC,
  LAYER_ERF,
  LAYER_ETHERNET,
  LAYER_ETHERTYPE,
  LAYER_FAMILY,
  LAYER_FDDI,
  LAYER_FRAGMENT,
  LAYER_FRAME_RELAY,
  LAYER_GRE,
  LAYER_ICMP,
  LAYER_ICMPV6,
  LAYER_IP,
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_JUNIPER_CHDLC,
  LAYER_JUNIPER_ETHERNET,
  LAYER_JUNIPER_FRAME_RELAY,
  LAYER_JUNIPER_PPP,
  LAYER_LLC,
  LAYER_MPLS,
  LAYER_NFLOG,
  LAYER_NSH,
  LAYER_PFLOG,
  LAYER_PKTAP,
  LAYER_PPI,
  LAYER_PPP,
  LAYER_PPP_DIRECTION,
  LAYER_PPPOE,
  LAYER_PRISM,
  LAYER_RADIOTAP,
  LAYER_SERVICE_TAG,
  LAYER_SLL,
  LAYER_SLL2,
  LAYER_SUBFRAME,
  LAYER_TCP,
  LAYER_UDP,
  LAYER_WIFI,
  LAYER_WIFI_PADDED,
  LAYER_WIFI_SWAPPED,
  type Layer,
  Packet,
} from './packet.js';
import { narrow } from './packets.js';
import { DECODED_UNKNOWN_LINK, type Decoded, type Segment } from './segment.js';
import { encapsulating, networkService, serviceTag } from './service.js';
import { tcp } from './tcp.js';
import { udp } from './tunnel.js';
import { prism, radiotap, subframe, wifi } from './wireless.js';
import { netfilterLog, packetFilterLog, packetTap, perPacketInformation } from './wrapped.js';

/** Headers one packet may have; more than any real stack of tunnels, and an end to made-up ones. */
const MAX_LAYERS = 24;

/**
 * Turns records into segments, all through one reused {@link Segment}. A record may hold several, and the last fragment of
 * a packet, or any record, may be where an older one is told ({@link Fragments}):
 *
 *     do use(decoder.decode(record)); while (decoder.more(record));
 */
export class Decoder {
  private readonly packet: Packet;
  /** Valid until the next call of {@link decode}, and only when that returned DECODED_TCP or DECODED_ICMP. */
  readonly segment: Segment;
  private linkType = -1;
  private firstLayer: Layer = 0;

  /** @param fragments of all decoders of one reading of a capture */
  constructor(readonly fragments: Fragments = new Fragments()) {
    this.packet = new Packet(fragments);
    this.segment = this.packet.segment;
  }

  decode(record: CaptureRecord): Decoded {
    return this.fragments.busy === 0 ? this.decodeNow(record) : this.decodeInTurn(record);
  }

  /** Is there more in the record, or to be told at it? Then it is to be decoded again, and narrowed to that. */
  more(record: CaptureRecord): boolean {
    return this.fragments.owes || narrow(record, this.packet.rest);
  }

  /** Where the next packet of the record decoded last begins; 0 where it held one (packets.ts). */
  get rest(): number {
    return this.packet.rest;
  }

  /** Frames of the fragments that the segment was put together of; null where it was one packet. */
  framesOf(record: CaptureRecord): readonly number[] | null {
    return this.segment.data === record.data ? null : this.packet.frames;
  }

  /** The next of what is owed when no record follows ({@link Fragments.end}). */
  next(): Decoded {
    return this.fragments.next(this.packet);
  }

  /** Takes over what another decoder made, which no record tells. */
  adopt({ packet }: Decoder): void {
    this.packet.enterOctets(packet.segment.data, 0, 0);
    Object.assign(this.segment, packet.segment);
  }

  private decodeNow(record: CaptureRecord): Decoded {
    const what = this.layers(record);
    if (record.absent !== 0) withhold(this.segment, record.absent);
    return what;
  }

  /** Fragments wait: what they tell may be due before the record. */
  private decodeInTurn(record: CaptureRecord): Decoded {
    const { fragments, packet } = this;
    if (!fragments.owes) {
      fragments.expire(record.time);
      const what = this.decodeNow(record);
      if (!fragments.hold(packet, what)) return what;
    }
    return fragments.next(packet);
  }

  private layers(record: CaptureRecord): Decoded {
    const p = this.packet;
    const s = p.segment;
    p.enter(record);
    s.frame = record.frame;
    s.time = record.time;
    s.interfaceId = record.interfaceId;
    s.direction = record.direction;
    s.absent = record.absent;
    s.encapsulation = 0;
    if (record.linkType !== this.linkType) {
      this.linkType = record.linkType;
      // Of a link type that has any, each packet has its own.
      s.noteKind = 0;
      this.firstLayer = FIRST_LAYERS.get(record.linkType) ?? 0;
    }
    if (this.firstLayer === LAYER_ETHERNET) {
      // Nearly every packet there is: Ethernet, IPv4, TCP, without a turn through the loop below.
      const second = ethernet(p);
      if (second !== LAYER_IPV4) return walk(p, second);
      const third = ipv4(p);
      return third === LAYER_TCP ? tcp(p) : walk(p, third);
    }
    s.macSource = 0;
    s.macDestination = 0;
    return this.firstLayer === 0 ? DECODED_UNKNOWN_LINK : walk(p, this.firstLayer);
  }
}

/** Takes back what the record only seems to tell. */
function withhold(s: Segment, absent: number): void {
  if ((absent & ABSENT_TTL) !== 0) s.ttl = -1;
  if ((absent & ABSENT_IP_ID) !== 0) s.ipId = -1;
  if ((absent & ABSENT_DF) !== 0) s.df = -1;
}

/** One header after the other until a decoder says what the packet is. */
function walk(p: Packet, first: Layer | Decoded): Decoded {
  let layer = first;
  for (let i = 0; i < MAX_LAYERS && layer >= LAYER_ETHERNET; i++) {
    switch (layer) {
      case LAYER_ETHERNET:
        layer = ethernet(p);
        break;
      case LAYER_ETHERTYPE:
        layer = etherTypes(p);
        break;
      case LAYER_IPV4:
        layer = ipv4(p);
        break;
      case LAYER_IPV6:
        layer = ipv6(p);
        break;
      case LAYER_IP:
        layer = ip(p);
        break;
      case LAYER_TCP:
        layer = tcp(p);
        break;
      case LAYER_ICMP:
        layer = icmp(p);
        break;
      case LAYER_ICMPV6:
        layer = icmpv6(p);
        break;
      case LAYER_FRAGMENT:
        layer = p.fragments.add(p);
        break;
      case LAYER_UDP:
        layer = udp(p);
        break;
      case LAYER_GRE:
        layer = gre(p);
        break;
      case LAYER_PPP:
        layer = ppp(p);
        break;
      case LAYER_MPLS:
        layer = mpls(p);
        break;
      case LAYER_SLL:
        layer = linuxCooked(p);
        break;
      case LAYER_SLL2:
        layer = linuxCooked2(p);
        break;
      case LAYER_LLC:
        layer = llc(p);
        break;
      case LAYER_FDDI:
        layer = fddi(p);
        break;
      case LAYER_CHDLC:
        layer = ciscoHdlc(p);
        break;
      case LAYER_PPP_DIRECTION:
        layer = pppDirection(p);
        break;
      case LAYER_PPPOE:
        layer = pppoe(p);
        break;
      case LAYER_FAMILY:
        layer = family(p);
        break;
      case LAYER_WIFI:
      case LAYER_WIFI_PADDED:
      case LAYER_WIFI_SWAPPED:
        layer = wifi(p, layer);
        break;
      case LAYER_SUBFRAME:
        layer = subframe(p);
        break;
      case LAYER_ERF:
        layer = erf(p);
        break;
      case LAYER_FRAME_RELAY:
        layer = frameRelay(p);
        break;
      case LAYER_JUNIPER_ETHERNET:
      case LAYER_JUNIPER_PPP:
      case LAYER_JUNIPER_FRAME_RELAY:
      case LAYER_JUNIPER_CHDLC:
        layer = juniper(p, layer);
        break;
      case LAYER_ENC:
        layer = encapsulating(p);
        break;
      case LAYER_NSH:
        layer = networkService(p);
        break;
      case LAYER_SERVICE_TAG:
        layer = serviceTag(p);
        break;
      case LAYER_AH:
        layer = authenticationHeader(p);
        break;
      case LAYER_RADIOTAP:
        layer = radiotap(p);
        break;
      case LAYER_PRISM:
        layer = prism(p);
        break;
      case LAYER_PPI:
        layer = perPacketInformation(p);
        break;
      case LAYER_PKTAP:
        layer = packetTap(p);
        break;
      case LAYER_PFLOG:
        layer = packetFilterLog(p);
        break;
      case LAYER_NFLOG:
        layer = netfilterLog(p);
        break;
    }
  }
  const what = layer < LAYER_ETHERNET ? layer : DECODED_UNKNOWN_LINK;
  return p.datagram === null ? what : p.fragments.settle(p, what);
}
