/** The lives of one four-tuple, packet by packet: where one ends and the next begins (RFC 9293 §3.10.7.4). */

import type { Segment } from '../../packet/segment.js';
import type { LadderSegment } from '../../report/ladder/notes.js';
import { LadderRows } from '../../report/ladder/rows.js';
import type { QueryEnd } from '../../report/select/query.js';
import { ACK, FIN, RST, SYN } from '../../tcp/control.js';

/** One life of the four-tuple. */
export interface Incarnation {
  readonly rows: LadderRows;
  readonly client: QueryEnd;
  readonly server: QueryEnd;
  /** Is `client` the sender of the first SYN, or only of the first packet seen? */
  readonly synSeen: boolean;
  readonly start: { readonly frame: number; readonly time: number };
  clientZero: number | null;
  serverZero: number | null;
  last: { frame: number; time: number };
  /** First FIN, and which side sent it. */
  fin: { readonly frame: number; readonly fromClient: boolean } | null;
  /** Both sides sent one. */
  finished: boolean;
  /** A SYN with a new sequence number while this life still went on: not yet another (RFC 9293 §3.10.7.4). */
  pending: LadderSegment | null;
  readonly resets: number[];
  /** Payload of the server came. */
  answered: boolean;
  asked: boolean;
  /** The SYN was answered by a SYN-ACK. */
  accepted: boolean;
}

export interface FollowOptions {
  /** Frames that must not be folded away. */
  readonly keep: (frame: number) => boolean;
  readonly fold: boolean;
  /** Which of the two is the client, where no SYN tells. */
  readonly client?: QueryEnd;
}

/** Adds a packet to the life it belongs to. */
export function follow(
  incarnations: Incarnation[],
  segment: Segment,
  [from, to]: readonly [QueryEnd, QueryEnd],
  options: FollowOptions,
): void {
  const { control, frame, time, seq, length } = segment;
  let current = incarnations[incarnations.length - 1];
  const { ack, window } = segment;
  if (current === undefined || beginsAnew(current, segment, from)) {
    current = begin(segment, from, to, options);
    incarnations.push(current);
  } else if (
    current.pending !== null &&
    (control & (SYN | ACK)) === (SYN | ACK) &&
    ((current.pending.seq + 1) | 0) === ack
  ) {
    const { pending } = current;
    current = begin(segment, from, to, options);
    current.clientZero = pending.seq | 0;
    current.rows.add({ ...pending, fromClient: true });
    incarnations.push(current);
  }
  const fromClient = same(current.client, from);
  if (fromClient) current.clientZero ??= control & SYN ? seq : (seq - 1) | 0;
  else if (!(control & RST)) current.serverZero ??= control & SYN ? seq : (seq - 1) | 0;
  if (control & FIN) {
    current.finished ||= current.fin !== null && current.fin.fromClient !== fromClient;
    current.fin ??= { frame, fromClient };
  }
  if (control & RST) current.resets.push(frame);
  if (length > 0 && fromClient) current.asked = true;
  if (length > 0 && !fromClient) current.answered = true;
  if ((control & (SYN | ACK)) === (SYN | ACK)) current.accepted = true;
  current.last = { frame, time };
  const rung: LadderSegment = { frame, time, fromClient, seq: seq >>> 0, ack: ack >>> 0, control, length, window };
  if (isSyn(segment) && frame !== current.start.frame && isNewNumber(current, segment, from)) current.pending = rung;
  current.rows.add(rung);
}

/** A SYN with another sequence number than the first, once the old connection is over or never came to be. */
function beginsAnew(current: Incarnation, segment: Segment, from: QueryEnd): boolean {
  if (!isSyn(segment) || !isNewNumber(current, segment, from)) return false;
  return current.resets.length > 0 || current.finished || (current.synSeen && !current.accepted);
}

export function isSyn(segment: Segment): boolean {
  return (segment.control & (SYN | ACK)) === SYN;
}

function isNewNumber(current: Incarnation, segment: Segment, from: QueryEnd): boolean {
  const zero = same(current.client, from) ? current.clientZero : current.serverZero;
  return zero === null || (zero | 0) !== segment.seq;
}

function begin(segment: Segment, from: QueryEnd, to: QueryEnd, options: FollowOptions): Incarnation {
  // A SYN-ACK as the first packet: its receiver had asked.
  const answer =
    (segment.control & (SYN | ACK)) === (SYN | ACK) ||
    ((segment.control & SYN) === 0 && options.client !== undefined && same(options.client, to));
  const mark = { frame: segment.frame, time: segment.time };
  const synSeen = (segment.control & SYN) !== 0;
  const names = synSeen ? {} : { client: 'originator', server: 'responder' };
  return {
    rows: new LadderRows(options.keep, { fold: options.fold, ...names }),
    client: answer ? to : from,
    server: answer ? from : to,
    synSeen,
    start: mark,
    clientZero: null,
    serverZero: null,
    last: mark,
    fin: null,
    finished: false,
    pending: null,
    resets: [],
    answered: false,
    asked: false,
    accepted: false,
  };
}

function same(one: QueryEnd, other: QueryEnd): boolean {
  return one.port === other.port && one.address === other.address;
}
