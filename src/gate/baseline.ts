/** `--baseline old.json`: what an earlier report already held does not fail again; what is new, or more of it, does. */

import { fingerprint, serverOf } from '../report/ci/fingerprint.js';
import { frameText } from '../report/words/frame.js';
import { quoted } from '../report/words/shell.js';
import { count } from '../report/words/wording.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { brief, frameList } from './compare.js';
import type { Problem } from './problem.js';

/** How many resets of each kind at each server there were, by fingerprint. */
export type Baseline = ReadonlyMap<string, number>;

/** @throws Error whose message says what is wrong with the file */
export function readBaseline(text: string): Baseline {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`);
  }
  if (typeof report !== 'object' || report === null || !('resets' in report) || !Array.isArray(report.resets)) {
    throw new Error('not a report of whyrst: make one with whyrst -f json -o baseline.json');
  }
  if (!('schema' in report) || report.schema !== 1) throw new Error('a report of another schema: make it again');
  const numbers = new Map<string, number>();
  for (const entry of report.resets as readonly unknown[]) {
    const key = keyOf(entry);
    if (key !== null) numbers.set(key, (numbers.get(key) ?? 0) + 1);
  }
  return numbers;
}

/** null for an aftershock. */
function keyOf(entry: unknown): string | null {
  const { role, cause, from, to } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (role === 'aftershock') return null;
  const [one, other] = [endOf(from), endOf(to)];
  if (typeof cause !== 'string' || one === null || other === null) {
    throw new Error('a report of another schema: its resets have no cause or no addresses');
  }
  const server = one.role === 'server' ? one : other.role === 'server' ? other : one.port < other.port ? one : other;
  return fingerprint(cause, server.socket, role === 'ignored' ? 'ignored' : 'first');
}

function endOf(end: unknown): { readonly socket: string; readonly port: number; readonly role: unknown } | null {
  const { address, port, role } = (end ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof address !== 'string' || typeof port !== 'number') return null;
  return { socket: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`, port, role };
}

/** Takes from `left` what is known, so that several captures share one baseline. */
export function newAgainst(
  verdicts: readonly Verdict[],
  left: Map<string, number>,
  capture: string,
  baselineFile: string,
): Problem[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    // A cause that was renamed since is known by its former id.
    const ids = [verdict.cause.id, ...(verdict.cause.formerly ?? [])];
    const prints = ids.map((id) => fingerprint(id, serverOf(verdict), verdict.role));
    const known = prints.find((print) => (left.get(print) ?? 0) > 0);
    if (known !== undefined) {
      left.set(known, (left.get(known) as number) - 1);
      continue;
    }
    const key = prints[0] as string;
    const group = groups.get(key);
    if (group) group.push(verdict);
    else groups.set(key, [verdict]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Verdict;
    return {
      kind: 'limit',
      title: `New: ${count(group.length)} ${first.cause.id} to ${serverOf(first)}, not in ${baselineFile}`,
      file: capture,
      line: null,
      rows: [
        ['found', group.length === 1 ? brief(first) : `${brief(first)}\nframes ${frameList(group)}`],
        ['look', `whyrst show ${quoted(capture)} ${frameText(first.reset, first.reset.rst.frame)}`],
      ],
    };
  });
}
