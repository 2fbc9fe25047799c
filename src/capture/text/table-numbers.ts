import { ACK, FIN, PSH, RST, SYN, sequenceLength } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import { addressKey, type TextPacket, type TextSegment } from './packet.js';
import type { TableRow } from './table-line.js';
import { payloadOf } from './table-payload.js';

/** Conversations followed at a time; beyond that all are forgotten, and their numbers begin anew. */
const MOST_CONVERSATIONS = 65_536;

/** Rows that wait for a connection between two hosts at a time. */
const MOST_WAITING = 64;

/** Between the numbers of two connections, all of which Wireshark counts from 0: a step that visits the whole circle. */
const APART = 0x1f12_3bb5;

/** Ethernet, IPv4 or IPv6, TCP without options: what of a frame is no payload where no row of its connection shows it. */
const HEADERS = { 4: 54, 16: 74 } as const;

/** Protocols of Wireshark's that are not over TCP, as far as their rows do not show it. */
const NOT_TCP =
  /^(?:UDP|DNS|MDNS|LLMNR|ARP|ICMP(?:v6)?|IGMP(?:v\d)?|DHCP(?:v6)?|BOOTP|NTP|G?QUIC|SSDP|NBNS|STP|LLDP|CDP|SNMP|TFTP|RTP|RTCP|SCTP|ESP|GRE|OSPF|VRRP|PIM|EAPOL|0x[0-9a-f]+|IPv[46]|Ethernet)$/i;

type Ends = Pick<TextPacket, 'source' | 'destination'>;

interface Side {
  readonly address: string;
  readonly port: number;
  /** Where it stands, as Wireshark counts; null before it has said anything. */
  next: number | null;
  /** By how much Wireshark multiplied its window, as a shift. */
  shift: number | null;
  window: number;
  /** Octets of its frames that are no payload. */
  overhead: number | null;
  hasFin: boolean;
}

interface Conversation {
  readonly sides: readonly [Side, Side];
  /** Of those that Wireshark counts, and ours. */
  offset: number;
  /** Something other than a SYN has passed. */
  isBegun: boolean;
  isLossy: boolean;
}

/** A row that tells neither ports nor numbers. */
interface Waiting {
  readonly from: string;
  readonly row: TableRow;
  readonly headers: number;
  /** null: no connection can be told. */
  readonly settle: (tcp: TextSegment | null) => void;
}

interface Pair {
  readonly live: Set<Conversation>;
  conversations: number;
  waiting: Waiting[];
}

/**
 * Wireshark counts each connection from 0 and shows windows multiplied out. Undone here: each connection gets numbers of
 * its own, and windows are as on the wire where the handshake is in the text. Rows of protocols above TCP show neither
 * ports nor numbers: they belong to the connection in which a later row shows just as many octets that nothing else carried.
 */
export class TableNumbers {
  private readonly conversations = new Map<string, Conversation>();
  private readonly pairs = new Map<string, Pair>();
  private count = 0;

  /** The segment of a row of TCP, with numbers that compare with no other connection's. */
  place({ source, destination }: Ends, tcp: TextSegment, row: TableRow): TextSegment {
    const from = addressKey(source);
    const to = addressKey(destination);
    const pair = this.pair(from, to);
    const conversation = this.conversation(pair, from, to, tcp);
    const own = sideOf(conversation, from, tcp.sourcePort);
    const other = conversation.sides[0] === own ? conversation.sides[1] : conversation.sides[0];
    const { control } = tcp;
    if ((control & (SYN | ACK)) === SYN && conversation.isBegun && !row.info.includes('Retransmission'))
      this.begin(conversation, pair);
    if ((control & SYN) === 0) {
      conversation.isBegun = true;
      if (row.frameLength !== null) own.overhead = row.frameLength - tcp.length;
      // Of what is sent again, a row before this one carried the octets.
      const again = row.info.includes('Retransmission') ? tcp.length : 0;
      this.claim(pair, conversation, own, other, ((tcp.seq as number) + again) >>> 0);
      if (tcp.ack !== null) this.claim(pair, conversation, other, own, tcp.ack);
    }
    // What drew an RST without an acknowledgment, no later row will tell.
    if ((control & RST) !== 0 && pair.waiting.length > 0) {
      if (pair.conversations === 1) this.giveUp(pair);
      else conversation.isLossy = true;
    }
    own.window = Math.min(unscaled(tcp, own, other), 65_535);
    if ((control & FIN) !== 0) own.hasFin = true;
    if ((control & RST) === 0) own.next = ((tcp.seq as number) + sequenceLength(control, tcp.length)) >>> 0;
    if ((control & RST) !== 0 || (own.hasFin && other.hasFin)) pair.live.delete(conversation);
    return moved(tcp, own.window, conversation);
  }

  /** A row that names no ports: `settle` hears which segment it is. False where it is none of TCP. */
  wait({ source, destination }: Ends, row: TableRow, settle: Waiting['settle']): boolean {
    const from = addressKey(source);
    const pair = this.pairs.get(pairKey(from, addressKey(destination)));
    if (pair === undefined || row.frameLength === null || NOT_TCP.test(row.protocol)) return false;
    pair.waiting.push({ from, row, headers: HEADERS[source.length as 4 | 16], settle });
    if (pair.waiting.length > MOST_WAITING) this.giveUp(pair);
    return true;
  }

  /** Nothing more can tell where the rows that wait belong: to the only connection there is, or to none. */
  settle(): void {
    for (const pair of this.pairs.values()) this.giveUp(pair);
  }

  private giveUp(pair: Pair): void {
    const [only] = pair.live;
    for (const one of pair.waiting.splice(0)) {
      const own = only?.sides.find(({ address }) => address === one.from);
      if (pair.conversations === 1 && only !== undefined && own !== undefined) this.settleOne(only, own, one);
      else {
        for (const conversation of pair.live) conversation.isLossy = true;
        one.settle(null);
      }
    }
  }

  /** A later row shows that `side` stands at `number`: rows that carry what lies between are its. */
  private claim(pair: Pair, conversation: Conversation, side: Side, other: Side, number: number): void {
    const missing = side.next === null ? 0 : distance(number, side.next);
    if (missing > 0 && pair.waiting.length > 0) {
      const mine = pair.waiting.filter(({ from }) => from === side.address);
      const run = runOf(mine, missing, (one) => lengthOf(one, side, other));
      for (const one of run) this.settleOne(conversation, side, one);
      pair.waiting = pair.waiting.filter((one) => !run.includes(one));
    }
    if (side.next === null || distance(number, side.next) > 0) side.next = number;
  }

  private settleOne(conversation: Conversation, own: Side, one: Waiting): void {
    const other = conversation.sides[0] === own ? conversation.sides[1] : conversation.sides[0];
    const length = lengthOf(one, own, other);
    const seq = own.next ?? 1;
    own.next = (seq + length) >>> 0;
    conversation.isBegun = true;
    const tcp: TextSegment = {
      sourcePort: own.port,
      destinationPort: other.port,
      control: ACK | PSH,
      seq,
      ack: other.next ?? 1,
      window: own.window,
      options: [],
      length,
      headerLength: null,
      payload: payloadOf(one.row.info, length),
      checksumValid: null,
      strange: false,
      isLossy: false,
      settled: true,
    };
    one.settle(moved(tcp, own.window, conversation));
  }

  private begin(conversation: Conversation, pair: Pair): void {
    conversation.offset = Math.imul(++this.count, APART);
    conversation.isBegun = false;
    conversation.isLossy = false;
    for (const side of conversation.sides) {
      side.hasFin = false;
      side.next = null;
    }
    pair.live.add(conversation);
  }

  private conversation(pair: Pair, from: string, to: string, tcp: TextSegment): Conversation {
    const one = `${from} ${tcp.sourcePort}`;
    const other = `${to} ${tcp.destinationPort}`;
    const key = one < other ? `${one} ${other}` : `${other} ${one}`;
    let conversation = this.conversations.get(key);
    if (conversation !== undefined) return conversation;
    if (this.conversations.size >= MOST_CONVERSATIONS) {
      this.settle();
      this.conversations.clear();
      this.pairs.clear();
      this.pairs.set(pairKey(from, to), pair);
    }
    const side = (address: string, port: number): Side => ({
      address,
      port,
      next: null,
      shift: null,
      window: 0,
      overhead: null,
      hasFin: false,
    });
    conversation = {
      sides: [side(from, tcp.sourcePort), side(to, tcp.destinationPort)],
      offset: 0,
      isBegun: false,
      isLossy: false,
    };
    this.begin(conversation, pair);
    pair.conversations++;
    this.conversations.set(key, conversation);
    return conversation;
  }

  private pair(from: string, to: string): Pair {
    const key = pairKey(from, to);
    let pair = this.pairs.get(key);
    if (pair === undefined) this.pairs.set(key, (pair = { live: new Set(), conversations: 0, waiting: [] }));
    return pair;
  }
}

function sideOf({ sides }: Conversation, address: string, port: number): Side {
  return sides[0].address === address && sides[0].port === port ? sides[0] : sides[1];
}

function lengthOf({ row, headers }: Waiting, own: Side, other: Side): number {
  const rest = (row.frameLength ?? 0) - (own.overhead ?? other.overhead ?? headers);
  return Math.min(Math.max(rest, 0), 65_535);
}

/** The first rows behind each other whose octets add up to `missing`; a FIN takes one more. */
function runOf(rows: readonly Waiting[], missing: number, length: (one: Waiting) => number): readonly Waiting[] {
  for (let from = 0; from < rows.length; from++) {
    let sum = 0;
    for (let to = from; to < rows.length && sum < missing; to++) {
      sum += length(rows[to] as Waiting);
      if (sum === missing || sum === missing - 1) return rows.slice(from, to + 1);
    }
  }
  return [];
}

/** The window as on the wire, where the handshake told the scale; the window of a SYN is never scaled (RFC 7323 §2.2). */
function unscaled({ control, window, options }: TextSegment, own: Side, other: Side): number {
  if ((control & SYN) !== 0) {
    const scale = options.find((option) => option.kind === 'window-scale');
    own.shift = scale?.kind === 'window-scale' ? scale.value : 0;
    return window;
  }
  const shift = own.shift !== null && other.shift !== 0 ? own.shift : 0;
  return window % 2 ** shift === 0 ? window / 2 ** shift : window;
}

function moved(tcp: TextSegment, window: number, { offset, isLossy }: Conversation): TextSegment {
  const move = (number: number) => (number + offset) >>> 0;
  return {
    ...tcp,
    window,
    isLossy,
    seq: move(tcp.seq as number),
    ack: tcp.ack === null ? null : move(tcp.ack),
    options: tcp.options.map((option) =>
      option.kind === 'sack'
        ? { kind: 'sack', blocks: option.blocks.map(({ left, right }) => ({ left: move(left), right: move(right) })) }
        : option,
    ),
  };
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
