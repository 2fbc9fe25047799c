import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import type { Segment } from '../../packet/segment.js';
import { ACK, RST } from '../../tcp/control.js';

/** Kinds are by listener until one source has this many; then by server address, then by source alone. */
const BY_LISTENER = 256;
const BY_HOST = 1024;
/** Clients of one listener that are told apart, as long as they try fewer services than this. */
const BY_CLIENT = 16;
const BY_SOURCE = 10;
/** Times a listener may come back and refuse anew before that makes no new kind any more. */
const OUTAGES = 8;

/** Resets that are alike: the number of the held one that further ones are told like, and how many are held. */
export interface Kind {
  original: number;
  count: number;
}

/** Four address words as the key of a map; a number for IPv4, because a key of text is slow to make. */
export type AddressKey = number | string;

interface Source {
  /** Kinds made of what it tried, and those by {@link kindKey}. */
  made: number;
  readonly kinds: Map<number, Kind>;
}

interface Server {
  readonly number: number;
  readonly listeners: Map<number, Listener>;
}

interface Listener {
  readonly number: number;
  /** Kinds made of what came to it. */
  clients: number;
  /** By family, whoever came. */
  readonly kinds: Map<number, Kind>;
}

/** A family is how it failed, TTL and window; how: refused in one of the outages, dropped at once, dropped late. */
const AT_ONCE = OUTAGES + 1;
const LATE = OUTAGES + 2;
const TTLS = 256;
const FAMILIES = (LATE + 1) * TTLS * 2;

/** Tells which refusals and half-open handshakes are of one kind. */
export class Kinds {
  private readonly sources = new Map<AddressKey, Source>();
  private readonly servers = new Map<AddressKey, Server>();
  private listeners = 0;
  /** By listener (the number in its connections' rows): how often it came back, and whether it refuses now. */
  private readonly returns = new Map<number, number>();
  private readonly refusing = new Set<number>();

  constructor(
    /** Time after a SYN from which its client may have given up, ns. */
    private readonly late: number,
  ) {}

  /** A listener accepts: what it refuses from now on is another outage. */
  answered(connection: Connection): void {
    const listener = connection.word(c.LISTENER);
    if (!this.refusing.delete(listener)) return;
    const returns = this.returns.get(listener) ?? 0;
    if (returns < OUTAGES) this.returns.set(listener, returns + 1);
  }

  /** Kind of the RST `s`, a new one with `next` as its first; null where it is no such failure. */
  of(connection: Connection, s: Segment, next: number): Kind | null {
    const family = this.familyOf(connection, s);
    if (family < 0) return null;
    const to = connection.client ^ 1;
    const from = addressKey(connection, to ^ 1);
    const at = addressKey(connection, to);
    const port = connection.port(to);
    const source = this.sources.get(from);
    const server = this.servers.get(at);
    const listener = server?.listeners.get(port);
    const made = source?.made ?? 0;
    // A service that is down for many clients is one kind; a source that tries many services is one by itself.
    if (listener !== undefined && listener.clients >= BY_CLIENT && made < BY_SOURCE) {
      let kind = listener.kinds.get(family);
      if (kind === undefined) listener.kinds.set(family, (kind = { original: next, count: 0 }));
      return kind;
    }
    return source?.kinds.get(kindKey(made, family, server, listener)) ?? this.make(from, at, port, family, next);
  }

  private make(from: AddressKey, at: AddressKey, port: number, family: number, next: number): Kind {
    let source = this.sources.get(from);
    if (source === undefined) this.sources.set(from, (source = { made: 0, kinds: new Map() }));
    let server = this.servers.get(at);
    if (server === undefined) this.servers.set(at, (server = { number: this.servers.size, listeners: new Map() }));
    let listener = server.listeners.get(port);
    if (listener === undefined)
      server.listeners.set(port, (listener = { number: this.listeners++, clients: 0, kinds: new Map() }));
    const kind = { original: next, count: 0 };
    source.kinds.set(kindKey(source.made, family, server, listener), kind);
    source.made++;
    listener.clients++;
    return kind;
  }

  /** How it failed as a number below {@link FAMILIES}; -1 where it is neither a refusal nor half-open, or data flowed. */
  private familyOf(connection: Connection, s: Segment): number {
    const { one, other, client } = connection;
    if (client < 0 || s.length > 0 || one.word(c.DATA_SEGMENTS) + other.word(c.DATA_SEGMENTS) > 0) return -1;
    if ((one.bits | other.bits) & c.E_FIN) return -1;
    const refused = client === other.side && one.segments === 0 && (s.control & (RST | ACK)) === (RST | ACK);
    const halfOpen =
      client === one.side &&
      (connection.bits & (c.C_ANSWERED | c.C_ESTABLISHED)) === c.C_ANSWERED &&
      (s.control & ACK) === 0;
    if (!refused && !halfOpen) return -1;
    let how: number;
    if (refused) {
      const listener = connection.word(c.LISTENER);
      this.refusing.add(listener);
      how = this.returns.get(listener) ?? 0;
    } else {
      // A client turns away what comes at once for other reasons than what comes late.
      how = s.time - one.time(c.SYN_TIME) >= this.late ? LATE : AT_ONCE;
    }
    // The TTL stands for the box that answers: another one is another story. No kernel refuses with a window.
    return (how * TTLS + Math.max(s.ttl, 0)) * 2 + (s.window === 0 ? 0 : 1);
  }
}

export function addressKey(connection: Connection, side: number): AddressKey {
  const { words } = connection.table;
  const at = connection.addressAt(side);
  if (words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff) return words[at + 3];
  return `${words[at]},${words[at + 1]},${words[at + 2]},${words[at + 3]}`;
}

/** Number of a kind among those of its source, which has made so many; no kind has it where server or listener are new. */
function kindKey(made: number, family: number, server: Server | undefined, listener: Listener | undefined): number {
  if (made >= BY_HOST) return family;
  const place = made >= BY_LISTENER ? server && 2 * server.number : listener && 2 * listener.number + 1;
  return place === undefined ? -1 : family + FAMILIES * (1 + place);
}
