import { firstLine } from '../facts/content.js';
import { isClientHello, isTlsRecord } from '../facts/tls.js';
import type { Message, Reset } from '../types.js';
import { serverOf } from './side.js';

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

/** Services with a protocol of their own, by their ports (IANA: Service Name and Transport Protocol Port Number Registry). */
const OTHER_SERVICES = new Set([
  20, 21, 22, 23, 25, 53, 88, 102, 110, 111, 119, 135, 139, 143, 179, 389, 445, 464, 465, 502, 515, 587, 636, 873, 993,
  995, 1433, 1521, 1723, 3268, 3269, 3306, 3389, 5432, 5900, 6379, 11211, 27017,
]);

/** MS-SMB2 §2.2.1, MS-CIFS §2.2.3.1, behind four octets of length (RFC 1002 §4.3.1). */
const isSmb = (o: Uint8Array) => (o[4] === 0xfe || o[4] === 0xff) && o[5] === 0x53 && o[6] === 0x4d && o[7] === 0x42;

/** DCE 1.1 RPC (C706 §12.6.1): version 5, and the type of its unit. */
const isRpc = (o: Uint8Array) => o.length >= 16 && o[0] === 5 && o[1] <= 1 && o[2] < 20;

/** May HTTP have been spoken, in TLS or not, as far as the port and the last messages tell? */
export function mayBeHttp(ends: Pick<Reset, 'sender' | 'receiver'>): boolean {
  const said = [ends.sender.lastMessage, ends.receiver.lastMessage].filter((message) => message !== null);
  const spoken = said.map(protocolOf);
  if (spoken.includes('HTTP')) return true;
  if (spoken.includes('SSH') || said.some(({ octets }) => isSmb(octets) || isRpc(octets))) return false;
  return !OTHER_SERVICES.has(serverOf(ends).port);
}

/** RFC 854: "interpret as command", and the four that negotiate. */
const [IAC, WILL, DONT] = [255, 251, 254];
const TELNET = 23;

/** Is it a terminal session, where what is typed is no request and no answer is owed? */
export function isTerminal(ends: Pick<Reset, 'sender' | 'receiver'>): boolean {
  const negotiates = [ends.sender.lastMessage, ends.receiver.lastMessage].some(
    (message) =>
      message !== null && message.octets[0] === IAC && message.octets[1] >= WILL && message.octets[1] <= DONT,
  );
  return serverOf(ends).port === TELNET || negotiates;
}
