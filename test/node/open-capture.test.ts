import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/types.js';
import { openCapture } from '../../src/node/index.js';
import { concat, pcap } from '../support/captures.js';
import { tcpPacket } from '../support/packets.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyrst-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bigger than two chunks, and not a repetition that hides a chunk in the wrong place. */
const CAPTURE = pcap(
  Array.from({ length: 2500 }, (_, i) =>
    tcpPacket({ seq: i, payload: String.fromCharCode(33 + (i % 90)).repeat(1000) }),
  ),
);

function save(name: string, octets: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, octets);
  return path;
}

/** All octets; every chunk is copied at once, as its buffer is used again. */
async function readWhole(path: string): Promise<{ octets: Uint8Array; warnings: string[] }> {
  const file = openCapture(path);
  const parts: Uint8Array[] = [];
  for await (const chunk of file) parts.push(chunk.slice());
  return { octets: concat(parts), warnings: file.warnings.map((warning) => warning.code) };
}

async function refusal(path: string): Promise<CaptureError> {
  try {
    await readWhole(path);
  } catch (error) {
    if (error instanceof CaptureError) return error;
    throw error;
  }
  throw new Error('was read');
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

describe('gives the octets of', () => {
  test('a plain file', async () => {
    const { octets, warnings } = await readWhole(save('plain', CAPTURE));
    expect(equal(octets, CAPTURE)).toBe(true);
    expect(warnings).toEqual([]);
  });
  test('an empty file', async () => {
    expect((await readWhole(save('empty', new Uint8Array(0)))).octets.length).toBe(0);
  });
  test('a file of one octet', async () => {
    expect((await readWhole(save('one', Uint8Array.of(7)))).octets).toEqual(Uint8Array.of(7));
  });
  test('a gzip file, by its magic number and not its name', async () => {
    const { octets, warnings } = await readWhole(save('zipped.pcap', zlib.gzipSync(CAPTURE)));
    expect(equal(octets, CAPTURE)).toBe(true);
    expect(warnings).toEqual([]);
  });
  test('a gzip file of several members', async () => {
    const members = [0, 1, 100_000, 2_000_000].map((at, i, all) => zlib.gzipSync(CAPTURE.subarray(at, all[i + 1])));
    expect(equal((await readWhole(save('members', concat(members)))).octets, CAPTURE)).toBe(true);
  });
  test('a very compressible gzip file', async () => {
    const zeros = new Uint8Array(64 << 20);
    expect((await readWhole(save('zeros', zlib.gzipSync(zeros)))).octets.length).toBe(zeros.length);
  });
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (octets: Uint8Array) => Uint8Array };
  test.runIf(zstdCompressSync)('a zstd file', async () => {
    expect(equal((await readWhole(save('zstd', zstdCompressSync!(CAPTURE)))).octets, CAPTURE)).toBe(true);
  });
});

describe('a damaged gzip file', () => {
  const zipped = zlib.gzipSync(CAPTURE, { level: 1 });
  test('that is cut gives what there is, and a warning', async () => {
    const { octets, warnings } = await readWhole(save('cut.gz', zipped.subarray(0, zipped.length - 2000)));
    expect(octets.length).toBeGreaterThan(CAPTURE.length / 2);
    expect(equal(octets, CAPTURE.subarray(0, octets.length))).toBe(true);
    expect(warnings).toEqual(['cut-compression']);
  });
  test('with wrong octets in the middle gives what came before', async () => {
    // Noise does not compress: the damage is well behind the first of many pieces.
    let state = 1;
    const noise = Uint8Array.from({ length: 3_000_000 }, () => (state = Math.imul(state, 1103515245) + 12345) >>> 24);
    const damaged = zlib.gzipSync(noise);
    // A stored or Huffman block cannot begin with block type 3 (RFC 1951 §3.2.3), which all ones would be.
    damaged.fill(0xff, 2_000_000, 2_400_000);
    const { octets, warnings } = await readWhole(save('damaged.gz', damaged));
    expect(octets.length).toBeGreaterThan(1_500_000);
    expect(equal(octets.subarray(0, 1_500_000), noise.subarray(0, 1_500_000))).toBe(true);
    expect(warnings).toEqual(['damaged-compression']);
  });
  test('of which nothing is left is an error', async () => {
    expect(await refusal(save('head.gz', zipped.subarray(0, 8)))).toMatchObject({ code: 'corrupt' });
    expect(await refusal(save('junk.gz', Uint8Array.of(0x1f, 0x8b, 9, 9, 9, 9, 9, 9)))).toMatchObject({
      code: 'corrupt',
    });
  });
});

test('what takes longer to unpack than to track is slow, by its first octets', () => {
  const begins = (name: string, ...octets: number[]) => openCapture(save(name, Uint8Array.from(octets))).slow;
  expect(begins('a.gz', 0x1f, 0x8b, 8, 0, 0, 0)).toBe(true);
  expect(begins('a.xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)).toBe(true);
  expect(begins('a.bz2', 0x42, 0x5a, 0x68, 0x39, 0, 0)).toBe(true);
  expect(begins('a.zst', 0x28, 0xb5, 0x2f, 0xfd, 0, 0)).toBe(false);
  expect(begins('a.lz4', 0x04, 0x22, 0x4d, 0x18, 0, 0)).toBe(false);
  expect([openCapture(save('a.pcap', CAPTURE)).slow, openCapture('-').slow]).toEqual([false, false]);
});

describe.each(['xz', 'bzip2', 'lz4', 'zstd'])('%s, by the command of that name', (command) => {
  const compress = (octets: Uint8Array) => {
    const { stdout, error } = spawnSync(command, ['-c'], { input: octets, maxBuffer: 1 << 30 });
    return error === undefined ? new Uint8Array(stdout) : null;
  };
  const compressed = compress(CAPTURE);
  const skipped = compressed === null ? `skipped: there is no ${command}` : null;
  const octetsOf = (path: string) => readWhole(save(path, compressed ?? new Uint8Array(0)));

  test.skipIf(skipped)(skipped ?? 'a file, and one of two parts', async () => {
    expect(equal((await octetsOf(command)).octets, CAPTURE)).toBe(true);
    const parts = [CAPTURE.subarray(0, 1_000_000), CAPTURE.subarray(1_000_000)].map((part) => compress(part)!);
    const { octets, warnings } = await readWhole(save(`${command}-parts`, concat(parts)));
    expect(equal(octets, CAPTURE)).toBe(true);
    expect(warnings).toEqual([]);
  });

  test.skipIf(skipped)(skipped ?? 'one that is cut gives what there is, and says where it ends', async () => {
    // bzip2 gives whole blocks of 900,000 octets: noise makes several.
    let state = 1;
    const noise = Uint8Array.from({ length: 3_000_000 }, () => (state = Math.imul(state, 1103515245) + 12345) >>> 24);
    const cut = compress(noise)!.subarray(0, 2_500_000);
    const file = openCapture(save(`${command}-cut`, cut));
    const parts: Uint8Array[] = [];
    for await (const chunk of file) parts.push(chunk.slice());
    const octets = concat(parts);
    expect(octets.length).toBeGreaterThan(1_000_000);
    expect(equal(octets, noise.subarray(0, octets.length))).toBe(true);
    expect(file.warnings.map(({ code }) => code)).toEqual(['cut-compression']);
    expect(file.warnings[0]?.text).toContain(`at octet ${cut.length}`);
  });

  test.skipIf(skipped)(skipped ?? 'one of which nothing is left is an error', async () => {
    const octets = concat([compressed!.subarray(0, 6), new Uint8Array(40).fill(0x55)]);
    expect(await refusal(save(`${command}-junk`, octets))).toMatchObject({ code: 'corrupt' });
  });

  test.skipIf(skipped)(skipped ?? 'what swells waits for who reads it', async () => {
    const bomb = compress(new Uint8Array(512 << 20))!;
    const before = process.memoryUsage().rss;
    let chunks = 0;
    for await (const chunk of openCapture(save(`${command}-bomb`, bomb))) {
      expect(chunk.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (++chunks === 20) break;
    }
    // Twenty chunks and what is in pipes, not 512 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(128 << 20);
  });

  test.skipIf(command === 'zstd' && 'createZstdDecompress' in zlib)('where it is missing that is said', async () => {
    const magic = {
      xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
      bzip2: [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41],
      lz4: [4, 0x22, 0x4d, 0x18, 0, 0],
      zstd: [0x28, 0xb5, 0x2f, 0xfd, 0, 0],
    };
    const path = save(`${command}-magic`, Uint8Array.from(magic[command as keyof typeof magic]));
    const { PATH } = process.env;
    process.env['PATH'] = join(folder, 'nowhere');
    try {
      const error = await refusal(path);
      expect(error.code).toBe('unsupported-format');
      expect(error.message).toContain(
        `the command ${command} that decompresses it is not on PATH: install ${command === 'xz' ? 'xz-utils' : command}`,
      );
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

describe('what the operating system refuses is one plain line', () => {
  test('a missing file', async () => {
    const error = await refusal(join(folder, 'missing.pcap'));
    expect(error).toMatchObject({ code: 'unreadable', message: `${join(folder, 'missing.pcap')}: no such file` });
  });
  test('a directory', async () => {
    mkdirSync(join(folder, 'directory'));
    expect((await refusal(join(folder, 'directory'))).message).toMatch(/directory: is a directory$/);
  });
  test('a path through a file', async () => {
    save('file', new Uint8Array(1));
    expect((await refusal(join(folder, 'file', 'x'))).message).toContain('no such file');
  });
  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a file without permission', async () => {
    const path = save('forbidden', CAPTURE);
    chmodSync(path, 0);
    expect((await refusal(path)).message).toMatch(/permission denied$/);
  });
});

test('leaving early closes the file and the decompressor', async () => {
  for (const octets of [CAPTURE, zlib.gzipSync(CAPTURE)]) {
    for await (const chunk of openCapture(save('early', octets))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  }
});

describe('standard input', () => {
  const script = `
    import { openCapture } from ${JSON.stringify(new URL('../../dist/node/index.js', import.meta.url).href)};
    let sum = 0, length = 0;
    for await (const chunk of openCapture('-')) { length += chunk.length; for (const octet of chunk) sum = (sum * 31 + octet) | 0; }
    console.log(length, sum);`;
  let sum = 0;
  for (const octet of CAPTURE) sum = (Math.imul(sum, 31) + octet) | 0;

  async function throughPipe(octets: Uint8Array, piece: number): Promise<string> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stdin.on('error', () => {});
    for (let at = 0; at < octets.length; at += piece) child.stdin.write(octets.subarray(at, at + piece));
    child.stdin.end();
    await new Promise((resolve) => child.on('close', resolve));
    return output.trim();
  }

  test('through a pipe, in small pieces', async () => {
    expect(await throughPipe(CAPTURE, 30_000)).toBe(`${CAPTURE.length} ${sum}`);
  });
  test('through a pipe, compressed', async () => {
    expect(await throughPipe(zlib.gzipSync(CAPTURE), 3)).toBe(`${CAPTURE.length} ${sum}`);
  });
});
