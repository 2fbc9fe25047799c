import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAPTURES, spawned, whyrst } from './command.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'whyrst-check-'));
  for (const name of ['closed-port.pcap', 'keepalive-race-after-fin.pcap'])
    cpSync(join(CAPTURES, name), join(cwd, name));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (...args: string[]) => whyrst(args, { cwd });
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');

describe('whyrst check', () => {
  it('is green on what it wrote itself, and red with a reason when a capture changes', async () => {
    expect((await run('check', '--update', '*.pcap')).status).toBe(0);
    const green = await run('check', '*.pcap');
    expect(green).toMatchObject({ status: 0, stderr: '' });
    expect(green.stdout).toContain('2 captures: 2 as expected');

    // The service was moved to another design: the same file now holds another story.
    cpSync(join(CAPTURES, 'close-with-unread-data.pcap'), join(cwd, 'keepalive-race-after-fin.pcap'));
    const red = await run('check', '*.pcap');
    expect(red.status).toBe(1);
    expect(red.stdout).toMatch(/FAIL {2}keepalive-race-after-fin\.pcap\n {6}Missing: 1 keepalive-race-after-fin/);
    expect(red.stdout).toMatch(/why not {3}keepalive-race-after-fin: /);
    expect(red.stdout).toMatch(/look {6}whyrst show keepalive-race-after-fin\.pcap \d+/);
  });

  it('fails a capture without expectations, an empty one, a cut one; and an unreadable one with 2', async () => {
    await run('check', '--update', '*.pcap');
    const whole = readFileSync(join(cwd, 'closed-port.pcap'));
    writeFileSync(join(cwd, 'cut.pcap'), whole.subarray(0, whole.length - 5));
    writeFileSync(join(cwd, 'no-packets.pcap'), whole.subarray(0, 24));
    write('no-packets.pcap.expect', 'none\n');
    const result = await run('check', 'cut.pcap', 'no-packets.pcap');
    expect(result.status).toBe(1);
    expect(result.stdout).toContain('The capture is cut or damaged');
    expect(result.stdout).toContain('The capture is empty');
    expect(result.stdout).toContain('cut.pcap.expect does not exist; whyrst check --update cut.pcap');
    write('nothing.pcap', '');
    expect((await run('check', 'closed-port.pcap', 'nothing.pcap')).status).toBe(2);
  });

  it('fails patterns that match nothing, and no capture at all', async () => {
    expect(await run('check', 'x*.pcap')).toMatchObject({
      status: 2,
      stderr: 'whyrst: x*.pcap matches no file\n',
    });
    expect((await run('check')).status).toBe(2);
  });

  it('shows every wrong line of an expectation with its number', async () => {
    write('closed-port.pcap.expect', '1 closed-prt\nx\n');
    const { status, stdout } = await run('check', 'closed-port.pcap');
    expect(status).toBe(1);
    expect(stdout).toContain('closed-port.pcap.expect:1: no cause is called "closed-prt"; did you mean closed-port?');
    expect(stdout).toContain('closed-port.pcap.expect:2: "x" is no count');
    expect((await run('check', '--update', 'closed-port.pcap')).status).toBe(2);
  });

  it('takes other gates in place of expectations', async () => {
    expect((await run('check', '--fail-on', 'error', 'closed-port.pcap')).status).toBe(0);
    expect((await run('check', '--fail-on', 'closed-port', 'closed-port.pcap')).status).toBe(1);
    expect((await run('check', '--max-resets', '1', 'closed-port.pcap')).status).toBe(0);
    expect((await run('check', '--max-resets', '1', '*.pcap')).status).toBe(1);
    await run('closed-port.pcap', '-o', 'old.json');
    expect((await run('check', '--baseline', 'old.json', 'closed-port.pcap')).status).toBe(0);
    expect((await run('check', '--baseline', 'old.json', '*.pcap')).status).toBe(1);
    const ignored = await run(
      'check',
      '--max-resets',
      '0',
      'closed-port.pcap',
      '--ignore',
      'closed-port until 2999-01-01 # known, since 2026',
    );
    expect(ignored.status).toBe(0);
    expect(ignored.stdout).toContain('ignored until 2999-01-01: 1 reset closed-port (known, since 2026)');
    expect((await run('check', '--ignore', 'closed-port', 'closed-port.pcap')).stderr).toContain(
      'a last day is missing',
    );
  });

  it('tells GitHub, in annotations and the job summary', async () => {
    write('closed-port.pcap.expect', 'none\n');
    const summary = join(cwd, 'summary.md');
    const { stdout } = await whyrst(['check', '--github', 'closed-port.pcap'], {
      cwd,
      env: { GITHUB_STEP_SUMMARY: summary },
    });
    expect(stdout).toMatch(/^::error file=closed-port\.pcap,title=whyrst check::Not expected: 1 closed-port/m);
    expect(read('summary.md')).toContain('- **Not expected: 1 closed-port');
  });

  it('writes JUnit to a file and says on stdout what failed', async () => {
    write('closed-port.pcap.expect', 'none\n');
    const { stdout } = await run('check', 'closed-port.pcap', '-o', 'report.xml');
    expect(read('report.xml')).toMatch(/^<\?xml/);
    expect(stdout).toContain('FAIL  closed-port.pcap');
  });
});

describe('configuration', () => {
  it('is found in the folder or above, and names what check looks at', async () => {
    write('whyrst.config.yaml', 'captures: "*.pcap"\nmaxResets: 2\n');
    expect((await run('check')).status).toBe(0);
    write('whyrst.config.yaml', 'captures: "*.pcap"\nmaxResets: 1\n');
    mkdirSync(join(cwd, 'sub'));
    expect((await whyrst(['check'], { cwd: join(cwd, 'sub') })).status).toBe(1);
  });

  it('stands in package.json or a script too', async () => {
    write('package.json', JSON.stringify({ whyrst: { maxResets: 0 } }));
    expect((await run('check', 'closed-port.pcap')).status).toBe(1);
    rmSync(join(cwd, 'package.json'));
    write('whyrst.config.mjs', 'export default { maxResets: 0 };');
    expect((await run('check', 'closed-port.pcap')).status).toBe(1);
  });

  it('says what is wrong with it', async () => {
    write('whyrst.config.json', '{ "maxReset": 1 }');
    expect(await run('closed-port.pcap')).toMatchObject({
      status: 2,
      stderr: 'whyrst: whyrst.config.json: unknown key "maxReset"; did you mean maxResets?\n',
    });
    write('whyrst.config.json', '{');
    expect((await run('closed-port.pcap')).stderr).toMatch(/^whyrst: whyrst\.config\.json: .*JSON/);
  });

  it('names hosts in reports', async () => {
    write(
      'whyrst.config.json',
      JSON.stringify({ site: { middleboxes: [{ cidr: '10.0.2.0/24', name: 'load balancer blue' }] } }),
    );
    expect((await run('closed-port.pcap')).stdout.replace(/\s+/g, ' ')).toContain('10.0.2.2 is load balancer blue');
  });

  it('runs no code that lies beside a capture unless it is named', async () => {
    write('whyrst.config.mjs', 'import { writeFileSync } from "node:fs"; writeFileSync("ran", ""); export default {};');
    const looked = await run('closed-port.pcap');
    expect(looked.status).toBe(0);
    expect(looked.stderr).toContain('is code and was not run');
    expect(readdirSync(cwd)).not.toContain('ran');
    await run('closed-port.pcap', '--config', 'whyrst.config.mjs');
    expect(readdirSync(cwd)).toContain('ran');
  });
});

const OWN = `export default {
  id: 'our-cause', title: 'Ours', explanation: 'Ours.', fix: 'None.', confirm: 'ask us', references: [], since: '1',
  severity: 'note', shapes: ['reply-to-syn'], needs: [],
  signature: (reset) => ({ confidence: 'certain', responsible: 'nobody', doubt: [], evidence: [{ frame: reset.rst.frame, text: 'ours', values: {} }] }),
};`;

describe("causes of the team's own", () => {
  it('take part everywhere', async () => {
    write('ours.mjs', OWN);
    expect((await run('closed-port.pcap', '--causes', './ours.mjs', '-f', 'csv')).stdout).toContain(
      ',our-cause,certain,note,',
    );
    expect((await run('explain', 'our-cause', '--causes', './ours.mjs')).stdout).toContain('Ours.');
    write('closed-port.pcap.expect', '1 our-cause certain\n');
    expect((await run('check', 'closed-port.pcap', '--causes', 'ours.mjs')).status).toBe(0);
  });

  it('are checked before anything is read', async () => {
    write('ours.mjs', 'export default { id: "x" };');
    const { status, stderr } = await run('closed-port.pcap', '--causes', 'ours.mjs');
    expect(status).toBe(2);
    expect(stderr).toContain('x: "title" is missing');
  });

  it('are compiled first, where Node does not run what they are written in', async () => {
    write('ours.toml', OWN);
    const { status, stderr } = await spawned(['closed-port.pcap', '--causes', 'ours.toml'], { cwd });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^whyrst: .*ours\.toml: Node [\d.]+ runs \.js and \.mjs: compile it first\n/);
  });
});

describe('annotate, extract, anonymize', () => {
  it('refuses to write over the capture', async () => {
    expect(await run('annotate', 'closed-port.pcap', '-o', './closed-port.pcap')).toMatchObject({ status: 2 });
    expect((await run('annotate', 'closed-port.pcap')).stderr).toContain('name the file to write');
  });

  it('writes a capture that whyrst reads alike', async () => {
    await run('annotate', 'closed-port.pcap', '-o', 'out.pcapng');
    const report = async (file: string) => (await run(file, '-f', 'csv')).stdout.replaceAll(file, 'x');
    expect(await report('out.pcapng')).toBe(await report('closed-port.pcap'));
  });

  it('extracts what is selected, one file each', async () => {
    const { status } = await run('extract', 'x*.pcap', 'closed-port.pcap', '--cause', 'closed-port', '-o', 'found');
    expect(status).toBe(2);
    expect(
      (
        await run(
          'extract',
          'closed-port.pcap',
          'keepalive-race-after-fin.pcap',
          '--cause',
          'closed-port',
          '-o',
          'found',
        )
      ).status,
    ).toBe(0);
    expect(readdirSync(join(cwd, 'found'))).toEqual(['closed-port.frame-2.closed-port.pcap']);
  });

  it('gives one address the same other name in reports and extracts of several runs', async () => {
    const env = { WHYRST_ANONYMIZE_KEY: 'secret' };
    const one = await whyrst(['closed-port.pcap', '--anonymize', '-f', 'csv'], { cwd, env });
    expect(one.stdout).not.toContain('10.0.2.2');
    await whyrst(['extract', 'closed-port.pcap', '--by', 'capture', '--anonymize', '-o', 'out'], { cwd, env });
    const again = await run('out/capture-1.pcap', '-f', 'csv');
    const server = (text: string) => text.split('\n')[1]?.split(',').slice(11, 15);
    expect(server(again.stdout)).toEqual(server(one.stdout));
  });
});

describe('ndjson from a pipe', () => {
  it('is what a file gives, selection and exit status too', async () => {
    const stdin = readFileSync(join(cwd, 'closed-port.pcap'));
    const piped = await whyrst(['-', '-f', 'ndjson', '--fail-on', 'warning'], { cwd, stdin });
    expect(piped.status).toBe(1);
    const file = await run('closed-port.pcap', '-f', 'ndjson');
    // The line of the capture comes last: by then the lines of its resets are gone, and its findings name none.
    const resets = (text: string) => text.split('\n').filter((line) => line.startsWith('{"record":"reset"'));
    expect(resets(piped.stdout)).toEqual(resets(file.stdout.replaceAll('"closed-port.pcap"', '"-"')));
    const { stdout } = await whyrst(['-', '-f', 'ndjson', '--cause', 'forged-reset'], { cwd, stdin });
    expect(JSON.parse(stdout)).toMatchObject({ record: 'capture', file: '-', resets: 1, omitted: 0, findings: [] });
  });
});

describe('--github on a report', () => {
  it('annotates the captures and writes the summary, after the report', async () => {
    const summary = join(cwd, 'summary.md');
    const { stdout } = await whyrst(['closed-port.pcap', '-q', '--github'], {
      cwd,
      env: { GITHUB_STEP_SUMMARY: summary },
    });
    expect(stdout).toMatch(
      /\n::warning file=closed-port\.pcap,title=closed-port \(likely\)::Nothing listened on the port/,
    );
    expect(read('summary.md')).toMatch(/^## closed-port\.pcap\n/);
  });
});
