/**
 * A recording alone, and the same with a crowd of ordinary connections that come and go between its packets:
 *
 *     node test/support/crowd.mjs CAPTURE CONNECTIONS
 *
 * prints what was said of each RST, alone and in company, as two lines of JSON that should be the same. A process of its
 * own over dist/, because millions of packets take too long in transformed sources.
 */

import { diagnose } from '../../dist/index.js';
import { readCapture } from '../accuracy/capture.mjs';

const CHUNK = 1 << 20;
/** Connections of the crowd that are open at a time. */
const OPEN = 5_000;
const FIN = 1;
const SYN = 2;
const ACK = 16;

/** The segments of one connection: forward?, control bits, sequence number, acknowledgment. */
const HANDSHAKE = [
  [true, SYN, 1000, 0],
  [false, SYN | ACK, 5000, 1001],
  [true, ACK, 1001, 5001],
];
const END = [
  [true, FIN | ACK, 1001, 5001],
  [false, FIN | ACK, 5001, 1002],
  [true, ACK, 1002, 5002],
];

/**
 * A pcap file, in chunks, in which that many connections come and go between the packets of a recording, in order of
 * time. `frames` receives, at the place of each packet of the recording, its frame number in that file.
 */
function* crowd({ records, epoch }, connections, frames) {
  const chunk = Buffer.alloc(CHUNK);
  const base = Number(epoch / 1000n);
  let at = chunk.writeUInt32LE(0xa1b2c3d4, 0);
  at = chunk.writeUInt16LE(4, chunk.writeUInt16LE(2, at));
  at = chunk.writeUInt32LE(1, chunk.writeUInt32LE(262_144, at + 8));
  let frame = 0;
  let time = 0;

  const put = (octets, originalLength = octets.length) => {
    const micros = base + Math.floor(time / 1000);
    chunk.writeUInt32LE(Math.floor(micros / 1e6), at);
    chunk.writeUInt32LE(micros % 1e6, at + 4);
    chunk.writeUInt32LE(octets.length, at + 8);
    chunk.writeUInt32LE(originalLength, at + 12);
    chunk.set(octets, at + 16);
    at += 16 + octets.length;
    frame++;
  };
  const packet = Buffer.alloc(54);
  packet.writeUInt16BE(0x0800, 12);
  packet.writeUInt16BE(0x4500, 14);
  packet.writeUInt16BE(40, 16);
  packet.writeUInt16BE(64 * 256 + 6, 22);
  packet[46] = 0x50;
  packet.writeUInt16BE(500, 48);
  const say = ([forward, control, seq, ack], connection) => {
    const client = 0xac100001 + Math.floor(connection / 50_000);
    const port = 10_000 + (connection % 50_000);
    packet.writeUInt16BE((frame * 7) & 0xffff, 18);
    packet.writeUInt32BE(forward ? client : 0xac1f0001, 26);
    packet.writeUInt32BE(forward ? 0xac1f0001 : client, 30);
    packet.writeUInt16BE(forward ? port : 443, 34);
    packet.writeUInt16BE(forward ? 443 : port, 36);
    packet.writeUInt32BE(seq, 38);
    packet.writeUInt32BE(ack, 42);
    packet[47] = control;
    put(packet);
  };

  const steps = connections === 0 ? 0 : connections + OPEN;
  let step = 0;
  for (const [i, record] of records.entries()) {
    const until = Math.floor((steps * (i + 1)) / records.length);
    const from = step;
    const start = records[i - 1]?.time ?? 0;
    for (; step < until; step++) {
      time = start + ((record.time - start) * (step - from)) / (until - from);
      if (step < connections) for (const one of HANDSHAKE) say(one, step);
      if (step >= OPEN) for (const one of END) say(one, step - OPEN);
      if (at > CHUNK - 65_536) {
        yield chunk.subarray(0, at);
        at = 0;
      }
    }
    time = record.time;
    put(record.data, record.originalLength);
    frames.push(frame);
  }
  yield chunk.subarray(0, at);
}

/** Everything said of each RST, with the frames of the recording. */
function told(verdicts, frames) {
  const own = new Map(frames.map((frame, i) => [frame, i + 1]));
  // Frames within a sentence: (123), (frames 123, 456).
  const map = (text) =>
    text.replace(/\((frames? )?\d+(, \d+)*\)/g, (all) => all.replace(/\d+/g, (n) => own.get(Number(n)) ?? n));
  return JSON.stringify(
    verdicts.map(
      ({ reset, role, of, cause, confidence, mechanism, responsible, applications, kernelReasons, ...rest }) => ({
        frame: own.get(reset.rst.frame),
        role,
        of: of === null ? null : own.get(Number(of)),
        cause: cause.id,
        confidence,
        mechanism: mechanism.kind,
        responsible,
        applications,
        kernelReasons,
        evidence: rest.evidence.map(({ frame, text, values }) => [
          frame === null ? null : own.get(frame),
          map(text),
          values,
        ]),
        doubt: rest.doubt.map(map),
        alternatives: rest.alternatives.map((other) => [other.cause.id, other.confidence, map(other.reason)]),
      }),
    ),
  );
}

const [, , path, connections] = process.argv;
const recording = readCapture(path);
for (const many of [0, Number(connections)]) {
  const frames = [];
  const { verdicts } = await diagnose(crowd(recording, many, frames));
  console.log(told(verdicts, frames));
}
