/**
 * Wires the stages: bytes → records → segments → connections → resets → verdicts → diagnosis. The
 * only file that knows them all.
 */

import { type CaptureSeries, readerOf } from './capture/series.js';
import { type CaptureReader, CaptureRecord } from './capture/types.js';
import { causes as allCauses } from './causes/index.js';
import { ContextAges } from './context/ages.js';
import { ContextObserver } from './context/observe.js';
import { TranslatedCopies } from './context/translated-copies.js';
import type { Arrangement } from './context/types.js';
import * as c from './flow/columns.js';
import type { Connection } from './flow/connection.js';
import type { FlowObserver } from './flow/events.js';
import { LookAhead } from './flow/look-ahead.js';
import { Tracker } from './flow/track.js';
import { type LimitName, type Limits, makeLimits } from './limits.js';
import { tcpChecksumValid } from './packet/checksum.js';
import { Decoder } from './packet/decode.js';
import { Fragments } from './packet/fragments.js';
import { DECODED_ICMP, DECODED_TCP, type Decoded, type Segment } from './packet/segment.js';
import { ResetObserver } from './reset/held/observe.js';
import type { Diagnosis } from './reset/verdicts/diagnosis.js';
import { EndingObserver } from './reset/verdicts/endings.js';
import type { GroupingFacts } from './reset/verdicts/facts.js';
import { FindingMaker } from './reset/verdicts/findings.js';
import { PackedVerdicts } from './reset/verdicts/packed-verdicts.js';
import { groupingFactsOf } from './reset/verdicts/repeated.js';
import { Tally } from './reset/verdicts/tally.js';
import { VerdictMaker } from './reset/verdicts/verdicts.js';
import type { Cause, Verdict } from './reset/vocabulary/verdict.js';
import { ConnectionCounts } from './summary/connections.js';
import { Losses, type LossFacts } from './summary/losses.js';
import { summarize } from './summary/summary.js';
import { Census } from './survey/census.js';
import { FirstReading } from './survey/first-reading.js';
import { Glance } from './survey/glance.js';
import { BEGINS_MESSAGE, type FlowMarks, type FrameMarks, SKIPPED } from './survey/marks.js';
import { SYN } from './tcp/control.js';
import { version } from './version.js';

/** Verdicts kept by default. */
const MAX_HELD = 50_000;

/** With so many packets the survey costs less than what the second reading then passes over (measured); none is smaller. */
const MANY_PACKETS = 500_000;
const SMALLEST_PACKET = 40;

export interface DiagnoseOptions {
  /** The catalogue in order of precedence; default: all built-in causes. */
  readonly causes?: readonly Cause[];
  /** Overrides of the thresholds, in the units of LIMIT_DEFINITIONS. */
  readonly limits?: { readonly [K in LimitName]?: number };
  /** Makes the reader; default: told by the magic number. */
  readonly reader?: () => CaptureReader;
  /** Most verdicts kept (50,000); the rest is judged and counted. */
  readonly maxHeld?: number;
  /** Most connections tracked at a time (262,144, about 1 kB each; of those a survey found regular eight count as one). */
  readonly maxConnections?: number;
  /**
   * How often to read what can be read again. The second reading passes over what the first found regular; the diagnosis is
   * the same, where one would not have to give up connections for want of room. Default: twice what has half a million packets
   * or more, and does not come slowly (gzip, xz, bzip2), unless more than half of it turns out to be irregular.
   */
  readonly readings?: 1 | 2;
  /** Name of the capture for reports. */
  readonly file?: string;
  /**
   * Number of the capture among several: ids become `2:1234`. A series takes as many numbers as it has files, from this
   * one (default: 1).
   */
  readonly fileNumber?: number;
}

/** A capture as bytes, whole or in chunks; a chunk need only be valid until the next is asked for. */
export type CaptureInput = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | Rereadable | CaptureSeries;

/** A file: chunks that can be iterated again and are the same then. */
export interface Rereadable extends AsyncIterable<Uint8Array> {
  /** Its size; null: it can only be read once. */
  readonly octets: number | null;
  /** They come more slowly than they can be tracked: read twice only where that is asked for. */
  readonly slow?: boolean;
}

/**
 * Diagnoses a capture: every RST with its probable cause, findings by harm, connections that failed without an RST.
 * Of several captures each is diagnosed by itself and put together with {@link mergeDiagnoses}.
 *
 *     const { verdicts } = await diagnose(new Uint8Array(await file.arrayBuffer()), { limits: { settle: 5_000 } });
 *
 * @param input the octets of a pcap or pcapng, not compressed (`openCapture` of whyrst/node decompresses)
 * @throws CaptureError when nothing sensible can be read
 */
export async function diagnose(input: CaptureInput, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const limits = makeLimits(options.limits);
  const first = await surveyed(input, options, limits);
  if (first !== null) {
    try {
      return await read(input, options, limits, first);
    } catch (error) {
      if (!(error instanceof Replaced)) throw error;
    }
  }
  return read(input, options, limits, null);
}

/** What was read is another capture than before. */
class Replaced extends Error {}

/** The first of two readings; null where one is to do. */
async function surveyed(input: CaptureInput, options: DiagnoseOptions, limits: Limits): Promise<FirstReading | null> {
  const { readings, reader, maxConnections } = options;
  const octets = octetsOf(input);
  const asked = readings === 2;
  if (octets === null || readings === 1) return null;
  if (!asked && (octets < MANY_PACKETS * SMALLEST_PACKET || reader !== undefined || isSlow(input))) return null;
  const first = new FirstReading(readerOf(input, reader), limits, maxConnections);
  let done = 0;
  for await (const chunk of chunksOf(input)) {
    first.push(chunk);
    done += chunk.length;
    // Of a compressed file, whose octets become more, too few are expected.
    const packets = (first.census.records * octets) / done;
    if (!asked && (packets < MANY_PACKETS || first.isFutile)) return null;
  }
  first.end();
  return !asked && first.isFutile ? null : first;
}

/**
 * @param first what a reading before this one found
 * @throws Replaced where that is of no use
 */
async function read(
  input: CaptureInput,
  options: DiagnoseOptions,
  limits: Limits,
  first: FirstReading | null,
): Promise<Diagnosis> {
  const reader = readerOf(input, options.reader);
  const run = new Run(options, limits, { first, reader });
  for await (const chunk of chunksOf(input)) run.push(chunk);
  const diagnosis = run.finish();
  if (first !== null && first.info.epoch !== reader.info.epoch) throw new Replaced();
  return diagnosis;
}

/**
 * Verdicts in frame order, each as soon as its reset has settled (`limits.settle` of capture time later), so that a live
 * capture need not end. What is known only at the end (a burst, a restart) can make one less sure than {@link diagnose} is.
 *
 *     for await (const { reset, cause } of verdicts(socket)) console.log(reset.rst.frame, cause.id);
 *
 * @throws CaptureError when nothing sensible can be read
 */
export async function* verdicts(input: CaptureInput, options: DiagnoseOptions = {}): AsyncGenerator<Verdict> {
  const run = new Run(options, makeLimits(options.limits), {
    reader: readerOf(input, options.reader),
    asTheySettle: true,
  });
  for await (const chunk of chunksOf(input)) {
    for (run.take(chunk); !run.drain(); ) yield* run.crowded();
    yield* run.settled();
  }
  run.end();
  yield* run.rest();
}

/**
 * One diagnosis of several, captures in order. Give each a `fileNumber` when it is diagnosed, so that ids stay unique.
 *
 *     mergeDiagnoses([await diagnose(a, { file: 'a', fileNumber: 1 }), await diagnose(b, { file: 'b', fileNumber: 2 })]);
 */
export function mergeDiagnoses(list: readonly Diagnosis[]): Diagnosis {
  const configuration = list[0]?.configuration;
  const unread = list.flatMap((d) => d.unread ?? []);
  return {
    schema: 1,
    version,
    captures: list.flatMap((d) => d.captures),
    verdicts: list.flatMap((d) => d.verdicts),
    omitted: list.reduce((sum, d) => sum + d.omitted, 0),
    endings: list.flatMap((d) => d.endings),
    findings: list.flatMap((d) => d.findings),
    ...(configuration === undefined ? {} : { configuration }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

export function chunksOf(input: CaptureInput): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return input instanceof Uint8Array ? [input] : input;
}

/** Size of what can be read again; null: it can be read once. */
function octetsOf(input: CaptureInput): number | null {
  return input instanceof Uint8Array ? input.length : ((input as Partial<Rereadable>).octets ?? null);
}

function isSlow(input: CaptureInput): boolean {
  return (input as Partial<Rereadable>).slow === true;
}

/** How a capture is read. */
interface Reading {
  /** What the first reading found; absent: this is the only one. */
  readonly first?: FirstReading | null;
  /** It has no end (follow.ts): verdicts are told as they settle, and this many are kept for the diagnosis. */
  readonly live?: { readonly keep: number };
  /** Verdicts are told as they settle, of a capture that ends (default: all are made at its end). */
  readonly asTheySettle?: boolean;
  /** So many verdicts are kept with all their facts (default: as many as nearly all captures have). */
  readonly inFull?: number;
  /** Default: of one file. */
  readonly reader?: CaptureReader;
}

/** Packets that no two ends exchange within a microsecond. */
const MANY_AT_ONCE = 8;
/** Packets out of their place that are no accident of a small capture. */
const LEAST_MISPLACED = 3;

/** Most places of findings that are told apart in a capture without end, each with a verdict as its example. */
const LIVE_PLACES = 1_000;

/** The stages at work on one capture. */
export class Run implements FlowObserver {
  protected readonly reader: CaptureReader;
  private readonly record = new CaptureRecord();
  private readonly fragments: Fragments;
  private readonly glance: Glance;
  protected readonly ages: ContextAges | null;
  private readonly lasting: ContextObserver | null;
  protected readonly observer: ResetObserver;
  private readonly translatedCopies: TranslatedCopies;
  private readonly ends: EndingObserver;
  protected readonly tracker: Tracker;
  private readonly ahead: LookAhead;
  protected readonly maker: VerdictMaker;
  private readonly findings: FindingMaker;
  private readonly tally = new Tally();
  private readonly kept: Verdict[] = [];
  private readonly packed = new PackedVerdicts();
  private readonly maxHeld: number;
  private readonly mostKept: number;
  private readonly mostWaiting: number;
  protected omitted = 0;
  protected readonly census: Census;
  private readonly connections = new ConnectionCounts();
  protected readonly losses: Losses;
  private resetCopies = 0;
  protected translated = 0;
  private judgedEarly = 0;
  private sinceSweep = 0;
  /** Records of the second reading. */
  private reread = 0;
  private readonly first: FirstReading | null;

  constructor(
    private readonly options: DiagnoseOptions,
    protected readonly limits: Limits,
    {
      first = null,
      live,
      asTheySettle = live !== undefined,
      inFull,
      reader = readerOf({}, options.reader),
    }: Reading = {},
  ) {
    this.first = first;
    this.reader = reader;
    this.maxHeld = options.maxHeld ?? MAX_HELD;
    this.census = first?.census ?? new Census(limits);
    // Of two readings the first counts.
    this.fragments = new Fragments(limits, first === null ? this.census.fragments : undefined);
    this.glance = new Glance(new Decoder(this.fragments));
    this.losses = new Losses(limits);
    this.mostKept = live?.keep ?? this.maxHeld;
    this.ages = live === undefined ? null : new ContextAges(this.limits);
    const facts = this.ages ?? new ContextObserver(this.limits);
    this.lasting = facts instanceof ContextAges ? null : facts;
    const lasting = asTheySettle ? 0 : this.maxHeld;
    // Behind those that are judged at the end few wait, to be counted.
    this.mostWaiting = lasting === 0 ? this.maxHeld : lasting / 4;
    this.observer = new ResetObserver(
      this.limits,
      tcpChecksumValid,
      (connection, side) => facts.knows(connection, side),
      lasting,
    );
    this.observer.repeats.limit = this.maxHeld;
    this.translatedCopies = new TranslatedCopies(this.limits.duplicateWindow);
    this.ends = new EndingObserver(this.limits, options.file);
    this.tracker = new Tracker(this, this.limits, { maxConnections: options.maxConnections });
    this.ahead = new LookAhead(this.tracker, this.fragments);
    this.lasting?.lookInto(this.tracker.ordinary);
    this.maker = new VerdictMaker(
      this.observer,
      options.causes ?? allCauses,
      facts,
      this.limits,
      { fileNumber: options.fileNumber, borders: this.reader.borders },
      live !== undefined,
      inFull,
    );
    // How many connections a listener had in all is not kept for ever.
    this.findings =
      live === undefined
        ? new FindingMaker((address, port) => facts.listener(address, port)?.connections ?? null)
        : new FindingMaker(() => null, LIVE_PLACES);
  }

  /** What gathers facts across connections. */
  private get context(): ContextObserver {
    return this.lasting ?? (this.ages as ContextAges).current;
  }

  // ---- bytes to segments -----------------------------------------------------------------------

  push(chunk: Uint8Array): void {
    this.take(chunk);
    while (!this.drain()) this.judgeSome();
  }

  /** The chunk is to be read by {@link drain}. */
  take(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  /** Reads what there is; false where more resets are held than there is room for: judge some, and call it again. */
  drain(): boolean {
    const { reader, record, first, ahead } = this;
    try {
      while (reader.next(record)) {
        if (first === null) this.read(record);
        // A file that grew meanwhile ends where it ended at first.
        else if (this.reread < first.census.records) this.readAgain(record, first);
        if (++this.sinceSweep === 4096) {
          this.sinceSweep = 0;
          ahead.flush();
          this.tracker.sweep();
          if (this.observer.held.size > this.mostWaiting) return false;
        }
      }
    } finally {
      ahead.end();
    }
    return true;
  }

  /** A record of the only reading. */
  private read(record: CaptureRecord): void {
    const { ahead } = this;
    this.census.record(record);
    do this.follow(ahead.decode(record), record.frame);
    while (ahead.more(record));
  }

  /** What was decoded last, of the only reading. */
  private follow(what: Decoded, frame: number): void {
    const { census, ahead } = this;
    if (what === DECODED_TCP) {
      census.segment(ahead.segment.control);
      ahead.keep();
    } else {
      if (what === DECODED_ICMP) this.trackIcmp(ahead.segment);
      census.other(what, frame);
    }
  }

  /** A record of the second reading: what the first found regular is passed over. */
  private readAgain(record: CaptureRecord, { flows, frames }: FirstReading): void {
    const { glance } = this;
    this.reread++;
    do this.readPacketAgain(record, flows, frames);
    while (glance.more(record));
  }

  private readPacketAgain(record: CaptureRecord, flows: FlowMarks, frames: FrameMarks): void {
    const { glance, ahead } = this;
    const what = glance.look(record);
    if (glance.pieced) this.trackPieced(what);
    else if (what === DECODED_TCP) {
      if (flows.has(glance.hash)) {
        ahead.decode(record);
        ahead.keep();
      } else {
        const mark = frames.get(record.frame);
        if (mark === SKIPPED) ahead.pass(record.time);
        else this.trackOrdinary(record, mark === BEGINS_MESSAGE);
      }
    } else if (what === DECODED_ICMP) {
      ahead.decode(record);
      this.trackIcmp(ahead.segment);
    }
  }

  /** A segment of an ordinary connection: only its SYNs are decoded, for their options. */
  private trackOrdinary(record: CaptureRecord, begins: boolean): void {
    const { glance, ahead } = this;
    if ((glance.control & SYN) !== 0) ahead.decode(record);
    else glance.copyTo(ahead.room());
    ahead.keepOrdinary(glance.hash, glance.source, begins);
  }

  /** What was put together of fragments. */
  private trackPieced(what: Decoded): void {
    this.ahead.adopt(this.glance.decoder);
    this.trackWhole(what);
  }

  /** A segment or an ICMP error in the second reading whose connection is tracked in full. */
  private trackWhole(what: Decoded): void {
    const { ahead } = this;
    if (what === DECODED_TCP) ahead.keep();
    else this.trackIcmp(ahead.segment);
  }

  /** No record follows: what first fragments tell is not waited for any longer. */
  private endFragments(): void {
    const { fragments, ahead, first } = this;
    for (fragments.end(); fragments.owes; ) {
      const what = ahead.next();
      if (first === null) this.follow(what, ahead.segment.frame);
      else this.trackWhole(what);
    }
    ahead.end();
  }

  private trackIcmp(s: Segment): void {
    this.ahead.flush();
    this.tracker.trackIcmp(s);
  }

  /** No chunk follows. */
  end(): LossFacts {
    this.reader.end();
    while (!this.drain()) this.judgeSome();
    this.endFragments();
    this.tracker.end();
    this.tracker.dispose();
    return this.assess();
  }

  /** What is known by now of the capture as a whole. */
  protected assess(counted: Losses = this.losses): LossFacts {
    const losses = counted.facts(this.census.segments, this.reader.info.dropped);
    const facts = this.ages ?? this.context;
    facts.start = this.census.firstTime;
    facts.end = this.census.lastTime;
    facts.lossy = losses.lossy;
    facts.arrangement = this.arrangement();
    facts.lag = facts.arrangement === 'merged' ? this.tracker.copyLag : 0;
    return losses;
  }

  /** Do the records stand in the order in which one point of the path saw them? */
  private arrangement(): Arrangement {
    const { limits, census } = this;
    if (this.isTimeless()) return 'timeless';
    if (this.tracker.farCopies >= Math.max(LEAST_MISPLACED, limits.mergedCapture * census.segments)) return 'merged';
    const most = Math.max(LEAST_MISPLACED, limits.unorderedCapture * census.records);
    return census.disordered >= most ? 'unordered' : 'as recorded';
  }

  /** Has every record the same time? A coarse clock tells that of a few packets, too, but none to the microsecond. */
  private isTimeless(): boolean {
    const { firstTime, lastTime, records } = this.census;
    const { epoch } = (this.first ?? this.reader).info;
    if (firstTime !== lastTime || records < MANY_AT_ONCE || epoch === null) return false;
    return epoch === 0n || epoch % 1_000_000n !== 0n;
  }

  // ---- connection events -----------------------------------------------------------------------

  opened(connection: Connection, s: Segment): void {
    this.context.opened(connection, s);
    this.observer.opened(connection, s);
  }

  answered(connection: Connection, s: Segment): void {
    this.context.answered(connection, s);
    this.observer.answered(connection);
  }

  established(connection: Connection): void {
    this.context.established(connection);
  }

  retried(connection: Connection, s: Segment): void {
    this.context.retried(connection, s);
  }

  served(connection: Connection): void {
    this.context.served(connection);
  }

  finished(connection: Connection, s: Segment): void {
    this.context.finished(connection, s);
  }

  closed(connection: Connection): void {
    this.context.closed(connection);
  }

  reset(connection: Connection, s: Segment): void {
    if ((connection.bits & c.C_RESET) === 0) this.context.reset(connection, s);
    const original = this.translatedCopies.of(connection, s);
    if (original !== 0) {
      this.translated++;
      connection.bits |= c.C_TRANSLATED;
      this.observer.translated(connection, s, original);
      return;
    }
    this.translatedCopies.add(connection, s, this.observer.reset(connection, s, this.tracker.tail));
  }

  afterReset(connection: Connection, s: Segment, newData: boolean, newAck: boolean): void {
    this.observer.afterReset(connection, s, newData, newAck);
  }

  resetCopied(connection: Connection, s: Segment): void {
    this.resetCopies++;
    if (this.observer.resetCopied(connection, s)) return;
    // A copy of what was itself the same RST under another four-tuple.
    const original = this.translatedCopies.of(connection, s);
    if (original !== 0) this.observer.copied(s, original);
  }

  gone(connection: Connection, why: 'closed' | 'evicted' | 'replaced' | 'end'): void {
    this.connections.gone(connection);
    this.losses.gone(connection);
    this.context.gone(connection);
    this.ends.gone(connection, { frame: this.record.frame, time: this.tracker.now });
    this.observer.gone(connection, why);
    this.maker.gone(connection.word(c.RESET_FIRST), connection.word(c.RESET_LAST));
  }

  // ---- verdicts --------------------------------------------------------------------------------

  /** Verdicts of resets that have settled, `silence` ns after the newest packet came. */
  settled(silence = 0): Iterable<Verdict> {
    return this.maker.take(this.tracker.now + silence);
  }

  rest(): Iterable<Verdict> {
    return this.maker.take(Number.POSITIVE_INFINITY);
  }

  /** There is no room to hold more resets: some are judged with what is known, and counted. */
  private judgeSome(): void {
    for (const verdict of this.crowded(true)) this.count(verdict, groupingFactsOf(verdict));
  }

  /** Verdicts of the quarter of those that wait that is judged with what is known; `brief`: see VerdictMaker.takeOldest. */
  *crowded(brief = false): Generator<Verdict> {
    const least = this.mostWaiting * 0.75;
    while (this.observer.held.size > least) {
      this.judgedEarly++;
      yield this.maker.takeOldest(brief);
    }
  }

  /** Counts the verdict; one that is not `wanted` makes no finding. */
  protected keep(verdict: Verdict, wanted = true): void {
    const facts = groupingFactsOf(verdict);
    if (!wanted) this.tally.add(verdict, facts, 1);
    else if (this.kept.length >= this.mostKept) this.count(verdict, facts);
    else {
      // Facts across connections that a capture without end has given up cannot be asked again.
      const mine = this.ages === null ? verdict : this.packed.pack(verdict);
      this.tally.add(mine, facts, 1);
      this.kept.push(mine);
      this.findings.add(mine, facts, true);
    }
  }

  /** Counts a verdict that is not kept. */
  private count(verdict: Verdict, facts: GroupingFacts): void {
    this.tally.add(verdict, facts, 1);
    this.omitted++;
    this.findings.add(verdict, facts, false);
  }

  finish(): Diagnosis {
    const losses = this.end();
    for (const verdict of this.rest()) this.keep(verdict);
    // An RST of a packet whose other fragments were waited for in vain.
    if (this.fragments.counts.lateResets > 0)
      this.kept.sort((a, b) => groupingFactsOf(a).frame - groupingFactsOf(b).frame);
    return this.diagnosis(losses);
  }

  /** Counts the resets that were only counted so far; returns how many. */
  protected countOmitted(): number {
    let sum = 0;
    for (const { original, count, lastFrame, lastTime } of this.maker.omitted()) {
      const facts = groupingFactsOf(original);
      this.tally.add(original, facts, count);
      this.findings.addOmitted(original, facts, count, lastFrame, lastTime);
      this.omitted += count;
      sum += count;
    }
    return sum;
  }

  protected diagnosis(losses: LossFacts): Diagnosis {
    this.countOmitted();
    this.tally.addAftershocks(this.observer.repeats.omittedAftershocks);
    this.omitted += this.observer.repeats.omittedAftershocks;
    return {
      schema: 1,
      version,
      captures: [
        {
          ...summarize({
            file: this.options.file ?? '',
            info: (this.first ?? this.reader).info,
            census: this.census,
            reread: this.first === null ? null : this.reread,
            tracker: this.tracker,
            connections: this.connections,
            losses,
            arrangement: this.arrangement(),
            tally: this.tally,
            vantage: this.context.votes.result(this.translated),
            resetCopies: this.resetCopies,
            translated: this.translated,
            judgedEarly: this.judgedEarly,
            endingsOmitted: this.ends.omitted,
          }),
          omitted: this.omitted,
        },
      ],
      verdicts: this.kept,
      omitted: this.omitted,
      endings: this.ends.list(losses.lossy, this.kept),
      findings: this.findings.list(),
    };
  }
}
