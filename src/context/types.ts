import type { StackFacts } from './stacks.js';

/** Facts from across connections, as causes may ask for them. Everything is answered from counters, in constant time. */

/** One listening endpoint (server address and port) as the capture shows it. */
export interface ListenerFacts {
  readonly address: string;
  readonly port: number;
  /** Connections whose SYN was seen, and how they fared. */
  readonly attempts: number;
  readonly accepted: number;
  readonly refused: number;
  /** Connections seen to it in all, mid-stream ones included. */
  readonly connections: number;
  /** Connections that carried data from the server. */
  readonly served: number;
  readonly firstAccepted: number | null;
  readonly lastAccepted: number | null;
  readonly firstRefused: number | null;
  readonly lastRefused: number | null;
  /** Connections live to it at the end of the capture. */
  readonly live: number;
  /** Times (ns) of the accept nearest before and nearest after a moment; null when none. */
  acceptedBefore(time: number): number | null;
  acceptedAfter(time: number): number | null;
  refusedAfter(time: number): number | null;
}

/** Endings (FIN or RST sent first by this endpoint) of one listener or host within a window of time. */
export interface BurstFacts {
  /** Connections the endpoint ended within the window, and those among them ended by FIN and by RST. */
  readonly ended: number;
  readonly byFin: number;
  readonly byReset: number;
  /** Connections of the endpoint that were live when the window began. */
  readonly live: number;
  /** Connections that began (SYN-ACK) between the first and the last ending: the process that ended the others lived on. */
  readonly accepted: number;
  /** Endings before which the ender had begun another message since the ending before: its program was at work. */
  readonly between: number;
  /** Shortest and longest silence of the ender before it ended each of them, ns: equal where an idle limit did it. */
  readonly shortestIdle: number;
  readonly longestIdle: number;
  /** ns from first to last ending. */
  readonly span: number;
  /** Frames of up to 16 of them, in order. */
  readonly frames: readonly number[];
  readonly first: number;
}

/** How many different targets a source tried without data. */
export interface FanOutFacts {
  readonly targets: number;
  readonly ports: number;
  readonly hosts: number;
  readonly refused: number;
  readonly halfOpen: number;
  /** Most ports of one host from which no answer at all came to its SYNs within a window: what a filter leaves of a scan. */
  readonly unanswered: number;
  readonly withData: number;
  /** Most different targets it tried in a row from one and the same port of its own: no stack's connect does that. */
  readonly fromOnePort: number;
  /** ns from the first to the last try of the densest window. */
  readonly span: number;
}

export interface HostFacts {
  readonly address: string;
  /** Most frequent TTL of its packets other than RSTs, with the number of packets counted; null when none was seen. */
  readonly ttl: number | null;
  readonly ttlSamples: number;
  /** The stack that its first SYN or SYN-ACK shows; null where none was seen or it is not known. */
  readonly stack: StackFacts | null;
  /** Last packet of this host other than a RST, before/at the end of the capture. */
  readonly lastSpoke: number | null;
  /** Connections on which it answered as a server. */
  readonly served: number;
  /** Kernel replies (bare RSTs) this host sent to connections it should have known, and over how many connections. */
  readonly forgotten: number;
  /** Those among them during whose silence it opened, accepted or closed others without a pause in which it could restart. */
  readonly forgottenWhileBusy: number;
  /** Frames of up to 8 of these. */
  readonly forgottenFrames: readonly number[];
}

/** The other one of two parallel connects, which was established, or at least accepted. */
export interface SiblingFacts extends Place {
  readonly established: boolean;
  /** Such a pair exists by design: SMB's ports 445 and 139, or the same port of the other address family. */
  readonly byDesign: boolean;
  /** false: by the other address family, and no MAC address tells whether it is the same host. */
  readonly sameHost: boolean;
  readonly frame: number;
  readonly time: number;
}

/** A SYN under the address it was sent to, before that was translated on the way to another server. */
export interface OriginalSyn extends Place {
  readonly frame: number;
  readonly time: number;
}

/** Short connections without data from one source to one listener. */
export interface PeriodFacts {
  readonly count: number;
  /** Median interval, ns, and the coefficient of variation of all. */
  readonly interval: number;
  readonly spread: number;
  /** Share of the newest intervals that equal the median within healthCheckSpread. */
  readonly even: number;
}

/** An RST that a host received on another connection just before. */
export interface RelayFacts extends Place {
  readonly frame: number;
  readonly time: number;
}

/** The accept queue at a reset of a finished handshake. */
export interface QueueFacts {
  /** Other handshakes that were complete and not served yet. */
  readonly waiting: number;
  /** Handshakes that were complete right after this one and were served. */
  readonly overtaken: number;
}

/**
 * How the records of a capture came together: in the order in which one point of the path saw them; out of captures from several
 * points, each with a clock, TTLs and MAC addresses of its own; out of order, as writers leave them that buffer by interface; or
 * by a program that had no times for them.
 */
export type Arrangement = 'as recorded' | 'merged' | 'unordered' | 'timeless';

/** The known connection whose numbers an unknown four-tuple bears. */
export interface TranslatedConnection {
  /** Its last frame before. */
  readonly frame: number;
  readonly client: Place;
  readonly server: Place;
}

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** Where the capture was taken, seen from the connections in it. */
export type Vantage = 'client' | 'server' | 'middle' | 'loopback' | 'both' | 'unknown';

export interface Context {
  listener(address: string, port: number): ListenerFacts | null;
  host(address: string): HostFacts | null;
  /**
   * Endings around `time` by `ender` on connections to the listener `server`: all of the listener's when
   * the server ended them, those of this client host when the client did.
   */
  burst(ender: Place, server: Place, time: number): BurstFacts | null;
  fanOut(address: string): FanOutFacts | null;
  /** The winner of parallel connects, for the RST of the loser at `frame`. */
  sibling(frame: number): SiblingFacts | null;
  /** The client's SYN to another address whose number the SYN-ACK acknowledged that the RST at `frame` turned away. */
  originalSyn(frame: number): OriginalSyn | null;
  /** Regular short connections without data from `client` to `server`. */
  period(client: string, server: Place): PeriodFacts | null;
  /** Resets by the same end of the listener's connections after the same silence (ns), this one included. */
  sameIdle(server: Place, ender: 'client' | 'server', idle: number): number;
  /** The only RST shortly before on another connection that `host` received, or that carried as many octets each way. */
  relay(
    host: string,
    asClient: boolean,
    time: number,
    frame: number,
    sent: number,
    received: number,
  ): RelayFacts | null;
  /** The accept queue at the RST at `frame`, null where it was no reset of a finished handshake. */
  queue(frame: number): QueueFacts | null;
  /** For the RST at `frame` on a four-tuple that its sender does not know: the connection whose numbers it bears. */
  untranslated(frame: number): TranslatedConnection | null;
  /** A stray packet of this connection that was reset just before under another four-tuple; null when there was none. */
  leakBefore(sender: Place, receiver: Place, time: number): { readonly frame: number } | null;
  /** Connections with an RST whose number is off by exactly `off`. */
  sameOffset(off: number): number;
  /** SYNs to the listener that had to be sent again, around that time. */
  unansweredAround(server: Place, time: number): number;
  /** Times of the earliest record and of the latest, ns: the first of a capture need not be the earliest. */
  readonly start: number;
  readonly end: number;
  /** The capture lost so many packets that the absence of one proves nothing; known at its end. */
  readonly lossy: boolean;
  /** Known at its end. */
  readonly arrangement: Arrangement;
  /** How far apart copies of one packet are in a capture that was put together, ns; 0 in any other. */
  readonly lag: number;
  readonly vantage: Vantage;
}
