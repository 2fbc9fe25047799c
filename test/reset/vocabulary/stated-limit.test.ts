/** The words in which a server says that it takes no more, and words that say something else. */
import { expect, test } from 'vitest';
import { statedLimit } from '../../../src/reset/vocabulary/stated-limit.js';
import { message } from '../../support/signatures.js';

test.each([
  ['Redis', '-ERR max number of clients reached\r\n'],
  ['MySQL 1040', '\x17\0\0\0\xff\x10\x04Too many connections'],
  ['MySQL 1129', "U\0\0\0\xff\x69\x04Host '10.0.0.1' is blocked because of many connection errors"],
  ['PostgreSQL 53300', 'E\0\0\0[SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0'],
  ['PostgreSQL 53300, the last ones', 'E\0\0\0rSFATAL\0C53300\0Mremaining connection slots are reserved'],
  ['SMTP', '421 4.7.0 Try again later\r\n'],
  ['IMAP', '* BYE Too many connections from this host\r\n'],
  ['ProFTPD', '530 Sorry, the maximum number of clients (10) are already connected\r\n'],
  ['NATS', "-ERR 'maximum connections exceeded'\r\n"],
  ['memcached', 'ERROR Too many open connections\r\n'],
  ['HTTP, the server is full', 'HTTP/1.1 503 Service Unavailable\r\n'],
  ['HTTP, this client asks too often', 'HTTP/1.1 429 Too Many Requests\r\n'],
])('%s', (_, text) => {
  expect(statedLimit(message(text.length, 10, { text }))).not.toBeNull();
});

test.each([
  ['an answer', 'HTTP/1.1 200 OK\r\n'],
  ['another error', 'HTTP/1.1 500 Internal Server Error\r\n'],
  ['a status code inside a line', 'retry after 421 seconds\r\n'],
  ['a wrong password is no limit', "\xff\x15\x04#28000Access denied for user 'app'@'10.0.0.1'"],
  ['a login refused', '530 Login incorrect.\r\n'],
  ['nothing', ''],
])('%s', (_, text) => {
  expect(statedLimit(message(text.length, 10, { text }))).toBeNull();
});

test('no message', () => {
  expect(statedLimit(null)).toBeNull();
});
