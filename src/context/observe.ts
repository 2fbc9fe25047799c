import * as columns from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';
import type { Segment } from '../packet/segment.js';
import { ACK, RST, SYN } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';
import { Facts, QUEUES } from './facts.js';
import type { Listener } from './listener.js';
import { clientSide } from './parties.js';
import type { Elsewhere } from './row-finder.js';
import { Timeline } from './timeline.js';

// A copy of our own, which V8 folds (columns.ts).
const c = { ...columns };

/** Segments to one target by which a scanner without a handshake asks, repeats included. */
const PROBE_SEGMENTS = 2;

/** Gathers facts across connections from the connection events. */
export class ContextObserver extends Facts {
  /** A connection that began before these facts: it counts as live, and is no new one. */
  adopt(connection: Connection): void {
    // Numbers of another age's parties.
    connection.setWord(c.LISTENER, 0);
    connection.setWord(c.LISTENER_CLIENT, 0);
    if (!isLive(connection)) return;
    const listener = this.parties.listener(connection);
    if (listener === undefined) return;
    this.live(connection, listener);
    if ((connection.bits & (c.C_ESTABLISHED | c.C_SERVED)) === c.C_ESTABLISHED) listener.queue.established();
  }

  /** Connections are seen that lie elsewhere than in the tracker's table. */
  lookInto(elsewhere: Elsewhere): void {
    this.rowFinder.elsewhere = elsewhere;
  }

  opened(connection: Connection, s: Segment): void {
    if ((s.control & RST) !== 0 && connection.client < 0) return;
    const listener = this.parties.listener(connection);
    if (listener === undefined) return;
    listener.connections++;
    if (connection.client === connection.one.side) {
      this.siblings.opened(connection, s);
      this.legs.opened(connection, s);
    }
    if ((s.control & SYN) !== 0) this.hosts.acted(this.parties.host(connection, connection.one.side), s.time);
    if ((s.control & (SYN | ACK)) === SYN) listener.attempts++;
    else if ((s.control & SYN) === 0) this.live(connection, listener);
  }

  answered(connection: Connection, s: Segment): void {
    const listener = this.parties.listener(connection);
    if (listener === undefined) return;
    this.hosts.acted(this.parties.host(connection, connection.one.side), s.time);
    listener.accepted++;
    (listener.acceptedTimes ??= new Timeline()).add(s.time);
    this.endings.accepted(listener.party, s.time);
    this.endings.accepted(this.parties.client(connection, listener), s.time);
    this.live(connection, listener);
  }

  established(connection: Connection): void {
    this.parties.listener(connection)?.queue.established();
  }

  retried(connection: Connection, s: Segment): void {
    const listener = this.parties.listener(connection);
    if (listener !== undefined) (listener.retries ??= new Timeline()).add(s.time);
  }

  served(connection: Connection): void {
    const listener = this.parties.listener(connection);
    if (listener !== undefined) {
      listener.served++;
      if ((connection.bits & c.C_ESTABLISHED) !== 0)
        listener.queue.served(connection.time(c.ESTABLISHED), this.limits.exchangeIdle);
    }
    const client = clientSide(connection);
    this.hosts.served(this.parties.host(connection, client ^ 1));
    this.sources.served(connection, client, this.parties.known(connection, client));
  }

  finished(connection: Connection, s: Segment): void {
    this.hosts.acted(this.parties.host(connection, connection.one.side), s.time);
    this.relays.add(connection, s, clientSide(connection), false);
    this.ending(connection, s, false);
  }

  reset(connection: Connection, s: Segment): void {
    const { one, other } = connection;
    const spoke = one.segments + other.segments > 0;
    // Number 0 with an acknowledgment answers a SYN, captured or not.
    const refusal = !spoke && s.seq === 0 && (s.control & ACK) !== 0;
    const client = refusal ? other.side : clientSide(connection);
    const unanswered = refusal || (connection.client === other.side && one.segments === 0);
    if (one.segments > 0) {
      const off = distance(s.seq, one.sndNxt);
      if (off !== 0 && (this.offsets.has(off) || this.offsets.size < 16_384))
        this.offsets.set(off, (this.offsets.get(off) ?? 0) + 1);
    }
    if (spoke) {
      if (!unanswered && (connection.bits & c.C_ENDED) === 0) this.relays.add(connection, s, client, true);
      const carried = carriedUnseen(connection, s);
      if (connection.lastPayload !== c.NEVER || carried > 0)
        this.clusters.add(
          connection.table.words,
          connection.addressAt(client ^ 1),
          connection.port(client ^ 1),
          client === one.side,
          s.time - Math.max(connection.lastPayload, connection.start),
        );
    }
    if (connection.client < 0) this.untranslatedResets.reset(connection, s);
    else if (connection.client === one.side && (s.control & ACK) === 0) {
      const known = this.legs.strayReset(connection, s);
      if (known !== null) this.untranslatedResets.note(s, known);
    }
    if (
      connection.client === other.side &&
      (connection.bits & c.C_ESTABLISHED) !== 0 &&
      (connection.bits & c.C_SERVED) === 0 &&
      (one.bits & c.E_FIN) === 0
    ) {
      const listener = this.parties.listener(connection);
      if (listener !== undefined && this.queues.size < QUEUES)
        this.queues.set(s.frame, listener.queue.watch(connection.time(c.ESTABLISHED)));
    }
    if (unanswered) {
      const listener = this.parties.listener(connection, client);
      if (listener !== undefined && (connection.bits & c.C_REFUSED) === 0) {
        listener.refuse(s.time);
      }
      connection.bits |= c.C_REFUSED;
    } else if ((connection.bits & c.C_ENDED) === 0 && one.word(c.DATA_SEGMENTS) + one.segments > 0) {
      this.ending(connection, s, true);
      if ((connection.bits & (c.C_ESTABLISHED | c.C_SERVED)) === c.C_ESTABLISHED)
        this.parties.listener(connection)?.queue.gone();
    }
    const empty = one.word(c.DATA_SEGMENTS) === 0 && other.word(c.DATA_SEGMENTS) === 0;
    const probed = isProbe(connection);
    if (empty && (refusal || probed || connection.client >= 0)) {
      const told = this.sources.tried(connection, probed ? other.side : client, s.time, unanswered || probed);
      if (told && !unanswered && client === one.side && connection.client >= 0) this.siblings.reset(connection, s);
    }
    const bare = (s.control & ACK) === 0;
    const established = (connection.bits & c.C_ESTABLISHED) !== 0 && one.segments > 1;
    if (
      bare &&
      (one.bits & c.E_FIN) === 0 &&
      (connection.bits & c.C_RESET) === 0 &&
      // Of a handshake of which one direction was captured, data tells that it was complete.
      (established || (other.segments === 0 && one.word(c.DATA_SEGMENTS) > 0) || carriedUnseen(connection, s) > 0)
    )
      this.hosts.forgot(this.parties.host(connection, one.side), s.frame, one.lastTime, s.time);
  }

  /** What its packets tell of hosts is taken when it is over, not when its row is freed: that order depends on other rows. */
  closed(connection: Connection): void {
    this.hosts.heardAll(connection, (side) => this.parties.host(connection, side));
    this.votes.vote(connection);
  }

  gone(connection: Connection): void {
    this.legs.gone(connection);
    if ((connection.bits & c.C_CLOSED) === 0) this.closed(connection);
    if (isUnanswered(connection)) this.sources.unanswered(connection, connection.client);
    if ((connection.bits & (c.C_ENDED | c.C_REFUSED)) !== 0) return;
    const listener = this.parties.listener(connection);
    if (listener === undefined) return;
    if ((connection.bits & (c.C_ESTABLISHED | c.C_SERVED)) === c.C_ESTABLISHED) listener.queue.gone();
    if (isLive(connection)) {
      this.endings.gone(listener.party);
      this.endings.gone(this.parties.client(connection, listener));
    }
  }

  private ending(connection: Connection, s: Segment, byReset: boolean): void {
    const listener = this.parties.listener(connection);
    if (listener === undefined) return;
    const clientEnded = clientSide(connection) === connection.one.side;
    if ((connection.bits & c.C_SERVED) === 0 && servedUnseen(connection, s, clientEnded)) {
      connection.bits |= c.C_SERVED;
      this.served(connection);
    }
    // A server's limit runs from its own last answer, a client's pool looks at what passed either way.
    const used = clientEnded ? connection.lastPayload : connection.one.time(c.LAST_DATA_TIME);
    const idle = s.time - Math.max(used, connection.start);
    const client = this.parties.client(connection, listener);
    const began = connection.one.time(c.MESSAGE_TIME);
    this.endings.ended(clientEnded ? client : listener.party, s.time, s.frame, byReset, idle, began);
    this.endings.gone(clientEnded ? listener.party : client);
  }

  /** A connection of both parties is live from now on. */
  private live(connection: Connection, listener: Listener): void {
    this.endings.opened(listener.party);
    this.endings.opened(this.parties.client(connection, listener));
  }
}

/** Did the connection begin, as far as it was captured, and not end? */
function isLive({ bits, client }: Connection): boolean {
  return (bits & (c.C_ENDED | c.C_REFUSED)) === 0 && (client < 0 || (bits & c.C_ANSWERED) !== 0);
}

/** Was a lone segment outside any connection, no SYN, answered with an RST: an ACK, FIN, NULL or Xmas scan (nmap -sA, -sF, -sN, -sX)? */
function isProbe({ client, one, other }: Connection): boolean {
  return client < 0 && one.segments === 0 && other.segments > 0 && other.segments <= PROBE_SEGMENTS;
}

/** Did nothing, not even an RST, come back for the SYNs that began this connection, and did nothing else follow them? */
function isUnanswered(connection: Connection): boolean {
  if (connection.client < 0 || (connection.bits & (c.C_ANSWERED | c.C_RESET | c.C_REFUSED)) !== 0) return false;
  const client = connection.endpoint(connection.client);
  if ((connection.endpoint(connection.client ^ 1).bits & c.E_SPOKE) !== 0) return false;
  return (client.bits & c.E_ACKED) === 0 && client.word(c.DATA_SEGMENTS) === 0;
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
