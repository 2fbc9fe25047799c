/** What a packet filter or a kernel noted about an RST is evidence, in the words and with the frame of that packet. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { render } from '../../src/report/render.js';
import { pcap } from '../support/captures.js';
import { fragmented } from '../support/fragmented.js';
import { octets, tcpPacket } from '../support/packets.js';

const ETHERNET = 14;
const padded = (text: string, length: number) => octets(text, new Uint8Array(length - text.length));

interface Filter {
  readonly action: number;
  readonly reason?: number;
  readonly rule?: number;
  readonly sub?: number;
  readonly anchor?: string;
  readonly direction?: number;
  readonly length?: number;
}

/** PFLOG's header (OpenBSD net/if_pflog.h) before the packet. */
const filtered = (
  frame: Uint8Array,
  { action, reason = 0, rule = 4, sub = 0xffffffff, anchor = '', direction = 1, length = 61 }: Filter,
) =>
  octets(
    octets(length, 2, action, reason, padded('em0', 16), padded(anchor, 16), [rule, 4], [sub, 4], new Uint8Array(16)),
    octets(direction, new Uint8Array(3)).subarray(0, length - 60 + (-length & 3)),
    frame.subarray(ETHERNET),
  );

const little = (value: number, length: number) => octets([value, length]).reverse();

/** PKTAP's header (XNU bsd/net/pktap.h) before the frame. */
const tapped = (frame: Uint8Array, process: string, pid: number, flags: number) =>
  octets(
    octets(little(108, 4), little(1, 4), little(1, 4), padded('en0', 24), little(flags, 4), new Uint8Array(12)),
    octets(little(pid, 4), padded(process, 20), new Uint8Array(32)),
    frame,
  );

const SYN = tcpPacket({ flags: 'S', seq: 7 });
const REFUSAL = tcpPacket({
  source: '10.0.0.2',
  destination: '10.0.0.1',
  sourcePort: 80,
  destinationPort: 40_000,
  flags: 'RA',
  ack: 8,
  window: 0,
});

async function evidenceOf(packets: readonly Uint8Array[], linkType: number) {
  const diagnosis = await diagnose(
    pcap(
      packets.map((data, index) => ({ time: index * 1000, data })),
      { linkType },
    ),
  );
  const [verdict] = diagnosis.verdicts;
  return { diagnosis, evidence: verdict?.evidence.filter(({ text }) => /logged|noted/.test(text)) };
}

describe('PFLOG', () => {
  const told = async (refusal: Filter) =>
    (await evidenceOf([filtered(SYN, { action: 0 }), filtered(REFUSAL, refusal)], 117)).evidence;

  test.each<[Filter, string, object]>([
    [
      { action: 1 },
      'rule 4/(match): block in on em0',
      { rule: '4', action: 'block', reason: 'match', interface: 'em0' },
    ],
    [{ action: 0, direction: 2 }, 'rule 4/(match): pass out on em0', { rule: '4', action: 'pass' }],
    [{ action: 1, reason: 10 }, 'rule 4/(state-mismatch): block in on em0', { reason: 'state-mismatch' }],
    [{ action: 1, reason: 99 }, 'rule 4/(99): block in on em0', { reason: '99' }],
    [{ action: 1, sub: 2, anchor: 'web' }, 'rule 4.web.2/(match): block in on em0', { rule: '4.web.2' }],
    [{ action: 1, rule: 0xffffffff }, 'the default rule/(match): block in on em0', { action: 'block' }],
  ])('%o', async (refusal, text, values) => {
    expect(await told(refusal)).toEqual([
      { frame: 2, text: `the packet filter logged it: ${text}`, values: expect.objectContaining(values) },
    ]);
  });

  test('says nothing of an action that is none, nor where the header is of an older kind', async () => {
    expect(await told({ action: 77 })).toEqual([]);
    expect(await told({ action: 1, length: 60 })).toEqual([]);
  });

  test('the note is in the JSON, and changes no cause', async () => {
    const { diagnosis } = await evidenceOf([filtered(SYN, { action: 0 }), filtered(REFUSAL, { action: 1 })], 117);
    expect(render(diagnosis, 'json')).toContain(
      '"text": "the packet filter logged it: rule 4/(match): block in on em0"',
    );
    const plain = await diagnose(pcap([SYN.subarray(ETHERNET), REFUSAL.subarray(ETHERNET)], { linkType: 101 }));
    expect(diagnosis.verdicts.map(({ cause, confidence }) => [cause.id, confidence])).toEqual(
      plain.verdicts.map(({ cause, confidence }) => [cause.id, confidence]),
    );
  });

  test('each of many alike has its own', async () => {
    const packets = [1, 2, 3].flatMap((n) => [
      filtered(tcpPacket({ flags: 'S', seq: 7, sourcePort: 40_000 + n }), { action: 0 }),
      filtered(
        tcpPacket({
          source: '10.0.0.2',
          destination: '10.0.0.1',
          sourcePort: 80,
          destinationPort: 40_000 + n,
          flags: 'RA',
          ack: 8,
          window: 0,
        }),
        { action: 0, rule: n },
      ),
    ]);
    const { diagnosis } = await evidenceOf(packets, 117);
    for (const { reset, evidence } of diagnosis.verdicts)
      for (const { frame, text } of evidence.filter(({ text: words }) => words.includes('logged')))
        expect([frame, text]).toEqual([reset.rst.frame, expect.stringContaining(`rule ${reset.rst.frame / 2}/`)]);
  });
});

describe('PKTAP', () => {
  test.each([
    [1, 'received it'],
    [2, 'sent it'],
    [0, 'it belongs to'],
  ])('names the process, and what it did (%d)', async (flags, does) => {
    const { evidence } = await evidenceOf([tapped(SYN, 'curl', 4711, 2), tapped(REFUSAL, 'curl', 4711, flags)], 258);
    expect(evidence).toEqual([
      {
        frame: 2,
        text: `the capturing host noted the process that ${does}: curl (pid 4711)`,
        values: { process: 'curl', pid: 4711 },
      },
    ]);
  });

  test('or none', async () => {
    expect((await evidenceOf([tapped(SYN, '', 0, 2), tapped(REFUSAL, '', 0, 1)], 258)).evidence).toEqual([]);
  });

  test('a name is text of the file: nothing in it that a terminal would obey', async () => {
    const { evidence } = await evidenceOf([tapped(SYN, 'x', 1, 2), tapped(REFUSAL, 'a\x1b[2Jb', 1, 1)], 258);
    expect(evidence?.[0]?.values).toEqual({ process: 'a[2Jb', pid: 1 });
  });

  test('a packet that came in fragments has no note of its own', async () => {
    const parts = fragmented(REFUSAL, 8).map((part) => tapped(part, 'curl', 4711, 1));
    const { diagnosis, evidence } = await evidenceOf([tapped(SYN, 'curl', 4711, 2), ...parts], 258);
    expect(diagnosis.verdicts).toHaveLength(1);
    expect(evidence).toEqual([]);
  });
});
