import * as columns from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import { sameAddress } from '../packet/address.js';
import type { Vantage } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/**
 * Where the capture was taken: each connection votes by what it shows. A TTL as hosts start with it
 * (64, 128, 255) on one side only means that side is here; a direction bit (pcapng, Linux cooked)
 * proves it; the round trip before and after the SYN-ACK tells the nearer end.
 */
export class VantageVotes {
  private client = 0;
  private server = 0;
  private middle = 0;
  private loopback = 0;
  private link = 0;
  private proof = 0;

  vote(connection: Connection): void {
    const { one, other } = connection;
    if (one.word(c.TTL_COUNT) === 0 || other.word(c.TTL_COUNT) === 0) return;
    const clientSide = Math.max(connection.client, 0);
    const client = connection.endpoint(clientSide);
    const server = connection.endpoint(clientSide ^ 1);
    const clientOut = (client.bits & c.E_OUTBOUND) !== 0;
    const serverOut = (server.bits & c.E_OUTBOUND) !== 0;
    if (clientOut !== serverOut && ((client.bits | server.bits) & c.E_INBOUND) !== 0) {
      this.proof++;
      if (clientOut) this.client++;
      else this.server++;
      return;
    }
    const words = connection.table.words;
    const sameHost = sameAddress(words, connection.addressAt(0), words, connection.addressAt(1));
    if (sameHost || isLoopback(words, connection.addressAt(0))) {
      this.loopback++;
      return;
    }
    if (client.word(c.TTL) < 0 || server.word(c.TTL) < 0) return;
    const clientHere = isInitial(client.word(c.TTL));
    const serverHere = isInitial(server.word(c.TTL));
    if (clientHere && !serverHere) this.client++;
    else if (serverHere && !clientHere) this.server++;
    else if (!clientHere && !serverHere) this.middle++;
    else this.link++;
  }

  /** @param translated packets that were seen before and after their addresses were translated */
  result(translated = 0): { readonly at: Vantage; readonly why: string } {
    if (translated > 0 && this.client > 0 && this.server > 0)
      return { at: 'middle', why: 'packets show before and after their addresses were translated' };
    const votes: readonly (readonly [Vantage, number, string])[] = [
      [
        'client',
        this.client,
        this.proof > 0
          ? 'the capture marks the packets that left the capturing host'
          : "the clients' packets have the TTL hosts start with, the servers' have crossed routers",
      ],
      [
        'server',
        this.server,
        this.proof > 0
          ? 'the capture marks the packets that left the capturing host'
          : "the servers' packets have the TTL hosts start with, the clients' have crossed routers",
      ],
      ['middle', this.middle, 'the packets of both ends have crossed routers'],
      ['loopback', this.loopback, 'both ends are the same host'],
      ['both', this.link, 'no packet has crossed a router: both ends are on this network'],
    ];
    const total = votes.reduce((sum, [, n]) => sum + n, 0);
    const best = votes.reduce((a, b) => (b[1] > a[1] ? b : a));
    if (total === 0) return { at: 'unknown', why: 'no connection shows packets of both ends' };
    if (best[1] < total / 2) return { at: 'unknown', why: 'the connections do not agree' };
    return { at: best[0], why: best[2] };
  }
}

function isInitial(ttl: number): boolean {
  return ttl === 64 || ttl === 128 || ttl === 255;
}

function isLoopback(words: Int32Array, at: number): boolean {
  if (words[at + 2] === 0xffff) return words[at + 3] >>> 24 === 127;
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 1;
}
