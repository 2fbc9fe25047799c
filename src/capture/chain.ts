import { openReader } from './open.js';
import { CaptureError, type CaptureInfo, type CaptureReader, type CaptureRecord, type Warning } from './types.js';

/**
 * Captures one after the other as one: frames count on, times are since the first record of the first. What writes a
 * capture begins a new file now and then, a pipe gets another writer, a file is begun anew.
 *
 *     reader.push(chunk); while (reader.next(record)) … ; reader.restart(); reader.push(chunkOfTheNextFile); …
 */
export class ChainedReader implements CaptureReader {
  private reader: CaptureReader;
  /** Those before, with records that came out at their end. */
  private readonly ended: CaptureReader[] = [];
  private before: CaptureInfo | null = null;
  private frames = 0;
  /** Frames of the captures before that of the reader that is read. */
  private base = 0;
  private files = 1;
  private empty = true;
  /** The capture that is read turned out to be none, and is passed over: others went before and may follow. */
  private trouble: CaptureError | null = null;

  constructor(private readonly make: () => CaptureReader = openReader) {
    this.reader = make();
  }

  push(chunk: Uint8Array): void {
    this.empty = false;
    this.attempt(() => this.reader.push(chunk));
  }

  /** The next chunk begins another capture. */
  restart(): void {
    if (this.empty) return;
    const { reader } = this;
    this.attempt(() => reader.end());
    this.files++;
    this.before = joined(this.before, reader.info, this.trouble);
    if (this.trouble === null) this.ended.push(reader);
    this.reader = this.make();
    this.empty = true;
    this.trouble = null;
  }

  next(record: CaptureRecord): boolean {
    for (let old = this.ended[0]; old !== undefined; old = this.ended[0]) {
      if (this.take(old, record)) return true;
      this.ended.shift();
      this.base = this.frames;
    }
    return this.attempt(() => this.take(this.reader, record)) ?? false;
  }

  end(): void {
    // A file that was only begun when the capture ended.
    if (this.empty && this.files > 1) return;
    this.attempt(() => this.reader.end());
  }

  get info(): CaptureInfo {
    return this.empty && this.before !== null ? this.before : joined(this.before, this.reader.info, this.trouble);
  }

  /** Does it, unless the capture is no capture; of the only one that is an error. */
  private attempt<T>(work: () => T): T | undefined {
    if (this.trouble !== null) return undefined;
    try {
      return work();
    } catch (error) {
      if (this.files === 1 || !(error instanceof CaptureError)) throw error;
      this.trouble = error;
      return undefined;
    }
  }

  private take(reader: CaptureReader, record: CaptureRecord): boolean {
    if (!reader.next(record)) return false;
    this.frames = this.base + record.frame;
    record.frame = this.frames;
    const first = this.before?.epoch ?? null;
    if (this.files === 1 || first === null) return true;
    const { epoch } = reader.info;
    if (epoch !== null) record.time += Number(epoch - first);
    return true;
  }
}

function joined(before: CaptureInfo | null, info: CaptureInfo, trouble: CaptureError | null): CaptureInfo {
  const warnings = new Map<string, Warning>();
  const more = trouble === null ? [] : [{ code: trouble.code, count: 1, frame: null, text: trouble.message }];
  for (const warning of [...(before?.warnings ?? []), ...info.warnings, ...more]) {
    const known = warnings.get(warning.code);
    warnings.set(warning.code, known === undefined ? warning : { ...known, count: known.count + warning.count });
  }
  if (before === null) return { ...info, warnings: [...warnings.values()] };
  return {
    ...info,
    format: before.format,
    linkTypes: [...new Set([...before.linkTypes, ...info.linkTypes])],
    epoch: before.epoch ?? info.epoch,
    snaplen: Math.max(before.snaplen, info.snaplen),
    dropped: before.dropped + info.dropped,
    warnings: [...warnings.values()],
  };
}
