import type { Limits } from '../../limits.js';
import type { EndpointFacts, Goodbye, Reset } from '../types.js';
import { firstLine, latin1 } from './content.js';
import { ALERT, APPLICATION_DATA, isFatalAlert, isSealedAlert, isTlsRecord } from './tls.js';

export const TLS_GOODBYE = 'a TLS goodbye';

/** Do the octets from `at` on begin with `head`, of which -1 is any? */
function starts(octets: Uint8Array, head: readonly number[], at = 0): boolean {
  if (octets.length < at + head.length) return false;
  for (let i = 0; i < head.length; i++) if (head[i] >= 0 && octets[at + i] !== head[i]) return false;
  return true;
}

/** Whole messages, by their first octets; -1 stands for any. */
const MESSAGES: readonly { readonly head: readonly number[]; readonly at?: number; readonly name: string }[] = [
  // NetBIOS session header of four octets, then \xffSMB and the command (MS-CIFS §2.2.4.54), or \xfeSMB (MS-SMB2 §2.2.7).
  { head: [0xff, 0x53, 0x4d, 0x42, 0x74], at: 4, name: 'an SMB logoff' },
  { head: [0xff, 0x53, 0x4d, 0x42, 0x71], at: 4, name: 'an SMB tree disconnect' },
  { head: [0xfe, 0x53, 0x4d, 0x42, 64, 0, -1, -1, -1, -1, -1, -1, 2, 0], at: 4, name: 'an SMB logoff' },
  { head: [0xfe, 0x53, 0x4d, 0x42, 64, 0, -1, -1, -1, -1, -1, -1, 4, 0], at: 4, name: 'an SMB tree disconnect' },
  // TPKT and X.224, then MCS disconnect provider ultimatum (T.125 §7).
  { head: [3, 0, 0, 9, 2, 0xf0, 0x80, 0x21], name: 'an RDP disconnect' },
  { head: [1, 0, 0, 0, 1], name: 'a MySQL quit' },
  { head: [0x58, 0, 0, 0, 4], name: 'a PostgreSQL terminate' },
  { head: [0xe0, 0], name: 'an MQTT disconnect' },
  // PPTP control message with its magic cookie (RFC 2637 §2): stop, and call disconnected.
  { head: [-1, -1, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 3], name: 'a PPTP stop' },
  { head: [-1, -1, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 4], name: 'a PPTP stop' },
  { head: [-1, -1, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 12], name: 'a PPTP call disconnect' },
  { head: [-1, -1, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 13], name: 'a PPTP call disconnect' },
  // AMQP method frame on channel 0, connection.close and close-ok.
  { head: [1, 0, 0, -1, -1, -1, -1, 0, 10, 0, 50], name: 'an AMQP close' },
  { head: [1, 0, 0, -1, -1, -1, -1, 0, 10, 0, 51], name: 'an AMQP close' },
];

/** LDAPMessage of one short id, then UnbindRequest, [APPLICATION 2] NULL (RFC 4511 §4.3). */
function isUnbind(octets: Uint8Array): boolean {
  const at = octets.indexOf(0x42);
  return octets[0] === 0x30 && at > 0 && at <= 12 && octets[at + 1] === 0;
}

const LINES: readonly { readonly line: RegExp; readonly name: string }[] = [
  { line: /^(\S{1,16} )?(QUIT|LOGOUT|EXIT)\b/i, name: 'a QUIT' },
  { line: /^(221|205)[ -]/, name: 'the answer to a QUIT' },
  { line: /^\* BYE\b/i, name: 'an IMAP BYE' },
  { line: /^<\/stream:stream>/, name: 'the end of an XMPP stream' },
  { line: /^\+OK.*\b(bye|sign|logging|closing|quit)/i, name: 'the answer to a QUIT' },
];

/** QUIT as the only string of an array (Redis serialization protocol, RESP 2). */
const REDIS_QUIT = /^\*1\r\n\$4\r\nQUIT\r\n/i;

/**
 * A sealed unbind at most, octets: SASL's length of 4 (RFC 4422 §3.7), Kerberos' wrapping of 60 with AES (RFC 4121
 * §4.2.6.2: header twice, confounder, checksum), and the unbind of 7 to 16. All other requests are longer, an abandon aside.
 */
const SEALED_UNBIND = 80;
/** LDAP and the global catalogue. */
const LDAP_PORTS = [389, 3268];

/** A close frame, whole: final, opcode 8, at most 125 octets, masked by a client (RFC 6455 §5.2, §5.5.1). */
function isWebSocketClose(octets: Uint8Array, length: number): boolean {
  if (octets.length < 2 || octets[0] !== 0x88) return false;
  const [payload, mask] = [octets[1] & 0x7f, (octets[1] & 0x80) === 0 ? 0 : 4];
  return payload <= 125 && payload !== 1 && length === 2 + mask + payload;
}

/** The end that sent data last. */
export function latestSpeaker({ sender, receiver }: Pick<Reset, 'sender' | 'receiver'>): EndpointFacts | null {
  if (sender.lastData === null) return receiver.lastData === null ? null : receiver;
  return receiver.lastData !== null && receiver.lastData.frame > sender.lastData.frame ? receiver : sender;
}

/** What was said last, where it is a goodbye; null otherwise. */
export function goodbyeOf(
  { receiver, sender, tail, rst }: Pick<Reset, 'receiver' | 'sender' | 'tail' | 'rst'>,
  limits: Limits,
): Goodbye | null {
  const end = latestSpeaker({ sender, receiver });
  if (end === null) return null;
  const message = end.lastMessage;
  if (message === null) return null;
  const from = end === sender ? 'sender' : 'receiver';
  const last = tail.findLast((s) => s.from === from && s.length > 0 && s.frame <= rst.frame);
  const whole = message.first.frame === message.last.frame;
  const octets = whole || last === undefined ? message.octets : last.head;
  const length = whole ? message.length : (last?.length ?? message.length);
  const goodbye = (name: string, clear: boolean): Goodbye => ({ name, clear, by: end, length });
  const known = MESSAGES.find(({ head, at }) => starts(octets, head, at));
  if (known !== undefined) return goodbye(known.name, true);
  if (isUnbind(octets)) return goodbye('an LDAP unbind', true);
  if (octets[0] === 0x2a && REDIS_QUIT.test(latin1(octets))) return goodbye('a QUIT', true);
  if (isWebSocketClose(octets, length)) return goodbye('a WebSocket close', true);
  const line = firstLine(octets);
  const said = LINES.find((l) => l.line.test(line));
  if (said !== undefined) return goodbye(said.name, true);
  if (isTlsRecord(octets)) {
    if (octets[0] === ALERT && !isFatalAlert(octets)) return goodbye(TLS_GOODBYE, true);
    // Who resets at once behind a record of just that size has said what was to be said.
    const leaves = end === sender && rst.time - message.last.time <= limits.exchangeIdle;
    if (leaves && isSealedAlert({ head: octets, length })) return goodbye(TLS_GOODBYE, true);
    if (
      octets[0] === APPLICATION_DATA &&
      // A record of any other length holds data: under TLS 1.2 and before an alert has a type of its own.
      isSealedAlert({ head: octets, length }) &&
      (message.idleBefore !== null || receiver.messages + sender.messages > 4)
    )
      return goodbye('a TLS record as small as a goodbye', false);
  }
  // Under SASL security layers an unbind is its length and what wraps it (RFC 4422 §3.7).
  const other = end === sender ? receiver : sender;
  if (LDAP_PORTS.includes(other.port) && length <= SEALED_UNBIND && starts(octets, [0, 0, 0, length - 4]))
    return goodbye('a sealed LDAP message as small as an unbind', true);
  return null;
}
