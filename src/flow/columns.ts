/**
 * Layout of a connection's row. A row is one run of memory seen through three typed arrays: int32
 * words, float64 times (a time column counts in float64), octets. Row-major beats column-major here
 * by 8 to 35 % (measured), and what nearly every segment reads or writes stands first: a segment
 * touches five cache lines of its row, in the order of the RFC's variables it was a dozen.
 *
 * The layout is a contract: context/ reads it in the events of flow/, reset/ in rows that it holds, which are copied word
 * by word. Only flow/ writes it, but for the words and bits that it keeps for its observers (named below). The contract is
 * held by test/flow/columns.test.ts, where a new column is entered.
 *
 * Hot files keep a copy of what they import of it, `const c = { ...columns }`: V8 folds the constants
 * of such an object into its code, but loads and checks an imported constant each time (a sixth of
 * the tracking time, measured).
 */

// ---- connection: words -------------------------------------------------------------------------

/** Next row in the same hash bucket, -1 at the end. */
export const NEXT = 0;
export const PORTS = 1; // port of endpoint 0 << 16 | port of endpoint 1
/** Address of endpoint 0 (the sender of the first segment seen), four words, then of endpoint 1. */
export const ADDRESS = 2;
export const BITS = 10;
/** Number of the newest tail entry, -1 when there is none. */
export const TAIL = 11;
// Words 12 to 15 are the times LAST and LAST_PAYLOAD.

/** Where endpoint 0 begins; endpoint 1 is ENDPOINT_WORDS behind it. */
export const ENDPOINTS = 16;

// ---- endpoint: words, at ENDPOINTS + side * ENDPOINT_WORDS -------------------------------------

export const SND_NXT = 0;
/** Highest acknowledgment this endpoint sent. */
export const RCV_NXT = 1;
export const E_BITS = 2;
export const WINDOW = 3;
export const WINDOW_SCALE = 4; // -1 unknown
export const RIGHT_EDGE = 5;
export const LAST_EDGE_ACK = 6; // the acknowledgment RIGHT_EDGE was computed with
export const SEGMENTS = 7;
export const LAST_FRAME = 8;
export const ACK_MOVED_FRAME = 9;
export const RUN = 10; // retransmissions of what is outstanding
export const PROBES = 11; // keep-alive probes since the other end last spoke
// Words 12 to 15 are the times LAST_TIME and ACK_MOVED_TIME.
export const TTL = 16;
export const TTL_COUNT = 17;
export const IPID_LAST = 18;
export const TS_VAL = 19;
export const FROZEN = 20; // octets acknowledged while the right edge stood still
export const DATA_SEGMENTS = 21;
export const LAST_DATA_FRAME = 22;
export const MESSAGES = 23;
export const MESSAGE_LENGTH = 24;
export const MESSAGE_FRAME = 25;
// Words 26 to 33 are the times LAST_DATA_TIME, BYTES, MESSAGE_TIME and MESSAGE_IDLE. What follows is rare.
export const ISS = 34;
export const FIRST_SEQ = 35;
export const MSS = 36;
export const FIN_SEQ = 37;
export const TTL_OTHER = 38;
export const MAC = 39;
export const RETRANSMISSIONS = 40;
export const ZERO_PROBES = 41;
export const HOLE_SEQ = 42;
export const PATH = 43; // path key of the baseline, and a second path (copies, asymmetric routes)
export const PATH2 = 44;
export const TTL2 = 45;
export const TTL2_COUNT = 46;
export const SYN_FRAME = 47;
export const FIN_FRAME = 48;
export const FIN_ACKED_FRAME = 49;
export const FIRST_DATA_FRAME = 50;
export const ZERO_WINDOW_FRAME = 51;
export const FROZEN_FRAME = 52;
export const RUN_FIRST_FRAME = 53;
export const RUN_LAST_FRAME = 54;
export const PROBE_FIRST_FRAME = 55;
export const PROBE_LAST_FRAME = 56;
export const SYNS = 57;
// Words 58 to 83 are the times from SYN_TIME on.
/** Order of the options in its SYN (packet/option-order.ts), -1 unknown, and the SYN's window. */
export const SYN_OPTIONS = 84;
export const SYN_WINDOW = 85;
/** Where the hole that begins at HOLE_SEQ ends. */
export const HOLE_END = 86;
/** Payload octets of its longest segment. */
export const LONGEST = 87;
/** Where its first segment stands that was larger than all that had been acknowledged, and the longest payload before that. */
export const LARGE_SEQ = 88; // where LONGEST is above SMALL_PAYLOAD
export const LARGE_BEFORE = 89;
/** What it said with SACK since its acknowledgment moved last: where first, the highest edge, the longest block. */
export const SACK_FRAME = 90;
export const SACK_RIGHT = 91;
export const SACK_LONGEST = 92;
/** How often it did. */
export const SACKS = 93;
// Words 94 and 95 are the time SACK_TIME.
export const ENDPOINT_WORDS = 96;

// ---- endpoint: times (ns since the first record), in float64 from the endpoint's start ----------

/** A time that has not come. Below every other: records may be earlier than the first of the capture, too. */
export const NEVER = Number.NEGATIVE_INFINITY;

export const LAST_TIME = 6;
export const ACK_MOVED_TIME = 7;
export const LAST_DATA_TIME = 13;
/** Payload octets sent, retransmissions not counted. */
export const BYTES = 14;
export const MESSAGE_TIME = 15;
/** Silence before the last message and before the FIN, -1 when there was no payload before. */
export const MESSAGE_IDLE = 16;
export const SYN_TIME = 29;
export const FIN_TIME = 30;
export const FIN_ACKED_TIME = 31;
export const FIRST_DATA_TIME = 32;
export const ZERO_WINDOW_TIME = 33;
export const FROZEN_TIME = 34;
export const RUN_FIRST_TIME = 35;
export const RUN_LAST_TIME = 36;
export const PROBE_FIRST_TIME = 37;
export const PROBE_LAST_TIME = 38;
export const FIN_IDLE = 39;
/** Time of the newest SYN (a retransmitted SYN makes the round trip ambiguous). */
export const LAST_SYN_TIME = 40;
/** Octets that the other end acknowledged and the capture lacks. */
export const UNSEEN = 41;
export const SACK_TIME = 47;

// ---- connection: words that few segments touch, behind the endpoints ----------------------------

const BEHIND = ENDPOINTS + 2 * ENDPOINT_WORDS;

/** 0 or 1: which endpoint sent the SYN; -1 while none was seen. */
export const CLIENT = BEHIND;
/** 0: the row is free. */
export const INCARNATION = BEHIND + 1;
/** Segments that are no endpoint's SEGMENTS: RSTs, and SYNs that waited. */
export const OTHER_SEGMENTS = BEHIND + 2;
export const START_FRAME = BEHIND + 3;
/** Frame of the first acknowledgment after the SYN-ACK. */
export const ESTABLISHED_FRAME = BEHIND + 4;
/** A SYN with another ISN on a live row waits here until the other side takes a stand. */
export const PENDING_SEQ = BEHIND + 5;
export const PENDING_SIDE = BEHIND + 6;
export const PENDING_FRAME = BEHIND + 7;
/** First and newest held reset of this incarnation, -1 when there is none. */
export const RESET_FIRST = BEHIND + 8;
export const RESET_LAST = BEHIND + 9;
export const ICMP_FRAME = BEHIND + 10;
/** Type, code, bit 16 for ICMPv6, and the MTU that the error names. */
export const ICMP_TYPE_CODE = BEHIND + 11;
export const HISTORY_LENGTH = BEHIND + 12;
export const ENCAPSULATION = BEHIND + 13;
/** Numbers the observers keep for a connection, 0 at its start; flow/ does not read them. */
export const LISTENER = BEHIND + 14;
export const LISTENER_CLIENT = BEHIND + 15;

// ---- connection: times, in float64 from the row's start -----------------------------------------

export const LAST = 6;
export const LAST_PAYLOAD = 7;
export const START = BEHIND / 2 + 8;
export const ESTABLISHED = BEHIND / 2 + 9;
export const PENDING = BEHIND / 2 + 10;
export const ICMP = BEHIND / 2 + 11;

/** Payload that any path takes: a packet of 1,280 octets (RFC 8200 §5) less the headers of IPv6 and of TCP with all options. */
export const SMALL_PAYLOAD = 1280 - 40 - 60;

/** Where endpoint `side` of `row` begins in the words; halved, in the times. */
export function endpointAt(row: number, side: number): number {
  return row * WORDS + ENDPOINTS + side * ENDPOINT_WORDS;
}

// ---- octets, from the row's start ----------------------------------------------------------------

/** First octets of the last message of either side, and Zeek's history letters. */
export const MESSAGE_OCTETS = 64;
export const HISTORY_OCTETS = 32;
const OCTETS_AT = 4 * (BEHIND + 24);
/** Octet that holds how many of the message octets were captured, and the octets behind it. */
export function messageAt(side: number): number {
  return OCTETS_AT + side * (MESSAGE_OCTETS + 1);
}
export const HISTORY_AT = OCTETS_AT + 2 * (MESSAGE_OCTETS + 1);

/** The hash of the four-tuple, so that growing need not compute it again. */
export const FIRST_HASH = BEHIND + 24 + Math.ceil((2 * (MESSAGE_OCTETS + 1) + HISTORY_OCTETS) / 4);

/** Words of a row; even, so that the times of every row lie on whole float64. */
export const WORDS = FIRST_HASH + 1 + ((FIRST_HASH + 1) & 1);
export const TIMES = WORDS / 2;
export const OCTETS = WORDS * 4;

// ---- bits --------------------------------------------------------------------------------------

/** Connection bits. */
export const C_ESTABLISHED = 1; // the handshake was completed
export const C_RESET = 2; // an RST was seen that may have taken effect
export const C_ANSWERED = 4; // SYN-ACK seen
export const C_CLOSED = 8; // both FINs acknowledged
export const C_ENDED = 16; // the first FIN or RST was reported to the observers
export const C_CUT = 32; // a snaplen cut segments inside their headers or options
export const C_SERVED = 64; // data from the server was reported
export const C_REFUSED = 128;
export const C_QUEUED = 256; // it is in the queue of rows to free
export const C_TRANSLATED = 512; // its RST is known from another four-tuple
export const C_REGULAR = 1024; // a first reading found no gap in it; segments were passed over here
// What a text does not tell of an RST or of the packets before it.
export const C_GARBLED = 2048; // packets of it are in the capture that could not be understood
export const C_UNTIMED = 4096; // its packets have no times
export const C_ROOTLESS = 8192; // the RST's sequence number compares with no other

/** Endpoint bits. */
export const E_SPOKE = 1; // sent something other than an RST
export const E_SYN = 2;
export const E_ACKED = 4; // sent an acknowledgment
export const E_FIN = 8;
export const E_FIN_ACKED = 16;
export const E_TIMESTAMPS = 32; // sends timestamps in segments other than SYN
export const E_TS_OFFERED = 64;
export const E_HOLE = 128; // a gap in what it sent, neither filled nor acknowledged
export const E_UNSEEN = 256; // the other end acknowledged what was never captured
export const E_DF = 512;
export const E_NO_DF = 1024;
export const E_ZERO_WINDOW = 2048;
export const E_IPID = 4096; // IPID_LAST is set
export const E_WINDOW = 8192;
export const E_RECEIVED_SACK_HOLE = 16384; // it reported a hole in what it received
export const E_SCALE = 32768; // its SYN offered a window scale
export const E_OUTBOUND = 65536; // the capture says its packets left the capturing host
export const E_INBOUND = 131072; // … or arrived there
export const E_LAST_PAYLOAD = 262144; // it sent the newest payload: more of it is the same message
export const E_FIRST_DATA_IN_FIN = 524288; // its first payload came with its FIN
/** Above these, one bit per history letter that was written already. */
export const E_HISTORY_SHIFT = 20;

/** A row's state before its first segment: words from BITS up to FIRST_HASH. */
export const BLANK = blank();

function blank(): Int32Array {
  const words = new Int32Array(WORDS);
  const times = new Float64Array(words.buffer);
  for (const column of [CLIENT, TAIL, PENDING_SIDE, RESET_FIRST, RESET_LAST]) words[column] = -1;
  for (const column of [LAST, LAST_PAYLOAD, START, ESTABLISHED, PENDING, ICMP]) times[column] = NEVER;
  for (const e of [ENDPOINTS, ENDPOINTS + ENDPOINT_WORDS]) {
    words[e + WINDOW_SCALE] = -1;
    words[e + MSS] = -1;
    words[e + SYN_OPTIONS] = -1;
    for (const column of [LAST_TIME, ACK_MOVED_TIME, LAST_DATA_TIME, MESSAGE_TIME, SACK_TIME])
      times[e / 2 + column] = NEVER;
    for (let column = SYN_TIME; column <= LAST_SYN_TIME; column++) times[e / 2 + column] = NEVER;
    for (const column of [MESSAGE_IDLE, FIN_IDLE]) times[e / 2 + column] = -1;
  }
  return words.slice(BITS, FIRST_HASH);
}
