/**
 * What may happen to a capture between the wire and the file, made from a full capture: pure functions
 * from records to records. A record keeps the `frame` of the one it was made from, so that verdicts can
 * be compared; its place in the list is its frame number in the file that is written.
 */
import { randomNumbers } from '../bench/random.mjs';
import { ACK, FIN, network, oneHopOn, RST, SYN, segment } from './packet.mjs';

const ETHERNET = 1;
const SLL = 113;
const SLL2 = 276;

/** `tcpdump -s octets`: the rest of every packet is gone, its length is still told. */
export function snaplen(records, octets) {
  return records.map((record) => ({ ...record, data: record.data.subarray(0, octets) }));
}

/**
 * The capture began when the connections were already there: everything up to and including the third
 * packet of each handshake is missing, resets excepted. Later lives of a four-tuple are whole.
 */
export function withoutHandshakes(records) {
  /** Client by four-tuple while its handshake goes on; '' afterwards. */
  const clients = new Map();
  return records.filter((record) => {
    const s = segment(record);
    if (s === null) return true;
    const client = clients.get(s.key);
    if (client === undefined) {
      if ((s.control & SYN) === 0) {
        clients.set(s.key, '');
        return true;
      }
      clients.set(s.key, (s.control & ACK) === 0 ? s.from : s.to);
      return false;
    }
    if (client === '') return true;
    if ((s.control & RST) !== 0) {
      clients.set(s.key, '');
      return true;
    }
    if ((s.control & SYN) === 0 && s.from === client) clients.set(s.key, '');
    return false;
  });
}

/** Asymmetric routing: the capture point sees one direction of every connection. `from`: 'client' or 'server'. */
export function oneDirection(records, from) {
  const clients = clientsOf(records);
  return records.filter((record) => {
    const s = segment(record);
    return s === null || (clients.get(s.key) === s.from) === (from === 'client');
  });
}

/** Who sent the first SYN; where none was captured, who sent the first packet. */
function clientsOf(records) {
  const clients = new Map();
  const sure = new Set();
  for (const record of records) {
    const s = segment(record);
    if (s === null || sure.has(s.key)) continue;
    if ((s.control & SYN) !== 0) {
      clients.set(s.key, (s.control & ACK) === 0 ? s.from : s.to);
      sure.add(s.key);
    } else if (!clients.has(s.key)) clients.set(s.key, s.from);
  }
  return clients;
}

/** A mirror port before and behind a router: every packet again 20 µs later, one hop on, between other MAC addresses. */
export function twiceAroundRouter(records) {
  return twice(records, (record) => {
    const copy = oneHopOn(record);
    if (record.linkType === ETHERNET) {
      copy.data.set([2, 0, 0, 0, 1, 2], 0);
      copy.data.set([2, 0, 0, 0, 1, 1], 6);
    }
    return copy;
  });
}

/** `-i any` on a bridging host, cooked: every packet once as it came in and once, 20 µs later, as it went out. */
export function twiceOnAny(records) {
  // Recorded that way already.
  if (records.some((record) => record.linkType === SLL2)) return records;
  return twice(
    records.map((record) => cooked2(record, { packetType: 0, interfaceIndex: 2 })),
    (record) => {
      const data = record.data.slice();
      data[7] = 3; // interface index
      data[10] = 4; // packet type: outgoing
      return { ...record, data };
    },
  );
}

function twice(records, again) {
  const all = records.flatMap((record) => [record, { ...again(record), time: record.time + 20_000 }]);
  return all.sort((a, b) => a.time - b.time);
}

/** Several receive queues: neighbours less than 1 ms apart change places, two by two; the clock stays in order. */
export function reordered(records) {
  return shuffled(records, 1000, () => 0);
}

/** A capture that lost so many of a thousand packets and does not say so. */
export function thinned(records, perMille, random) {
  return records.filter(() => random(1000) >= perMille);
}

/** Neighbours less than 1 ms apart change places, two by two, so many of a thousand pairs; the clock stays in order. */
export function shuffled(records, perMille, random) {
  const all = [...records];
  for (let i = 0; i + 1 < all.length; i++) {
    const [one, other] = [all[i], all[i + 1]];
    if (other.time - one.time >= 1_000_000 || random(1000) >= perMille) continue;
    all[i] = { ...other, time: one.time };
    all[i + 1] = { ...one, time: other.time };
    i++;
  }
  return all;
}

/** Behind VLAN tags, from the outside in, as [EtherType, id]. */
export function tagged(records, tags) {
  const octets = tags.flatMap(([type, id]) => [type >> 8, type & 0xff, id >> 8, id & 0xff]);
  return records.map((record) => {
    const { data, ...rest } = asEthernet(record);
    const longer = Uint8Array.from([...data.subarray(0, 12), ...octets, ...data.subarray(12)]);
    return { ...rest, data: longer, originalLength: rest.originalLength + octets.length };
  });
}

export const vlan = (records) => tagged(records, [[0x8100, 100]]);
export const qinq = (records) =>
  tagged(records, [
    [0x88a8, 200],
    [0x8100, 100],
  ]);

/** `-i any` before libpcap 1.10.1: Linux cooked v1 in place of Ethernet. Whoever sent the first packet is this host. */
export function cookedV1(records) {
  const local = localMac(records);
  return records.map((record) => {
    const { packet, etherType, mac, rest } = unwrapped(record);
    const header = [0, isOutgoing(record, local) ? 4 : 0, 0, 1, 0, 6, ...mac, 0, 0, etherType >> 8, etherType & 0xff];
    return wrapped(rest, header, packet, SLL);
  });
}

/** The same in the newer form. */
export function cookedV2(records) {
  const local = localMac(records);
  return records.map((record) => {
    if (record.linkType === SLL2) return record;
    return cooked2(record, { packetType: isOutgoing(record, local) ? 4 : 0, interfaceIndex: 2 });
  });
}

function cooked2(record, { packetType, interfaceIndex }) {
  const { packet, etherType, mac, rest } = unwrapped(record);
  const header = [etherType >> 8, etherType & 0xff, 0, 0, 0, 0, 0, interfaceIndex, 0, 1, packetType, 6, ...mac, 0, 0];
  return wrapped(rest, header, packet, SLL2);
}

function asEthernet(record) {
  if (record.linkType === ETHERNET) return record;
  const { packet, etherType, mac, rest } = unwrapped(record);
  return wrapped(rest, [2, 0, 0, 0, 0, 9, ...mac, etherType >> 8, etherType & 0xff], packet, ETHERNET);
}

function unwrapped({ data, ...rest }) {
  const net = network({ data, ...rest });
  if (net === null) throw new Error(`frame ${rest.frame}: link type ${rest.linkType} is not known here`);
  return {
    packet: data.subarray(net.start),
    etherType: net.etherType,
    mac: net.mac,
    rest: { ...rest, cut: net.start },
  };
}

function wrapped({ cut, ...rest }, header, packet, linkType) {
  const data = new Uint8Array(header.length + packet.length);
  data.set(header, 0);
  data.set(packet, header.length);
  return { ...rest, data, linkType, originalLength: rest.originalLength - cut + header.length };
}

function isOutgoing(record, local) {
  if (record.linkType === SLL2) return record.data[10] === 4;
  return same(network(record)?.mac ?? [], local);
}

const localMac = (records) => (records.length > 0 ? (network(records[0])?.mac ?? []) : []);
const same = (a, b) => a.length === b.length && a.every((octet, i) => octet === b[i]);

/** `tcpdump 'tcp[tcpflags] & (bits) != 0'`: only segments with one of these control bits. */
export function onlyWith(records, bits) {
  return records.filter((record) => {
    const s = segment(record);
    return s !== null && (s.control & bits) !== 0;
  });
}

/**
 * All conditions by name. `apply` makes the records; `snaplen` goes into the file's header and `format`
 * is what the file is written as (default: classic pcap in microseconds as recorded).
 */
export const CONDITIONS = [
  { name: 'snaplen 96', apply: (records) => snaplen(records, 96), snaplen: 96 },
  { name: 'snaplen 54', apply: (records) => snaplen(records, 54), snaplen: 54 },
  { name: 'handshake missing', apply: withoutHandshakes },
  { name: 'client → server only', apply: (records) => oneDirection(records, 'client') },
  { name: 'server → client only', apply: (records) => oneDirection(records, 'server') },
  { name: 'twice, around a router', apply: twiceAroundRouter },
  { name: 'twice, -i any (SLL2)', apply: twiceOnAny },
  { name: 'reordered', apply: reordered },
  { name: 'a twentieth lost', apply: (records) => thinned(records, 50, randomNumbers(records.length)) },
  { name: 'VLAN', apply: vlan },
  { name: 'QinQ', apply: qinq },
  { name: 'cooked v1', apply: cookedV1 },
  { name: 'cooked v2', apply: cookedV2 },
  { name: 'pcapng', apply: (records) => records, format: 'pcapng' },
  { name: 'only SYN, FIN, RST', apply: (records) => onlyWith(records, SYN | FIN | RST) },
  { name: 'only RST', apply: (records) => onlyWith(records, RST) },
];
