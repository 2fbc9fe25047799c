/**
 * `npm run bench [-- --packets 8000000 --rounds 5 --only whyrst,tcpdump]`
 *
 * Makes its own traffic once (.bench/), then runs each tool on it in turn, round after round, and prints
 * medians. Slow tools get a prefix and are compared per packet. A tool that is not installed is left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VERSION, writeTraffic } from './traffic.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, '.bench');
const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '8000000' },
    prefix: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const PACKETS = Number(values.packets);
const PREFIX = Math.min(Number(values.prefix), PACKETS);
const ROUNDS = Number(values.rounds);

mkdirSync(FOLDER, { recursive: true });
const whole = traffic(PACKETS);
const prefix = traffic(PREFIX);
const MAIN = join(ROOT, 'dist/cli/main.js');
if (!existsSync(MAIN)) {
  console.error('there is no dist/cli/main.js: npm run build first');
  process.exit(1);
}

const node = process.execPath;
const script = (name) => join(ROOT, 'test/bench', name);
const RST_FILTER = 'tcp[tcpflags] & tcp-rst != 0';
const TOOLS = [
  { name: 'whyrst', command: [node, MAIN, whole.path, '-o', '/dev/null'], packets: PACKETS },
  { name: 'whyrst json', command: [node, MAIN, whole.path, '-f', 'json', '-o', '/dev/null'], packets: PACKETS },
  { name: 'tcpdump', command: ['tcpdump', '-r', whole.path, '-w', '/dev/null', RST_FILTER], packets: PACKETS },
  { name: 'read+decode', command: [node, script('read-decode.mjs'), whole.path], packets: PACKETS },
  { name: 'pcap-parser', command: [node, script('pcap-parser-alone.mjs'), whole.path], packets: PACKETS },
  { name: 'tcptrace', command: ['tcptrace', '-n', prefix.path], packets: PREFIX },
  {
    name: 'tshark',
    command: ['tshark', '-n', '-r', prefix.path, '-Y', 'tcp.flags.reset==1', '-w', '/dev/null'],
    packets: PREFIX,
  },
].filter((tool) => !values.only || values.only.split(',').includes(tool.name));

checkAnswer();
const installed = TOOLS.filter((tool) => {
  if (!spawnSync(tool.command[0], ['--version']).error) return true;
  console.error(`${tool.name} is not installed: left out`);
  return false;
});
// Once for the page cache, then in turns, so that a busy machine slows all of them down alike.
readFileSync(prefix.path);
const runs = new Map(installed.map((tool) => [tool.name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const tool of installed) {
    const result = run(tool.command);
    if (round > 0) runs.get(tool.name).push(result);
  }
}
print();

function traffic(packets) {
  const path = join(FOLDER, `traffic-${packets}.pcap`);
  if (existsSync(`${path}.json`)) {
    const counts = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    if (counts.version === VERSION) return { path, counts };
  }
  console.error(`making ${path} …`);
  rmSync(`${path}.json`, { force: true });
  return { path, counts: writeTraffic(path, packets) };
}

/** A speed counts only when every connection was tracked and every reset seen. */
function checkAnswer() {
  const { stdout, status } = spawnSync(node, [MAIN, prefix.path, '-f', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`whyrst ended with ${status}`);
  const [capture] = JSON.parse(stdout).captures;
  for (const [what, seen, made] of [
    ['records', capture.records, PREFIX],
    ['connections', capture.connections, prefix.counts.seen],
    ['resets', capture.resets, prefix.counts.resets],
  ]) {
    if (seen !== made) console.error(`WRONG: ${made} ${what} were made, whyrst saw ${seen}`);
  }
}

/** Wall and processor seconds and peak resident memory, through GNU time where it is installed. */
function run(command) {
  const measured = existsSync('/usr/bin/time');
  const report = join(FOLDER, 'time.txt');
  const [program, ...rest] = measured ? ['/usr/bin/time', '-f', '%e %U %S %M', '-o', report, ...command] : command;
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  if (!measured) return { wall, user: Number.NaN, peak: Number.NaN };
  const [, user, system, peak] = readFileSync(report, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, user: user + system, peak: peak / 1024 };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function print() {
  const { counts } = whole;
  console.log(
    `${counts.packets} packets, ${counts.seen} connections, ${counts.resets} resets; medians of ${ROUNDS} rounds`,
  );
  console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
  const reference = runs.has('tcpdump') ? median(runs.get('tcpdump').map((one) => one.wall)) / PACKETS : null;
  const rows = installed.map((tool) => {
    const results = runs.get(tool.name);
    const wall = median(results.map((one) => one.wall));
    const slowest = Math.max(...results.map((one) => one.wall));
    const perPacket = wall / tool.packets;
    return [
      tool.name,
      String(tool.packets),
      wall.toFixed(2),
      slowest.toFixed(2),
      median(results.map((one) => one.user)).toFixed(2),
      (perPacket * 1e9).toFixed(0),
      median(results.map((one) => one.peak)).toFixed(0),
      reference === null ? '' : (perPacket / reference).toFixed(2),
    ];
  });
  const heads = ['tool', 'packets', 'wall s', 'slowest', 'cpu s', 'ns/packet', 'peak MB', '× tcpdump'];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  for (const row of [heads, ...rows]) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
  }
}
