import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../../tcp/control.js';
import { DIRECTION_UNKNOWN } from '../types.js';
import { parseTime } from './clock.js';
import { addressOctets, type Hosts } from './hosts.js';
import type { TextOption, TextPacket, TextSegment, WrittenTime } from './packet.js';

/** One row of Wireshark's packet list: what `tshark` prints by default, what is copied or exported from the window. */
export interface TableRow {
  readonly number: number | null;
  readonly time: WrittenTime | null;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Octets of the frame; null where the column is missing. */
  readonly frameLength: number | null;
  readonly info: string;
}

const ARROW = '(?:\\u2192|->|>)';
const ROW = new RegExp(
  `^(\\d{1,12})\\s+((?:\\d{4}-\\d\\d-\\d\\d[ T])?[\\d:.]{3,20})\\s+(\\S+)\\s+(?:${ARROW}\\s+)?(\\S+)\\s+(\\S+)\\s+(?:(\\d{1,7})\\s+(?!${ARROW}\\s))?(\\S.*)$`,
);

const ADDRESS = '((?:\\d{1,3}\\.){3}\\d{1,3}|[\\da-f.]{0,24}:[\\da-f:.]{1,40})';
const PORT = '(?:\\d{1,5}\\s+)?';
/** … with columns that somebody added: more times, ports behind the addresses, numbers behind the length; or without numbers. */
const WIDER_ROW = new RegExp(
  `^(?:(\\d{1,12})\\s+)?((?:\\d{4}-\\d\\d-\\d\\d[ T])?[\\d:.]{3,20})\\s+(?:\\d{1,10}\\.\\d{1,9}\\s+){0,2}${ADDRESS}\\s+${PORT}(?:${ARROW}\\s+)?${ADDRESS}\\s+${PORT}([A-Za-z]\\S{0,20})\\s+(?:(\\d{1,7})\\s+(?!${ARROW}\\s))?(?:\\d{1,10}\\s+(?!${ARROW}\\s)){0,2}(\\S.*)$`,
);

/** A row of the list in columns; null where the line is none. */
export function parseRow(text: string, hosts: Hosts): TableRow | null {
  return rowOf(ROW.exec(text), hosts) ?? rowOf(WIDER_ROW.exec(text), hosts);
}

function rowOf(found: RegExpExecArray | null, hosts: Hosts): TableRow | null {
  if (found === null) return null;
  const [, number, time, source, destination, protocol, length, info] = found as unknown as (string | undefined)[];
  if (!/^[A-Z][\w./-]{1,20}$/i.test(protocol as string)) return null;
  // A sentence may look like a row; hosts that are names are believed where the row is one of TCP, or they stood in one.
  const isHost = (name: string) => addressOctets(name) !== null || hosts.knows(name);
  if (!(isHost(source as string) && isHost(destination as string)) && flagsOf(info as string) === null) return null;
  const written = parseTime(time as string);
  if (written === null) return null;
  return {
    number: number === undefined ? null : Number(number),
    time: written.time,
    source: source as string,
    destination: destination as string,
    protocol: protocol as string,
    frameLength: length === undefined ? null : Number(length),
    info: info as string,
  };
}

/** Columns by the headings Wireshark gives them. */
const HEADINGS = ['no.', 'time', 'source', 'destination', 'protocol', 'length', 'info'] as const;

/** Rows of a CSV export, whose first line names the columns; without one they stand in Wireshark's own order. */
export class CsvRows {
  private columns: readonly number[] = HEADINGS.map((_, i) => i);
  private isKnown = false;

  /** A row; `'heading'` for the line with the names; null where the line is neither. */
  parse(text: string): TableRow | 'heading' | null {
    if (!text.startsWith('"')) return null;
    const cells = csvCells(text);
    const names = cells.map((cell) => cell.trim().toLowerCase());
    if (names.includes('source') && names.includes('info')) {
      this.columns = HEADINGS.map((heading) => names.indexOf(heading));
      this.isKnown = true;
      return 'heading';
    }
    const [number, time, source, destination, protocol, length, info] = this.columns.map((i) => cells[i]?.trim() ?? '');
    if (info === undefined || source === '' || destination === '') return null;
    if (!this.isKnown && (!/^\d+$/.test(number ?? '') || addressOctets(source ?? '') === null)) return null;
    return {
      number: /^\d{1,12}$/.test(number ?? '') ? Number(number) : null,
      time: parseTime(time ?? '')?.time ?? null,
      source: source ?? '',
      destination: destination ?? '',
      protocol: protocol ?? '',
      frameLength: /^\d{1,7}$/.test(length ?? '') ? Number(length) : null,
      info,
    };
  }
}

/** `"a","b ""c"""` (RFC 4180 §2). */
function csvCells(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell]) => (cell as string).replaceAll('""', '"'));
}

const NAMES: Readonly<Record<string, number>> = { FIN, SYN, RST, PSH, ACK, URG, ECE, ECN: ECE, CWR, NS: AE, AE };

const PORTS_AND_FLAGS = new RegExp(
  `(?:^|\\s)(\\S{1,40})\\s{1,3}${ARROW}\\s{1,3}(\\S{1,40}) \\[([A-Z, ]{2,50}|<None>)\\]`,
);

/** `443 → 40000 [RST, ACK] Seq=1 …`, wherever in the Info column it stands. */
function flagsOf(info: string): { from: string; to: string; control: number; rest: string } | null {
  const found = PORTS_AND_FLAGS.exec(info);
  if (found === null) return null;
  let control = 0;
  for (const name of (found[3] as string).split(/, ?/)) {
    if (name === '<None>') break;
    const bit = NAMES[name.trim()];
    if (bit === undefined) return null;
    control |= bit;
  }
  const rest = info.slice(found.index + found[0].length);
  return { from: found[1] as string, to: found[2] as string, control, rest };
}

/** A TCP row as Wireshark words it, the window as it shows it (scaled, where it knew the scale). */
export function parseTableSegment(row: TableRow, hosts: Hosts): TextSegment | string | null {
  const flags = flagsOf(row.info);
  if (flags === null) return null;
  const number = (name: string) => {
    const found = new RegExp(`\\b${name}=(\\d{1,10})\\b`).exec(flags.rest)?.[1];
    return found === undefined ? null : Number(found);
  };
  const sourcePort = hosts.port(flags.from);
  const destinationPort = hosts.port(flags.to);
  if (sourcePort === null || destinationPort === null) return 'its ports cannot be read';
  const [seq, ack, window, length] = [number('Seq'), number('Ack'), number('Win'), number('Len')];
  if (seq === null) return 'it has no sequence number';
  if (window === null) return 'it has no window';
  if ((flags.control & ACK) !== 0 && ack === null) return 'it has no acknowledgment number';
  return {
    sourcePort,
    destinationPort,
    control: flags.control,
    seq: seq >>> 0,
    ack: (flags.control & ACK) === 0 || ack === null ? null : ack >>> 0,
    window,
    options: optionsOf(flags.rest, number),
    length: Math.min(length ?? 0, 65_535),
    headerLength: headerLengthOf(row, length ?? 0),
    payload: new Uint8Array(0),
    checksumValid: null,
    strange: false,
    isLossy: false,
    settled: true,
  };
}

/** Ethernet and IP without options. */
const BELOW = { 4: 34, 6: 54 } as const;

/** What the length of an Ethernet frame leaves for the TCP header: options that the row does not name are in it. */
function headerLengthOf({ frameLength, source }: TableRow, length: number): number | null {
  if (frameLength === null) return null;
  const header = frameLength - BELOW[source.includes(':') ? 6 : 4] - length;
  // Short frames are padded to 60 octets, and other link types have other headers.
  return header % 4 === 0 && header >= 20 && header <= 60 && frameLength > 60 ? header : null;
}

/** Wireshark names the options that tell something, not their order or padding. */
function optionsOf(rest: string, number: (name: string) => number | null): TextOption[] {
  const options: TextOption[] = [];
  const [mss, scale, tsVal, tsEcr, left, right] = ['MSS', 'WS', 'TSval', 'TSecr', 'SLE', 'SRE'].map(number);
  if (mss != null) options.push({ kind: 'mss', value: mss & 0xffff });
  if (/\bSACK_PERM\b/.test(rest)) options.push({ kind: 'sack-permitted' });
  if (tsVal != null) {
    if (mss == null) options.push({ kind: 'nop' }, { kind: 'nop' });
    options.push({ kind: 'timestamps', value: tsVal, echo: tsEcr ?? 0 });
  }
  if (scale != null) options.push({ kind: 'nop' }, { kind: 'window-scale', value: shiftOf(scale) });
  if (left != null && right != null)
    options.push({ kind: 'nop' }, { kind: 'nop' }, { kind: 'sack', blocks: [{ left, right }] });
  return options;
}

/** `WS=128` is the factor; releases before 1.4 print the shift. */
function shiftOf(scale: number): number {
  const isFactor = scale > 0 && (scale & (scale - 1)) === 0;
  return Math.min(isFactor ? Math.log2(scale) : scale, 14);
}

/** The row as a packet whose segment is not known; rows of other protocols may have no addresses. */
export function packetOf(row: TableRow, line: number, hosts: Hosts): TextPacket {
  const source = hosts.address(row.source);
  const destination = hosts.address(row.destination);
  const isPair = source !== null && destination !== null && source.length === destination.length;
  const nowhere = new Uint8Array(4);
  return {
    line,
    number: row.number,
    time: row.time,
    interfaceName: null,
    direction: DIRECTION_UNKNOWN,
    macSource: null,
    macDestination: null,
    source: isPair ? source : nowhere,
    destination: isPair ? destination : nowhere,
    ttl: null,
    ipId: null,
    df: null,
    tos: null,
    tcp: null,
  };
}
