import type { Connection } from '../flow/connection.js';
import type { Limits } from '../limits.js';
import { Clusters } from './clusters.js';
import { Endings } from './endings.js';
import { Hosts } from './hosts.js';
import { Legs } from './legs.js';
import { parseWords } from './parse-words.js';
import { Parties } from './parties.js';
import { Relays } from './relays.js';
import { RowFinder } from './row-finder.js';
import { Siblings } from './siblings.js';
import { Sources } from './sources.js';
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
import { Untranslated } from './untranslated.js';
import { VantageVotes } from './vantage.js';

/** Resets of finished handshakes whose listener's queue is followed. */
export const QUEUES = 50_000;

/** What is known across connections, and the answers from it; observe.ts gathers it. */
export class Facts implements Context {
  start = 0;
  end = 0;
  lossy = false;
  arrangement: Arrangement = 'as recorded';
  lag = 0;
  readonly votes = new VantageVotes();
  protected readonly hosts: Hosts;
  protected readonly endings: Endings;
  protected readonly parties: Parties;
  protected readonly sources: Sources;
  protected readonly rowFinder = new RowFinder();
  protected readonly siblings: Siblings;
  protected readonly legs: Legs;
  protected readonly clusters = new Clusters();
  protected readonly relays: Relays;
  protected readonly untranslatedResets: Untranslated;
  /** Connections by how far their first RST missed the next number. */
  protected readonly offsets = new Map<number, number>();
  /** By frame of the RST. */
  protected readonly queues = new Map<number, QueueFacts>();
  private readonly words = new Int32Array(4);

  constructor(protected readonly limits: Limits) {
    this.hosts = new Hosts(limits.hostRestart);
    this.endings = new Endings(limits.burstWindow);
    this.parties = new Parties(this.hosts, this.endings);
    this.sources = new Sources(limits.scanWindow, limits.healthCheckSpread);
    this.siblings = new Siblings(limits.siblingConnect, this.rowFinder);
    this.legs = new Legs(limits.farCopyWindow, this.rowFinder);
    this.relays = new Relays(this.hosts, this.parties, limits.proxyPairing);
    this.untranslatedResets = new Untranslated(limits.orphanDistance);
  }

  /** Is there no room for some new facts? */
  get full(): boolean {
    const { hosts, endings, sources, siblings, relays, queues } = this;
    return hosts.full || endings.full || sources.full || siblings.full || relays.full || queues.size >= QUEUES;
  }

  get vantage(): Vantage {
    return this.votes.result().at;
  }

  listener(address: string, port: number): ListenerFacts | null {
    const listener = this.parties.listenerAt({ address, port });
    return listener?.facts(address, port, this.endings.live(listener.party)) ?? null;
  }

  host(address: string): HostFacts | null {
    return this.hosts.facts(address);
  }

  burst(ender: Place, server: Place, time: number): BurstFacts | null {
    const listener = this.parties.listenerAt(server);
    if (listener === undefined) return null;
    const byServer = ender.address === server.address && ender.port === server.port;
    return this.endings.around(byServer ? listener.party : this.parties.clientAt(ender.address, listener), time);
  }

  /** Is the host at this side of the connection known by packets other than RSTs, so far? */
  knows(connection: Connection, side: number): boolean {
    return this.hosts.has(connection.table.words, connection.addressAt(side));
  }

  fanOut(address: string): FanOutFacts | null {
    return this.sources.facts(address);
  }

  sibling(frame: number): SiblingFacts | null {
    return this.siblings.of(frame);
  }

  originalSyn(frame: number): OriginalSyn | null {
    return this.siblings.originalOf(frame);
  }

  period(client: string, server: Place): PeriodFacts | null {
    return this.sources.period(client, server);
  }

  sameIdle(server: Place, ender: 'client' | 'server', idle: number): number {
    const words = parseWords(server.address, this.words);
    return this.clusters.near(words, server.port, ender === 'client', idle, this.limits.clusterSpread);
  }

  relay(...ending: Parameters<Context['relay']>): RelayFacts | null {
    return this.relays.before(...ending);
  }

  queue(frame: number): QueueFacts | null {
    return this.queues.get(frame) ?? null;
  }

  untranslated(frame: number): TranslatedConnection | null {
    return this.untranslatedResets.of(frame);
  }

  leakBefore(sender: Place, receiver: Place, time: number): { readonly frame: number } | null {
    return this.untranslatedResets.leakBefore(
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
    const retries = this.parties.listenerAt(server)?.retries;
    if (retries == null) return 0;
    const near = [retries.before(time), retries.after(time)];
    return near.filter((t) => t !== null && Math.abs(t - time) <= this.limits.siblingAccepted).length;
  }
}
