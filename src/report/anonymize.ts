/**
 * A diagnosis that can be handed to strangers: addresses replaced prefix-preserving under a key (write/permute.ts), file
 * names and everything that was read from payload removed. Ports, times, lengths and TTLs stay: without them nothing
 * could be diagnosed again.
 *
 * It is a walk over everything, so that a field that is added later is not forgotten: octets become none, text is searched
 * for addresses, for words of the payload at hand and for quotations (causes quote payload, and only that, in quotes).
 */

import { addressText } from '../packet/address.js';
import type { CaptureSummary, Diagnosis, UnreadCapture } from '../reset/verdicts/diagnosis.js';
import type { AddressPermutation } from '../write/permute.js';
import { parseAddress } from './select/address.js';
import { PHRASES } from './words/phrases.js';

const NOTHING = new Uint8Array(0);
const REMOVED = '…';
/** Shorter runs of characters say nothing of anybody and would be found in our own words. */
const SHORTEST = 5;

export function anonymize(diagnosis: Diagnosis, permutation: AddressPermutation): Diagnosis {
  const names = new Map<string, string>();
  for (const [index, { file, files = [] }] of diagnosis.captures.entries()) {
    names.set(file, captureName(file, `${index + 1}`));
    files.forEach((one, at) => {
      names.set(one.file, captureName(one.file, `${index + 1}-${at + 1}`));
    });
  }
  const scrub = new Scrubber(permutation, names);
  const { configuration, unread } = diagnosis;
  return {
    ...diagnosis,
    ...(configuration === undefined ? {} : { configuration: { ...configuration, file: 'not named here' } }),
    captures: diagnosis.captures.map((capture) => summary(capture, scrub, names)),
    verdicts: diagnosis.verdicts.map((verdict) => scrub.value(verdict)),
    endings: diagnosis.endings.map((ending) => ({
      ...scrub.value(ending),
      ...(ending.file === undefined ? {} : { file: names.get(ending.file) ?? '' }),
    })),
    findings: diagnosis.findings.map((finding) => scrub.value(finding)),
    ...(unread === undefined ? {} : { unread: unread.map((one, index) => hiddenUnread(one, index, scrub)) }),
  };
}

/** What is wrong with a file is mostly said with its name. */
function hiddenUnread({ file, problem }: UnreadCapture, index: number, scrub: Scrubber): UnreadCapture {
  const name = captureName(file, `unread-${index + 1}`);
  return { file: name, problem: scrub.text(problem.replaceAll(file, name)) };
}

/** `capture-2.pcap.gz`: the number in the order of the command line, the endings kept. */
function captureName(file: string, number: string): string {
  if (file === '-' || file === '') return file;
  const ending = /(?:\.(?:pcap|pcapng|cap|gz|zst|[a-z0-9]{1,6})){0,2}$/i.exec(file)?.[0] ?? '';
  return `capture-${number}${/\.(pcap|pcapng|cap)/i.test(ending) ? ending.slice(ending.search(/\.(pcap|pcapng|cap)/i)) : '.pcap'}`;
}

function summary(capture: CaptureSummary, scrub: Scrubber, names: ReadonlyMap<string, string>): CaptureSummary {
  return {
    ...capture,
    file: names.get(capture.file) ?? '',
    ...(capture.files === undefined
      ? {}
      : { files: capture.files.map((one) => ({ ...one, file: names.get(one.file) ?? '' })) }),
    vantage: { ...capture.vantage, why: scrub.text(capture.vantage.why) },
    quality: capture.quality.map((text) => scrub.text(text)),
    warnings: capture.warnings.map((warning) => ({ ...warning, text: scrub.text(warning.text) })),
  };
}

class Scrubber {
  private readonly permutation: AddressPermutation;
  private readonly names: ReadonlyMap<string, string>;
  /** Objects already done: findings refer to verdicts, and must refer to the same ones afterwards. */
  private readonly done = new Map<object, unknown>();
  /** Printable runs of the payload of the verdict at hand. */
  private payload: readonly string[] = [];

  constructor(permutation: AddressPermutation, names: ReadonlyMap<string, string>) {
    this.permutation = permutation;
    // The longest first: `x.pcap` is the beginning of `x.pcap1`.
    this.names = new Map([...names].sort(([a], [b]) => b.length - a.length));
  }

  value<T>(value: T): T {
    return this.walk(value, '') as T;
  }

  private walk(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.string(value, key);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Uint8Array) return NOTHING;
    const before = this.done.get(value);
    if (before !== undefined) return before;
    // A cause is our own words, or the team's, about no capture in particular.
    if ('signature' in value) return value;
    const outer = this.payload;
    if ('reset' in value && 'cause' in value) this.payload = printableRuns(value.reset);
    const result: unknown = Array.isArray(value)
      ? value.map((one) => this.walk(one, key))
      : Object.fromEntries(
          Object.entries(value).map(([name, one]) => [name, this.walk(one, key === 'values' ? 'values' : name)]),
        );
    this.payload = outer;
    this.done.set(value, result);
    return result;
  }

  private string(text: string, key: string): unknown {
    if (WORDS.has(key)) return text;
    // Values of evidence are numbers under RFC names; a string there may be anything.
    if (key === 'values') return null;
    return QUOTING.has(key) ? this.text(unquoted(text)) : this.text(text);
  }

  /** Addresses permuted, names of captures and words of payload replaced. */
  text(text: string): string {
    let safe = text;
    for (const run of this.payload) safe = safe.replaceAll(run, REMOVED);
    for (const [name, replacement] of this.names) {
      if (name.length >= SHORTEST) safe = safe.replaceAll(name, replacement);
    }
    return safe
      .replace(/\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi, 'MAC')
      .replace(/\b(\d{1,3}(?:\.\d{1,3}){3})(\/\d{1,2})?\b/g, (whole, address: string, length?: string) =>
        this.address(whole, address, length),
      )
      .replace(
        /(?<![\w:.])([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(\/\d{1,3})?(?![\w:])/gi,
        (whole, address: string, length?: string) => this.address(whole, address, length),
      );
  }

  /** A block keeps its length: `10.9.8.0/24` becomes the block into which its addresses went. */
  private address(whole: string, address: string, length: string | undefined): string {
    const parsed = parseAddress(address);
    if (parsed === null) return whole;
    const { bits, value } = parsed;
    let permuted = this.permutation.address(bits, value);
    if (length !== undefined) {
      const host = BigInt(Math.max(0, bits - Number(length.slice(1))));
      permuted = (permuted >> host) << host;
    }
    if (bits === 32) permuted |= 0xffff_0000_0000n;
    const word = (shift: bigint) => Number((permuted >> shift) & 0xffff_ffffn) | 0;
    return `${addressText(word(96n), word(64n), word(32n), word(0n))}${length ?? ''}`;
  }
}

/** Our own vocabulary: never from a capture. */
const WORDS = new Set([
  'id',
  'of',
  'role',
  'shape',
  'phase',
  'kind',
  'confidence',
  'severity',
  'responsible',
  'history',
  'note',
  'from',
  'error',
  'timestamps',
  'window',
  'answer',
  'kernelReasons',
]);
/** Clauses in which a cause may quote payload. */
const QUOTING = new Set(['text', 'doubt', 'reason', 'needs', 'lost', 'evidence', 'facts']);

/** What stands between the first and the last quotation mark is gone, unless it is an error message that we know. */
function unquoted(text: string): string {
  const first = text.indexOf('"');
  const last = text.lastIndexOf('"');
  if (first < 0 || first === last) return text;
  const known = [...text.matchAll(/"([^"]*)"/g)].every(([, words]) =>
    PHRASES.some((phrase) => phrase.text.toLowerCase() === words?.toLowerCase()),
  );
  return known ? text : `${text.slice(0, first + 1)}${REMOVED}${text.slice(last)}`;
}

/** The longest first, so that a part of a run does not hide the rest of it. */
function printableRuns(reset: unknown): readonly string[] {
  const runs = new Set<string>();
  const collect = (value: unknown, depth: number) => {
    if (value instanceof Uint8Array) {
      for (const [run] of String.fromCharCode(...value).matchAll(/[\x21-\x7e][\x20-\x7e]*[\x21-\x7e]/g)) {
        if (run.length >= SHORTEST) runs.add(run);
      }
    } else if (typeof value === 'object' && value !== null && depth < 4) {
      for (const one of Object.values(value)) collect(one, depth + 1);
    }
  };
  collect(reset, 0);
  return [...runs].sort((a, b) => b.length - a.length);
}
