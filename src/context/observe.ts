import * as columns from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import type { Segment } from '../packet/segment.js';
import { ACK, RST, SYN } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';
import { Clusters } from './clusters.js';
import { Endings } from './endings.js';
import { EndpointMap } from './endpoint-map.js';
import { Hosts } from './hosts.js';
import { Kin } from './kin.js';
import type { Limits } from './limits.js';
import { parseWords } from './parse-words.js';
import { Periods } from './periods.js';
import { Listener, Source } from './records.js';
import { Relays } from './relays.js';
import { Siblings } from './siblings.js';
import { Timeline } from './timeline.js';
import type {
  BurstFacts,
  Context,
  FanOutFacts,
  HostFacts,
  KinFacts,
  ListenerFacts,
  PeriodFacts,
  Place,
  QueueFacts,
  RelayFacts,
  SiblingFacts,
  Vantage,
} from './types.js';
import { VantageVotes } from './vantage.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Targets of one source that are told apart; a scan is clear long before. */
const TARGETS = 4096;
const CLIENT_HOSTS = 1024;
/** Listeners and their clients whose endings are followed. */
const ENDERS = 262_144;

/** Gathers facts across connections from the connection events, and answers for them. */
export class ContextObserver implements Context {
  end = 0;
  readonly votes = new VantageVotes();
  private readonly listeners: EndpointMap<Listener>;
  private readonly hosts = new Hosts();
  private readonly sources = new EndpointMap<Source>(() => new Source(), 65_536);
  private readonly words = new Int32Array(4);
  private readonly endings: Endings;
  private readonly siblings: Siblings;
  private readonly periods = new Periods();
  private readonly clusters = new Clusters();
  private readonly relays: Relays;
  private readonly kinship: Kin;
  /** Connections by how far their first RST missed the next number. */
  private readonly offsets = new Map<number, number>();
  private readonly queues = new Map<number, QueueFacts>();

  constructor(private readonly limits: Limits) {
    this.siblings = new Siblings(limits.siblingConnect);
    this.relays = new Relays(this.hosts, limits.proxyPairing);
    this.kinship = new Kin(limits.orphanDistance);
    this.endings = new Endings(limits.burstWindow, ENDERS);
    this.listeners = new EndpointMap<Listener>(() => new Listener(this.endings.add()));
  }

  // ---- events ----------------------------------------------------------------------------------

  opened(connection: Connection, s: Segment): void {
    if ((s.control & RST) !== 0 && connection.client < 0) return;
    const listener = this.listenerOf(connection);
    if (listener === undefined) return;
    listener.connections++;
    if (connection.client === connection.one.side) this.siblings.opened(connection, s);
    if ((s.control & (SYN | ACK)) === SYN) listener.attempts++;
    else if ((s.control & SYN) === 0) {
      this.live(connection, listener);
    }
  }

  answered(connection: Connection, s: Segment): void {
    const listener = this.listenerOf(connection);
    if (listener === undefined) return;
    listener.accepted++;
    listener.firstAccepted ??= s.time;
    listener.lastAccepted = s.time;
    (listener.acceptedTimes ??= new Timeline()).add(s.time);
    this.endings.accepted(listener.endings, s.time);
    this.live(connection, listener);
  }

  established(connection: Connection): void {
    this.listenerOf(connection)?.queue.established();
  }

  retried(connection: Connection, s: Segment): void {
    const listener = this.listenerOf(connection);
    if (listener !== undefined) (listener.retries ??= new Timeline()).add(s.time);
  }

  served(connection: Connection): void {
    const listener = this.listenerOf(connection);
    if (listener !== undefined) {
      listener.served++;
      if ((connection.bits & c.C_ESTABLISHED) !== 0)
        listener.queue.served(connection.time(c.ESTABLISHED), this.limits.exchangeIdle);
    }
    const client = this.clientSide(connection);
    const source = this.sources.get(connection.table.words, connection.addressAt(client), 0);
    if (source !== undefined) source.withData++;
  }

  finished(connection: Connection, s: Segment): void {
    this.relays.add(connection, s, this.clientSide(connection), false);
    this.ending(connection, s, false);
  }

  reset(connection: Connection, s: Segment): void {
    const { one, other } = connection;
    const spoke = one.segments + other.segments > 0;
    // Number 0 with an acknowledgment answers a SYN, captured or not.
    const refusal = !spoke && s.seq === 0 && (s.control & ACK) !== 0;
    const client = refusal ? other.side : this.clientSide(connection);
    const unanswered = refusal || (connection.client === other.side && one.segments === 0);
    if (one.segments > 0) {
      const off = distance(s.seq, one.sndNxt);
      if (off !== 0 && (this.offsets.has(off) || this.offsets.size < 16_384))
        this.offsets.set(off, (this.offsets.get(off) ?? 0) + 1);
    }
    if (spoke) {
      if (!unanswered && (connection.bits & c.C_ENDED) === 0) this.relays.add(connection, s, client, true);
      const carried = carriedUnseen(connection, s);
      if (connection.lastPayload >= 0 || carried > 0)
        this.clusters.add(
          clusterKey(
            connection.port(client ^ 1),
            connection.address(client ^ 1),
            client === one.side ? 'client' : 'server',
          ),
          s.time - Math.max(connection.lastPayload, connection.start),
        );
    }
    if (connection.client < 0) this.kinship.reset(connection, s);
    if (
      connection.client === other.side &&
      (connection.bits & c.C_ESTABLISHED) !== 0 &&
      (connection.bits & c.C_SERVED) === 0 &&
      (one.bits & c.E_FIN) === 0
    ) {
      const listener = this.listenerOf(connection);
      if (listener !== undefined && this.queues.size < 50_000)
        this.queues.set(s.frame, listener.queue.watch(connection.time(c.ESTABLISHED)));
    }
    if (unanswered) {
      const listener = this.listenerOf(connection, client);
      if (listener !== undefined && (connection.bits & c.C_REFUSED) === 0) {
        listener.refused++;
        listener.firstRefused ??= s.time;
        listener.lastRefused = s.time;
        (listener.refusedTimes ??= new Timeline()).add(s.time);
      }
      connection.bits |= c.C_REFUSED;
    } else if ((connection.bits & c.C_ENDED) === 0 && one.word(c.DATA_SEGMENTS) + one.segments > 0)
      this.ending(connection, s, true);
    if (one.word(c.DATA_SEGMENTS) === 0 && other.word(c.DATA_SEGMENTS) === 0 && (refusal || connection.client >= 0))
      this.tried(connection, s, client, unanswered);
    const bare = (s.control & ACK) === 0;
    const established = (connection.bits & c.C_ESTABLISHED) !== 0 && one.segments > 1;
    if (
      bare &&
      (one.bits & c.E_FIN) === 0 &&
      (connection.bits & c.C_RESET) === 0 &&
      // Of a handshake of which one direction was captured, data tells that it was complete.
      (established || (other.segments === 0 && one.word(c.DATA_SEGMENTS) > 0) || carriedUnseen(connection, s) > 0)
    )
      this.hosts.forgot(connection, one, s.frame);
  }

  gone(connection: Connection): void {
    this.hosts.heard(connection, connection.one);
    this.hosts.heard(connection, connection.other);
    this.votes.vote(connection);
    if ((connection.bits & c.C_ENDED) === 0 && (connection.bits & c.C_REFUSED) === 0) {
      const listener = this.listenerOf(connection);
      if (listener !== undefined && (connection.bits & (c.C_ESTABLISHED | c.C_SERVED)) === c.C_ESTABLISHED)
        listener.queue.gone();
      if (listener !== undefined && (connection.client < 0 || (connection.bits & c.C_ANSWERED) !== 0)) {
        this.endings.gone(listener.endings);
        this.endings.gone(this.clientOf(connection, listener));
      }
    }
  }

  private ending(connection: Connection, s: Segment, byReset: boolean): void {
    const listener = this.listenerOf(connection);
    if (listener === undefined) return;
    const clientEnded = this.clientSide(connection) === connection.one.side;
    if ((connection.bits & c.C_SERVED) === 0 && servedUnseen(connection, s, clientEnded)) {
      connection.bits |= c.C_SERVED;
      this.served(connection);
    }
    const idle = s.time - Math.max(connection.one.time(c.LAST_DATA_TIME), connection.start);
    const client = this.clientOf(connection, listener);
    this.endings.ended(clientEnded ? client : listener.endings, s.time, s.frame, byReset, idle);
    this.endings.gone(clientEnded ? listener.endings : client);
  }

  private tried(connection: Connection, s: Segment, client: number, refused: boolean): void {
    const address = connection.address(client);
    const source = this.sources.obtain(connection.table.words, connection.addressAt(client), 0);
    if (source === undefined) return;
    if (refused) source.refused++;
    else {
      source.halfOpen++;
      if (client === connection.one.side && connection.client >= 0) this.siblings.reset(connection, s);
    }
    if (source.windowStart < 0 || s.time - source.windowStart > this.limits.scanWindow) {
      source.windowStart = s.time;
      source.windowTargets = 0;
      if (source.targets.size >= TARGETS) source.targets.clear();
    }
    const server = connection.address(client ^ 1);
    const port = connection.port(client ^ 1);
    const target = `${server} ${port}`;
    if (!refused) this.periods.add(`${address} ${target}`, s.time);
    if (!source.targets.has(target)) {
      source.windowTargets++;
      if (source.targets.size < TARGETS) source.targets.add(target);
      if (source.ports.size < TARGETS) source.ports.add(port);
      if (source.hosts.size < TARGETS) source.hosts.add(server);
    }
    source.windowLast = s.time;
    if (source.windowTargets > source.densest) {
      source.densest = source.windowTargets;
      source.densestSpan = s.time - source.windowStart;
    }
  }

  // ---- answers ---------------------------------------------------------------------------------

  get vantage(): Vantage {
    return this.votes.result().at;
  }

  listener(address: string, port: number): ListenerFacts | null {
    const l = this.listeners.get(parseWords(address, this.words), 0, port);
    if (l === undefined) return null;
    return {
      address,
      port,
      attempts: l.attempts,
      accepted: l.accepted,
      refused: l.refused,
      connections: l.connections,
      served: l.served,
      live: this.endings.live(l.endings),
      firstAccepted: l.firstAccepted,
      lastAccepted: l.lastAccepted,
      firstRefused: l.firstRefused,
      lastRefused: l.lastRefused,
      acceptedBefore: (time) => l.acceptedTimes?.before(time) ?? null,
      acceptedAfter: (time) => l.acceptedTimes?.after(time) ?? null,
      refusedAfter: (time) => l.refusedTimes?.after(time) ?? null,
    };
  }

  host(address: string): HostFacts | null {
    return this.hosts.facts(address);
  }

  burst(ender: Place, server: Place, time: number): BurstFacts | null {
    const listener = this.listeners.get(parseWords(server.address, this.words), 0, server.port);
    if (listener === undefined) return null;
    if (ender.address === server.address && ender.port === server.port)
      return this.endings.around(listener.endings, time);
    const client = listener.clients?.get(parseWords(ender.address, this.words), 0, 0);
    return client === undefined ? null : this.endings.around(client, time);
  }

  fanOut(address: string): FanOutFacts | null {
    const s = this.sources.get(parseWords(address, this.words), 0, 0);
    if (s === undefined) return null;
    return {
      targets: s.densest,
      ports: s.ports.size,
      hosts: s.hosts.size,
      refused: s.refused,
      halfOpen: s.halfOpen,
      withData: s.withData,
      span: s.densestSpan,
    };
  }

  sibling(frame: number): SiblingFacts | null {
    return this.siblings.of(frame);
  }

  period(client: string, server: Place): PeriodFacts | null {
    return this.periods.of(`${client} ${server.address} ${server.port}`);
  }

  sameIdle(server: Place, ender: 'client' | 'server', idle: number): number {
    return this.clusters.near(clusterKey(server.port, server.address, ender), idle, this.limits.clusterSpread);
  }

  relay(...ending: Parameters<Context['relay']>): RelayFacts | null {
    return this.relays.before(...ending);
  }

  queue(frame: number): QueueFacts | null {
    return this.queues.get(frame) ?? null;
  }

  kin(frame: number): KinFacts | null {
    return this.kinship.of(frame);
  }

  leakBefore(sender: Place, receiver: Place, time: number): { readonly frame: number } | null {
    return this.kinship.leakBefore(
      `${sender.address} ${sender.port}`,
      `${receiver.address} ${receiver.port}`,
      time,
      this.limits.settle,
    );
  }

  sameOffset(off: number): number {
    return this.offsets.get(off) ?? 0;
  }

  unansweredAround(server: Place, time: number): number {
    const listener = this.listeners.get(parseWords(server.address, this.words), 0, server.port);
    if (listener?.retries == null) return 0;
    const near = [listener.retries.before(time), listener.retries.after(time)];
    return near.filter((t) => t !== null && Math.abs(t - time) <= this.limits.siblingAccepted).length;
  }

  // ---- who is who ------------------------------------------------------------------------------

  /** The client's side: the SYN's sender; without a SYN the one with the ephemeral port, else the first to speak. */
  private clientSide(connection: Connection): 0 | 1 {
    if (connection.client >= 0) return connection.client as 0 | 1;
    const [a, b] = [connection.port(0), connection.port(1)];
    return a < 32768 && b >= 32768 ? 1 : 0;
  }

  /** The listener, looked up once for a connection: its number stays in the row, with the side that was its client then. */
  private listenerOf(connection: Connection, client = this.clientSide(connection)): Listener | undefined {
    const known = connection.word(c.LISTENER);
    if (known !== 0 && (known & 1) === client) return this.listeners.values[(known >> 1) - 1];
    const server = client ^ 1;
    const number = this.listeners.number(connection.table.words, connection.addressAt(server), connection.port(server));
    if (number < 0) return undefined;
    connection.setWord(c.LISTENER, ((number + 1) << 1) | client);
    return this.listeners.values[number];
  }

  /** Number of the client host among the enders, -1 where there are too many; kept in the row as the listener's is. */
  private clientOf(connection: Connection, listener: Listener): number {
    const client = this.clientSide(connection);
    const known = connection.word(c.LISTENER_CLIENT);
    if (known !== 0 && (known & 1) === client) return (known >> 1) - 1;
    listener.clients ??= new EndpointMap<number>(() => this.endings.add(), CLIENT_HOSTS);
    const ender = listener.clients.obtain(connection.table.words, connection.addressAt(client), 0) ?? -1;
    connection.setWord(c.LISTENER_CLIENT, ((ender + 1) << 1) | client);
    return ender;
  }

  private live(connection: Connection, listener: Listener): void {
    this.endings.opened(listener.endings);
    this.endings.opened(this.clientOf(connection, listener));
  }
}

/** Octets that this FIN or RST says its sender had sent, where a filter kept no segment that carried them. */
function carriedUnseen({ lastPayload, one }: Connection, s: Segment): number {
  return lastPayload < 0 && (one.bits & c.E_SYN) !== 0 ? distance(s.seq, one.word(c.ISS)) - 1 : 0;
}

/** Do the numbers of this FIN or RST, of either end, show data of the server that a filter dropped? */
function servedUnseen(connection: Connection, s: Segment, fromClient: boolean): boolean {
  if (!fromClient) return carriedUnseen(connection, s) > 0;
  const { lastPayload, other } = connection;
  const told = lastPayload < 0 && (other.bits & c.E_SYN) !== 0 && (s.control & ACK) !== 0;
  return told && distance(s.ack, other.word(c.ISS)) > 1;
}

const clusterKey = (port: number, address: string, ender: 'client' | 'server') => `${ender} ${address} ${port}`;
