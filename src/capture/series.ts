/**
 * A rotated series read as one run: the records of all files, one file after the other, with frames and times that go on
 * across the borders. Whoever reads records need not know.
 *
 * The octets of the files come through one stream, with {@link NEXT_FILE} between two of them, so that a series is an
 * input like any other: chunks that are pushed, and drained before the next.
 */
import { openReader } from './open.js';
import {
  CaptureError,
  type CaptureFileInfo,
  type CaptureInfo,
  type CaptureReader,
  type CaptureRecord,
  type Warning,
} from './types.js';

/** Stands in a stream of chunks where one file ends and the next begins; told by identity, it is no octets. */
export const NEXT_FILE: Uint8Array = new Uint8Array(0);

/** What is known of a series before it is read. */
export interface SeriesFile {
  /** As it is to be named in reports. */
  readonly name: string;
  /** Why something is missing before this file, in one sentence; absent where nothing is known to be. */
  readonly missing?: { readonly count: number; readonly text: string };
}

/** Chunks of several files, with {@link NEXT_FILE} between them. */
export interface CaptureSeries extends AsyncIterable<Uint8Array> {
  readonly series: readonly SeriesFile[];
}

/** A reader for this input: of one file, or of all its files. @param open makes the reader of a file */
export function readerOf(input: object, open: () => CaptureReader = openReader): CaptureReader {
  const series = seriesOf(input);
  return series === null ? open() : new SeriesReader(series, open);
}

function seriesOf(input: object): readonly SeriesFile[] | null {
  return (input as Partial<CaptureSeries>).series ?? null;
}

interface ReadFile {
  readonly file: SeriesFile;
  readonly reader: CaptureReader;
  /** Records of the files before. */
  readonly before: number;
  /** ns from the first record of the run to that of this file; null before it has one. */
  offset: number | null;
  records: number;
  /** Latest record, ns after the first of the run. */
  last: number;
  /** It has not an octet. */
  empty: boolean;
}

export class SeriesReader implements CaptureReader {
  /** Frames before each file begun; grows. */
  readonly borders: number[] = [];
  private readonly read: ReadFile[] = [];
  private current: ReadFile;
  private epoch: bigint | null = null;
  /** The next file begins once the records of this one are taken. */
  private ended = false;

  /** @param open makes the reader of one file */
  constructor(
    private readonly files: readonly SeriesFile[],
    private readonly open: () => CaptureReader,
  ) {
    this.current = this.begin(0);
  }

  push(chunk: Uint8Array): void {
    if (this.ended) this.current = this.begin(this.current.before + this.current.records);
    if (chunk === NEXT_FILE) {
      this.endFile();
      return;
    }
    try {
      this.current.reader.push(chunk);
    } catch (error) {
      throw this.named(error);
    }
  }

  next(record: CaptureRecord): boolean {
    const { current } = this;
    try {
      if (!current.reader.next(record)) return false;
    } catch (error) {
      throw this.named(error);
    }
    if (current.offset === null) {
      const { epoch } = current.reader.info;
      this.epoch ??= epoch;
      current.offset = epoch === null || this.epoch === null ? 0 : Number(epoch - this.epoch);
    }
    current.records = record.frame;
    record.frame += current.before;
    record.time += current.offset;
    if (record.time > current.last) current.last = record.time;
    return true;
  }

  end(): void {
    this.endFile();
  }

  get info(): CaptureInfo {
    const infos = this.read.map(({ reader }) => reader.info);
    const formats = [...new Set(infos.filter((_, at) => this.read[at]?.offset !== null).map(({ format }) => format))];
    const standIns = infos.flatMap((info) => [...(info.standIns ?? [])]);
    const lacks = [...new Set(infos.flatMap((info) => info.lacks ?? []))];
    return {
      format: formats.length === 0 ? (infos[0]?.format ?? 'unknown') : formats.join(', '),
      linkTypes: [...new Set(infos.flatMap(({ linkTypes }) => linkTypes))],
      epoch: this.epoch,
      // 0 stands for no limit.
      snaplen: infos.some(({ snaplen }) => snaplen === 0) ? 0 : Math.max(...infos.map(({ snaplen }) => snaplen)),
      // Whether each file counts anew or goes on counting nothing tells: this many it were at least.
      dropped: Math.max(...infos.map(({ dropped }) => dropped)),
      warnings: this.warnings(infos),
      ...(lacks.length === 0 ? {} : { lacks }),
      ...(standIns.length === 0 ? {} : { standIns: new Map(standIns) }),
      files: this.read.map((one) => this.fileInfo(one)),
    };
  }

  private fileInfo({ file, records, offset, last, reader }: ReadFile): CaptureFileInfo {
    const epoch = offset === null ? null : reader.info.epoch;
    return {
      file: file.name,
      records,
      first: epoch,
      last: epoch === null || this.epoch === null ? null : this.epoch + BigInt(Math.round(last)),
    };
  }

  /** Counted by code over all files; the first of a kind is told, with its file. */
  private warnings(infos: readonly CaptureInfo[]): Warning[] {
    const byCode = new Map<string, { warning: Warning; files: number }>();
    infos.forEach(({ warnings }, at) => {
      const { file, before, empty } = this.read[at] as ReadFile;
      const own: Warning[] = [...warnings];
      if (file.missing !== undefined) own.unshift({ code: 'missing-file', frame: 1, ...file.missing });
      if (empty) own.push({ code: 'empty-file', count: 1, frame: null, text: 'the file is empty' });
      for (const one of own) {
        const known = byCode.get(one.code);
        if (known === undefined) {
          const text = one.code === 'missing-file' ? one.text : `${file.name}: ${one.text}`;
          const frame = one.frame === null ? null : one.frame + before;
          byCode.set(one.code, { warning: { ...one, frame, text }, files: 1 });
          continue;
        }
        const { warning } = known;
        const text = one.code === 'missing-file' ? `${warning.text}; ${one.text}` : warning.text;
        byCode.set(one.code, {
          warning: { ...warning, count: warning.count + one.count, text },
          files: known.files + 1,
        });
      }
    });
    return [...byCode.values()].map(({ warning, files }) => {
      const more = files - 1;
      if (more === 0 || warning.code === 'missing-file') return warning;
      return { ...warning, text: `${warning.text} (and in ${more} more ${more === 1 ? 'file' : 'files'})` };
    });
  }

  private begin(before: number): ReadFile {
    const file = this.files[this.read.length];
    if (file === undefined) throw new Error(`a series of ${this.files.length} files got one more`);
    const begun: ReadFile = { file, reader: this.open(), before, offset: null, records: 0, last: 0, empty: false };
    this.read.push(begun);
    this.borders.push(before);
    this.ended = false;
    return begun;
  }

  private endFile(): void {
    this.ended = true;
    try {
      this.current.reader.end();
    } catch (error) {
      // One that was just begun when the series was copied.
      if (error instanceof CaptureError && error.code === 'empty') this.current.empty = true;
      else throw this.named(error);
    }
  }

  /** What one file cannot give is said with its name. */
  private named(error: unknown): unknown {
    if (!(error instanceof CaptureError)) return error;
    const { code, message, offset, needed, had } = error;
    return new CaptureError(code, `${this.current.file.name}: ${message}`, offset, needed, had);
  }
}
