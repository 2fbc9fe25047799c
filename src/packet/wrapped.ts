import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../capture/types.js';
import { FIRST_LAYERS } from './link-types.js';
import { NOTE_PF, NOTE_PROCESS, namesProcess } from './note.js';
import { LAYER_IP, type Layer, type Packet } from './packet.js';
import { DECODED_CUT, DECODED_MALFORMED, DECODED_OTHER, DECODED_UNKNOWN_LINK, type Decoded } from './segment.js';

/** Packets behind what a packet filter or a kernel noted about them; the note's own link type says what follows. */

/** PPI (CACE Technologies, 1.0.10 §3): version, flags, length, link type; little-endian. */
export function perPacketInformation(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const length = view.getUint16(at + 2, true);
  if (length < 8) return DECODED_MALFORMED;
  p.segment.noteKind = 0;
  p.at = at + length;
  return p.at > end ? DECODED_CUT : layerOf(view.getUint32(at + 4, true));
}

/** PKTAP of Apple's systems (LINKTYPE_PKTAP): length, record type, link type, interface, direction, process; little-endian. */
export function packetTap(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 40) return DECODED_CUT;
  const length = view.getUint32(at, true);
  if (length < 40) return DECODED_MALFORMED;
  // Record type 1 is a packet.
  if (view.getUint32(at + 4, true) !== 1) return DECODED_OTHER;
  const flags = view.getUint32(at + 36, true);
  if ((flags & 3) === 1) p.segment.direction = DIRECTION_INBOUND;
  if ((flags & 3) === 2) p.segment.direction = DIRECTION_OUTBOUND;
  p.segment.noteKind = namesProcess(length) ? NOTE_PROCESS : 0;
  p.segment.noteAt = at;
  p.at = at + length;
  return p.at > end ? DECODED_CUT : layerOf(view.getUint32(at + 8, true));
}

/** PFLOG of OpenBSD's pf (LINKTYPE_PFLOG): its length without the padding to four octets, then what was logged, an IP packet. */
export function packetFilterLog(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  const length = view.getUint8(at);
  if (length < 48) return DECODED_MALFORMED;
  p.segment.noteKind = NOTE_PF;
  p.segment.noteAt = at;
  p.at = at + ((length + 3) & ~3);
  return p.at > end ? DECODED_CUT : LAYER_IP;
}

/** Attributes of NFLOG (linux/netfilter/nfnetlink_log.h). */
const IFINDEX_IN = 4;
const IFINDEX_OUT = 5;
const PAYLOAD = 9;

/** NFLOG of Linux's netfilter (LINKTYPE_NFLOG): family, version, resource, then attributes in the byte order of the host. */
export function netfilterLog(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 4) return DECODED_CUT;
  const family = view.getUint8(at);
  if (view.getUint8(at + 1) !== 0) return DECODED_MALFORMED;
  // AF_INET, AF_INET6; bridges and ARP log frames of their own.
  if (family !== 2 && family !== 10) return DECODED_OTHER;
  let devices = 0;
  for (let next = at + 4; ; ) {
    if (end - next < 4) return p.wireEnd - next < 4 ? DECODED_OTHER : DECODED_CUT;
    // A first attribute of over 255 octets that is small the other way round: a host with the other byte order.
    const little = view.getUint16(next + 2, true) <= 0xff;
    const length = view.getUint16(next, little);
    const type = view.getUint16(next + 2, little) & 0x7fff;
    if (length < 4) return DECODED_MALFORMED;
    if (type === IFINDEX_IN) devices |= 1;
    if (type === IFINDEX_OUT) devices |= 2;
    if (type === PAYLOAD) {
      if (devices === 1) p.segment.direction = DIRECTION_INBOUND;
      if (devices === 2) p.segment.direction = DIRECTION_OUTBOUND;
      p.at = next + 4;
      p.wireEnd = Math.min(p.wireEnd, next + length);
      p.end = Math.min(end, p.wireEnd);
      return LAYER_IP;
    }
    next += (length + 3) & ~3;
  }
}

function layerOf(linkType: number): Layer | Decoded {
  return FIRST_LAYERS.get(linkType) ?? DECODED_UNKNOWN_LINK;
}
