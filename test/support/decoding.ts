/** One packet in, the decoder's answer out, as a plain object. */
import { CaptureRecord } from '../../src/capture/types.js';
import { Decoder } from '../../src/packet/decode.js';
import { DECODED_NAMES, type Segment } from '../../src/packet/segment.js';

export interface DecodeOptions {
  readonly linkType?: number;
  readonly originalLength?: number;
  /** What surrounds the packet in its buffer: a decoder that reads it gives itself away. */
  readonly poison?: number;
  readonly decoder?: Decoder;
}

/** The segment is the decoder's own: valid until it decodes again. */
export function decode(packet: Uint8Array, options: DecodeOptions = {}): { kind: string; segment: Segment } {
  const around = 64;
  const data = new Uint8Array(packet.length + 2 * around).fill(options.poison ?? 0);
  data.set(packet, around);
  const record = new CaptureRecord();
  record.frame = 1;
  record.data = data;
  record.start = around;
  record.end = around + packet.length;
  record.originalLength = options.originalLength ?? packet.length;
  record.linkType = options.linkType ?? 1;
  const decoder = options.decoder ?? new Decoder();
  let kind = DECODED_NAMES[decoder.decode(record)]!;
  // Of several packets in a record the last is looked at.
  while (decoder.more(record)) kind = DECODED_NAMES[decoder.decode(record)]!;
  return { kind, segment: decoder.segment };
}

/** Everything a segment says but where in the buffer it says so. */
export function fieldsOf(segment: Segment): Record<string, unknown> {
  const { data, payloadStart, payloadEnd, tcpStart, ipStart, rareOptions, ...fields } = segment;
  return { ...fields, payload: [...data.subarray(payloadStart, payloadEnd)], tcpAfterIp: tcpStart - ipStart };
}
