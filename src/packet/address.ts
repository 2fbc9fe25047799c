/** Addresses as four words become text; IPv4 is kept IPv4-mapped (see segment.ts). */

/** RFC 5952 text of an IPv6 address, dotted quad for an IPv4-mapped one. */
export function addressText(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `${w3 >>> 24}.${(w3 >>> 16) & 255}.${(w3 >>> 8) & 255}.${w3 & 255}`;
  const groups = [w0, w1, w2, w3].flatMap((w) => [w >>> 16, w & 0xffff]);
  // The longest run of two or more zero groups is compressed; the first of equals (RFC 5952 §4.2).
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > bestLength) {
      best = i;
      bestLength = n;
    }
    if (n > 0) i += n - 1;
  }
  const hex = groups.map((g) => g.toString(16));
  if (best < 0) return hex.join(':');
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + bestLength).join(':')}`;
}

/** Text of the four address words at `words[at]`. */
export function addressAt(words: Int32Array, at: number): string {
  return addressText(words[at], words[at + 1], words[at + 2], words[at + 3]);
}

/** Are the four address words at `a[at]` those at `b[bAt]`? */
export function sameAddress(a: Int32Array, at: number, b: Int32Array, bAt: number): boolean {
  // The last word tells most addresses apart.
  return a[at + 3] === b[bAt + 3] && a[at] === b[bAt] && a[at + 1] === b[bAt + 1] && a[at + 2] === b[bAt + 2];
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
