import { ACK, RST, SYN } from '../../tcp/control.js';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN, type Direction } from '../types.js';
import { parseTime } from './clock.js';
import { type Hosts, macOctets } from './hosts.js';
import { parseIcmpError } from './icmp-error.js';
import type { TextPacket, TextSegment } from './packet.js';
import { parseSegment, type SegmentText } from './tcpdump-segment.js';

/** What was made of a line. */
export type LineResult =
  | { readonly packet: TextPacket }
  /** A packet that is not whole yet: the next line goes on with it; if none does, it is what `asFar` says. */
  | { readonly unfinished: string; readonly asFar?: TextPacket }
  /** It looks like a packet and cannot be understood, because … */
  | { readonly problem: string };

/** Of `-v` only the line with the IP header has come. */
export const NO_SECOND_LINE = 'its second line is missing';

/** Quote marks, list marks and numbers that a mail or an issue puts before a line. */
const BEFORE = /^(?:[\s>|*•#]|&gt;)*(?:\d{1,5}[.)]\s+|-\s+)?/;

/** The line without what quoting and copying put around it. */
export function unquoted(line: string): string {
  return line
    .slice((BEFORE.exec(line) as RegExpExecArray)[0].length)
    .replace(/&gt;/g, '>')
    .replace(/[\s\0]+$/, '');
}

const LINK_OR_NETWORK =
  /^(?:IP6?\b|ARP\b|\S+\s+(?:In|Out|B|M|P)\s|(?:In|Out)\s|[0-9a-f]{1,2}:[0-9a-f]{1,2}:|STP|LLDP|802\.)/;

/** Does a packet of tcpdump's begin here? */
export function beginsPacket(text: string): boolean {
  const time = timeBefore(text);
  if (time !== null) return LINK_OR_NETWORK.test(text.slice(time.end).trimStart()) || flowOf(text) !== null;
  return /^IP6? /.test(text) || flowOf(text) !== null;
}

/** The time at the beginning of a line, not one that stands further behind. */
function timeBefore(text: string): ReturnType<typeof parseTime> {
  const time = parseTime(text.slice(0, 40));
  return time !== null && time.end <= 31 ? time : null;
}

interface Flow {
  /** What stands before it. */
  readonly head: string;
  readonly from: string;
  readonly to: string;
  readonly segment: SegmentText;
}

/** `… 10.0.0.1.80 > 10.0.0.2.40000: Flags [R], …`. */
function flowOf(text: string): Flow | null {
  for (const pair of pairs(text)) {
    const segment = parseSegment(text.slice(pair.end));
    if (segment !== null) return { ...pair, segment };
  }
  return null;
}

/** All `a > b:` of a line: with `-e` the first is one of MAC addresses. */
function* pairs(text: string): Generator<{ head: string; from: string; to: string; end: number }> {
  for (let at = text.indexOf(' > '); at >= 0; at = text.indexOf(' > ', at + 3)) {
    const start = text.lastIndexOf(' ', at - 1) + 1;
    const space = text.indexOf(' ', at + 3);
    const end = space < 0 ? text.length : space;
    if (text[end - 1] !== ':') continue;
    yield { head: text.slice(0, start), from: text.slice(start, at), to: text.slice(at + 3, end - 1), end };
  }
}

/** Is it IPv6? Its names stand for IPv6 addresses then. */
function isWide({ head, from, to }: Pick<Flow, 'head' | 'from' | 'to'>): boolean {
  return /\bIP6\b/.test(head) || from.includes(':') || to.includes(':');
}

/** Reads a packet as tcpdump prints it, one line or several put together. */
export function parseTcpdumpLine(text: string, line: number, hosts: Hosts): LineResult {
  const flow = flowOf(text);
  if (flow === null) return withoutFlags(text, line, hosts);
  const { segment } = flow;
  const length = segment.length ?? (segment.printed ? null : 0);
  const spanned = segment.seq !== null && segment.seqEnd !== null ? (segment.seqEnd - segment.seq) >>> 0 : null;
  if (length === null && spanned === null && segment.window !== null) return { unfinished: 'it has no length' };
  const wide = isWide(flow);
  const from = hosts.endpoint(flow.from, wide);
  const to = hosts.endpoint(flow.to, wide);
  if (from === null || to === null) return { problem: 'its addresses cannot be read' };
  if (from.address.length !== to.address.length) return { problem: 'its addresses are of two families' };
  const { control } = segment;
  if ((control & ACK) !== 0 && segment.ack === null) return { unfinished: 'it has no acknowledgment number' };
  // A bare RST alone may lack it (it stands where its sender stood then): that there was one is what matters.
  const cutShort = segment.window === null;
  const needsNumber = (control & SYN) !== 0 || ((control & RST) !== 0 && !(cutShort && (control & ACK) === 0));
  if (segment.seq === null && needsNumber) return { unfinished: 'it has no sequence number' };
  const tcp: TextSegment = {
    sourcePort: from.port,
    destinationPort: to.port,
    control,
    seq: segment.seq === null ? null : segment.seq >>> 0,
    ack: (control & ACK) === 0 || segment.ack === null ? null : segment.ack >>> 0,
    // A line that was cut short tells it not: then nothing is likely (`isLossy`).
    window: (segment.window ?? 0) & 0xffff,
    options: segment.options,
    length: Math.min(spanned ?? length ?? 0, 65_535),
    headerLength: null,
    payload: segment.payload,
    checksumValid: segment.checksumValid,
    strange: false,
    isLossy: cutShort,
    settled: false,
  };
  const packet = { ...headOf(flow.head, line, segment), source: from.address, destination: to.address, tcp };
  if (cutShort) return { unfinished: 'it has no window', asFar: packet };
  // The length stands at the end: without it the rest of a long line is on the next.
  return length === null ? { unfinished: 'it has no length', asFar: packet } : { packet };
}

/** Not TCP, or TCP of which too little is printed. */
function withoutFlags(text: string, line: number, hosts: Hosts): LineResult {
  const header = /(?:\bIP6?|:) \((?:tos|class|flowlabel|hlim)\b/.exec(text);
  const [pair] = [...pairs(text)].slice(-1);
  if (pair === undefined) {
    if (header !== null || /\bIP6?$/.test(text)) return { unfinished: NO_SECOND_LINE };
    if (/\bIP6? \S+ >/.test(text)) return { unfinished: 'it ends too soon' };
    return other(text, line);
  }
  const rest = text.slice(pair.end).trim();
  if (/^tcp \d+/.test(rest)) return { problem: 'printed with -q it has no flags' };
  if (rest === '' || /^Flags?( \[[^\]]*)?$/.test(rest)) return { unfinished: 'it has no flags' };
  if (/^Flags|\[\|?tcp\]/.test(rest)) return { problem: 'its flags cannot be read' };
  const wide = isWide(pair);
  const source = hosts.endpoint(pair.from, wide)?.address ?? hosts.address(pair.from, wide);
  const destination = hosts.endpoint(pair.to, wide)?.address ?? hosts.address(pair.to, wide);
  if (source === null || destination === null || source.length !== destination.length) return other(text, line);
  const icmp = parseIcmpError(rest, hosts);
  return { packet: { ...headOf(pair.head, line, null), source, destination, tcp: null, icmp } };
}

/** A packet of another protocol (ARP, STP, …): it counts as a frame, that is all. */
function other(text: string, line: number): LineResult {
  const nowhere = new Uint8Array(4);
  return { packet: { ...headOf(text, line, null), source: nowhere, destination: nowhere, tcp: null } };
}

const MAC = '((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})';
const MACS = new RegExp(`${MAC}(?: \\(oui [^)]*\\))? > ${MAC}`, 'i');
const ONE_MAC = new RegExp(`(?:^|\\s)${MAC}(?: \\(oui [^)]*\\))?,? ethertype`, 'i');
/** `eth0  In  IP`, `In 02:…`: `-i any` tells the interface and whether the packet left (pcap-linktype(7), LINUX_SLL2). */
const WAY = /(?:(?:^|\s)([\w.@-]+)\s+)?(?:^|\s)(In|Out|B|M|P)\s+(?=IP6?\b|ifindex|[0-9a-f]{2}:)/;

type Head = Omit<TextPacket, 'source' | 'destination' | 'tcp'>;

/** Everything before the addresses: time, interface, MAC addresses, IP header. */
function headOf(head: string, line: number, extra: SegmentText | null): Head {
  const time = timeBefore(head);
  const rest = time === null ? head : head.slice(time.end);
  const way = WAY.exec(rest);
  const macs = MACS.exec(rest) ?? ONE_MAC.exec(rest);
  const header = rest.slice(Math.max(0, rest.indexOf('(')));
  const flags = /\bflags \[([^\]]*)\]/.exec(header)?.[1];
  const number = (pattern: RegExp) => {
    const digits = pattern.exec(header)?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const word = way?.[2];
  let direction: Direction =
    word === undefined ? DIRECTION_UNKNOWN : word === 'Out' ? DIRECTION_OUTBOUND : DIRECTION_INBOUND;
  if (extra !== null && extra.outbound !== null) direction = extra.outbound ? DIRECTION_OUTBOUND : DIRECTION_INBOUND;
  return {
    line,
    number: null,
    time: time?.time ?? null,
    interfaceName: extra?.interfaceName ?? way?.[1] ?? null,
    direction,
    macSource: extra?.macs?.[0] ?? (macs?.[1] === undefined ? null : macOctets(macs[1])),
    macDestination: extra?.macs?.[1] ?? (macs?.[2] === undefined ? null : macOctets(macs[2])),
    ttl: extra?.ttl ?? number(/\b(?:ttl|hlim) (\d{1,3})\b/),
    ipId: extra?.ipId ?? number(/\bid (\d{1,5})\b/),
    df: extra?.df ?? (flags === undefined ? null : flags.includes('DF')),
    tos: extra?.tos ?? number(/\b(?:tos|class) (0x[0-9a-f]{1,2})\b/),
  };
}
