/** Resets over time by cause, as stacked bars in inline SVG: drawn here, so that it stands there without a script too. */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOf } from '../captures.js';
import { absolute, makeClock, span } from '../words/time.js';
import { count, counted } from '../words/wording.js';
import { html, type Markup } from './markup.js';

const WIDTH = 1130;
const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 26;
const TOP = 10;
const BARS = 90;
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
    const time = absolute(first, verdict.reset.rst.time);
    if (time === null) continue;
    const at = names.indexOf(verdict.cause.id);
    points.push({ time, series: at < 0 ? SERIES : at });
  }
  if (points.length < 2) return null;
  const { from, to } = bounds(diagnosis, points);
  if (to <= from) return null;
  return html`${bars(points, names, from, to)}${legend(counted_, names, diagnosis.omitted)}`;
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

function bars(points: readonly Point[], names: readonly string[], from: bigint, to: bigint): Markup {
  const width = (to - from) / BigInt(BARS) + 1n;
  const rows = Array.from({ length: BARS }, () => new Array<number>(SERIES + 1).fill(0));
  for (const { time, series } of points) rows[Number((time - from) / width)]![series]! += 1;
  const most = Math.max(1, ...rows.map((row) => row.reduce((sum, value) => sum + value, 0)));
  const top = niceTop(most);
  const inner = HEIGHT - TOP - BOTTOM;
  const step = (WIDTH - LEFT) / BARS;
  const clock = makeClock('UTC');
  const rects: Markup[] = [];
  rows.forEach((row, index) => {
    let below = 0;
    row.forEach((value, series) => {
      if (value === 0) return;
      const height = (value / top) * inner;
      const y = HEIGHT - BOTTOM - below - height;
      below += height;
      const start = clock.at(from + width * BigInt(index));
      const title = `${start.date} ${start.clock} UTC, ${span(Number(width))}: ${count(value)} ${names[series] ?? 'other'}`;
      rects.push(
        html`<rect class="s${series}" x="${(LEFT + index * step + 0.5).toFixed(1)}" y="${y.toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${height.toFixed(1)}"><title>${title}</title></rect>`,
      );
    });
  });
  const lines = [0, 0.5, 1].map((part) => {
    const y = (HEIGHT - BOTTOM - part * inner).toFixed(1);
    const label = top * part;
    if (!Number.isInteger(label)) return null;
    return html`<line x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${Number(y) + 4}" text-anchor="end">${count(label)}</text>`;
  });
  const ticks = [0, 1, 2, 3, 4].map((part) => {
    const at = clock.at(from + ((to - from) * BigInt(part)) / 4n);
    const short = to - from < 10_000_000_000n;
    const text = `${part === 0 || to - from > 86_400_000_000_000n ? `${at.date} ` : ''}${at.clock}${short ? `.${at.fraction.slice(0, 3)}` : ''}`;
    const anchor = part === 0 ? 'start' : part === 4 ? 'end' : 'middle';
    return html`<text x="${(LEFT + ((WIDTH - LEFT) * part) / 4).toFixed(0)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${text}</text>`;
  });
  const label = `Resets over time by cause: ${counted(points.length, 'reset')} in ${span(Number(to - from))}, at most ${count(most)} in ${span(Number(width))}`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${lines}${rects}${ticks}</svg>`;
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
