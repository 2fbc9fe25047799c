import { place } from './evidence.js';
import type { Diagnosis, EndpointFacts, Finding, Severity, Verdict } from './types.js';

const SEVERITY: Record<Severity, number> = { note: 0, warning: 1, error: 2 };
const CONFIDENCE = { possible: 0, likely: 1, certain: 2 } as const;

/** The listening end of a reset's connection. */
export function serverOf(verdict: Verdict): EndpointFacts {
  const { sender, receiver } = verdict.reset;
  return sender.role === 'server' || sender.role === 'responder' ? sender : receiver;
}

export function clientOf(verdict: Verdict): EndpointFacts {
  const { sender, receiver } = verdict.reset;
  return sender.role === 'server' || sender.role === 'responder' ? receiver : sender;
}

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
  private readonly groups = new Map<string, Group>();

  constructor(
    /** Connections to a listener in the capture, null where not known. */
    private readonly connectionsOf: (address: string, port: number) => number | null,
    private readonly file = '',
  ) {}

  add(verdict: Verdict, kept: boolean): void {
    if (verdict.role === 'aftershock') return;
    const { rst } = verdict.reset;
    const mark = { frame: rst.frame, time: rst.time };
    const group = this.group(verdict);
    if (group.count === 0) group.first = mark;
    group.count++;
    group.last = mark;
    if (kept) group.resets.push(verdict.id);
    if (SEVERITY[verdict.severity] > SEVERITY[group.severity]) group.severity = verdict.severity;
    if (CONFIDENCE[verdict.confidence] > CONFIDENCE[group.example.confidence]) group.example = verdict;
  }

  /** Resets that share the verdict of `like` and were only counted. */
  addOmitted(like: Verdict, count: number, lastFrame: number, lastTime: number): void {
    const group = this.group(like);
    group.count += count;
    if (lastFrame > group.last.frame) group.last = { frame: lastFrame, time: lastTime };
  }

  list(): Finding[] {
    return [...this.groups.values()].map((g) => ({ ...g, confidence: g.example.confidence }));
  }

  private group(verdict: Verdict): Group {
    const server = serverOf(verdict);
    // A scan is one event of its source, whatever it asked.
    const scan = verdict.cause.id === 'port-scan';
    const where = scan ? `from ${clientOf(verdict).address}` : place(server);
    const key = `${this.file}\n${verdict.cause.id}\n${where}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      const mark = { frame: verdict.reset.rst.frame, time: verdict.reset.rst.time };
      group = {
        cause: verdict.cause,
        where,
        connections: scan ? null : this.connectionsOf(server.address, server.port),
        count: 0,
        severity: verdict.severity,
        first: mark,
        last: mark,
        example: verdict,
        resets: [],
      };
      this.groups.set(key, group);
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
      maker = new FindingMaker((address, port) => connections.get(place({ address, port })) ?? null, file);
      makers.set(file, maker);
    }
    maker.add(verdict, true);
  }
  return [...makers.values()].flatMap((maker) => maker.list());
}
