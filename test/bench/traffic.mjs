/**
 * Traffic for the benchmark: deterministic, in one file, made once. About 27 packets to a connection,
 * two thousand of them open at any time, so that a tracker meets the cache misses of a real capture.
 *
 *     node test/bench/traffic.mjs FILE [PACKETS]
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Raise it when the traffic changes: files made by another version are made again. */
export const VERSION = 3;

const OPEN = 2000;
/** Connections of a kind per million. */
const REFUSED = 120_000;
const UNREAD = 900;
const RACE = 900;
const ABORT = 900;
const LATE = 300;
const IPV6 = 100_000;
const TIMESTAMPS = 750_000;

const FIN = 1;
const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;
const CLIENT = 0;
const SERVER = 1;

/** xorshift32: the same traffic everywhere. */
function randomNumbers(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Steps of one connection, each [side, control bits, payload octets]. */
function script(random) {
  const draw = random(1_000_000);
  if (draw < REFUSED)
    return {
      kind: 'refused',
      steps: [
        [CLIENT, SYN, 0],
        [SERVER, RST | ACK, 0],
      ],
    };
  const steps = [
    [CLIENT, SYN, 0],
    [SERVER, SYN | ACK, 0],
    [CLIENT, ACK, 0],
  ];
  for (let i = 1 + random(10); i > 0; i--) {
    steps.push(
      [CLIENT, PSH | ACK, 4 + random(20)],
      [SERVER, ACK, 0],
      [SERVER, PSH | ACK, 4 + random(20)],
      [CLIENT, ACK, 0],
    );
  }
  if (draw < REFUSED + UNREAD) {
    steps.push([CLIENT, PSH | ACK, 10], [SERVER, ACK, 0], [CLIENT, PSH | ACK, 10], [SERVER, RST | ACK, 0]);
    return { kind: 'unread', steps };
  }
  if (draw < REFUSED + UNREAD + RACE) {
    steps.push([SERVER, FIN | ACK, 0], [CLIENT, PSH | ACK, 20], [SERVER, RST, 0]);
    return { kind: 'race', steps };
  }
  if (draw < REFUSED + UNREAD + RACE + ABORT) {
    steps.push([CLIENT, RST | ACK, 0]);
    return { kind: 'abort', steps };
  }
  if (draw < REFUSED + UNREAD + RACE + ABORT + LATE) {
    steps.push(
      [CLIENT, FIN | ACK, 0],
      [SERVER, PSH | ACK, 20],
      [CLIENT, RST, 0],
      [SERVER, PSH | ACK, 20],
      [CLIENT, RST, 0],
    );
    return { kind: 'late', steps };
  }
  steps.push([CLIENT, FIN | ACK, 0], [SERVER, FIN | ACK, 0], [CLIENT, ACK, 0]);
  return { kind: 'closed', steps };
}

/** Writes a capture of that many packets and, beside it as .json, what is in it. */
export function writeTraffic(path, packets) {
  const random = randomNumbers(2463534242);
  const file = openSync(path, 'w');
  const buffer = Buffer.alloc(1 << 20);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const counts = { version: VERSION, packets, seen: 0, resets: 0, kinds: {} };
  let at = 0;
  let clients = 0;

  function open() {
    const { kind, steps } = script(random);
    const number = clients++;
    return {
      kind,
      steps,
      step: 0,
      six: random(1_000_000) < IPV6,
      timestamps: random(1_000_000) < TIMESTAMPS,
      client: number % 5000,
      server: number % 50,
      // With 5000 clients, a port comes again after 140 million connections.
      port: 32_768 + (Math.floor(number / 5000) % 28_000),
      next: [random(0x7fffffff), random(0x7fffffff)],
      ipId: [random(65_536), random(65_536)],
    };
  }

  buffer.writeUInt32LE(0xa1b2c3d4, 0);
  buffer.writeUInt16LE(2, 4);
  buffer.writeUInt16LE(4, 6);
  buffer.writeUInt32LE(262_144, 16);
  buffer.writeUInt32LE(1, 20);
  at = 24;
  const live = Array.from({ length: OPEN }, open);
  for (let frame = 0; frame < packets; frame++) {
    const slot = random(OPEN);
    const connection = live[slot];
    if (connection.step === 0) {
      counts.seen++;
      counts.kinds[connection.kind] = (counts.kinds[connection.kind] ?? 0) + 1;
    }
    const [side, control, payload] = connection.steps[connection.step++];
    if (control & RST) counts.resets++;
    if (at + 200 > buffer.length) {
      writeSync(file, buffer, 0, at);
      at = 0;
    }
    at = packet(buffer, view, at, frame, connection, side, control, payload);
    if (connection.step === connection.steps.length) live[slot] = open();
  }
  writeSync(file, buffer, 0, at);
  closeSync(file);
  writeFileSync(`${path}.json`, JSON.stringify(counts, null, 1));
  return counts;
}

function packet(buffer, view, start, frame, connection, side, control, payload) {
  const { six, next } = connection;
  // A kernel that answers without a socket sends no timestamps (RFC 7323 §3.2).
  const bare = (control & RST) !== 0 && ((control & ACK) === 0 || connection.steps.length === 2);
  const syn = (control & SYN) !== 0;
  const timestamps = connection.timestamps && !bare;
  const options = syn ? (timestamps ? 20 : 8) : timestamps ? 12 : 0;
  const tcpLength = 20 + options + payload;
  const ipLength = (six ? 40 : 20) + tcpLength;
  const microseconds = frame * 70 + (frame % 13);
  const length = 14 + ipLength;
  view.setUint32(start, 1_700_000_000 + Math.floor(microseconds / 1e6), true);
  view.setUint32(start + 4, microseconds % 1e6, true);
  view.setUint32(start + 8, length, true);
  view.setUint32(start + 12, length, true);
  const ethernet = start + 16;
  buffer.fill(0, ethernet, ethernet + length);
  view.setUint32(ethernet + 2, side === CLIENT ? 0x0a000001 : 0x0a000002);
  view.setUint32(ethernet + 8, side === CLIENT ? 0x0a000002 : 0x0a000001);
  buffer[ethernet] = buffer[ethernet + 6] = 2;
  view.setUint16(ethernet + 12, six ? 0x86dd : 0x0800);

  const ip = ethernet + 14;
  const client = 0x0a000000 + connection.client;
  const server = 0x0a640000 + connection.server;
  const [from, to] = side === CLIENT ? [client, server] : [server, client];
  const ttl = side === CLIENT ? 64 : 61;
  if (six) {
    view.setUint32(ip, 0x60000000);
    view.setUint16(ip + 4, tcpLength);
    buffer[ip + 6] = 6;
    buffer[ip + 7] = ttl;
    view.setUint32(ip + 8, 0xfd000000);
    view.setUint32(ip + 20, from);
    view.setUint32(ip + 24, 0xfd000000);
    view.setUint32(ip + 36, to);
  } else {
    view.setUint32(ip, 0x45000000 + ipLength);
    const ipId = bare || (syn && side === SERVER) ? 0 : (connection.ipId[side] = (connection.ipId[side] + 1) & 0xffff);
    view.setUint32(ip + 4, (ipId << 16) | 0x4000);
    buffer[ip + 8] = ttl;
    buffer[ip + 9] = 6;
    view.setUint32(ip + 12, from);
    view.setUint32(ip + 16, to);
    view.setUint16(ip + 10, checksum(view, ip, 20, 0));
  }

  const tcp = ip + (six ? 40 : 20);
  const service = connection.kind === 'refused' ? 8443 : 443;
  const ports = side === CLIENT ? [connection.port, service] : [service, connection.port];
  view.setUint16(tcp, ports[0]);
  view.setUint16(tcp + 2, ports[1]);
  // A refusal answers the SYN's number with zero as its own (RFC 9293 §3.10.7.1); a bare RST takes it from the ACK.
  view.setUint32(tcp + 4, connection.steps.length === 2 && side === SERVER ? 0 : next[side]);
  view.setUint32(tcp + 8, control & ACK ? next[1 - side] : 0);
  view.setUint16(tcp + 12, (((20 + options) / 4) << 12) | control);
  view.setUint16(tcp + 14, control & RST ? 0 : syn ? 64_240 : 501);
  let at = tcp + 20;
  if (syn) {
    view.setUint32(at, 0x020405b4);
    view.setUint32(at + 4, timestamps ? 0x0402080a : 0x01030307);
    if (timestamps) {
      view.setUint32(at + 8, Math.floor(microseconds / 1000));
      view.setUint32(at + 16, 0x01030307);
    }
  } else if (timestamps) {
    view.setUint32(at, 0x0101080a);
    view.setUint32(at + 4, Math.floor(microseconds / 1000));
    view.setUint32(at + 8, Math.max(0, Math.floor(microseconds / 1000) - 100));
  }
  at += options;
  for (let i = 0; i < payload; i++) buffer[at + i] = 97 + ((frame + i) % 26);
  const pseudo = six
    ? 2 * 0xfd00 + (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff)
    : (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff);
  view.setUint16(tcp + 16, checksum(view, tcp, tcpLength, pseudo + 6 + tcpLength));
  next[side] = (next[side] + payload + (control & (SYN | FIN) ? 1 : 0)) >>> 0;
  return ethernet + length;
}

function checksum(view, start, length, initial) {
  let sum = initial;
  for (let at = 0; at + 1 < length; at += 2) sum += view.getUint16(start + at);
  if (length & 1) sum += view.getUint8(start + length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return 0xffff - sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, packets = '8000000'] = process.argv.slice(2);
  if (!path) throw new Error('usage: node test/bench/traffic.mjs FILE [PACKETS]');
  console.log(writeTraffic(path, Number(packets)));
}
