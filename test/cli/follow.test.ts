/** `--follow` as a process: what is told when, what ends it, what a slow or a lost reader of the output does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseListen } from '../../src/cli/metrics.js';
import { statusText } from '../../src/cli/status-line.js';
import { pcap } from '../support/captures.js';
import { tcpPacket } from '../support/packets.js';
import { CAPTURES, MAIN, whyrst } from './command.js';

const recording = readFileSync(join(CAPTURES, 'forged-reset.pcap'));
const running = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

class Live {
  stdout = '';
  stderr = '';
  readonly child: ChildProcessWithoutNullStreams;
  readonly closed: Promise<number | null>;

  constructor(args: readonly string[], read = true) {
    this.child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' } });
    running.add(this.child);
    if (read) this.read();
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.stdin.on('error', () => {});
    this.closed = new Promise((resolve) => this.child.on('close', resolve));
  }

  read(): void {
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
  }

  /** Waits for the output to hold these words, however long that takes. */
  async says(words: string): Promise<void> {
    while (!this.stdout.includes(words)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('text', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'a line when a reset has settled, the report after %s',
    async (signal) => {
      const live = new Live(['--follow', '-']);
      live.child.stdin.write(recording);
      await live.says('+ aftershock of 10');
      expect(live.stdout).toContain('10.0.1.2:40000→10.0.2.2:5001');
      expect(live.stdout).toContain('+ aftershock of 10');
      expect(live.stdout).not.toContain('1. The connection was cut');
      live.child.kill(signal);
      expect(await live.closed).toBe(0);
      expect(live.stdout).toContain('1. The connection was cut by an RST that the server did not send');
      expect(live.stderr).toBe('');
    },
  );

  test('the report also where the input ends; a selection holds for both', async () => {
    const { stdout, status } = await whyrst(['--follow', '-', '--cause', 'closed-port'], { stdin: recording });
    expect(stdout).not.toContain('forged-reset');
    expect(stdout).toContain('Selected: 0 of them');
    expect(status).toBe(0);
  });

  test('--fail-on is answered', async () => {
    expect((await whyrst(['--follow', '-', '--fail-on', 'error'], { stdin: recording })).status).toBe(1);
    expect((await whyrst(['--follow', '-', '--fail-on', 'closed-port'], { stdin: recording })).status).toBe(0);
  });
});

test('ndjson: a line each as it settles, and the counts on stderr at the end', async () => {
  const live = new Live(['--follow', '-', '-f', 'ndjson']);
  live.child.stdin.write(recording);
  await live.says('{"record":"reset","id":"12"');
  const lines = live.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ frame, cause, role }) => [frame, cause, role])).toEqual([
    [10, 'forged-reset', 'first'],
    [12, 'forged-reset', 'aftershock'],
  ]);
  live.child.stdin.end();
  await live.closed;
  const last = JSON.parse(live.stdout.trimEnd().split('\n').at(-1) as string);
  expect(last).toMatchObject({ record: 'capture', file: '-', records: 12, resets: 2, omitted: 0 });
  expect(live.stderr).toBe('whyrst: ended after 12 packets, 1 TCP connection, 2 RSTs\n');
});

test('other formats say that they come at the end', async () => {
  const { stdout, stderr } = await whyrst(['--follow', '-', '-f', 'json'], { stdin: recording });
  expect(stderr).toContain('json comes at the end');
  expect(JSON.parse(stdout).resets).toHaveLength(2);
});

describe('the reader of the output', () => {
  const refusals = pcap(
    Array.from({ length: 3_000 }, (_, i) => {
      const time = i * 1e9;
      const ports = { sourcePort: 30_000 + i, destinationPort: 80 };
      return [
        { time, data: tcpPacket({ source: '10.0.0.1', destination: '10.0.0.2', flags: 'S', seq: 1, ...ports }) },
        {
          time: time + 1e6,
          data: tcpPacket({
            source: '10.0.0.2',
            destination: '10.0.0.1',
            flags: 'RA',
            seq: 0,
            ack: 2,
            window: 0,
            sourcePort: 80,
            destinationPort: 30_000 + i,
          }),
        },
      ];
    }).flat(),
  );

  test('who reads late gets every line, and meanwhile nothing is read', async () => {
    const live = new Live(['--follow', '-', '-f', 'ndjson'], false);
    let taken = false;
    live.child.stdin.write(refusals, () => {
      taken = true;
    });
    live.child.stdin.end();
    // Its pipe is full long before; what waits for it is not read.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(taken).toBe(false);
    live.read();
    await live.closed;
    expect(live.stdout.match(/^\{"record":"reset"/gm)).toHaveLength(3_000);
  });

  test('who goes away ends it without a word', async () => {
    const live = new Live(['--follow', '-', '-f', 'ndjson']);
    live.child.stdin.write(recording);
    await live.says('forged-reset');
    live.child.stdout.destroy();
    live.child.stdin.write(refusals.subarray(24));
    expect(await live.closed).toBe(0);
    expect(live.stderr).toBe('');
  });
});

describe('--metrics', () => {
  test('serves counts by cause, and no label that packets fill', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as AddressInfo;
    const taken = await whyrst(['--follow', '-', '--metrics', `127.0.0.1:${port}`]);
    expect(taken).toMatchObject({ status: 2, stdout: '' });
    expect(taken.stderr).toBe(
      `whyrst: --metrics 127.0.0.1:${port}: cannot listen: another program listens there already\n`,
    );
    await new Promise((resolve) => free.close(resolve));

    const live = new Live(['--follow', '-', '--metrics', `127.0.0.1:${port}`]);
    live.child.stdin.write(recording);
    await live.says('aftershock of 10');
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    const resets = 'whyrst_resets_total{cause="forged-reset",severity="error"';
    expect(text).toContain(`${resets},maker="third party",role="first"} 1\n`);
    expect(text).toContain(`${resets},maker="client kernel",role="aftershock"} 1\n`);
    expect(text).toContain('whyrst_packets_total 12\n');
    expect(text).toContain('whyrst_connections_total 1\n');
    expect(text).not.toContain('10.0.');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    live.child.kill('SIGTERM');
    expect(await live.closed).toBe(0);
  });

  test.each([
    ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
    [':9464', { host: '::', port: 9464 }],
    ['9464', { host: '127.0.0.1', port: 9464 }],
  ])('%s', (text, expected) => {
    expect(parseListen(text)).toEqual(expected);
  });

  test.each(['1:2:3', '127.0.0.1', '127.0.0.1:70000', '::1:9464', ''])('not %s', (text) => {
    expect(() => parseListen(text)).toThrow('must be ADDRESS:PORT');
  });
});

test.each([
  [['--metrics', '127.0.0.1:0', 'x.pcap'], 'whyrst: --metrics goes with --follow\n'],
  [['--follow', 'a.pcap', 'b.pcap'], 'whyrst: --follow takes one capture, not 2\n'],
  [['--follow', 'none.pcap'], 'whyrst: none.pcap: no such file\n'],
  [['--follow', '--two-pass', 'a.pcap'], 'whyrst: --follow reads once: leave --two-pass out\n'],
  [['--one-pass', '--two-pass', 'a.pcap'], 'whyrst: --two-pass and --one-pass say the opposite: give one of them\n'],
])('%j', async (args, stderr) => {
  expect(await whyrst(args)).toEqual({ status: 2, stdout: '', stderr });
});

test('the status line', () => {
  const counts = { packets: 12_034, connections: 311, resets: 17, waiting: 0, omitted: 0, dropped: 0 };
  expect(statusText({ ...counts, lag: 40, newest: null })).toBe('12,034 packets, 311 connections, 17 RSTs');
  expect(statusText({ ...counts, waiting: 2, omitted: 5, dropped: 1, lag: 7_200, newest: null })).toBe(
    '12,034 packets, 311 connections, 17 RSTs, 2 settling, 5 only counted, 1 dropped by the capture, 7 s behind',
  );
});
