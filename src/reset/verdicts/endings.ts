import * as c from '../../flow/columns.js';
import type { Connection, Endpoint } from '../../flow/connection.js';
import { frameNear, isLater } from '../../flow/frame.js';
import type { Limits } from '../../limits.js';
import { distance } from '../../tcp/sequence.js';
import { bytes, count, place, plural, span } from '../evidence.js';
import { type Lost, lostLarge, mayLose, type RowEnd } from '../facts/black-hole.js';
import { icmpError } from '../facts/icmp.js';
import type { IcmpFact, Mark } from '../types.js';
import { serverOf } from '../vocabulary/side.js';
import type { Verdict } from '../vocabulary/verdict.js';
import type { Ending, EndingKind } from './diagnosis.js';
import { unreachable } from './icmp-errors.js';

/** Most endings kept; the rest are counted. */
const MAX_ENDINGS = 10_000;
/** Retransmissions or probes without an answer that count as silence. */
const SILENCE = 3;

/** The cause by which a reset tells of a full accept queue. */
const QUEUE_OVERFLOW = 'accept-queue-overflow';

/** Did the server acknowledge no octet of what the client sent behind its SYN? */
function neverTaken(client: Endpoint, server: Endpoint): boolean {
  return (server.bits & c.E_ACKED) !== 0 && distance(server.rcvNxt, client.iss) === 1 && (server.bits & c.E_FIN) === 0;
}

/** What this end sent again and again: how often in all, over how long, and what its program gets to know. */
function unansweredRun(e: Endpoint, other: Endpoint): string {
  // Where every octet before it was acknowledged, the FIN is what was left.
  const taken = other.rcvNxt === e.word(c.FIN_SEQ) || e.time(c.LAST_DATA_TIME) === c.NEVER;
  const closing = (e.bits & c.E_FIN) !== 0 && taken;
  const began = e.time(closing ? c.FIN_TIME : c.LAST_DATA_TIME);
  const sent = `${plural(e.word(c.RUN) + 1, 'time')} over ${span(e.time(c.RUN_LAST_TIME) - began)} and got no answer`;
  return closing
    ? `its FIN ${sent}: whoever still holds the socket will see a timeout, not a reset`
    : `the same data ${sent}: it will see a timeout, not a reset`;
}

/** What went silent at a listener whose accept queue others prove to be full. */
function behindTheQueue(ending: Ending): Ending {
  return {
    ...ending,
    kind: 'accept-queue-full',
    text: `the client completed the handshake, but the server acknowledged nothing of what it then sent, and other connections of those seconds show that this listener's accept queue was full; the program sees a connection that never answers`,
  };
}

/** An ICMP error that quoted the connection. */
function icmpOf(connection: Connection, now: Mark): IcmpFact | null {
  const frame = connection.word(c.ICMP_FRAME);
  return frame === 0
    ? null
    : {
        ...icmpError(connection.word(c.ICMP_TYPE_CODE)),
        frame: frameNear(frame, now.frame),
        time: connection.time(c.ICMP),
      };
}

function rowEnd(end: Endpoint, now: Mark): RowEnd {
  return {
    bits: end.bits,
    word: (column) => end.word(column),
    time: (column) => end.time(column),
    mark: (frameColumn, timeColumn) =>
      end.word(frameColumn) === 0
        ? null
        : { frame: frameNear(end.word(frameColumn), now.frame), time: end.time(timeColumn) },
  };
}

function largeLost({ again, octets, passed, icmp }: Lost, name: string): string {
  const lost =
    again === null
      ? `${bytes(octets)} of the ${name} never came, while smaller segments from behind them did (${bytes(passed)} at most)`
      : `the ${name} sent a segment of ${bytes(octets)} ${plural(again.count + 1, 'time')} in vain, while its smaller packets came through`;
  const said =
    icmp === null ? 'no router said so' : `a router said that its link takes ${count(icmp.mtu)} octets, in vain`;
  return `${lost}: the path loses large packets, and ${said} (a path-MTU black hole); the programs see a connection that hangs`;
}

/** Connections that failed without an RST: timeouts, closes before the answer, ICMP errors. */
export class EndingObserver {
  private readonly endings: Ending[] = [];
  /** Those that rest on the absence of a packet. */
  private readonly absent = new Set<Ending>();
  /** Connections that went silent behind the SYN-ACK: a full accept queue makes them, and a path that goes dark just then. */
  private readonly untaken = new Set<Ending>();
  omitted = 0;

  constructor(
    private readonly limits: Limits,
    private readonly file: string | undefined,
  ) {}

  /**
   * In frame order; a `lossy` capture may lack what would have proved some of them wrong.
   * @param verdicts resets tell of a listener's full queue too: what went silent there behind the SYN-ACK waited in it
   */
  list(lossy: boolean, verdicts: readonly Verdict[]): Ending[] {
    const full = new Map<string, { first: number; last: number }>();
    const add = (server: string, time: number) => {
      const { first, last } = full.get(server) ?? { first: time, last: time };
      full.set(server, { first: Math.min(first, time), last: Math.max(last, time) });
    };
    for (const { kind, server, mark } of this.endings) if (kind === 'accept-queue-full') add(server, mark.time);
    for (const verdict of verdicts) {
      // Nothing else of a verdict is looked at: it may be packed.
      if (verdict.cause.id !== QUEUE_OVERFLOW) continue;
      const { sender, receiver, rst } = verdict.reset;
      add(place(serverOf({ sender, receiver })), rst.time);
    }
    const waited = (ending: Ending) => {
      const seen = full.get(ending.server);
      const { time } = ending.mark;
      return (
        seen !== undefined &&
        this.untaken.has(ending) &&
        time >= seen.first - this.limits.settle &&
        time <= seen.last + this.limits.settle
      );
    };
    return this.endings
      .filter((ending) => !lossy || !this.absent.has(ending))
      .map((ending) => (waited(ending) ? behindTheQueue(ending) : ending))
      .sort((a, b) => a.mark.frame - b.mark.frame);
  }

  /** `now`: where the capture is; what is too young to be called silent is let go. */
  gone(connection: Connection, now: Mark): void {
    if (connection.word(c.RESET_FIRST) !== -1 || (connection.bits & c.C_TRANSLATED) !== 0) return;
    const clientSide = connection.client;
    if (clientSide < 0 && connection.word(c.ICMP_FRAME) === 0) return;
    const client = connection.endpoint(Math.max(clientSide, 0));
    const server = connection.endpoint(Math.max(clientSide, 0) ^ 1);
    const established = (connection.bits & c.C_ESTABLISHED) !== 0;
    const answered = (server.bits & c.E_SPOKE) !== 0;
    const syns = client.word(c.SYNS);
    const synTime = client.time(c.SYN_TIME);
    const icmp = connection.word(c.ICMP_FRAME);
    if (icmp !== 0 && !established) {
      const text = unreachable(connection.word(c.ICMP_TYPE_CODE));
      const mark = { frame: frameNear(icmp, now.frame), time: connection.time(c.ICMP) };
      if (text !== null) this.add(connection, 'icmp-unreachable', mark, text);
      return;
    }
    if (!answered && (client.bits & c.E_SYN) !== 0) {
      // Whoever acknowledges has been answered: the capture lacks it.
      if ((client.bits & c.E_ACKED) !== 0) return;
      // One SYN at the very end of the capture may still be answered.
      if (syns < 2 && now.time - synTime < this.limits.messageGap) return;
      this.add(
        connection,
        'no-answer-to-syn',
        { frame: frameNear(client.word(c.SYN_FRAME), now.frame), time: synTime },
        `no answer to the SYN${syns > 1 ? `, sent ${plural(syns, 'time')} over ${span(client.time(c.LAST_SYN_TIME) - synTime)}` : ` within ${span(now.time - synTime)}`}: a timeout ("connection timed out"), not a reset`,
        syns < 2,
      );
      return;
    }
    if (!established && server.word(c.SYNS) >= SILENCE && client.word(c.DATA_SEGMENTS) === 0) {
      this.add(
        connection,
        'handshake-incomplete',
        { frame: frameNear(server.word(c.SYN_FRAME), now.frame), time: server.time(c.SYN_TIME) },
        `the SYN-ACK was sent ${plural(server.word(c.SYNS), 'time')} and never acknowledged`,
      );
      return;
    }
    const again = server.word(c.SYNS) - 1;
    // The client's handshake is complete, the server's never was: Linux drops the last acknowledgment while nobody accepts.
    if (established && again > 0 && server.word(c.DATA_SEGMENTS) === 0 && neverTaken(client, server)) {
      const waits =
        client.word(c.RUN) > 0
          ? `, and took nothing of ${bytes(client.bytes)}, sent ${plural(client.word(c.RUN) + 1, 'time')}`
          : '';
      if (again >= SILENCE || client.word(c.RUN) > 0) {
        this.add(
          connection,
          'accept-queue-full',
          { frame: frameNear(connection.word(c.ESTABLISHED_FRAME), now.frame), time: connection.time(c.ESTABLISHED) },
          `the client completed the handshake, but the server sent its SYN-ACK ${plural(again, 'more time')}${waits}: its accept queue was full, or the client's packets no longer reached it; the program sees a connection that never answers`,
        );
        return;
      }
    }
    if (this.losesLarge(connection, client, server, now)) return;
    for (const [e, other, name] of [
      [client, server, 'client'],
      [server, client, 'server'],
    ] as const) {
      if (e.word(c.RUN) >= SILENCE) {
        this.add(
          connection,
          'went-silent',
          { frame: frameNear(e.word(c.RUN_FIRST_FRAME), now.frame), time: e.time(c.RUN_FIRST_TIME) },
          `the ${name} sent ${unansweredRun(e, other)}`,
          false,
          established && e === client && neverTaken(client, server),
        );
        return;
      }
      const probes = e.word(c.PROBES);
      if (probes >= SILENCE) {
        this.add(
          connection,
          'went-silent',
          { frame: frameNear(e.word(c.PROBE_FIRST_FRAME), now.frame), time: e.time(c.PROBE_FIRST_TIME) },
          `${plural(probes, 'keep-alive probe')} of the ${name} got no answer`,
          true,
        );
        return;
      }
    }
    const serverFirst =
      (server.bits & c.E_FIN) !== 0 &&
      ((client.bits & c.E_FIN) === 0 || isLater(client.word(c.FIN_FRAME), server.word(c.FIN_FRAME)));
    const asked = client.word(c.LAST_DATA_FRAME);
    const lastSaid = server.word(c.LAST_DATA_FRAME);
    // What the other end acknowledged of it may have been the answer.
    const unseen = (server.bits & (c.E_UNSEEN | c.E_HOLE)) !== 0;
    if (
      !unseen &&
      serverFirst &&
      asked !== 0 &&
      (lastSaid === 0 || isLater(asked, lastSaid)) &&
      isLater(server.word(c.FIN_FRAME), asked)
    ) {
      this.add(
        connection,
        'fin-before-response',
        { frame: frameNear(server.word(c.FIN_FRAME), now.frame), time: server.time(c.FIN_TIME) },
        `the server closed with FIN before it answered ${bytes(client.word(c.MESSAGE_LENGTH))}: programs log that as EOF, "socket hang up", "upstream prematurely closed connection" or 502, never as "connection reset by peer"`,
        true,
      );
    }
  }

  /** Did the path lose the large packets of one end and pass the small ones? What tells no more than silence is told as that. */
  private losesLarge(connection: Connection, client: Endpoint, server: Endpoint, now: Mark): boolean {
    const icmp = icmpOf(connection, now);
    for (const [v, r, name] of [
      [client, server, 'client'],
      [server, client, 'server'],
    ] as const) {
      if (!mayLose(v.word(c.RUN), r.word(c.SACKS), this.limits)) continue;
      const lost = lostLarge(rowEnd(v, now), rowEnd(r, now), icmp, now.time, this.limits);
      const mark = lost?.again?.first ?? lost?.beyond ?? null;
      if (lost === null || mark === null || !(lost.later || lost.icmp || (lost.again && lost.beyond))) continue;
      this.add(connection, 'path-mtu-black-hole', mark, largeLost(lost, name));
      return true;
    }
    return false;
  }

  private add(
    connection: Connection,
    kind: EndingKind,
    mark: Mark,
    text: string,
    absence = false,
    untaken = false,
  ): void {
    if (this.endings.length >= MAX_ENDINGS) {
      this.omitted++;
      return;
    }
    const clientSide = Math.max(connection.client, 0);
    const ending: Ending = {
      kind,
      client: place(connection.place(clientSide)),
      server: place(connection.place(clientSide ^ 1)),
      incarnation: connection.incarnation,
      mark,
      text,
      ...(this.file === undefined ? {} : { file: this.file }),
    };
    this.endings.push(ending);
    if (absence) this.absent.add(ending);
    if (untaken) this.untaken.add(ending);
  }
}
