import * as c from '../flow/columns.js';
import { type Connection, portAt } from '../flow/connection.js';
import { frameNear } from '../flow/frame.js';
import { addressAt, sameAddress } from '../packet/address.js';
import type { Segment } from '../packet/segment.js';
import { distance } from '../tcp/sequence.js';
import type { TranslatedConnection } from './types.js';

/** Resets of unknown four-tuples that are looked into, and rows looked at for each: the search is linear. */
const SEARCHES = 256;
const ROWS = 65_536;

/**
 * A packet of a known connection that reached its peer untranslated appears under another four-tuple
 * with the known one's numbers (kubernetes#74839). For an RST on a four-tuple without handshake, the
 * connection of the same client endpoint whose numbers it bears.
 */
export class Untranslated {
  private readonly answers = new Map<number, TranslatedConnection>();
  private readonly times = new Map<number, number>();
  private searches = 0;

  constructor(private readonly distance: number) {}

  reset(connection: Connection, s: Segment): void {
    if (this.searches >= SEARCHES) return;
    this.searches++;
    const { table, one, other } = connection;
    const words = table.words;
    // What the stray packet's sender had sent up to: its own number, else the RST's.
    const theirs = other.segments > 0 ? other.sndNxt : s.ack;
    const mine = s.seq;
    for (let row = 0; row < Math.min(table.top, ROWS); row++) {
      if (row === connection.row || !table.isLive(row)) continue;
      const w = row * c.WORDS;
      if (words[w + c.CLIENT] < 0 || (words[w + c.BITS] & c.C_ESTABLISHED) === 0) continue;
      for (const side of [0, 1] as const) {
        // The RST's sender under its known name: same address and port, the other end differs.
        const a = w + c.ADDRESS + 4 * side;
        const b = connection.addressAt(one.side);
        if (!sameAddress(words, a, words, b)) continue;
        if (portAt(words, w, side) !== connection.port(one.side)) continue;
        // One host under two ports: a program that writes its packets itself uses its numbers again, no NAT does.
        if (sameAddress(words, w + c.ADDRESS + 4 * (side ^ 1), words, connection.addressAt(other.side))) continue;
        const e = w + c.ENDPOINTS + side * c.ENDPOINT_WORDS;
        const o = w + c.ENDPOINTS + (side ^ 1) * c.ENDPOINT_WORDS;
        if (
          Math.abs(distance(mine, words[e + c.SND_NXT])) > this.distance ||
          Math.abs(distance(theirs, words[o + c.SND_NXT])) > this.distance
        )
          continue;
        const client = words[w + c.CLIENT];
        const place = (which: number) => ({
          address: addressAt(words, w + c.ADDRESS + 4 * which),
          port: portAt(words, w, which),
        });
        this.note(s, {
          frame: Math.max(frameNear(words[e + c.LAST_FRAME], s.frame), frameNear(words[o + c.LAST_FRAME], s.frame)),
          client: place(client),
          server: place(client ^ 1),
        });
        return;
      }
    }
  }

  /** The RST `s` is a packet of this connection. */
  note({ frame, time }: Segment, known: TranslatedConnection): void {
    this.times.set(frame, time);
    this.answers.set(frame, known);
  }

  /** A stray reset just before `time` that belongs to the connection between these ends (each by its known name). */
  leakBefore(a: string, b: string, time: number, window: number): { readonly frame: number } | null {
    for (const [frame, known] of this.answers) {
      const ends = [`${known.client.address} ${known.client.port}`, `${known.server.address} ${known.server.port}`];
      const at = this.times.get(frame) ?? 0;
      if (ends.includes(a) && ends.includes(b) && time >= at && time - at <= window) return { frame };
    }
    return null;
  }

  of(frame: number): TranslatedConnection | null {
    return this.answers.get(frame) ?? null;
  }
}
