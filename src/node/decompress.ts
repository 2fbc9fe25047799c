import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { COMPRESSIONS, type Compression } from '../capture/compressions.js';
import { CaptureError } from '../capture/types.js';
import type { WarningLog } from '../capture/warnings.js';

/** Compressed octets handed over at a time; bounds what one write can swell to (deflate: about a thousandfold). */
const INPUT = 32 * 1024;
/** Decompressed octets that may wait before more are made. */
const WAITING = 1024 * 1024;

const OPTIONS = { chunkSize: 256 * 1024 };
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: object) => Transform };

interface Decompressor {
  readonly by: string;
  readonly make: () => Transform;
}

/** Those that this Node has. Several gzip members one after the other are one stream (RFC 1952 §2.2). */
export const DECOMPRESSORS: Readonly<Partial<Record<Compression, Decompressor>>> = {
  gzip: { by: 'Node', make: () => zlib.createGunzip(OPTIONS) },
  ...(createZstdDecompress && { zstd: { by: 'Node', make: () => createZstdDecompress(OPTIONS) } }),
};

/** @throws CaptureError `'unsupported-format'` where there is none for it here */
export function decompressor(compression: Compression): Transform {
  const found = DECOMPRESSORS[compression];
  if (found !== undefined) return found.make();
  const undo = COMPRESSIONS.find(({ name }) => name === compression)?.undo;
  const text = `this is ${compression}, which is not decompressed by Node ${process.versions.node}; decompress it: ${undo} IN > OUT.pcap`;
  throw new CaptureError('unsupported-format', text, 0);
}

/**
 * Runs chunks through a decompressor. What was decompressed before some damage is delivered
 * (`for await` over the stream itself would drop what it had buffered); the damage is a warning.
 */
export async function* inflate(
  transform: Transform,
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  log: WarningLog,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let waiting = 0;
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
  report(failure, delivered, log);
}

function report(failure: Error | null, delivered: boolean, log: WarningLog): void {
  if (failure === null) return;
  if (failure instanceof CaptureError) throw failure;
  const cut = (failure as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  const text = cut ? 'the compressed file is cut off: its end is missing' : 'the compressed file is damaged';
  if (!delivered) throw new CaptureError('corrupt', `${text} (${failure.message})`);
  log.add(cut ? 'cut-compression' : 'damaged-compression', null, `${text}; what could be decompressed was read`);
}
