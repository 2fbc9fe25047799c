import { ABSENT_TIME, type CaptureRecord } from '../types.js';
import type { TextPacket } from './packet.js';

/** Most octets of one packet that are kept. */
const MOST = 262_144;

const LINE = /^0x([0-9a-f]{4,}):\s{1,2}((?:[0-9a-f]{2}){1,2}(?: [0-9a-f]{2,4}){0,7})(?=\s|$)/;

/** The octets of `0x0010:  0a00 0001 …  ....` (tcpdump -x, -X, -xx, -XX), with their offset; null for other lines. */
export function dumpedLine(text: string): { readonly offset: number; readonly octets: number[] } | null {
  const found = LINE.exec(text);
  if (found === null) return null;
  const digits = (found[2] as string).replaceAll(' ', '');
  const octets: number[] = [];
  for (let i = 0; i < digits.length; i += 2) octets.push(Number.parseInt(digits.slice(i, i + 2), 16));
  return { offset: Number.parseInt(found[1] as string, 16), octets };
}

/** The octets of a packet as a hex dump behind its line shows them. */
export class HexDump {
  private readonly octets: number[] = [];
  /** Does each line go on where the one before ended? */
  private isWhole = true;

  add({ offset, octets }: { readonly offset: number; readonly octets: number[] }): void {
    if (offset !== this.octets.length || offset > MOST) this.isWhole = false;
    else this.octets.push(...octets);
  }

  /** Fills the record with the octets themselves; false where they are no packet of these addresses. */
  write(packet: TextPacket, record: CaptureRecord): boolean {
    if (!this.isWhole) return false;
    const data = Uint8Array.from(this.octets);
    // -x begins with the network header, -xx with an Ethernet header.
    const at = isIp(data, 0) ? 0 : isIp(data, 14) ? 14 : -1;
    if (at < 0) return false;
    const six = data[at]! >> 4 === 6;
    const source = data.subarray(at + (six ? 8 : 12), at + (six ? 24 : 16));
    if (packet.tcp !== null && source.some((octet, i) => octet !== packet.source[i])) return false;
    const length = six ? 40 + word(data, at + 4) : word(data, at + 2);
    record.data = data;
    record.start = 0;
    record.end = data.length;
    record.originalLength = Math.max(at + length, data.length);
    record.linkType = at === 0 ? 101 : 1;
    record.direction = packet.direction;
    record.absent = packet.time === null ? ABSENT_TIME : 0;
    return true;
  }
}

function isIp(data: Uint8Array, at: number): boolean {
  if (at === 14 && word(data, 12) !== 0x0800 && word(data, 12) !== 0x86dd) return false;
  const version = (data[at] ?? 0) >> 4;
  return version === 4 ? data.length >= at + 20 : version === 6 && data.length >= at + 40;
}

function word(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}
