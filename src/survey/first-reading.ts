import { type CaptureInfo, type CaptureReader, CaptureRecord } from '../capture/types.js';
import { MOST_ORDINARY, ORDINARY_SHARE } from '../flow/ordinary.js';
import { MAX_CONNECTIONS } from '../flow/track.js';
import type { Limits } from '../limits.js';
import { Decoder } from '../packet/decode.js';
import { Fragments } from '../packet/fragments.js';
import { DECODED_ICMP, DECODED_TCP, type Decoded } from '../packet/segment.js';
import { Census } from './census.js';
import { Glance } from './glance.js';
import type { FlowMarks, FrameMarks } from './marks.js';
import { Survey } from './survey.js';

/** Segments looked at before the first of them is surveyed. */
const AHEAD = 32;

/** The first of two readings: from octets to what the second one needs to know. */
export class FirstReading {
  readonly census: Census;
  readonly frames: FrameMarks;
  readonly flows: FlowMarks;
  /** Would one reading of all be quicker? Then this one may be abandoned; told after each chunk. */
  isFutile = false;
  private survey: Survey | null;
  private readonly record = new CaptureRecord();
  private readonly fragments: Fragments;
  private readonly glances: readonly Glance[];
  /** Of their four-tuples. */
  private readonly hashes = new Int32Array(AHEAD);
  /** How many of them wait to be surveyed. */
  private waiting = 0;

  constructor(
    private readonly reader: CaptureReader,
    limits: Limits,
    /** Connections tracked in full that the second reading has room for at a time. */
    maxConnections = MAX_CONNECTIONS,
  ) {
    this.census = new Census(limits);
    this.survey = new Survey(limits, Math.min(maxConnections * ORDINARY_SHARE, MOST_ORDINARY));
    this.fragments = new Fragments(limits, this.census.fragments);
    const decoder = new Decoder(this.fragments);
    this.glances = Array.from({ length: AHEAD }, () => new Glance(decoder));
    this.frames = this.survey.frames;
    this.flows = this.survey.flows;
  }

  /** What the reader knows of the capture; complete after {@link end}. */
  get info(): CaptureInfo {
    return this.reader.info;
  }

  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
    this.drain();
  }

  /** No chunk follows: the survey's own memory is given back. */
  end(): void {
    this.reader.end();
    this.drain();
    const { survey, fragments } = this;
    if (survey === null) return;
    for (fragments.end(); fragments.owes; ) {
      const glance = this.glances[this.waiting];
      this.take(survey, glance, glance.next(), glance.frame);
    }
    this.flush(survey);
    survey.end();
    this.assess(survey);
    this.survey = null;
  }

  /** Text takes longer to read than to track. */
  private assess(survey: Survey): void {
    this.isFutile = this.reader.info.lacks !== undefined || survey.isFutile(this.census.segments);
  }

  private drain(): void {
    const { reader, record, glances, census, survey } = this;
    if (survey === null) return;
    while (reader.next(record)) {
      census.record(record);
      for (let more = true; more; ) {
        const glance = glances[this.waiting];
        const what = glance.look(record);
        more = glance.more(record);
        this.take(survey, glance, what, record.frame);
      }
    }
    this.flush(survey);
    this.assess(survey);
  }

  private take(survey: Survey, glance: Glance, what: Decoded, frame: number): void {
    if (what === DECODED_TCP) {
      // Marks are by frame: where a frame has several segments, their connections are tracked in full.
      if (glance.several) this.flows.mark(glance.hash);
      this.census.segment(glance.control);
      if (++this.waiting === AHEAD) this.flush(survey);
    } else {
      if (what === DECODED_ICMP) {
        this.flush(survey);
        survey.icmp(glance);
      }
      this.census.other(what, frame);
    }
  }

  /** Surveys all that wait, their sketches fetched together (flow/look-ahead.ts). */
  private flush(survey: Survey): void {
    const { glances, hashes, waiting } = this;
    this.waiting = 0;
    for (let i = 0; i < waiting; i++) hashes[i] = glances[i].hash;
    survey.touch(hashes, waiting);
    for (let i = 0; i < waiting; i++) survey.segment(glances[i]);
  }
}
