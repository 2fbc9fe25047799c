import { NEVER } from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import { Column } from './column.js';
import { EndpointIndex } from './endpoint-index.js';
import { EndpointMap } from './endpoint-map.js';
import { parseWords } from './parse-words.js';
import { Periods } from './periods.js';
import { SilentPorts } from './silent-ports.js';
import { Targets } from './targets.js';
import type { FanOutFacts, PeriodFacts, Place } from './types.js';

const SOURCES = 65_536;
const SINGLE_TARGETS = 65_536;

/** One source of connections that carried nothing. */
class Source {
  refused = 0;
  halfOpen = 0;
  /** Its port in the last try, and the targets it tried from there in a row. */
  port = -1;
  portTargets = 0;
  fromOnePort = 0;
  windowStart = NEVER;
  windowTargets = 0;
  densest = 0;
  densestSpan = 0;
  /** Number of the only target, -1 where there is none that has a number. */
  target = -1;
  /** All of them, once there are more: most sources have one, and there may be many sources. */
  targets: Targets | null = null;
}

const NOTHING: FanOutFacts = {
  targets: 0,
  ports: 0,
  hosts: 0,
  refused: 0,
  halfOpen: 0,
  unanswered: 0,
  withData: 0,
  fromOnePort: 0,
  span: 0,
};

/** Hosts that opened connections which carried nothing: to how many targets, how regularly. */
export class Sources {
  private readonly sources = new EndpointMap<Source>(() => new Source(), SOURCES);
  /** By source: its connections that carried data. Apart from the records, since nearly every connection counts here. */
  private readonly withData = new Column();
  /** By party: number of its source + 1, 0 where none is known. */
  private readonly sourceOf = new Column();
  /** Targets by number, for sources that have a single one; beyond the limit such a source is given its sets at once. */
  private readonly single = new EndpointIndex(SINGLE_TARGETS);
  private readonly periods: Periods;
  private readonly silent: SilentPorts;
  private readonly words = new Int32Array(4);
  private readonly serverWords = new Int32Array(4);

  /**
   * @param window ns within which targets are counted together
   * @param evenness how far equal intervals may be apart, as a ratio
   */
  constructor(
    private readonly window: number,
    evenness: number,
  ) {
    this.periods = new Periods(evenness);
    this.silent = new SilentPorts(window);
  }

  get full(): boolean {
    return this.sources.size >= SOURCES;
  }

  /** A connection of `client` (a side) without data was refused, or else reset; false where there are too many sources. */
  tried(connection: Connection, client: number, time: number, refused: boolean): boolean {
    const { words } = connection.table;
    const number = this.sources.number(words, connection.addressAt(client), 0);
    if (number < 0) return false;
    const source = this.sources.values[number];
    const server = connection.addressAt(client ^ 1);
    const port = connection.port(client ^ 1);
    if (refused) source.refused++;
    else {
      source.halfOpen++;
      this.periods.add(number, words, server, port, time);
    }
    if (Math.abs(time - source.windowStart) > this.window) {
      source.windowStart = time;
      source.windowTargets = 0;
      source.targets?.makeRoom();
    }
    if (this.isNew(source, words, server, port)) {
      source.windowTargets++;
      const own = connection.port(client);
      source.portTargets = own === source.port ? source.portTargets + 1 : 1;
      source.port = own;
      source.fromOnePort = Math.max(source.fromOnePort, source.portTargets);
    }
    if (source.windowTargets > source.densest) {
      source.densest = source.windowTargets;
      source.densestSpan = time - source.windowStart;
    }
    return true;
  }

  /** A connection of `client` (a side), which is the party of that number, carried data. */
  served(connection: Connection, client: number, party: number): void {
    let source = party < 0 ? -1 : this.sourceOf.get(party) - 1;
    if (source < 0) {
      source = this.sources.find(connection.table.words, connection.addressAt(client), 0);
      if (source < 0) return;
      if (party >= 0) this.sourceOf.set(party, source + 1);
    }
    this.withData.set(source, this.withData.get(source) + 1);
  }

  /** Nothing came back for the SYNs by which `client` (a side) began this connection. */
  unanswered(connection: Connection, client: number): void {
    const server = client ^ 1;
    const { words } = connection.table;
    this.silent.add(
      words,
      connection.addressAt(client),
      connection.addressAt(server),
      connection.port(server),
      connection.start,
    );
  }

  facts(address: string): FanOutFacts | null {
    const words = parseWords(address, this.words);
    const number = this.sources.find(words, 0, 0);
    const unanswered = this.silent.of(words);
    if (number < 0) return unanswered === 0 ? null : { ...NOTHING, unanswered };
    const s = this.sources.values[number];
    return {
      unanswered,
      targets: s.densest,
      ports: s.targets?.ports.size ?? 1,
      hosts: s.targets?.hosts.size ?? 1,
      refused: s.refused,
      halfOpen: s.halfOpen,
      fromOnePort: s.fromOnePort,
      withData: this.withData.get(number),
      span: s.densestSpan,
    };
  }

  period(client: string, server: Place): PeriodFacts | null {
    const number = this.sources.find(parseWords(client, this.words), 0, 0);
    return number < 0 ? null : this.periods.of(number, parseWords(server.address, this.serverWords), 0, server.port);
  }

  /** Was this target not tried before, as far as it is known? */
  private isNew(source: Source, words: Int32Array, at: number, port: number): boolean {
    if (source.targets === null) {
      const target = this.single.number(words, at, port);
      if (target >= 0 && target === source.target) return false;
      if (target >= 0 && source.target < 0) {
        source.target = target;
        return true;
      }
      source.targets = new Targets();
      if (source.target >= 0) {
        const first = this.single.key(source.target);
        source.targets.add(first, 0, first[4]);
      }
    }
    return source.targets.add(words, at, port);
  }
}
