/** Files that grow, are cut, are replaced, rotate; and named pipes: followed as `tail -F` does. */
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChainedReader } from '../../src/capture/chain.js';
import { CaptureRecord } from '../../src/capture/types.js';
import type { Clock } from '../../src/follow.js';
import { followFile, seriesPattern } from '../../src/node/follow-file.js';
import { pcap } from '../support/captures.js';
import { tcpPacket } from '../support/packets.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyrst-follow-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Waits as long as it takes for the files to have been looked at, and no longer. */
const quick: Clock = {
  now: () => 0,
  epoch: () => 0,
  after: (_, wake) => {
    const turn = setImmediate(wake);
    return () => clearImmediate(turn);
  },
};

/** What is read of a file until it is stopped, as seconds at which records were captured. */
class Tail {
  readonly seconds: number[] = [];
  readonly files: string[] = [];
  private readonly controller = new AbortController();
  private readonly reader = new ChainedReader();
  private readonly running: Promise<void>;

  constructor(path: string) {
    this.running = this.run(path);
  }

  async has(...seconds: number[]): Promise<void> {
    while (this.seconds.length < seconds.length) await new Promise((resolve) => setImmediate(resolve));
    expect(this.seconds).toEqual(seconds);
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.running;
  }

  private async run(path: string): Promise<void> {
    const record = new CaptureRecord();
    let newest: bigint | null = null;
    const chunks = followFile(path, {
      clock: quick,
      signal: this.controller.signal,
      newest: () => newest,
      restart: (next) => {
        this.files.push(next);
        this.reader.restart();
      },
    });
    for await (const chunk of chunks) {
      this.reader.push(chunk);
      while (this.reader.next(record)) {
        const { epoch } = this.reader.info;
        if (epoch !== null) newest = epoch + BigInt(record.time);
        this.seconds.push(Number(((newest ?? 0n) / 1_000_000_000n) % 1000n));
      }
    }
  }
}

const packet = tcpPacket({ flags: 'S' });
const from = (...seconds: number[]) => pcap(seconds.map((second) => ({ data: packet, time: second * 1e9 })));
const HEADER = from().length;
const more = (...seconds: number[]) => from(...seconds).subarray(HEADER);

describe('a file', () => {
  test('that grows, in pieces that end anywhere', async () => {
    const path = join(folder, 'cap.pcap');
    writeFileSync(path, from(1, 2).subarray(0, HEADER + 20));
    const tail = new Tail(path);
    appendFileSync(path, from(1, 2).subarray(HEADER + 20));
    await tail.has(1, 2);
    appendFileSync(path, more(3));
    await tail.has(1, 2, 3);
    await tail.stop();
    expect(tail.files).toEqual([]);
  });

  test('that is cut and begun anew', async () => {
    const path = join(folder, 'cap.pcap');
    writeFileSync(path, from(1, 2, 3));
    const tail = new Tail(path);
    await tail.has(1, 2, 3);
    writeFileSync(path, from(4));
    await tail.has(1, 2, 3, 4);
    await tail.stop();
  });

  test('that is renamed and replaced, what was written last included', async () => {
    const path = join(folder, 'cap.pcap');
    writeFileSync(path, from(1));
    const tail = new Tail(path);
    await tail.has(1);
    renameSync(path, `${path}.old`);
    appendFileSync(`${path}.old`, more(2));
    await tail.has(1, 2);
    writeFileSync(path, from(3));
    await tail.has(1, 2, 3);
    await tail.stop();
  });

  test('that is none at first is an error', async () => {
    const none = followFile(join(folder, 'none'), { newest: () => null, restart: () => {} });
    await expect(none.next()).rejects.toThrow('none: no such file');
  });
});

describe('a series', () => {
  test('of tcpdump -C: the next number follows where the last file ends', async () => {
    const path = join(folder, 'cap.pcap');
    writeFileSync(path, from(1, 2));
    const tail = new Tail(path);
    await tail.has(1, 2);
    writeFileSync(`${path}1`, from(3, 4));
    await tail.has(1, 2, 3, 4);
    writeFileSync(`${path}2`, from(5));
    await tail.has(1, 2, 3, 4, 5);
    await tail.stop();
    expect(tail.files).toEqual([`${path}1`, `${path}2`]);
  });

  test('of tcpdump -G: the next time', async () => {
    writeFileSync(join(folder, 'cap-1800.pcap'), from(1));
    const tail = new Tail(join(folder, 'cap-1800.pcap'));
    await tail.has(1);
    writeFileSync(join(folder, 'cap-1900.pcap'), from(2));
    await tail.has(1, 2);
    await tail.stop();
  });

  test('several that came meanwhile, one after the other', async () => {
    writeFileSync(join(folder, 'cap-1.pcap'), from(1));
    writeFileSync(join(folder, 'cap-3.pcap'), from(3));
    writeFileSync(join(folder, 'cap-2.pcap'), from(2));
    const tail = new Tail(join(folder, 'cap-1.pcap'));
    await tail.has(1, 2, 3);
    await tail.stop();
  });

  test('that another host writes at the same time is another', async () => {
    writeFileSync(join(folder, 'web1.pcap'), from(10, 11));
    writeFileSync(join(folder, 'web2.pcap'), from(1, 12));
    const tail = new Tail(join(folder, 'web1.pcap'));
    await tail.has(10, 11);
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    appendFileSync(join(folder, 'web1.pcap'), more(13));
    await tail.has(10, 11, 13);
    await tail.stop();
  });

  test.each([
    ['cap.pcap', 'cap.pcap1', true],
    ['cap.pcap1', 'cap.pcap2', true],
    ['cap-0930.pcap', 'cap-0940.pcap', true],
    ['cap_00001_20261126.pcapng', 'cap_00002_20261127.pcapng', true],
    ['cap.pcap', 'cap.pcap.gz', false],
    ['cap.pcap', 'other.pcap', false],
    ['cap-1.pcap', 'capx1.pcap', false],
  ])('%s and %s', (one, other, same) => {
    expect(seriesPattern(one).test(other)).toBe(same);
  });
});

test.skipIf(process.platform === 'win32')('a named pipe waits for its next writer', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const tail = new Tail(path);
  // Another process: a writer's open waits for a reader, and ours would wait for itself.
  const write = (...seconds: number[]) => spawn('sh', ['-c', 'cat > "$0"', path]).stdin.end(from(...seconds));
  write(1, 2);
  await tail.has(1, 2);
  // That it left is seen when it is looked at.
  while (tail.files.length === 0) await new Promise((resolve) => setImmediate(resolve));
  write(3);
  await tail.has(1, 2, 3);
  await tail.stop();
});
