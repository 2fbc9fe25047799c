/** The error that a server's last message says, by protocol and number. */
import { expect, test } from 'vitest';
import { errorReply } from '../../../src/reset/facts/error-reply.js';
import type { Message } from '../../../src/reset/types.js';

const MARK = { frame: 1, time: 0 };
const said = (text: string): Message => ({
  first: MARK,
  last: MARK,
  length: text.length,
  idleBefore: null,
  octets: Uint8Array.from(text.slice(0, 64), (c) => c.charCodeAt(0)),
});

test.each<[string, string, number, string | null]>([
  ['a login of MySQL', '\x48\0\0\x02\xff\x15\x04#28000Access denied for user', 3306, 'MySQL error 1045, access denied'],
  ['an error of MySQL that no table has', '\x17\0\0\x01\xff\x28\x04#42000syntax', 3306, 'MySQL error 1064'],
  ['… a column that holds 0xff', '\x48\0\0\x02\x03\xff\x15\x04', 3306, null],
  ['… TLS with 0xff in its length', '\x17\x03\x03\x00\xff\x15\x04abc', 3306, null],
  [
    'a login of PostgreSQL',
    'E\0\0\0\x65SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed',
    5432,
    'PostgreSQL error 28P01, invalid password',
  ],
  ['… a text that begins with its letter', 'E is for error', 5432, null],
  ['… cut before its code', 'E\0\0\0\x65SFATAL\0VFAT', 5432, null],
  [
    'a bind of LDAP',
    '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x31\x04\0\x04\0',
    389,
    'LDAP result 49, invalid credentials',
  ],
  ['… that succeeded', '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\0\x04\0', 389, null],
  ['… of which SASL goes on', '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x0e\x04\0\x04\0', 389, null],
  [
    'a close of AMQP',
    '\x01\0\0\0\0\0\x20\0\x0a\0\x32\x01\x93\x10ACCESS_REFUSED',
    5672,
    'AMQP error 403, access refused',
  ],
  ['… with 200', '\x01\0\0\0\0\0\x20\0\x0a\0\x32\x00\xc8\x07Goodbye', 5672, null],
  ['a CONNACK that refuses', '\x20\x02\0\x05', 1883, 'MQTT CONNACK code 5'],
  ['… that accepts', '\x20\x02\0\0', 1883, null],
  ['… at another port', '\x20\x02\0\x05', 80, null],
  ['SMTP', '535 5.7.8 Authentication credentials invalid\r\n', 587, 'SMTP reply 535, authentication failed'],
  ['… that goes on', '250 OK\r\n', 25, null],
  ['FTP', '530 Login incorrect.\r\n', 21, 'FTP reply 530, not logged in'],
  ['… three digits at any other port', '530 things\r\n', 9000, null],
  ['POP3', '-ERR [AUTH] invalid login\r\n', 110, 'POP3 -ERR'],
  ['IMAP', 'a1 NO [AUTHENTICATIONFAILED] Invalid credentials\r\n', 143, 'IMAP NO AUTHENTICATIONFAILED'],
  ['… without a code', 'a1 BAD what\r\n', 143, 'IMAP BAD'],
  ['… that is done', 'a1 OK done\r\n', 143, null],
  ['Redis', '-NOAUTH Authentication required.\r\n', 6379, 'Redis NOAUTH'],
  ['HTTP', 'HTTP/1.1 401 Unauthorized\r\n', 8080, 'HTTP status 401'],
  ['… that is found', 'HTTP/1.1 200 OK\r\n', 8080, null],
  ['nothing that is known', 'hello\n', 80, null],
])('%s', (_, text, port, error) => {
  expect(errorReply(said(text), port)).toBe(error);
});

test('no message says no error', () => {
  expect(errorReply(null, 80)).toBeNull();
});

test('what it says in words, with names in them, is not told', () => {
  expect(errorReply(said('535 5.7.8 bob@example.com is unknown\r\n'), 25)).not.toContain('bob');
});
