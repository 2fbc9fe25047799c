import type { TextOption } from './packet.js';

/** MPTCP subtypes (RFC 8684 §3) under the names tcpdump prints. */
const MPTCP = ['capable', 'join', 'dss', 'add-addr', 'rem-addr', 'prio', 'fail', 'fast-close', 'tcprst'];

/** `mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7`, as in tcpdump's `options [...]` and its older `<...>`. */
export function parseOptions(text: string): TextOption[] {
  const options: TextOption[] = [];
  // No comma of tcpdump's separates two options inside braces.
  for (const part of text.match(/(?:[^,{]|\{[^}]*\})+/g) ?? []) options.push(parseOption(part.trim()));
  return options;
}

function parseOption(text: string): TextOption {
  const [, name = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
  switch (name.toLowerCase()) {
    case 'nop':
    case 'eol':
      return { kind: name.toLowerCase() as 'nop' | 'eol' };
    case 'sackok':
      return { kind: 'sack-permitted' };
    case 'mss':
      return { kind: 'mss', value: Number.parseInt(rest, 10) & 0xffff };
    case 'wscale':
      return { kind: 'window-scale', value: Math.min(Number.parseInt(rest, 10) || 0, 255) };
    case 'ts':
    case 'timestamp': {
      const [value, echo] = rest.match(/\d+/g) ?? [];
      return { kind: 'timestamps', value: Number(value ?? 0), echo: Number(echo ?? 0) };
    }
    case 'sack': {
      const edges = [...rest.matchAll(/\{(\d+):(\d+)\}/g)].slice(0, 4);
      return { kind: 'sack', blocks: edges.map(([, left, right]) => ({ left: Number(left), right: Number(right) })) };
    }
    case 'mptcp': {
      const subtype = MPTCP.findIndex((one) => rest.split(/\s+/).includes(one));
      return subtype < 0 ? { kind: 'other' } : { kind: 'mptcp', subtype };
    }
    case 'md5':
      return { kind: 'md5' };
    default:
      return { kind: 'other' };
  }
}

/** Longest list of options a TCP header has room for. */
const MOST = 40;

/** The octets of the options, padded to a multiple of four; those that do not fit are left out. */
export function optionOctets(options: readonly TextOption[]): number[] {
  const octets: number[] = [];
  for (const option of options) {
    const next = encode(option);
    if (octets.length + next.length > MOST) break;
    octets.push(...next);
  }
  while (octets.length % 4 !== 0) octets.push(0);
  return octets;
}

function encode(option: TextOption): number[] {
  switch (option.kind) {
    case 'eol':
      return [0];
    case 'nop':
      return [1];
    case 'mss':
      return [2, 4, option.value >> 8, option.value & 0xff];
    case 'window-scale':
      return [3, 3, option.value];
    case 'sack-permitted':
      return [4, 2];
    case 'sack':
      return [
        5,
        2 + 8 * option.blocks.length,
        ...option.blocks.flatMap(({ left, right }) => [...word(left), ...word(right)]),
      ];
    case 'timestamps':
      return [8, 10, ...word(option.value), ...word(option.echo)];
    case 'md5':
      return [19, 18, ...new Array<number>(16).fill(0)];
    case 'mptcp':
      // Three octets are the least that carries a subtype.
      return [30, 4, option.subtype << 4, 0];
    case 'other':
      // RFC 4727: for experiments; nothing is concluded from it but that it is there.
      return [254, 4, 0, 0];
  }
}

/** Four octets in network byte order. */
export function word(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
