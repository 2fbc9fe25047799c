/**
 *     npm run bench [-- --traffic small,third --packets 8000000 --rounds 5 --only whyrst,tcpdump --folder DIR]
 *
 * Makes its own traffic once (in the system's folder for temporary files), then runs each tool on it in turn, round after
 * round, and prints medians. `--traffic all` takes every one of traffics.mjs. Slow tools get a prefix and are compared per
 * packet. A tool that is not installed is left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VERSION, writeTraffic } from './traffic.mjs';
import { TRAFFICS } from './traffics.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  options: {
    traffic: { type: 'string', default: 'small,third,all-reset,mixed,random-addresses,one-connection' },
    packets: { type: 'string', default: '1000000' },
    prefix: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    folder: { type: 'string', default: join(tmpdir(), 'whyrst-bench') },
  },
});
const PACKETS = Number(values.packets);
const PREFIX = Math.min(Number(values.prefix), PACKETS);
const ROUNDS = Number(values.rounds);
const FOLDER = values.folder;
const MAIN = join(ROOT, 'dist/bin/whyrst.js');
const RST_FILTER = 'tcp[tcpflags] & tcp-rst != 0';

mkdirSync(FOLDER, { recursive: true });
if (!existsSync(MAIN)) {
  console.error('there is no dist/bin/whyrst.js: npm run build first');
  process.exit(1);
}
console.log(`Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}; medians of ${ROUNDS} rounds`);
for (const name of values.traffic === 'all' ? Object.keys(TRAFFICS) : values.traffic.split(',')) bench(name);

function bench(name) {
  const whole = traffic(name, PACKETS);
  const prefix = traffic(name, PREFIX);
  checkAnswer(prefix);
  const tools = toolsFor(whole, prefix).filter(
    (tool) => (!values.only || values.only.split(',').includes(tool.name)) && isInstalled(tool),
  );
  // Once for the page cache, then in turns, so that a busy machine slows all of them down alike.
  const runs = new Map(tools.map((tool) => [tool.name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const tool of tools) {
      const result = run(tool.command);
      if (round > 0) runs.get(tool.name).push(result);
    }
  }
  print(name, whole, tools, runs);
}

function toolsFor(whole, prefix) {
  const node = process.execPath;
  const script = (name) => join(ROOT, 'test/bench', name);
  const ours = (name, ...rest) => ({ name, command: [node, MAIN, ...rest, '-o', '/dev/null'], packets: PACKETS });
  const piped = `"${node}" "${MAIN}" -o /dev/null - < <(cat "${whole.path}")`;
  return [
    ours('whyrst', whole.path),
    ours('whyrst one-pass', whole.path, '--one-pass'),
    ours('whyrst json', whole.path, '-f', 'json'),
    { name: 'whyrst stdin', command: ['bash', '-c', piped], packets: PACKETS },
    { name: 'tcpdump', command: tcpdump(whole.path), packets: PACKETS },
    { name: 'stage: read', command: [node, script('stage.mjs'), 'read', whole.path], packets: PACKETS },
    { name: 'stage: decode', command: [node, script('stage.mjs'), 'decode', whole.path], packets: PACKETS },
    { name: 'stage: track', command: [node, script('stage.mjs'), 'track', whole.path], packets: PACKETS },
    { name: 'pcap-parser', command: [node, script('pcap-parser-alone.mjs'), whole.path], packets: PACKETS },
    { name: 'tcptrace', command: ['tcptrace', '-n', prefix.path], packets: PREFIX },
    {
      name: 'tshark',
      command: ['tshark', '-n', '-r', prefix.path, '-Y', 'tcp.flags.reset==1', '-w', '/dev/null'],
      packets: PREFIX,
    },
  ].filter(({ name }) => !((name === 'pcap-parser' || name === 'tcptrace') && whole.special));
}

/** tcpdump reads no compressed files: it gets what a person would give it. */
function tcpdump(path) {
  if (!path.endsWith('.gz')) return ['tcpdump', '-r', path, '-w', '/dev/null', RST_FILTER];
  return ['bash', '-c', `gzip -dc "${path}" | tcpdump -r - -w /dev/null '${RST_FILTER}'`];
}

function isInstalled(tool) {
  if (!spawnSync(tool.command[0], ['--version']).error) return true;
  console.error(`${tool.name} is not installed: left out`);
  return false;
}

function traffic(name, packets) {
  const { format, compressed } = TRAFFICS[name] ?? {};
  const path = join(FOLDER, `${name}-${packets}.${format ?? 'pcap'}${compressed ? '.gz' : ''}`);
  const special = format !== 'pcap' || compressed === true;
  if (existsSync(`${path}.json`)) {
    const counts = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    if (counts.version === VERSION) return { path, counts, special };
  }
  console.error(`making ${path} …`);
  rmSync(`${path}.json`, { force: true });
  return { path, counts: writeTraffic(path, name, packets), special };
}

/** A speed counts only when every connection was tracked and every reset seen. */
function checkAnswer({ path, counts }) {
  const { stdout, status } = spawnSync(process.execPath, [MAIN, path, '-f', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`whyrst ended with ${status}`);
  const [capture] = JSON.parse(stdout).captures;
  for (const [what, seen, made] of [
    ['records', capture.records, counts.packets],
    ['connections', capture.connections, counts.seen],
    ['resets', capture.resets, counts.resets],
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

function print(name, { counts }, tools, runs) {
  const share = ((100 * counts.inReset) / counts.packets).toFixed(1);
  console.log(
    `\n${name}: ${counts.packets} packets, ${counts.seen} connections, ${counts.resets} resets, ${share} % of packets in reset connections`,
  );
  console.log(`  ${JSON.stringify(TRAFFICS[name])}\n`);
  const reference = runs.has('tcpdump') ? median(runs.get('tcpdump').map((one) => one.wall)) / PACKETS : null;
  const rows = tools.map((tool) => {
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
