/** Frames into a capture file: pcap or pcapng, written in large pieces; compressed by gzip when the name ends in .gz. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { HEADERS } from './frame.mjs';

const BUFFER = 4 << 20;

export class CaptureFile {
  #path;
  #file;
  #ng;
  #buffer = Buffer.alloc(BUFFER);
  #at = 0;
  view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, BUFFER);

  constructor(path, format) {
    this.#path = path;
    this.#file = openSync(path.replace(/\.gz$/, ''), 'w');
    this.#ng = format === 'pcapng';
    const b = this.#buffer;
    if (this.#ng) {
      // Section header and one Ethernet interface whose clock counts microseconds (draft-ietf-opsawg-pcapng §4.1, §4.2).
      for (const word of [0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28, 1, 20, 1, 262_144, 20])
        this.#at = b.writeUInt32LE(word, this.#at);
    } else {
      for (const word of [0xa1b2c3d4, 0x00040002, 0, 0, 262_144, 1]) this.#at = b.writeUInt32LE(word, this.#at);
    }
  }

  /** Writes one frame: `write(buffer, view, start)` puts its octets at `start` and returns their end. */
  frame(microseconds, payload, write) {
    if (this.#at + payload + HEADERS > BUFFER) this.#flush();
    const { view } = this;
    const header = this.#at;
    const start = header + (this.#ng ? 28 : 16);
    const end = write(this.#buffer, view, start);
    const length = end - start;
    if (!this.#ng) {
      view.setUint32(header, 1_700_000_000 + Math.floor(microseconds / 1e6), true);
      view.setUint32(header + 4, microseconds % 1e6, true);
      view.setUint32(header + 8, length, true);
      view.setUint32(header + 12, length, true);
      this.#at = end;
      return;
    }
    const padded = (length + 3) & ~3;
    const total = 32 + padded;
    const stamp = 1_700_000_000e6 + microseconds;
    this.#buffer.fill(0, end, start + padded);
    view.setUint32(header, 6, true);
    view.setUint32(header + 4, total, true);
    view.setUint32(header + 8, 0, true);
    view.setUint32(header + 12, Math.floor(stamp / 2 ** 32), true);
    view.setUint32(header + 16, stamp % 2 ** 32, true);
    view.setUint32(header + 20, length, true);
    view.setUint32(header + 24, length, true);
    view.setUint32(header + total - 4, total, true);
    this.#at = header + total;
  }

  close() {
    this.#flush();
    closeSync(this.#file);
    if (!this.#path.endsWith('.gz')) return;
    const plain = this.#path.replace(/\.gz$/, '');
    const { status } = spawnSync('gzip', ['-1', '-f', plain], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`gzip ${plain} ended with ${status}`);
    renameSync(`${plain}.gz`, this.#path);
  }

  #flush() {
    writeSync(this.#file, this.#buffer, 0, this.#at);
    this.#at = 0;
  }
}
