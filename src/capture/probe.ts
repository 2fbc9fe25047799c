import { COMPRESSIONS } from './compressions.js';
import { ErfReader, looksLikeErf } from './erf.js';
import { isPcapMagic, PcapReader } from './pcap.js';
import { PcapngReader } from './pcapng.js';
import { SnoopReader } from './snoop.js';
import { TextReader } from './text/reader.js';
import type { CaptureReader } from './types.js';

/** Octets a probe wants to see; fewer only when the capture has fewer. */
export const PROBE_LENGTH = 16;

/** A format told by its first octets: one that is read, or one that is only known by name. */
export interface Probe {
  readonly name: string;
  readonly matches: (head: Uint8Array) => boolean;
  readonly open?: () => CaptureReader;
  /** Of what is read: which of it. */
  readonly holds?: string;
  /** Matches much that is none (any text), so it is no sign of a capture by itself. */
  readonly weak?: true;
  /** How to turn it into something that is read. */
  readonly convert?: string;
}

const EDITCAP = 'convert it: editcap -F pcapng IN OUT.pcapng';

function starts(...octets: number[]): (head: Uint8Array) => boolean {
  return (head) => octets.every((octet, i) => head[i] === octet);
}

function word(head: Uint8Array, littleEndian: boolean): number {
  if (head.length < 4) return 0;
  return new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0, littleEndian);
}

/** In order: the first that matches decides. A new format is one more line. */
export const PROBES: readonly Probe[] = [
  {
    name: 'pcap',
    matches: (head) => isPcapMagic(word(head, false)) || isPcapMagic(word(head, true)),
    open: () => new PcapReader(),
    holds: 'libpcap, in micro- or nanoseconds, either byte order',
  },
  {
    name: 'pcapng',
    matches: starts(0x0a, 0x0d, 0x0d, 0x0a),
    open: () => new PcapngReader(),
    holds: 'any number of sections and interfaces',
  },
  {
    name: 'snoop',
    matches: starts(0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0),
    open: () => new SnoopReader(),
    holds: 'RFC 1761, of Solaris',
  },
  ...COMPRESSIONS.map(({ name, magic, undo }) => ({
    name,
    matches: starts(...magic),
    convert: `decompress it: ${undo} IN > OUT.pcap`,
  })),
  { name: 'zip', matches: starts(0x50, 0x4b, 3, 4), convert: 'unpack it: unzip IN' },
  { name: 'Microsoft NetMon 2', matches: starts(0x47, 0x4d, 0x42, 0x55), convert: EDITCAP },
  { name: 'Microsoft NetMon 1', matches: starts(0x52, 0x54, 0x53, 0x53), convert: EDITCAP },
  { name: 'Network General Sniffer', matches: starts(0x54, 0x52, 0x53, 0x4e, 0x49, 0x46, 0x46), convert: EDITCAP },
  { name: 'NetXray / Sniffer Pro', matches: starts(0x58, 0x43, 0x50, 0), convert: EDITCAP },
  { name: 'AIX iptrace', matches: starts(0x69, 0x70, 0x74, 0x72, 0x61, 0x63, 0x65), convert: EDITCAP },
  {
    name: 'IXIA pcap variant',
    matches: (head) => starts(0xac, 0x01, 0x00, 0x1c)(head) || starts(0xab, 0x01, 0x00, 0x1c)(head),
    convert: EDITCAP,
  },
  {
    name: 'Windows event trace (ETL)',
    // WMI_BUFFER_HEADER: BufferSize is a power of two from 4 KiB to 1 MiB, SavedOffset and CurrentOffset lie in it.
    matches: (head) => {
      const size = word(head, true);
      const offset = word(head.subarray(4), true);
      return size >= 4096 && size <= 0x100000 && (size & (size - 1)) === 0 && offset > 0x48 && offset <= size;
    },
    convert: 'convert it: pktmon etl2pcap IN, or etl2pcapng IN OUT.pcapng',
  },
  {
    name: 'pcapng broken by a text-mode transfer (line ends were rewritten)',
    matches: (head) =>
      starts(0x0d, 0x0a, 0x0d)(head) || starts(0x0a, 0x0d, 0x0a)(head) || starts(0x0a, 0x0a, 0x0a)(head),
    convert: 'transfer it again in binary mode',
  },
  // Last, what has no magic number: text, whose octets are such as a text has …
  {
    name: 'text',
    matches: isText,
    open: () => new TextReader(),
    weak: true,
    holds: "packets as tcpdump or tshark prints them, Wireshark's list copied or exported as CSV",
  },
  // … and a record header that makes sense.
  {
    name: 'ERF',
    matches: looksLikeErf,
    open: () => new ErfReader(),
    weak: true,
    holds: "records of Endace's cards and probes",
  },
];

/** Printable octets, tabs and line ends, those of UTF-8 and of a terminal's escapes among them, or UTF-16 with its mark. */
function isText(head: Uint8Array): boolean {
  if (head[0] === 0xff && head[1] === 0xfe) return true;
  return head.every((octet) =>
    octet >= 0x20 ? octet !== 0x7f : octet === 9 || octet === 10 || octet === 13 || octet === 27,
  );
}
