/** A capture without end: verdicts as they settle, memory that stays bounded, a diagnosis when it does end. */

import { type CaptureInput, chunksOf, type DiagnoseOptions, Run } from './diagnose.js';
import { type Limits, makeLimits } from './limits.js';
import type { Diagnosis } from './reset/verdicts/diagnosis.js';
import type { Verdict } from './reset/vocabulary/verdict.js';
import { Losses } from './summary/losses.js';

/** The time of day and of waiting; a test has one of its own. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Milliseconds since 1970. */
  epoch(): number;
  /** Calls `wake` after so many milliseconds, unless what it returned was called before. */
  after(milliseconds: number, wake: () => void): () => void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  after: (milliseconds, wake) => {
    const timer = setTimeout(wake, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Where the reading of a capture without end is. Counts are since its beginning. */
export interface FollowCounts {
  readonly packets: number;
  readonly connections: number;
  /** RST segments, copies aside. */
  readonly resets: number;
  /** Resets that have not settled. */
  readonly waiting: number;
  /** Resets of a flood that were judged and counted, and not told one by one. */
  readonly omitted: number;
  /** Packets that the capture itself reports as dropped. */
  readonly dropped: number;
  /** Milliseconds from the newest packet's time until it was read; null before the first. */
  readonly lag: number | null;
  /** Time of the newest packet, ns since 1970; null before the first. */
  readonly newest: bigint | null;
}

export interface FollowOptions extends Omit<DiagnoseOptions, 'readings'> {
  /** Verdicts kept for the diagnosis at the end (none): findings have an example of each kind anyway. */
  readonly keep?: number;
  /** Which verdicts are told, and counted among the findings (all). */
  readonly select?: (verdict: Verdict) => boolean;
  /** Told where the reading is, after each chunk and while nothing comes. */
  readonly observe?: (counts: FollowCounts) => void;
  readonly clock?: Clock;
}

/** How often it is looked whether something settled while nothing comes, ms: a tenth of `settleLive`. */
const LOOK = 200;
/** At most one part in so many of the time goes into looking at all open connections. */
const LOOK_SHARE = 20;

/**
 * Verdicts in frame order, each as soon as its reset has settled: `limits.settleLive` of capture time later, or of the
 * clock's where no packet comes. A verdict is told once and not revised: what follows later (a burst, a restart) can make
 * it less sure than {@link diagnose} of the finished capture is, or show that the refusal was one of a scan or a firewall's:
 * what is told then rests on what was known by then. Nothing is read while the caller is busy with a verdict.
 * What the generator returns at the end of the input is the diagnosis, without the verdicts told (see `keep`).
 *
 *     for await (const { reset, cause } of follow(socket)) console.log(reset.rst.frame, cause.id);
 *
 * @throws CaptureError when nothing sensible can be read
 */
export async function* follow(input: CaptureInput, options: FollowOptions = {}): AsyncGenerator<Verdict, Diagnosis> {
  const { clock = systemClock, observe } = options;
  const run = new LiveRun(options, makeLimits(options.limits), clock);
  const chunks = arrivals(chunksOf(input), clock);
  let arrived = clock.now();
  let lag: number | null = null;
  for await (const chunk of chunks) {
    if (chunk === null) {
      if (run.waiting) yield* run.told((clock.now() - arrived) * 1e6);
    } else {
      for (run.take(chunk); !run.drain(); ) yield* run.crowding();
      arrived = clock.now();
      const { newest } = run.counts(null);
      lag = newest === null ? null : clock.epoch() - Number(newest / 1_000_000n);
      yield* run.told(0);
    }
    observe?.(run.counts(lag));
  }
  yield* run.last();
  observe?.(run.counts(lag));
  return run.conclude();
}

/** Chunks as they come, and null from time to time while none does. */
async function* arrivals(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  clock: Clock,
): AsyncGenerator<Uint8Array | null> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let wake = () => {};
  let asked = false;
  try {
    for (;;) {
      asked = true;
      let come: IteratorResult<Uint8Array> | null = null;
      let failure: { readonly error: unknown } | null = null;
      // One reaction for each chunk: a race anew at every look would gather reactions for as long as nothing comes.
      Promise.resolve(iterator.next()).then(
        (result) => {
          come = result;
          wake();
        },
        (error: unknown) => {
          failure = { error };
          wake();
        },
      );
      while (come === null && failure === null) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(LOOK, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
        if (come === null && failure === null) yield null;
      }
      asked = false;
      if (failure !== null) throw (failure as { readonly error: unknown }).error;
      const { done, value } = come as unknown as IteratorResult<Uint8Array>;
      if (done) return;
      yield value;
    }
  } finally {
    // An input that was asked for more may not answer before that comes.
    const closed = Promise.resolve(iterator.return?.());
    if (asked) closed.catch(() => {});
    else await closed;
  }
}

class LiveRun extends Run {
  /** Resets that were only counted. */
  private untold = 0;
  private readonly select: FollowOptions['select'];
  private nextLook = 0;

  constructor(
    options: FollowOptions,
    limits: Limits,
    private readonly clock: Clock,
  ) {
    super(options, limits, { live: { keep: options.keep ?? 0 } });
    this.select = options.select;
  }

  /** Is anything held that has not settled? */
  get waiting(): boolean {
    return this.maker.waiting;
  }

  /** Verdicts of resets that have settled `silence` ns after the newest packet came. */
  *told(silence: number): Generator<Verdict> {
    const now = this.tracker.now + silence;
    if (this.maker.isDue(now)) this.look();
    yield* this.counted(this.maker.take(now));
    this.untold += this.countOmitted();
    this.forget();
  }

  /** Verdicts of all that is left, when no chunk follows. */
  *last(): Generator<Verdict> {
    this.end();
    this.ages?.ended();
    yield* this.counted(this.rest());
    this.untold += this.countOmitted();
  }

  /** Verdicts of resets that have to be judged early. */
  *crowding(): Generator<Verdict> {
    this.look();
    yield* this.counted(this.crowded());
  }

  /** The diagnosis, when all is told. */
  conclude(): Diagnosis {
    return this.diagnosis(this.assess());
  }

  counts(lag: number | null): FollowCounts {
    const { tracker, census, reader, observer } = this;
    const { epoch, dropped } = reader.info;
    return {
      packets: census.records,
      connections: tracker.connections,
      resets: tracker.resets - this.translated,
      waiting: observer.held.size,
      omitted: this.untold + observer.repeats.omittedAftershocks,
      dropped,
      lag,
      newest: epoch === null ? null : epoch + BigInt(Math.round(census.lastTime)),
    };
  }

  /**
   * What connections that are open tell of hosts and losses, as if the capture ended now. Of hundreds of thousands it is not
   * gathered anew for every verdict.
   */
  private look(): void {
    const { clock, tracker, ages } = this;
    const began = clock.now();
    if (began < this.nextLook) return;
    const losses = new Losses(this.limits, this.losses);
    ages?.look((visit) =>
      tracker.each((connection) => {
        visit(connection);
        losses.gone(connection);
      }),
    );
    this.assess(losses);
    const ended = clock.now();
    this.nextLook = ended + LOOK_SHARE * (ended - began);
  }

  private *counted(verdicts: Iterable<Verdict>): Generator<Verdict> {
    for (const verdict of verdicts) {
      const wanted = this.select?.(verdict) ?? true;
      this.keep(verdict, wanted);
      if (wanted) yield verdict;
    }
  }

  /** Facts across connections that are too old. */
  private forget(): void {
    const { ages, tracker } = this;
    if (ages?.due(tracker.now) !== true) return;
    ages.renew(tracker.now, (visit) => tracker.each(visit));
    this.maker.renew();
  }
}
