import { firstLine } from '../facts/content.js';
import type { Message } from '../types.js';

/**
 * Words by which servers say that they take no more: Redis, MySQL (also of one host, error 1129), PostgreSQL, MongoDB, SMTP and
 * FTP (421), HTTP (503, and 429 of RFC 6585 §4), NATS, ProFTPD, memcached, ZooKeeper. Matched anywhere in the first octets,
 * since some have a binary header before the text.
 */
const LIMITS = [
  /max number of clients/i,
  /too many (open )?(connections|clients|users|sessions)/i,
  /connection (limit|slots)/i,
  /server (is )?(too )?busy/i,
  /^421[ -]/,
  /maximum (number of )?(connections|clients|users)/i,
  /host '[^']*' is blocked/i,
  /^HTTP\/1\.[01] (503|429) /,
];

/** The line in which a server says that a limit is reached, unprintable octets as dots; null where it says none. */
export function statedLimit(message: Message | null): string | null {
  if (message === null) return null;
  const line = firstLine(message.octets);
  return LIMITS.some((words) => words.test(line)) ? line : null;
}
