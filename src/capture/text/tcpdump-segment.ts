import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../../tcp/control.js';
import { macOctets } from './hosts.js';
import { parseOptions } from './options.js';
import type { TextOption } from './packet.js';

/** Control bits by tcpdump's letters (print-tcp.c, tcp_flag_values). */
const LETTERS: Readonly<Record<string, number>> = {
  F: FIN,
  S: SYN,
  R: RST,
  P: PSH,
  '.': ACK,
  U: URG,
  E: ECE,
  W: CWR,
  e: AE,
};

/** What stands behind `10.0.0.1.80 > 10.0.0.2.40000:`; null or missing where the line does not say it. */
export interface SegmentText {
  readonly control: number;
  seq: number | null;
  /** Where `seq 1:101` ends. */
  seqEnd: number | null;
  ack: number | null;
  window: number | null;
  options: readonly TextOption[];
  length: number | null;
  checksumValid: boolean | null;
  payload: Uint8Array;
  ttl: number | null;
  ipId: number | null;
  df: boolean | null;
  tos: number | null;
  macs: readonly [Uint8Array, Uint8Array] | null;
  interfaceName: string | null;
  outbound: boolean | null;
  /** Was it written as tcpdump writes it (`Flags [...]`), where the line ends with a length? */
  readonly printed: boolean;
}

const FLAGS = /^\s*(Flags )?\[([SFRPUEWe.]+|none)\]/;
/** tcpdump before 4.0: `S 1:1(0) ack 1 win 5840 <mss 1460>`, `. ack 1 win 5840`. */
const OLD_FLAGS = /^\s*([SFRPWEU]+|\.)(?= \d+:\d+\(\d+\)| ack \d| win \d)(?: \.(?= ))?/;

type Field = readonly [RegExp, (found: RegExpExecArray, to: SegmentText) => void];

/** In any order, commas or not; the first text that is none of them ends the packet. */
const FIELDS: readonly Field[] = [
  [/[\s,]+/y, () => {}],
  // What whoever pasted the line left out.
  [/\.{3}|…/y, () => {}],
  [
    /seq (\d+)(?::(\d+))?(?:\((\d+)\))?/y,
    ([, from, to, length], s) => {
      s.seq = Number(from);
      if (to !== undefined) s.seqEnd = Number(to);
      if (length !== undefined) s.length = Number(length);
    },
  ],
  // The older form has no word before the numbers.
  [
    /(\d+):(\d+)\((\d+)\)/y,
    ([, from, to, length], s) => {
      s.seq = Number(from);
      s.seqEnd = Number(to);
      s.length = Number(length);
    },
  ],
  [/ack (\d+)/y, ([, ack], s) => (s.ack = Number(ack))],
  [/win (\d+)/y, ([, window], s) => (s.window = Number(window))],
  [/urg \d+/y, () => {}],
  [/\(DF\)/y, (_, s) => (s.df = true)],
  [/cksum 0x[0-9a-f]+ \((correct|incorrect)[^)]*\)/y, ([, word], s) => (s.checksumValid = word === 'correct')],
  [/cksum (right|wrong)\b/y, ([, word], s) => (s.checksumValid = word === 'right')],
  [/options \[((?:[^[\]]|\[[^\]]*\])*)\]/y, ([, list], s) => (s.options = parseOptions(list as string))],
  [/<([^>]*)>/y, ([, list], s) => (s.options = parseOptions(list as string))],
  [/length:? (\d+)/y, ([, length], s) => (s.length = Number(length))],
  [/ttl (\d{1,3})\b/y, ([, ttl], s) => (s.ttl = Math.min(Number(ttl), 255))],
  [/id (0x[0-9a-f]{1,4}|\d{1,5})\b/y, ([, id], s) => (s.ipId = Number(id) & 0xffff)],
  [/tos 0x([0-9a-f]{1,2})\b/y, ([, tos], s) => (s.tos = Number.parseInt(tos as string, 16))],
  [/DF\b/y, (_, s) => (s.df = true)],
  [/-DF\b/y, (_, s) => (s.df = false)],
  [
    /mac ([0-9a-f:]{11,17})>([0-9a-f:]{11,17})(?=[\s,]|$)/iy,
    ([, from, to], s) => {
      const macs = [macOctets(from as string), macOctets(to as string)] as const;
      if (macs[0] !== null && macs[1] !== null) s.macs = [macs[0], macs[1]];
    },
  ],
  [
    /if ([\w.-]+)(?: (in|out)\b)?/y,
    ([, name, way], s) => {
      s.interfaceName = name as string;
      if (way !== undefined) s.outbound = way === 'out';
    },
  ],
  [
    /"((?:[^"\\]|\\.)*)"/y,
    ([, text], s) => {
      s.payload = payloadOctets(text as string);
      s.length ??= s.payload.length;
    },
  ],
];

/** The text behind the colon; null where no TCP flags stand there. */
export function parseSegment(text: string): SegmentText | null {
  const modern = FLAGS.exec(text);
  const old = modern === null ? OLD_FLAGS.exec(text) : null;
  const letters = modern?.[2] ?? old?.[1];
  if (letters === undefined) return null;
  let control = 0;
  if (letters !== 'none') for (const letter of letters) control |= LETTERS[letter] as number;
  const segment: SegmentText = {
    control,
    seq: null,
    seqEnd: null,
    ack: null,
    window: null,
    options: [],
    length: null,
    checksumValid: null,
    payload: new Uint8Array(0),
    ttl: null,
    ipId: null,
    df: null,
    tos: null,
    macs: null,
    interfaceName: null,
    outbound: null,
    printed: modern?.[1] !== undefined,
  };
  let at = (modern ?? old)?.[0].length as number;
  for (let found: RegExpExecArray | null; at < text.length; at += found[0].length) {
    found = null;
    for (const [pattern, take] of FIELDS) {
      pattern.lastIndex = at;
      found = pattern.exec(text);
      if (found === null) continue;
      take(found, segment);
      break;
    }
    if (found === null) break;
  }
  // Before 4.0 the ACK bit is not among the letters: the number says that it is set.
  return old !== null && segment.ack !== null ? { ...segment, control: control | ACK } : segment;
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0' };

/** `GET / HTTP/1.1\r\n`, `\x16\x03\x01`: text as UTF-8, with the escapes of C. */
function payloadOctets(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const octets: number[] = [];
  for (const [piece, hex, letter] of text.matchAll(/\\x([0-9a-f]{2})|\\(.)|[^\\]+/giu)) {
    if (hex !== undefined) octets.push(Number.parseInt(hex, 16));
    else octets.push(...encoder.encode(letter === undefined ? piece : (ESCAPES[letter] ?? letter)));
  }
  return Uint8Array.from(octets);
}
