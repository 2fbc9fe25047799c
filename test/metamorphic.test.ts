/**
 * The same packets in another form are the same story: any chunking, byte order or file format, other sequence numbers,
 * other wrapping, other company. And a capture that is cut says less, never something else.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureError } from '../src/capture/types.js';
import { diagnose, verdicts } from '../src/diagnose.js';
import { render } from '../src/report/render.js';
import type { Verdict } from '../src/reset/vocabulary/verdict.js';
import { type CapturedPacket, cookedV1, cookedV2, qinq, vlan } from './accuracy/conditions.mjs';
import { segment } from './accuracy/packet.mjs';
import { chunked, pcap, pcapng } from './support/captures.js';
import { CAPTURES, captureFiles } from './support/files.js';
import { tcpPacket } from './support/packets.js';
import { capture, essence, essenceOf, moveNetwork, readRecording, shiftSequences } from './support/rewrite.js';

const files = captureFiles(CAPTURES).map((path) => [basename(path), path] as const);
/** The same examples on every run. */
const repeatable = (numRuns: number) => ({ seed: 793, numRuns, endOnFailure: true });

describe('any chunking gives the same bytes', () => {
  test.each(files)('%s', async (_, path) => {
    const file = readFileSync(path);
    const whole = render(await diagnose(file), 'json');
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5000 })), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (list) => {
        expect(render(await diagnose(reusedChunks(file, list)), 'json')).toBe(whole);
      }),
      { ...repeatable(3), examples: file.length < 4000 ? [[[1]]] : [] },
    );
  });
});

/** Chunks of these sizes in turn, all in one buffer: each is valid until the next is asked for. */
function* reusedChunks(file: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  const buffer = new Uint8Array(Math.max(...sizes));
  for (let at = 0, i = 0; at < file.length; i++) {
    const size = Math.min(sizes[i % sizes.length]!, file.length - at);
    buffer.set(file.subarray(at, at + size));
    yield buffer.subarray(0, size);
    buffer.fill(0xdb);
    at += size;
  }
}

describe('either byte order, pcap and pcapng: the same verdicts', () => {
  test.each(files)('%s', async (_, path) => {
    const { packets, epoch, snaplen } = readRecording(path);
    const expected = await essenceOf(readFileSync(path));
    expect(await essenceOf(capture(packets, epoch, snaplen)), 'as written by whyrst').toEqual(expected);
    expect(await essenceOf(capture(packets, epoch, snaplen, 'pcapng')), 'pcapng by whyrst').toEqual(expected);
    const linkType = packets[0]?.linkType ?? 1;
    for (const bigEndian of [false, true]) {
      const words = bigEndian ? 'big-endian' : 'little-endian';
      expect(await essenceOf(pcap(packets, { linkType, snaplen, bigEndian })), `pcap, ${words}`).toEqual(expected);
      const finer = pcap(packets, { linkType, snaplen, bigEndian, nanoseconds: true });
      expect(await essenceOf(finer), `pcap in nanoseconds, ${words}`).toEqual(expected);
      const ng = pcapng(packets, { bigEndian, interfaces: [{ linkType, snaplen, resolution: 9 }] });
      expect(await essenceOf(ng), `pcapng, ${words}`).toEqual(expected);
    }
  });
});

describe('other sequence numbers: the same verdicts', () => {
  const shift = fc.integer({ min: 1, max: 0xffffffff });

  test.each(files)('%s', async (name, path) => {
    const { packets, epoch, snaplen } = readRecording(path);
    const expected = await essenceOf(readFileSync(path));
    // Where one connection has two names, or its packets strayed, both ends must move alike to stay one story.
    const alike = ONE_SPACE.has(name);
    const check = async (client: number, server: number) => {
      const shifted = shiftSequences(packets, { client, server: alike ? client : server });
      expect(await essenceOf(capture(shifted, epoch, snaplen))).toEqual(expected);
    };
    await fc.assert(fc.asyncProperty(shift, shift, check), repeatable(3));
    // The first numbers of both ends right before the wrap: every connection crosses 2^32 early on.
    const [client = 0, server = 0] = firstNumbers(packets);
    await check(-client - 2, -server - 2);
    await check(-client - 30, -server - 300);
  });
});

/** The leak shows the same numbers under two four-tuples, one of them without a SYN. */
const ONE_SPACE = new Set(['conntrack-invalid-leak.pcap']);

/** First sequence number of the end that spoke first, and of the other. */
function firstNumbers(packets: readonly CapturedPacket[]): number[] {
  const found = new Map<string, number>();
  let key = '';
  for (const packet of packets) {
    const s = segment(packet);
    if (s === null) continue;
    key ||= s.key;
    if (s.key !== key || found.has(s.from)) continue;
    found.set(s.from, new DataView(packet.data.buffer, packet.data.byteOffset).getUint32(s.tcp + 4));
  }
  return [...found.values()];
}

describe('other wrapping: the same verdicts', () => {
  test.each(files)('%s', async (_, path) => {
    const { packets, epoch, snaplen } = readRecording(path);
    const expected = await essenceOf(readFileSync(path));
    for (const wrap of [vlan, qinq, cookedV1, cookedV2]) {
      expect(await essenceOf(capture(wrap(packets), epoch, snaplen)), wrap.name).toEqual(expected);
    }
  });
});

describe('behind a record of an hour later, as where files were put together in another order: the same verdicts', () => {
  // A SYN of somebody else: what it says is another story, and its clock is nobody's.
  const syn = tcpPacket({ source: '198.51.100.1', destination: '198.51.100.2', flags: 'S', seq: 100 });
  test.each(files)('%s', async (_, path) => {
    const { packets, epoch, snaplen } = readRecording(path);
    const behind = (seconds: number) => {
      const first = {
        ...packets[0]!,
        frame: 0,
        linkType: 1,
        time: seconds * 1e9,
        data: syn,
        originalLength: syn.length,
      };
      return essenceOf(capture([first, ...packets], epoch, snaplen, 'pcapng'));
    };
    expect(await behind(3600)).toEqual(await behind(0));
  });
});

describe('captures of both ends in one file, whatever their clocks: nothing certain that neither says by itself', () => {
  const both = files.flatMap(([name, path]) => {
    const other = join(CAPTURES, 'vantage', name.replace(/\.pcap(ng)?$/, '.server.pcap'));
    return existsSync(other) ? [[name, path, other] as const] : [];
  });
  /** The ends know these by other names or numbers: hardly a packet has a copy by which a clock that is behind would show. */
  const TWO_NAMES = new Set(['conntrack-invalid-leak.pcap', 'syn-proxy-failure.pcap']);
  /** Milliseconds by which the server's clock is ahead. */
  const clocks = [0, 2, -2, 50, -50, 1000, -1000];
  test.each(both)('%s', async (name, path, other) => {
    const [client, server] = [readRecording(path), readRecording(other)];
    const alone = [...(await diagnose(readFileSync(path))).verdicts, ...(await diagnose(readFileSync(other))).verdicts];
    const known = new Set(alone.map(({ cause }) => cause.id));
    for (const ahead of clocks.filter((ms) => ms >= 0 || !TWO_NAMES.has(name))) {
      const shift = Number(server.epoch - client.epoch) + ahead * 1e6;
      const packets = [...client.packets, ...server.packets.map((p) => ({ ...p, time: p.time + shift }))];
      packets.sort((a, b) => a.time - b.time);
      const { verdicts } = await diagnose(capture(packets, client.epoch, client.snaplen, 'pcapng'));
      const certain = verdicts.filter(({ confidence, cause }) => confidence === 'certain' && !known.has(cause.id));
      expect(
        certain.map(({ id, cause }) => `${id} ${cause.id}`),
        `${ahead} ms`,
      ).toEqual([]);
    }
  });
});

describe('each direction written in batches, as by interfaces with buffers of their own: nothing else is certain', () => {
  test.each(files)('%s', async (_, path) => {
    const { packets, epoch, snaplen } = readRecording(path);
    const known = new Set((await diagnose(readFileSync(path))).verdicts.map(({ cause }) => cause.id));
    const firsts = new Map<string, string>();
    const isBack = packets.map((packet) => {
      const s = segment(packet);
      if (s === null) return false;
      if (!firsts.has(s.key)) firsts.set(s.key, s.from);
      return firsts.get(s.key) !== s.from;
    });
    for (const batch of [1e6, 100e6, 1e9, Number.POSITIVE_INFINITY]) {
      for (const backFirst of [false, true]) {
        const place = (at: number) => Math.floor((packets[at]?.time ?? 0) / batch);
        const order = packets.map((_packet, at) => at);
        order.sort(
          (a, b) => place(a) - place(b) || Number(isBack[b] === backFirst) - Number(isBack[a] === backFirst) || a - b,
        );
        const written = order.map((at) => packets[at] as CapturedPacket);
        const { verdicts } = await diagnose(capture(written, epoch, snaplen, 'pcapng'));
        const certain = verdicts.filter(({ confidence, cause }) => confidence === 'certain' && !known.has(cause.id));
        expect(
          certain.map(({ id, cause }) => `${id} ${cause.id}`),
          `${batch / 1e6} ms`,
        ).toEqual([]);
      }
    }
  });
});

describe('all captures at once, interleaved', () => {
  test('are the same verdicts as each alone', { timeout: 0 }, async () => {
    const recordings = files.map(([name, path], i) => {
      const { packets, epoch } = readRecording(path);
      return { name, path, epoch, packets: moveNetwork(packets, i + 1) };
    });
    const all = recordings
      .flatMap(({ packets }, i) => packets.map((packet) => ({ ...packet, interfaceId: i, from: i })))
      // Together in time, none exactly like another.
      .map((packet) => ({ ...packet, time: packet.time + packet.from * 1_001_000 }))
      .sort((a, b) => a.time - b.time || a.from - b.from || a.frame - b.frame);
    const { verdicts: together } = await diagnose(capture(all, recordings[0]!.epoch, 0, 'pcapng'));
    const differences: string[] = [];
    for (const [i, { name, path, packets, epoch }] of recordings.entries()) {
      const own = together.filter((verdict) => all[verdict.reset.rst.frame - 1]?.from === i);
      const alone = await essenceOf(capture(packets, epoch));
      expect(alone, `${name}, moved to another network`).toEqual(await essenceOf(readFileSync(path)));
      const now = essence({ verdicts: own } as never, (frame) => all[frame - 1]?.frame ?? -1);
      if (JSON.stringify(now) !== JSON.stringify(alone))
        differences.push(`${name}\n  alone    ${alone.join('\n           ')}\n  together ${now.join('\n           ')}`);
    }
    expect(differences).toEqual([]);
  });
});

/** The mission's own story has to come out the same in the largest capture there is (issue 2). */
test('process-exit among a million other connections, interleaved', { timeout: 0 }, async () => {
  const script = fileURLToPath(new URL('./support/crowd.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    join(CAPTURES, 'process-exit.pcap'),
    '1000000',
  ]);
  const [alone, together] = stdout.split('\n');
  expect(JSON.parse(together ?? '')).toEqual(JSON.parse(alone ?? ''));
});

describe('cut anywhere, a capture says a part of the same', () => {
  test.each(files)('%s', async (_, path) => {
    const file = readFileSync(path);
    const whole = await settling(file);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length }), async (length) => {
        const part = await settling(file.subarray(0, length));
        if (part === null) return;
        expect(whole?.settled.slice(0, part.settled.length)).toEqual(part.settled);
        // What had not settled is judged with less, but no reset appears or disappears.
        expect(whole?.frames.slice(0, part.frames.length)).toEqual(part.frames);
      }),
      { ...repeatable(6), examples: [[0], [1], [23], [24], [25], [40], [file.length - 1]] },
    );
  });
});

/** Verdicts as they come while the capture is read in small steps; null where nothing could be read. */
async function settling(file: Uint8Array): Promise<{ settled: string[]; frames: number[] } | null> {
  let ended = false;
  function* chunks() {
    for (const chunk of chunked(file, 300)) if (chunk.length === 300) yield chunk;
    ended = true;
    yield file.subarray(file.length - (file.length % 300));
  }
  const settled: string[] = [];
  const frames: number[] = [];
  try {
    for await (const verdict of verdicts(chunks())) {
      frames.push(verdict.reset.rst.frame);
      if (!ended) settled.push(...essence({ verdicts: [verdict] as readonly Verdict[] } as never));
    }
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureError);
    return null;
  }
  return { settled, frames };
}
