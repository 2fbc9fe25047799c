import type { CaptureRecord } from '../capture/types.js';
import { CLOCK_STEP } from '../flow/track.js';
import type { Limits } from '../limits.js';
import { FragmentCounts } from '../packet/fragments.js';
import { DECODED_NAMES, type Decoded } from '../packet/segment.js';
import { FIN, RST, SYN } from '../tcp/control.js';

/** What is counted over all records of a capture, in whatever reading sees them all. */
export class Census {
  records = 0;
  segments = 0;
  /** Segments without SYN, FIN or RST, and with anything but RST: what a capture filter lets through. */
  plain = 0;
  notReset = 0;
  /** Lowest and highest time of a record, ns: the first has 0. */
  firstTime = 0;
  lastTime = 0;
  /** Records that stand behind later ones, where that is neither a moment nor a clock that was set. */
  disordered = 0;
  /** Records whose time lies well before the highest, and the first of them. */
  backwards = 0;
  backwardsFrame = 0;
  /** Records by what decoding made of them, and the first of each kind. */
  readonly decoded = new Float64Array(DECODED_NAMES.length);
  readonly decodedFirst = new Float64Array(DECODED_NAMES.length);
  readonly fragments = new FragmentCounts();

  /** Highest time of a record since the clock was set back. */
  private clock = 0;

  constructor(private readonly limits: Limits) {}

  record(record: CaptureRecord): void {
    this.records++;
    if (record.time >= this.clock) {
      this.clock = record.time;
      if (record.time > this.lastTime) this.lastTime = record.time;
    } else if (record.time < this.lastTime) this.behind(record);
  }

  private behind({ time, frame }: CaptureRecord): void {
    if (time < this.firstTime) this.firstTime = time;
    if (this.clock - time > CLOCK_STEP) this.clock = time;
    else if (this.clock - time > this.limits.disorder) this.disordered++;
    if (this.lastTime - time > this.limits.messageGap && this.backwards++ === 0) this.backwardsFrame = frame;
  }

  /** @param control the segment's control bits */
  segment(control: number): void {
    this.segments++;
    if ((control & (SYN | FIN | RST)) === 0) this.plain++;
    if ((control & RST) === 0) this.notReset++;
  }

  /** A record that is no TCP segment. */
  other(what: Decoded, frame: number): void {
    if (this.decoded[what]++ === 0) this.decodedFirst[what] = frame;
  }
}
