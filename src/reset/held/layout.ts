import * as c from '../../flow/columns.js';
import { TAIL_SEGMENTS, TAIL_WORDS } from '../../flow/tail.js';

/** Where a held reset has what: one run of memory as a row of the table is: the row's copy, the RST and its aftermath (words, then times), the tail. */

export const RST_AT = c.WORDS;

export const R = {
  FRAME: RST_AT,
  SEQ: RST_AT + 1,
  ACK: RST_AT + 2,
  CONTROL: RST_AT + 3,
  WINDOW: RST_AT + 4,
  LENGTH: RST_AT + 5,
  TTL: RST_AT + 6,
  IPID: RST_AT + 7, // -1: IPv6
  DF_TOS: RST_AT + 8,
  TS: RST_AT + 9, // 1: timestamps present
  TS_VAL: RST_AT + 10,
  TS_ECR: RST_AT + 11,
  SIGNATURE: RST_AT + 12,
  MPTCP: RST_AT + 13,
  MPTCP_REASON: RST_AT + 14,
  CHECKSUM: RST_AT + 15, // -1 unknown, 0 wrong, 1 right
  SACK_BLOCKS: RST_AT + 16,
  HEADER_LENGTH: RST_AT + 17,
  MAC: RST_AT + 18,
  PATH: RST_AT + 19,
  SIDE: RST_AT + 20,
  TAIL_COUNT: RST_AT + 21,
  OPTIONS_CUT: RST_AT + 22,
  FLOW_LABEL: RST_AT + 23,
  DIRECTION: RST_AT + 24,
  /** Next held reset of the same incarnation, -1. */
  NEXT: RST_AT + 25,
  /** First held reset of the same incarnation. */
  HEAD: RST_AT + 26,
  // aftermath; frames 0 = did not happen
  SENDER_ON_FRAME: RST_AT + 27,
  SENDER_ON_LENGTH: RST_AT + 28,
  RECEIVER_ON_FRAME: RST_AT + 29,
  RECEIVER_ON_LENGTH: RST_AT + 30,
  CHALLENGE_FRAME: RST_AT + 31,
  SYN_ACK_FRAME: RST_AT + 32,
  NEXT_SYN_FRAME: RST_AT + 33,
  NEXT_SYN_ANSWER: RST_AT + 34, // NEXT_SYN
  SEGMENTS_AFTER: RST_AT + 35,
  SENDER_ON_IPID: RST_AT + 36,
  GONE: RST_AT + 37, // 1: nothing more can come
  /** Data of the receiver right behind the RST: in flight, or captured out of order. */
  CROSSED_FRAME: RST_AT + 38,
  /** 1: it has options that only a SYN may have. */
  SYN_OPTIONS: RST_AT + 39,
  /** 1: its number is the one behind the SYN-ACK of SYN_ACK_FRAME. */
  SYN_ACK_KNOWN: RST_AT + 40,
  /** 1: numbers came that are far ahead of this connection's: from there on it is another, whose SYN is missing. */
  JUMPED: RST_AT + 41,
} as const;
/** What became of the SYN that came after the RST, of which the columns above have frame and time. */
export const NEXT_SYN = {
  UNANSWERED: 0,
  ACCEPTED: 1,
  REFUSED: 2,
  /** It is this incarnation's own, sent again by the RST's sender or receiver: the next one's takes its place. */
  AGAIN_BY_SENDER: 3,
  AGAIN_BY_RECEIVER: 4,
  /** … by the receiver, and answered: SYN_ACK_FRAME has by what. */
  AGAIN_ACCEPTED: 5,
} as const;
/** Even, so that the times lie on whole float64. */
export const RST_WORDS = 42;
export const RST_TIMES_AT = (RST_AT + RST_WORDS) / 2;

export const RT = {
  TIME: RST_TIMES_AT,
  SENDER_ON: RST_TIMES_AT + 1,
  RECEIVER_ON: RST_TIMES_AT + 2,
  CHALLENGE: RST_TIMES_AT + 3,
  SYN_ACK: RST_TIMES_AT + 4,
  NEXT_SYN: RST_TIMES_AT + 5,
  LAST: RST_TIMES_AT + 6,
  /** The RST's frame in full: words have the low bits of a frame (flow/frame.ts). */
  FRAME: RST_TIMES_AT + 7,
} as const;
export const RST_TIMES = 8;

export const TAIL_AT = RST_AT + RST_WORDS + 2 * RST_TIMES;
export const HELD_WORDS = TAIL_AT + TAIL_SEGMENTS * TAIL_WORDS;
