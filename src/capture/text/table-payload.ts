/** Alert descriptions (RFC 8446 §6) under the names Wireshark prints. */
const ALERTS: Readonly<Record<string, number>> = {
  'close notify': 0,
  'unexpected message': 10,
  'bad record mac': 20,
  'handshake failure': 40,
  'bad certificate': 42,
  'unsupported certificate': 43,
  'certificate revoked': 44,
  'certificate expired': 45,
  'certificate unknown': 46,
  'illegal parameter': 47,
  'unknown ca': 48,
  'access denied': 49,
  'decode error': 50,
  'decrypt error': 51,
  'protocol version': 70,
  'insufficient security': 71,
  'internal error': 80,
  'inappropriate fallback': 86,
  'user canceled': 90,
  'unrecognized name': 112,
  'certificate required': 116,
  'no application protocol': 120,
};

/**
 * The first octets of a payload of `length` octets, as far as the Info column tells what they are: the first line of an HTTP
 * message, the header of a TLS record (RFC 8446 §5.1), the first record of several.
 */
export function payloadOf(info: string, length: number): Uint8Array {
  const http = /^(?:[A-Z]{3,10} \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3}[^[]*)/.exec(info);
  if (http) return new TextEncoder().encode(http[0].trimEnd()).subarray(0, length);
  return Uint8Array.from(tlsRecord(info, length)).subarray(0, length);
}

function tlsRecord(info: string, length: number): number[] {
  if (/^Client Hello/.test(info)) return [22, 3, 1, (length - 5) >> 8, (length - 5) & 255, 1];
  if (/^(?:Server Hello|Certificate|Client Key Exchange|Encrypted Handshake|New Session Ticket)/.test(info))
    return [22, 3, 3];
  if (/^Change Cipher Spec/.test(info)) return [20, 3, 3, 0, 1, 1];
  // One record alone is as long as the payload.
  if (/^Application Data\s*$/.test(info)) return [23, 3, 3, (length - 5) >> 8, (length - 5) & 255];
  if (/^Application Data/.test(info)) return [23, 3, 3];
  if (/^Encrypted Alert/.test(info)) return [21, 3, 3];
  const alert = /^Alert \(Level: (Warning|Fatal), Description: ([^)]*)\)/.exec(info);
  if (alert === null) return [];
  const description = ALERTS[(alert[2] as string).toLowerCase()];
  return description === undefined ? [21, 3, 3] : [21, 3, 3, 0, 2, alert[1] === 'Fatal' ? 2 : 1, description];
}
