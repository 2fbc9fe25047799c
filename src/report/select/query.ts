/**
 * What a reader pastes after `whyrst show capture.pcap`: a frame number, two endpoints in whatever spelling their tool
 * uses, or a whole line of a log.
 */

import { parseAddress } from './address.js';

export interface QueryEnd {
  readonly address: string;
  readonly port: number;
}

export type Query =
  /** `file`: the number before the colon of `3:812`. */
  | { readonly kind: 'frame'; readonly frame: number; readonly file?: number }
  | { readonly kind: 'connection'; readonly ends: readonly [QueryEnd, QueryEnd] }
  /** One endpoint, or addresses without their ports: enough to look, not enough to be sure. */
  | { readonly kind: 'part'; readonly ends: readonly QueryEnd[]; readonly addresses: readonly string[] }
  | { readonly kind: 'nothing' };

const V4 = '\\d{1,3}(?:\\.\\d{1,3}){3}';
const V6 = '[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?::\\d{1,3}(?:\\.\\d{1,3}){3})?(?:%\\w+)?';

/** Spellings of an endpoint, the surest first. */
const ENDPOINTS: readonly RegExp[] = [
  // [2001:db8::1]:443
  new RegExp(`\\[(${V6})\\]:(\\d{1,5})\\b`, 'gi'),
  // 10.0.0.1:80, 10.0.0.1.80 (tcpdump), 10.0.0.1#80, 10.0.0.1,80, 10.0.0.1 80, 10.0.0.1 port 80
  new RegExp(`\\b(${V4})(?:[:.#]|, ?| port | )(\\d{1,5})(?!\\.?\\d|:\\d)`, 'gi'),
  // 2001:db8::1.443 (tcpdump), 2001:db8::1 443, 2001:db8::1 port 443
  new RegExp(`(?<![\\w:.])(${V6})(?:\\.|#|, ?| port | )(\\d{1,5})(?!\\.?\\d|:\\d)`, 'gi'),
];

/** Characters of `frame.number == 1,234,567,890` with room to spare. */
const LONGEST_FRAME = 64;

export function parseQuery(text: string): Query {
  const wanted = text.trim();
  // Longer ones are lines of a log, and this expression goes over blanks more than once.
  const frame =
    wanted.length > LONGEST_FRAME
      ? null
      : /^(?:frame(?:\.number)?\s*(?:==?|:)?\s*|#)?(?:(\d+):)?(\d{1,3}(?:,\d{3})+|\d+)$/i.exec(wanted);
  if (frame) {
    const [, file, number = ''] = frame;
    return {
      kind: 'frame',
      frame: Number(number.replaceAll(',', '')),
      ...(file === undefined ? {} : { file: Number(file) }),
    };
  }
  const labelled = labelledEnds(wanted);
  if (labelled !== null) return { kind: 'connection', ends: labelled };
  const ends = endpointsIn(wanted);
  if (ends.length >= 2) return { kind: 'connection', ends: [ends[0] as QueryEnd, ends[1] as QueryEnd] };
  const addresses = addressesIn(wanted);
  if (ends.length === 0 && addresses.length === 0) return { kind: 'nothing' };
  return { kind: 'part', ends, addresses };
}

/** `src=10.0.0.1 dst=10.0.0.2 sport=43210 dport=80` (conntrack), `ip.src==… && tcp.dstport==…` (Wireshark). */
function labelledEnds(text: string): [QueryEnd, QueryEnd] | null {
  const value = (names: string) =>
    new RegExp(`\\b(?:${names})["']?\\s*(?:==|=|:)\\s*["']?([0-9a-f.:]+)`, 'i').exec(text)?.[1];
  const source = value('src|saddr|src_ip|source_ip|ip\\.src|ipv6\\.src');
  const target = value('dst|daddr|dst_ip|dest_ip|destination_ip|ip\\.dst|ipv6\\.dst');
  const sourcePort = value('sport|src_port|source_port|tcp\\.srcport');
  const targetPort = value('dport|dst_port|dest_port|destination_port|tcp\\.dstport');
  if (source === undefined || target === undefined || sourcePort === undefined || targetPort === undefined) return null;
  const ends = [end(source, sourcePort), end(target, targetPort)] as const;
  return ends[0] !== null && ends[1] !== null ? [ends[0], ends[1]] : null;
}

/** Every endpoint in the order of the text, each once. */
function endpointsIn(text: string): QueryEnd[] {
  const found: { readonly at: number; readonly end: QueryEnd }[] = [];
  let rest = text;
  for (const pattern of ENDPOINTS) {
    rest = rest.replace(pattern, (match: string, address: string, port: string, at: number) => {
      const next = end(address, port);
      if (next === null) return match;
      found.push({ at, end: next });
      // A later, looser spelling must not find the same text again.
      return '_'.repeat(match.length);
    });
  }
  found.sort((a, b) => a.at - b.at);
  const ends = new Map<string, QueryEnd>();
  for (const { end: each } of found) {
    const key = `${each.address} ${each.port}`;
    if (!ends.has(key)) ends.set(key, each);
  }
  return [...ends.values()];
}

function addressesIn(text: string): string[] {
  const found = [...text.matchAll(new RegExp(`\\b${V4}\\b|(?<![\\w:.])${V6}(?![\\w:])`, 'gi'))].map(([match]) => match);
  return [...new Set(found.filter((address) => parseAddress(address) !== null))];
}

function end(address: string, port: string): QueryEnd | null {
  if (parseAddress(address) === null || Number(port) > 65535) return null;
  return { address, port: Number(port) };
}

/** The point of time a log line bears, as text for parseMoment; null when it bears none. */
export function timeIn(text: string): string | null {
  const full = /\b(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\s*(Z|[+-]\d\d:?\d\d)?/.exec(text);
  if (full) return `${full[1]}-${full[2]}-${full[3]}T${full[4]}${full[5] ?? ''}`;
  return /(?<![\d:.])([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d{1,9})?(?![\d:])/.exec(text)?.[0] ?? null;
}
