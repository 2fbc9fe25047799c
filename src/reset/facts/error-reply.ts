import type { Message } from '../types.js';
import { firstLine, latin1 } from './content.js';

/**
 * The error that a server's message says, by its protocol and number: never its text, which may hold names. Read from its
 * first 64 octets.
 */

/** Octets from the start of the message to what names the error. */
const MYSQL_CODE = 5;
const MQTT_V3_CODE = 3;

/** Ports of protocols that answer with three digits (RFC 5321 §4.2, RFC 959 §4.2, RFC 3977 §3.2). */
const THREE_DIGITS: Readonly<Record<number, string>> = {
  21: 'FTP',
  990: 'FTP',
  25: 'SMTP',
  465: 'SMTP',
  587: 'SMTP',
  119: 'NNTP',
  563: 'NNTP',
};
const POP3 = [110, 995];
const IMAP = [143, 993];
const MQTT = [1883, 8883];

/** What the numbers of logins that fail mean, in the words of their protocols. */
const MEANINGS: Readonly<Record<string, string>> = {
  'MySQL error 1044': 'access denied to the database',
  'MySQL error 1045': 'access denied',
  'MySQL error 1130': 'host not allowed',
  'PostgreSQL error 28000': 'invalid authorization',
  'PostgreSQL error 28P01': 'invalid password',
  'PostgreSQL error 3D000': 'no such database',
  'PostgreSQL error 57P01': 'the administrator shut it down',
  'LDAP result 49': 'invalid credentials',
  'SMTP reply 535': 'authentication failed',
  'SMTP reply 554': 'transaction failed',
  'FTP reply 530': 'not logged in',
  'AMQP error 320': 'connection forced',
  'AMQP error 403': 'access refused',
  'AMQP error 530': 'not allowed',
};

/** Octets at most of an ERR packet of MySQL: its head, the SQLSTATE and a text (mysql: MYSQL_ERRMSG_SIZE). */
const MYSQL_LONGEST = 9 + 512;

/** Errors that its servers and MariaDB's send to clients. */
const [MYSQL_FIRST, MYSQL_LAST] = [1000, 5999];

/** MySQL: three octets of length, a number, 0xff, then the code (mysql: ERR_Packet). */
function mysql(o: Uint8Array): string | null {
  const length = o[0] | (o[1] << 8) | (o[2] << 16);
  if (o.length <= MYSQL_CODE + 1 || o[4] !== 0xff || length < MYSQL_CODE || length > MYSQL_LONGEST) return null;
  const code = o[MYSQL_CODE] | (o[MYSQL_CODE + 1] << 8);
  return code >= MYSQL_FIRST && code <= MYSQL_LAST ? `MySQL error ${code}` : null;
}

/** PostgreSQL: ErrorResponse, 'E', a length, then fields, of which C is the SQLSTATE. */
function postgresql(o: Uint8Array): string | null {
  if (o[0] !== 0x45 || o[1] !== 0 || o[2] !== 0) return null;
  const found = /\0C([0-9A-Z]{5})\0/.exec(latin1(o));
  return found === null ? null : `PostgreSQL error ${found[1]}`;
}

/** saslBindInProgress (RFC 4511 §A.1). */
const SASL_GOES_ON = 14;

/** LDAP: a BindResponse of one short id whose result is neither success nor a step of SASL (RFC 4511 §4.1.9, §4.2.2). */
function ldap(o: Uint8Array): string | null {
  const at = o[0] === 0x30 ? o.indexOf(0x61) : -1;
  if (at < 5 || at > 12 || o[at + 2] !== 0x0a || o[at + 3] !== 1) return null;
  const code = o[at + 4];
  return code === 0 || code === SASL_GOES_ON ? null : `LDAP result ${code}`;
}

/** reply-success (AMQP 0-9-1 §1.2). */
const AMQP_SUCCESS = 200;

/** AMQP: a method frame on channel 0 with connection.close and its code (AMQP 0-9-1 §1.4.2.10). */
function amqp(o: Uint8Array): string | null {
  const close = o[0] === 1 && o[1] === 0 && o[2] === 0 && o[7] === 0 && o[8] === 10 && o[9] === 0 && o[10] === 50;
  const code = (o[11] << 8) | o[12];
  return close && code !== AMQP_SUCCESS ? `AMQP error ${code}` : null;
}

/** MQTT: a CONNACK that refuses (MQTT 3.1.1 §3.2.2.3). */
function mqtt(o: Uint8Array, port: number): string | null {
  if (!MQTT.includes(port) || o[0] !== 0x20 || o[1] < 2 || !(o[MQTT_V3_CODE] > 0)) return null;
  return `MQTT CONNACK code ${o[MQTT_V3_CODE]}`;
}

function text(o: Uint8Array, port: number): string | null {
  const line = firstLine(o);
  const http = /^HTTP\/1\.[01] ([45]\d\d)\b/.exec(line);
  if (http !== null) return `HTTP status ${http[1]}`;
  const digits = THREE_DIGITS[port] === undefined ? null : /^([45]\d\d)[ -]/.exec(line);
  if (digits !== null) return `${THREE_DIGITS[port]} reply ${digits[1]}`;
  if (POP3.includes(port) && /^-ERR\b/.test(line)) return 'POP3 -ERR';
  if (IMAP.includes(port)) return imap(line);
  const redis = /^-([A-Z]{3,16}) /.exec(line);
  return redis === null ? null : `Redis ${redis[1]}`;
}

/** IMAP: a tag, NO or BAD, and perhaps a code (RFC 9051 §7.1). */
function imap(line: string): string | null {
  const found = /^[A-Za-z0-9.]{1,16} (NO|BAD)\b(?: \[([A-Z]+)\])?/.exec(line);
  return found === null ? null : `IMAP ${found[1]}${found[2] === undefined ? '' : ` ${found[2]}`}`;
}

/** The error that the message of a server at `port` says, with what it means where that is known; null where it says none. */
export function errorReply(message: Message | null, port: number): string | null {
  if (message === null) return null;
  const { octets } = message;
  const error =
    mysql(octets) ?? postgresql(octets) ?? ldap(octets) ?? amqp(octets) ?? mqtt(octets, port) ?? text(octets, port);
  if (error === null) return null;
  const meaning = MEANINGS[error];
  return meaning === undefined ? error : `${error}, ${meaning}`;
}
