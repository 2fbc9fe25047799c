/** `whyrst merge`: results of several runs are the result of one run over all. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { captureRecordSchema } from '../../src/report/data/schema.js';
import { schemaProblem } from '../../src/report/results/schema-problem.js';
import { capture, readRecording } from '../support/rewrite.js';
import { cutIntoFiles } from '../support/series.js';
import { CAPTURES, whyrst } from './command.js';

const root = mkdtempSync(join(tmpdir(), 'whyrst-merge-'));
afterAll(() => rmSync(root, { recursive: true }));
let cwd = '';
let folders = 0;
beforeEach(() => {
  cwd = join(root, `${folders++}`);
  mkdirSync(cwd);
});
const run = (...args: string[]) => whyrst(args, { cwd });
const FORMATS = ['json', 'ndjson', 'text', 'csv', 'markdown', 'junit', 'sarif'];

/** Few packets each, and between them every kind of finding, endings, copies, aftershocks, warnings and no reset. */
const POOL = readdirSync(CAPTURES)
  .filter((name) =>
    /^(no-reset|forged-reset|port-scan|closed-port|process-exit|keepalive-race|rst-ignored)[^/]*\.pcap$/.test(name),
  )
  .map((name) => join(CAPTURES, name));

/** A series of three files, in a folder of its own. */
const SERIES = join(root, 'series');
beforeAll(() => {
  mkdirSync(SERIES);
  const { packets, epoch } = readRecording(join(CAPTURES, 'process-exit.pool-of-100.pcap'));
  const third = Math.floor(packets.length / 3);
  cutIntoFiles(packets, [third, third, packets.length - 2 * third], epoch).forEach((octets, index) => {
    writeFileSync(join(SERIES, `s.pcap${index || ''}`), octets);
  });
  writeFileSync(join(SERIES, 'empty.pcap'), capture([], epoch));
});

async function written(captures: readonly string[], name: string): Promise<string> {
  const { status, stderr } = await run(...captures, '-q', '-o', name);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return name;
}

test('however captures are parted among runs, merged they are one run over all', async () => {
  const operand = fc.constantFrom(...POOL, join(SERIES, 's.pcap*'), join(SERIES, 'empty.pcap'));
  const parted = fc.array(
    fc.record({ ending: fc.constantFrom('json', 'ndjson'), count: fc.integer({ min: 1, max: 4 }) }),
    { minLength: 1, maxLength: 5 },
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(operand, { minLength: 1, maxLength: 8 }),
      parted,
      fc.constantFrom(...FORMATS),
      async (captures, parts, format) => {
        const reports: string[] = [];
        let from = 0;
        for (const { ending, count } of [...parts, { ending: 'json', count: captures.length }]) {
          const part = captures.slice(from, from + count);
          from += count;
          if (part.length > 0) reports.push(await written(part, `${number++}.${ending}`));
        }
        const one = await run(...captures, '-f', format, '-q');
        const merged = await run('merge', ...reports, '-f', format, '-q');
        expect(merged.stderr).toBe('');
        expect(merged.status).toBe(0);
        expect(merged.stdout).toBe(one.stdout);
      },
    ),
    { numRuns: 60 },
  );
});

describe('what may be given', () => {
  const [a, b, c] = POOL as [string, string, string];
  const all = async () => (await run(a, b, c, '-f', 'json', '-q')).stdout;

  test('a folder, a pattern, a list, compressed, merged before', async () => {
    mkdirSync(join(cwd, 'jobs'));
    await written([a], 'jobs/1.json');
    await written([b], 'jobs/2.ndjson');
    await written([c], '3.json');
    writeFileSync(join(cwd, 'jobs/3.json.gz'), gzipSync(readFileSync(join(cwd, '3.json'))));
    writeFileSync(join(cwd, 'jobs/notes.txt'), 'not a report');
    expect((await run('merge', 'jobs', '-f', 'json')).stdout).toBe(await all());
    expect((await run('merge', 'jobs/?.*', '-f', 'json')).stdout).toBe(await all());
    writeFileSync(join(cwd, 'list'), 'jobs/1.json\njobs/2.ndjson\njobs/3.json.gz\n');
    expect((await run('merge', '--files-from', 'list', '-f', 'json')).stdout).toBe(await all());
    await run('merge', 'jobs/1.json', 'jobs/2.ndjson', '-o', 'both.json');
    expect((await run('merge', 'both.json', '3.json', '-f', 'json')).stdout).toBe(await all());
  });

  test('lines of ndjson one job behind the other, from a pipe', async () => {
    const lines = await Promise.all([a, b, c].map((one) => run(one, '-f', 'ndjson', '-q')));
    const stdin = Buffer.from(lines.map(({ stdout }) => stdout).join(''));
    expect((await whyrst(['merge', '-', '-f', 'json'], { cwd, stdin })).stdout).toBe(await all());
  });

  test('lines that were written while the capture was read', async () => {
    const live = await whyrst(['-', '-f', 'ndjson', '-q', '--name', 'web-1.pcap'], {
      cwd,
      stdin: readFileSync(join(CAPTURES, 'process-exit.pool-of-100.pcap')),
    });
    const lines = live.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const last = lines.at(-1);
    expect(schemaProblem(captureRecordSchema, last)).toBeNull();
    expect(last).toMatchObject({ record: 'capture', file: 'web-1.pcap', omitted: 0, resets: lines.length - 1 });
    writeFileSync(join(cwd, 'live.ndjson'), live.stdout);
    const merged = JSON.parse((await run('merge', 'live.ndjson', '-f', 'json')).stdout);
    expect(merged.resets).toHaveLength(lines.length - 1);
    const deaths = merged.resets.filter(({ role }: { role: string }) => role !== 'aftershock').length;
    expect(merged.findings.flatMap(({ resets }: { resets: string[] }) => resets)).toHaveLength(deaths);
  });

  test('a capture that stands in two reports is told once, and that is said', async () => {
    await written([a, b], '1.json');
    await written([b, c], '2.ndjson');
    const { stdout, stderr } = await run('merge', '1.json', '2.ndjson', '-f', 'json');
    expect(stdout).toBe(await all());
    expect(stderr).toContain(`${b} stands in 1.json and in 2.ndjson: it is told once`);
  });

  test('two captures of one name keep their endings and resets apart', async () => {
    for (const [host, path] of [
      ['x', a],
      ['y', b],
    ] as const) {
      mkdirSync(join(cwd, host));
      writeFileSync(join(cwd, host, 'tcp.pcap'), readFileSync(path));
      await whyrst(['tcp.pcap', '-q', '-o', `../${host}.json`], { cwd: join(cwd, host) });
    }
    const { captures, resets } = JSON.parse((await run('merge', 'x.json', 'y.json', '-f', 'json')).stdout);
    expect(captures.map(({ file }: { file: string }) => file)).toEqual(['tcp.pcap', 'tcp.pcap (y.json)']);
    const one = JSON.parse((await run(a, b, '-f', 'json', '-q')).stdout);
    expect(resets.map(({ id }: { id: string }) => id)).toEqual(one.resets.map(({ id }: { id: string }) => id));
  });

  test('selection and gate are those of the one run', async () => {
    const captures = [a, b, c, join(CAPTURES, 'closed-port.pcap')];
    await written(captures.slice(0, 2), '1.json');
    await written(captures.slice(2), '2.json');
    for (const args of [
      ['--cause', 'closed-port'],
      ['--severity', 'warning', '--fail-on', 'warning'],
      ['--port', '5001'],
    ]) {
      const one = await run(...captures, ...args);
      const merged = await run('merge', '1.json', '2.json', ...args);
      expect([merged.status, merged.stdout]).toEqual([one.status, one.stdout]);
    }
  });

  test('HTML draws no packets, which no report holds, and says how to see them', async () => {
    await written([join(CAPTURES, 'closed-port.pcap')], '1.json');
    const { stdout } = await run('merge', '1.json', '-f', 'html');
    expect(stdout).toContain('"ladder":null');
    expect(stdout).not.toContain('data-reset=');
  });
});

describe('what cannot be read is one line, and the rest is told', () => {
  const good = join(CAPTURES, 'closed-port.pcap');
  const report = async () => (await run(good, '-f', 'json', '-q')).stdout;
  const lines = async () => (await run(good, '-f', 'ndjson', '-q')).stdout;

  test.each<[string, () => Promise<string>, string]>([
    [
      'another schema',
      async () => (await report()).replace('"schema": 1', '"schema": 2'),
      'bad.json: line 2: schema 2, and this whyrst reads schema 1',
    ],
    [
      'a field of another kind',
      async () => (await report()).replace('"role": "first"', '"role": 7'),
      'bad.json: line 41: resets[0].role: must be one of "first", "aftershock", "ignored", not 7',
    ],
    [
      'a field that is missing',
      async () => (await report()).replace('"omitted": 0,\n  "endings"', '"endings"'),
      'bad.json: line 1: omitted: is missing',
    ],
    [
      'cut off',
      async () => (await report()).slice(0, 2500),
      'bad.json: the report is cut off: it ends at octet 2502 in resets[0]',
    ],
    ['another JSON', async () => '{"name": "whyrst"}', 'bad.json: line 1: neither a report of whyrst'],
    [
      'a job that was lost',
      async () => (await lines()).split('\n')[0] as string,
      'bad.json: line 1: no line of their capture stands behind the resets',
    ],
    ['nothing', async () => '', 'bad.json: holds no capture'],
  ])('%s', async (_, text, message) => {
    writeFileSync(join(cwd, 'bad.json'), await text());
    await written([join(CAPTURES, 'no-reset.pcap'), good].slice(1), 'good.json');
    const { status, stdout, stderr } = await run('merge', 'bad.json', 'good.json', '-f', 'json');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
    expect(stdout).toBe(await report());
  });

  test('what a run could not read is carried on, until another has read it', async () => {
    writeFileSync(join(cwd, 'lost.pcap'), 'no capture');
    const others = ['closed-port.ipv6.pcap', 'no-reset.healthy.pcap'].map((name) => join(CAPTURES, name));
    for (const report of ['1.json', '1.ndjson']) {
      await run(good, 'lost.pcap', ...others.slice(0, 1), '-o', report);
      const merged = JSON.parse((await run('merge', report, '-f', 'json')).stdout);
      expect(merged.unread).toMatchObject([
        { file: 'lost.pcap', problem: expect.stringMatching(/^not a packet capture/) },
      ]);
      expect((await run('merge', report)).stdout).toMatch(
        /\nNot read: 1 more capture: lost\.pcap \(not a packet capture/,
      );
    }
    writeFileSync(join(cwd, 'lost.pcap'), readFileSync(others[1] as string));
    await run('lost.pcap', '-o', '2.json');
    const { unread, headline } = JSON.parse((await run('merge', '1.ndjson', '2.json', '-f', 'json')).stdout);
    expect(unread).toBeUndefined();
    expect(headline).toBe('3 captures. 2 attempts found nothing listening on the port (2 servers).');
  });

  test('of ndjson the captures that came whole are told', async () => {
    writeFileSync(join(cwd, 'x.ndjson'), (await lines()) + (await lines()).slice(0, 100));
    const { status, stdout, stderr } = await run('merge', 'x.ndjson', '-f', 'json');
    expect(stderr).toMatch(/^whyrst: x\.ndjson: the report is cut off: .*; the 1 capture before it is told\n$/);
    expect(status).toBe(2);
    expect(stdout).toBe(await report());
  });

  test('a capture instead of a report, and no report at all', async () => {
    const { status, stderr } = await run('merge', good);
    expect(stderr).toContain('is a packet capture: merge takes reports');
    expect(status).toBe(2);
    expect((await run('merge')).stderr).toContain('merge needs reports');
  });

  test('reports under different limits have no common head', async () => {
    await written([good], '1.json');
    writeFileSync(join(cwd, 'c.json'), '{ "limits": { "settle": 5000 } }');
    await run(good, '--config', 'c.json', '-q', '-o', '2.json');
    const { status, stderr } = await run('merge', '1.json', '2.json');
    expect(stderr).toBe(
      'whyrst: 2.json was made with another configuration than 1.json: reports that are merged must have the same limits\n',
    );
    expect(status).toBe(2);
  });

  test('a report that is merged is not overwritten', async () => {
    await written([good], '1.json');
    const { status, stderr } = await run('merge', '1.json', '-o', '1.json');
    expect(stderr).toContain('1.json is the report itself');
    expect(status).toBe(2);
  });
});
