/**
 * Captures written as text: the language of the rule tests. A listing is what tcpdump prints, read by the product's own
 * reader (src/capture/text), whose short notation is described there; nothing here knows TCP. What a line does not say
 * is absent, in a test as in a report: no TTL, no IP ID, no payload unless they stand there.
 */
import { expect } from 'vitest';
import { causes } from '../../src/causes/index.js';
import { type DiagnoseOptions, diagnose } from '../../src/diagnose.js';
import type { Diagnosis } from '../../src/reset/verdicts/diagnosis.js';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';

/** Short names of endpoints in a listing, and who they are unless a test says otherwise. */
export const ENDPOINTS: Readonly<Record<string, string>> = {
  C: '10.0.0.1.40000',
  S: '10.0.0.2.80',
};

/** Options of the SYN and the SYN-ACK of two Linux hosts. */
export const SYN = '<mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>';
export const SYN_ACK = '<mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>';

export interface ListingOptions extends DiagnoseOptions {
  /** Further or other short names: `{ D: '10.0.0.1.40001' }`. */
  readonly endpoints?: Readonly<Record<string, string>>;
}

/** The octets of a listing with its short names written out. */
export function octetsOf(text: string, { endpoints }: ListingOptions = {}): Uint8Array {
  const names = { ...ENDPOINTS, ...endpoints };
  const split = text.split('\n');
  const broken = split.find((line) => (line.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1);
  if (broken !== undefined)
    throw new Error(
      `a payload goes over the end of its line: write \\\\r\\\\n in a template, not \\r\\n: ${broken.trim()}`,
    );
  const lines = split.map((line) =>
    line.replace(/(\s|^)(\S+) > (\S+):/, (whole, before: string, from: string, to: string) => {
      const [one, other] = [names[from], names[to]];
      return one === undefined && other === undefined ? whole : `${before}${one ?? from} > ${other ?? to}:`;
    }),
  );
  return new TextEncoder().encode(lines.join('\n'));
}

/** What is diagnosed of a listing; a line that is not understood fails the test. */
export async function diagnosisOf(text: string, options: ListingOptions = {}): Promise<Diagnosis> {
  const diagnosis = await diagnose(octetsOf(text, options), options);
  expect(diagnosis.captures.flatMap(({ warnings }) => warnings.filter(({ code }) => code === 'text-line'))).toEqual([]);
  return diagnosis;
}

export async function verdictsOf(text: string, options: ListingOptions = {}): Promise<readonly Verdict[]> {
  return (await diagnosisOf(text, options)).verdicts;
}

/** `closed-port likely`, with the role where it is not `first`: `closed-port likely aftershock`. */
export function said({ cause, confidence, role }: Verdict): string {
  return `${cause.id} ${confidence}${role === 'first' ? '' : ` ${role}`}`;
}

export interface Expected extends ListingOptions {
  /** `cause confidence` of the RST, as {@link said}; without a confidence, the cause alone. */
  readonly gives: string;
  /** A cause that must be neither the verdict nor among what is thought possible, with `?` behind it only not the verdict. */
  readonly not: string | readonly string[];
  /** Which RST, by frame; default: the first that is no aftershock. */
  readonly frame?: number;
}

/** What became of the cause that a listing should have given: for whoever reads the failure. */
function whyNot(gives: string, verdict: Verdict, options: DiagnoseOptions): string {
  const [id = ''] = gives.split(' ');
  const { reset, alternatives, against, untested, doubt } = verdict;
  if (verdict.cause.id === id) return `${said(verdict)}: ${doubt.join(' ')}`;
  const wanted = (options.causes ?? causes).find((cause) => cause.id === id);
  if (wanted === undefined) return `${id} is not in the list of src/causes/index.ts`;
  if (!wanted.shapes.includes(reset.shape)) return `${id} is not asked about the shape of this RST, ${reset.shape}`;
  const other = alternatives.find(({ cause }) => cause === wanted);
  if (other?.confidence === 'possible') return `${id} is possible only: ${other.reason}`;
  if (other !== undefined)
    return verdict.cause.fallback
      ? `${id} alone would be ${other.confidence}. ${doubt.at(-1) ?? ''}`
      : `${id} is ${other.confidence}, too, but ${verdict.cause.id} stands before it in src/causes/index.ts`;
  const no = against.find(({ cause }) => cause === wanted);
  if (no !== undefined) return `${id} said no: ${no.reason}`;
  const needs = untested.find(({ cause }) => cause === wanted)?.needs;
  return needs === undefined ? `${id} returned undefined` : `${id} needs ${needs}, which is null here`;
}

/** A rule test: the verdict a listing must give, and one that it must not. Returns the verdict for more questions. */
export async function expectCause(text: string, { gives, not, frame, ...options }: Expected): Promise<Verdict> {
  if (not === undefined) throw new Error("say which cause this listing must not give: { gives: '…', not: '…' }");
  const verdicts = await verdictsOf(text, options);
  const verdict =
    frame === undefined
      ? (verdicts.find(({ role }) => role !== 'aftershock') ?? verdicts[0])
      : verdicts.find(({ reset }) => reset.rst.frame === frame);
  if (verdict === undefined) throw new Error(`no verdict${frame === undefined ? '' : ` for frame ${frame}`}`);
  expect(gives.includes(' ') ? said(verdict) : verdict.cause.id, whyNot(gives, verdict, options)).toBe(gives);
  const possible = verdict.alternatives.map(({ cause }) => cause.id);
  for (const one of typeof not === 'string' ? [not] : not) {
    if (one.endsWith('?')) expect(verdict.cause.id).not.toBe(one.slice(0, -1));
    else expect([verdict.cause.id, ...possible]).not.toContain(one);
  }
  return verdict;
}
