import type { Warning } from './types.js';

/** Survivable troubles, counted by code; the first of a kind gives the frame and the sentence. */
export class WarningLog {
  private readonly byCode = new Map<string, { code: string; count: number; frame: number | null; text: string }>();

  add(code: string, frame: number | null, text: string): void {
    const known = this.byCode.get(code);
    if (known) known.count++;
    else this.byCode.set(code, { code, count: 1, frame, text });
  }

  /** The file ends inside the record of `frame`, which begins at octet `at`. */
  cutRecord(frame: number, at: number): void {
    this.add(
      'cut-record',
      frame,
      `the last record (frame ${frame}, at octet ${at}) is cut off: the file ends inside it`,
    );
  }

  list(): Warning[] {
    return [...this.byCode.values()].map((warning) => ({ ...warning }));
  }
}
