/** TLS records as far as their headers tell: type, version (2 octets), length of what follows (2 octets; RFC 8446 §5.1). */

export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;
/** The first of the types in use, change_cipher_spec. */
const FIRST_TYPE = 20;
/** Of every version since SSL 3.0. */
const MAJOR_VERSION = 3;
const HEADER = 5;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
/** Level of an alert that is no goodbye (RFC 8446 §6). */
const FATAL = 2;
/** Octets of a record with an alert in clear text: header, level, description. */
export const CLEAR_ALERT = HEADER + 2;

/** Octets of an alert under TLS 1.3 without the tag: level and description, true type (RFC 8446 §5.2). */
const INNER_ALERT = 2 + 1;
/** Octets of the tags in use: of GCM, CCM and ChaCha20-Poly1305, and of CCM_8 (RFC 8446 §B.4, RFC 5116 §5). */
const TAGS = [16, 8];

/** Octets of a change_cipher_spec record (RFC 8446 §5). */
const CHANGE_CIPHER_SPEC = HEADER + 1;
/** Octets at most of the record with a Finished of TLS 1.3: message header, SHA-384, inner type and tag (RFC 8446 §4.4.4, §5.2). */
const FINISHED = HEADER + 4 + 48 + 1 + 16;

/** Octets that begin with the header of a record. */
export function isTlsRecord(octets: Uint8Array): boolean {
  const [type = 0, version] = octets;
  return octets.length >= 3 && type >= FIRST_TYPE && type <= APPLICATION_DATA && version === MAJOR_VERSION;
}

/** A record of type handshake that begins with this message (RFC 8446 §4). */
function beginsHandshake(octets: Uint8Array, message: number): boolean {
  return octets.length > HEADER && octets[0] === HANDSHAKE && octets[1] === MAJOR_VERSION && octets[HEADER] === message;
}

export const isClientHello = (octets: Uint8Array) => beginsHandshake(octets, CLIENT_HELLO);
export const isServerHello = (octets: Uint8Array) => beginsHandshake(octets, SERVER_HELLO);

/** Octets of the record that these begin with, its header counted. */
export function recordLength(octets: Uint8Array): number {
  return HEADER + ((octets[3] << 8) | octets[4]);
}

/** The type of the record that is all of a segment's data (its first octets and its length); null where it is not one. */
export function loneRecord({ head, length }: { readonly head: Uint8Array; readonly length: number }): number | null {
  if (head.length < HEADER || head[1] !== MAJOR_VERSION || recordLength(head) !== length) return null;
  return head[0];
}

/**
 * A segment that is nothing but one record of the length of an alert under TLS 1.3, which is disguised as application data.
 * Nobody was seen to pad one. The least that a program sends, an end of chunks of 5 octets or an HTTP/2 frame of 9, is longer.
 */
export function isSealedAlert(s: { readonly head: Uint8Array; readonly length: number }): boolean {
  return TAGS.some((tag) => s.length === HEADER + INNER_ALERT + tag) && loneRecord(s) === APPLICATION_DATA;
}

/** A segment that is nothing but one TLS alert, in clear or by its length; an alert's type is in clear before TLS 1.3. */
export function isLoneAlert(s: { readonly head: Uint8Array; readonly length: number }): boolean {
  // An alert is told by its type, whatever cipher and padding make of its length.
  return (s.length >= CLEAR_ALERT && loneRecord(s) === ALERT) || isSealedAlert(s);
}

/** Do these octets begin with a fatal alert in clear text? */
export function isFatalAlert(octets: Uint8Array): boolean {
  if (octets.length <= HEADER || octets[0] !== ALERT || octets[1] !== MAJOR_VERSION) return false;
  return recordLength(octets) === CLEAR_ALERT && octets[HEADER] === FATAL;
}

/** The description of the fatal alert in clear text that these octets begin with, or null. */
export function fatalAlert(octets: Uint8Array): number | null {
  return octets.length >= CLEAR_ALERT && isFatalAlert(octets) ? octets[HEADER + 1] : null;
}

/** Is this message (its first octets and its length) no more than the end of a client's TLS 1.3 handshake, its Finished? */
export function isOnlyFinished({ octets, length }: { readonly octets: Uint8Array; readonly length: number }): boolean {
  const at = octets[0] === FIRST_TYPE ? CHANGE_CIPHER_SPEC : 0;
  const type = loneRecord({ head: octets.subarray(at), length: length - at });
  return type === APPLICATION_DATA && length - at <= FINISHED;
}
