/** Captures rewritten packet by packet: the same conversation in other numbers, addresses or files. */
import { readFileSync } from 'node:fs';
import { diagnose } from '../../src/diagnose.js';
import type { Diagnosis } from '../../src/reset/verdicts/diagnosis.js';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';
import { needsNanoseconds, pcapWriter } from '../../src/write/pcap.js';
import { pcapngWriter } from '../../src/write/pcapng.js';
import type { CapturedPacket } from '../accuracy/conditions.mjs';
import { ACK, network, RST, SYN, segment } from '../accuracy/packet.mjs';
import { concat, readAll } from './captures.js';

export interface Recording {
  readonly packets: readonly CapturedPacket[];
  readonly epoch: bigint;
  readonly snaplen: number;
}

export function readRecording(path: string): Recording {
  const { records, info } = readAll(readFileSync(path));
  return {
    packets: records.map(({ octets, ...rest }) => ({ ...rest, data: octets })),
    epoch: info.epoch ?? 0n,
    snaplen: info.snaplen,
  };
}

/** A capture file of these packets: classic pcap where one link type allows it. */
export function capture(packets: readonly CapturedPacket[], epoch: bigint, snaplen = 0, format = 'pcap'): Uint8Array {
  const [linkType = 1, ...others] = new Set(packets.map((packet) => packet.linkType));
  const nanoseconds = needsNanoseconds(
    epoch,
    packets.map(({ time }) => time),
  );
  const writer =
    format === 'pcapng' || others.length > 0
      ? pcapngWriter({ epoch, snaplen })
      : pcapWriter({ epoch, snaplen, linkType, nanoseconds });
  const parts = packets.map((packet) => writer.record({ ...packet, start: 0, end: packet.data.length }));
  return concat([writer.start(), ...parts]);
}

/** What must not change however a capture was wrapped: `frameOf` maps frames back to those of the recording. */
export function essence({ verdicts }: Diagnosis, frameOf: (frame: number) => number = (frame) => frame): string[] {
  return verdicts.map((verdict) => line(verdict, frameOf));
}

function line(verdict: Verdict, frameOf: (frame: number) => number): string {
  const { reset, role, of, cause, confidence, mechanism, applications, evidence, alternatives, responsible } = verdict;
  const told = (one: Verdict['applications']['client']) =>
    one === null ? '?' : `${one.eofFirst ? 'EOF ' : ''}${one.error}`;
  const frames = evidence.map(({ frame }) => (frame === null ? '–' : frameOf(frame)));
  const first = of === null ? '' : ` of ${frameOf(Number(of.split(':').pop()))}`;
  return [
    `#${frameOf(reset.rst.frame)} ${role}${first}: ${cause.id}, ${confidence}, ${mechanism.kind} ${mechanism.confidence}, ${responsible}`,
    `client ${told(applications.client)}, server ${told(applications.server)}`,
    `frames ${frames.join(' ')}`,
    `kernel ${verdict.kernelReasons.join(' ')}`,
    `or ${alternatives.map((other) => `${other.cause.id} ${other.confidence}`).join(', ')}`,
  ].join(' | ');
}

export async function essenceOf(file: Uint8Array, frameOf?: (frame: number) => number): Promise<string[]> {
  return essence(await diagnose(file), frameOf);
}

/** Who sent the first SYN of a four-tuple, or the first packet: their numbers move by `client`, the others' by `server`. */
export function shiftSequences(
  packets: readonly CapturedPacket[],
  by: { readonly client: number; readonly server: number },
): CapturedPacket[] {
  const clients = new Map<string, string>();
  for (const packet of packets) {
    const s = segment(packet);
    if (s !== null && !clients.has(s.key)) {
      clients.set(s.key, (s.control & (SYN | ACK)) === (SYN | ACK) ? s.to : s.from);
    }
  }
  return packets.map((packet) => {
    const s = segment(packet);
    if (s === null) return packet;
    const fromClient = clients.get(s.key) === s.from;
    const own = fromClient ? by.client : by.server;
    const other = fromClient ? by.server : by.client;
    const edit = new Edit(packet);
    // A reset without anything to go by has the number 0, whatever the connection's numbers are.
    const reset = (s.control & RST) !== 0;
    if (!(reset && edit.word32(s.tcp + 4) === 0)) edit.add(s.tcp + 4, own);
    if ((s.control & ACK) !== 0 && !(reset && edit.word32(s.tcp + 8) === 0)) edit.add(s.tcp + 8, other);
    for (const at of sackEdges(packet.data, s.tcp)) edit.add(at, other);
    return edit.packet;
  });
}

/** Offsets of the edges in SACK options (RFC 2018 §3). */
function sackEdges(data: Uint8Array, tcp: number): number[] {
  const edges: number[] = [];
  const end = Math.min(data.length, tcp + ((data[tcp + 12] ?? 0) >> 4) * 4);
  for (let at = tcp + 20; at < end && data[at] !== 0; ) {
    const length = data[at] === 1 ? 1 : Math.max(data[at + 1] ?? 2, 2);
    if (data[at] === 5) for (let edge = at + 2; edge + 4 <= Math.min(at + length, end); edge += 4) edges.push(edge);
    at += length;
  }
  return edges;
}

/**
 * The same hosts in another network: the number goes into the second octet of IPv4 addresses and the third group of
 * IPv6 ones, so that what is loopback or private stays so.
 */
export function moveNetwork(packets: readonly CapturedPacket[], number: number): CapturedPacket[] {
  return packets.map((packet) => {
    const net = network(packet);
    if (net === null) return packet;
    const edit = new Edit(packet);
    const addresses = (start: number) =>
      net.etherType === 0x0800 ? [start + 12, start + 16] : net.etherType === 0x86dd ? [start + 12, start + 28] : [];
    for (const at of addresses(net.start)) edit.move(at, number << 8);
    const inner = quoted(packet.data, net);
    if (inner !== null) for (const at of addresses(inner)) edit.flip(at, number << 8);
    return edit.packet;
  });
}

/** Where the packet begins that an ICMP error quotes (RFC 792, RFC 4443 §2.4); null where it quotes none. */
function quoted(data: Uint8Array, { etherType, start }: { etherType: number; start: number }): number | null {
  if (etherType === 0x0800) {
    const at = start + 4 * ((data[start] as number) & 15);
    return data[start + 9] === 1 && [3, 11, 12].includes(data[at] as number) ? at + 8 : null;
  }
  const at = start + 40;
  return etherType === 0x86dd && data[start + 6] === 58 && (data[at] as number) < 128 ? at + 8 : null;
}

/** A copy of a packet whose words can be changed; checksums change with them, so that wrong ones stay wrong. */
class Edit {
  readonly packet: CapturedPacket;
  private readonly view: DataView;
  /** Offsets of the header checksum (IPv4 only) and the TCP checksum, -1 where there is none. */
  private readonly header: number;
  private readonly tcp: number;

  constructor(packet: CapturedPacket) {
    const data = packet.data.slice();
    this.packet = { ...packet, data };
    this.view = new DataView(data.buffer);
    const net = network(packet);
    const s = segment(packet);
    this.header = net?.etherType === 0x0800 ? net.start + 10 : -1;
    this.tcp = s !== null && data.length >= s.tcp + 18 ? s.tcp + 16 : -1;
  }

  word32(at: number): number {
    return this.view.getUint32(at);
  }

  /** Adds to a 32-bit number of the TCP header. */
  add(at: number, by: number): void {
    const before = this.view.getUint32(at);
    const after = (before + by) >>> 0;
    this.view.setUint32(at, after);
    this.mend(this.tcp, before, after);
  }

  /** Flips bits of an address; returns it as it was and as it is. */
  flip(at: number, bits: number): readonly [number, number] {
    const before = this.view.getUint32(at);
    const after = (before ^ (bits << 8)) >>> 0;
    this.view.setUint32(at, after);
    return [before, after];
  }

  /** … and mends the checksums that cover it. */
  move(at: number, bits: number): void {
    const [before, after] = this.flip(at, bits);
    this.mend(this.header, before, after);
    this.mend(this.tcp, before, after);
  }

  /** RFC 1624 §3: HC' = ~(~HC + ~m + m'). */
  private mend(at: number, before: number, after: number): void {
    if (at < 0) return;
    let sum = ~this.view.getUint16(at) & 0xffff;
    sum += (~(before >>> 16) & 0xffff) + (~before & 0xffff) + (after >>> 16) + (after & 0xffff);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    this.view.setUint16(at, ~sum & 0xffff);
  }
}

/** Recordings side by side, each in a network of its own, from moments (ns) of its own on. */
export function merged(paths: readonly string[], shifts: readonly number[]): CapturedPacket[] {
  return paths
    .flatMap((path, i) => {
      const { packets } = readRecording(path);
      return moveNetwork(packets, i).map((packet) => ({ ...packet, time: packet.time + (shifts[i] ?? 0) }));
    })
    .sort((a, b) => a.time - b.time);
}
