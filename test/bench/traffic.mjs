/**
 * Traffic for the benchmark: seeded, so the same everywhere, and described by parameters that are printed with it.
 *
 *     node test/bench/traffic.mjs FILE TRAFFIC [PACKETS]
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CaptureFile } from './capture-file.mjs';
import { ACK, FIN, PSH, RST, SYN, writePacket } from './frame.mjs';
import { randomNumbers } from './random.mjs';
import { TRAFFICS } from './traffics.mjs';

/** Raise it when the traffic changes: files made by another version are made again. */
export const VERSION = 4;

const CLIENT = 0;
const SERVER = 1;
/** Clients and servers of ordinary traffic. */
const CLIENTS = 5000;
const SERVERS = 50;

/**
 * Writes a capture of that many packets and, beside it as .json, what is in it.
 * @returns counts: packets, connections begun, resets, packets of reset connections, by kind
 */
export function writeTraffic(path, name, packets) {
  const parameters = TRAFFICS[name];
  if (parameters === undefined) throw new Error(`no traffic ${name}; there are ${Object.keys(TRAFFICS).join(', ')}`);
  const random = randomNumbers(parameters.seed);
  const file = new CaptureFile(path, parameters.format);
  const counts = { version: VERSION, name, packets, seen: 0, resets: 0, inReset: 0, kinds: {} };
  const make = parameters.flood === undefined ? crowd : FLOODS[parameters.flood];
  make({ file, random, parameters, packets, counts });
  file.close();
  writeFileSync(`${path}.json`, JSON.stringify({ ...counts, parameters }, null, 1));
  return counts;
}

/** One packet of a connection, whose numbers move on. */
function send(file, frame, connection, side, control, payload) {
  const { next } = connection;
  // A kernel that answers without a socket sends no timestamps (RFC 7323 §3.2).
  const refusal = connection.kind === 'refused' && side === SERVER;
  const bare = (control & RST) !== 0 && ((control & ACK) === 0 || refusal);
  const syn = (control & SYN) !== 0;
  const timestamps = connection.timestamps && !bare;
  const microseconds = frame * connection.step + (frame % 13);
  const mine = side === CLIENT;
  const p = PACKET;
  p.from = mine ? connection.client : connection.server;
  p.to = mine ? connection.server : connection.client;
  p.fromPort = mine ? connection.port : connection.service;
  p.toPort = mine ? connection.service : connection.port;
  p.six = connection.six;
  p.vxlan = connection.vxlan;
  // A refusal answers the SYN's number with zero as its own (RFC 9293 §3.10.7.1); a bare RST takes it from the ACK.
  p.seq = refusal ? 0 : next[side];
  p.ack = control & ACK ? next[1 - side] : 0;
  p.control = control;
  p.window = control & RST ? 0 : syn ? 64_240 : 501;
  p.payload = payload;
  p.options = syn ? (timestamps ? 'syn-timestamps' : 'syn') : timestamps ? 'timestamps' : 'none';
  p.clock = Math.floor(microseconds / 1000);
  p.ipId = bare || (syn && !mine) ? 0 : (connection.ipId[side] = (connection.ipId[side] + 1) & 0xffff);
  p.ttl = mine ? 64 : 61;
  p.frame = frame;
  file.frame(microseconds, payload, write);
  next[side] = (next[side] + payload + (control & (SYN | FIN) ? 1 : 0)) >>> 0;
}
const PACKET = {};
const write = (buffer, view, start) => writePacket(buffer, view, start, PACKET);

/** One packet of a script: its side, control bits and payload octets in one number; a list of objects would take most of the time. */
const step = (side, control, payload = 0) => (side << 30) | (control << 16) | payload;
const REFUSED = [step(CLIENT, SYN), step(SERVER, RST | ACK)];
const HANDSHAKE = [step(CLIENT, SYN), step(SERVER, SYN | ACK), step(CLIENT, ACK)];
/** How connections end, by kind. */
const ENDS = {
  closed: [step(CLIENT, FIN | ACK), step(SERVER, FIN | ACK), step(CLIENT, ACK)],
  unread: [step(CLIENT, PSH | ACK, 10), step(SERVER, ACK), step(CLIENT, PSH | ACK, 10), step(SERVER, RST | ACK)],
  race: [step(SERVER, FIN | ACK), step(CLIENT, PSH | ACK, 20), step(SERVER, RST)],
  abort: [step(CLIENT, RST | ACK)],
  late: [
    step(CLIENT, FIN | ACK),
    step(SERVER, PSH | ACK, 20),
    step(CLIENT, RST),
    step(SERVER, PSH | ACK, 20),
    step(CLIENT, RST),
  ],
};
/** Of ten resets. */
const KINDS = ['unread', 'unread', 'unread', 'race', 'race', 'race', 'abort', 'abort', 'abort', 'late'];

function script(random, { resets, refused, exchanges, payload }) {
  const draw = random(1_000_000) / 1_000_000;
  if (draw < refused) return { kind: 'refused', steps: REFUSED };
  const size = () => (payload === 'big' || (payload === 'mixed' && random(3) === 0) ? 1448 : 4 + random(20));
  const kind = draw < refused + resets ? KINDS[random(KINDS.length)] : 'closed';
  const steps = [...HANDSHAKE];
  for (let i = 1 + random(2 * exchanges - 1); i > 0; i--) {
    steps.push(step(CLIENT, PSH | ACK, 4 + random(20)), step(SERVER, ACK));
    steps.push(step(SERVER, PSH | ACK, size()), step(CLIENT, ACK));
  }
  steps.push(...ENDS[kind]);
  return { kind, steps };
}

/** Ordinary traffic: `open` connections at a time, whose packets come in random order. */
function crowd({ file, random, parameters, packets, counts }) {
  let clients = 0;
  const open = () => {
    const { kind, steps } = script(random, parameters);
    const number = clients++;
    return {
      kind,
      steps,
      at: 0,
      step: parameters.step,
      six: random(1000) < 1000 * parameters.ipv6,
      vxlan: random(1000) < 1000 * parameters.vxlan,
      timestamps: random(4) > 0,
      client: 0x0a000000 + (number % CLIENTS),
      server: 0x0a640000 + (number % SERVERS),
      service: kind === 'refused' ? 8443 : 443,
      // With 5000 clients, a port comes again after 140 million connections.
      port: 32_768 + (Math.floor(number / CLIENTS) % 28_000),
      next: [random(0x7fffffff), random(0x7fffffff)],
      ipId: [random(65_536), random(65_536)],
    };
  };
  const many = Math.min(parameters.open, Math.max(1, packets >> 3));
  const live = Array.from({ length: many }, open);
  for (let frame = 0; frame < packets; frame++) {
    const slot = random(many);
    const connection = live[slot];
    const { kind, steps } = connection;
    if (connection.at === 0) {
      counts.seen++;
      counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
    }
    const packet = steps[connection.at++];
    const control = (packet >>> 16) & 0xff;
    if (control & RST) counts.resets++;
    if (kind !== 'closed') counts.inReset++;
    send(file, frame, connection, packet >>> 30, control, packet & 0xffff);
    if (connection.at === steps.length) live[slot] = open();
  }
}

function lone(random, { step }) {
  return {
    kind: 'lone',
    step,
    six: false,
    vxlan: false,
    timestamps: false,
    client: (0x14000000 + random(0x7fffffff)) >>> 0,
    server: 0x0a640001,
    service: 443,
    port: 1024 + random(64_000),
    next: [random(0x7fffffff), random(0x7fffffff)],
    ipId: [random(65_536), random(65_536)],
  };
}

/** What attackers, broken services and scanners send. */
const FLOODS = {
  /** RSTs from addresses that never spoke. */
  'random-addresses'({ file, random, parameters, packets, counts }) {
    for (let frame = 0; frame < packets; frame++) send(file, frame, lone(random, parameters), CLIENT, RST, 0);
    Object.assign(counts, { seen: packets, resets: packets, inReset: packets });
  },
  /** One connection, then RSTs at numbers all over the sequence space. */
  'one-connection'({ file, random, parameters, packets, counts }) {
    const c = lone(random, parameters);
    const begin = [
      [CLIENT, SYN, 0],
      [SERVER, SYN | ACK, 0],
      [CLIENT, ACK, 0],
      [CLIENT, PSH | ACK, 20],
      [SERVER, PSH | ACK, 20],
    ];
    begin.forEach(([side, control, payload], frame) => {
      send(file, frame, c, side, control, payload);
    });
    for (let frame = begin.length; frame < packets; frame++) {
      c.next[CLIENT] = random(0xffffffff);
      send(file, frame, c, CLIENT, RST, 0);
    }
    Object.assign(counts, { seen: 1, resets: packets - begin.length, inReset: packets });
  },
  /** RSTs of one host to one listener, each from another port, round and round. */
  'one-listener'({ file, random, parameters, packets, counts }) {
    const client = lone(random, parameters).client;
    for (let frame = 0; frame < packets; frame++)
      send(file, frame, { ...lone(random, parameters), client, port: 1024 + (frame % 64_000) }, CLIENT, RST | ACK, 0);
    Object.assign(counts, { seen: Math.min(packets, 64_000), resets: packets, inReset: packets });
  },
  /** Clients that ask a closed port again and again. */
  refusals({ file, random, parameters, packets, counts }) {
    for (let frame = 0; frame + 1 < packets; frame += 2) {
      const client = 0x0a000000 + random(CLIENTS);
      const c = { ...lone(random, parameters), kind: 'refused', client, service: 8443 };
      send(file, frame, c, CLIENT, SYN, 0);
      send(file, frame + 1, c, SERVER, RST | ACK, 0);
    }
    Object.assign(counts, { seen: packets >> 1, resets: packets >> 1, inReset: packets });
  },
  /** One host probes the ports of many; most are closed. */
  scan({ file, random, parameters, packets, counts }) {
    const client = lone(random, parameters).client;
    for (let frame = 0; frame + 1 < packets; frame += 2) {
      const probe = frame >> 1;
      const server = 0x0a640000 + Math.floor(probe / 65_535);
      const c = { ...lone(random, parameters), kind: 'refused', client, server, service: 1 + (probe % 65_535) };
      send(file, frame, c, CLIENT, SYN, 0);
      send(file, frame + 1, c, SERVER, RST | ACK, 0);
    }
    Object.assign(counts, { seen: packets >> 1, resets: packets >> 1, inReset: packets });
  },
  /** SYNs from addresses that do not exist, answered and never completed. */
  'half-open'({ file, random, parameters, packets, counts }) {
    for (let frame = 0; frame + 1 < packets; frame += 2) {
      const c = lone(random, parameters);
      send(file, frame, c, CLIENT, SYN, 0);
      send(file, frame + 1, c, SERVER, SYN | ACK, 0);
    }
    Object.assign(counts, { seen: packets >> 1 });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, name, packets = '1000000'] = process.argv.slice(2);
  if (!name) throw new Error(`usage: node test/bench/traffic.mjs FILE ${Object.keys(TRAFFICS).join('|')} [PACKETS]`);
  console.log(writeTraffic(path, name, Number(packets)));
}
