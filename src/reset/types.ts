/**
 * The cold side: what is known of one RST; what was concluded from it is vocabulary/verdict.ts. Everything here is plain
 * readonly data; times are nanoseconds since the first record, frames 1-based, sequence numbers the
 * unsigned 32-bit values of the wire.
 */

import type { FileBorders } from '../capture/borders.js';
import type { StackFacts } from '../context/stacks.js';
import type { Place } from '../context/types.js';

/** A place in the capture. */
export interface Mark {
  readonly frame: number;
  readonly time: number;
}

/** client / server where the SYN was seen, originator / responder (of the first packet seen) where not. */
export type EndpointRole = 'client' | 'server' | 'originator' | 'responder';

/** Data one endpoint sent without the other sending data in between. */
export interface Message {
  readonly first: Mark;
  readonly last: Mark;
  /** Payload octets, retransmissions not counted. */
  readonly length: number;
  /** Silence (no payload either way) before it, ns; null for the first data of a connection. */
  readonly idleBefore: number | null;
  /** Its first 64 octets as far as captured. */
  readonly octets: Uint8Array;
}

/** One endpoint as the capture shows it up to the RST; names are the variables of RFC 9293 §3.3.1. */
export interface EndpointFacts {
  readonly address: string;
  readonly port: number;
  readonly role: EndpointRole;
  /** Initial send sequence number; null when its SYN was not seen. */
  readonly iss: number | null;
  /** What Wireshark subtracts for relative numbers: ISS, or the first number seen less one. */
  readonly zero: number;
  /** Highest sequence end sent, SYN and FIN counted; null when it sent nothing but RSTs. */
  readonly sndNxt: number | null;
  /** Highest of its numbers that the other end acknowledged; null when none was. */
  readonly sndUna: number | null;
  /** Highest acknowledgment it sent; null when it sent none. */
  readonly rcvNxt: number | null;
  /** Window it advertised last, octets; null when its scale is not known. */
  readonly rcvWnd: number | null;
  /** The same, unscaled as on the wire. */
  readonly rawWindow: number;
  readonly windowScale: number | null;
  readonly mss: number | null;
  readonly segments: number;
  readonly dataSegments: number;
  /** Payload octets sent (sequence space, retransmissions not counted). */
  readonly bytes: number;
  /** Payload octets sent that the other end never acknowledged. */
  readonly bytesUnacked: number;
  readonly syn: Mark | null;
  /** First FIN, and the silence (no payload either way) before it in ns. */
  readonly fin:
    | (Mark & { readonly idleBefore: number | null; readonly acked: Mark | null; readonly seq: number })
    | null;
  readonly firstData: Mark | null;
  readonly lastData: Mark | null;
  readonly lastSegment: Mark | null;
  /** Last acknowledgment that moved forward. */
  readonly lastAckMoved: Mark | null;
  /** Number of messages it sent and the last of them. */
  readonly messages: number;
  readonly lastMessage: Message | null;
  readonly retransmissions: number;
  /** The run of retransmissions of what is outstanding at the end: count and first; null when none is running. */
  readonly retransmitting: { readonly count: number; readonly first: Mark; readonly last: Mark } | null;
  /** Keep-alive probes it sent since the other end last spoke (RFC 9293 §3.8.4). */
  readonly keepAliveProbes: {
    readonly count: number;
    readonly first: Mark;
    readonly last: Mark;
    readonly interval: number;
  } | null;
  readonly zeroWindowProbes: number;
  /** Start of the zero window it advertises still; null when its window is open. */
  readonly zeroWindow: Mark | null;
  /** Octets it received but whose window never came back: what its program had not read, at least. null = cannot be told. */
  readonly unreadLowerBound: number | null;
  /** Where that span began. */
  readonly frozenSince: Mark | null;
  /** Out-of-order data of this endpoint is missing at the other end (SACK blocks or a hole seen). */
  readonly hole: boolean;
  readonly timestamps: boolean;
  /** The TCP stack that its SYN shows, on this connection or another of its host; null where it is not known. */
  readonly stack: StackFacts | null;
}

/** A segment of the tail, oldest first. */
export interface TailSegment extends Mark {
  /** Sent by the sender of the RST, or by its receiver. */
  readonly from: 'sender' | 'receiver';
  readonly seq: number;
  readonly ack: number;
  readonly control: number;
  readonly length: number;
  readonly window: number;
  /** null where the capture does not tell it (text). */
  readonly ttl: number | null;
  /** null in IPv6, and where the capture does not tell it. */
  readonly ipId: number | null;
  readonly tsVal: number | null;
  readonly tsEcr: number | null;
  /** Bit set of what the tracker saw in it. */
  readonly note:
    | 'new'
    | 'retransmission'
    | 'out-of-order'
    | 'keep-alive'
    | 'zero-window-probe'
    | 'duplicate-ack'
    | 'none';
  /** First octets (at most 8) of its payload. */
  readonly head: Uint8Array;
  /** It has MP_FASTCLOSE: the whole Multipath TCP connection is to end (RFC 8684 §3.5). */
  readonly fastclose: boolean;
}

/** A packet as it looked after (or before) its addresses were translated. */
export interface Translated {
  readonly frame: number;
  readonly sender: Place;
  readonly receiver: Place;
}

/** The RST segment itself. */
export interface ResetSegment extends Mark {
  readonly seq: number;
  /** The acknowledgment field, whether or not the ACK bit is set. */
  readonly ack: number;
  readonly control: number;
  readonly hasAck: boolean;
  readonly window: number;
  readonly length: number;
  readonly payload: Uint8Array;
  readonly headerLength: number;
  /** null where the capture does not tell it (text), as `ipId` and `df`. */
  readonly ttl: number | null;
  readonly ipId: number | null;
  readonly df: boolean | null;
  readonly tos: number;
  readonly timestamps: { readonly tsVal: number; readonly tsEcr: number } | null;
  readonly signature: boolean;
  readonly mptcp: number;
  readonly mptcpReason: number | null;
  /** null: cut, or offloaded and so not to be judged. */
  readonly checksumValid: boolean | null;
  readonly sackBlocks: number;
  /** Its header is longer than the options that are known: others may have been there. */
  readonly optionsCut: boolean;
  /** It has MSS, window scale or SACK-permitted, which belong to SYNs (RFC 9293 §3.2, RFC 7323 §2.2, RFC 2018 §2). */
  readonly synOptions: boolean;
}

/** What the numbers of an RST are (docs/causes.md, "Shapes"). `seq` and `ack` decide, provenance decides the rest. */
export const SHAPES = [
  'active', // RST ACK, seq = SND.NXT, ack = what it had received
  'active-shrunk', // as active, seq clipped to a window that the peer shrank
  'active-after-fin', // seq one before SND.NXT after its own FIN
  'reply', // RST, seq = the ack of a segment that had just come
  'reply-to-syn', // RST ACK, seq 0, ack = SYN + 1
  'mirror', // RST ACK that mirrors the trigger's numbers: seq = its ack, ack = its end
  'forward', // RST built from the sender's own last segment
  'behind', // seq before SND.NXT, no trigger fits
  'ahead', // seq after SND.NXT and after every ack
  'stale-isn', // seq = ISS + 1 though data was sent
  'zero', // seq 0 where it cannot be
  'orphan', // nothing of its sender was seen: the numbers cannot be judged
] as const;
export type Shape = (typeof SHAPES)[number];

/** Facts that tell who made the packet; null = not testable here. Judged in provenance.ts. */
export interface Provenance {
  /** `ofHost`: the usual TTL was taken from other connections of the same host. */
  readonly ttl: {
    readonly rst: number;
    readonly usual: number;
    readonly samples: number;
    readonly ofHost: boolean;
  } | null;
  /** `zero`: 0 with DF; `continues`: the socket's counter goes on; `breaks`: neither; `mirrors`: the trigger's own. */
  readonly ipId: 'zero' | 'continues' | 'breaks' | 'mirrors' | null;
  readonly ipIdStep: number | null;
  readonly dfDiffers: boolean | null;
  /** `kept`: present and in line; `missing`: negotiated but absent; `odd`: present, out of line; null: never negotiated. */
  readonly timestamps: 'kept' | 'missing' | 'odd' | null;
  readonly window: 'zero' | 'plausible' | 'mirrors';
  readonly macDiffers: boolean | null;
  /** ns from the trigger; null without one. */
  readonly latency: number | null;
  /** The reply came faster than the shortest round trip allows. */
  readonly tooFast: boolean;
  /** First segment by which the named sender went on living after its RST. */
  readonly senderWentOn: (Mark & { readonly length: number }) | null;
  /** A SYN-ACK came after the RST that refused its SYN. */
  readonly synAckAfter: Mark | null;
  /** Resets in the name of the other end at the same time. */
  readonly bothEnds: Mark | null;
  /** Other RSTs in the name of this sender with different seq, not matched to triggers. */
  readonly volley: readonly number[];
  /** RST frames of this sender whose TTL, IP ID and DF are the same odd ones. */
  readonly alike: readonly number[];
  /** The RST that a known traffic shaper sends beside this one; null where none is. */
  readonly twin: number | null;
  /** The sender's other packets are in the capture, but its format (text) tells the IP header of the RST to nobody. */
  readonly hidden: boolean;
}

/**
 * `certain`: no other cause in the catalogue makes these packets where the capture was taken; `likely`: what looks the same
 * is named; `possible`: no verdict by itself.
 */
export type Confidence = 'certain' | 'likely' | 'possible';

export type Value = string | number | boolean | null;

/** One fact: a past-tense clause without frame number or full stop; renderers make the sentence. */
export interface Evidence {
  readonly frame: number | null;
  readonly text: string;
  readonly values: Readonly<Record<string, Value>>;
}

export type MechanismKind = 'live-socket' | 'kernel-reply' | 'third-party' | 'undecided';

export interface Mechanism {
  readonly kind: MechanismKind;
  readonly confidence: Confidence;
  /** For a third party whose TTL can be believed: hops from the capture point. */
  readonly hops: number | null;
  /** The facts, as clauses, strongest first. */
  readonly facts: readonly Evidence[];
}

/** What came later on that four-tuple. */
export interface Aftermath {
  /** New data or acknowledgments from the sender after its RST. */
  readonly senderWentOn: (Mark & { readonly length: number }) | null;
  /**
   * Signs that the receiver's connection lived on: data or a moved acknowledgment, not packets in flight. `length`: octets that the
   * RST's sender had not acknowledged.
   */
  readonly receiverWentOn: (Mark & { readonly length: number }) | null;
  readonly challengeAck: Mark | null;
  /** Frame of new data of the receiver right behind the RST: in flight, or captured out of order. */
  readonly crossed: number | null;
  /** A SYN-ACK of the sender after its RST, for what had come before it. */
  readonly synAck: Mark | null;
  /** The RST bears the number behind that SYN-ACK's: whoever sent it had seen it, and the capture has the two out of order. */
  readonly knewSynAck: boolean;
  /** Frames of later RSTs of the same death, either side. */
  readonly resets: readonly number[];
  /** The next incarnation's SYN, and whether it was answered. */
  readonly nextSyn: (Mark & { readonly answer: 'accepted' | 'refused' | null }) | null;
  /** A SYN of this incarnation, sent again after the RST: whoever sent it still asked. And the SYN-ACK of the RST's sender to it. */
  readonly synAgain: (Mark & { readonly by: 'sender' | 'receiver'; readonly accepted: Mark | null }) | null;
}

/** Another RST of the same incarnation. */
export interface SiblingReset extends Mark {
  readonly fromSender: boolean;
  readonly seq: number;
  readonly ack: number;
  /** null where the capture does not tell it, as `df`. */
  readonly ttl: number | null;
  /** -1 in IPv6 and where the capture does not tell it. */
  readonly ipId: number;
  readonly df: boolean | null;
  readonly hasAck: boolean;
  readonly window: number;
}

/** An ICMP error that quoted the connection. */
export interface IcmpFact extends Mark {
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** Octets that the next link takes, where the error names them; 0 where not. */
  readonly mtu: number;
}

/** Large packets of one end are lost on the path and small ones arrive: its MTU is smaller than that end was told. */
export interface BlackHole {
  readonly of: 'sender' | 'receiver';
  /** Payload of the first large segment that was lost; at the other end of the path at least as much is missing. */
  readonly octets: number;
  /** The longest payload that came through before. */
  readonly passed: number;
  /** It was sent again, where the capture is before the narrow link. */
  readonly again: { readonly count: number; readonly first: Mark; readonly last: Mark } | null;
  /** Smaller segments from behind it arrived: the first SACK that says so (RFC 2018), how many did, and the longest of them. */
  readonly beyond: (Mark & { readonly count: number; readonly longest: number }) | null;
  /** A small packet of that end arrived later: an acknowledgment that was not asked for again, or one captured behind the link. */
  readonly later: Mark | null;
  /** The router's word for it, which that end did not heed: what its link takes, and the MSS that would have passed. */
  readonly icmp: (Mark & { readonly name: string; readonly mtu: number; readonly mss: number }) | null;
}

/** What an application says last, and what nobody need answer: the dialogue is over. */
export interface Goodbye {
  /** `an LDAP unbind`. */
  readonly name: string;
  /** Its octets say so; else its size and place do. */
  readonly clear: boolean;
  readonly by: EndpointFacts;
  /** Its octets. */
  readonly length: number;
}

/** A reason carried in the RST itself. */
export interface StatedReason {
  readonly by: 'diagnostic payload' | 'MPTCP' | 'F5 BIG-IP' | 'NetScaler' | 'text in the RST';
  readonly text: string;
}

/** One RST with everything the capture shows of its connection; the input of every signature. */
export interface Reset {
  readonly rst: ResetSegment;
  readonly sender: EndpointFacts;
  readonly receiver: EndpointFacts;
  readonly shape: Shape;
  /** The segment of the receiver that drew the RST; null for a spontaneous one. */
  readonly trigger:
    | (TailSegment & {
        readonly latency: number;
        readonly index: number;
        /** Not in the capture, or captured behind the RST: that number and what a filter dropped, or the moment, tell of it. */
        readonly unseen?: true;
      })
    | null;
  /** When a segment drew the RST: the trigger's moment; where the receiver's direction was not captured, that of the reply itself. */
  readonly drawn: Mark | null;
  readonly provenance: Provenance;
  readonly mechanism: Mechanism;
  readonly aftermath: Aftermath;
  /** The state of the connection as seen, before the RST. */
  readonly phase:
    | 'orphan'
    | 'syn-sent'
    | 'handshake'
    | 'established'
    | 'sender-closed'
    | 'receiver-closed'
    | 'both-closed';
  /** null when the capture did not show the handshake. */
  readonly handshake: { readonly syn: Mark; readonly synAck: Mark | null; readonly ack: Mark | null } | null;
  /** When the server had the connection: the handshake's last packet, or its SYN-ACK where the client's direction was not captured. */
  readonly accepted: Mark | null;
  /** Shortest round trip as the handshake shows it at the capture point (SYN to its ACK), ns; null when not seen. */
  readonly rtt: number | null;
  /** From the capture point to the server (SYN → SYN-ACK) and to the client (SYN-ACK → ACK), ns. */
  readonly rttParts: { readonly server: number; readonly client: number } | null;
  readonly incarnation: number;
  readonly start: Mark;
  /** Alternations of direction so far: number of complete request/response pairs. */
  readonly exchanges: number;
  /** Silence before the RST: since the last segment of any kind, and since the last payload, ns. */
  readonly idle: number;
  readonly idleData: number | null;
  readonly history: string;
  readonly packets: number;
  /** The other RSTs of this incarnation, in frame order (at most 64). */
  readonly siblings: readonly SiblingReset[];
  /** At most 16 segments, oldest first, the RST not among them. */
  readonly tail: readonly TailSegment[];
  readonly icmp: IcmpFact | null;
  /** Frames of copies of the RST. */
  readonly copies: readonly number[];
  /** Those copies among them that bear other addresses: the capturing machine translates (NAT, Docker, kube-proxy). */
  readonly translated: readonly Translated[];
  /** What its receiver sent last and its sender never answered: data after the sender's last data. */
  readonly unanswered: Message | null;
  /** The last thing said, where it is a goodbye of its protocol. */
  readonly goodbye: Goodbye | null;
  /** What the windows prove of data the sender's program had not read; null where they prove nothing. */
  readonly unread: {
    /** At least so many octets. */
    readonly octets: number;
    /** The window in the RST is larger than the last one by so many octets: the queue was purged (docs/causes.md, "Unread data"). */
    readonly grew: number;
    readonly since: Mark | null;
  } | null;
  /** Did the path lose the large packets of one end alone? null where nothing says so. */
  readonly blackHole: BlackHole | null;
  /** The reason the RST itself states, null where it states none. */
  readonly stated: StatedReason | null;
  /** Octets that the RST acknowledges and no segment before it did: they had just come. null without the ACK bit. */
  readonly freshlyAcked: number | null;
  /** false: the RST took no effect (the connection went on, a challenge ACK, a wrong checksum). */
  readonly effective: boolean;
  /** A pending SYN with another ISN on this four-tuple (port reuse, RFC 9293 §3.10.7.4). */
  readonly pendingSyn: (Mark & { readonly seq: number; readonly from: 'sender' | 'receiver' }) | null;
  /** Quality: what lowers confidence for this connection. */
  readonly quality: {
    readonly midStream: boolean;
    readonly oneSided: boolean;
    readonly cut: boolean;
    /** Packets of this connection are in the capture and could not be understood (text). */
    readonly garbled: boolean;
    /** The capture tells no times (text). */
    readonly untimed: boolean;
    /** The RST's sequence number does not count from where the others do (text). */
    readonly rootless: boolean;
    readonly flagsOnly: boolean;
    readonly unseen: boolean;
  };
  /** The run was read from several files: frames before each. Its frames count through all of them. */
  readonly borders?: FileBorders;
  /** It was read from an earlier report: what reports do not tell (packets, numbers, windows) is null, empty or 0. */
  readonly retold?: true;
}

/** What an RST did to its connection: ended it, followed another that did, or took no effect. */
export type Role = 'first' | 'aftershock' | 'ignored';
