import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { chain } from '../facts/assemble.js';
import { HeldView } from '../held/held-view.js';
import { R, RT } from '../held/layout.js';
import type { ResetObserver } from '../held/observe.js';
import type { RepeatOf } from '../held/repeats.js';
import type { Cause, Verdict } from '../vocabulary/verdict.js';
import { type Files, Making } from './making.js';
import { repeated } from './repeated.js';

/** Resets that were only counted, with the verdict they share. */
export interface OmittedVerdicts {
  readonly original: Verdict;
  readonly count: number;
  readonly lastFrame: number;
  readonly lastTime: number;
}

/** So many verdicts of a run are kept with all their facts: nearly all captures have no more, and nothing else need be kept of them. */
const IN_FULL = 32;

/** As its repeats refer to it: each was translated in its own way, if at all, and has its own `notes`. */
function untranslated(verdict: Verdict, notes: number): Verdict {
  const { reset, evidence, role } = verdict;
  const own = reset.translated.length + notes;
  return role === 'aftershock' || own === 0 ? verdict : { ...verdict, evidence: evidence.slice(0, -own) };
}

/** Turns held resets into verdicts, in frame order. */
export class VerdictMaker {
  /** First verdict of a death by the number of its chain's head. */
  private readonly firsts = new Map<number, Verdict>();
  /** Verdicts that repeats refer to, by held number. */
  private readonly originals = new Map<number, Verdict>();
  private readonly making: Making;
  /** Number of the next of the lasting resets to be judged. */
  private nextLasting = 0;
  private nextRepeat = 0;
  private nextAftershock = 0;
  /** Number of the next held reset when the kinds of repeats were renewed last, and the time before. */
  private renewed = 0;
  private renewedBefore = 0;

  constructor(
    private readonly observer: ResetObserver,
    causes: readonly Cause[],
    context: Context,
    private readonly limits: Limits,
    files: Files,
    /**
     * A capture without end: a reset settles `settleLive` after it came, whatever follows it, and nothing is kept of what
     * was told but what later resets need.
     */
    private readonly live = false,
    /** So many of the first lasting ones have all their facts. */
    private readonly inFull = IN_FULL,
  ) {
    this.making = new Making(observer.held, causes, context, limits, files);
  }

  /** Verdicts of all resets that have settled at capture time `now`; all of them when it is Infinity. */
  *take(now: number): Generator<Verdict> {
    const { held } = this.observer;
    if (now === Number.POSITIVE_INFINITY) yield* this.lasting();
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

  /** Verdicts of the resets that are held to the end: now all is known. */
  private *lasting(): Generator<Verdict> {
    const { held } = this.observer;
    for (; this.nextLasting < Math.min(held.lasting, held.next); this.nextLasting++) {
      const verdict = this.verdictOf(this.nextLasting, this.nextLasting >= this.inFull);
      const { times, t } = held.at(this.nextLasting);
      yield* this.repeatsBefore(times[t + RT.FRAME]);
      yield verdict;
    }
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

  /**
   * Judges the oldest reset with what is known: there is no room to wait.
   * @param brief the facts are only asked for at once, if at all
   */
  takeOldest(brief: boolean): Verdict {
    const verdict = this.verdictOf(this.observer.held.judged, brief);
    this.observer.held.done(this.observer.held.judged);
    return verdict;
  }

  /** The verdict of the held reset `index`; a brief one has its facts made again when they are asked for. */
  private verdictOf(index: number, brief = false): Verdict {
    const { held, repeats } = this.observer;
    const view = new HeldView(held.at(index));
    const head = view.word(R.HEAD);
    const first = this.firsts.get(head) ?? this.foretold(head, index);
    const last = view.word(R.NEXT) < 0;
    const gone = view.word(R.GONE) !== 0;
    // Nothing more can come on this connection.
    if (last && gone) this.firsts.delete(head);
    const original = repeats.isOriginal(index);
    // Repeats ask for the facts of their original again and again.
    const verdict = brief && !original ? this.making.brief(index, first) : this.making.full(index, first);
    const over = last && (!this.live || gone);
    // Those behind the lasting ones are given up: a copy has its facts.
    if (verdict.role === 'first' && !over) this.firsts.set(head, index < held.lasting ? verdict : { ...verdict });
    if (original) this.originals.set(index, untranslated(verdict, held.notes.has(index) ? 1 : 0));
    return verdict;
  }

  /** Of a death whose first reset is to be judged at the end: its verdict, with what is known by now. */
  private foretold(head: number, index: number): Verdict | null {
    const { held } = this.observer;
    if (index < held.lasting || head >= held.lasting || this.nextLasting > head) return null;
    for (const number of chain(held, index)) {
      if (number >= held.lasting) break;
      const verdict = this.making.full(number, null);
      if (verdict.role === 'first') return verdict;
    }
    return null;
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
        const own = { id: this.making.id(repeat), ...roleOfRepeat(original, repeats.repeatOf(this.nextRepeat)) };
        yield this.told(repeated(own, original, repeats, this.nextRepeat++, this.making));
      } else {
        const of = repeats.repeatBefore(this.nextAftershock);
        const original = repeats.has(of) ? this.originals.get(repeats.original(of)) : undefined;
        const number = -1 - this.nextAftershock++;
        if (original === undefined) {
          repeats.omittedAftershocks++;
          continue;
        }
        const own = {
          id: this.making.id(aftershock),
          role: 'aftershock',
          of: this.making.id(repeats.frame(of)),
        } as const;
        yield this.told(repeated(own, original, repeats, number, this.making));
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
}

/** One more blow on the same connection is an aftershock of the first; another connection's RST stands for itself. */
function roleOfRepeat(original: Verdict, of: RepeatOf): Pick<Verdict, 'role' | 'of'> {
  if (of === 'attempt') return { role: 'first', of: null };
  if (of === 'own' && original.role === 'first') return { role: 'aftershock', of: original.id };
  return { role: original.role, of: original.of };
}
