/** The folder that `extract` writes into: many outputs in turns, each whole or not there, and what was there before. */

import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '../node/files/output-file.js';
import type { RunFiles } from '../node/files/run-files.js';
import { counted } from '../report/words/wording.js';
import { UsageError } from './errors.js';

/** Octets kept per output before they are written. */
const BUFFER = 256 * 1024;
const CAPTURE = /\.(pcap|pcapng|cap)(\.(gz|zst))?$/i;

interface Begun {
  readonly file: OutputFile;
  waiting: Uint8Array[];
  length: number;
}

export class ExtractFolder {
  private readonly path: string;
  private readonly files: RunFiles;
  /** Captures that lay there before this run. */
  private readonly earlier: ReadonlySet<string>;
  private readonly begun = new Map<string, Begun>();
  private readonly writtenNames = new Set<string>();

  /** @throws UsageError when it is a file */
  constructor(path: string, files: RunFiles, purpose = 'extract writes into a folder') {
    this.path = path;
    this.files = files;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isDirectory()) throw new UsageError(`${path} is a file: ${purpose}`);
    this.earlier = new Set(stat === undefined ? [] : readdirSync(path).filter((name) => CAPTURE.test(name)));
  }

  /** Files written so far. */
  get written(): number {
    return this.writtenNames.size;
  }

  /** Before anything is written. `ours`: an earlier run wrote it, whatever is in it. @throws OutputRefused */
  check(name: string, { ours }: { readonly ours: boolean }): void {
    const path = join(this.path, name);
    if (statSync(this.path, { throwIfNoEntry: false }) !== undefined) this.files.check(path, { ours });
  }

  make(): void {
    mkdirSync(this.path, { recursive: true });
  }

  async append(name: string, octets: Uint8Array): Promise<void> {
    let begun = this.begun.get(name);
    if (begun === undefined) {
      begun = { file: await this.files.open(join(this.path, name), { ours: true }), waiting: [], length: 0 };
      this.begun.set(name, begun);
      await begun.file.rest();
    }
    begun.waiting.push(octets);
    begun.length += octets.length;
    if (begun.length >= BUFFER) await flush(begun);
  }

  /** All of them are whole: each into its place. */
  async commit(): Promise<void> {
    for (const begun of this.begun.values()) await flush(begun);
    for (const [name, { file }] of this.begun) {
      await file.commit();
      this.writtenNames.add(name);
    }
    this.begun.clear();
  }

  abandon(): void {
    for (const { file } of this.begun.values()) file.abandon();
    this.begun.clear();
  }

  /** `3 captures written to found; it held 5 before: 2 were replaced, 3 are left as before` */
  summary(): string {
    const text = `${counted(this.written, 'capture')} written to ${this.path}`;
    if (this.earlier.size === 0) return text;
    const replaced = [...this.earlier].filter((name) => this.writtenNames.has(name)).length;
    const left = this.earlier.size - replaced;
    const parts = [
      ...(replaced === 0 ? [] : [`${counted(replaced, 'was', 'were')} replaced`]),
      ...(left === 0 ? [] : [`${counted(left, 'is', 'are')} left as before`]),
    ];
    return `${text}, which held ${counted(this.earlier.size, 'capture')} before: ${parts.join(', ')}`;
  }
}

async function flush(begun: Begun): Promise<void> {
  if (begun.length === 0) return;
  const octets = Buffer.concat(begun.waiting);
  begun.waiting = [];
  begun.length = 0;
  await begun.file.write(octets);
  await begun.file.rest();
}
