import { type FileBorders, placeOfFrame } from '../../capture/borders.js';
import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { fact, place } from '../evidence.js';
import { assemble, chain } from '../facts/assemble.js';
import { kernelReasonsOf } from '../facts/kernel-reasons.js';
import { roleOf } from '../facts/roles.js';
import { HeldView } from '../held/held-view.js';
import { R, RT } from '../held/hold.js';
import type { ResetObserver } from '../held/observe.js';
import type { RepeatOf } from '../held/repeats.js';
import { type Evidence, type Reset, SHAPES, type Shape, type Translated } from '../types.js';
import type { Cause, Verdict } from '../vocabulary/verdict.js';
import { applicationsOf, type EffectiveReset, type Outcomes } from './applications.js';
import { judge } from './judge.js';
import { repeated } from './repeated.js';

/** Resets of one death whose effective are looked at to tell what the programs saw. */
const MOST = 16;

function asTranslated({ frame, sender, receiver }: Translated): Evidence {
  return fact(
    { frame },
    `the same packet shows as ${place(sender)} to ${place(receiver)}: the capturing machine translates addresses`,
  );
}

/** Resets that were only counted, with the verdict they share. */
export interface OmittedVerdicts {
  readonly original: Verdict;
  readonly count: number;
  readonly lastFrame: number;
  readonly lastTime: number;
}

/** Turns held resets into verdicts, in frame order. */
export class VerdictMaker {
  /** First verdict of a death by the number of its chain's head. */
  private readonly firsts = new Map<number, { verdict: Verdict; outcomes: Outcomes }>();
  /** Verdicts that repeats refer to, by held number. */
  private readonly originals = new Map<number, Verdict>();
  /** The catalogue by what its causes are about. */
  private readonly causes: ReadonlyMap<Shape, readonly Cause[]>;
  private nextRepeat = 0;
  private nextAftershock = 0;
  /** Number of the next held reset when the kinds of repeats were renewed last, and the time before. */
  private renewed = 0;
  private renewedBefore = 0;

  constructor(
    private readonly observer: ResetObserver,
    causes: readonly Cause[],
    private readonly context: Context,
    private readonly limits: Limits,
    private readonly files: {
      /** Number of the run's first file among those of several runs. */
      readonly fileNumber: number | undefined;
      /** Frames before each file of a run of several; they grow. */
      readonly borders: FileBorders | undefined;
    },
    /**
     * A capture without end: a reset settles `settleLive` after it came, whatever follows it, and nothing is kept of what
     * was told but what later resets need.
     */
    private readonly live = false,
  ) {
    this.causes = new Map(SHAPES.map((shape) => [shape, causes.filter(({ shapes }) => shapes.includes(shape))]));
  }

  /** Verdicts of all resets that have settled at capture time `now`; all of them when it is Infinity. */
  *take(now: number): Generator<Verdict> {
    const { held } = this.observer;
    while (held.judged < held.next) {
      const index = held.judged;
      const { words, w, times, t } = held.at(index);
      const settled = this.live
        ? this.isDue(now)
        : words[w + R.GONE] !== 0 || now - times[t + RT.LAST] >= this.limits.settle;
      if (!settled) {
        // They wait for their first, not for what came after them.
        if (this.live) yield* this.repeatsBefore(times[t + RT.FRAME]);
        break;
      }
      const verdict = this.verdictOf(index);
      yield* this.repeatsBefore(verdict.reset.rst.frame);
      yield verdict;
      held.done(index);
    }
    if (now === Number.POSITIVE_INFINITY || held.judged === held.next)
      yield* this.repeatsBefore(Number.POSITIVE_INFINITY);
    if (this.live) this.observer.repeats.told(this.nextRepeat, this.nextAftershock);
  }

  /** Is anything held that has not been told? */
  get waiting(): boolean {
    const { held } = this.observer;
    return held.judged < held.next;
  }

  /** Has any of it settled at capture time `now`, in a capture without end? */
  isDue(now: number): boolean {
    if (!this.waiting) return false;
    const { times, t } = this.observer.held.at(this.observer.held.judged);
    return now - times[t + RT.TIME] >= this.limits.settleLive;
  }

  /** The connection whose first and last held resets these are takes no more: all of them may have been judged. */
  gone(first: number, last: number): void {
    if (last < this.observer.held.judged) this.firsts.delete(first);
  }

  /** Forgets the kinds of repeats that were before, and the verdicts that no repeat refers to any more. */
  renew(): void {
    this.renewedBefore = this.renewed;
    this.renewed = this.observer.held.next;
    this.observer.renew(this.renewedBefore);
    for (const index of this.originals.keys()) if (index < this.renewedBefore) this.originals.delete(index);
  }

  /** Judges the oldest reset with what is known: there is no room to wait. */
  takeOldest(): Verdict {
    const verdict = this.verdictOf(this.observer.held.judged);
    this.observer.held.done(this.observer.held.judged);
    return verdict;
  }

  private verdictOf(index: number): Verdict {
    const { held } = this.observer;
    const reset = this.assembled(index);
    const view = new HeldView(held.at(index));
    const head = view.word(R.HEAD);
    const first = this.firsts.get(head);
    const last = view.word(R.NEXT) < 0;
    // Nothing more can come on this connection.
    if (last && view.word(R.GONE) !== 0) this.firsts.delete(head);
    const over = last && (!this.live || view.word(R.GONE) !== 0);
    const role = roleOf(reset, first !== undefined);
    const id = this.id(reset.rst.frame);
    if (role === 'aftershock' && first !== undefined) {
      const { verdict } = first;
      const aftershock: Verdict = {
        ...verdict,
        id,
        reset,
        role,
        of: verdict.id,
        mechanism: reset.mechanism,
        kernelReasons: kernelReasonsOf(reset, reset.mechanism),
        evidence: verdict.evidence,
      };
      if (this.observer.repeats.isOriginal(index)) this.originals.set(index, aftershock);
      return aftershock;
    }
    const causes = this.causes.get(reset.shape) ?? [];
    const { cause, match, alternatives, against, untested } = judge(reset, causes, this.context, this.limits);
    const silent = role === 'ignored' || match.noProgram === true;
    const outcomes = silent ? { client: null, server: null } : this.outcomes(reset, index);
    const verdict: Verdict = {
      id,
      reset,
      role,
      of: null,
      cause,
      confidence: match.confidence,
      severity: match.severity ?? cause.severity,
      mechanism: reset.mechanism,
      responsible: match.responsible,
      kernelReasons: kernelReasonsOf(reset, reset.mechanism),
      applications: outcomes,
      evidence: [...match.evidence, ...reset.translated.map(asTranslated)],
      doubt: match.doubt,
      lost: match.lost ?? null,
      alternatives,
      against,
      untested,
    };
    if (role === 'first' && !over) this.firsts.set(head, { verdict, outcomes });
    // A repeat was translated in its own way, if at all.
    if (this.observer.repeats.isOriginal(index)) this.originals.set(index, { ...verdict, evidence: match.evidence });
    return verdict;
  }

  /** What the programs saw, over all effective RSTs of the death. */
  private outcomes(reset: Reset, index: number): Outcomes {
    const { held } = this.observer;
    const effective: EffectiveReset[] = [{ reset, mechanism: reset.mechanism.kind }];
    for (const number of chain(held, index)) {
      if (number <= index || effective.length >= MOST) continue;
      const later = assemble(held, number, this.context, this.limits);
      if (later.effective) effective.push({ reset: later, mechanism: later.mechanism.kind });
    }
    return applicationsOf(effective);
  }

  /** Repeats (and their aftershocks) of frames before `frame`. */
  private *repeatsBefore(frame: number): Generator<Verdict> {
    const { repeats } = this.observer;
    for (;;) {
      const repeat = repeats.frame(this.nextRepeat);
      const aftershock = repeats.aftershockFrame(this.nextAftershock);
      if (Math.min(repeat, aftershock) >= frame) return;
      if (repeat < aftershock) {
        const original = this.originals.get(repeats.original(this.nextRepeat));
        if (original === undefined) return;
        const own = { id: this.id(repeat), ...roleOfRepeat(original, repeats.repeatOf(this.nextRepeat)) };
        yield this.told(repeated(own, original, repeats, this.nextRepeat++));
      } else {
        const of = repeats.repeatBefore(this.nextAftershock);
        const original = repeats.has(of) ? this.originals.get(repeats.original(of)) : undefined;
        const number = -1 - this.nextAftershock++;
        if (original === undefined) {
          repeats.omittedAftershocks++;
          continue;
        }
        const own = { id: this.id(aftershock), role: 'aftershock', of: this.id(repeats.frame(of)) } as const;
        yield this.told(repeated(own, original, repeats, number));
      }
    }
  }

  /** What is kept of a repeat is given up while the capture goes on: its facts are made now. */
  private told(verdict: Verdict): Verdict {
    return this.live ? { ...verdict } : verdict;
  }

  /** Takes the resets that were counted without being kept and whose verdict is made. */
  *omitted(): Generator<OmittedVerdicts> {
    const { omitted: all } = this.observer.repeats;
    for (const [index, omitted] of all) {
      const original = this.originals.get(index);
      if (original === undefined) continue;
      all.delete(index);
      yield { ...omitted, original: { ...original, ...roleOfRepeat(original, omitted.of) } };
    }
  }

  private assembled(index: number): Reset {
    const reset = assemble(this.observer.held, index, this.context, this.limits);
    const { borders } = this.files;
    return borders === undefined ? reset : { ...reset, borders };
  }

  private id(frame: number): string {
    const { fileNumber, borders } = this.files;
    if (borders === undefined) return fileNumber === undefined ? String(frame) : `${fileNumber}:${frame}`;
    const place = placeOfFrame(borders, frame);
    return `${(fileNumber ?? 1) + place.file - 1}:${place.frame}`;
  }
}

/** One more blow on the same connection is an aftershock of the first; another connection's RST stands for itself. */
function roleOfRepeat(original: Verdict, of: RepeatOf): Pick<Verdict, 'role' | 'of'> {
  if (of === 'attempt') return { role: 'first', of: null };
  if (of === 'own' && original.role === 'first') return { role: 'aftershock', of: original.id };
  return { role: original.role, of: original.of };
}
