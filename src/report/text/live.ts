/** A line for each reset while a capture is followed: the row of the table of deaths, in columns of a fixed width. */

import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { TextContext } from '../options.js';
import { printable } from '../words/printable.js';
import { absolute, clockMilliseconds } from '../words/time.js';
import { count, filled, madeBy, parties, socket, story } from '../words/wording.js';
import { glyphs, paint } from './style.js';
import { wrap } from './wrap.js';

/** Of a frame number, an IPv4 pair, `originator socket`, the longest cause id: what is longer pushes the rest aside. */
const FRAME = 7;
const PAIR = 43;
const MAKER = 15;
const CAUSE = 27;

export class LiveLines {
  /** The day of the line before. */
  private day = '';

  constructor(private readonly context: TextContext) {}

  /** Lines of one verdict, each with its newline; `first` is the time of the first record. */
  of(verdict: Verdict, first: bigint | null): string {
    const { style, clock, verbose } = this.context;
    const { reset, role, mechanism, cause, confidence } = verdict;
    const moment = absolute(first, reset.rst.time);
    const lines: string[] = [];
    const day = moment === null ? '' : clock.at(moment).date;
    if (day !== this.day) lines.push(paint(style, 'faint', this.head(day)));
    this.day = day;
    const { client, server } = parties(reset);
    const what = role === 'aftershock' ? `+ aftershock of ${verdict.of}` : cause.id;
    const cells = [
      count(reset.rst.frame).padStart(FRAME),
      moment === null ? '' : clockMilliseconds(clock, moment),
      ` ${`${socket(client)}→${socket(server)}`.padEnd(PAIR)}`,
      ` ${madeBy(reset.sender.role, mechanism).padEnd(MAKER)}`,
      ` ${what.padEnd(CAUSE)}`,
      role === 'aftershock' ? '' : ` ${confidence}`,
    ];
    lines.push(glyphs(style, printable(cells.join(' '))).trimEnd());
    if (verbose && role !== 'aftershock') {
      const text = `${filled(cause.title, reset)}. ${story(verdict.evidence, reset)}`;
      const told = wrap(glyphs(style, printable(text)), style.width - FRAME - 1);
      lines.push(...told.map((line) => `${' '.repeat(FRAME + 1)}${line}`));
    }
    return `${lines.join('\n')}\n`;
  }

  private head(day: string): string {
    const { style, clock } = this.context;
    const cells = [
      'frame'.padStart(FRAME),
      day === '' ? '' : `${day} ${clock.zone} `,
      'client → server'.padEnd(PAIR),
      'RST made by'.padEnd(MAKER),
      'cause'.padEnd(CAUSE),
      'sure',
    ];
    // The day takes more room than a time of day.
    cells[2] = (cells[2] as string).slice(0, PAIR - Math.max(0, (cells[1] as string).length - 13));
    return glyphs(style, `${cells[0]} ${cells[1]} ${cells[2]}  ${cells[3]}  ${cells[4]}  ${cells[5]}`);
  }
}
