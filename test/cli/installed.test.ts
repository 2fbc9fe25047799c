/** The package as a user has it: packed, installed in an empty folder, run, imported, its types read. */

import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../src/version.js';
import { CAPTURES } from './command.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RACE = join(CAPTURES, 'keepalive-race-after-fin.pcap');

/** Octets on the disk, with all dependencies: what a small container or a CI cache has to carry. */
const LARGEST = 8e6;

/** What npm says where neither its cache nor a registry has a package. */
const NO_REGISTRY = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/;

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}
interface Manifest {
  readonly dependencies: unknown;
  readonly scripts: Readonly<Record<string, string>>;
}
const read = <T>(...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

let folder = '';
let said = '';
let missing: string | undefined;
const at = (...path: string[]) => join(folder, 'app', ...path);
const command = (...args: string[]) =>
  spawnSync(at('node_modules/.bin/whyrst'), args, { cwd: at(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyrst-installed-'));
  mkdirSync(at());
  // Without the scripts: they would build anew what other tests run meanwhile.
  const packed = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', packed, { cwd: ROOT, encoding: 'utf8' })) as [
    { filename: string },
  ];
  const { dependencies } = read<Manifest>(ROOT, 'package.json');
  const tarball = `file:../${filename}`;
  const app = { name: 'app', version: '1.0.0', type: 'module', dependencies: { whyrst: tarball } };
  // With the versions of our own lock file npm needs no registry where its cache has them.
  const shipped = Object.entries(read<Lock>(ROOT, 'package-lock.json').packages).filter(
    ([path, { dev }]) => path !== '' && dev !== true,
  );
  const packages = {
    '': app,
    'node_modules/whyrst': { version, resolved: tarball, dependencies, bin: { whyrst: 'dist/bin/whyrst.js' } },
    ...Object.fromEntries(shipped),
  };
  writeFileSync(at('package.json'), JSON.stringify(app));
  writeFileSync(at('package-lock.json'), JSON.stringify({ ...app, lockfileVersion: 3, requires: true, packages }));
  const { status, stderr, stdout } = spawnSync(
    'npm',
    ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0'],
    { cwd: at(), encoding: 'utf8' },
  );
  said = stderr;
  if (status === 0) return;
  if (!NO_REGISTRY.test(stderr)) throw new Error(`npm ci failed:\n${stderr}${stdout}`);
  missing = `the dependencies are neither in npm's cache nor is a registry reachable: ${stderr.split('\n')[0]}`;
  console.warn(`not tested as installed: ${missing}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('installed', () => {
  test('without a warning, without a script, in little space', ({ skip }) => {
    skip(missing !== undefined, missing);
    expect(said).not.toMatch(/warn/i);
    const { scripts } = read<Manifest>(at('node_modules/whyrst/package.json'));
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(scripts).not.toHaveProperty(script);
    expect(octets(at('node_modules'))).toBeLessThan(LARGEST);
  });

  test('holds what is run and imported, and nothing else of the sources', ({ skip }) => {
    skip(missing !== undefined, missing);
    const files = readdirSync(at('node_modules/whyrst'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /^(test|captures|docs|dist\/cli)/.test(file))).toEqual([]);
    expect(files.filter((file) => file.startsWith('src/') && /\.ts$/.test(file))).toEqual([]);
    // What is bundled is other people's work, under their terms.
    const licences = readFileSync(at('node_modules/whyrst/dist/bin/LICENSES.txt'), 'utf8');
    expect(licences).toMatch(/^yaml [\d.]+ \(ISC\)$/m);
    expect(licences).toMatch(/^prom-client [\d.]+ \(Apache-2\.0\)$/m);
  });

  test('the command runs', ({ skip }) => {
    skip(missing !== undefined, missing);
    expect(command('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    const report = command(RACE);
    expect(report).toMatchObject({ status: 0, stderr: '' });
    expect(report.stdout).toContain('certain · keepalive-race-after-fin');
    // Each of these is in a file of its own.
    for (const format of ['json', 'ndjson', 'csv', 'markdown', 'html', 'junit', 'sarif'])
      expect(command(RACE, '-f', format)).toMatchObject({ status: 0, stderr: '' });
    expect(command('explain', 'broken pipe')).toMatchObject({ status: 0, stderr: '' });
    expect(command('show', RACE, '10').stdout).toContain('keepalive-race-after-fin');
    expect(command('-f', 'jsno', RACE)).toMatchObject({ status: 2, stdout: '' });
  });

  test('a Node that can keeps what it compiled', ({ skip }) => {
    skip(missing !== undefined, missing);
    skip(!('enableCompileCache' in module), `Node ${process.versions.node} has no compile cache (22.1 has)`);
    const kept = join(folder, 'compiled');
    spawnSync(at('node_modules/.bin/whyrst'), [RACE], { env: { ...process.env, NODE_COMPILE_CACHE: kept } });
    expect(readdirSync(kept)).not.toEqual([]);
  });

  test('a configuration in YAML and a cause of a team’s own, which imports the library, work with the command', ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    writeFileSync(at('whyrst.config.yaml'), 'limits: { settle: 5 }\n');
    const own = readFileSync(join(ROOT, 'docs/examples/own-cause.mjs'), 'utf8');
    expect(own).toContain("from 'whyrst'");
    writeFileSync(at('own-cause.mjs'), own);
    const { stdout, stderr } = command(
      join(CAPTURES, 'close-with-unread-data.pcap'),
      '--causes',
      'own-cause.mjs',
      '-f',
      'json',
    );
    rmSync(at('whyrst.config.yaml'));
    expect(stderr).toContain('limits changed');
    expect(JSON.parse(stdout).resets[0].cause).toBe('hourly-deploy');
  });

  test('the library is imported, with its types', ({ skip }) => {
    skip(missing !== undefined, missing);
    const lines = `
      import { CaptureError, type Diagnosis, diagnose } from 'whyrst';
      import { openCapture } from 'whyrst/node';
      import { runCause } from 'whyrst/testing';
      const file: string = ${JSON.stringify(RACE)};
      const diagnosis: Diagnosis = await diagnose(openCapture(file), { file });
      console.log(diagnosis.findings[0]?.cause.id, typeof runCause, new CaptureError('unreadable', 'x').name);
      // @ts-expect-error a name that is not there
      diagnosis.fnidings;
    `;
    writeFileSync(at('app.ts'), lines);
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      strict: true,
      types: [],
    };
    const program = ts.createProgram([at('app.ts')], options);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
    program.emit();
    const out = execFileSync(process.execPath, ['app.js'], { cwd: at(), encoding: 'utf8' });
    expect(out).toBe('keepalive-race-after-fin function CaptureError\n');
  });
});

/** Octets that a folder takes on the disk. */
function octets(path: string): number {
  const about = lstatSync(path);
  const own = about.blocks * BLOCK;
  return about.isDirectory() ? readdirSync(path).reduce((sum, entry) => sum + octets(join(path, entry)), own) : own;
}

/** Octets; POSIX leaves the unit of st_blocks open, Node gives it in these on every system. */
const BLOCK = 512;
