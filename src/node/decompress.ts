import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Compression } from '../capture/compressions.js';
import { CaptureError } from '../capture/types.js';
import type { WarningLog } from '../capture/warnings.js';
import { reportDamage } from './damage.js';
import { COMMANDS, throughCommand } from './decompress-command.js';

/** Compressed octets handed over at a time; bounds what one write can swell to (deflate: about a thousandfold). */
const INPUT = 32 * 1024;
/** Decompressed octets that may wait before more are made. */
const WAITING = 1024 * 1024;

const OPTIONS = { chunkSize: 256 * 1024 };
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: object) => Transform };

/** What decompresses it here, in words. */
export function decompressedBy(compression: Compression): string {
  if (compression === 'gzip' || (compression === 'zstd' && createZstdDecompress)) return 'Node';
  return `the command ${COMMANDS[compression].command}`;
}

/**
 * The octets of a compressed file, its first in `head`. What was decompressed before some damage is delivered; the damage
 * is a warning.
 *
 * @throws CaptureError `'unsupported-format'` where nothing here decompresses it, `'corrupt'` where there was nothing before the damage
 */
export function decompressed(
  compression: Compression,
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  log: WarningLog,
): AsyncGenerator<Uint8Array> {
  // Several gzip members one after the other are one stream (RFC 1952 §2.2).
  if (compression === 'gzip') return inflate(zlib.createGunzip(OPTIONS), head, rest, log);
  if (compression === 'zstd' && createZstdDecompress) return inflate(createZstdDecompress(OPTIONS), head, rest, log);
  return throughCommand(compression, COMMANDS[compression], head, rest, log);
}

/** Runs chunks through a decompressor of Node (`for await` over the stream itself would drop what it had buffered before some damage). */
async function* inflate(
  transform: Transform,
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  log: WarningLog,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let waiting = 0;
  let octets = 0;
  let delivered = false;
  let finished = false;
  let failure: Error | null = null;
  let wakeReader = (): void => {};
  let wakeWriter = (): void => {};
  let abandonWrite = (): void => {};

  transform.on('data', (chunk: Uint8Array) => {
    ready.push(chunk);
    waiting += chunk.length;
    wakeReader();
  });
  transform.on('end', () => {
    finished = true;
    wakeReader();
  });
  transform.on('error', (error) => {
    failure ??= error;
    finished = true;
    wakeReader();
    wakeWriter();
    abandonWrite();
  });

  const feed = async (chunk: Uint8Array): Promise<void> => {
    for (let at = 0; at < chunk.length && !finished; at += INPUT) {
      const part = chunk.subarray(at, at + INPUT);
      octets += part.length;
      // The callback comes when the part has been used up: then its buffer may be filled again.
      await new Promise<void>((resolve) => {
        abandonWrite = resolve;
        transform.write(part, () => resolve());
      });
      while (waiting > WAITING && !finished) {
        await new Promise<void>((resolve) => {
          wakeWriter = resolve;
        });
      }
    }
  };
  const pump = async (): Promise<void> => {
    await feed(head);
    for await (const chunk of rest) {
      if (finished) return;
      await feed(chunk);
    }
    if (!finished) transform.end();
  };
  const pumping = pump().catch((error: Error) => {
    failure ??= error;
    finished = true;
    wakeReader();
  });

  try {
    for (;;) {
      const chunk = ready.shift();
      if (chunk !== undefined) {
        delivered = true;
        yield chunk;
        waiting -= chunk.length;
        wakeWriter();
      } else if (finished) {
        break;
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
      }
    }
  } finally {
    finished = true;
    wakeWriter();
    abandonWrite();
    transform.destroy();
    await pumping;
  }
  report(failure, octets, delivered, log);
}

function report(failure: Error | null, octets: number, delivered: boolean, log: WarningLog): void {
  if (failure === null) return;
  if (failure instanceof CaptureError) throw failure;
  const cut = (failure as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  reportDamage({ cut, octets, words: failure.message, delivered }, log);
}
