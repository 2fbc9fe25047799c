/** Packets of made-up connections as octets in a buffer: Ethernet, optionally VXLAN around it, IPv4 or IPv6, TCP. */

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

/** Room that the headers of one packet need at most. */
export const HEADERS = 200;

const VXLAN_OCTETS = 50;
const TEXT = Buffer.from(Array.from({ length: 65_536 }, (_, i) => 97 + (i % 26)));

/**
 * Writes the packet described by `p` at `start` and returns where it ends.
 *
 * p: { from, to (addresses, 32 bits), fromPort, toPort, six, vxlan, seq, ack, control, window, payload (octets), options
 * ('none' | 'syn' | 'syn-timestamps' | 'timestamps'), clock (ms), ipId, ttl, frame }
 */
export function writePacket(buffer, view, start, p) {
  let at = start;
  const options = OPTION_OCTETS[p.options];
  const tcpLength = 20 + options + p.payload;
  const ipLength = (p.six ? 40 : 20) + tcpLength;
  if (p.vxlan) at = outerHeaders(view, at, p, 14 + ipLength);
  view.setUint16(at, 0x0200);
  view.setUint32(at + 2, p.to);
  view.setUint16(at + 6, 0x0200);
  view.setUint32(at + 8, p.from);
  view.setUint16(at + 12, p.six ? 0x86dd : 0x0800);
  const ip = at + 14;
  let pseudo = (p.from >>> 16) + (p.from & 0xffff) + (p.to >>> 16) + (p.to & 0xffff) + 6 + tcpLength;
  if (p.six) {
    pseudo += 2 * 0xfd00;
    view.setUint32(ip, 0x60000000);
    view.setUint16(ip + 4, tcpLength);
    buffer[ip + 6] = 6;
    buffer[ip + 7] = p.ttl;
    for (let i = 8; i < 40; i += 4) view.setUint32(ip + i, 0);
    view.setUint16(ip + 8, 0xfd00);
    view.setUint32(ip + 20, p.from);
    view.setUint16(ip + 24, 0xfd00);
    view.setUint32(ip + 36, p.to);
  } else {
    ipv4(view, ip, ipLength, p.ipId, p.ttl, 6, p.from, p.to);
  }

  const tcp = ip + (p.six ? 40 : 20);
  view.setUint16(tcp, p.fromPort);
  view.setUint16(tcp + 2, p.toPort);
  view.setUint32(tcp + 4, p.seq);
  view.setUint32(tcp + 8, p.ack);
  view.setUint16(tcp + 12, (((20 + options) / 4) << 12) | p.control);
  view.setUint16(tcp + 14, p.window);
  view.setUint32(tcp + 16, 0);
  writeOptions(view, tcp + 20, p);
  const text = tcp + 20 + options;
  // One run of letters, read from another place each time: packets differ, and copying costs little.
  if (p.payload < 64) for (let i = 0; i < p.payload; i++) buffer[text + i] = 97 + ((p.frame + i) % 26);
  else TEXT.copy(buffer, text, p.frame % 26, (p.frame % 26) + p.payload);
  // Sums over long payloads would take longer than all the rest: only short packets have a right one (0 is "not computed").
  if (p.payload < 64) view.setUint16(tcp + 16, checksum(view, tcp, tcpLength, pseudo));
  return tcp + tcpLength;
}

const OPTION_OCTETS = { none: 0, syn: 8, 'syn-timestamps': 20, timestamps: 12 };

function writeOptions(view, at, p) {
  if (p.options === 'syn') {
    view.setUint32(at, 0x020405b4);
    view.setUint32(at + 4, 0x01030307);
  } else if (p.options === 'syn-timestamps') {
    view.setUint32(at, 0x020405b4);
    view.setUint32(at + 4, 0x0402080a);
    view.setUint32(at + 8, p.clock);
    view.setUint32(at + 12, 0);
    view.setUint32(at + 16, 0x01030307);
  } else if (p.options === 'timestamps') {
    view.setUint32(at, 0x0101080a);
    view.setUint32(at + 4, p.clock);
    view.setUint32(at + 8, Math.max(0, p.clock - 100));
  }
}

/** Ethernet, IPv4, UDP and VXLAN (RFC 7348 §5) around a frame of that length. */
function outerHeaders(view, at, p, inner) {
  view.setUint16(at, 0x0200);
  view.setUint32(at + 2, 0x0a090002);
  view.setUint16(at + 6, 0x0200);
  view.setUint32(at + 8, 0x0a090001);
  view.setUint16(at + 12, 0x0800);
  ipv4(view, at + 14, VXLAN_OCTETS - 14 + inner, p.frame & 0xffff, 64, 17, 0x0a090001, 0x0a090002);
  view.setUint16(at + 34, 49_152 + (p.fromPort & 0x3fff));
  view.setUint16(at + 36, 4789);
  view.setUint16(at + 38, VXLAN_OCTETS - 34 + inner);
  view.setUint16(at + 40, 0);
  view.setUint32(at + 42, 0x08000000);
  view.setUint32(at + 46, 42 << 8);
  return at + VXLAN_OCTETS;
}

function ipv4(view, at, length, id, ttl, protocol, from, to) {
  view.setUint32(at, 0x45000000 + length);
  view.setUint32(at + 4, (id << 16) | 0x4000);
  view.setUint32(at + 8, (ttl << 24) | (protocol << 16));
  view.setUint32(at + 12, from);
  view.setUint32(at + 16, to);
  view.setUint16(at + 10, checksum(view, at, 20, 0));
}

function checksum(view, start, length, initial) {
  let sum = initial;
  for (let at = 0; at + 1 < length; at += 2) sum += view.getUint16(start + at);
  if (length & 1) sum += view.getUint8(start + length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return 0xffff - sum;
}
