/** Which of many captures are one run: files of a rotated series, of one link type, whose times do not overlap. */

import type { SeriesFile } from '../../capture/series.js';
import { span } from '../../reset/evidence.js';
import { type SeriesForm, type SeriesName, seriesNames } from './names.js';
import type { CapturePeek } from './peek.js';

/** Files that are one run, in the order of time. */
export type GroupedFiles = readonly SeriesFile[];

const SECOND = 1_000_000_000n;
/**
 * Packets of several interfaces come out of order by as much as the capture buffers them: a second in tcpdump
 * (pcap_set_timeout(1000) in tcpdump.c), 250 ms in dumpcap (CAP_READ_TIMEOUT).
 */
export const DISORDER = SECOND;
/** Files of a quiet link can be this far from each other, whatever they last themselves. */
const PATIENCE = 60n * SECOND;
/** The most telling first: a name is read in the first way that makes a series of it. */
const FORMS: readonly SeriesForm[] = ['dumpcap', 'dated', 'tcpdump', 'numbered'];

/** What is written by what rotates; a text is nobody's series. */
const ROTATED = /^pcap/;

interface Member {
  readonly peek: CapturePeek;
  readonly name: SeriesName;
}

/** Those of the paths whose names alone do not forbid that they are of a series: nothing is read. */
export function mayBeSeries(paths: readonly string[]): readonly string[] {
  const keys = (path: string) => seriesNames(path).map(({ form, stem }) => `${form} ${stem}`);
  const times = new Map<string, number>();
  for (const path of paths) for (const key of keys(path)) times.set(key, (times.get(key) ?? 0) + 1);
  return paths.filter((path) => keys(path).some((key) => (times.get(key) as number) > 1));
}

/** Every capture in exactly one group, groups in the order of their first member in `peeks`. */
export function grouped(peeks: readonly CapturePeek[]): readonly GroupedFiles[] {
  const taken = new Map<string, GroupedFiles>();
  const names = new Map(peeks.map((peek) => [peek.path, seriesNames(peek.path)]));
  for (const form of FORMS) {
    const byStem = new Map<string, Member[]>();
    for (const peek of peeks) {
      const name = names.get(peek.path)?.find((one) => one.form === form);
      if (name === undefined || taken.has(peek.path) || !ROTATED.test(peek.format)) continue;
      const key = `${name.stem}\n${peek.linkType ?? ''}`;
      const members = byStem.get(key);
      if (members === undefined) byStem.set(key, [{ peek, name }]);
      else members.push({ peek, name });
    }
    withEmpty(byStem);
    for (const members of byStem.values()) {
      for (const run of runsOf(members, form)) {
        const files = withMissing(run);
        for (const { peek } of run) taken.set(peek.path, files);
      }
    }
  }
  return [...new Set(peeks.map((peek) => taken.get(peek.path) ?? [{ name: peek.path }]))];
}

/** All of them, in the order of time: what `--join` asks for. Two that overlap are named, since none comes after the other. */
export function joined(peeks: readonly CapturePeek[]): {
  readonly files: GroupedFiles;
  readonly overlap: readonly [string, string] | null;
} {
  const sorted = [...peeks].sort(byTime);
  const overlap = overlapOf(sorted);
  return { files: sorted.map(({ path }) => ({ name: path })), overlap };
}

/** A file without packets has no link type: it goes with those of its name. */
function withEmpty(byStem: Map<string, Member[]>): void {
  for (const [key, members] of byStem) {
    const [stem, linkType] = key.split('\n');
    if (linkType !== '') continue;
    const others = [...byStem].find(([other]) => other !== key && other.split('\n')[0] === stem);
    if (others === undefined) continue;
    others[1].push(...members);
    byStem.delete(key);
  }
}

/** Runs of at least two files. */
function runsOf(members: readonly Member[], form: SeriesForm): readonly (readonly Member[])[] {
  if (members.length < 2) return [];
  const sorted = [...members].sort(
    (a, b) =>
      byTime(a.peek, b.peek) || (a.name.number ?? 0) - (b.name.number ?? 0) || (a.peek.path < b.peek.path ? -1 : 1),
  );
  // Captures side by side: of another interface, another host. Which belongs to which nobody can tell by their names.
  if (overlapOf(sorted.map(({ peek }) => peek)) !== null) return [];
  const unit = unitOf(sorted);
  const runs: Member[][] = [];
  for (const member of sorted) {
    const run = runs[runs.length - 1];
    const before = run?.[run.length - 1];
    if (run !== undefined && before !== undefined && follows(before, member, form, unit)) run.push(member);
    else runs.push([member]);
  }
  return runs.filter(
    (run) => run.length > 1 && (form !== 'numbered' || run.some((m, i) => i > 0 && isNext(run[i - 1]!, m))),
  );
}

/** How long a file of the series is, ns: the longest span of one, or the step between the dates in their names. */
function unitOf(members: readonly Member[]): { readonly span: bigint; readonly step: bigint } {
  let span = 0n;
  for (const { peek } of members) {
    const own = peek.first === null || peek.last === null ? 0n : peek.last - peek.first;
    if (own > span) span = own;
  }
  return { span, step: BigInt(stepOf(members) ?? 0) * 1_000_000n };
}

/** Milliseconds from date to date in their names, where three of them or more go in equal steps. */
function stepOf(members: readonly Member[]): number | null {
  const dates = [
    ...new Set(members.flatMap(({ name }) => (name.form === 'dated' && name.date !== null ? [name.date] : []))),
  ];
  if (dates.length < 3) return null;
  dates.sort((a, b) => a - b);
  const steps = dates.slice(1).map((date, index) => date - (dates[index] as number));
  const least = Math.min(...steps);
  // A rotation waits for the packet that is the first of the next file, which then is dated a little later.
  return steps.every((step) => Math.abs(step - Math.round(step / least) * least) <= least / 10) ? least : null;
}

function follows(before: Member, next: Member, form: SeriesForm, { span, step }: ReturnType<typeof unitOf>): boolean {
  const { number } = next.name;
  if (form === 'dumpcap') return number !== null && before.name.number !== null && number > before.name.number;
  const end = before.peek.last;
  // Compressed: only its beginning is known, and a name that tells by itself must do.
  if (next.peek.first === null || end === null) return form === 'tcpdump' || step > 0n;
  const gap = next.peek.first - end;
  const missing = BigInt(missingBetween(before.name, next.name, step));
  if (form === 'numbered')
    return missing === 0n ? isNext(before, next) && gap <= DISORDER : gap <= (missing + 1n) * span;
  const one = [span, step, PATIENCE].reduce((most, each) => (each > most ? each : most));
  return gap <= (missing + 1n) * one;
}

function isNext(before: Member, next: Member): boolean {
  return before.name.number !== null && next.name.number === before.name.number + 1;
}

/** Numbers or dates left out between two; none where the numbers begin anew, as in a ring of files (tcpdump -W). */
function missingBetween(before: SeriesName, next: SeriesName, step: bigint): number {
  if (before.number !== null && next.number !== null) return Math.max(0, next.number - before.number - 1);
  if (before.date === null || next.date === null || step === 0n) return 0;
  return Math.max(0, Math.round((next.date - before.date) / Number(step / 1_000_000n)) - 1);
}

function overlapOf(sorted: readonly CapturePeek[]): readonly [string, string] | null {
  let latest: CapturePeek | null = null;
  for (const peek of sorted) {
    if (peek.first === null) continue;
    if (latest?.last != null && peek.first < latest.last) {
      const within = peek.last !== null && peek.last <= latest.last;
      if (within || peek.first < latest.last - DISORDER) return [latest.path, peek.path];
    }
    if (latest === null || latest.last === null || (peek.last ?? peek.first) > latest.last) latest = peek;
  }
  return null;
}

/** Without packets last: they were begun last, or nothing tells. */
function byTime(a: CapturePeek, b: CapturePeek): number {
  if (a.first === null || b.first === null) return Number(a.first === null) - Number(b.first === null);
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0;
}

/** The files with what is missing before each. */
function withMissing(run: readonly Member[]): GroupedFiles {
  const numbers = new Set(run.map(({ name }) => name.number));
  const step = stepOf(run);
  return run.map(({ peek, name }, index): SeriesFile => {
    const before = run[index - 1];
    if (before === undefined || peek.first === null) return { name: peek.path };
    const gap = before.peek.last === null ? '' : `, ${span(Number(peek.first - before.peek.last))} apart`;
    const between = `between ${before.peek.path} and ${peek.path}${gap}`;
    const absent: number[] = [];
    const first = (before.name.number ?? 0) + 1;
    for (let n = first; name.number !== null && n < name.number; n += 1) if (!numbers.has(n)) absent.push(n);
    if (absent.length > 0) {
      const called = absent.length === 1 ? 'is' : 'are';
      const list =
        absent.length <= 3
          ? absent.map(name.numbered).join(', ')
          : `${name.numbered(absent[0] as number)} to ${name.numbered(absent[absent.length - 1] as number)}`;
      return {
        name: peek.path,
        missing: { count: absent.length, text: `${list} ${called} missing: nothing was read ${between}` },
      };
    }
    const steps =
      step === null || name.date === null || before.name.date === null
        ? 1
        : Math.round((name.date - before.name.date) / step);
    if (steps > 1) {
      const text = `${steps === 2 ? 'a file is' : `${steps - 1} files are`} missing by the dates in their names, or nothing was captured then: nothing was read ${between}`;
      return { name: peek.path, missing: { count: steps - 1, text } };
    }
    return { name: peek.path };
  });
}
