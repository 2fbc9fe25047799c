import type { Connection } from '../flow/connection.js';
import { sameAddress } from '../packet/address.js';
import type { Segment } from '../packet/segment.js';
import { ACK } from '../tcp/control.js';

/** RSTs remembered; a machine forwards a packet within microseconds. */
const RING = 256;
const MASK = RING - 1;

// Words of an entry.
const SEQ = 0;
const ACKED = 1;
const CONTROL = 2;
const SENT = 3; // what sender and receiver had sent: SND.NXT of either
const RECEIVED = 4;
const FROM = 5; // address of the sender (four words) and of the receiver
const TO = 9;
const PORTS = 13;
const MARK = 14; // what the observer of resets gave the RST (RESET_LAST of its row)
const WORDS = 15;

/**
 * The same RST under two four-tuples: a machine that translates addresses (NAT, Docker, kube-proxy) was captured on
 * all its interfaces, so each packet is there before and after translation. Translation leaves the numbers of TCP and
 * one of the two ends as they were.
 */
export class TranslatedCopies {
  private readonly words = new Int32Array(RING * WORDS);
  private readonly times = new Float64Array(RING);
  private count = 0;

  /** @param window longest time a packet takes through the machine, ns */
  constructor(private readonly window: number) {}

  /** Mark of the RST that `s` is a translated copy of, 0 where there is none. */
  of(connection: Connection, s: Segment): number {
    const { words } = this;
    const { one, other } = connection;
    if (one.segments === 0 || other.segments === 0) return 0;
    const table = connection.table.words;
    for (let n = 1; n <= RING && n <= this.count; n++) {
      const index = (this.count - n) & MASK;
      const since = s.time - this.times[index];
      if (since > this.window) return 0;
      if (since < -this.window) continue;
      const w = index * WORDS;
      if (
        words[w + SEQ] !== s.seq ||
        words[w + ACKED] !== acknowledged(s) ||
        words[w + CONTROL] !== s.control ||
        words[w + SENT] !== one.sndNxt ||
        words[w + RECEIVED] !== other.sndNxt
      )
        continue;
      const from = this.same(
        w + FROM,
        table,
        connection.addressAt(one.side),
        words[w + PORTS] >>> 16,
        connection.port(one.side),
      );
      const to = this.same(
        w + TO,
        table,
        connection.addressAt(other.side),
        words[w + PORTS] & 0xffff,
        connection.port(other.side),
      );
      if (from !== to) return words[w + MARK];
    }
    return 0;
  }

  /** The RST `s` is known as `mark` (other than 0) from now on. */
  add(connection: Connection, s: Segment, mark: number): void {
    const { one, other } = connection;
    // Only the numbers of both ends make it one of a kind: a scanner's SYNs to many ports have the same.
    if (one.segments === 0 || other.segments === 0) return;
    const index = this.count++ & MASK;
    const { words } = this;
    const w = index * WORDS;
    this.times[index] = s.time;
    words[w + SEQ] = s.seq;
    words[w + ACKED] = acknowledged(s);
    words[w + CONTROL] = s.control;
    words[w + SENT] = one.sndNxt;
    words[w + RECEIVED] = other.sndNxt;
    const table = connection.table.words;
    const from = connection.addressAt(one.side);
    const to = connection.addressAt(other.side);
    for (let i = 0; i < 4; i++) {
      words[w + FROM + i] = table[from + i];
      words[w + TO + i] = table[to + i];
    }
    words[w + PORTS] = (connection.port(one.side) << 16) | connection.port(other.side);
    words[w + MARK] = mark;
  }

  private same(at: number, table: Int32Array, address: number, port: number, other: number): boolean {
    return port === other && sameAddress(this.words, at, table, address);
  }
}

/** The acknowledgment, where the RST has one. */
function acknowledged(s: Segment): number {
  return (s.control & ACK) === 0 ? 0 : s.ack;
}
