import type { Limits } from '../../limits.js';
import { bytes } from '../evidence.js';
import type { EndpointFacts, Message, Reset } from '../types.js';
import { isUnseen } from './one-sided.js';
import { isClientHello, recordLength } from './tls.js';

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

/** A ClientHello of 256 to 511 octets is padded to 512 (RFC 7685 §4); 5 more are the record's header. */
const PADDED_HELLO = 517;

/** Is this message a ClientHello, as far as captured: by its octets, by its length where they were not captured? */
export function looksLikeHello({ octets, length }: Message): boolean {
  return octets.length === 0 ? length === PADDED_HELLO : isClientHello(octets);
}

/** Octets of the ClientHello at the start of a message: what was sent behind it without waiting for an answer is none of it. */
export function helloLength({ octets, length }: Message): number {
  return isClientHello(octets) ? Math.min(length, recordLength(octets)) : length;
}

/** Is the only thing the client sent not in the capture, and long enough for a TLS greeting? */
export function mayBeClientHello(reset: Pick<Reset, 'rst' | 'sender' | 'receiver'>, limits: Limits): boolean {
  const { rst, sender, receiver } = reset;
  if (!isUnseen(reset) || sender.bytes > 0 || receiver.messages !== 1 || receiver.firstData === null) return false;
  const since = (sender.fin ?? rst).time - receiver.firstData.time;
  return receiver.bytes >= limits.clientHello && since <= limits.contentReaction + limits.quickClose;
}

/** Ports on which TLS is spoken from the first octet (IANA: https, smtps, ldaps, domain-s, ftps, imaps, pop3s, sips). */
const TLS_PORTS = [443, 465, 636, 853, 990, 993, 995, 5061];

/** Is this TLS, as far as a capture without its octets tells: by the service's port, by the length of a ClientHello? */
export function mayBeTls({ sender, receiver, tail }: Pick<Reset, 'sender' | 'receiver' | 'tail'>): boolean {
  if (TLS_PORTS.includes(sender.port) || TLS_PORTS.includes(receiver.port)) return true;
  return tail.some((s) => s.length === PADDED_HELLO && s.head.length === 0);
}

/** May so few octets, which the capture lacks, be a TLS alert? */
export function mayBeAlert(
  octets: number,
  reset: Pick<Reset, 'quality' | 'sender' | 'receiver' | 'tail'>,
  limits: Limits,
): boolean {
  const lacking = reset.quality.cut || reset.quality.flagsOnly;
  return lacking && octets > 0 && octets <= limits.closeNotify && mayBeTls(reset);
}

/** Octets as text, one character each (ISO 8859-1). In a loop: spread into one call they take three times as long (measured). */
export function latin1(octets: Uint8Array, most = octets.length): string {
  let text = '';
  for (let i = 0; i < octets.length && i < most; i++) text += String.fromCharCode(octets[i]);
  return text;
}

/** First line of an HTTP/1 request, or null. */
export function requestLine(octets: Uint8Array): string | null {
  const line = firstLine(octets);
  return /^(GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT) \S/.test(line) ? line : null;
}

/** Is it an HTTP/1 request of the kinds that carry no body (RFC 9110 §9.3.1, §9.3.2)? */
export function asksWithoutBody({ octets }: Message): boolean {
  return /^(GET|HEAD) /.test(requestLine(octets) ?? '');
}

/** Octets of the body that a request announces (RFC 9112 §6.2), as far as its beginning was captured; null where it says none. */
function announcedBody({ octets }: Message): number | null {
  // Most messages are none of these.
  if ((octets[0] | 0x20) !== 0x70) return null;
  const found = /^(?:POST|PUT|PATCH) [^\n]*\n(?:[^\n]+\n)*?Content-Length: *(\d{1,15})\r/i.exec(latin1(octets));
  return found === null ? null : Number(found[1]);
}

/** Had fewer octets of a request come than the body that it announced has? */
export function isHalfSent(message: Message | null): boolean {
  return message !== null && message.length < (announcedBody(message) ?? 0);
}

/** Does an HTTP answer say that the connection ends with it (RFC 9112 §9.6), as far as its beginning was captured? */
export function announcesClose({ octets }: Message): boolean {
  return /^HTTP\/1\.[01] [^\n]*\n(?:[^\n]+\n)*?Connection: *close\r/i.test(latin1(octets));
}

/** The first line of a message, unprintable octets as dots. */
export function firstLine(octets: Uint8Array): string {
  let line = '';
  for (const octet of octets) {
    if (octet === 0x0d || octet === 0x0a) break;
    line += octet >= 0x20 && octet <= 0x7e ? String.fromCharCode(octet) : '.';
  }
  return line;
}

export function contentThatDrew(reset: Reset, limits: Limits): DrawingContent | null {
  const { rst, sender, receiver } = reset;
  // A reset toward the content's sender bears the other end's name, one toward its destination the sender's own.
  const from = (receiver.lastData?.frame ?? 0) > (sender.lastData?.frame ?? 0) ? receiver : sender;
  const message = from.lastMessage;
  if (message === null) return null;
  // Content that was answered passed: it drew nothing.
  const other = from === receiver ? sender : receiver;
  if (other.lastData !== null && other.lastData.frame > message.last.frame) return null;
  const hidden = message.octets.length === 0;
  // Where the data is not in the capture, neither is the moment it passed.
  const since = rst.time - (reset.quality.flagsOnly ? message.first : message.last).time;
  if (since > (reset.rtt ?? 0) + limits.contentReaction) return null;
  const request = requestLine(message.octets);
  if (looksLikeHello(message)) {
    const content = hidden ? `${bytes(message.length)}, the length of a padded TLS ClientHello` : 'a TLS ClientHello';
    return { from, message, since, content: `${content} (it names the site)`, telling: true };
  }
  if (request !== null) return { from, message, since, content: `a request ("${request}")`, telling: true };
  // What was not captured may be anything; what a client says first is a request or a greeting mostly.
  const opening = hidden && from.role === 'client' && from.messages === 1 && other.bytes === 0;
  const content = `${bytes(message.length)} of data${hidden ? ' (not in the capture)' : ''}`;
  return { from, message, since, content, telling: opening };
}
