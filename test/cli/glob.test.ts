import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expand } from '../../src/cli/glob.js';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'whyrst-glob-'));
  for (const path of [
    'a.pcap',
    'b.pcapng',
    'x [1].pcap',
    'sub/c.pcap',
    'sub/deep/d.pcap',
    '.hidden/e.pcap',
    'node_modules/m/f.pcap',
  ]) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
});
afterAll(() => rmSync(root, { recursive: true }));

describe('patterns of file names', () => {
  it.each([
    ['*.pcap', ['a.pcap', 'x [1].pcap']],
    ['**/*.pcap', ['a.pcap', 'sub/c.pcap', 'sub/deep/d.pcap', 'x [1].pcap']],
    ['sub/**/*.pcap', ['sub/c.pcap', 'sub/deep/d.pcap']],
    ['*/?.pcap', ['sub/c.pcap']],
    ['{a,b}.pcap{,ng}', ['a.pcap', 'b.pcapng']],
    ['[ab].pcap*', ['a.pcap', 'b.pcapng']],
    ['sub/*', ['sub/c.pcap']],
    ['./sub/*.pcap', ['sub/c.pcap']],
    ['*.cap', []],
    ['nowhere/**/*.pcap', []],
    ['missing.pcap', ['missing.pcap']],
  ])('%s', (pattern, files) => {
    expect(expand(pattern, root)).toEqual(files);
  });

  it('takes an absolute pattern', () => {
    expect(expand(`${root}/sub/*.pcap`, '/')).toEqual([join(root, 'sub/c.pcap')]);
  });
});
