import { type CaptureInfo, type CaptureReader, CaptureRecord } from '../capture/types.js';
import type { Limits } from '../limits.js';
import { Decoder } from '../packet/decode.js';
import { DECODED_ICMP, DECODED_TCP } from '../packet/segment.js';
import { Census } from './census.js';
import { Glance } from './glance.js';
import type { FlowMarks, FrameMarks } from './marks.js';
import { Survey } from './survey.js';

/** The first of two readings: from octets to what the second one needs to know. */
export class FirstReading {
  readonly census: Census;
  readonly frames: FrameMarks;
  readonly flows: FlowMarks;
  private survey: Survey | null;
  private readonly record = new CaptureRecord();
  private readonly glance = new Glance(new Decoder());

  constructor(
    private readonly reader: CaptureReader,
    limits: Limits,
  ) {
    this.census = new Census(limits.messageGap);
    this.survey = new Survey(limits);
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
    this.survey?.end();
    this.survey = null;
  }

  private drain(): void {
    const { reader, record, glance, census, survey } = this;
    if (survey === null) return;
    while (reader.next(record)) {
      census.record(record);
      const what = glance.look(record);
      if (what === DECODED_TCP) {
        census.segment(glance.control);
        survey.segment(glance);
      } else {
        if (what === DECODED_ICMP) survey.icmp(glance);
        census.other(what, record.frame);
      }
    }
  }
}
