import { hashMac } from './link.js';
import {
  LAYER_LLC,
  LAYER_SUBFRAME,
  LAYER_WIFI,
  LAYER_WIFI_PADDED,
  LAYER_WIFI_SWAPPED,
  type Layer,
  type Packet,
} from './packet.js';
import { DECODED_CUT, DECODED_FRAGMENT, DECODED_MALFORMED, DECODED_OTHER, type Decoded } from './segment.js';

/** IEEE 802.11: what a monitor-mode interface records, bare or behind one of the headers that its driver puts before the frame. */

/** Frame control flags, the second octet of a frame (IEEE 802.11 §9.2.4.1). */
const TO_DS = 0x01;
const FROM_DS = 0x02;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const HT_CONTROL = 0x80;
/** Bits of the first octet: type and subtype of a frame. */
const TYPE = 0x0c;
const DATA = 0x08;
const NO_DATA = 0x40;
const QOS = 0x80;
/** Bit of QoS control: several MSDUs in one frame (§9.3.2.2). */
const A_MSDU = 0x80;

/**
 * A frame: only data frames that are not encrypted hold a packet, or several of them (A-MSDU); fragments are not read.
 *
 * @param layer LAYER_WIFI, or how its header differs
 */
export function wifi(p: Packet, layer: Layer): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 24) return p.wireEnd - at < 24 ? DECODED_OTHER : DECODED_CUT;
  const first = layer === LAYER_WIFI_SWAPPED ? 1 : 0;
  const kind = view.getUint8(at + first);
  const flags = view.getUint8(at + 1 - first);
  if ((kind & TYPE) !== DATA || (kind & NO_DATA) !== 0 || (flags & PROTECTED) !== 0) return DECODED_OTHER;
  const fragment = view.getUint16(at + 22, true) & 0x0f;
  if (fragment !== 0 || (flags & MORE_FRAGMENTS) !== 0) return DECODED_FRAGMENT;
  const bridged = (flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS);
  let next = at + (bridged ? 30 : 24);
  let aggregated = false;
  if ((kind & QOS) !== 0) {
    if (end - next < 2) return DECODED_CUT;
    aggregated = (view.getUint8(next) & A_MSDU) !== 0;
    next += (flags & HT_CONTROL) !== 0 ? 6 : 2;
  }
  if (layer === LAYER_WIFI_PADDED) next += -(next - at) & 3;
  if (next > end) return DECODED_CUT;
  p.segment.macDestination = hashMac(view, at + ((flags & TO_DS) !== 0 ? 16 : 4));
  p.segment.macSource = hashMac(view, at + ((flags & FROM_DS) === 0 ? 10 : bridged ? 24 : 16));
  p.at = next;
  return aggregated ? LAYER_SUBFRAME : LAYER_LLC;
}

/** An A-MSDU subframe: two addresses, a length, LLC, and padding to four octets before the next (§9.3.2.2.2). */
export function subframe(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < SUBFRAME_HEADER) return DECODED_CUT;
  p.segment.macDestination = hashMac(view, at);
  p.segment.macSource = hashMac(view, at + 6);
  const length = SUBFRAME_HEADER + view.getUint16(at + 12);
  const next = at + ((length + 3) & ~3);
  if (p.wireEnd - next >= SUBFRAME_HEADER) p.rest = next;
  p.wireEnd = Math.min(p.wireEnd, at + length);
  p.end = Math.min(end, p.wireEnd);
  p.at = at + SUBFRAME_HEADER;
  return LAYER_LLC;
}

const SUBFRAME_HEADER = 14;

/** Bit of radiotap's Flags: the frame's header is padded to four octets. */
const DATA_PADDED = 0x20;

/** Radiotap (https://www.radiotap.org): version 0, length, a bitmap of fields; all little-endian. */
export function radiotap(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const length = view.getUint16(at + 2, true);
  if (view.getUint8(at) !== 0 || length < 8) return DECODED_MALFORMED;
  const padded = (radiotapFlags(view, at, Math.min(end, at + length)) & DATA_PADDED) !== 0;
  p.at = at + length;
  if (p.at > end) return DECODED_CUT;
  return padded ? LAYER_WIFI_PADDED : LAYER_WIFI;
}

/** The field Flags, 0 where it is absent. It is the second there can be, behind a time of 8 octets. */
function radiotapFlags(view: DataView, at: number, end: number): number {
  const present = view.getUint32(at + 4, true);
  if ((present & 2) === 0) return 0;
  let field = at + 8;
  // Bit 31: another bitmap follows.
  for (let bitmap = present; bitmap >>> 31 === 1; field += 4) {
    if (end - field < 4) return 0;
    bitmap = view.getUint32(field, true);
  }
  if ((present & 1) !== 0) field += (-(field - at) & 7) + 8;
  return field < end ? view.getUint8(field) : 0;
}

/** Prism and AVS headers of old drivers: both hold their length in the second word, AVS in network byte order. */
export function prism(p: Packet): Layer | Decoded {
  const { view, at, end } = p;
  if (end - at < 8) return DECODED_CUT;
  const avs = (view.getUint32(at) & 0xfffff000) >>> 0 === 0x80211000;
  // Prism is in the byte order of the capturing host; its length is 144.
  const little = view.getUint32(at + 4, true);
  const length = avs || little > 0xffff ? view.getUint32(at + 4) : little;
  if (length < 8) return DECODED_MALFORMED;
  p.at = at + length;
  return p.at > end ? DECODED_CUT : LAYER_WIFI;
}
