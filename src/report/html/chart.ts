/** Resets over time by cause, as stacked bars in inline SVG: drawn here, so that it stands there without a script too. */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { groupingFactsOf } from '../../reset/verdicts/repeated.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOf } from '../captures.js';
import { periodOfAll } from '../words/rollup.js';
import { absolute, type Clock, makeClock, span } from '../words/time.js';
import { count, counted } from '../words/wording.js';
import { html, type Markup } from './markup.js';
import { type Stretch, stretches } from './timeline.js';

const WIDTH = 1130;
const HEIGHT = 170;
const LEFT = 44;
const BOTTOM = 26;
const TOP = 12;
/** Bars where nothing is folded; a fold takes the room of a few. */
const BARS = 90;
const FOLD = 84;
/** Colours that are told apart by most eyes; the last is for all other causes. */
const SERIES = 7;

interface Point {
  readonly time: bigint;
  readonly series: number;
}

export function chart(diagnosis: Diagnosis): Markup | null {
  const counted_ = diagnosis.verdicts.filter((verdict) => verdict.role !== 'aftershock');
  const names = seriesNames(counted_);
  const points: Point[] = [];
  for (const verdict of counted_) {
    const first = captureOf(verdict.id, diagnosis.captures)?.first ?? null;
    const time = absolute(first, groupingFactsOf(verdict).time);
    if (time === null) continue;
    const at = names.indexOf(verdict.cause.id);
    points.push({ time, series: at < 0 ? SERIES : at });
  }
  if (points.length < 2 || !oneIncident(diagnosis)) return null;
  const { from, to } = bounds(diagnosis, points);
  if (to <= from) return null;
  return html`${bars(points, names, from, to)}${legend(counted_, names, diagnosis.omitted)}`;
}

/** Captures of different years have no time in common. */
function oneIncident({ captures }: Diagnosis): boolean {
  return captures.length === 1 || periodOfAll(captures).from !== null;
}

function seriesNames(verdicts: readonly Verdict[]): readonly string[] {
  const numbers = new Map<string, number>();
  for (const { cause } of verdicts) numbers.set(cause.id, (numbers.get(cause.id) ?? 0) + 1);
  const sorted = [...numbers].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
  return sorted.length <= SERIES + 1 ? sorted : sorted.slice(0, SERIES);
}

/** From the first record to the last, so that quiet stretches are seen as such. */
function bounds(diagnosis: Diagnosis, points: readonly Point[]): { readonly from: bigint; readonly to: bigint } {
  let from = points[0]!.time;
  let to = from;
  const widen = (time: bigint | null) => {
    if (time === null) return;
    if (time < from) from = time;
    if (time > to) to = time;
  };
  for (const { time } of points) widen(time);
  for (const { first, last } of diagnosis.captures) {
    widen(first);
    widen(last);
  }
  return { from, to };
}

/** A stretch with its place on the page and its bars. */
interface Drawn extends Stretch {
  readonly x: number;
  readonly width: number;
  /** Nanoseconds of a bar. */
  readonly step: bigint;
  readonly rows: readonly number[][];
}

function place(points: readonly Point[], from: bigint, to: bigint): readonly Drawn[] {
  const pieces = stretches(
    points.map(({ time }) => time),
    from,
    to,
    BARS,
  );
  const folds = pieces.filter(({ folded }) => folded).length;
  const all = pieces.reduce((sum, piece) => sum + piece.bars, 0);
  const each = (WIDTH - LEFT - folds * FOLD) / Math.max(1, all);
  let x = LEFT;
  return pieces.map((piece): Drawn => {
    const width = piece.folded ? FOLD : piece.bars * each;
    const step = piece.folded ? 1n : (piece.to - piece.from) / BigInt(piece.bars) + 1n;
    const rows = Array.from({ length: piece.bars }, () => new Array<number>(SERIES + 1).fill(0));
    if (!piece.folded) {
      for (const { time, series } of points) {
        if (time >= piece.from && time <= piece.to) rows[Number((time - piece.from) / step)]![series]! += 1;
      }
    }
    const drawn = { ...piece, x, width, step, rows };
    x += width;
    return drawn;
  });
}

function bars(points: readonly Point[], names: readonly string[], from: bigint, to: bigint): Markup {
  const pieces = place(points, from, to);
  const most = Math.max(
    1,
    ...pieces.flatMap(({ rows }) => rows.map((row) => row.reduce((sum, value) => sum + value, 0))),
  );
  const top = niceTop(most);
  const inner = HEIGHT - TOP - BOTTOM;
  const clock = makeClock('UTC');
  const rects = pieces.flatMap((piece) =>
    piece.rows.flatMap((row, index) => column(row, index, piece, names, { top, inner, clock })),
  );
  const lines = [0, 0.5, 1].map((part) => {
    const y = (HEIGHT - BOTTOM - part * inner).toFixed(1);
    const label = top * part;
    if (!Number.isInteger(label)) return null;
    return html`<line x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${Number(y) + 4}" text-anchor="end">${count(label)}</text>`;
  });
  const folds = pieces
    .filter(({ folded }) => folded)
    .map(
      ({ x, from: start, to: end }) =>
        html`<g class="fold"><rect x="${(x + 4).toFixed(1)}" y="${TOP}" width="${FOLD - 8}" height="${inner}"/><text x="${(x + FOLD / 2).toFixed(1)}" y="${TOP + inner / 2 - 3}" text-anchor="middle">${span(Number(end - start))}</text><text x="${(x + FOLD / 2).toFixed(1)}" y="${TOP + inner / 2 + 12}" text-anchor="middle">nothing</text></g>`,
    );
  const quiet = folds.length === 0 ? '' : '; empty stretches are folded';
  const label = `Resets over time by cause: ${counted(points.length, 'reset')} in ${span(Number(to - from))}, at most ${count(most)} in one bar${quiet}`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${lines}${folds}${rects}${ticks(pieces, clock)}</svg>`;
}

interface Scale {
  readonly top: number;
  readonly inner: number;
  readonly clock: Clock;
}

/** One bar: a rectangle per cause, the first at the bottom. */
function column(
  row: readonly number[],
  index: number,
  { from, step, x, width, bars: number }: Drawn,
  names: readonly string[],
  { top, inner, clock }: Scale,
): Markup[] {
  const each = width / number;
  let below = 0;
  return row.flatMap((value, series) => {
    if (value === 0) return [];
    const height = (value / top) * inner;
    const y = HEIGHT - BOTTOM - below - height;
    below += height;
    const start = clock.at(from + step * BigInt(index));
    const title = `${start.date} ${start.clock}.${start.fraction.slice(0, 3)} UTC, ${span(Number(step))}: ${count(value)} ${names[series] ?? 'other'}`;
    const wide = Math.max(2, Math.min(28, each - 1));
    const left = x + index * each + (each - wide) / 2;
    return [
      html`<rect class="s${series}" x="${left.toFixed(1)}" y="${y.toFixed(1)}" width="${wide.toFixed(1)}" height="${height.toFixed(1)}"><title>${title}</title></rect>`,
    ];
  });
}

/** Digits of a second with which stamps of a stretch differ. */
function digitsOf({ from, to }: Stretch): number {
  const long = to - from;
  if (long >= 10_000_000_000n) return 0;
  return long >= 10_000_000n ? 3 : long >= 10_000n ? 6 : 9;
}

/** Columns of a stamp in the chart's type: none overlaps the one before. */
const STAMP = 7;

function ticks(pieces: readonly Drawn[], clock: Clock): Markup[] {
  const drawn = pieces.filter(({ folded }) => !folded);
  const [first] = drawn;
  const last = drawn.at(-1);
  if (first === undefined || last === undefined) return [];
  const days = clock.at(first.from).date !== clock.at(last.to).date;
  const digits = Math.max(...drawn.map(digitsOf));
  const stamp = (time: bigint, date: boolean) => {
    const at = clock.at(time);
    if (days) return `${at.date} ${at.clock.slice(0, 5)}`;
    return `${date ? `${at.date} ` : ''}${at.clock}${digits > 0 ? `.${at.fraction.slice(0, digits)}` : ''}`;
  };
  const marks: Markup[] = [];
  let end = 0;
  const mark = (x: number, text: string) => {
    const width = text.length * STAMP;
    const left = Math.min(x, WIDTH - width);
    if (left < end) return;
    end = left + width + STAMP;
    marks.push(html`<text x="${left.toFixed(0)}" y="${HEIGHT - 6}">${text}</text>`);
  };
  for (const piece of drawn) {
    mark(piece.x, stamp(piece.from, piece === first));
    const parts = Math.floor(piece.width / 260);
    for (let part = 1; part < parts; part += 1) {
      const time = piece.from + ((piece.to - piece.from) * BigInt(part)) / BigInt(parts);
      mark(piece.x + (piece.width * part) / parts, stamp(time, false));
    }
  }
  return marks;
}

/** The next 1, 2 or 5 times a power of ten that is even, so that its half is whole. */
function niceTop(most: number): number {
  if (most <= 1) return 1;
  for (let power = 1; ; power *= 10) {
    for (const step of [2, 4, 6, 10]) if (step * power >= most) return step * power;
  }
}

function legend(verdicts: readonly Verdict[], names: readonly string[], omitted: number): Markup {
  const items = names.map((name, series) => {
    const number = verdicts.filter(({ cause }) => cause.id === name).length;
    return html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s${series}" width="10" height="10"/></svg><button class="plain" type="button" data-cause="${name}">${name}</button> ${count(number)}</li>`;
  });
  const others = verdicts.filter(({ cause }) => !names.includes(cause.id)).length;
  const other =
    others === 0
      ? null
      : html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s${SERIES}" width="10" height="10"/></svg>other causes ${count(others)}</li>`;
  const left =
    omitted === 0
      ? null
      : html`<p class="soft">${counted(omitted, 'RST')} that ${omitted === 1 ? 'was' : 'were'} counted but not kept one by one ${omitted === 1 ? 'is' : 'are'} not in this chart.</p>`;
  return html`<ul class="legend">${items}${other}</ul>${left}`;
}
