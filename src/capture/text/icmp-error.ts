import type { Hosts } from './hosts.js';

/** The segment that an ICMP error quotes, as far as a line tells it: a router quotes eight octets of TCP or more (RFC 792). */
export interface TextQuote {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** An ICMP error as tcpdump prints it. */
export interface TextIcmp {
  readonly type: number;
  readonly code: number;
  /** Octets that the next link takes, where the line says so; 0 where not. */
  readonly mtu: number;
  /** The host that could not be reached, where the line names it, and its port. */
  readonly host: Uint8Array | null;
  readonly port: number | null;
  /** null: without `-v` tcpdump does not print what is quoted, and of ICMPv6 never. */
  readonly quote: TextQuote | null;
}

type Phrase = readonly [RegExp, type: number, code: number];

const HOST = String.raw`(?<host>\S+?)`;

function phrases(...list: readonly (readonly [words: string, type: number, code: number])[]): readonly Phrase[] {
  return list.map(([words, type, code]) => [new RegExp(`^${words.replace('HOST', HOST)}(?=[,\\s]|$)`), type, code]);
}

/** What tcpdump says of ICMP errors (print-icmp.c): types and codes of RFC 792 and RFC 1812 §5.2.7.1. */
const ICMP4 = phrases(
  ['net HOST unreachable - admin prohibited', 3, 9],
  ['host HOST unreachable - admin prohibited filter', 3, 13],
  ['host HOST unreachable - admin prohibited', 3, 10],
  ['net HOST unreachable - tos prohibited', 3, 11],
  ['host HOST unreachable - tos prohibited', 3, 12],
  ['net HOST unreachable - unknown', 3, 6],
  ['host HOST unreachable - unknown', 3, 7],
  ['host HOST unreachable - host precedence violation', 3, 14],
  ['host HOST unreachable - precedence cutoff', 3, 15],
  ['net HOST unreachable', 3, 0],
  ['host HOST unreachable', 3, 1],
  ['HOST protocol 6 unreachable', 3, 2],
  [String.raw`HOST tcp port (?<port>\d+) unreachable`, 3, 3],
  ['HOST unreachable - need to frag', 3, 4],
  ['HOST unreachable - source route failed', 3, 5],
  ['HOST unreachable - source host isolated', 3, 8],
  ['source quench', 4, 0],
  ['time exceeded in-transit', 11, 0],
  ['ip reassembly time exceeded', 11, 1],
);

/** The same of ICMPv6 (print-icmp6.c): types and codes of RFC 4443 §3. */
const ICMP6 = phrases(
  ['destination unreachable, +unreachable route HOST', 1, 0],
  ['destination unreachable, +unreachable prohibited HOST', 1, 1],
  ['destination unreachable, +beyond scope HOST', 1, 2],
  ['destination unreachable, +unreachable address HOST', 1, 3],
  [String.raw`destination unreachable, +unreachable port, HOST tcp port (?<port>\d+)`, 1, 4],
  ['packet too big', 2, 0],
  ['time exceeded in-transit for HOST', 3, 0],
);

/** What stands behind `10.0.0.1 > 10.0.0.2:`; null where it is no ICMP error. */
export function parseIcmpError(text: string, hosts: Hosts): TextIcmp | null {
  const [, six, rest] = /^\s*(?:\[[^\]]*\] )?ICMP(6?),? (.*)$/.exec(text) ?? [];
  if (rest === undefined) return null;
  for (const [pattern, type, code] of six === '6' ? ICMP6 : ICMP4) {
    const found = pattern.exec(rest);
    if (found === null) continue;
    const { host, port } = found.groups ?? {};
    return {
      type,
      code,
      mtu: Number(/^.{0,200}?\bmtu (\d{1,5})\b/.exec(rest)?.[1] ?? 0),
      host: host === undefined ? null : hosts.address(host),
      port: port === undefined ? null : Number(port),
      quote: null,
    };
  }
  return null;
}

/** What a quoted header says of its protocol. */
export const QUOTED_TCP = 'proto TCP (6)';

/** The quoted packet that tcpdump prints behind an error with `-v`, its two lines put together; null where it is no TCP. */
export function parseQuote(text: string, hosts: Hosts): TextQuote | null {
  const found = text.includes(QUOTED_TCP) ? /.*\)\s+(\S+) > (\S+):(?:\s|$)/.exec(text) : null;
  const source = hosts.endpoint(found?.[1] ?? '');
  const destination = hosts.endpoint(found?.[2] ?? '');
  if (source === null || destination === null || source.address.length !== destination.address.length) return null;
  return {
    source: source.address,
    destination: destination.address,
    sourcePort: source.port,
    destinationPort: destination.port,
  };
}
