/**
 * Captures as tcpdump and tshark print them, many in few processes: a process for each capture and form took most of the
 * minutes that the round trip needed.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One shell runs tcpdump on every capture in every form: `$1` the folder for the texts, `$2` the options, then the captures. */
const TCPDUMP = `out=$1; options=$2; shift 2; i=0
for capture; do tcpdump $options -r "$capture" > "$out/$i" 2> /dev/null; i=$((i + 1)); done`;

/** Room for all the tables of all recordings. */
const MAX_BUFFER = 2 ** 30;

/** tcpdump's text of each capture, in their order. */
export function printedByTcpdump(options: string, captures: readonly string[]): readonly Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-text-'));
  try {
    execFileSync('sh', ['-c', TCPDUMP, 'sh', folder, options, ...captures], { stdio: 'ignore' });
    return captures.map((_, index) => readFileSync(join(folder, String(index))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** tshark's own text of one capture; it reads twice, as Wireshark and sharkd do. */
export function printedByTshark(capture: string): Buffer {
  return execFileSync('tshark', ['-n', '-2', '-r', capture], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: MAX_BUFFER,
  });
}

interface Reply {
  readonly id: number;
  readonly result?: readonly { readonly c: readonly string[] }[];
}

/**
 * tshark's text of each capture, in their order. It needs a third of a second to start, so its daemon lists the columns
 * of all of them and they are put in tshark's places here; without the daemon tshark is started for each.
 */
export function printedByTsharks(captures: readonly string[]): readonly Buffer[] {
  if (whyNot('sharkd') !== null) return captures.map(printedByTshark);
  const requests = captures.flatMap((file, index) => [
    { jsonrpc: '2.0', id: 2 * index + 1, method: 'load', params: { file } },
    { jsonrpc: '2.0', id: 2 * index + 2, method: 'frames' },
  ]);
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { stdout } = spawnSync('sharkd', ['-'], { input, maxBuffer: MAX_BUFFER, encoding: 'utf8' });
  const replies = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Reply] : []));
  const tables = new Map(replies.map(({ id, result }) => [id, result]));
  return captures.map((capture, index) => {
    const table = tables.get(2 * index + 2);
    if (table === undefined) throw new Error(`sharkd listed no packets of ${capture}`);
    return Buffer.from(table.map(({ c }) => `${rowOf(c)}\n`).join(''));
  });
}

function rowOf([number = '', time = '', source = '', destination = '', ...rest]: readonly string[]): string {
  const ends = `${source.padStart(12)} → ${destination.padEnd(12)}`;
  return `${number.padStart(5)} ${time.padStart(10)} ${ends} ${rest.join(' ')}`;
}

/** Why a tool cannot be used, or null. */
export function whyNot(tool: string): string | null {
  const { error } = spawnSync(tool, ['--version'], { stdio: 'ignore' });
  return error === undefined ? null : `skipped: ${tool} is not installed`;
}
