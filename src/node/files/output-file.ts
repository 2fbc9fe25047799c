/**
 * An output that is whole or not there: written beside its place, in the same folder, and renamed over what was there
 * before. A full disk, a signal or an error leaves the earlier file as it was and nothing else behind. Devices and pipes
 * are written straight.
 *
 * Functions of node:fs are looked up at each call, so that a test can put a fault into any of them whoever loaded this before.
 */

import {
  accessSync,
  close,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsync,
  open,
  openSync,
  renameSync,
  rmSync,
  write,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Place } from './place.js';
import { begun, settled } from './unfinished.js';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants;
/** Only for us until it is whole. */
const PRIVATE = 0o600;

export class OutputFile {
  /** As the user wrote it: errors name it. */
  private readonly name: string;
  private readonly place: Place;
  /** null for what is written straight. */
  private readonly temporary: string | null;
  private descriptor: number | null;

  private constructor(name: string, place: Place, temporary: string | null, descriptor: number | null) {
    this.name = name;
    this.place = place;
    this.temporary = temporary;
    this.descriptor = descriptor;
  }

  /** `allowed`: the widest permissions for a file of this group. Errors bear `name` as their path. */
  static async open(name: string, place: Place, allowed: (group: number) => number): Promise<OutputFile> {
    try {
      if (place.kind === 'descriptor') return new OutputFile(name, place, null, place.descriptor);
      // Not synchronously: opening a FIFO waits for its reader, and a signal must get through.
      if (place.kind === 'special')
        return new OutputFile(name, place, null, await promisify(open)(place.path, O_WRONLY));
      return OutputFile.beside(name, place, allowed);
    } catch (error) {
      throw named(error, name);
    }
  }

  private static beside(name: string, place: Place & { readonly kind: 'file' }, allowed: (group: number) => number) {
    const before = place.stat;
    // A rename would not ask: a file that may not be written is not replaced either.
    if (before !== null) accessSync(place.path, constants.W_OK);
    const temporary = join(dirname(place.path), `.whyrst-${crypto.randomUUID()}.tmp`);
    begun(temporary);
    let descriptor: number | null = null;
    try {
      descriptor = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE);
      const file = new OutputFile(name, place, temporary, descriptor);
      if (before !== null) keepOwner(descriptor, Number(before.uid), Number(before.gid));
      const usual = before === null ? 0o666 & ~process.umask() : Number(before.mode) & 0o777;
      fchmodSync(descriptor, usual & allowed(fstatSync(descriptor).gid));
      return file;
    } catch (error) {
      if (descriptor !== null) close(descriptor);
      rmSync(temporary, { force: true });
      settled(temporary);
      throw error;
    }
  }

  async write(content: Uint8Array | string): Promise<void> {
    const octets = typeof content === 'string' ? Buffer.from(content) : content;
    try {
      this.descriptor ??= await promisify(open)(this.temporary as string, O_WRONLY | O_APPEND | O_NOFOLLOW);
      for (let at = 0; at < octets.length; ) {
        at += await this.some(this.descriptor, octets.subarray(at));
      }
    } catch (error) {
      throw named(error, this.name);
    }
  }

  /** A pipe that somebody else made non-blocking may be full: then it is tried again a little later. */
  private async some(descriptor: number, octets: Uint8Array): Promise<number> {
    try {
      return (await promisify(write)(descriptor, octets)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 0;
    }
  }

  /** Lets go of the descriptor until the next write: one of many outputs. */
  async rest(): Promise<void> {
    if (this.temporary === null || this.descriptor === null) return;
    const descriptor = this.descriptor;
    this.descriptor = null;
    try {
      await promisify(close)(descriptor);
    } catch (error) {
      throw named(error, this.name);
    }
  }

  /** Puts the whole file in its place. */
  async commit(): Promise<void> {
    if (this.place.kind === 'descriptor') return;
    try {
      // What is replaced must not be lost to a crash between the rename and the writing back.
      if (this.place.kind === 'file' && this.place.stat !== null) {
        this.descriptor ??= await promisify(open)(this.temporary as string, O_WRONLY | O_NOFOLLOW);
        await promisify(fsync)(this.descriptor);
      }
      const descriptor = this.descriptor;
      this.descriptor = null;
      if (descriptor !== null) await promisify(close)(descriptor);
      if (this.temporary === null) return;
      renameSync(this.temporary, this.place.path);
      settled(this.temporary);
    } catch (error) {
      throw named(error, this.name);
    }
  }

  /** After an error: what was there before stays. */
  abandon(): void {
    if (this.place.kind !== 'descriptor' && this.descriptor !== null) close(this.descriptor, () => {});
    this.descriptor = null;
    if (this.temporary === null) return;
    rmSync(this.temporary, { force: true });
    settled(this.temporary);
  }
}

/** root, who replaces the file of another, leaves it to them; nobody else can. */
function keepOwner(descriptor: number, user: number, group: number): void {
  try {
    const now = fstatSync(descriptor);
    if (now.uid !== user || now.gid !== group) fchownSync(descriptor, user, group);
  } catch {
    // Then it is ours, as with every editor.
  }
}

function named(error: unknown, path: string): unknown {
  return error instanceof Error ? Object.assign(error, { path }) : error;
}
