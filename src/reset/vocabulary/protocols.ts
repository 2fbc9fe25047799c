import { firstLine } from '../facts/content.js';
import { isClientHello, isTlsRecord } from '../facts/tls.js';
import type { Message } from '../types.js';

/** What a message is written in, as far as its first octets say; null where they do not. */
export type Protocol = 'TLS' | 'HTTP' | 'SSH' | 'plain text';

/** Octets of text that are no accident. */
const TEXT = 4;

/** RFC 9110 §9: request line; RFC 9112 §4: status line. */
const HTTP = /^(?:(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) \S|HTTP\/1\.[01] \d{3})/;

export function protocolOf({ octets }: Message): Protocol | null {
  if (isClientHello(octets) || isTlsRecord(octets)) return 'TLS';
  const line = firstLine(octets);
  if (HTTP.test(line)) return 'HTTP';
  // RFC 4253 §4.2: identification string.
  if (line.startsWith('SSH-')) return 'SSH';
  const text = octets.length >= TEXT && octets.every((o) => (o >= 32 && o < 127) || o === 9 || o === 10 || o === 13);
  return text ? 'plain text' : null;
}

/** Do these first messages of the two ends show that each spoke something else? */
export function mismatch(
  client: Message,
  server: Message,
): { readonly client: Protocol; readonly server: Protocol } | null {
  const [asked, answered] = [protocolOf(client), protocolOf(server)];
  if (asked === null || answered === null) return null;
  const tls = (asked === 'TLS') !== (answered === 'TLS');
  const ssh = answered === 'SSH' && asked === 'HTTP';
  return tls || ssh ? { client: asked, server: answered } : null;
}
