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
  C2: '10.0.0.1.40002',
  C3: '10.0.0.1.40003',
  S: '10.0.0.2.80',
};

/** Options of the SYN and the SYN-ACK of two Linux hosts. */
export const SYN = '<mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>';
export const SYN_ACK = '<mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>';

/** Timestamps of what C sends behind its SYN, and of what S does. */
export const TS = '<nop,nop,TS val 102 ecr 900>';
export const BACK = '<nop,nop,TS val 902 ecr 102>';

/**
 * An ordinary connection of two Linux hosts, captured at the client: the server is seven hops away. `at` is in seconds. With
 * another `iss` than 0 the numbers behind the SYNs are relative, but those of bare RSTs are not, as tcpdump prints them.
 */
export function opened(client = 'C', server = 'S', at = 0, iss = 0): string {
  const t = (more: number) => (at + more).toFixed(4);
  return `
  ${t(0)} ${client} > ${server}: [S] seq ${iss} win 64240 ${SYN} ttl 64 id ${iss + 1} DF
  ${t(0.001)} ${server} > ${client}: [S.] seq ${2 * iss} ack ${iss + 1} win 65160 ${SYN_ACK} ttl 57 id 0 DF
  ${t(0.002)} ${client} > ${server}: [.] ack 1 win 502 ${TS} ttl 64 id ${iss + 2} DF`;
}

/** … and behind it a request of 18 octets and its answer of 19: the next number of the client is 19, of the server 20. */
export function served(client = 'C', server = 'S', at = 0, iss = 0): string {
  const t = (more: number) => (at + more).toFixed(4);
  return `${opened(client, server, at, iss)}
  ${t(0.003)} ${client} > ${server}: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id ${iss + 3} DF "GET / HTTP/1.1\\r\\n\\r\\n"
  ${t(0.004)} ${server} > ${client}: [P.] seq 1 ack 19 win 509 ${BACK} ttl 57 id ${iss + 70} DF "HTTP/1.1 204 OK\\r\\n\\r\\n"
  ${t(0.005)} ${client} > ${server}: [.] ack 20 win 502 ${TS} ttl 64 id ${iss + 4} DF`;
}

/** C's SYN and the refusal of S. */
export function refused(client = 'C', server = 'S', at = 0, ttl = 57): string {
  return `
  ${at.toFixed(4)} ${client} > ${server}: [S] seq 0 win 64240 ${SYN} ttl 64 id 9 DF
  ${(at + 0.001).toFixed(4)} ${server} > ${client}: [R.] seq 0 ack 1 win 0 ttl ${ttl} id 0 DF`;
}

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
