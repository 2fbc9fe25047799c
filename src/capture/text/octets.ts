import {
  ABSENT_CHECKSUM,
  ABSENT_DF,
  ABSENT_IP_ID,
  ABSENT_PACKETS,
  ABSENT_SEQ,
  ABSENT_TIME,
  ABSENT_TTL,
  type CaptureRecord,
} from '../types.js';
import type { TextIcmp } from './icmp-error.js';
import { optionOctets, word } from './options.js';
import type { TextPacket } from './packet.js';

const LINKTYPE_ETHERNET = 1;
export const LINKTYPE_RAW = 101;
const LINKTYPE_LINUX_SLL = 113;

const PROTOCOL_ICMP = 1;
const PROTOCOL_ICMPV6 = 58;
const PROTOCOL_TCP = 6;
/** "Reserved" (https://www.iana.org/assignments/protocol-numbers): a packet of which only the addresses are known. */
const PROTOCOL_UNKNOWN = 255;

/**
 * Fills the record with the octets that a packet of a listing had, as far as the listing tells. Octets that are made
 * up to fill a field are named in `record.absent`; payload that is not told is cut off, as a snaplen cuts it.
 */
export function writeRecord(packet: TextPacket, record: CaptureRecord): void {
  const { tcp, icmp } = packet;
  let absent = 0;
  if (packet.ttl === null) absent |= ABSENT_TTL;
  if (packet.ipId === null) absent |= ABSENT_IP_ID;
  if (packet.df === null) absent |= ABSENT_DF;
  if (packet.time === null) absent |= ABSENT_TIME;
  if (tcp === null || tcp.checksumValid === null) absent |= ABSENT_CHECKSUM;
  if (tcp?.strange) absent |= ABSENT_SEQ;
  if (tcp?.isLossy) absent |= ABSENT_PACKETS;

  const link = linkHeader(packet);
  const segment = icmp?.quote != null ? icmpError(icmp) : tcpHeader(packet);
  // Behind a header of which the end is not known nothing can stand.
  const payload = segment.known.length < segment.length ? new Uint8Array(0) : (tcp?.payload ?? new Uint8Array(0));
  const length = tcp === null ? 0 : Math.max(tcp.length, payload.length);
  const protocol = protocolOf(packet);
  const network = ipHeader(packet, protocol, segment.length + length);
  const data = Uint8Array.from([...link.octets, ...network, ...segment.known, ...payload]);
  record.data = data;
  record.start = 0;
  record.end = data.length;
  record.originalLength = link.octets.length + network.length + segment.length + length;
  record.linkType = link.type;
  record.direction = packet.direction;
  record.absent = absent;
  if (protocol !== PROTOCOL_UNKNOWN && segment.known.length + payload.length <= 65_535 && payload.length === length)
    fillChecksum(data, link.octets.length + network.length, protocol, packet);
}

function linkHeader({ macSource, macDestination, source, direction }: TextPacket): { type: number; octets: number[] } {
  const etherType = source.length === 4 ? [0x08, 0x00] : [0x86, 0xdd];
  if (macSource === null) return { type: LINKTYPE_RAW, octets: [] };
  if (macDestination !== null)
    return { type: LINKTYPE_ETHERNET, octets: [...macDestination, ...macSource, ...etherType] };
  // Packet type 4 left the host, 0 came to it; ARPHRD_ETHER; six octets of address in a field of eight.
  const packetType = direction === 2 ? 4 : 0;
  return { type: LINKTYPE_LINUX_SLL, octets: [0, packetType, 0, 1, 0, 6, ...macSource, 0, 0, ...etherType] };
}

/** What of an IP header a listing may tell; null: absent. */
type NetworkText = Pick<TextPacket, 'source' | 'destination' | 'tos' | 'ipId' | 'df' | 'ttl'>;

function ipHeader(packet: NetworkText, protocol: number, payloadLength: number): number[] {
  const { source, destination } = packet;
  if (source.length === 16) {
    // A packet too long for its length field is printed where the card cuts it up (TSO): 0 stands there then.
    const length = payloadLength > 65_535 ? 0 : payloadLength;
    const first = (0x6 << 28) | ((packet.tos ?? 0) << 20);
    return [...word(first), length >> 8, length & 255, protocol, packet.ttl ?? 0, ...source, ...destination];
  }
  const total = payloadLength + 20 > 65_535 ? 0 : payloadLength + 20;
  const header = [
    0x45,
    packet.tos ?? 0,
    total >> 8,
    total & 255,
    (packet.ipId ?? 0) >> 8,
    (packet.ipId ?? 0) & 255,
    packet.df ? 0x40 : 0,
    0,
    packet.ttl ?? 0,
    protocol,
    0,
    0,
    ...source,
    ...destination,
  ];
  const checksum = 0xffff - folded(sum16(header));
  header[10] = checksum >> 8;
  header[11] = checksum & 255;
  return header;
}

function protocolOf({ source, tcp, icmp }: TextPacket): number {
  if (tcp !== null) return PROTOCOL_TCP;
  if (icmp?.quote == null) return PROTOCOL_UNKNOWN;
  return source.length === 4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6;
}

/** Eight octets of ICMP (RFC 792) and what they quote: the IP header and the ports. The quoted sequence number is not known: 0. */
function icmpError({ type, code, mtu, quote }: TextIcmp): { known: number[]; length: number } {
  if (quote === null) return { known: [], length: 0 };
  const { source, destination, sourcePort, destinationPort } = quote;
  const ports = [sourcePort >> 8, sourcePort & 255, destinationPort >> 8, destinationPort & 255];
  const segment = [...ports, ...word(0)];
  const untold = { tos: null, ipId: null, df: null, ttl: null };
  const header = ipHeader({ source, destination, ...untold }, PROTOCOL_TCP, segment.length);
  const known = [type, code, 0, 0, ...word(mtu), ...header, ...segment];
  return { known, length: known.length };
}

/** The octets of the header that are known, and its length: more where options were not printed. */
function tcpHeader({ tcp }: TextPacket): { known: number[]; length: number } {
  if (tcp === null) return { known: [], length: 0 };
  const options = optionOctets(tcp.options);
  const length = Math.max(20 + options.length, tcp.headerLength ?? 0);
  const offset = length / 4;
  const known = [
    ...[tcp.sourcePort >> 8, tcp.sourcePort & 255, tcp.destinationPort >> 8, tcp.destinationPort & 255],
    ...word(tcp.seq ?? 0),
    ...word(tcp.ack ?? 0),
    ...[(offset << 4) | (tcp.control >> 8), tcp.control & 255, tcp.window >> 8, tcp.window & 255],
    ...[0, 0, 0, 0],
    ...options,
  ];
  return { known, length };
}

/** The checksum as the listing has it: right, or wrong; right also where it says nothing, so that tools take the octets. */
function fillChecksum(data: Uint8Array, at: number, protocol: number, { source, destination, tcp }: TextPacket): void {
  const length = data.length - at;
  // ICMP of IPv4 alone has no pseudo-header (RFC 792).
  const pseudo = protocol === PROTOCOL_ICMP ? [] : [...source, ...destination, ...word(length), 0, 0, 0, protocol];
  const right = 0xffff - folded(sum16(pseudo) + sum16(data.subarray(at)));
  const checksum = tcp?.checksumValid === false ? right ^ 0x5555 : right;
  const field = at + (protocol === PROTOCOL_TCP ? 16 : 2);
  data[field] = checksum >> 8;
  data[field + 1] = checksum & 255;
}

function sum16(octets: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] as number) << 8) | (octets[i + 1] ?? 0);
  return sum;
}

/** Ones' complement: carries come back in at the bottom. */
function folded(sum: number): number {
  let value = sum;
  while (value > 0xffff) value = (value & 0xffff) + Math.floor(value / 0x1_0000);
  return value;
}
