import { ABSENT_DF, ABSENT_IP_ID, ABSENT_TTL, type CaptureRecord } from '../capture/types.js';
import { erf } from './erf.js';
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
import { DECODED_UNKNOWN_LINK, type Decoded, type Segment } from './segment.js';
import { encapsulating, networkService, serviceTag } from './service.js';
import { tcp } from './tcp.js';
import { udp } from './tunnel.js';
import { prism, radiotap, subframe, wifi } from './wireless.js';
import { netfilterLog, packetFilterLog, packetTap, perPacketInformation } from './wrapped.js';

/** Headers one packet may have; more than any real stack of tunnels, and an end to made-up ones. */
const MAX_LAYERS = 24;

/** Turns records into segments, all through one reused {@link Segment}. */
export class Decoder {
  private readonly packet = new Packet();
  /** Valid until the next call of {@link decode}, and only when that returned DECODED_TCP or DECODED_ICMP. */
  readonly segment: Segment = this.packet.segment;
  private linkType = -1;
  private firstLayer: Layer = 0;

  decode(record: CaptureRecord): Decoded {
    const what = this.layers(record);
    if (record.absent !== 0) withhold(this.segment, record.absent);
    return what;
  }

  /** Where the next packet of the record decoded last begins; 0 where it held one (packets.ts). */
  get rest(): number {
    return this.packet.rest;
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
        return tcp(p);
      case LAYER_ICMP:
        return icmp(p);
      case LAYER_ICMPV6:
        return icmpv6(p);
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
  return layer < LAYER_ETHERNET ? layer : DECODED_UNKNOWN_LINK;
}
