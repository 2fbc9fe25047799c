import type { Limits } from '../../limits.js';
import { ACK, RST, SYN } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { EndpointFacts, Mark, Message, Reset, Shape, TailSegment } from '../types.js';

type Known = Pick<Reset, 'rst' | 'sender' | 'receiver' | 'tail' | 'phase' | 'idleData'>;
type Heard = Pick<Reset, 'sender' | 'receiver' | 'phase' | 'exchanges' | 'idleData' | 'unanswered'>;

/** Octets one end sent at once: seen in a segment of the RST's sender, or told by its acknowledgment. */
interface Text {
  readonly at: Mark;
  readonly from: 'sender' | 'receiver';
  readonly length: number;
  readonly head: Uint8Array;
}

/** Texts of one end that follow each other. */
interface Turn extends Omit<Message, 'last' | 'length'> {
  readonly from: Text['from'];
  last: Mark;
  length: number;
}

const NOTHING = new Uint8Array(0);

/** Was no packet of the RST's receiver captured, as where the two directions take different ways? */
export function isUnseen({ receiver }: Pick<Reset, 'receiver'>): boolean {
  return receiver.segments === 0;
}

/** A reply has a trigger; where that took the other way, the reply itself tells when it came. */
export function drawnAt(reset: Pick<Reset, 'rst' | 'receiver'>, trigger: Mark | null, shape: Shape): Mark | null {
  const reply = shape === 'reply' || shape === 'reply-to-syn' || shape === 'active-after-fin';
  return trigger ?? (reply && isUnseen(reset) ? { frame: reset.rst.frame, time: reset.rst.time } : null);
}

/**
 * When a server had the connection: with the handshake's last packet. Where that is missing or out of order, a socket of
 * the server's own or data shows that it had come, at the earliest with the SYN-ACK; where the client's direction was not
 * captured, the SYN-ACK is all there is of the handshake.
 */
export function acceptedAt(reset: Pick<Reset, 'sender' | 'receiver' | 'handshake' | 'mechanism'>): Mark | null {
  const { sender, receiver, handshake, mechanism } = reset;
  if (handshake?.ack) return handshake.ack;
  if (handshake !== null && (mechanism.kind === 'live-socket' || receiver.bytes > 0)) return handshake.synAck;
  return isUnseen(reset) && sender.role === 'server' ? sender.syn : null;
}

/**
 * A capture of one direction holds no packet of the receiver, but the sender's acknowledgments tell what
 * it had sent: how much, when, in turn with the sender's own data, and whether it had closed its side.
 * What is older than the tail is lost: the volumes of a long connection are lower bounds.
 */
export function heardByAcks(reset: Known, limits: Limits): Heard | null {
  const { rst, sender, receiver, tail, phase } = reset;
  if (!isUnseen(reset) || sender.rcvNxt === null) return null;
  const texts = textsOf(reset);
  // One number may be an octet as well as a FIN: with the sender's own FIN, behind it or right before it, it is a FIN,
  // before that nothing is told.
  const last = texts.at(-1);
  const one = last?.from === 'receiver' && last.length === 1 ? texts.pop() : undefined;
  const said = texts.some(({ from }) => from === 'receiver');
  const closed = one !== undefined && isFin(one, said, reset, limits) ? one.at : null;
  const turns = turnsOf(texts, limits);
  const [mine, theirs] = [of(turns, 'sender'), of(turns, 'receiver')];
  const heard = of(texts, 'receiver');
  const before = texts.findLast(({ at }) => at.frame < rst.frame);
  const opening = tail.length > 0 && (tail[0].control & SYN) !== 0 ? tail.find(isPlain) : undefined;
  const iss = opening === undefined ? null : (opening.ack - 1) >>> 0;
  return {
    sender: {
      ...sender,
      // Whatever the other end did not acknowledge would have been sent again.
      bytesUnacked: sender.retransmitting === null ? 0 : sender.bytesUnacked,
      messages: Math.max(mine.length, sender.messages),
      lastMessage: lastOf(mine, sender.lastMessage),
    },
    receiver: {
      ...receiver,
      iss,
      zero: iss ?? receiver.zero,
      bytes: heard.reduce((sum, { length }) => sum + length, 0),
      dataSegments: heard.length,
      firstData: iss === null ? null : (heard[0]?.at ?? null),
      lastData: heard.at(-1)?.at ?? null,
      messages: theirs.length,
      lastMessage: theirs.at(-1) ?? null,
      fin: closed && { ...closed, idleBefore: null, acked: closed, seq: (sender.rcvNxt - 1) >>> 0 },
    },
    phase: closed ? 'both-closed' : isOpen(reset, texts) ? 'established' : phase,
    exchanges: Math.min(mine.length, theirs.length),
    idleData: before === undefined ? reset.idleData : rst.time - before.at.time,
    unanswered: turns.at(-1)?.from === 'receiver' ? (theirs.at(-1) ?? null) : null,
  };
}

/**
 * Is the one number that this end acknowledged last the other end's FIN? So it is where this end closed in answer: the
 * acknowledgment of a FIN goes out at once and alone, and the program that reads end of file closes as well. So does one
 * that has read a request of one octet: where nothing else was `said`, the number tells neither.
 */
function isFin({ at }: Text, said: boolean, { sender, tail }: Known, limits: Limits): boolean {
  const { fin } = sender;
  if (fin === null) return false;
  if (at.frame >= fin.frame) return true;
  if (!said) return false;
  const own = tail.filter((s) => s.from === 'sender' && s.frame > at.frame && s.frame < fin.frame);
  const pure = tail.some((s) => s.frame === at.frame && s.length === 0);
  return pure && own.length === 0 && fin.time - at.time <= limits.exchangeIdle;
}

const of = <T extends Pick<Text, 'from'>>(all: readonly T[], from: Text['from']) =>
  all.filter((one) => one.from === from);

/** A segment of the sender with an acknowledgment: in such a capture all that is no RST and no first SYN. */
const isPlain = ({ control }: TailSegment) => (control & (ACK | RST)) === ACK;

/** Data of both ends in order: what a segment acknowledges came before what it carries. */
function textsOf({ rst, tail }: Known): Text[] {
  const texts: Text[] = [];
  let una: number | null = null;
  const acknowledged = ({ frame, time, ack }: Mark & { readonly ack: number }) => {
    const length = una === null ? 0 : distance(ack, una);
    if (length > 0) texts.push({ at: { frame, time }, from: 'receiver', length, head: NOTHING });
    if (una === null || length > 0) una = ack;
  };
  for (const s of tail.filter(isPlain)) {
    acknowledged(s);
    const { frame, time, length, head } = s;
    if (length > 0 && s.note === 'new') texts.push({ at: { frame, time }, from: 'sender', length, head });
  }
  if (rst.hasAck) acknowledged(rst);
  return texts;
}

function turnsOf(texts: readonly Text[], limits: Limits): Turn[] {
  const turns: Turn[] = [];
  for (const { at, from, length, head } of texts) {
    const turn = turns.at(-1);
    const idle = turn === undefined ? null : at.time - turn.last.time;
    if (turn === undefined || turn.from !== from || (idle ?? 0) > limits.messageGap)
      turns.push({ from, first: at, last: at, length, idleBefore: idle, octets: head });
    else {
      turn.last = at;
      turn.length += length;
    }
  }
  return turns;
}

/** The sender's last message; the tracker, which saw no turn of the other end, may have taken several for one. */
function lastOf(mine: readonly Turn[], tracked: EndpointFacts['lastMessage']): Message | null {
  const last = mine.at(-1);
  return last === undefined || last.first.frame === tracked?.first.frame ? tracked : last;
}

/** Had the handshake come to its end? A client that acknowledges the SYN-ACK, or data that was acknowledged, shows it. */
function isOpen({ sender, phase }: Known, texts: readonly Text[]): boolean {
  return (phase === 'syn-sent' || phase === 'handshake') && (sender.role === 'client' || texts.length > 0);
}
