/** Addresses as people write them on a command line, compared as numbers: `10.0.0.0/8`, `[2001:db8::1]:443`, `:8080`. */

export interface NumericAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** null when the text is no address. Zone ids (`%eth0`) are passed over. */
export function parseAddress(text: string): NumericAddress | null {
  const bare = text.replace(/%.*$/, '');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(bare)) {
    const octets = bare.split('.').map(Number);
    if (octets.some((octet) => octet > 255)) return null;
    return { bits: 32, value: octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n) };
  }
  return bare.includes(':') ? parseIpv6(bare) : null;
}

/** RFC 4291 §2.2, with the dotted tail of §2.5.5.2. */
function parseIpv6(text: string): NumericAddress | null {
  let groups = text;
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  if (dotted) {
    const tail = parseAddress(dotted[2] as string);
    if (tail === null) return null;
    groups = `${dotted[1]}${(tail.value >> 16n).toString(16)}:${(tail.value & 0xffffn).toString(16)}`;
  }
  const halves = groups.split('::');
  if (halves.length > 2) return null;
  const words = halves.map((half) => (half === '' ? [] : half.split(':')));
  const head = words[0] as string[];
  const tail = words[1] ?? [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array<string>(halves.length === 1 ? 0 : missing).fill('0'), ...tail];
  if (!all.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return null;
  return { bits: 128, value: all.reduce((value, word) => (value << 16n) | BigInt(`0x${word}`), 0n) };
}

export interface EndpointPattern {
  /** As it was written. */
  readonly text: string;
  readonly address: NumericAddress | null;
  readonly prefix: number;
  readonly port: number | null;
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1:80`, `[::1]:80`, `::1`, `:80`; null when it is none of these. */
export function parseEndpoint(text: string): EndpointPattern | null {
  const wanted = text.trim();
  const whole = parseNetwork(wanted);
  if (whole !== null) return { text: wanted, ...whole, port: null };
  const parts = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(wanted) ?? /^\[([^\]]*)\]()()$/.exec(wanted);
  if (parts === null) return null;
  const host = parts[1] ?? parts[2] ?? '';
  const port = parts[3] === '' ? null : Number(parts[3]);
  if (port !== null && port > 65535) return null;
  if (host === '' || host === '*') return port === null ? null : { text: wanted, address: null, prefix: 0, port };
  const network = parseNetwork(host);
  return network === null ? null : { text: wanted, ...network, port };
}

function parseNetwork(text: string): { readonly address: NumericAddress; readonly prefix: number } | null {
  const [host = '', length] = text.split('/');
  const address = parseAddress(host);
  if (address === null) return null;
  if (length === undefined) return { address, prefix: address.bits };
  const prefix = Number(length);
  return /^\d{1,3}$/.test(length) && prefix <= address.bits ? { address, prefix } : null;
}

export function matches(
  pattern: EndpointPattern,
  endpoint: { readonly address: string; readonly port: number },
): boolean {
  if (pattern.port !== null && pattern.port !== endpoint.port) return false;
  if (pattern.address === null) return true;
  const address = parseAddress(endpoint.address);
  if (address === null || address.bits !== pattern.address.bits) return false;
  const shift = BigInt(address.bits - pattern.prefix);
  return address.value >> shift === pattern.address.value >> shift;
}
