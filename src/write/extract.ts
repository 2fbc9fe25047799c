/**
 * Picks the packets of some connections out of a capture, each with its own octets, length and time. ICMP errors that
 * quote a connection are its packets too, and so are all fragments of its packets.
 */

import { readerOf } from '../capture/series.js';
import { type CaptureReader, CaptureRecord } from '../capture/types.js';
import { makeLimits } from '../limits.js';
import { Decoder } from '../packet/decode.js';
import { DECODED_ICMP, DECODED_PART, DECODED_TCP, type Decoded, type Segment } from '../packet/segment.js';
import { anonymousPacket, LINKTYPE_RAW } from './anonymous.js';
import { InOrder, NOWHERE } from './in-order.js';
import { needsNanoseconds, pcapWriter } from './pcap.js';
import { pcapngWriter } from './pcapng.js';
import type { AddressPermutation } from './permute.js';
import { refuseText } from './refuse-text.js';
import type { CaptureWriter, WrittenRecord } from './writer.js';

export interface WantedEnd {
  /** Four words as in a Segment: IPv4 is IPv4-mapped. */
  readonly words: readonly [number, number, number, number];
  readonly port: number;
}

/** One life of a four-tuple. */
export interface WantedConnection {
  readonly one: WantedEnd;
  readonly other: WantedEnd;
  readonly firstFrame: number;
  /** Infinity for all that follows. */
  readonly lastFrame: number;
  /** Name of the output that it goes to; several may share one. */
  readonly output: string;
}

/** Every TCP packet into one output. */
export interface Everything {
  readonly everything: string;
}

export interface ExtractOptions {
  readonly reader?: () => CaptureReader;
  /** Headers only, addresses permuted. */
  readonly permutation?: AddressPermutation | undefined;
  readonly application: string;
  /** Write pcapng; default: where the capture is one. */
  readonly pcapng?: boolean;
}

/** Octets to append to an output. */
export interface Piece {
  readonly output: string;
  readonly octets: Uint8Array;
}

/** @throws CaptureError when nothing sensible can be read */
export async function* extracted(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  wanted: readonly WantedConnection[] | Everything,
  options: ExtractOptions,
): AsyncGenerator<Piece> {
  const reader = readerOf(chunks, options.reader);
  const record = new CaptureRecord();
  const decoder = new Decoder();
  const whole = 'everything' in wanted ? [{ output: wanted.everything }] : null;
  const index = new Index('everything' in wanted ? [] : wanted);
  const outputs = new Map<string, CaptureWriter>();
  const pieces: Piece[] = [];
  const write = (output: string, written: WrittenRecord) => {
    let writer = outputs.get(output);
    if (writer === undefined) {
      writer = open(reader, written, options);
      outputs.set(output, writer);
      pieces.push({ output, octets: writer.start() });
    }
    pieces.push({ output, octets: writer.record(written) });
  };
  const order = new InOrder(write, makeLimits().fragmentOctets);
  const { fragments } = decoder;
  fragments.onForgotten = (frames) => order.decide(frames, NOWHERE);
  /** What was decoded last: to the outputs of the record, or of those that its fragments came in. */
  const take = (what: Decoded, outputs: Set<string>) => {
    const frames = decoder.framesOf(record);
    if (what !== DECODED_TCP && what !== DECODED_ICMP) {
      if (what !== DECODED_PART && frames !== null) order.decide(frames, NOWHERE);
      return;
    }
    const { segment } = decoder;
    const found = (whole ?? index.find(segment, segment.frame)).map(({ output }) => output);
    if (options.permutation !== undefined) {
      if (what === DECODED_TCP)
        for (const output of found) write(output, anonymous(record, segment, options.permutation));
    } else {
      if (frames !== null) order.decide(frames, new Set(found));
      if (frames?.includes(record.frame) ?? true) for (const output of found) outputs.add(output);
    }
  };
  const drain = () => {
    while (reader.next(record)) {
      const { start, originalLength, linkType } = record;
      const outputs = new Set<string>();
      let undecided = false;
      do {
        const what = decoder.decode(record);
        undecided ||= what === DECODED_PART;
        take(what, outputs);
      } while (decoder.more(record));
      if (options.permutation !== undefined || (outputs.size === 0 && !undecided)) continue;
      // Whole, however many packets it holds.
      Object.assign(record, { start, originalLength, linkType });
      order.add(record, outputs.size > 0 ? outputs : null);
    }
  };
  for await (const chunk of chunks) {
    reader.push(chunk);
    drain();
    yield* pieces.splice(0);
  }
  reader.end();
  drain();
  for (fragments.end(); fragments.owes; ) take(decoder.next(), new Set());
  order.end();
  yield* pieces.splice(0);
}

/** The format of the input, so that nothing of it is lost and old tools read what they read before. */
function open(
  reader: CaptureReader,
  first: WrittenRecord,
  { permutation, application, pcapng }: ExtractOptions,
): CaptureWriter {
  refuseText(reader.info);
  const { format, epoch, snaplen } = reader.info;
  if (pcapng ?? format === 'pcapng') return pcapngWriter({ epoch, snaplen, application });
  const nanoseconds = format === 'pcap-ns' || needsNanoseconds(epoch, [first.time]);
  return pcapWriter({
    epoch,
    snaplen,
    nanoseconds,
    linkType: permutation === undefined ? first.linkType : LINKTYPE_RAW,
  });
}

function anonymous(record: CaptureRecord, segment: Segment, permutation: AddressPermutation): WrittenRecord {
  const { octets, originalLength } = anonymousPacket(segment, permutation);
  const { interfaceId, direction } = record;
  return {
    time: segment.time,
    interfaceId,
    direction,
    data: octets,
    start: 0,
    end: octets.length,
    originalLength,
    linkType: LINKTYPE_RAW,
  };
}

/** Connections by a hash of their four-tuple that is the same in both directions. */
class Index {
  private readonly byHash = new Map<number, WantedConnection[]>();

  constructor(wanted: readonly WantedConnection[]) {
    for (const connection of wanted) {
      const { one, other } = connection;
      const hash = hashOf(one.words[3], other.words[3], one.port, other.port);
      const list = this.byHash.get(hash);
      if (list) list.push(connection);
      else this.byHash.set(hash, [connection]);
    }
  }

  find(s: Segment, frame: number): readonly WantedConnection[] {
    const list = this.byHash.get(hashOf(s.source3, s.destination3, s.sourcePort, s.destinationPort));
    if (list === undefined) return [];
    return list.filter(
      ({ one, other, firstFrame, lastFrame }) =>
        frame >= firstFrame &&
        frame <= lastFrame &&
        ((isSource(s, one) && isDestination(s, other)) || (isSource(s, other) && isDestination(s, one))),
    );
  }
}

function hashOf(word: number, otherWord: number, port: number, otherPort: number): number {
  return (
    (Math.imul((word + otherWord) | 0, 0x9e3779b1) ^ Math.imul(port + otherPort, 0x85ebca6b) ^ (port * otherPort)) | 0
  );
}

function isSource(s: Segment, { words, port }: WantedEnd): boolean {
  return (
    s.sourcePort === port &&
    s.source3 === words[3] &&
    s.source2 === words[2] &&
    s.source1 === words[1] &&
    s.source0 === words[0]
  );
}

function isDestination(s: Segment, { words, port }: WantedEnd): boolean {
  return (
    s.destinationPort === port &&
    s.destination3 === words[3] &&
    s.destination2 === words[2] &&
    s.destination1 === words[1] &&
    s.destination0 === words[0]
  );
}
