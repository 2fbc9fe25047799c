/**
 * All files of one run: what is read, and where something may be written without destroying it.
 *
 * Files are compared by device and inode, so a link of either kind is the file itself. Every output is asked about
 * before the first of them is opened, and once more when it is.
 */

import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { openReader, probe } from '../../capture/open.js';
import { PROBE_LENGTH } from '../../capture/probe.js';
import { headOf } from './head.js';
import { OutputFile } from './output-file.js';
import { type Place, placeOf } from './place.js';

/** The output would destroy something: a mistake on the command line, in one line. */
export class OutputRefused extends Error {
  override readonly name = 'OutputRefused';
}

export type InputKind =
  | 'capture'
  | 'report'
  | 'configuration'
  | 'baseline'
  | 'file of expectations'
  | 'module of causes';

interface Input {
  readonly path: string;
  readonly kind: InputKind;
  readonly stat: BigIntStats;
}

export interface ReplaceOptions {
  /** What is there was made by an earlier run: it may be replaced, whatever is in it. */
  readonly ours?: boolean;
}

/** Permission bits of a file. */
const PERMISSIONS = 0o777;
/** Who makes a report may read and correct it. */
const OWNER = 0o600;

export class RunFiles {
  private readonly inputs: Input[] = [];
  private readonly force: boolean;

  /** `force`: also what looks like a capture may be replaced, but never an input of this run. */
  constructor({ force = false } = {}) {
    this.force = force;
  }

  /** `-` is standard input. What does not exist, or is no regular file, cannot be destroyed. */
  input(path: string, kind: InputKind): void {
    const stat = statOf(path);
    if (stat?.isFile()) this.inputs.push({ path, kind, stat });
  }

  /** @throws OutputRefused when the output is an input, or a capture; the system's errors name the path */
  check(output: string, options: ReplaceOptions = {}): void {
    this.placeOf(output, options);
  }

  /** The shell may have been told `>> in.pcap`. @throws OutputRefused */
  checkStandardOutput(): void {
    this.refuseInput('standard output', placeOf('-'));
  }

  /** Begins an output; nothing is seen of it before it is committed. */
  async open(output: string, options: ReplaceOptions = {}): Promise<OutputFile> {
    return OutputFile.open(output, this.placeOf(output, options), (group) => this.permissions(group));
  }

  private placeOf(output: string, { ours = false }: ReplaceOptions): Place {
    const place = naming(output, () => placeOf(output));
    this.refuseInput(output, place);
    if (place.kind === 'file' && !ours && !this.force) {
      const format = captureFormat(place);
      if (format !== null)
        throw new OutputRefused(
          `${output} is a packet capture (${format}): name another file, or --force to replace it`,
        );
    }
    return place;
  }

  private refuseInput(output: string, { stat }: Place): void {
    const input = this.inputs.find(({ stat: { dev, ino } }) => dev === stat?.dev && ino === stat.ino);
    if (input === undefined) return;
    const { kind, path } = input;
    const same = path === '-' || resolve(path) === resolve(output);
    const what = same ? `the ${kind} itself` : `the same file as the ${kind} ${path}`;
    throw new OutputRefused(`${output} is ${what}: write to another file`);
  }

  /**
   * What others may do with an output, at most: what they may do with every capture or report that it tells of. A group that is
   * not the capture's own are others.
   */
  private permissions(group: number): number {
    let allowed = PERMISSIONS;
    for (const { kind, stat } of this.inputs) {
      if (kind !== 'capture' && kind !== 'report') continue;
      const mode = Number(stat.mode) & PERMISSIONS;
      const others = mode & 0o007;
      allowed &= Number(stat.gid) === group ? mode : (mode & 0o707) | ((others << 3) & mode);
    }
    return allowed | OWNER;
  }
}

function statOf(path: string): BigIntStats | null {
  try {
    return path === '-' ? fstatSync(0, { bigint: true }) : statSync(path, { bigint: true });
  } catch {
    return null;
  }
}

/** Octets of a text that are looked at: prose may stand before the first packet of a listing. */
const TEXT_LOOKED_AT = 64 * 1024;

/**
 * Told by its content, never by a name: the first octets, or of a text whether a line of its beginning is a packet, as no
 * line of an earlier report is. null for what may not be read.
 */
function captureFormat({ path, stat }: Place & { readonly kind: 'file' }): string | null {
  if (stat === null || stat.size === 0n) return null;
  const head = headOf(path, TEXT_LOOKED_AT);
  const found = head === null ? undefined : probe(head.subarray(0, PROBE_LENGTH));
  if (head === null || found === undefined) return null;
  return found.weak ? listingFormat(head) : found.name;
}

/** `tcpdump-text`, or null where no line is a packet. */
function listingFormat(text: Uint8Array): string | null {
  const reader = openReader();
  try {
    reader.push(text);
    reader.end();
  } catch {
    return null;
  }
  return reader.info.format;
}

/** An error of the system with the path as the user wrote it. */
function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}
