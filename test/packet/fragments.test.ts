/** IP fragments: what is told of them, in which frame, and what is not believed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureRecord } from '../../src/capture/types.js';
import { makeLimits } from '../../src/limits.js';
import { tcpChecksumValid } from '../../src/packet/checksum.js';
import { Decoder } from '../../src/packet/decode.js';
import { FragmentCounts, Fragments } from '../../src/packet/fragments.js';
import { DECODED_NAMES } from '../../src/packet/segment.js';
import { ACK, FIN, PSH, RST, SYN } from '../../src/tcp/control.js';
import { ENCAPSULATIONS } from '../support/encapsulations.js';
import { fragmented, fragmentOf, payloadOf } from '../support/fragmented.js';
import { ethernet, ipv4, octets, option, tcpPacket } from '../support/packets.js';

interface Sent {
  readonly data: Uint8Array;
  /** ms */
  readonly at?: number;
  /** Octets that were captured of it. */
  readonly captured?: number;
  readonly linkType?: number;
}

interface Told {
  readonly kind: string;
  readonly frame: number;
  readonly time: number;
  readonly seq: number;
  readonly length: number;
  readonly control: number;
  readonly payload: string;
  readonly checksum: boolean | null;
  readonly frames: readonly number[] | null;
}

/** What the packets tell, one after the other, and behind the last what still waited; parts of packets aside. */
function tellsOf(sent: readonly (Sent | Uint8Array)[], limits = makeLimits()) {
  const counts = new FragmentCounts();
  const fragments = new Fragments(limits, counts);
  const decoder = new Decoder(fragments);
  const told: Told[] = [];
  const kinds: string[] = [];
  const record = new CaptureRecord();
  const tell = (what: number) => {
    const kind = DECODED_NAMES[what]!;
    kinds.push(kind);
    if (kind !== 'tcp' && kind !== 'icmp') return;
    const { frame, time, seq, length, control, data, payloadStart, payloadEnd } = decoder.segment;
    const payload = new TextDecoder('latin1').decode(data.subarray(payloadStart, payloadEnd));
    const checksum = kind === 'tcp' ? tcpChecksumValid(decoder.segment) : null;
    const frames = decoder.framesOf(record);
    told.push({ kind, frame, time: time / 1e6, seq, length, control, payload, checksum, frames });
  };
  for (const [index, one] of sent.entries()) {
    const { data, at = index, captured = data.length, linkType = 1 } = one instanceof Uint8Array ? { data: one } : one;
    // Each record lies where the one before was: what is kept of that must be a copy.
    record.data.fill(0xa5);
    Object.assign(record, { frame: index + 1, time: at * 1e6, data: data.slice(0, captured), start: 0, end: captured });
    Object.assign(record, { originalLength: data.length, linkType });
    do tell(decoder.decode(record));
    while (decoder.more(record));
  }
  for (fragments.end(); fragments.owes; ) tell(decoder.next());
  expect(fragments.busy).toBe(0);
  return { told, kinds, counts };
}

const TEXT = 'abcdefghijklmnopqrstuvwxyz'.repeat(4);
const FOUR = tcpPacket({ flags: 'PA', seq: 1000, ack: 5, ipId: 77, payload: TEXT });
const SIX = tcpPacket({ flags: 'PA', seq: 1000, ack: 5, source: 'fd00::1', destination: 'fd00::2', payload: TEXT });
const WHOLE = { kind: 'tcp', seq: 1000, length: 104, control: PSH | ACK, payload: TEXT, checksum: true };

describe.each([
  ['IPv4', FOUR],
  ['IPv6', SIX],
])('%s', (_, packet) => {
  test.each([8, 16, 24, 48, 104, 120])(
    'in fragments of %d octets is one segment, in the frame that completes it',
    (size) => {
      const sent = fragmented(packet, size);
      const frames = sent.map((_, index) => index + 1);
      const { told, kinds, counts } = tellsOf(sent);
      expect(told).toEqual([{ ...WHOLE, frame: sent.length, time: sent.length - 1, frames }]);
      expect(kinds.slice(0, -1)).toEqual(sent.slice(1).map(() => 'part'));
      expect(counts).toEqual(new FragmentCounts());
    },
  );

  test('in any order', () => {
    const sent = fragmented(packet, 24);
    fc.assert(
      fc.property(fc.shuffledSubarray(sent, { minLength: sent.length }), (shuffled) => {
        expect(tellsOf(shuffled).told).toEqual([expect.objectContaining({ ...WHOLE, frame: sent.length })]);
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  test('each fragment twice is the same packet, and a whole copy behind it another', () => {
    const [a, b] = fragmented(packet, 64) as [Uint8Array, Uint8Array];
    const at = (data: Uint8Array, ms: number) => ({ data, at: ms });
    const twice = tellsOf([at(a, 0), at(a, 0.1), at(b, 0.2), at(b, 0.3)]);
    expect(twice.told).toEqual([{ ...WHOLE, frame: 3, time: 0.2, frames: [1, 2, 3] }]);
    expect(twice.counts).toEqual(new FragmentCounts());
    const copied = tellsOf([at(a, 0), at(b, 0.1), at(a, 0.2), at(b, 0.3)]);
    expect(copied.told.map(({ frame, length }) => [frame, length])).toEqual([
      [2, 104],
      [4, 104],
    ]);
    // The first fragment of a copy tells nothing more, and nothing is missing either.
    const first = tellsOf([at(a, 0), at(b, 0.1), at(a, 0.2)]);
    expect(first.told).toHaveLength(1);
    expect(first.counts).toEqual(new FragmentCounts());
  });

  test('an identification that is used again later is another packet', () => {
    const [a, b] = fragmented(packet, 64) as [Uint8Array, Uint8Array];
    const { told, counts } = tellsOf([a, b, { data: a, at: 500 }]);
    expect(told.map(({ frame, length }) => [frame, length])).toEqual([
      [2, 104],
      [3, 44],
    ]);
    expect(counts).toMatchObject({ incomplete: 1, incompleteFrame: 3 });
  });

  test('an atomic fragment waits for nobody', () => {
    const one = fragmentOf(packet, { offset: 0, more: false, octets: payloadOf(packet) });
    expect(tellsOf([one]).told).toEqual([{ ...WHOLE, frame: 1, time: 0, frames: null }]);
  });

  describe('without the others', () => {
    const [first, second, third] = fragmented(packet, 48) as [Uint8Array, Uint8Array, Uint8Array];
    const part = {
      kind: 'tcp',
      frame: 1,
      time: 0,
      seq: 1000,
      length: 28,
      control: PSH | ACK,
      payload: TEXT.slice(0, 28),
    };
    const address = packet === FOUR ? {} : { source: 'fd00::1', destination: 'fd00::2' };
    const back =
      packet === FOUR ? { source: '10.0.0.2', destination: '10.0.0.1' } : { source: 'fd00::2', destination: 'fd00::1' };
    const later = tcpPacket({ ...address, flags: 'A', seq: 1104, ack: 5 });
    const answer = (ack: number) =>
      tcpPacket({ ...back, sourcePort: 80, destinationPort: 40_000, flags: 'A', seq: 5, ack });

    test('the first one is told at the end, with the octets that are here', () => {
      const { told, counts } = tellsOf([first, second]);
      expect(told).toEqual([{ ...part, checksum: null, frames: [1, 2] }]);
      expect(counts).toMatchObject({ incomplete: 1, incompleteFrame: 1, contradictory: 0, crowded: 0 });
    });

    test('before the next segment of its sender', () => {
      expect(tellsOf([first, later]).told.map(({ frame }) => frame)).toEqual([1, 2]);
      const other = tcpPacket({ ...address, sourcePort: 40_001, flags: 'A' });
      expect(tellsOf([first, other, later]).told.map(({ frame }) => frame)).toEqual([2, 1, 3]);
    });

    test('before what acknowledges it, not before what crosses it', () => {
      expect(tellsOf([first, answer(1000), answer(1104)]).told.map(({ frame }) => frame)).toEqual([2, 1, 3]);
    });

    test('when it is too old', () => {
      const age = packet === FOUR ? 30_000 : 60_000;
      const other = tcpPacket({ ...address, sourcePort: 40_001, flags: 'A' });
      const late = (ms: number) => tellsOf([first, { data: other, at: ms }]).told.map(({ frame }) => frame);
      expect(late(age - 1)).toEqual([2, 1]);
      expect(late(age)).toEqual([1, 2]);
    });

    test('what comes of it after all is told behind it', () => {
      const { told, counts } = tellsOf([first, later, second, third]);
      expect(told.map(({ frame, seq, length, payload }) => [frame, seq, length, payload])).toEqual([
        [1, 1000, 28, TEXT.slice(0, 28)],
        [2, 1104, 0, ''],
        [4, 1028, 76, TEXT.slice(28)],
      ]);
      expect(counts).toEqual(new FragmentCounts());
    });

    test('those without a first tell nothing, and are counted', () => {
      const { told, counts } = tellsOf([second, third]);
      expect(told).toEqual([]);
      expect(counts).toMatchObject({ incomplete: 1, incompleteFrame: 1 });
    });
  });

  describe('is not believed', () => {
    const data = payloadOf(packet);
    const piece = (offset: number, end: number, more = end < data.length, fill?: number) =>
      fragmentOf(packet, {
        offset,
        more,
        octets: fill === undefined ? data.subarray(offset, end) : new Uint8Array(end - offset).fill(fill),
      });
    const contradictory = {
      'where two overlap': [piece(0, 64), piece(56, 124)],
      'where one lies in another': [piece(0, 64), piece(16, 32, true), piece(64, 124)],
      'where one lies around another': [piece(16, 32), piece(0, 64), piece(64, 124)],
      'where a copy has other octets': [piece(0, 64), piece(0, 64, true, 0), piece(64, 124)],
      'where a copy is longer': [piece(0, 64), piece(0, 72), piece(64, 124)],
      'with two ends': [piece(64, 124), piece(40, 64, false), piece(0, 40)],
      'with something behind its end': [piece(64, 124), piece(128, 136, true, 0), piece(0, 64)],
      'with an end before what came': [piece(0, 64), piece(104, 112), piece(64, 72, false)],
      'where the end is no end': [piece(64, 124), piece(0, 64), piece(64, 120, true)]
        .slice(0, 1)
        .concat(piece(120, 128, true, 0)),
      'beyond the longest packet': [piece(0, 64), piece(65_528, 65_528 + 64, false, 0)],
    };
    test.each(Object.entries(contradictory))('%s', (_, sent) => {
      const { told, counts } = tellsOf([...sent, piece(0, 64), piece(64, 124)]);
      expect(told).toEqual([]);
      expect(counts).toMatchObject({ contradictory: 1, incomplete: 0 });
      expect(counts.contradictoryFrame).toBeGreaterThan(0);
    });

    test('which is true of that packet alone', () => {
      const other = fragmented(packet, 64, 78);
      expect(tellsOf([piece(0, 64), piece(56, 124), ...other]).told).toHaveLength(1);
    });

    test('and a fragment that ends between two units is none', () => {
      expect(tellsOf([fragmentOf(packet, { offset: 0, more: true, octets: data.subarray(0, 61) })]).kinds).toEqual([
        'malformed',
      ]);
      expect(tellsOf([fragmentOf(packet, { offset: 8, more: false, octets: new Uint8Array(0) })]).kinds).toEqual([
        'malformed',
      ]);
    });
  });

  test('cut by a snaplen its lengths count, and its octets up to the first that is missing', () => {
    const [a, b, c] = fragmented(packet, 48) as [Uint8Array, Uint8Array, Uint8Array];
    const known = (captured: readonly number[]) =>
      tellsOf([a, b, c].map((data, index) => ({ data, captured: data.length - captured[index]! }))).told;
    expect(known([0, 10, 0])).toEqual([
      expect.objectContaining({ frame: 3, length: 104, payload: TEXT.slice(0, 66), checksum: null }),
    ]);
    expect(known([20, 0, 0])).toEqual([expect.objectContaining({ frame: 3, length: 104, payload: TEXT.slice(0, 8) })]);
    expect(known([30, 0, 0])).toEqual([expect.objectContaining({ frame: 3, length: 104, payload: '' })]);
  });
});

describe('control bits', () => {
  test.each([
    ['FPA', FIN | PSH | ACK],
    ['R', RST],
    ['RA', RST | ACK],
    ['S', SYN],
  ])('%s in fragments is told once', (flags, control) => {
    const packet = tcpPacket({ flags, seq: 7, payload: TEXT, options: option.timestamps(1, 2) });
    for (const size of [8, 16, 32, 40, 80])
      expect(tellsOf(fragmented(packet, size)).told).toEqual([
        expect.objectContaining({ kind: 'tcp', seq: 7, control, length: 104, checksum: true }),
      ]);
  });

  test.each([
    ['R', RST],
    ['S', SYN],
    ['FA', FIN | ACK],
  ])('%s in a first fragment is told though no other comes', (flags, control) => {
    const [first] = fragmented(tcpPacket({ flags, seq: 7, payload: TEXT }), 24) as [Uint8Array];
    const { told, counts } = tellsOf([first]);
    expect(told).toEqual([expect.objectContaining({ frame: 1, seq: 7, control, length: 4 })]);
    expect(counts).toMatchObject({ incomplete: 1, lateResets: flags === 'R' ? 1 : 0 });
  });

  test('in a header that a tiny first fragment cuts they are told with the second, or not at all', () => {
    const packet = tcpPacket({ flags: 'R', seq: 7 });
    const [first, second, third] = fragmented(packet, 8) as [Uint8Array, Uint8Array, Uint8Array];
    expect(tellsOf([first, second, third]).told).toEqual([expect.objectContaining({ frame: 3, control: RST })]);
    const { told, counts } = tellsOf([first, second]);
    expect(told).toEqual([]);
    expect(counts).toMatchObject({ incomplete: 1, incompleteFrame: 1 });
  });

  test('of an RST that was told nothing remains to be told', () => {
    const packet = tcpPacket({ flags: 'R', seq: 7, payload: TEXT });
    const [first, second, third] = fragmented(packet, 48) as [Uint8Array, Uint8Array, Uint8Array];
    const answer = tcpPacket({
      source: '10.0.0.2',
      destination: '10.0.0.1',
      sourcePort: 80,
      destinationPort: 40_000,
      flags: 'A',
    });
    expect(tellsOf([first, answer, second, third]).told.map(({ frame, control }) => [frame, control])).toEqual([
      [1, RST],
      [2, ACK],
    ]);
  });
});

describe('in tunnels', () => {
  test.each(ENCAPSULATIONS)(
    '$name: the packet within, and IPv4 around it where there is',
    ({ linkType, wrap, withoutMac }) => {
      const inside = fragmented(FOUR, 48).map((data) => ({ data: wrap(data), linkType }));
      const plain = tellsOf([{ data: wrap(FOUR), linkType }]).told;
      expect(plain).toHaveLength(1);
      expect(tellsOf(inside).told).toEqual([{ ...plain[0], frame: 3, time: 2, frames: [1, 2, 3] }]);
      if (linkType !== 1 || withoutMac) return;
      const outer = wrap(FOUR);
      if (outer[12] !== 8 || outer[13] !== 0) return;
      for (const size of [24, 64])
        expect(tellsOf(fragmented(outer, size)).told, `${size}`).toEqual([
          expect.objectContaining({ kind: 'tcp', seq: 1000, length: 104, payload: TEXT, checksum: true }),
        ]);
    },
  );

  const vxlan = ENCAPSULATIONS.find(({ name }) => name === 'VXLAN')!.wrap;

  test('both around and within', () => {
    const sent = fragmented(FOUR, 48).flatMap((inner, index) => fragmented(vxlan(inner), 40, 100 + index));
    expect(tellsOf(sent).told).toEqual([
      expect.objectContaining({ ...WHOLE, frame: sent.length, frames: sent.map((_, index) => index + 1) }),
    ]);
  });

  test('the first around it alone tells what is within, with the length that the header within states', () => {
    const [first] = fragmented(vxlan(FOUR), 96) as [Uint8Array];
    const { told, counts } = tellsOf([first]);
    expect(told).toEqual([expect.objectContaining({ frame: 1, seq: 1000, length: 104, payload: TEXT.slice(0, 26) })]);
    expect(counts).toMatchObject({ incomplete: 1 });
  });

  test('networks that number packets alike are told apart', () => {
    const tagged = (vlan: number) => (frame: Uint8Array) =>
      octets(frame.subarray(0, 12), [0x8100, 2], [vlan, 2], frame.subarray(12));
    const [a, b] = fragmented(FOUR, 64) as [Uint8Array, Uint8Array];
    const { told, counts } = tellsOf([tagged(10)(a), tagged(20)(b)]);
    expect(told.map(({ frame, length }) => [frame, length])).toEqual([[1, 44]]);
    expect(counts.incomplete).toBe(2);
  });
});

describe('what is not TCP', () => {
  const udp = ethernet({}, ipv4({ protocol: 17 }, octets([53, 2], [53, 2], [1008, 2], [0, 2], new Uint8Array(1000))));
  test('is not kept, nor missed', () => {
    const [first, second, third] = fragmented(udp, 400) as [Uint8Array, Uint8Array, Uint8Array];
    expect(tellsOf([first, second, third])).toMatchObject({ kinds: ['other', 'other', 'other'], told: [] });
    expect(tellsOf([second, first, third])).toMatchObject({ kinds: ['part', 'other', 'other'], told: [] });
    expect(tellsOf([first, second]).counts).toEqual(new FragmentCounts());
    const esp = ethernet({}, ipv4({ protocol: 50 }, new Uint8Array(1000)));
    expect(tellsOf(fragmented(esp, 400)).kinds).toEqual(['other', 'other', 'other']);
  });
});

describe('bounds', () => {
  const firstOf = (id: number, more = {}) => fragmented(tcpPacket({ seq: id, payload: TEXT, ...more }), 48, id)[0]!;
  test('the oldest is told when too many wait', () => {
    const limits = makeLimits({ fragmentedPackets: 3 });
    const sent = [1, 2, 3, 4, 5].map((id) => firstOf(id, { sourcePort: 40_000 + id }));
    const { told, counts } = tellsOf(sent, limits);
    expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(counts).toMatchObject({ crowded: 2, incomplete: 3 });
  });

  test('or when they hold too much', () => {
    const limits = makeLimits({ fragmentOctets: 500 });
    const sent = Array.from({ length: 20 }, (_, index) => firstOf(index, { sourcePort: 40_000 + index }));
    const { told, counts } = tellsOf(sent, limits);
    expect(told).toHaveLength(20);
    // 48 octets and what keeping them takes.
    expect(counts.incomplete).toBe(4);
    expect(counts.crowded).toBe(16);
  });
});

test('whatever comes, it ends, in little memory', () => {
  const pool = [
    FOUR,
    SIX,
    tcpPacket({ flags: 'R', payload: TEXT }),
    ENCAPSULATIONS.find(({ name }) => name === 'VXLAN')!.wrap(FOUR),
  ];
  const one = fc.record({
    packet: fc.nat(pool.length - 1),
    offset: fc.oneof(
      fc.nat(16).map((units) => units * 8),
      fc.nat(8191).map((units) => units * 8),
    ),
    length: fc.nat(80),
    more: fc.boolean(),
    id: fc.nat(5),
    cut: fc.nat(40),
    step: fc.nat(40_000),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60 }), (list) => {
      const limits = makeLimits({ fragmentOctets: 2000, fragmentedPackets: 8 });
      let at = 0;
      const sent = list.map(({ packet, offset, length, more, id, cut, step }) => {
        const frame = pool[packet]!;
        const data = fragmentOf(frame, {
          offset,
          more,
          id,
          octets: payloadOf(frame).subarray(offset, offset + length),
        });
        return {
          data,
          at: (at += step % 3 === 0 ? step : 0),
          captured: Math.max(0, data.length - (cut > 30 ? cut : 0)),
        };
      });
      const { told } = tellsOf(sent, limits);
      for (const { kind, length } of told) {
        expect(['tcp', 'icmp']).toContain(kind);
        expect(length).toBeLessThanOrEqual(65_535);
      }
    }),
    { seed: 12, numRuns: 300 },
  );
});
