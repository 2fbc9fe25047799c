/** At a glance or decoded in full, a record is the same segment. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureRecord } from '../../src/capture/types.js';
import { endpointHash, flowHash } from '../../src/flow/hash.js';
import { Decoder } from '../../src/packet/decode.js';
import { DECODED_ICMP, DECODED_TCP, type Segment } from '../../src/packet/segment.js';
import { Glance } from '../../src/survey/glance.js';
import { ENCAPSULATIONS } from '../support/encapsulations.js';
import { octets, option, tcpPacket } from '../support/packets.js';

const PLAIN = { name: 'Ethernet', linkType: 1, wrap: (frame: Uint8Array) => frame };
const COATS = [PLAIN, ...ENCAPSULATIONS];

function recordOf(packet: Uint8Array, linkType: number, originalLength = packet.length): CaptureRecord {
  const record = new CaptureRecord();
  record.frame = 7;
  record.time = 12_345;
  // Other octets on both sides: whoever reads them gives itself away.
  record.data = octets(new Uint8Array(64).fill(0xa5), packet, new Uint8Array(64).fill(0xa5));
  record.start = 64;
  record.end = 64 + packet.length;
  record.originalLength = originalLength;
  record.linkType = linkType;
  return record;
}

/** Decodes in full on its own account, and looks, packet by packet; of several the last is returned. */
function expectSame(record: CaptureRecord, glance = new Glance(new Decoder())): number {
  const decoder = new Decoder();
  const what = decoder.decode(record);
  expect(glance.look(record)).toBe(what);
  expect([glance.frame, glance.time]).toEqual([record.frame, record.time]);
  if (what === DECODED_TCP || what === DECODED_ICMP) expectSegment(glance, decoder.segment);
  const more = glance.more(record);
  expect(more).toBe(decoder.rest !== 0);
  return more ? expectSame(record, glance) : what;
}

function expectSegment(glance: Glance, s: Segment): void {
  expect(glance).toMatchObject({
    source: endpointHash(s.source0, s.source1, s.source2, s.source3, s.sourcePort),
    destination: endpointHash(s.destination0, s.destination1, s.destination2, s.destination3, s.destinationPort),
    hash: flowHash(s),
    seq: s.seq,
    ack: s.ack,
    control: s.control,
    length: s.length,
    ttl: s.ttl,
  });
}

const FIELDS = { seq: 0xfffffff0, ack: 77, flags: 'PA', ttl: 57, payload: octets('hello') } as const;
const PACKETS = [
  ['IPv4', tcpPacket(FIELDS)],
  ['IPv6', tcpPacket({ ...FIELDS, source: '2001:db8::1', destination: '2001:db8::2' })],
  ['options', tcpPacket({ ...FIELDS, options: option.timestamps(1, 2) })],
] as const;

describe.each(COATS)('$name', ({ linkType, wrap }) => {
  test.each(PACKETS)('%s', (_, frame) => {
    expect(expectSame(recordOf(wrap(frame), linkType))).toBe(DECODED_TCP);
  });

  test.each(PACKETS)('%s cut anywhere', (_, frame) => {
    const packet = wrap(frame);
    for (let length = 0; length < packet.length; length++)
      expectSame(recordOf(packet.subarray(0, length), linkType, packet.length));
  });

  test.each(PACKETS)('%s with any octets changed', (_, frame) => {
    const packet = wrap(frame);
    const change = fc.tuple(fc.nat(packet.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), fc.nat(packet.length + 40), (changes, length) => {
        const changed = packet.slice();
        for (const [at, octet] of changes) changed[at] = octet;
        expectSame(recordOf(changed, linkType, Math.max(length, packet.length)));
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

test('an ordinary segment needs no decoder, another does', () => {
  const decoder = new Decoder();
  let decoded = 0;
  const decode = decoder.decode.bind(decoder);
  decoder.decode = (record) => {
    decoded++;
    return decode(record);
  };
  const glance = new Glance(decoder);
  for (const name of ['Ethernet', 'VLAN', 'Linux cooked', 'Linux cooked v2']) {
    const { linkType, wrap } = COATS.find((coat) => coat.name === name)!;
    for (const [, frame] of PACKETS) expectSame(recordOf(wrap(frame), linkType), glance);
  }
  expect(decoded).toBe(0);
  const { linkType, wrap } = COATS.find((coat) => coat.name === 'VXLAN')!;
  expectSame(recordOf(wrap(PACKETS[0][1]), linkType), glance);
  expect(decoded).toBe(1);
});

test('what a text does not tell is not told at a glance', () => {
  const record = recordOf(PACKETS[0][1], 1);
  record.absent = 1;
  const glance = new Glance(new Decoder());
  expect(glance.look(record)).toBe(DECODED_TCP);
  expect(glance.ttl).toBe(-1);
});
