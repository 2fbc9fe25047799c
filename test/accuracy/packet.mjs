/**
 * Where things lie in a captured packet: just enough for the conditions to drop, swap and wrap packets.
 * Independent of src/packet on purpose: what is measured must not also do the measuring.
 */

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

const ETHERNET = 1;
const SLL = 113;
const SLL2 = 276;

const word = (data, at) => (data[at] << 8) | data[at + 1];

/**
 * The network packet within a record: where it starts, its EtherType and, where there is one, the MAC
 * address it came from. null for link types that no recording has.
 */
export function network({ data, linkType }) {
  if (linkType === ETHERNET) {
    if (data.length < 14) return null;
    let at = 12;
    while ((word(data, at) === 0x8100 || word(data, at) === 0x88a8) && data.length >= at + 6) at += 4;
    return { etherType: word(data, at), start: at + 2, mac: data.subarray(6, 12) };
  }
  if (linkType === SLL) {
    if (data.length < 16) return null;
    return { etherType: word(data, 14), start: 16, mac: data.subarray(6, 12) };
  }
  if (linkType === SLL2) {
    if (data.length < 20) return null;
    return { etherType: word(data, 0), start: 20, mac: data.subarray(12, 18) };
  }
  return null;
}

/** Addresses, ports and control bits of a TCP segment; null for everything else, fragments among them. */
export function segment(record) {
  const net = network(record);
  if (net === null) return null;
  const { data } = record;
  const { start } = net;
  let tcp;
  let from;
  let to;
  let end;
  if (net.etherType === 0x0800 && data.length >= start + 20) {
    if (data[start + 9] !== 6 || (word(data, start + 6) & 0x1fff) !== 0) return null;
    tcp = start + (data[start] & 15) * 4;
    end = start + word(data, start + 2);
    from = hex(data, start + 12, 4);
    to = hex(data, start + 16, 4);
  } else if (net.etherType === 0x86dd && data.length >= start + 40) {
    // No recording has extension headers.
    if (data[start + 6] !== 6) return null;
    tcp = start + 40;
    end = tcp + word(data, start + 4);
    from = hex(data, start + 8, 16);
    to = hex(data, start + 24, 16);
  } else return null;
  if (data.length < tcp + 14) return null;
  from += `:${word(data, tcp)}`;
  to += `:${word(data, tcp + 2)}`;
  return {
    from,
    to,
    /** The same for both directions. */
    key: from < to ? `${from} ${to}` : `${to} ${from}`,
    control: data[tcp + 13],
    length: end - tcp - (data[tcp + 12] >> 4) * 4,
    start,
    tcp,
  };
}

function hex(data, at, length) {
  let text = '';
  for (let i = at; i < at + length; i++) text += data[i].toString(16).padStart(2, '0');
  return text;
}

/** A copy of the record that went through one more router: TTL or hop limit one less, header checksum mended. */
export function oneHopOn(record) {
  const net = network(record);
  const data = record.data.slice();
  if (net?.etherType === 0x0800 && data.length >= net.start + 20) {
    data[net.start + 8]--;
    mendHeaderChecksum(data, net.start);
  } else if (net?.etherType === 0x86dd && data.length >= net.start + 40) data[net.start + 7]--;
  return { ...record, data };
}

function mendHeaderChecksum(data, start) {
  const length = (data[start] & 15) * 4;
  if (data.length < start + length) return;
  data[start + 10] = 0;
  data[start + 11] = 0;
  let sum = 0;
  for (let i = 0; i < length; i += 2) sum += word(data, start + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  data[start + 10] = (~sum >> 8) & 0xff;
  data[start + 11] = ~sum & 0xff;
}
