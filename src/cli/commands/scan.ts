/**
 * A second pass over a capture for one connection: every packet of it, in little memory, and what is near when there
 * is none. `show` needs more than the first pass keeps.
 */

import { readerOf } from '../../capture/series.js';
import { type CaptureReader, CaptureRecord } from '../../capture/types.js';
import { addressText } from '../../packet/address.js';
import { Decoder } from '../../packet/decode.js';
import { DECODED_TCP, type Segment } from '../../packet/segment.js';
import { parseAddress } from '../../report/select/address.js';
import type { QueryEnd } from '../../report/select/query.js';
import { type FollowOptions, follow, type Incarnation, isSyn } from './incarnations.js';

export interface Scan {
  readonly incarnations: readonly Incarnation[];
  readonly records: number;
  /** Connections (SYNs) to the wanted endpoints from elsewhere: `10.9.8.7:8080` → by client address. */
  readonly near: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Clients counted per endpoint: enough to name the most frequent. */
const MOST_CLIENTS = 1000;

export interface ScanOptions extends FollowOptions {
  readonly reader?: () => CaptureReader;
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
    } else if (isSyn(segment)) {
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
  const records = await eachSegment(chunks, reader, (segment, frames) => {
    if (segment.frame === frame || frames?.includes(frame)) ends = [sourceOf(segment), targetOf(segment)];
  });
  return { ends, records };
}

/**
 * @param visit shown each segment, and the frames of its fragments where it was put together of several
 * @returns the number of records
 */
async function eachSegment(
  chunks: AsyncIterable<Uint8Array>,
  makeReader: (() => CaptureReader) | undefined,
  visit: (segment: Segment, frames: readonly number[] | null) => void,
): Promise<number> {
  const reader = readerOf(chunks, makeReader);
  const record = new CaptureRecord();
  const decoder = new Decoder();
  let records = 0;
  const drain = () => {
    while (reader.next(record)) {
      records = record.frame;
      do {
        if (decoder.decode(record) === DECODED_TCP) visit(decoder.segment, decoder.framesOf(record));
      } while (decoder.more(record));
    }
  };
  for await (const chunk of chunks) {
    reader.push(chunk);
    drain();
  }
  reader.end();
  drain();
  const { fragments } = decoder;
  for (fragments.end(); fragments.owes; )
    if (decoder.next() === DECODED_TCP) visit(decoder.segment, decoder.framesOf(record));
  return records;
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
