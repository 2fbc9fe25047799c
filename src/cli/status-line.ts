/** One line on a terminal that tells where a capture that is followed has got to; drawn again and again. */

import type { Clock, FollowCounts } from '../follow.js';
import { count, counted } from '../report/words/wording.js';
import type { ProgressTerminal } from './progress.js';

const REDRAW = 1_000;
/** A lag below this is what a kernel's buffer takes to be handed over (libpcap: a second). */
const WORTH_SAYING = 2_000;
const CLEAR = '\r\u001b[K';

export class StatusLine {
  private drawn = false;
  private text = '';
  private cancel = () => {};

  constructor(
    private readonly terminal: ProgressTerminal,
    private readonly clock: Clock,
  ) {
    this.redraw();
  }

  show(counts: FollowCounts): void {
    this.text = statusText(counts);
  }

  /** Makes room for a line of the report; the next drawing comes by itself. */
  clear(): void {
    if (this.drawn) this.terminal.write(CLEAR);
    this.drawn = false;
  }

  end(): void {
    this.cancel();
    this.clear();
  }

  private redraw(): void {
    if (this.text !== '') {
      this.terminal.write(`${CLEAR}${this.text}`);
      this.drawn = true;
    }
    this.cancel = this.clock.after(REDRAW, () => this.redraw());
  }
}

/** `12,034 packets, 311 connections, 17 RSTs, 2 settling` */
export function statusText({ packets, connections, resets, waiting, omitted, dropped, lag }: FollowCounts): string {
  return [
    counted(packets, 'packet'),
    counted(connections, 'connection'),
    counted(resets, 'RST'),
    ...(waiting > 0 ? [`${count(waiting)} settling`] : []),
    ...(omitted > 0 ? [`${count(omitted)} only counted`] : []),
    ...(dropped > 0 ? [`${count(dropped)} dropped by the capture`] : []),
    ...(lag !== null && lag >= WORTH_SAYING ? [`${count(Math.round(lag / 1000))} s behind`] : []),
  ].join(', ');
}
