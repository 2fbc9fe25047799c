import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { CAPTURES, MAIN, whyrst } from './command.js';

// Each case starts processes, and several run at a time.
vi.setConfig({ testTimeout: 0 });

const RACE = 'keepalive-race-after-fin.pcap';
const CLOSED = 'closed-port.pcap';
const QUIET = 'no-reset.healthy.pcap';
const folder = mkdtempSync(join(tmpdir(), 'whyrst-'));
const octets = (name: string) => readFileSync(join(CAPTURES, name));

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

// In a clone npx runs the file itself; only an installed package gets its bits from npm.
test('the build leaves a program that a shell can start', () => {
  expect(() => accessSync(MAIN, constants.X_OK)).not.toThrow();
});

describe.concurrent('diagnosing', () => {
  test('a capture', async () => {
    const { status, stdout, stderr } = await whyrst([RACE]);
    expect(stdout).toContain('1. A request was sent on an idle connection the server had just closed');
    expect(stdout).toContain('keepalive-race-after-fin');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('standard input, named or not, gives what the file gives', async () => {
    const named = await whyrst([RACE]);
    const dash = await whyrst(['-'], { stdin: octets(RACE) });
    const none = await whyrst([], { stdin: octets(RACE) });
    const without = (text: string) => text.replace(/\n +here: .*/g, '');
    expect(without(dash.stdout)).toBe(without(named.stdout));
    expect(none.stdout).toBe(dash.stdout);
  });

  test('no resets: said plainly', async () => {
    const { status, stdout } = await whyrst([QUIET]);
    expect(stdout).toContain('No TCP connection was reset in this capture');
    expect(status).toBe(0);
  });

  test('several files: each its own report, ids numbered in JSON', async () => {
    const { stdout } = await whyrst([RACE, CLOSED]);
    expect(stdout).toContain(`${RACE}\n2026-`);
    expect(stdout).toContain(`\n${CLOSED}\n2026-`);
    const json = JSON.parse((await whyrst([RACE, CLOSED, '-f', 'json'])).stdout);
    expect(json.captures.map((capture: { file: string }) => capture.file)).toEqual([RACE, CLOSED]);
    expect(json.resets.map((reset: { id: string }) => reset.id.split(':')[0])).toEqual(['1', '2']);
  });

  test('the other reader gives the same verdicts', async () => {
    const own = await whyrst([RACE, '-f', 'json']);
    const other = await whyrst([RACE, '-f', 'json', '--reader', 'pcap-parser']);
    expect(JSON.parse(other.stdout).resets).toEqual(JSON.parse(own.stdout).resets);
  });

  test('the same piped as on a terminal: FORCE_COLOR adds colours and nothing else', async () => {
    const plain = await whyrst([RACE]);
    const coloured = await whyrst([RACE], { env: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[');
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
    const off = await whyrst([RACE], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(off.stdout).toBe(plain.stdout);
    expect((await whyrst([RACE, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).toBe(plain.stdout);
  });

  test('ASCII without a UTF-8 locale', async () => {
    const { stdout } = await whyrst([RACE], { env: { LANG: 'C' } });
    expect(stdout).toMatch(/^[\n\x20-\x7e]+$/);
  });

  test('times in a zone', async () => {
    const { stdout } = await whyrst([RACE, '--tz', '+02:00']);
    expect(stdout).toContain(' +02:00, ');
    expect(stdout).toContain('time (+02:00)');
  });
});

describe.concurrent('formats and files', () => {
  test('-o: the ending gives the format', async () => {
    const path = join(folder, 'report.json');
    const { status, stdout } = await whyrst([RACE, '-o', path]);
    expect([status, stdout]).toEqual([0, '']);
    expect(JSON.parse(readFileSync(path, 'utf8')).schema).toBe(1);
  });

  test('-f beats the ending; a text file has no colours', async () => {
    const path = join(folder, 'report.out.json');
    await whyrst([RACE, '-o', path, '-f', 'text'], { env: { FORCE_COLOR: '1' } });
    expect(readFileSync(path, 'utf8')).toBe((await whyrst([RACE])).stdout);
  });

  test('a folder that is not there', async () => {
    const { status, stderr } = await whyrst([RACE, '-o', join(folder, 'none', 'x.json')]);
    expect(stderr).toMatch(/^whyrst: .*x\.json: no such file or directory\n$/);
    expect(status).toBe(73);
  });

  test('stdout that closes early is silent', async () => {
    const child = spawn(process.execPath, [MAIN, RACE, RACE, RACE, '-f', 'json'], { cwd: CAPTURES });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => {
      stderr += text;
    });
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe.concurrent('selection', () => {
  test.each([
    [['--server', '10.0.2.2'], 1],
    [['--server', '10.0.2.0/24'], 1],
    [['--server', ':1'], 0],
    [['--client', '10.0.2.2'], 0],
    [['--host', '10.0.1.2'], 1],
    [['--host', '10.0.9.9,10.0.1.2'], 1],
    [['--cause', 'keepalive-race-after-fin'], 1],
    [['--cause', 'closed-port'], 0],
    [['--severity', 'error'], 1],
    [['--min-confidence', 'likely'], 1],
    [['--since', '+0'], 1],
    [['--since', '2100-01-01'], 0],
    [['--until', '2000-01-01'], 0],
  ])('%j: %d', async (args, expected) => {
    const { status, stdout } = await whyrst([RACE, '-f', 'json', ...args]);
    expect(JSON.parse(stdout).resets.length).toBe(expected);
    expect(status).toBe(0);
  });

  test('the head still counts the whole, and says what was selected', async () => {
    const { stdout } = await whyrst([RACE, '--server', ':1']);
    expect(stdout).toContain('1 RST');
    expect(stdout).toContain('Selected: 0 of them (--server :1)');
    expect(stdout).toContain('No RST matches this selection.');
  });
});

describe.concurrent('exit status', () => {
  test.each([
    ['any', RACE, 1],
    ['error', RACE, 1],
    ['error', CLOSED, 0],
    ['warning', CLOSED, 1],
    ['closed-port', CLOSED, 1],
    ['closed-port', RACE, 0],
    ['any', QUIET, 0],
  ])('--fail-on %s on %s: %d', async (failOn, capture, expected) => {
    expect((await whyrst([capture, '--fail-on', failOn])).status).toBe(expected);
  });

  test('one bad file of several: the rest is diagnosed, and 2 beats 1', async () => {
    const { status, stdout, stderr } = await whyrst(['missing.pcap', RACE, '--fail-on', 'any']);
    expect(stdout).toContain('keepalive-race-after-fin');
    expect(stderr).toBe('whyrst: missing.pcap: no such file\n');
    expect(status).toBe(2);
  });

  test('a capture cut in the middle of a packet is a warning', async () => {
    const whole = octets(RACE);
    const { status, stdout } = await whyrst([file('cut.pcap', whole.subarray(0, whole.length - 7))]);
    expect(stdout).toContain('Warning: ');
    expect(status).toBe(0);
  });

  test('a capture without packets', async () => {
    const { status, stdout } = await whyrst([file('none.pcap', octets(RACE).subarray(0, 24))]);
    expect(stdout).toContain('0 packets, 0 TCP connections, no RST');
    expect(stdout).toContain('Warning: it holds no packets');
    expect(stdout).toContain('This capture holds no packets: nothing can be said about resets.');
    expect(status).toBe(0);
    const path = join(folder, 'none.pcap');
    for (const format of ['markdown', 'html', 'junit', 'json', 'csv', 'sarif']) {
      const other = await whyrst([path, '-f', format]);
      expect(`${other.stdout}${other.stderr}`).toMatch(/no packets/);
      expect(other.stdout).not.toMatch(/was reset in this capture|no connection was reset/i);
    }
  });
});

describe.concurrent('what cannot be done is one plain line', () => {
  const bad = (name: string, content: Uint8Array | string) => file(name, content);

  test.each([
    ['an empty file', () => bad('empty.pcap', ''), /empty\.pcap: .*empty/],
    ['a text file', () => bad('notes.pcap', 'hello world, this is text, not a capture\n'), /notes\.pcap: /],
    ['a directory without captures', () => mkdtempSync(join(folder, 'empty-')), / holds no capture: /],
    ['a missing file', () => join(folder, 'missing.pcap'), /missing\.pcap: no such file/],
  ])('%s', async (_name, path, expected) => {
    const { status, stdout, stderr } = await whyrst([path()]);
    expect(stderr).toMatch(/^whyrst: [^\n]+\n$/);
    expect(stderr).toMatch(expected);
    expect([status, stdout]).toEqual([2, '']);
  });

  test.skipIf(process.getuid?.() === 0)('a file one may not read', async () => {
    const path = bad('secret.pcap', octets(RACE));
    chmodSync(path, 0);
    const { status, stderr } = await whyrst([path]);
    expect(stderr).toContain('permission denied');
    expect(status).toBe(2);
  });

  test('a name with control characters is shown, not obeyed', async () => {
    const { stderr } = await whyrst(['\u001b[31mred\u0007']);
    expect(stderr).toBe('whyrst: \\x1b[31mred\\x07 matches no file\n');
  });

  test.each([
    [[RACE, '-f', 'jsno'], '--format jsno: no such format; did you mean json?'],
    [[RACE, '--fromat', 'json'], 'unknown option --fromat; did you mean --format?'],
    [[RACE, '--cause', 'closed-prot'], '--cause closed-prot: no such cause; did you mean closed-port?'],
    [[RACE, '--fail-on', 'eror'], 'did you mean error?'],
    [[RACE, '--server', 'example.org'], '--server example.org: not an address'],
    [[RACE, '--since', 'noon'], '--since noon: not a time'],
    [[RACE, '--tz', 'Mars/Olympus'], '--tz Mars/Olympus: no such time zone'],
    [[RACE, '--limit', '0'], '--limit 0: must be a whole number above 0'],
    [[RACE, '--port', '99999'], '--port 99999: not a port number'],
    [[RACE, '--severity', 'bad'], '--severity bad: must be note, warning, error'],
    [[RACE, '--reader', 'pcapparser'], 'did you mean pcap-parser?'],
    [[RACE, '--format'], 'option --format needs a value'],
    [['explian', 'x'], 'did you mean the command: whyrst explain?'],
    [['chek', RACE], 'did you mean the command: whyrst check?'],
    [[RACE, '--baseline', 'x'], '--baseline is an option of whyrst check, not of whyrst CAPTURE'],
    [
      ['show', RACE, '11', '--all'],
      '--all is an option of whyrst CAPTURE, whyrst merge, whyrst extract, not of whyrst show',
    ],
    [['check', RACE, '--updat'], 'unknown option --updat; did you mean --update?'],
    [[RACE, '--since', '2026-12-01', '--until', '2026-11-01'], '--since 2026-12-01 is after --until 2026-11-01'],
    [[RACE, '--since', '+9', '--until', '+2'], '--since +9 is after --until +2: nothing lies between'],
    [[RACE, '--since', '12:00', '--until', '11:00'], '--since 12:00 is after --until 11:00'],
    [['extract', RACE, '-o', 'x', '--since', '+9', '--until', '+2'], 'nothing lies between'],
    [['explain', 'nothing of the kind'], 'neither a cause nor words of an error message'],
    [['show', RACE, 'nobody'], '"nobody" names neither a frame nor an endpoint'],
    [['show', RACE, '99999'], 'there is no frame 99,999'],
  ])('%j', async (args, expected) => {
    const { status, stdout, stderr } = await whyrst(args);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('    at ');
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe.concurrent('help, version, completion', () => {
  test('--version, alone and with company', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await whyrst(['--version'])).stdout).toBe(`${version}\n`);
    expect((await whyrst(['--version', '--all'])).stdout).toBe(`${version}\n`);
  });

  test.each([['--help'], ['-h']])('%s has examples and the exit status', async (option) => {
    const { status, stdout } = await whyrst([option]);
    expect(stdout).toContain('whyrst capture.pcap');
    expect(stdout).toContain('Exit status: 0 diagnosed');
    expect(stdout).not.toContain('[string]');
    expect(status).toBe(0);
  });

  test('causes and explain', async () => {
    expect((await whyrst(['causes'])).stdout).toMatch(/^closed-port +warning +Nothing listened/m);
    expect((await whyrst(['causes'])).stdout).toMatch(/\n\nThe peer is the end in whose name the RST came[^\n]+\n/);
    expect((await whyrst(['explain', 'closed-port'])).stdout).toContain('RFC 9293');
    const words = await whyrst(['explain', 'connection', 'reset', 'by', 'peer']);
    expect(words.stdout).toContain('close-with-unread-data');
  });
});

describe.concurrent('show', () => {
  test('by frame, by endpoints and by log line: the same ladder', async () => {
    const report = JSON.parse((await whyrst([RACE, '-f', 'json'])).stdout);
    const [reset] = report.resets;
    const byFrame = await whyrst(['show', RACE, String(reset.frame)]);
    expect(byFrame.stdout).toContain('relative numbers as in Wireshark');
    expect(byFrame.stdout).toContain(`wireshark  ${reset.filter}`);
    const { client, server } = reset.connection;
    const byEnds = await whyrst(['show', RACE, server, client]);
    expect(byEnds.stdout).toBe(byFrame.stdout);
    const byLine = await whyrst(['show', RACE, `write tcp ${client}->${server}: write: broken pipe`]);
    expect(byLine.stdout).toContain(byFrame.stdout.trimEnd());
    expect(byLine.stdout).toContain('that fits');
    const wrong = await whyrst(['show', RACE, `read tcp ${client}->${server}: read: connection reset by peer`]);
    expect(wrong.stdout.replace(/\s+/g, ' ')).toContain('that is not what these packets would give');
  });

  test('by a message without an endpoint, also from standard input', async () => {
    const [reset] = JSON.parse((await whyrst([RACE, '-f', 'json'])).stdout).resets;
    const typed = await whyrst(['show', RACE, 'write: broken pipe']);
    expect(typed.stdout).toContain('only this reset gives such a line');
    expect(typed.stdout).toContain(`wireshark  ${reset.filter}`);
    const piped = await whyrst(['show', RACE, '-'], { stdin: Buffer.from('write: broken pipe\n') });
    expect(piped.stdout).toBe(typed.stdout);
    const other = await whyrst(['show', RACE, 'ERR_CONNECTION_REFUSED']);
    expect(other.stdout.replace(/\s+/g, ' ')).toContain('no reset in this capture gives such a line');
  });

  test('nothing or too much on standard input is said', async () => {
    const none = await whyrst(['explain', '-'], { stdin: Buffer.from('\n') });
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('nothing on standard input')]);
    const much = await whyrst(['show', RACE, '-'], { stdin: Buffer.alloc(1_048_577, 'x') });
    expect([much.status, much.stderr]).toEqual([2, expect.stringContaining('more than 1,048,576 bytes')]);
  });

  test('any packet of the connection names it', async () => {
    const [reset] = JSON.parse((await whyrst([RACE, '-f', 'json'])).stdout).resets;
    const first = await whyrst(['show', RACE, '1']);
    expect(first.stdout).toBe((await whyrst(['show', RACE, String(reset.frame)])).stdout);
  });

  test('from standard input only what was kept, and it says so', async () => {
    const [reset] = JSON.parse((await whyrst([RACE, '-f', 'json'])).stdout).resets;
    const { stdout } = await whyrst(['show', '-', String(reset.frame)], { stdin: octets(RACE) });
    expect(stdout).toContain('only the packets before the reset were kept');
  });

  test('a connection without an RST says how it ended', async () => {
    const { stdout } = await whyrst(['show', QUIET, '1']);
    expect(stdout).toContain('This connection was never reset');
  });

  test('a connection that is not there: what is near', async () => {
    const [reset] = JSON.parse((await whyrst([RACE, '-f', 'json'])).stdout).resets;
    const { stdout } = await whyrst(['show', RACE, `10.9.9.9:1 ${reset.connection.server}`]);
    expect(stdout).toContain('not there');
    expect(stdout).toContain('a NAT between?');
  });
});

test('--version starts in less than three times the time of an empty program', async () => {
  const once = async (args: readonly string[]) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    await new Promise((resolve) => child.on('close', resolve));
    return performance.now() - start;
  };
  // The best of several, taken in turn: other work on the machine can only slow a run down.
  let version = Number.POSITIVE_INFINITY;
  let nothing = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round += 1) {
    nothing = Math.min(nothing, await once(['-e', '0']));
    version = Math.min(version, await once([MAIN, '--version']));
  }
  expect(version).toBeLessThan(3 * nothing);
});
