import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import type { Segment } from '../../packet/segment.js';
import { ACK } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { Kind } from './kinds.js';

/** RSTs of one incarnation that are held in full, whatever they are; facts compare no more of them (SIBLINGS in facts/assemble.ts). */
const HELD = 64;
/** … and of each kind of those that follow. */
const HELD_OF_KIND = 4;
/** Kinds of one incarnation that are told apart by their TTL too. */
const BY_TTL = 64;
/** Octets from the expected number within which an RST may be meant for this connection's window: the customary largest one. */
const NEAR = 1_048_576;

interface Volley {
  count: number;
  readonly kinds: Map<number, Kind>;
}

/** RSTs of one incarnation beyond the first ones, by kind: what guesses numbers sends millions. */
export class Volleys {
  /** By the incarnation's first held reset. */
  private readonly volleys = new Map<number, Volley>();

  /** Number of the held reset that this later RST is like, once enough are held; -1: it is to be held as number `next`. */
  originalOf(connection: Connection, s: Segment, first: number, next: number): number {
    let volley = this.volleys.get(first);
    if (volley === undefined) this.volleys.set(first, (volley = { count: 1, kinds: new Map() }));
    if (++volley.count <= HELD) return -1;
    const kind = this.kind(volley, kindOf(connection, s), s.ttl, next);
    if (kind.count >= HELD_OF_KIND) return kind.original;
    kind.count++;
    return -1;
  }

  /** May others refer to the RST that is held as number `next`? */
  isOriginal(first: number, next: number): boolean {
    const volley = this.volleys.get(first);
    return volley !== undefined && [...volley.kinds.values()].some(({ original }) => original === next);
  }

  /** What comes from now on is of no kind that was before. */
  renew(): void {
    for (const { kinds } of this.volleys.values()) kinds.clear();
  }

  gone(first: number): void {
    this.volleys.delete(first);
  }

  private kind({ kinds }: Volley, look: number, ttl: number, next: number): Kind {
    const key = kinds.size < BY_TTL || kinds.has((look << 9) | (ttl + 1)) ? (look << 9) | (ttl + 1) : look << 9;
    let kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, (kind = { original: next, count: 0 }));
    return kind;
  }
}

/** What tells whether and how an RST takes effect, as a number: its side, control bits, how its number lies to the expected one. */
function kindOf({ one, other }: Connection, s: Segment): number {
  const expected = (other.bits & c.E_ACKED) !== 0 ? other.rcvNxt : one.sndNxt;
  const off = distance(s.seq, expected);
  const lies = off === 0 ? 0 : s.seq === one.sndNxt ? 1 : off > NEAR || off < -NEAR ? 2 : off > 0 ? 3 : 4;
  const acks = (s.control & ACK) === 0 ? 0 : s.ack === other.sndNxt ? 1 : 2;
  return ((lies * 3 + acks) << 3) | (one.side << 2) | (s.length > 0 ? 2 : 0) | (s.window === 0 ? 0 : 1);
}
