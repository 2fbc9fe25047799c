import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import type { Segment } from '../../packet/segment.js';
import { ACK } from '../../tcp/control.js';
import { addressKey, type Kind } from './kinds.js';

/** RSTs of a kind that are held in full. */
const HELD = 16;
/** Kinds with a place that are told apart. */
const KINDS = 4096;
/** Ports from which on an end counts as the client's (facts/endpoint-facts.ts). */
const EPHEMERAL = 32_768;

/** Is the host at this side known from packets other than RSTs? */
export type IsKnown = (connection: Connection, side: number) => boolean;

/** Was nothing but this RST captured of the connection? */
export function isLone(connection: Connection, s: Segment): boolean {
  const { one, other, incarnation } = connection;
  const silent = one.segments + other.segments === 0 && connection.word(c.ICMP_FRAME) === 0;
  return silent && incarnation === 1 && s.length === 0;
}

/**
 * Lone RSTs come in floods: from addresses that are made up, from one host to one listener, as answers of a host to packets
 * in the name of others. They are of one kind where they look alike and have an end, sender or receiver, in common; where
 * there are too many such kinds, where they look alike. The packets of a host that is known tell who made an RST in its
 * name: its RSTs are alike only among themselves.
 */
export class LoneKinds {
  private readonly kinds = new Map<string, Kind>();

  constructor(private readonly isKnown: IsKnown) {}

  /** Number of the held reset that the lone RST `s` is like, once enough of its kind are held; -1: it is to be held as number `next`. */
  originalOf(connection: Connection, s: Segment, next: number): number {
    const kinds = this.namesOf(connection, s).map((name) => this.kind(name, next));
    const full = kinds.find((kind) => kind.count >= HELD);
    if (full !== undefined) return full.original;
    for (const kind of kinds) kind.count++;
    return -1;
  }

  private kind(name: { readonly place: string; readonly look: string }, next: number): Kind {
    const key = `${name.look} ${name.place}`;
    let kind = this.kinds.get(key);
    if (kind === undefined && this.kinds.size >= KINDS) kind = this.kinds.get(name.look);
    if (kind === undefined) {
      kind = { original: next, count: 0 };
      this.kinds.set(this.kinds.size < KINDS ? key : name.look, kind);
    }
    return kind;
  }

  private namesOf(connection: Connection, s: Segment): { readonly place: string; readonly look: string }[] {
    const { one, other } = connection;
    const from = connection.port(one.side);
    const to = connection.port(other.side);
    const known = this.isKnown(connection, one.side);
    const bits = [
      (s.control & ACK) !== 0,
      s.seq === 0,
      s.window !== 0,
      s.hasTimestamps,
      from >= EPHEMERAL,
      to >= EPHEMERAL,
    ];
    const look = `${bits.map(Number).join('')} ${s.ttl}`;
    const sender = addressKey(connection, one.side);
    const receiver = `${addressKey(connection, other.side)} ${to}`;
    if (known) return [{ look: `${look} ${sender}`, place: receiver }];
    return [
      { look, place: `to ${receiver}` },
      { look, place: `from ${sender} ${from}` },
    ];
  }
}
