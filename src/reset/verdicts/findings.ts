import { place } from '../evidence.js';
import type { Severity, Verdict } from '../vocabulary/verdict.js';
import type { Diagnosis, Finding } from './diagnosis.js';
import { type GroupingFacts, groupingFactsOf } from './repeated.js';

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
  readonly resets: string[];
}

/** Groups verdicts by cause and place. Aftershocks belong to their first and are not counted. */
export class FindingMaker {
  /** By cause, address and port; a scan's port is -1. Text of all three as one key takes longer to make. */
  private readonly groups = new Map<string, Map<string, Map<number, Group>>>();
  private readonly inOrder: Group[] = [];

  constructor(
    /** Connections to a listener in the capture, null where not known. */
    private readonly connectionsOf: (address: string, port: number) => number | null,
  ) {}

  add(verdict: Verdict, facts: GroupingFacts, kept: boolean): void {
    if (verdict.role === 'aftershock') return;
    const mark = { frame: facts.frame, time: facts.time };
    const group = this.group(verdict, facts);
    if (group.count === 0) group.first = mark;
    group.count++;
    group.last = mark;
    if (kept) group.resets.push(verdict.id);
    if (SEVERITY[verdict.severity] > SEVERITY[group.severity]) group.severity = verdict.severity;
    if (CONFIDENCE[verdict.confidence] > CONFIDENCE[group.example.confidence]) group.example = verdict;
  }

  /** Resets that share the verdict of `like` and were only counted. */
  addOmitted(original: Verdict, facts: GroupingFacts, count: number, lastFrame: number, lastTime: number): void {
    if (original.role === 'aftershock') return;
    const group = this.group(original, facts);
    group.count += count;
    if (lastFrame > group.last.frame) group.last = { frame: lastFrame, time: lastTime };
  }

  list(): Finding[] {
    return this.inOrder.map((g) => ({ ...g, confidence: g.example.confidence }));
  }

  private group(verdict: Verdict, { frame, time, client, server }: GroupingFacts): Group {
    const { cause } = verdict;
    // A scan is one event of its source, whatever it asked.
    const scan = cause.id === 'port-scan';
    const address = scan ? client.address : server.address;
    const port = scan ? -1 : server.port;
    let places = this.groups.get(cause.id);
    if (places === undefined) this.groups.set(cause.id, (places = new Map()));
    let ports = places.get(address);
    if (ports === undefined) places.set(address, (ports = new Map()));
    let group = ports.get(port);
    if (group === undefined) {
      const mark = { frame, time };
      group = {
        cause,
        where: scan ? `from ${address}` : place(server),
        connections: scan ? null : this.connectionsOf(address, port),
        count: 0,
        severity: verdict.severity,
        first: mark,
        last: mark,
        example: verdict,
        resets: [],
      };
      ports.set(port, group);
      this.inOrder.push(group);
    }
    return group;
  }
}

/** The findings of some of a diagnosis' verdicts (a selection), with the places' connections as the whole has them. */
export function regroup(verdicts: readonly Verdict[], whole: Pick<Diagnosis, 'findings'>): readonly Finding[] {
  const connections = new Map(whole.findings.map((f) => [f.where, f.connections]));
  const makers = new Map<string, FindingMaker>();
  for (const verdict of verdicts) {
    const file = verdict.id.includes(':') ? verdict.id.split(':')[0] : '';
    let maker = makers.get(file);
    if (maker === undefined) {
      maker = new FindingMaker((address, port) => connections.get(place({ address, port })) ?? null);
      makers.set(file, maker);
    }
    maker.add(verdict, groupingFactsOf(verdict), true);
  }
  return [...makers.values()].flatMap((maker) => maker.list());
}
