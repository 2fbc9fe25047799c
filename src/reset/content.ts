import type { Limits } from '../context/limits.js';
import { bytes } from './evidence.js';
import { isUnseen } from './silent.js';
import type { EndpointFacts, Message, Reset } from './types.js';

/** Content right before an RST that a filter may have acted on. */
export interface DrawingContent {
  readonly from: EndpointFacts;
  readonly message: Message;
  /** In words: `a TLS ClientHello (it names the site)`. */
  readonly content: string;
  /** It is of a kind that filters look at, not just some bytes. */
  readonly telling: boolean;
  readonly since: number;
}

/** The header of a TLS record (RFC 8446 §5.1). */
export function isTlsRecord(octets: Uint8Array): boolean {
  return octets.length >= 3 && octets[0] >= 20 && octets[0] <= 23 && octets[1] === 3;
}

/** TLS record of type handshake that begins with a ClientHello (RFC 8446 §4, §5.1). */
export function isClientHello(octets: Uint8Array): boolean {
  return octets.length >= 6 && octets[0] === 22 && octets[1] === 3 && octets[5] === 1;
}

/** Is the only thing the client sent not in the capture, and long enough for a TLS greeting? */
export function mayBeClientHello(reset: Pick<Reset, 'rst' | 'sender' | 'receiver'>, limits: Limits): boolean {
  const { rst, sender, receiver } = reset;
  if (!isUnseen(reset) || sender.bytes > 0 || receiver.messages !== 1 || receiver.firstData === null) return false;
  const since = (sender.fin ?? rst).time - receiver.firstData.time;
  return receiver.bytes >= limits.clientHello && since <= limits.contentReaction + limits.quickClose;
}

/** First line of an HTTP/1 request, or null. */
export function requestLine(octets: Uint8Array): string | null {
  const line = firstLine(octets);
  return /^(GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT) \S/.test(line) ? line : null;
}

/** The first line of a message, unprintable octets as dots. */
export function firstLine(octets: Uint8Array): string {
  return String.fromCharCode(...octets)
    .split(/[\r\n]/)[0]
    .replace(/[^\x20-\x7e]/g, '.');
}

export function contentThatDrew(reset: Reset, limits: Limits): DrawingContent | null {
  const { rst, sender, receiver } = reset;
  // A reset toward the content's sender bears the other end's name, one toward its destination the sender's own.
  const from = (receiver.lastData?.frame ?? 0) > (sender.lastData?.frame ?? 0) ? receiver : sender;
  const message = from.lastMessage;
  if (message === null || message.octets.length === 0) return null;
  // Content that was answered passed: it drew nothing.
  const other = from === receiver ? sender : receiver;
  if (other.lastData !== null && other.lastData.frame > message.last.frame) return null;
  const since = rst.time - message.last.time;
  if (since > (reset.rtt ?? 0) + limits.contentReaction) return null;
  const request = requestLine(message.octets);
  if (isClientHello(message.octets))
    return { from, message, since, content: 'a TLS ClientHello (it names the site)', telling: true };
  if (request !== null) return { from, message, since, content: `a request ("${request}")`, telling: true };
  return { from, message, since, content: `${bytes(message.length)} of data`, telling: false };
}
