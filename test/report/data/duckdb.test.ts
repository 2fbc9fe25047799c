/**
 * README's queries over ndjson, as DuckDB runs them. It is 70 MB of native code for one test (1.5.6, MIT), so it is no
 * dependency: `npm install --no-save @duckdb/node-api` brings it, and without it the test says why it is skipped.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CAPTURES, whyrst } from '../../cli/command.js';

interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): Record<string, unknown>[] }>;
        closeSync(): void;
      }>;
    }>;
  };
}

const name = '@duckdb/node-api';
const duckdb: DuckDb | null = await import(name).catch(() => null);
if (duckdb === null) process.stderr.write(`queries of README are not run: ${name} is not installed\n`);

const cwd = mkdtempSync(join(tmpdir(), 'whyrst-duckdb-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [, block = ''] = /```sql\n([\s\S]*?)```/.exec(readme) ?? [];
const statements = block.split(';').filter((sql) => sql.trim() !== '');

test('README has three statements', () => {
  expect(statements).toHaveLength(3);
});

test.skipIf(duckdb === null)('they find in ndjson what JSON says, without a schema', async () => {
  mkdirSync(join(cwd, 'results'));
  const captures = [
    'no-reset.clean.pcap',
    'forged-reset.pcap',
    'process-exit.pool-of-100.pcap',
    'closed-port.pcap',
  ].filter((capture) => existsSync(join(CAPTURES, capture)));
  expect(captures.length).toBeGreaterThan(2);
  for (const capture of captures) await whyrst([capture, '-q', '-o', join(cwd, 'results', `${capture}.ndjson`)]);
  const report = JSON.parse((await whyrst([...captures, '-f', 'json', '-q'])).stdout);
  const connection = await (await (duckdb as DuckDb).DuckDBInstance.create(':memory:')).connect();
  const run = async (sql: string) =>
    (
      await connection.runAndReadAll(
        sql.replaceAll("'results/", `'${cwd}/results/`).replace("'resets.", `'${cwd}/resets.`),
      )
    ).getRowObjectsJson();
  const [byCause, byCapture, copy] = statements as [string, string, string];
  const errors = report.resets.filter(
    ({ role, severity }: Record<string, string>) => role === 'first' && severity === 'error',
  );
  const rows = await run(byCause);
  expect(rows.reduce((sum, { resets }) => sum + Number(resets), 0)).toBe(errors.length);
  expect(rows.map(({ cause, server, resets }) => [cause, server, Number(resets)])).toEqual(
    expect.arrayContaining([['process-exit', '10.0.2.2:5001', expect.any(Number)]]),
  );
  expect((await run(byCapture)).map(({ file, records, lost }) => [file, Number(records), Number(lost)])).toEqual(
    report.captures
      .map(({ file, records, tally }: { file: string; records: number; tally: { lost: number } }) => [
        file,
        records,
        tally.lost,
      ])
      .sort(([a]: [string], [b]: [string]) => (a < b ? -1 : 1)),
  );
  await run(copy);
  const [count] = await run(`SELECT count(*) AS n FROM '${cwd}/resets.parquet'`);
  expect(Number(count?.['n'])).toBe(report.resets.length);
  connection.closeSync();
});
