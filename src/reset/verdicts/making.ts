import { type FileBorders, placeOfFrame } from '../../capture/borders.js';
import type { StackFacts } from '../../context/stacks.js';
import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { fact, place } from '../evidence.js';
import { assemble, chain } from '../facts/assemble.js';
import { kernelReasonsOf } from '../facts/kernel-reasons.js';
import { mechanismOf } from '../facts/mechanism.js';
import { roleOf } from '../facts/roles.js';
import { HeldView } from '../held/held-view.js';
import type { HeldResets } from '../held/hold.js';
import { RT } from '../held/layout.js';
import { type Evidence, type Mechanism, type Reset, SHAPES, type Shape, type Translated } from '../types.js';
import { saidError } from '../vocabulary/said-error.js';
import { isServer } from '../vocabulary/side.js';
import type { Cause, Match, Verdict } from '../vocabulary/verdict.js';
import { applicationsOf, type EffectiveReset } from './applications.js';
import { type Again, type Facts, type GroupingFacts, groupingFactsOfReset, MADE_AGAIN } from './facts.js';
import { idOf } from './id.js';
import { judge, winner } from './judge.js';
import type { Teller } from './repeated.js';

/** Resets of one death whose effective are looked at to tell what the programs saw. */
const MOST = 16;

/** The files of a run, whose frames its ids name. */
export interface Files {
  /** Number of the run's first file among those of several runs. */
  readonly fileNumber: number | undefined;
  /** Frames before each file of a run of several; they grow. */
  readonly borders: FileBorders | undefined;
}

function asTranslated({ frame, sender, receiver }: Translated): Evidence {
  return fact(
    { frame },
    `the same packet shows as ${place(sender)} to ${place(receiver)}: the capturing machine translates addresses`,
  );
}

/** Makes the verdict of one held reset, given that of the first of its death (null where there is none before it). */
export class Making implements Teller {
  /** The catalogue by what its causes are about. */
  private readonly causes: ReadonlyMap<Shape, readonly Cause[]>;
  private newest: { readonly index: number; readonly facts: GroupingFacts } | null = null;

  constructor(
    readonly held: HeldResets,
    causes: readonly Cause[],
    private readonly context: Context,
    private readonly limits: Limits,
    private readonly files: Files,
  ) {
    this.causes = new Map(SHAPES.map((shape) => [shape, causes.filter(({ shapes }) => shapes.includes(shape))]));
  }

  /** With all its facts. */
  full(index: number, first: Verdict | null): Verdict {
    const reset = this.reset(index, true);
    const role = roleOf(reset, first !== null);
    if (role === 'aftershock' && first !== null)
      return { ...this.told(reset, first), ...aftershockFacts(reset, first) };
    const { cause, match, ...others } = judge(reset, this.causesOf(reset), this.context, this.limits);
    return { ...this.told(reset, { role, cause, match }), ...this.factsOf(index, reset, match), ...others };
  }

  /** With what is asked of every one; the rest is made when it is asked for, and asked of what is known by then. */
  brief(index: number, first: Verdict | null): Verdict {
    const reset = this.reset(index);
    const role = roleOf(reset, first !== null);
    const of = role === 'aftershock' ? first : null;
    const told = this.told(reset, of ?? { role, ...winner(reset, this.causesOf(reset), this.context, this.limits) });
    this.newest = { index, facts: groupingFactsOfReset(reset) };
    return MADE_AGAIN.give(told, new MadeAgain(this, index, of, reset.phase, isServer(reset.sender)));
  }

  /** What the brief verdict is counted and grouped by, where it is the newest: it is counted as soon as it is made. */
  newestGroupingFacts(index: number): GroupingFacts | null {
    return this.newest?.index === index ? this.newest.facts : null;
  }

  /** The facts of a brief verdict. */
  facts(index: number, first: Verdict | null): Facts {
    const reset = this.reset(index);
    if (first !== null) return aftershockFacts(reset, first);
    const { cause: _, match, ...others } = judge(reset, this.causesOf(reset), this.context, this.limits);
    return { ...this.factsOf(index, reset, match), ...others };
  }

  mechanismOf(reset: Reset): Mechanism {
    return mechanismOf(reset, this.limits);
  }

  toldBy(cause: Cause, reset: Reset): ReturnType<Teller['toldBy']> {
    const { match, ...told } = judge(reset, this.causesOf(reset), this.context, this.limits);
    if (told.cause !== cause) return null;
    const { alternatives, against, untested } = told;
    return { evidence: match.evidence, doubt: match.doubt, alternatives, against, untested };
  }

  stackAt(address: string): StackFacts | null {
    return this.context.host(address)?.stack ?? null;
  }

  id(frame: number): string {
    const { fileNumber, borders } = this.files;
    if (borders === undefined) return idOf(fileNumber ?? null, frame);
    const place = placeOfFrame(borders, frame);
    return idOf((fileNumber ?? 1) + place.file - 1, place.frame);
  }

  private reset(index: number, lasting = false): Reset {
    const reset = assemble(this.held, index, this.context, this.limits, lasting);
    const { borders } = this.files;
    return borders === undefined ? reset : { ...reset, borders };
  }

  private causesOf({ shape }: Reset): readonly Cause[] {
    return this.causes.get(shape) ?? [];
  }

  private told(
    reset: Reset,
    by: Verdict | { readonly role: Verdict['role']; readonly cause: Cause; readonly match: Match },
  ): Omit<Verdict, keyof Facts> {
    const id = this.id(reset.rst.frame);
    if (!('match' in by)) {
      const { cause, confidence, severity, responsible, lost } = by;
      return { id, role: 'aftershock', of: by.id, cause, confidence, severity, responsible, lost };
    }
    const { role, cause, match } = by;
    return {
      id,
      role,
      of: null,
      cause,
      confidence: match.confidence,
      severity: match.severity ?? cause.severity,
      responsible: match.responsible,
      lost: match.lost ?? null,
    };
  }

  private factsOf(index: number, reset: Reset, match: Match): Omit<Facts, 'alternatives' | 'against' | 'untested'> {
    const silent = !reset.effective || match.noProgram === true;
    return {
      reset,
      mechanism: reset.mechanism,
      kernelReasons: kernelReasonsOf(reset, reset.mechanism),
      applications: silent ? { client: null, server: null } : this.outcomes(reset, index),
      evidence: [
        ...match.evidence,
        ...this.answered(reset, match),
        ...this.noted(index, reset),
        ...reset.translated.map(asTranslated),
      ],
      doubt: match.doubt,
    };
  }

  /** The error that the server had answered with, unless the cause quotes that answer itself. */
  private answered(reset: Reset, { evidence }: Match): readonly Evidence[] {
    const error = saidError(reset, this.limits);
    return error === null || evidence.some(({ frame, text }) => frame === error.frame && text.includes('"'))
      ? []
      : [error];
  }

  /** What the capture notes about the RST. */
  private noted(index: number, { rst }: Reset): readonly Evidence[] {
    const note = this.held.notes.get(index);
    return note === undefined ? [] : [fact(rst, note.text, note.values)];
  }

  /** What the programs saw, over all effective RSTs of the death. */
  private outcomes(reset: Reset, index: number): Verdict['applications'] {
    const effective: EffectiveReset[] = [{ reset, mechanism: reset.mechanism.kind }];
    for (const number of chain(this.held, index)) {
      if (number <= index || effective.length >= MOST) continue;
      const later = assemble(this.held, number, this.context, this.limits);
      if (later.effective) effective.push({ reset: later, mechanism: later.mechanism.kind });
    }
    return applicationsOf(effective);
  }
}

function aftershockFacts(
  reset: Reset,
  { applications, evidence, doubt, alternatives, against, untested }: Verdict,
): Facts {
  const { mechanism } = reset;
  const kernelReasons = kernelReasonsOf(reset, mechanism);
  return { reset, mechanism, kernelReasons, applications, evidence, doubt, alternatives, against, untested };
}

/** A verdict's facts, made of what is held. */
class MadeAgain implements Again {
  constructor(
    private readonly making: Making,
    private readonly index: number,
    private readonly first: Verdict | null,
    readonly phase: Reset['phase'],
    private readonly fromServer: boolean,
  ) {}

  facts(): Facts {
    return this.making.facts(this.index, this.first);
  }

  groupingFacts(): GroupingFacts {
    const newest = this.making.newestGroupingFacts(this.index);
    if (newest !== null) return newest;
    const view = new HeldView(this.making.held.endsAt(this.index));
    const server = this.fromServer ? view.senderSide : view.senderSide ^ 1;
    const at = (side: number) => ({ address: view.address(side), port: view.port(side) });
    const { phase } = this;
    return { phase, frame: view.time(RT.FRAME), time: view.time(RT.TIME), client: at(server ^ 1), server: at(server) };
  }
}
