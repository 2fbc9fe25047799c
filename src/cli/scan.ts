/**
 * A second pass over a capture for one connection: every packet of it, in little memory, and what is near when there
 * is none. `show` needs more than the first pass keeps.
 */

import { openReader } from '../capture/open.js';
import { type CaptureReader, CaptureRecord } from '../capture/types.js';
import { addressText } from '../packet/address.js';
import { Decoder } from '../packet/decode.js';
import { DECODED_TCP, type Segment } from '../packet/segment.js';
import { parseAddress } from '../report/address.js';
import { LadderRows } from '../report/ladder-rows.js';
import type { QueryEnd } from '../report/query.js';
import { ACK, FIN, RST, SYN } from '../tcp/control.js';

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
  readonly resets: number[];
  /** Payload of the server came. */
  answered: boolean;
  asked: boolean;
  /** The SYN was answered by a SYN-ACK. */
  accepted: boolean;
}

export interface Scan {
  readonly incarnations: readonly Incarnation[];
  readonly records: number;
  /** Connections (SYNs) to the wanted endpoints from elsewhere: `10.9.8.7:8080` → by client address. */
  readonly near: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Clients counted per endpoint: enough to name the most frequent. */
const MOST_CLIENTS = 1000;

export interface ScanOptions {
  /** Frames that must not be folded away. */
  readonly keep: (frame: number) => boolean;
  readonly fold: boolean;
  readonly reader?: () => CaptureReader;
  /** Which of the two is the client, where no SYN tells. */
  readonly client?: QueryEnd;
}

export async function scan(
  chunks: AsyncIterable<Uint8Array>,
  [one, other]: readonly [QueryEnd, QueryEnd],
  options: ScanOptions,
): Promise<Scan> {
  const incarnations: Incarnation[] = [];
  const near = new Map<string, Map<string, number>>();
  const a = wordsOf(one);
  const b = wordsOf(other);
  const visit = (segment: Segment) => {
    const fromA = isFrom(segment, a);
    if (fromA ? isTo(segment, b) : isFrom(segment, b) && isTo(segment, a)) {
      follow(incarnations, segment, fromA ? [one, other] : [other, one], options);
    } else if ((segment.control & (SYN | ACK)) === SYN) {
      if (isTo(segment, a)) countNear(near, one, segment);
      else if (isTo(segment, b)) countNear(near, other, segment);
    }
  };
  const records = await eachSegment(chunks, options.reader, visit);
  for (const { rows } of incarnations) rows.end();
  return { incarnations, records, near };
}

/** The endpoints of the TCP segment in a frame; null where that frame holds none. */
export async function endpointsOfFrame(
  chunks: AsyncIterable<Uint8Array>,
  frame: number,
  reader?: () => CaptureReader,
): Promise<{ readonly ends: readonly [QueryEnd, QueryEnd] | null; readonly records: number }> {
  let ends: [QueryEnd, QueryEnd] | null = null;
  const records = await eachSegment(chunks, reader, (segment) => {
    if (segment.frame === frame) ends = [sourceOf(segment), targetOf(segment)];
  });
  return { ends, records };
}

/** @returns the number of records */
async function eachSegment(
  chunks: AsyncIterable<Uint8Array>,
  makeReader: (() => CaptureReader) | undefined,
  visit: (segment: Segment) => void,
): Promise<number> {
  const reader = makeReader?.() ?? openReader();
  const record = new CaptureRecord();
  const decoder = new Decoder();
  let records = 0;
  const drain = () => {
    while (reader.next(record)) {
      records = record.frame;
      if (decoder.decode(record) === DECODED_TCP) visit(decoder.segment);
    }
  };
  for await (const chunk of chunks) {
    reader.push(chunk);
    drain();
  }
  reader.end();
  drain();
  return records;
}

function follow(
  incarnations: Incarnation[],
  segment: Segment,
  [from, to]: readonly [QueryEnd, QueryEnd],
  options: ScanOptions,
): void {
  const { control, frame, time, seq, length } = segment;
  let current = incarnations[incarnations.length - 1];
  if (current === undefined || beginsAnew(current, segment, from)) {
    current = begin(segment, from, to, options);
    incarnations.push(current);
  }
  const fromClient = same(current.client, from);
  if (fromClient) current.clientZero ??= control & SYN ? seq : (seq - 1) | 0;
  else if (!(control & RST)) current.serverZero ??= control & SYN ? seq : (seq - 1) | 0;
  if (control & FIN) current.fin ??= { frame, fromClient };
  if (control & RST) current.resets.push(frame);
  if (length > 0 && fromClient) current.asked = true;
  if (length > 0 && !fromClient) current.answered = true;
  if ((control & (SYN | ACK)) === (SYN | ACK)) current.accepted = true;
  current.last = { frame, time };
  const { ack, window } = segment;
  current.rows.add({ frame, time, fromClient, seq: seq >>> 0, ack: ack >>> 0, control, length, window });
}

/** A SYN with another sequence number than the first, once the old connection has come to something. */
function beginsAnew(current: Incarnation, segment: Segment, from: QueryEnd): boolean {
  if ((segment.control & (SYN | ACK)) !== SYN) return false;
  const zero = same(current.client, from) ? current.clientZero : current.serverZero;
  if (zero !== null && (zero | 0) === segment.seq) return false;
  return current.resets.length > 0 || current.fin !== null || !current.synSeen || current.accepted;
}

function begin(segment: Segment, from: QueryEnd, to: QueryEnd, options: ScanOptions): Incarnation {
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
    resets: [],
    answered: false,
    asked: false,
    accepted: false,
  };
}

interface Words {
  readonly words: readonly [number, number, number, number];
  readonly port: number;
}

function wordsOf({ address, port }: QueryEnd): Words {
  const parsed = parseAddress(address);
  let value = parsed?.value ?? 0n;
  if (parsed?.bits === 32) value |= 0xffff_0000_0000n;
  const word = (shift: bigint) => Number((value >> shift) & 0xffff_ffffn) | 0;
  return { words: [word(96n), word(64n), word(32n), word(0n)], port };
}

function isFrom(segment: Segment, { words, port }: Words): boolean {
  return (
    segment.sourcePort === port &&
    segment.source3 === words[3] &&
    segment.source2 === words[2] &&
    segment.source1 === words[1] &&
    segment.source0 === words[0]
  );
}

function isTo(segment: Segment, { words, port }: Words): boolean {
  return (
    segment.destinationPort === port &&
    segment.destination3 === words[3] &&
    segment.destination2 === words[2] &&
    segment.destination1 === words[1] &&
    segment.destination0 === words[0]
  );
}

function countNear(near: Map<string, Map<string, number>>, end: QueryEnd, segment: Segment): void {
  const key = `${end.address} ${end.port}`;
  let clients = near.get(key);
  if (clients === undefined) near.set(key, (clients = new Map()));
  const { address } = sourceOf(segment);
  if (clients.has(address) || clients.size < MOST_CLIENTS) clients.set(address, (clients.get(address) ?? 0) + 1);
}

function sourceOf(segment: Segment): QueryEnd {
  const { source0, source1, source2, source3, sourcePort } = segment;
  return { address: addressText(source0, source1, source2, source3), port: sourcePort };
}

function targetOf(segment: Segment): QueryEnd {
  const { destination0, destination1, destination2, destination3, destinationPort } = segment;
  return { address: addressText(destination0, destination1, destination2, destination3), port: destinationPort };
}

function same(one: QueryEnd, other: QueryEnd): boolean {
  return one.port === other.port && one.address === other.address;
}
