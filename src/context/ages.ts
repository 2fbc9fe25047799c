import { C_CLOSED } from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import type { Limits } from '../limits.js';
import type { Facts } from './facts.js';
import { Hosts } from './hosts.js';
import { ContextObserver } from './observe.js';
import type {
  Arrangement,
  BurstFacts,
  Context,
  FanOutFacts,
  HostFacts,
  ListenerFacts,
  OriginalSyn,
  PeriodFacts,
  Place,
  QueueFacts,
  RelayFacts,
  SiblingFacts,
  TranslatedConnection,
  Vantage,
} from './types.js';
import { VantageVotes } from './vantage.js';

/**
 * Facts across connections of a capture without end: those of the age that is, and of the one before. What is older is
 * forgotten, so that memory is bounded and a scan of last week makes nobody a scanner today.
 */
export class ContextAges implements Context {
  start = 0;
  end = 0;
  lossy = false;
  arrangement: Arrangement = 'as recorded';
  lag = 0;
  /** What gathers facts now. */
  current: ContextObserver;
  private before: Facts | null = null;
  private began = 0;
  /** What the packets of connections that are open tell: other facts come of them when they are gone. */
  private open: { readonly hosts: Hosts; readonly votes: VantageVotes } | null = null;

  constructor(private readonly limits: Limits) {
    this.current = new ContextObserver(limits);
  }

  /** Is a new age due at capture time `now`: the one that is has lasted long enough, or holds as much as it may? */
  due(now: number): boolean {
    const age = now - this.began;
    return age >= this.limits.contextAge || (age >= this.limits.contextAgeLeast && this.current.full);
  }

  /** Begins a new age, in which the connections that `each` shows live on. */
  renew(now: number, each: (visit: (connection: Connection) => void) => void): void {
    this.before = this.current;
    this.current = new ContextObserver(this.limits);
    this.began = now;
    each((connection) => this.current.adopt(connection));
  }

  /** Looks at the connections that `each` shows as if the capture ended now. */
  look(each: (visit: (connection: Connection) => void) => void): void {
    const open = { hosts: new Hosts(this.limits.hostRestart), votes: new VantageVotes() };
    each((connection) => {
      if ((connection.bits & C_CLOSED) !== 0) return;
      open.hosts.heardAll(connection);
      open.votes.vote(connection);
    });
    this.open = open;
  }

  /** No connection is open any more. */
  ended(): void {
    this.open = null;
  }

  get vantage(): Vantage {
    const { current, open, before } = this;
    const all = [current.vantage, open?.votes.result().at, before?.vantage];
    return all.find((at) => at !== undefined && at !== 'unknown') ?? 'unknown';
  }

  listener(address: string, port: number): ListenerFacts | null {
    return both(this.current.listener(address, port), this.before?.listener(address, port), joinedListener);
  }

  host(address: string): HostFacts | null {
    const gone = both(this.current.host(address), this.before?.host(address), joinedHost);
    return both(this.open?.hosts.facts(address) ?? null, gone, joinedHost);
  }

  burst(ender: Place, server: Place, time: number): BurstFacts | null {
    const larger = (a: BurstFacts, b: BurstFacts) => (b.ended > a.ended ? b : a);
    return both(this.current.burst(ender, server, time), this.before?.burst(ender, server, time), larger);
  }

  /** Is the host at this side of the connection known by packets other than RSTs? */
  knows(connection: Connection, side: number): boolean {
    return this.current.knows(connection, side) || (this.before?.knows(connection, side) ?? false);
  }

  fanOut(address: string): FanOutFacts | null {
    return both(this.current.fanOut(address), this.before?.fanOut(address), joinedFanOut);
  }

  originalSyn(frame: number): OriginalSyn | null {
    return this.current.originalSyn(frame) ?? this.before?.originalSyn(frame) ?? null;
  }

  sibling(frame: number): SiblingFacts | null {
    return this.current.sibling(frame) ?? this.before?.sibling(frame) ?? null;
  }

  period(client: string, server: Place): PeriodFacts | null {
    const longer = (a: PeriodFacts, b: PeriodFacts) => (b.count > a.count ? b : a);
    return both(this.current.period(client, server), this.before?.period(client, server), longer);
  }

  sameIdle(...silence: Parameters<Context['sameIdle']>): number {
    return this.current.sameIdle(...silence) + (this.before?.sameIdle(...silence) ?? 0);
  }

  relay(...ending: Parameters<Context['relay']>): RelayFacts | null {
    const now = this.current.relay(...ending);
    const then = this.before?.relay(...ending) ?? null;
    // Of several none is the one.
    return now !== null && then !== null ? null : (now ?? then);
  }

  queue(frame: number): QueueFacts | null {
    return this.current.queue(frame) ?? this.before?.queue(frame) ?? null;
  }

  untranslated(frame: number): TranslatedConnection | null {
    return this.current.untranslated(frame) ?? this.before?.untranslated(frame) ?? null;
  }

  leakBefore(...stray: Parameters<Context['leakBefore']>): { readonly frame: number } | null {
    return this.current.leakBefore(...stray) ?? this.before?.leakBefore(...stray) ?? null;
  }

  sameOffset(off: number): number {
    return this.current.sameOffset(off) + (this.before?.sameOffset(off) ?? 0);
  }

  unansweredAround(server: Place, time: number): number {
    return Math.max(this.current.unansweredAround(server, time), this.before?.unansweredAround(server, time) ?? 0);
  }
}

function both<T>(now: T | null, then: T | null | undefined, joined: (now: T, then: T) => T): T | null {
  if (now === null || then == null) return now ?? then ?? null;
  return joined(now, then);
}

function joinedListener(now: ListenerFacts, then: ListenerFacts): ListenerFacts {
  return {
    address: now.address,
    port: now.port,
    attempts: now.attempts + then.attempts,
    accepted: now.accepted + then.accepted,
    refused: now.refused + then.refused,
    connections: now.connections + then.connections,
    served: now.served + then.served,
    firstAccepted: then.firstAccepted ?? now.firstAccepted,
    lastAccepted: now.lastAccepted ?? then.lastAccepted,
    firstRefused: then.firstRefused ?? now.firstRefused,
    lastRefused: now.lastRefused ?? then.lastRefused,
    live: now.live,
    acceptedBefore: (time) => now.acceptedBefore(time) ?? then.acceptedBefore(time),
    acceptedAfter: (time) => then.acceptedAfter(time) ?? now.acceptedAfter(time),
    refusedAfter: (time) => then.refusedAfter(time) ?? now.refusedAfter(time),
  };
}

const later = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));

/** Routes change: of two TTLs the one that was seen more often in its age counts. */
function joinedHost(now: HostFacts, then: HostFacts): HostFacts {
  const same = now.ttl === then.ttl;
  const { ttl, ttlSamples } = then.ttlSamples > now.ttlSamples ? then : now;
  return {
    address: now.address,
    ttl,
    ttlSamples: same ? now.ttlSamples + then.ttlSamples : ttlSamples,
    stack: now.stack ?? then.stack,
    lastSpoke: later(now.lastSpoke, then.lastSpoke),
    served: now.served + then.served,
    forgotten: now.forgotten + then.forgotten,
    forgottenWhileBusy: now.forgottenWhileBusy + then.forgottenWhileBusy,
    forgottenFrames: [...then.forgottenFrames, ...now.forgottenFrames],
  };
}

function joinedFanOut(now: FanOutFacts, then: FanOutFacts): FanOutFacts {
  const denser = then.targets > now.targets ? then : now;
  return {
    targets: denser.targets,
    span: denser.span,
    ports: Math.max(now.ports, then.ports),
    hosts: Math.max(now.hosts, then.hosts),
    refused: now.refused + then.refused,
    halfOpen: now.halfOpen + then.halfOpen,
    unanswered: Math.max(now.unanswered, then.unanswered),
    withData: now.withData + then.withData,
    fromOnePort: Math.max(now.fromOnePort, then.fromOnePort),
  };
}
