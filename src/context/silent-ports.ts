import { EndpointIndex } from './endpoint-index.js';

/** Clients and servers that are told apart, and pairs of them. */
const HOSTS = 65_536;
const PAIRS = 65_536;
/** Ports of one pair that are told apart; a scan is clear long before. */
const PORTS = 4096;

interface Pair {
  windowStart: number;
  readonly ports: Set<number>;
}

/** Ports of one host that gave no answer at all to one client's SYNs: what a filter makes of most of a scan. */
export class SilentPorts {
  private readonly clients = new EndpointIndex(HOSTS);
  private readonly servers = new EndpointIndex(HOSTS);
  private readonly pairs = new Map<number, Pair>();
  /** By client: most ports of one host within a window. */
  private readonly densest: number[] = [];

  /** @param window ns within which ports are counted together */
  constructor(private readonly window: number) {}

  /** Nothing answered the SYNs of the client whose address is at `words[client]`. */
  add(words: Int32Array, client: number, server: number, port: number, start: number): void {
    const from = this.clients.number(words, client, 0);
    const to = this.servers.number(words, server, 0);
    if (from < 0 || to < 0) return;
    const key = from * HOSTS + to;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      if (this.pairs.size >= PAIRS) return;
      pair = { windowStart: start, ports: new Set() };
      this.pairs.set(key, pair);
    }
    // Connections are given up in the order of their rows, which is nearly that of their SYNs.
    if (Math.abs(start - pair.windowStart) > this.window) {
      pair.windowStart = start;
      pair.ports.clear();
    }
    if (pair.ports.size < PORTS) pair.ports.add(port);
    this.densest[from] = Math.max(this.densest[from] ?? 0, pair.ports.size);
  }

  /** Most ports of one host that gave this client no answer within a window. */
  of(words: Int32Array): number {
    const client = this.clients.find(words, 0, 0);
    return client < 0 ? 0 : (this.densest[client] ?? 0);
  }
}
