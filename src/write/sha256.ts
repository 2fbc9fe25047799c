/**
 * SHA-256 (FIPS 180-4 §6.2) and HMAC (RFC 2104) in plain arithmetic: short inputs only (a style sheet, a fingerprint, the
 * prefix of an address), in places that may not import `node:crypto` because they run in a browser too, where the
 * platform's own digest is asynchronous.
 */

const BLOCK = 64;

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes, computed rather than copied. */
const ROUND = new Int32Array(64);
/** … and of the square roots of the first eight. */
const INITIAL = new Int32Array(8);

{
  let found = 0;
  for (let candidate = 2; found < 64; candidate += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) prime &&= candidate % divisor !== 0;
    if (!prime) continue;
    if (found < 8) INITIAL[found] = fraction(candidate ** (1 / 2));
    ROUND[found] = fraction(candidate ** (1 / 3));
    found += 1;
  }
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 0x1_0000_0000) | 0;
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

export function sha256(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = INITIAL.slice();
  const schedule = new Int32Array(64);
  for (let at = 0; at < padded.length; at += BLOCK) {
    for (let i = 0; i < 16; i += 1) schedule[i] = view.getInt32(at + 4 * i);
    compress(state, schedule);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i += 1) digest.setInt32(4 * i, state[i]!);
  return new Uint8Array(digest.buffer);
}

function compress(state: Int32Array, w: Int32Array): void {
  for (let i = 16; i < 64; i += 1) {
    const s0 = rotated(w[i - 15]!, 7) ^ rotated(w[i - 15]!, 18) ^ (w[i - 15]! >>> 3);
    const s1 = rotated(w[i - 2]!, 17) ^ rotated(w[i - 2]!, 19) ^ (w[i - 2]! >>> 10);
    w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i += 1) {
    const t1 = (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + w[i]!) | 0;
    const t2 = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = state[i]! + word;
  });
}

export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha256(key) : key);
  const keyed = (pad: number, rest: Uint8Array) => {
    const whole = new Uint8Array(BLOCK + rest.length);
    for (let i = 0; i < BLOCK; i += 1) whole[i] = block[i]! ^ pad;
    whole.set(rest, BLOCK);
    return sha256(whole);
  };
  return keyed(0x5c, keyed(0x36, message));
}

export function hex(octets: Uint8Array): string {
  return [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

export function base64(octets: Uint8Array): string {
  return btoa(String.fromCharCode(...octets));
}
