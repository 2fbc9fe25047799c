import * as c from '../../flow/columns.js';
import type { Connection } from '../../flow/connection.js';
import type { TailRing } from '../../flow/tail.js';
import type { Limits } from '../../limits.js';
import type { Segment } from '../../packet/segment.js';
import { ACK, RST, SYN } from '../../tcp/control.js';
import { after, distance } from '../../tcp/sequence.js';
import { type Held, HeldResets } from './hold.js';
import { NEXT_SYN, R, RT } from './layout.js';
import type { IsKnown } from './lone-kinds.js';
import { Repeats } from './repeats.js';
import { Volleys } from './volleys.js';

/**
 * The border between hot and cold: on an RST the connection is copied (hold.ts), and what comes
 * later on its four-tuple is noted there until the reset settles or its row is given up.
 */
export class ResetObserver {
  readonly held: HeldResets;
  readonly repeats: Repeats;
  private readonly volleys = new Volleys();
  /** Old incarnation's first held reset by row, while the next incarnation's fate matters to it. */
  private readonly replaced = new Map<number, number>();

  constructor(
    private readonly limits: Limits,
    private readonly checksum: (s: Segment) => boolean | null,
    isKnown: IsKnown,
    /** So many of the first resets are held to the end of the run and beyond. */
    lasting = 0,
  ) {
    this.held = new HeldResets(lasting);
    this.repeats = new Repeats(limits.abandonedConnect, isKnown);
  }

  /** Forgets the kinds of resets that were before; no verdict will be asked for that of a held reset below `oldest`. */
  renew(oldest: number): void {
    this.repeats.renew(oldest);
    this.volleys.renew();
  }

  /** Returns the mark by which {@link translated} knows this RST: above 0 that of a held one, below -1 a repeat's. */
  reset(connection: Connection, s: Segment, tail: TailRing): number {
    const first = connection.word(c.RESET_FIRST);
    if (first < -1) {
      this.repeats.aftershock(first, s);
      return first;
    }
    if (first === -1) {
      const repeat = this.repeats.offer(connection, s, this.held.next);
      if (repeat < -1) {
        connection.setWord(c.RESET_FIRST, repeat);
        return repeat;
      }
    }
    if (first >= 0) {
      const original = this.volleys.originalOf(connection, s, first, this.held.next);
      if (original >= 0) {
        this.repeats.again(connection, s, original);
        return -1;
      }
      if (this.volleys.isOriginal(first, this.held.next)) this.repeats.addOriginal(this.held.next);
    }
    const index = this.held.add(connection, s, tail, this.checksum(s));
    if (first === -1) {
      connection.setWord(c.RESET_FIRST, index);
      // A refusal right after a replaced incarnation answers that incarnation's next SYN.
      this.answerNextSyn(connection, NEXT_SYN.REFUSED);
    } else {
      const last = this.held.at(connection.word(c.RESET_LAST));
      last.words[last.w + R.NEXT] = index;
      const held = this.held.at(index);
      held.words[held.w + R.HEAD] = first;
    }
    connection.setWord(c.RESET_LAST, index);
    return index + 1;
  }

  /** Most resets of one incarnation whose aftermath is followed; a volley's later ones share the fate of the first. */
  private static readonly FOLLOWED = 8;

  afterReset(connection: Connection, s: Segment, newData: boolean, newAck: boolean): void {
    let index = connection.word(c.RESET_FIRST);
    const side = connection.one.side;
    const established = connection.time(c.ESTABLISHED);
    const roundTrip = established === c.NEVER ? 0 : 1.5 * (established - connection.start);
    const unseenTrip = Math.max(this.limits.lifeAfterReset, 1.5 * firstTurn(connection));
    const elsewhere = this.isElsewhere(connection, s);
    for (let n = 0; index >= 0 && n < ResetObserver.FOLLOWED; n++) {
      if (!this.held.has(index)) return;
      const held = this.held.at(index);
      const { words, w, times, t } = held;
      const elapsed = s.time - times[t + RT.TIME];
      times[t + RT.LAST] = s.time;
      words[w + R.SEGMENTS_AFTER]++;
      if (elsewhere && after(s.seq, connection.one.sndNxt)) words[w + R.JUMPED] = 1;
      // Later than what can have been in flight when the RST was sent.
      const late = elapsed > Math.max(this.limits.lifeAfterReset, roundTrip);
      const end = (s.seq + s.length) | 0;
      const own = side === words[w + R.SIDE];
      if (late && (s.control & (SYN | ACK)) === SYN && s.seq === connection.one.word(c.ISS)) {
        if (words[w + R.NEXT_SYN_FRAME] === 0) {
          words[w + R.NEXT_SYN_FRAME] = s.frame;
          words[w + R.NEXT_SYN_ANSWER] = own ? NEXT_SYN.AGAIN_BY_SENDER : NEXT_SYN.AGAIN_BY_RECEIVER;
          times[t + RT.NEXT_SYN] = s.time;
        }
      } else if (elsewhere || words[w + R.JUMPED] !== 0) {
        // Nobody goes on with this one.
      } else if (own) {
        if ((s.control & (SYN | ACK)) === (SYN | ACK)) {
          if (words[w + R.SYN_ACK_FRAME] === 0) {
            words[w + R.SYN_ACK_FRAME] = s.frame;
            times[t + RT.SYN_ACK] = s.time;
            words[w + R.SYN_ACK_KNOWN] = words[w + R.SEQ] === ((s.seq + 1) | 0) ? 1 : 0;
            if (words[w + R.NEXT_SYN_ANSWER] === NEXT_SYN.AGAIN_BY_RECEIVER)
              words[w + R.NEXT_SYN_ANSWER] = NEXT_SYN.AGAIN_ACCEPTED;
          }
        } else if (
          words[w + R.SENDER_ON_FRAME] === 0 &&
          ((newData && after(end, words[w + R.SEQ])) || (late && (newAck || s.length > 0)))
        ) {
          words[w + R.SENDER_ON_FRAME] = s.frame;
          words[w + R.SENDER_ON_LENGTH] = s.length;
          words[w + R.SENDER_ON_IPID] = s.ipId;
          times[t + RT.SENDER_ON] = s.time;
        }
        // Where only one direction was captured, what the sender acknowledges tells that its receiver went on.
        if (newAck && words[w + R.RECEIVER_ON_FRAME] === 0 && connection.other.segments === 0 && elapsed > unseenTrip) {
          words[w + R.RECEIVER_ON_FRAME] = s.frame;
          times[t + RT.RECEIVER_ON] = s.time;
        }
      } else {
        // Data that fills a gap which came to be behind the RST is as new.
        const e = w + c.ENDPOINTS + side * c.ENDPOINT_WORDS;
        const spoke = (words[e + c.E_BITS] & c.E_SPOKE) !== 0;
        const ahead = s.length > 0 && spoke && !after(words[e + c.SND_NXT], s.seq);
        if (!late && (newData || ahead) && words[w + R.CROSSED_FRAME] === 0) words[w + R.CROSSED_FRAME] = s.frame;
        if (
          words[w + R.SEGMENTS_AFTER] === 1 &&
          s.length === 0 &&
          !newAck &&
          (s.control & (SYN | ACK)) === ACK &&
          s.seq === connection.one.sndNxt
        ) {
          words[w + R.CHALLENGE_FRAME] = s.frame;
          times[t + RT.CHALLENGE] = s.time;
        } else if (words[w + R.RECEIVER_ON_FRAME] === 0 && late && (newData || newAck || s.length > 0)) {
          words[w + R.RECEIVER_ON_FRAME] = s.frame;
          words[w + R.RECEIVER_ON_LENGTH] = notTaken(held, s);
          times[t + RT.RECEIVER_ON] = s.time;
        }
      }
      index = words[w + R.NEXT];
    }
  }

  /** Are its sender's numbers far from all that this connection had? */
  private isElsewhere({ one, other }: Connection, { seq }: Segment): boolean {
    const near = this.limits.orphanDistance;
    if ((one.bits & c.E_SPOKE) === 0 || Math.abs(distance(seq, one.sndNxt)) <= near) return false;
    return (other.bits & c.E_ACKED) === 0 || Math.abs(distance(seq, other.rcvNxt)) > near;
  }

  /** Is the RST `s` a copy of one that is known by this four-tuple? */
  resetCopied(connection: Connection, s: Segment): boolean {
    const first = connection.word(c.RESET_FIRST);
    if (first < -1) {
      this.repeats.copied(first, s);
      return true;
    }
    // A copy follows at once: it is of the last as a rule.
    const last = first < 0 ? -1 : connection.word(c.RESET_LAST);
    if (last >= 0 && this.isCopy(last, connection, s)) return this.addCopy(last, s.frame);
    let like = -1;
    for (let index = first; this.held.has(index); ) {
      if (this.isCopy(index, connection, s)) return this.addCopy(index, s.frame);
      const { words, w } = this.held.at(index);
      if (words[w + R.SEQ] === s.seq && words[w + R.SIDE] === connection.one.side) like = index;
      index = words[w + R.NEXT];
    }
    return like >= 0 && this.addCopy(like, s.frame);
  }

  private isCopy(index: number, connection: Connection, s: Segment): boolean {
    if (!this.held.has(index)) return false;
    const { words, w } = this.held.at(index);
    return words[w + R.SEQ] === s.seq && words[w + R.IPID] === s.ipId && words[w + R.SIDE] === connection.one.side;
  }

  /** The RST `s` is a copy of the one known by `mark`. */
  copied(s: Segment, mark: number): void {
    const index = mark - 1;
    if (mark < 0) this.repeats.copied(mark, s);
    else if (this.held.has(index)) this.addCopy(index, s.frame);
  }

  private addCopy(index: number, frame: number): true {
    const frames = this.held.copies.get(index);
    if (frames === undefined) this.held.copies.set(index, [frame]);
    else frames.push(frame);
    return true;
  }

  /** The RST `s` is the one known by `mark`, with other addresses. */
  translated(connection: Connection, s: Segment, mark: number): void {
    this.copied(s, mark);
    const index = mark - 1;
    if (!this.held.has(index)) return;
    const known = this.held.translated.get(index) ?? [];
    known.push({
      frame: s.frame,
      sender: connection.place(connection.one.side),
      receiver: connection.place(connection.other.side),
    });
    this.held.translated.set(index, known);
  }

  /** The next incarnation on a row whose last one was reset: its SYN is part of that reset's aftermath. */
  opened(connection: Connection, s: Segment): void {
    const first = this.replaced.get(connection.row);
    if (first === undefined) return;
    if ((s.control & (SYN | RST)) === 0) this.forgetReplaced(connection.row);
    else
      this.noteNextSyn(first, (held) => {
        const answer = held.words[held.w + R.NEXT_SYN_ANSWER];
        // Without it, what that answered would be taken for an answer to the first.
        if (answer === NEXT_SYN.AGAIN_ACCEPTED) return;
        const again = answer >= NEXT_SYN.AGAIN_BY_SENDER;
        if (held.words[held.w + R.NEXT_SYN_FRAME] !== 0 && !again) return;
        if (again) held.words[held.w + R.NEXT_SYN_ANSWER] = NEXT_SYN.UNANSWERED;
        held.words[held.w + R.NEXT_SYN_FRAME] = s.frame;
        held.times[held.t + RT.NEXT_SYN] = s.time;
        if ((s.control & ACK) !== 0)
          held.words[held.w + R.NEXT_SYN_ANSWER] = (s.control & RST) !== 0 ? NEXT_SYN.REFUSED : NEXT_SYN.ACCEPTED;
      });
  }

  answered(connection: Connection): void {
    this.repeats.answered(connection);
    this.answerNextSyn(connection, NEXT_SYN.ACCEPTED);
  }

  gone(connection: Connection, why: 'closed' | 'evicted' | 'replaced' | 'end'): void {
    const first = connection.word(c.RESET_FIRST);
    this.forgetReplaced(connection.row);
    if (why === 'replaced' && first >= 0) this.replaced.set(connection.row, first);
    if (first >= 0) this.volleys.gone(first);
    if (first < 0) return;
    // Of a long chain the first ones may be given up already.
    for (let index = first; index >= 0; ) {
      if (!this.held.has(index)) index = connection.word(c.RESET_LAST);
      if (!this.held.has(index)) return;
      const held = this.held.at(index);
      held.words[held.w + R.GONE] = 1;
      index = held.words[held.w + R.NEXT];
    }
    if (why !== 'replaced') this.compact(first);
  }

  /** Nothing comes any more to the resets of the incarnation that was on this row before. */
  private forgetReplaced(row: number): void {
    const first = this.replaced.get(row);
    if (first === undefined) return;
    this.replaced.delete(row);
    this.compact(first);
  }

  /** Those that are judged as they settle are soon given up as they are. */
  private compact(first: number): void {
    if (this.held.lasting === 0) return;
    for (let index = first; this.held.has(index); ) {
      const { words, w } = this.held.at(index);
      const next = words[w + R.NEXT];
      this.held.compact(index);
      index = next;
    }
  }

  private answerNextSyn(connection: Connection, answer: number): void {
    const first = this.replaced.get(connection.row);
    if (first === undefined) return;
    this.noteNextSyn(first, (held) => {
      if (held.words[held.w + R.NEXT_SYN_ANSWER] === NEXT_SYN.UNANSWERED)
        held.words[held.w + R.NEXT_SYN_ANSWER] = answer;
    });
    this.forgetReplaced(connection.row);
  }

  private noteNextSyn(first: number, note: (held: ReturnType<HeldResets['at']>) => void): void {
    for (let index = first, n = 0; this.held.has(index) && n < ResetObserver.FOLLOWED; n++) {
      const held = this.held.at(index);
      note(held);
      index = held.words[held.w + R.NEXT];
    }
  }
}

/** Octets of the segment that the RST's sender had not acknowledged when it reset. */
function notTaken({ words, w }: Held, s: Segment): number {
  const sender = w + c.ENDPOINTS + words[w + R.SIDE] * c.ENDPOINT_WORDS;
  if ((words[sender + c.E_BITS] & c.E_ACKED) === 0) return s.length;
  return Math.max(0, Math.min(s.length, distance((s.seq + s.length) | 0, words[sender + c.RCV_NXT])));
}

/** No end sends data before the other has answered its SYN or SYN-ACK: no round trip takes longer than that. */
function firstTurn({ one, start }: Connection): number {
  const known = (one.bits & c.E_SYN) !== 0 && one.word(c.FIRST_DATA_FRAME) !== 0;
  return known ? one.time(c.FIRST_DATA_TIME) - start : Number.POSITIVE_INFINITY;
}
