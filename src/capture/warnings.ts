import type { Warning } from './types.js';

/** Survivable troubles, counted by code; the first of a kind gives the frame and the sentence. */
export class WarningLog {
  private readonly byCode = new Map<string, { code: string; count: number; frame: number | null; text: string }>();

  add(code: string, frame: number | null, text: string): void {
    const known = this.byCode.get(code);
    if (known) known.count++;
    else this.byCode.set(code, { code, count: 1, frame, text });
  }

  list(): Warning[] {
    return [...this.byCode.values()].map((warning) => ({ ...warning }));
  }
}
