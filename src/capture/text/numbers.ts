import { ACK, FIN, RST, SYN, sequenceLength } from '../../tcp/control.js';
import { after, distance } from '../../tcp/sequence.js';
import { addressKey, type TextPacket, type TextSegment } from './packet.js';

/** Conversations whose numbers are followed at a time; the oldest is given up. */
const MOST_CONVERSATIONS = 65_536;

/** Numbers below are a count of octets rather than a random 32-bit number: one in a thousand of those is. */
const SMALL = 2 ** 22;

/** A number further than this from where its sender stands does not count from where the others do. */
const REACH = 2 ** 24;

/** Shortest pause before a keep-alive probe, ns: the intervals that stacks let one set are whole seconds (tcp(7)). */
const KEEP_ALIVE_PAUSE = 1e9;

type Side = 0 | 1;

/** The last thing a side said, for telling its next acknowledgment from a keep-alive probe. */
interface Said {
  readonly ack: number | null;
  readonly window: number;
  readonly time: number;
}

interface Conversation {
  /**
   * How the numbers of segments with ACK are to be read. `relative`: to `base`. `absolute`: as they stand (tcpdump's
   * -S). `rootless`: relative to numbers that are not in the text; as they stand, but bare RSTs compare with none.
   */
  style: 'relative' | 'absolute' | 'rootless' | null;
  /** What tcpdump subtracts from the numbers of either side; null: the text does not tell. */
  readonly base: [number | null, number | null];
  /** Numbers of SYNs, which are printed as they are. */
  readonly iss: [number | null, number | null];
  /** Where either side stands, absolute. */
  readonly next: [number | null, number | null];
  /** What either side acknowledged last of the other, by the side that is acknowledged. */
  readonly acked: [number | null, number | null];
  readonly closed: [boolean, boolean];
  /** What a bare RST of that side has beyond the numbers of its other segments, where it can be told. */
  readonly root: [number | null, number | null];
  /** Segments before the style is known, in order. */
  waiting: { readonly tcp: TextSegment; readonly side: Side; readonly time: number | null }[];
  /** Segments without a printed number, of a side that has not said where it stands. */
  readonly unplaced: [TextSegment[], TextSegment[]];
  /** null: the other side has spoken since, or nothing is known of the side. */
  readonly said: [Said | null, Said | null];
  readonly spoke: [boolean, boolean];
}

/**
 * Undoes tcpdump's relative sequence numbers (print-tcp.c). It prints SYNs and whatever has no ACK bit as they are; the
 * first segment with ACK of a conversation as it is too, and remembers its numbers (seq, and ack - 1); from then on
 * those are subtracted, until the next SYN-ACK. With `-S` nothing is subtracted. A text tells neither, may begin in
 * the middle, and lack what tcpdump saw: the numbers themselves show which it is.
 */
export class Numbers {
  private readonly conversations = new Map<string, Conversation>();
  /** A conversation with its handshake showed `-S`. */
  private absolute = false;
  /** Was an RST put where its sender stood, because its number counts from elsewhere? */
  presumes = false;

  /** Makes the numbers of `packet` absolute, now or once they can be told; `settled` says when. */
  add({ source, destination }: TextPacket, tcp: TextSegment, time: number | null): void {
    const one = `${addressKey(source)} ${tcp.sourcePort}`;
    const other = `${addressKey(destination)} ${tcp.destinationPort}`;
    const side: Side = one < other ? 0 : 1;
    const conversation = this.conversation(side === 0 ? `${one} ${other}` : `${other} ${one}`);
    if (conversation.style === null && (isRelative(tcp) || conversation.waiting.length > 0)) {
      conversation.waiting.push({ tcp, side, time });
      this.tell(conversation);
    } else this.place(conversation, tcp, side, time);
  }

  /** Nothing more can tell: what still waits is taken as it stands. */
  settle(): void {
    for (const conversation of this.conversations.values()) this.giveUp(conversation);
  }

  private conversation(key: string): Conversation {
    let conversation = this.conversations.get(key);
    if (conversation !== undefined) return conversation;
    if (this.conversations.size >= MOST_CONVERSATIONS) {
      const [oldest] = this.conversations;
      if (oldest !== undefined) {
        this.giveUp(oldest[1]);
        this.conversations.delete(oldest[0]);
      }
    }
    conversation = {
      style: null,
      base: [null, null],
      iss: [null, null],
      next: [null, null],
      acked: [null, null],
      closed: [false, false],
      root: [null, null],
      waiting: [],
      unplaced: [[], []],
      said: [null, null],
      spoke: [false, false],
    };
    this.conversations.set(key, conversation);
    return conversation;
  }

  private giveUp(conversation: Conversation): void {
    if (conversation.waiting.length > 0) {
      conversation.style ??= 'absolute';
      this.placeWaiting(conversation);
    }
    for (const side of [0, 1] as const) this.standsAt(conversation, side, conversation.next[side] ?? 0);
  }

  /** Decides the style as soon as the segments that wait show it. */
  private tell(conversation: Conversation): void {
    const { base, waiting } = conversation;
    const [first, ...rest] = waiting.filter(({ tcp }) => isRelative(tcp));
    if (first === undefined) return;
    const { tcp, side } = first;
    const other = (side ^ 1) as Side;
    if (base[side] !== null && base[other] !== null) {
      conversation.style = nearer(tcp, base[side], base[other]);
      if (conversation.style === 'absolute') this.absolute = true;
    } else if (this.absolute) conversation.style = 'absolute';
    else if (isNear(tcp.ack, conversation.iss[other])) conversation.style = 'relative';
    else if (isCount(tcp)) {
      // tcpdump knew the conversation; what it subtracts may be in the text all the same.
      base[0] ??= conversation.iss[0];
      base[1] ??= conversation.iss[1];
      conversation.style = base[0] === null && base[1] === null ? 'rootless' : 'relative';
    } else {
      for (const next of rest) {
        const known = next.side === side ? ([tcp.seq, tcp.ack] as const) : ([tcp.ack, tcp.seq] as const);
        const style = nearer(next.tcp, ...known);
        if (style === null) continue;
        conversation.style = style;
        break;
      }
    }
    if (conversation.style !== null) this.placeWaiting(conversation);
  }

  private placeWaiting(conversation: Conversation): void {
    const { waiting } = conversation;
    conversation.waiting = [];
    for (const { tcp, side, time } of waiting) this.place(conversation, tcp, side, time);
  }

  private place(conversation: Conversation, tcp: TextSegment, side: Side, time: number | null): void {
    const { base, next, said } = conversation;
    const other = (side ^ 1) as Side;
    if (isRelative(tcp)) {
      if (conversation.style === 'relative') {
        if (base[side] === null && base[other] === null) {
          // The first segment that tcpdump saw of it.
          base[side] = tcp.seq ?? next[side];
          base[other] = ((tcp.ack as number) - 1) | 0;
          tcp.seq ??= next[side];
        } else {
          // A side without a base has printed no number yet: it counts from 0 where it stands.
          base[side] ??= next[side] ?? 0;
          base[other] ??= next[other] ?? 0;
          if (tcp.seq !== null) tcp.seq = (tcp.seq + base[side]) >>> 0;
          moveAck(tcp, base[other]);
        }
      }
    } else if ((tcp.control & (SYN | ACK)) === (SYN | ACK)) {
      base[side] = tcp.seq;
      base[other] = ((tcp.ack as number) - 1) | 0;
      if (conversation.style === 'rootless') conversation.style = null;
    } else if ((tcp.control & RST) !== 0 && tcp.seq !== null) {
      const stands = next[side];
      const rootless = conversation.style === 'rootless' || (conversation.style === 'relative' && base[side] === null);
      if (rootless && stands !== null && Math.abs(distance(tcp.seq, stands)) > REACH)
        this.presume(conversation, tcp, side, stands);
    }
    if ((tcp.control & SYN) !== 0) conversation.iss[side] = tcp.seq;
    if ((tcp.control & FIN) !== 0) conversation.closed[side] = true;
    if (tcp.ack !== null) conversation.acked[other] = tcp.ack;
    if (tcp.ack !== null && next[other] === null) this.standsAt(conversation, other, tcp.ack);
    if (tcp.seq === null) {
      if (next[side] === null) {
        conversation.unplaced[side].push(tcp);
        return;
      }
      tcp.seq = (next[side] - (conversation.spoke[other] && isProbe(tcp, said[side], time) ? 1 : 0)) >>> 0;
    } else if ((tcp.control & RST) === 0 || next[side] === null) {
      this.standsAt(conversation, side, tcp.seq);
      const end = (tcp.seq + sequenceLength(tcp.control, tcp.length)) | 0;
      if ((tcp.control & SYN) !== 0 || after(end, next[side] as number)) next[side] = end;
    }
    if (time !== null) said[side] = { ack: tcp.ack, window: tcp.window, time };
    said[other] = null;
    conversation.spoke[side] = true;
    tcp.settled = true;
  }

  /**
   * An RST whose number counts from elsewhere than all others. Whoever has closed, and had all of it acknowledged, stands in
   * one place only: a live socket sends the RST from there, and a host without one answers with the number that the other
   * side acknowledged, which is the same (RFC 9293 §3.10.7). Anywhere else its number compares with none.
   */
  private presume({ root, closed, acked }: Conversation, tcp: TextSegment, side: Side, stands: number): void {
    const seq = tcp.seq as number;
    if (closed[side] && acked[side] !== null && distance(acked[side], stands) === 0) root[side] ??= (seq - stands) | 0;
    if (root[side] === null) tcp.strange = true;
    else {
      tcp.seq = (seq - root[side]) >>> 0;
      this.presumes = true;
    }
  }

  /** It became known where a side stands: its acknowledgments before that were sent from there. */
  private standsAt({ next, unplaced }: Conversation, side: Side, number: number): void {
    next[side] ??= number | 0;
    for (const tcp of unplaced[side].splice(0)) {
      tcp.seq = number >>> 0;
      tcp.settled = true;
    }
  }
}

/**
 * Is an acknowledgment whose number tcpdump does not print a keep-alive probe? It says what its sender has said before, and
 * nothing came in between that it might answer; a probe bears the number before SND.NXT (RFC 9293 §3.8.4).
 */
function isProbe({ ack, window }: TextSegment, said: Said | null, time: number | null): boolean {
  if (said === null || time === null) return false;
  return ack === said.ack && window === said.window && time - said.time >= KEEP_ALIVE_PAUSE;
}

/** Does tcpdump subtract something from its numbers, once it knows the conversation? */
function isRelative({ control }: TextSegment): boolean {
  return (control & ACK) !== 0 && (control & SYN) === 0;
}

/** Are its numbers counts of octets? A random number is hardly ever 0 or 1. */
function isCount({ seq, ack }: TextSegment): boolean {
  const numbers = [seq, ack].filter((number) => number !== null);
  const size = (number: number) => Math.abs(number | 0);
  return numbers.some((number) => size(number) <= 1) || numbers.every((number) => size(number) < SMALL);
}

/** Are its numbers nearer to where both ends stood (absolute), or to 0 (relative)? null: it has none to compare. */
function nearer({ seq, ack }: TextSegment, own: number | null, peer: number | null): 'absolute' | 'relative' | null {
  if (ack === 1 && peer !== 0) return 'relative';
  for (const [number, from] of [
    [ack, peer],
    [seq, own],
  ] as const) {
    if (number === null || from === null || from === 0) continue;
    return Math.abs(distance(number, from)) < Math.abs(number | 0) ? 'absolute' : 'relative';
  }
  return own === 0 && peer === 0 ? 'relative' : null;
}

/** Does it acknowledge a SYN that is in the text, as it stands there? */
function isNear(ack: number | null, iss: number | null): boolean {
  return ack !== null && iss !== null && Math.abs(distance(ack, iss)) < Math.abs(ack | 0);
}

function moveAck(tcp: TextSegment, by: number): void {
  tcp.ack = ((tcp.ack as number) + by) >>> 0;
  for (const option of tcp.options) {
    if (option.kind !== 'sack') continue;
    for (const block of option.blocks) {
      block.left = (block.left + by) >>> 0;
      block.right = (block.right + by) >>> 0;
    }
  }
}
