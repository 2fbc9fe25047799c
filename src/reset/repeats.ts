import * as c from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import { addressAt } from '../packet/address.js';
import type { Segment } from '../packet/segment.js';
import { ACK, RST } from '../tcp/control.js';

/**
 * Refused and half-open handshakes without data come in millions (scans, a service that is down).
 * The first few of a kind are held and judged; the rest are kept as a few numbers each and reuse
 * the verdict of the kind's first with their own frames.
 */

/** Held in full per kind, so that the usual case is judged on its own facts. */
const FULL = 4;
/** Kinds are by listener until one source has this many; then by server address, then by source alone. */
const BY_LISTENER = 256;
const BY_HOST = 1024;
/** Clients of one listener that are told apart, as long as they try fewer services than this. */
const BY_CLIENT = 16;
const BY_SOURCE = 10;
/** Times a listener may come back and refuse anew before that makes no new kind any more. */
const OUTAGES = 8;

export interface Repeat {
  readonly frame: number;
  readonly time: number;
  readonly seq: number;
  readonly ack: number;
  readonly ipId: number | null;
  readonly ttl: number;
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
  readonly synFrame: number;
  readonly synTime: number;
  readonly synAckFrame: number;
  readonly synAckTime: number;
  readonly incarnation: number;
}

const NUMBERS = 12;
const FRAME = 1;

export class Repeats {
  /** Repeats kept. */
  size = 0;
  /** Most kept; beyond it they are only counted. */
  limit = 50_000;
  /** Kinds with their first held reset. */
  private readonly kinds = new Map<string, { readonly like: number; count: number }>();
  private readonly liked = new Set<number>();
  private readonly sources = new Map<string, number>();
  private readonly listeners = new Map<string, number>();
  /** By listener (the number in its connections' rows): how often it came back, and whether it refuses now. */
  private readonly returns = new Map<number, number>();
  private readonly refusing = new Set<number>();
  private numbers = new Float64Array(64 * NUMBERS);
  private addresses = new Int32Array(64 * 9);
  /** Later RSTs of a repeat's connection: [repeat, frame, time, from the server]. */
  readonly aftershocks: { readonly repeat: number; readonly frame: number; readonly time: number }[] = [];
  /** Repeats that were counted but not kept, per held reset. */
  readonly omitted = new Map<number, { count: number; lastTime: number; lastFrame: number }>();

  constructor(
    /** Time after a SYN from which its client may have given up, ns. */
    private readonly late: number,
  ) {}

  /**
   * Is the RST `s` one more of a kind? Returns a row mark below -1 when it was taken here, -1 when
   * it is to be held as number `next`.
   */
  offer(connection: Connection, s: Segment, next: number): number {
    const kind = this.kindOf(connection, s);
    if (kind === null) return -1;
    const known = this.kinds.get(kind);
    if (known === undefined) {
      this.kinds.set(kind, { like: next, count: 1 });
      this.liked.add(next);
      return -1;
    }
    if (known.count < FULL) {
      known.count++;
      return -1;
    }
    if (this.size >= this.limit) {
      const omitted = this.omitted.get(known.like) ?? { count: 0, lastTime: 0, lastFrame: 0 };
      omitted.count++;
      omitted.lastTime = s.time;
      omitted.lastFrame = s.frame;
      this.omitted.set(known.like, omitted);
      return -2;
    }
    this.keep(connection, s, known.like);
    return -2 - this.size;
  }

  /** A listener accepts: what it refuses from now on is another outage. */
  answered(connection: Connection): void {
    const listener = connection.word(c.LISTENER);
    if (!this.refusing.delete(listener)) return;
    const returns = this.returns.get(listener) ?? 0;
    if (returns < OUTAGES) this.returns.set(listener, returns + 1);
  }

  /** May repeats refer to the held reset `index`? */
  isLike(index: number): boolean {
    return this.liked.has(index);
  }

  aftershock(mark: number, s: Segment): void {
    if (mark < -2 && this.aftershocks.length < this.limit)
      this.aftershocks.push({ repeat: -3 - mark, frame: s.frame, time: s.time });
  }

  /** Kind of a refusal or of a half-open handshake, null for any other RST. */
  private kindOf(connection: Connection, s: Segment): string | null {
    const { one, other } = connection;
    if (one.word(c.DATA_SEGMENTS) + other.word(c.DATA_SEGMENTS) > 0 || s.length > 0) return null;
    if ((one.bits | other.bits) & c.E_FIN) return null;
    const client = connection.client;
    if (client < 0) return null;
    const refused = client === other.side && one.segments === 0 && (s.control & (RST | ACK)) === (RST | ACK);
    const halfOpen =
      client === one.side &&
      (connection.bits & (c.C_ANSWERED | c.C_ESTABLISHED)) === c.C_ANSWERED &&
      (s.control & ACK) === 0;
    if (!refused && !halfOpen) return null;
    const server = client ^ 1;
    const words = connection.table.words;
    const at = connection.addressAt(client);
    const to = connection.addressAt(server);
    const source = `${words[at]},${words[at + 1]},${words[at + 2]},${words[at + 3]}`;
    const kinds = this.sources.get(source) ?? 0;
    const syn = connection.endpoint(client).time(c.SYN_TIME);
    // A client turns away what comes at once for other reasons than what comes late.
    const late = halfOpen && s.time - syn >= this.late;
    const number = connection.word(c.LISTENER);
    if (refused) this.refusing.add(number);
    const outage = refused ? (this.returns.get(number) ?? 0) : 0;
    // The TTL stands for the box that answers: another one is another story. No kernel refuses with a window.
    const family = `${refused ? `r${outage}` : late ? 'l' : 'h'} ${s.ttl}${s.window === 0 ? '' : ' w'}`;
    const host = `${words[to]},${words[to + 1]},${words[to + 2]},${words[to + 3]}`;
    const listener = `${host};${connection.port(server)}`;
    // A service that is down for many clients is one kind; a source that tries many services is one by itself.
    const clients = this.listeners.get(listener) ?? 0;
    if (clients >= BY_CLIENT && kinds < BY_SOURCE) return `${family};${listener}`;
    let kind = `${family};${source}`;
    if (kinds < BY_HOST) kind += `;${host}`;
    if (kinds < BY_LISTENER) kind += `;${connection.port(server)}`;
    if (!this.kinds.has(kind)) {
      this.sources.set(source, kinds + 1);
      this.listeners.set(listener, clients + 1);
    }
    return kind;
  }

  private keep(connection: Connection, s: Segment, like: number): void {
    const at = this.size++;
    if (this.numbers.length < this.size * NUMBERS) {
      const numbers = new Float64Array(this.numbers.length * 2);
      numbers.set(this.numbers);
      this.numbers = numbers;
      const addresses = new Int32Array(this.addresses.length * 2);
      addresses.set(this.addresses);
      this.addresses = addresses;
    }
    const client = connection.client as 0 | 1;
    const c0 = connection.endpoint(client);
    const s0 = connection.endpoint(client ^ 1);
    this.numbers.set(
      [
        like,
        s.frame,
        s.time,
        s.seq >>> 0,
        s.ack >>> 0,
        s.ipId,
        s.ttl,
        c0.word(c.SYN_FRAME),
        c0.time(c.SYN_TIME),
        s0.word(c.SYN_FRAME),
        s0.time(c.SYN_TIME),
        connection.incarnation,
      ],
      at * NUMBERS,
    );
    const words = connection.table.words;
    for (let i = 0; i < 4; i++) {
      this.addresses[at * 9 + i] = words[connection.addressAt(client) + i];
      this.addresses[at * 9 + 4 + i] = words[connection.addressAt(client ^ 1) + i];
    }
    this.addresses[at * 9 + 8] = (connection.port(client) << 16) | connection.port(client ^ 1);
  }

  /** Frame of repeat `index`, Infinity behind the last. */
  frame(index: number): number {
    return index < this.size ? this.numbers[index * NUMBERS + FRAME] : Number.POSITIVE_INFINITY;
  }

  /** Number of the held reset whose verdict repeat `index` takes. */
  like(index: number): number {
    return this.numbers[index * NUMBERS];
  }

  /** Frame of aftershock `index`, Infinity behind the last. */
  aftershockFrame(index: number): number {
    return this.aftershocks[index]?.frame ?? Number.POSITIVE_INFINITY;
  }

  /** Repeat `index`; below 0, aftershock -1 - `index`: its repeat at its own moment. */
  get(index: number): Repeat {
    if (index < 0) {
      const { repeat, frame, time } = this.aftershocks[-1 - index];
      return { ...this.get(repeat), frame, time };
    }
    const n = this.numbers.subarray(index * NUMBERS, (index + 1) * NUMBERS);
    const a = this.addresses.subarray(index * 9, (index + 1) * 9);
    return {
      frame: n[1],
      time: n[2],
      seq: n[3],
      ack: n[4],
      ipId: n[5] < 0 ? null : n[5],
      ttl: n[6],
      synFrame: n[7],
      synTime: n[8],
      synAckFrame: n[9],
      synAckTime: n[10],
      incarnation: n[11],
      client: { address: addressAt(a, 0), port: a[8] >>> 16 },
      server: { address: addressAt(a, 4), port: a[8] & 0xffff },
    };
  }
}
