import * as columns from '../flow/columns.js';
import { type Connection, portAt } from '../flow/connection.js';
import { addressAt, sameAddress } from '../packet/address.js';
import type { Segment } from '../packet/segment.js';
import { ACK } from '../tcp/control.js';
import type { RowFinder } from './row-finder.js';
import type { OriginalSyn, SiblingFacts } from './types.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** SYNs remembered for the search backwards; parallel connects start within a third of a second. */
const RING = 1024;
const MASK = RING - 1;
const ANSWERS = 50_000;

/** SMB over TCP, and over NetBIOS: clients ask for both at once (MS-SMB2 §3.2.4.2.1). */
const SMB = [445, 139];

/**
 * Parallel connects of one client: the other SYN it sent within a moment, to SMB's other port (445
 * and 139) or to another address of the same port (happy eyeballs, RFC 8305), that was established when this
 * one was reset; or was accepted by then, where a filter or a disorder hides the last packet of its handshake.
 */
export class Siblings {
  private readonly rows = new Int32Array(RING);
  private readonly times = new Float64Array(RING);
  private readonly frames = new Float64Array(RING);
  private readonly isns = new Int32Array(RING);
  private count = 0;
  private readonly originals = new Map<number, OriginalSyn>();
  private readonly answers = new Map<number, SiblingFacts>();
  /** Winners that were only seen to be accepted, by their first frame, and the RST whose answer they are. */
  private readonly accepted = new Map<number, number>();

  constructor(
    private readonly window: number,
    private readonly rowFinder: RowFinder,
  ) {}

  get full(): boolean {
    return this.answers.size >= ANSWERS || this.originals.size >= ANSWERS;
  }

  /** A client's SYN. */
  opened(connection: Connection, s: Segment): void {
    const at = this.count++ & MASK;
    this.rows[at] = connection.row;
    this.times[at] = s.time;
    this.frames[at] = s.frame;
    this.isns[at] = s.seq;
  }

  /** A handshake without data was reset by its client: remember the sibling that won, if there is one. */
  reset(connection: Connection, s: Segment): void {
    // Whoever turns both away has no winner: a scan.
    if (this.accepted.size > 0) this.answers.delete(this.accepted.get(connection.word(c.START_FRAME)) ?? -1);
    if (this.answers.size >= ANSWERS) return;
    const client = connection.client as 0 | 1;
    this.findOriginal(connection, s, client);
    const own = connection.table.words;
    const mine = connection.addressAt(client);
    const start = connection.time(c.START);
    const myMac = connection.endpoint(client).word(c.MAC);
    const isV4 = own[mine + 2] === 0xffff;
    for (let n = 1; n <= Math.min(this.count, RING); n++) {
      const at = (this.count - n) & MASK;
      if (start - this.times[at] > this.window) break;
      if (this.times[at] - start > this.window) continue;
      if (this.rows[at] === connection.row) continue;
      const table = this.rowFinder.tableOf(this.rows[at], this.frames[at], connection.table);
      if (table === null) continue;
      const row = Math.max(this.rows[at], 0);
      const w = row * c.WORDS;
      const { words } = table;
      const bits = words[w + c.BITS];
      const side = words[w + c.CLIENT];
      if (side < 0 || (bits & c.C_RESET) !== 0) continue;
      const established = isEstablished(words, w, side);
      if (!established && (bits & c.C_ANSWERED) === 0) continue;
      // A connection that was in use when this SYN left raced nothing.
      const end = c.endpointAt(row, side);
      const used = table.times[(end >> 1) + c.FIRST_DATA_TIME];
      if (used !== c.NEVER && used < start) continue;
      const theirs = w + c.ADDRESS + 4 * side;
      const server = w + c.ADDRESS + 4 * (side ^ 1);
      const sameHost = sameAddress(words, theirs, own, mine);
      // The other family is the same host only where the link layer says so.
      const mac = words[w + c.ENDPOINTS + side * c.ENDPOINT_WORDS + c.MAC];
      const untold = mac === 0 && myMac === 0;
      const otherFamily = (words[theirs + 2] === 0xffff) !== isV4 && mac === myMac;
      const port = portAt(words, w, side ^ 1);
      const myPort = connection.port(client ^ 1);
      const samePort = port === myPort;
      const smb = sameHost && !samePort && SMB.includes(port) && SMB.includes(myPort);
      const byDesign = smb || (otherFamily && samePort);
      if (!byDesign) {
        const sameServer = sameAddress(words, server, own, connection.addressAt(client ^ 1));
        if (!(sameHost && !sameServer && samePort)) continue;
        // One number under two addresses is one SYN before and after translation, not two attempts.
        if (words[end + c.ISS] === connection.endpoint(client).word(c.ISS)) continue;
      }
      if (!established) this.accepted.set(words[w + c.START_FRAME], s.frame);
      this.answers.set(s.frame, {
        established,
        byDesign,
        sameHost: !(otherFamily && untold),
        frame: this.frames[at],
        time: this.times[at],
        address: addressAt(words, server),
        port,
      });
      return;
    }
  }

  /** Did the client ask another address before, in vain, by a SYN with the number that this bare RST says was acknowledged? */
  private findOriginal(connection: Connection, s: Segment, client: 0 | 1): void {
    if ((s.control & ACK) !== 0 || this.originals.size >= ANSWERS) return;
    const isn = (s.seq - 1) | 0;
    const own = connection.table.words;
    const mine = connection.addressAt(client);
    for (let n = 1; n <= Math.min(this.count, RING); n++) {
      const at = (this.count - n) & MASK;
      if (s.time - this.times[at] > this.window) return;
      // The ring tells most of them apart, without a look at their rows.
      if (this.isns[at] !== isn || this.rows[at] === connection.row || this.times[at] > connection.start) continue;
      const table = this.rowFinder.tableOf(this.rows[at], this.frames[at], connection.table);
      if (table === null) continue;
      const row = Math.max(this.rows[at], 0);
      const w = row * c.WORDS;
      const { words } = table;
      const side = words[w + c.CLIENT];
      if (side < 0 || (words[w + c.BITS] & c.C_ANSWERED) !== 0) continue;
      if (portAt(words, w, side) !== connection.port(client)) continue;
      if (!sameAddress(words, w + c.ADDRESS + 4 * side, own, mine)) continue;
      const server = w + c.ADDRESS + 4 * (side ^ 1);
      // Scanners ask port after port of a host with one number.
      if (sameAddress(words, server, own, connection.addressAt(client ^ 1))) continue;
      const place = { address: addressAt(words, server), port: portAt(words, w, side ^ 1) };
      this.originals.set(s.frame, { frame: this.frames[at], time: this.times[at], ...place });
      return;
    }
  }

  originalOf(frame: number): OriginalSyn | null {
    return this.originals.get(frame) ?? null;
  }

  of(frame: number): SiblingFacts | null {
    return this.answers.get(frame) ?? null;
  }
}

/** Was the handshake complete? Where the server's direction was not captured, the client's acknowledgment tells. */
function isEstablished(words: Int32Array, w: number, client: number): boolean {
  const bits = (side: number) => words[w + c.ENDPOINTS + side * c.ENDPOINT_WORDS + c.E_BITS];
  const acked = (bits(client) & c.E_ACKED) !== 0 && (bits(client ^ 1) & c.E_SPOKE) === 0;
  return acked || (words[w + c.BITS] & c.C_ESTABLISHED) !== 0;
}
