/**
 * The configuration file and the team's own causes, loaded before anything is read.
 *
 * A configuration is found in the folder the command runs in, or above it up to the root of the repository. Found data
 * (JSON, YAML) is always used. Code is another matter: whoever looks at a capture in a folder that came by mail does not
 * want that folder's scripts to run. So `whyrst.config.js` and modules of causes that a configuration names run only in
 * `whyrst check`, which is run in one's own repository, or when the command line names the file.
 */

import { existsSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { causes as builtIn } from '../causes/index.js';
import type { Config } from '../gate/config.js';
import { causesOfModule, OwnCauseError, withOwnCauses } from '../gate/own-causes.js';
import { LIMIT_DEFINITIONS, type LimitName } from '../limits.js';
import type { InputKind } from '../node/files/run-files.js';
import { FileRefused, readSmallFile } from '../node/files/small-file.js';
import { printable } from '../report/words/printable.js';
import type { UsedConfiguration } from '../reset/verdicts/diagnosis.js';
import type { Cause } from '../reset/vocabulary/verdict.js';
import { systemMessage, UsageError } from './errors.js';
import { didYouMean } from './suggest.js';

export interface Settings {
  readonly config: Config;
  /** Folder that paths in the configuration are relative to. */
  readonly folder: string;
  /** The catalogue with the team's own causes in it. */
  readonly causes: readonly Cause[];
  /** The configuration for reports; null where there is none. */
  readonly used: UsedConfiguration | null;
  /** Files that all this was read from. */
  readonly sources: readonly { readonly path: string; readonly kind: InputKind }[];
}

export interface SettingsTask {
  /** `--config`; undefined to look for one. */
  readonly config: string | undefined;
  /** `--causes` */
  readonly causes: readonly string[];
  /** May code that was found, not named, be run? */
  readonly trusted: boolean;
}

const NAMES = [
  'whyrst.config.json',
  'whyrst.config.yaml',
  'whyrst.config.yml',
  'whyrst.config.js',
  'whyrst.config.mjs',
];

/** The same without the names that a team has for its hosts. */
export function withoutSite({ config: { site: _, ...config }, used, ...settings }: Settings): Settings {
  return { ...settings, config, used: used && { ...used, site: false } };
}

/** @throws UsageError */
export async function loadSettings(task: SettingsTask): Promise<Settings> {
  const file = task.config ?? findConfig(process.cwd());
  const named = task.config !== undefined;
  let config: Config = {};
  let used: UsedConfiguration | null = null;
  if (file !== null) {
    if (isCode(file) && !named && !task.trusted) {
      warn(`${file} is code and was not run; name it to use it: --config ${file}`);
    } else {
      config = await readConfig(file, named);
      used = usedOf(file, !named, config);
    }
  }
  const folder = file === null ? process.cwd() : dirname(resolve(file));
  const fromConfig = (config.causes ?? []).map((path) => resolve(folder, path));
  const run = named || task.trusted;
  if (fromConfig.length > 0 && !run)
    warn(`the causes that ${file} names are code and were not run; name it to use them: --config ${file}`);
  const modules = [...(run ? fromConfig : []), ...task.causes.map((path) => resolve(path))];
  let causes: readonly Cause[] = builtIn;
  for (const module of modules) causes = await withModule(causes, module);
  const sources = modules.map((path) => ({ path, kind: 'module of causes' as const }));
  return {
    config,
    folder,
    causes,
    used,
    sources: file === null ? sources : [{ path: file, kind: 'configuration' }, ...sources],
  };
}

function usedOf(file: string, found: boolean, { limits = {}, site }: Config): UsedConfiguration {
  const changed = Object.entries(limits).flatMap(([name, value]) => {
    const { value: usual, unit } = LIMIT_DEFINITIONS[name as LimitName];
    return value === undefined || value === usual ? [] : [{ name, value, usual, unit }];
  });
  return { file, found, limits: changed, site: site !== undefined };
}

function warn(text: string): void {
  process.stderr.write(`whyrst: warning: ${printable(text)}\n`);
}

function findConfig(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const name of NAMES) if (existsSync(join(folder, name))) return relativeTo(from, folder, name);
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && hasKey(manifest)) return relativeTo(from, folder, 'package.json');
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return null;
  }
}

function relativeTo(from: string, folder: string, name: string): string {
  return folder === from ? name : join(folder, name);
}

function hasKey(manifest: string): boolean {
  try {
    return 'whyrst' in (JSON.parse(readSmallFile(manifest, { links: false })) as object);
  } catch {
    return false;
  }
}

function isCode(file: string): boolean {
  return /\.[cm]?js$/.test(file);
}

async function readConfig(file: string, named: boolean): Promise<Config> {
  let value: unknown;
  try {
    if (isCode(file)) value = await exportedBy(file);
    else {
      const text = readSmallFile(file, { links: named });
      value = /\.ya?ml$/.test(extname(file)) ? await parsedYaml(text, file) : JSON.parse(text);
      if (file.endsWith('package.json')) value = (value as Readonly<Record<string, unknown>>)['whyrst'];
    }
  } catch (error) {
    if (error instanceof FileRefused)
      throw new UsageError(error.message, error.link ? `name it to use it: --config ${file}` : null);
    throw new UsageError(systemMessage(error) ?? `${file}: ${firstLine(error)}`);
  }
  // Loaded only where there is a configuration.
  const { ConfigError, parseConfig } = await import('../gate/config.js');
  try {
    return parseConfig(value, file, didYouMean);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message.split('\n').join('; '));
    throw error;
  }
}

async function exportedBy(file: string): Promise<unknown> {
  if (!statSync(file).isFile()) throw new FileRefused(`${file} is not a regular file`);
  return ((await import(pathToFileURL(resolve(file)).href)) as { default?: unknown }).default;
}

/** What the library has to say of it goes where all our words go; by itself it would write to the terminal. */
async function parsedYaml(text: string, file: string): Promise<unknown> {
  const document = (await import('yaml')).parseDocument(text, { logLevel: 'error' });
  for (const warning of document.warnings) warn(`${file}: ${firstLine(warning)}`);
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return document.toJS();
}

async function withModule(causes: readonly Cause[], module: string): Promise<readonly Cause[]> {
  if (!existsSync(module)) throw new UsageError(`${module}: no such file`);
  try {
    const exported = (await import(pathToFileURL(module).href)) as Readonly<Record<string, unknown>>;
    return withOwnCauses(causes, causesOfModule(exported, module), module, didYouMean);
  } catch (error) {
    if (error instanceof OwnCauseError) throw new UsageError(error.message.split('\n').join('; '));
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new UsageError(`${module}: Node ${process.versions.node} runs .js and .mjs: compile it first`);
    throw new UsageError(`${module}: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  return ((error instanceof Error ? error.message : String(error)).split('\n')[0] as string).replace(/:$/, '');
}
