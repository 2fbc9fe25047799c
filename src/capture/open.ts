import { PROBE_LENGTH, PROBES, type Probe } from './probe.js';
import { CaptureError, type CaptureInfo, type CaptureReader, type CaptureRecord } from './types.js';

/** A reader that tells the format by the first octets (never by a name) and reads what it finds. */
export function openReader(): CaptureReader {
  return new ProbingReader();
}

/** The probe that the first octets of a file match, if any. */
export function probe(head: Uint8Array): Probe | undefined {
  return PROBES.find((one) => one.matches(head));
}

class ProbingReader implements CaptureReader {
  private reader: CaptureReader | null = null;
  private head: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): void {
    if (this.reader !== null) {
      this.reader.push(chunk);
      return;
    }
    if (this.head.length + chunk.length < PROBE_LENGTH) {
      this.head = join(this.head, chunk);
      return;
    }
    const all = this.head.length === 0 ? chunk : join(this.head, chunk);
    this.reader = choose(all.subarray(0, PROBE_LENGTH));
    this.reader.push(all);
    this.head = new Uint8Array(0);
  }

  next(record: CaptureRecord): boolean {
    return this.reader?.next(record) ?? false;
  }

  end(): void {
    if (this.reader === null) {
      if (this.head.length === 0) throw new CaptureError('empty', 'the file is empty', 0, PROBE_LENGTH, 0);
      this.reader = choose(this.head);
      this.reader.push(this.head);
    }
    this.reader.end();
  }

  get info(): CaptureInfo {
    return this.reader?.info ?? { format: 'unknown', linkTypes: [], epoch: null, snaplen: 0, dropped: 0, warnings: [] };
  }
}

function choose(head: Uint8Array): CaptureReader {
  const found = probe(head);
  if (found?.open) return found.open();
  if (found) {
    const text = `this is ${found.name}, which is not read here; ${found.convert}`;
    throw new CaptureError('unsupported-format', text, 0);
  }
  throw new CaptureError('unknown-format', `not a packet capture: it starts with ${firstOctets(head)}`, 0);
}

/** `7f 45 4c 46`: enough for a person to see what was given. */
function firstOctets(head: Uint8Array): string {
  return [...head.subarray(0, 8)].map((octet) => octet.toString(16).padStart(2, '0')).join(' ');
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
