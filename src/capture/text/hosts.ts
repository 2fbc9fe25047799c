import { SERVICES } from './services.js';

/** IPv4 addresses that are on no wire (RFC 1112 §4, "class E"): they stand for hosts whose names are all there is. */
const STAND_IN = 240;

/** The same for IPv6: the discard prefix (RFC 6666), 100::/64. */
const WIDE_STAND_IN = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Ports that stand for services whose number is not known: just below where Linux begins its ephemeral ports. */
const HIGHEST_STAND_IN = 32_767;

/** Most names one text may bring. */
const MOST_NAMES = 65_536;

/** Turns the hosts and ports of a listing into octets and numbers; names get a stand-in each. */
export class Hosts {
  private readonly hosts = new Map<string, Uint8Array>();
  private readonly wideHosts = new Map<string, Uint8Array>();
  private readonly services = new Map<string, number>();

  /** Stand-in → name as printed, in order of appearance: addresses, and `port 32767`. */
  readonly names = new Map<string, string>();

  /** The address of `10.0.0.1`, `fd00::1` or a name (an IPv6 one if `wide`); null where it can be neither. */
  address(text: string, wide = false): Uint8Array | null {
    const numeric = addressOctets(text) ?? namedAddress(text, wide);
    if (numeric !== null) return numeric;
    const known = (wide ? this.wideHosts : this.hosts).get(text);
    if (known !== undefined) return known;
    const count = this.hosts.size + this.wideHosts.size;
    if (!/^[\w][\w.-]*$/.test(text) || text.length > 253 || count >= MOST_NAMES) return null;
    return wide ? this.nameWide(text) : this.name(text);
  }

  private name(text: string): Uint8Array {
    const n = this.hosts.size + 1;
    const octets = Uint8Array.of(STAND_IN, 0, n >> 8, n & 0xff);
    this.hosts.set(text, octets);
    this.names.set(octets.join('.'), text);
    return octets;
  }

  private nameWide(text: string): Uint8Array {
    const n = this.wideHosts.size + 1;
    const octets = WIDE_STAND_IN.slice();
    octets[14] = n >> 8;
    octets[15] = n & 0xff;
    this.wideHosts.set(text, octets);
    this.names.set(`100::${n.toString(16)}`, text);
    return octets;
  }

  /** Has this name stood for a host before? */
  knows(name: string): boolean {
    return this.hosts.has(name) || this.wideHosts.has(name);
  }

  /** `10.0.0.1.80`, `fd00::1.443`, `web.example.http`: what stands before the last dot is the host. */
  endpoint(text: string, wide = false): { readonly address: Uint8Array; readonly port: number } | null {
    const dot = text.lastIndexOf('.');
    if (dot <= 0) return null;
    const host = text.slice(0, dot);
    const port = this.port(text.slice(dot + 1));
    // `10.0.0` is no host with port 1 but an address without one.
    if (port === null || /^\d+(\.\d+){0,2}$/.test(host)) return null;
    const address = this.address(host, wide);
    return address === null ? null : { address, port };
  }

  port(text: string): number | null {
    if (/^\d{1,5}$/.test(text)) return Number(text) <= 65_535 ? Number(text) : null;
    const name = text.toLowerCase();
    if (!/^[a-z0-9][a-z0-9_+-]*$/.test(name)) return null;
    const known = SERVICES.get(name) ?? this.services.get(name);
    if (known !== undefined) return known;
    if (this.services.size >= 1024) return null;
    const port = HIGHEST_STAND_IN - this.services.size;
    this.services.set(name, port);
    this.names.set(`port ${port}`, text);
    return port;
  }
}

/** The address that a name is known to stand for: `localhost`, or one that holds it, as cloud hosts are named. */
function namedAddress(name: string, wide: boolean): Uint8Array | null {
  if (/^localhost(?:\.localdomain)?$/i.test(name)) return wide ? ipv6Octets('::1') : Uint8Array.of(127, 0, 0, 1);
  if (/^ip6-(?:localhost|loopback)$/i.test(name)) return ipv6Octets('::1');
  const held = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?:\.|$)/i.exec(name);
  return held === null ? null : ipv4Octets(held.slice(1).join('.'));
}

/** The octets of a numeric address, 4 or 16 of them; null where it is none. */
export function addressOctets(text: string): Uint8Array | null {
  return text.includes(':') ? ipv6Octets(text) : ipv4Octets(text);
}

function ipv4Octets(text: string): Uint8Array | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (parts === null) return null;
  const octets = parts.slice(1).map(Number);
  return octets.every((octet) => octet < 256) ? Uint8Array.from(octets) : null;
}

/** RFC 4291 §2.2, with a dotted tail and a zone (`%eth0`) as some programs print them. */
function ipv6Octets(text: string): Uint8Array | null {
  let bare = text.split('%')[0] as string;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (dotted) {
    const tail = ipv4Octets(dotted[2] as string);
    if (tail === null) return null;
    const [a, b, c, d] = tail as unknown as [number, number, number, number];
    bare = `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const halves = bare.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<string>(tail === undefined ? 0 : missing).fill('0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

/** `02:00:00:00:00:01` as six octets. */
export function macOctets(text: string): Uint8Array | null {
  const parts = text.split(':').map((octet) => Number.parseInt(octet, 16));
  return parts.length === 6 && parts.every((octet) => octet >= 0 && octet < 256) ? Uint8Array.from(parts) : null;
}
