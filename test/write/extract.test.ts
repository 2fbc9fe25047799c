import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { outputName, wantedConnections } from '../../src/report/extraction.js';
import { displayFilter } from '../../src/report/words/wording.js';
import { extracted } from '../../src/write/extract.js';
import { AddressPermutation, keyOf } from '../../src/write/permute.js';
import { concat, pcap, pcapng, readAll } from '../support/captures.js';
import { wifi } from '../support/encapsulations.js';
import { octets as join, option, tcpPacket } from '../support/packets.js';

const folder = new URL('../../captures/', import.meta.url);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.pcap'));
const load = (name: string) => readFileSync(new URL(name, folder));

async function extract(file: Uint8Array, by: 'connection' | 'cause', permutation?: AddressPermutation) {
  const { verdicts } = await diagnose(file);
  const wanted = wantedConnections(verdicts, (verdict) => outputName('x', verdict, by));
  const outputs = new Map<string, Uint8Array[]>();
  for await (const { output, octets } of extracted([file], wanted, { permutation, application: 'test' })) {
    outputs.set(output, [...(outputs.get(output) ?? []), octets]);
  }
  return { verdicts, outputs: new Map([...outputs].map(([name, parts]) => [name, concat(parts)])) };
}

describe('extract', () => {
  it('keeps octets, lengths and times', async () => {
    const file = load('keepalive-race-after-fin.pcap');
    const { outputs } = await extract(file, 'connection');
    const all = readAll(file);
    expect(outputs.size).toBeGreaterThan(0);
    for (const output of outputs.values()) {
      const { records, info } = readAll(output);
      expect(info.format).toBe(all.info.format);
      const shift = Number((info.epoch as bigint) - (all.info.epoch as bigint));
      for (const record of records) {
        expect(
          all.records.some(
            (one) =>
              one.time === record.time + shift &&
              one.originalLength === record.originalLength &&
              Buffer.compare(one.octets, record.octets) === 0,
          ),
        ).toBe(true);
      }
    }
  });

  it('takes an aggregated frame of IEEE 802.11 once and whole, though only one of its packets is wanted', async () => {
    const subframe = (frame: Uint8Array) =>
      join(frame.subarray(0, 12), [frame.length - 6, 2], [0xaaaa03, 3], [0, 3], frame.subarray(12));
    const record = (...frames: readonly Uint8Array[]) =>
      join(
        wifi(frames[0]!, 'down', join(0x80, 0)).subarray(0, 26),
        ...frames.flatMap((frame) => [subframe(frame), new Uint8Array(-(frame.length + 8) & 3)]),
      );
    const back = { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80 } as const;
    const syn = (port: number) => tcpPacket({ sourcePort: port, seq: 7, flags: 'S' });
    const refusal = tcpPacket({ ...back, destinationPort: 41_000, ack: 8, window: 0, flags: 'RA' });
    const synAck = tcpPacket({ ...back, destinationPort: 42_000, seq: 1, ack: 8, flags: 'SA' });
    const records = [
      record(syn(42_000), syn(41_000)),
      record(synAck, refusal),
      record(tcpPacket({ ...back, destinationPort: 42_000 })),
    ];
    const file = pcap(
      records.map((data, index) => ({ time: index * 1000, data })),
      { linkType: 105 },
    );
    const { verdicts, outputs } = await extract(file, 'connection');
    expect(verdicts.map(({ reset }) => [reset.rst.frame, reset.receiver.port])).toEqual([[2, 41_000]]);
    const [output] = outputs.values();
    expect(readAll(output!).records.map(({ octets }) => octets)).toEqual(records.slice(0, 2));
    const again = await diagnose(output!);
    expect(again.verdicts.map(({ cause }) => cause.id)).toEqual(verdicts.map(({ cause }) => cause.id));
    // Made anonymous, only the packets of that connection are left of them.
    const { outputs: anonymous } = await extract(file, 'connection', new AddressPermutation(keyOf('key')));
    expect((await diagnose([...anonymous.values()][0]!)).captures[0]).toMatchObject({
      records: 2,
      segments: 2,
      resets: 1,
    });
  });

  it('splits lives of one four-tuple, and takes no packet of another connection', async () => {
    const life = (isn: number, port: number) => [
      tcpPacket({ sourcePort: port, seq: isn, flags: 'S' }),
      tcpPacket({
        source: '10.0.0.2',
        destination: '10.0.0.1',
        sourcePort: 80,
        destinationPort: port,
        seq: 0,
        ack: isn + 1,
        flags: 'RA',
      }),
    ];
    const packets = [...life(1000, 40_000), ...life(5000, 40_001), ...life(90_000, 40_000)];
    const times = packets.map((data, index) => ({ data, time: index * 20e9 }));
    const { outputs } = await extract(pcap(times), 'connection');
    expect([...outputs.values()].map((output) => readAll(output).records.length)).toEqual([2, 2, 2]);
  });

  it('puts all of a cause into one file, of the format of the capture', async () => {
    const packets = [1, 2].flatMap((n) => [
      tcpPacket({ sourcePort: 40_000 + n, seq: n, flags: 'S' }),
      tcpPacket({
        source: '10.0.0.2',
        destination: '10.0.0.1',
        sourcePort: 80,
        destinationPort: 40_000 + n,
        ack: n + 1,
        seq: 0,
        flags: 'RA',
      }),
    ]);
    const { outputs, verdicts } = await extract(pcapng(packets), 'cause');
    expect([...outputs.keys()]).toEqual([`x.${verdicts[0]!.cause.id}`]);
    const { records, info } = readAll([...outputs.values()][0]!);
    expect([records.length, info.format]).toEqual([4, 'pcapng']);
  });

  it('selects by its display filter exactly the evidence', async () => {
    const { verdicts } = await extract(load('keepalive-race-after-fin.pcap'), 'connection');
    expect(displayFilter(verdicts[0]!)).toMatch(/frame\.number in \{[\d,. ]+\}/);
  });
});

describe('anonymous extracts', () => {
  const permutation = () => new AddressPermutation(keyOf('secret'));

  it('hold no payload, no address and no option that names anything', async () => {
    const secret = tcpPacket({
      flags: 'PA',
      payload: 'GET /secret',
      options: concat([option.md5, option.timestamps(7, 9), Uint8Array.of(34, 10, 1, 2, 3, 4, 5, 6, 7, 8)]),
    });
    const rst = tcpPacket({
      source: '10.0.0.2',
      destination: '10.0.0.1',
      sourcePort: 80,
      destinationPort: 40_000,
      flags: 'R',
      payload: 'by policy',
    });
    const { outputs } = await extract(pcap([secret, rst]), 'connection', permutation());
    const { records, info } = readAll([...outputs.values()][0]!);
    expect(info.linkTypes).toEqual([101]);
    const [first, last] = records as [(typeof records)[0], (typeof records)[0]];
    expect(Buffer.from(first.octets).includes('secret')).toBe(false);
    expect(Buffer.from(last.octets).includes('policy')).toBe(false);
    expect([...first.octets.subarray(12, 16)]).not.toEqual([10, 0, 0, 1]);
    expect(first.octets[12]).toBe(10);
    expect(first.originalLength - first.octets.length).toBe('GET /secret'.length);
    // The MD5 signature and the Fast Open cookie are NOPs now; the timestamps stand where they stood.
    expect([...first.octets.subarray(40, 58)]).toEqual(new Array(18).fill(1));
    expect([...first.octets.subarray(58, 60)]).toEqual([8, 10]);
  });

  it('are diagnosed as the capture is, where payload does not matter', async () => {
    const payloadMatters =
      /^(blocked-by-policy|closed-right|health-check|tls-|unread-close|unread-request|self-declared|ssh-|server-idle|conntrack)/;
    const other: string[] = [];
    let same = 0;
    for (const name of recordings) {
      const file = load(name);
      const parts: Uint8Array[] = [];
      const options = { permutation: permutation(), application: 'test' };
      for await (const { octets } of extracted([file], { everything: 'x' }, options)) parts.push(octets);
      const causes = async (capture: Uint8Array) => (await diagnose(capture)).verdicts.map(({ cause }) => cause.id);
      const [before, after] = [await causes(file), await causes(concat(parts))];
      if (before.length === 0 || before.some((id) => payloadMatters.test(id))) continue;
      if (before.join() === after.join()) same += 1;
      else other.push(`${name}: ${before.join()} became ${after.join()}`);
    }
    expect(same / (same + other.length), other.join('\n')).toBeGreaterThan(0.9);
  }, 0);
});
