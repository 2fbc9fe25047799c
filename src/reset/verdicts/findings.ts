import { count, place } from '../evidence.js';
import type { Mark } from '../types.js';
import type { Severity, Verdict } from '../vocabulary/verdict.js';
import type { Diagnosis, Finding } from './diagnosis.js';
import type { GroupingFacts } from './facts.js';
import { partsOf } from './id.js';
import { groupingFactsOf } from './repeated.js';

const SEVERITY: Record<Severity, number> = { note: 0, warning: 1, error: 2 };
const CONFIDENCE = { possible: 0, likely: 1, certain: 2 } as const;

interface Group {
  readonly cause: Verdict['cause'];
  readonly where: string;
  readonly connections: number | null;
  count: number;
  severity: Severity;
  first: Finding['first'];
  last: Finding['last'];
  example: Verdict;
  /** Frame of the example. */
  exampleFrame: number;
  readonly resets: string[];
}

/** Places from which on one cause is told once for all of them. */
const MANY_PLACES = 16;

/** What stands for the places that are not told apart. */
const ELSEWHERE = 'elsewhere';

const asFinding = ({ exampleFrame: _, ...group }: Group): Finding => ({
  ...group,
  confidence: group.example.confidence,
});

/** One group of the same cause at many places. */
function together(groups: readonly Group[]): Group {
  const most = groups.reduce((a, b) => (b.count > a.count ? b : a));
  const surest = groups.reduce((a, b) => (CONFIDENCE[b.example.confidence] > CONFIDENCE[a.example.confidence] ? b : a));
  const scan = most.where.startsWith('from ');
  const all = `${count(groups.length)} ${scan ? 'addresses' : 'listeners'}`;
  return {
    ...most,
    where: scan ? `from ${all}, most ${most.where}` : `${all}, most at ${most.where}`,
    connections: groups.reduce<number | null>(
      (n, g) => (n === null || g.connections === null ? null : n + g.connections),
      0,
    ),
    count: groups.reduce((n, g) => n + g.count, 0),
    severity: groups.reduce<Severity>((s, g) => (SEVERITY[g.severity] > SEVERITY[s] ? g.severity : s), 'note'),
    first: groups.reduce((first, g) => (g.first.frame < first.frame ? g.first : first), most.first),
    last: groups.reduce((last, g) => (g.last.frame > last.frame ? g.last : last), most.last),
    example: surest.example,
    resets: inFrameOrder(groups.flatMap((g) => g.resets)),
  };
}

/** Frames of a later file come later, whatever their numbers in it. */
function inFrameOrder(ids: readonly Verdict['id'][]): Verdict['id'][] {
  return ids
    .map((id) => ({ id, ...partsOf(id) }))
    .sort((a, b) => (a.file ?? 0) - (b.file ?? 0) || a.frame - b.frame)
    .map(({ id }) => id);
}

/** A scan is one event of its source, whatever it asked. */
export const isScan = (cause: Verdict['cause']['id']) => cause === 'port-scan';

/** Where a verdict counts: `10.0.2.2:5001`, or `from 192.0.2.1` for a scan. */
export function placeOf(cause: Verdict['cause']['id'], { client, server }: GroupingFacts): string {
  return isScan(cause) ? `from ${client.address}` : place(server);
}

/** Groups verdicts by cause and place. Aftershocks belong to their first and are not counted. */
export class FindingMaker {
  /** By cause, address and port; a scan's port is -1. Text of all three as one key takes longer to make. */
  private readonly groups = new Map<string, Map<string, Map<number, Group>>>();
  private readonly inOrder: Group[] = [];
  /** Was one added that is not kept, and were some added behind it that are? */
  private counted = false;
  private countedEarly = false;

  constructor(
    /** Connections to a listener in the capture, null where not known. */
    private readonly connectionsOf: (address: string, port: number) => number | null,
    /** Places told apart; what happens at others is counted together. */
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  add(verdict: Verdict, facts: GroupingFacts, kept: boolean): void {
    if (verdict.role === 'aftershock') return;
    const mark = { frame: facts.frame, time: facts.time };
    const group = this.group(verdict, facts);
    const isFirst = group.count === 0;
    // In frame order, but for those that were counted before the others were judged.
    if (isFirst || mark.frame < group.first.frame) group.first = mark;
    if (isFirst || mark.frame > group.last.frame) group.last = mark;
    group.count++;
    if (kept) group.resets.push(verdict.id);
    if (!kept) this.counted = true;
    else if (this.counted) this.countedEarly = true;
    if (SEVERITY[verdict.severity] > SEVERITY[group.severity]) group.severity = verdict.severity;
    const surer = CONFIDENCE[verdict.confidence] - CONFIDENCE[group.example.confidence];
    if (isFirst || surer > 0 || (surer === 0 && mark.frame < group.exampleFrame)) {
      // What it is made of is given up soon where it is not kept: a copy has its facts.
      group.example = kept ? verdict : { ...verdict };
      group.exampleFrame = mark.frame;
    }
  }

  /** Resets that share the verdict of `like` and were only counted. */
  addOmitted(original: Verdict, facts: GroupingFacts, count: number, lastFrame: number, lastTime: number): void {
    if (original.role === 'aftershock') return;
    const group = this.group(original, facts);
    group.count += count;
    if (lastFrame > group.last.frame) group.last = { frame: lastFrame, time: lastTime };
  }

  list(): Finding[] {
    const findings: Finding[] = [];
    const done = new Set<string>();
    if (this.countedEarly) this.inOrder.sort((a, b) => a.first.frame - b.first.frame);
    for (const group of this.inOrder) {
      const { id } = group.cause;
      const alike = done.has(id) ? [] : this.inOrder.filter(({ cause }) => cause.id === id);
      if (!done.has(id) && alike.length < MANY_PLACES) findings.push(asFinding(group));
      else if (alike.length > 0) {
        // One event, or one habit: a finding for each of them would hide all others.
        done.add(id);
        findings.push(asFinding(together(alike)));
      }
    }
    return findings;
  }

  private group(verdict: Verdict, facts: GroupingFacts): Group {
    const { frame, time, client, server } = facts;
    const { cause } = verdict;
    const scan = isScan(cause.id);
    const address = scan ? client.address : server.address;
    const port = scan ? -1 : server.port;
    const known = this.groups.get(cause.id)?.get(address)?.get(port);
    if (known !== undefined) return known;
    const mark = { frame, time };
    if (this.inOrder.length >= this.most) {
      const elsewhere = this.groups.get(cause.id)?.get(ELSEWHERE)?.get(0);
      return elsewhere ?? this.make(verdict, mark, ELSEWHERE, 0, ELSEWHERE, null);
    }
    return this.make(
      verdict,
      mark,
      address,
      port,
      placeOf(cause.id, facts),
      scan ? null : this.connectionsOf(address, port),
    );
  }

  private make(
    example: Verdict,
    mark: Mark,
    address: string,
    port: number,
    where: string,
    connections: number | null,
  ): Group {
    const { cause, severity } = example;
    const group: Group = {
      cause,
      where,
      connections,
      count: 0,
      severity,
      first: mark,
      last: mark,
      example,
      exampleFrame: mark.frame,
      resets: [],
    };
    let places = this.groups.get(cause.id);
    if (places === undefined) this.groups.set(cause.id, (places = new Map()));
    let ports = places.get(address);
    if (ports === undefined) places.set(address, (ports = new Map()));
    ports.set(port, group);
    this.inOrder.push(group);
    return group;
  }
}

/** The findings of some of a diagnosis' verdicts (a selection), with the places' connections as the whole has them. */
export function regroup(verdicts: readonly Verdict[], whole: Pick<Diagnosis, 'findings'>): readonly Finding[] {
  const connections = new Map(whole.findings.map((f) => [f.where, f.connections]));
  const makers = new Map<number | null, FindingMaker>();
  for (const verdict of verdicts) {
    const { file } = partsOf(verdict.id);
    let maker = makers.get(file);
    if (maker === undefined) {
      maker = new FindingMaker((address, port) => connections.get(place({ address, port })) ?? null);
      makers.set(file, maker);
    }
    maker.add(verdict, groupingFactsOf(verdict), true);
  }
  return [...makers.values()].flatMap((maker) => maker.list());
}
