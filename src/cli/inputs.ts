/** What was given to be read, operands of any kind, as runs: each a file, or the files of a series. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SeriesFile } from '../capture/series.js';
import { CaptureError } from '../capture/types.js';
import { isCapture } from '../node/files/told-by-head.js';
import { type CaptureFile, openCapture } from '../node/open-capture.js';
import {
  type CaptureFiles,
  type CapturePeek,
  grouped,
  joined,
  mayBeSeries,
  openSeries,
  peek,
} from '../node/series/index.js';
import type { InputOptions } from './command-line/shared.js';
import { systemMessage, UsageError } from './errors.js';
import { expand, isPattern } from './glob.js';

export const NAME_OF_STDIN = '--name is the name of standard input: give - as the capture';

/** One run: what is told as one capture. */
export interface CaptureRun {
  /** As reports name it; typed behind `whyrst show` it means the same run. `-` is standard input. */
  readonly name: string;
  /** In the order of time. */
  readonly files: readonly SeriesFile[];
}

export function isStandardInput({ files }: CaptureRun): boolean {
  return files[0]?.name === '-';
}

/** Its octets; anew with each call. */
export function openRun({ files }: CaptureRun): CaptureFile | CaptureFiles {
  const [first] = files;
  return files.length === 1 && first !== undefined ? openCapture(first.name) : openSeries(files);
}

export interface Inputs {
  readonly runs: readonly CaptureRun[];
  /** What could not be read at all. */
  readonly unreadable: readonly { readonly path: string; readonly error: Error }[];
}

/** Beside the captures of a check, and named like them. */
const EXPECTATIONS = '.expect';
/** So many files are still named one by one in a command. */
const NAMED = 8;

/** What is taken of a folder. */
export interface Wanted {
  readonly is: (path: string) => boolean;
  /** Behind "holds no": what was looked for. */
  readonly what: string;
}

const CAPTURES: Wanted = { is: isCapture, what: 'capture: no file in it or below is a pcap or pcapng' };

/**
 * Every path that the operands mean, each once, in their order: files as they are, of a folder what is wanted, of a
 * pattern what it matches, of `--files-from` what it lists.
 *
 * @throws UsageError where an operand means nothing
 */
export function pathsOf(
  operands: readonly string[],
  { filesFrom }: Pick<InputOptions, 'filesFrom'>,
  cwd = process.cwd(),
  wanted = CAPTURES,
): readonly string[] {
  const listed = filesFrom === undefined ? [] : listOf(filesFrom);
  // As they are seen from here, wherever the operands are written.
  const from = (path: string) => (resolve(cwd) === process.cwd() ? path : resolve(cwd, path));
  const paths = operands.flatMap((operand) => {
    if (operand === '-') return ['-'];
    if (isPattern(operand, cwd)) {
      const found = expand(operand, cwd).filter((path) => !path.endsWith(EXPECTATIONS));
      if (found.length === 0) throw new UsageError(`${operand} matches no file`);
      return found.map(from);
    }
    const path = from(operand);
    if (!isFolder(path)) return [path];
    const found = expand('**/*', path)
      .map((name) => join(path, name))
      .filter(wanted.is);
    if (found.length === 0) throw new UsageError(`${operand} holds no ${wanted.what}`);
    return found;
  });
  return [...new Set([...paths, ...listed])];
}

/** Could this word be a capture rather than what is asked of one? */
export function isInput(word: string): boolean {
  if (existsSync(word)) return true;
  return isPattern(word) && expand(word).length > 0;
}

/**
 * The runs that these paths are. Files of a rotated series are one run unless `--separate` says no; `--join` makes one
 * run of all of them.
 *
 * @throws UsageError for what cannot be joined
 */
export async function runsOf(
  paths: readonly string[],
  options: InputOptions & { readonly name?: string | undefined },
): Promise<Inputs> {
  const { join: one, separate, name } = options;
  if (one && separate) throw new UsageError('--join and --separate say the opposite: give one of them');
  if (name !== undefined && !paths.includes('-')) throw new UsageError(NAME_OF_STDIN);
  if (one && paths.includes('-')) throw new UsageError('--join: standard input cannot be part of a series');
  const alone = (path: string): CaptureRun => ({ name: path === '-' ? (name ?? '-') : path, files: [{ name: path }] });
  const regular = paths.filter((path) => path !== '-' && isRegular(path));
  if (separate || regular.length < 2) return { runs: paths.map(alone), unreadable: [] };
  const unreadable: { path: string; error: Error }[] = [];
  const peeks: CapturePeek[] = [];
  for (const path of one ? regular : mayBeSeries(regular)) {
    try {
      peeks.push(await peek(path));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      unreadable.push({ path, error });
    }
  }
  if (one)
    return joinedRun(
      peeks,
      unreadable,
      paths.filter((path) => !regular.includes(path)),
    );
  const bySeries = new Map(grouped(peeks).flatMap((files) => files.map(({ name: path }) => [path, files] as const)));
  const runs: CaptureRun[] = [];
  const told = new Set<readonly SeriesFile[]>();
  for (const path of paths) {
    const files = bySeries.get(path);
    // What cannot even be peeked at is told by whoever tries to read it, in its place among the others.
    if (files === undefined || files.length === 1) runs.push(alone(path));
    else if (!told.has(files)) {
      told.add(files);
      runs.push({ name: seriesName(files), files });
    }
  }
  return { runs, unreadable: [] };
}

function joinedRun(peeks: readonly CapturePeek[], unreadable: Inputs['unreadable'], others: readonly string[]): Inputs {
  const missing = others.map((path) => ({
    path,
    error: new CaptureError(
      'unreadable',
      `${path}: ${isFolder(path) ? 'is a directory' : 'no such file, or none that can be read twice'}`,
    ),
  }));
  const { files, overlap } = joined(peeks);
  if (overlap !== null) {
    const [one, other] = overlap;
    throw new UsageError(
      `--join: ${one} and ${other} overlap in time, so none follows the other`,
      'captures of several places or interfaces: mergecap -w both.pcapng A B, or read them --separate',
    );
  }
  const runs =
    files.length === 0 ? [] : [{ name: files.length === 1 ? (files[0] as SeriesFile).name : seriesName(files), files }];
  return { runs, unreadable: [...unreadable, ...missing] };
}

/** The same for commands that write nothing before they could read everything. @throws the first error */
export async function readableRuns(paths: readonly string[], options: InputOptions): Promise<readonly CaptureRun[]> {
  const { runs, unreadable } = await runsOf(paths, options);
  const [first] = unreadable;
  if (first !== undefined) throw first.error;
  return runs;
}

/** A pattern that matches these files and no others, so that the name can be typed; else what they have in common. */
function seriesName(files: readonly SeriesFile[]): string {
  const names = files.map(({ name }) => name);
  let prefix = names[0] as string;
  for (const name of names) while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1);
  let suffix = (names[0] as string).slice(prefix.length);
  for (const name of names) while (!name.slice(prefix.length).endsWith(suffix)) suffix = suffix.slice(1);
  const pattern = `${prefix}*${suffix}`;
  const same = (found: readonly string[]) =>
    found.length === names.length && found.every((path) => names.includes(path));
  // A star does not reach across folders.
  if (
    !pattern.slice(prefix.length).includes('/') &&
    same(expand(pattern).filter((path) => !path.endsWith(EXPECTATIONS)))
  )
    return pattern;
  const middles = names.map((name) => name.slice(prefix.length, name.length - suffix.length));
  if (names.length <= NAMED && !names.some((name) => /[{},*?[\]]/.test(name)))
    return `${prefix}{${middles.join(',')}}${suffix}`;
  return pattern;
}

/** One path per line; one that holds a NUL is of the form that `find -print0` writes, for names with line ends in them. */
function listOf(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`--files-from ${systemMessage(error) ?? `${path} cannot be read`}`);
  }
  const lines = text.includes('\0') ? text.split('\0') : text.split(/\r?\n/);
  const paths = lines.filter((line) => line !== '');
  if (paths.length === 0) throw new UsageError(`--files-from ${path}: it lists no file`);
  if (paths.includes('-')) throw new UsageError(`--files-from ${path}: - (standard input) cannot be in a list`);
  return paths;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isRegular(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
