/** Many captures told as one: the same cause in the same words is one story, with the captures where it is worst named. */

import type { CaptureSummary, Diagnosis, Ending } from '../../reset/verdicts/diagnosis.js';
import { perCapture } from '../captures.js';
import { CONFIDENCES, SEVERITIES } from '../select/select.js';
import { type Harm, inOrderOfHarm } from './harm.js';
import { type Place, type Several, type Story, storiesOf } from './stories.js';
import { absolute } from './time.js';
import { count, listed } from './wording.js';

/** A capture with what happened in it. */
export interface ToldRun {
  readonly run: Diagnosis;
  readonly capture: CaptureSummary;
  /** The worst first. */
  readonly stories: readonly Story[];
}

export interface RolledStory extends Story {
  readonly several: Several;
  /** Where its example was seen. */
  readonly told: ToldRun;
}

export interface Rollup {
  readonly runs: readonly ToldRun[];
  /** The worst first. */
  readonly stories: readonly RolledStory[];
  readonly names: Several['names'];
  /** All captures as if they were one. */
  readonly whole: CaptureSummary;
}

/** Several parts of a report ask for that of the same diagnosis. */
const made = new WeakMap<Diagnosis, Rollup>();

export function rollup(diagnosis: Diagnosis): Rollup {
  let all = made.get(diagnosis);
  if (all === undefined) made.set(diagnosis, (all = make(diagnosis)));
  return all;
}

function make(diagnosis: Diagnosis): Rollup {
  const { captures } = diagnosis;
  const runs = perCapture(diagnosis).flatMap((run): readonly ToldRun[] => {
    const [capture] = run.captures;
    return capture === undefined ? [] : [{ run, capture, stories: storiesOf(run) }];
  });
  const names = shortNames(captures);
  const groups = new Map<string, { told: ToldRun; story: Story }[]>();
  for (const told of runs) {
    for (const story of told.stories) {
      const key = `${story.harm} ${story.cause.id} ${story.example.role === 'ignored'} ${story.title}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ told, story }]);
      else group.push({ told, story });
    }
  }
  const stories = [...groups.values()].map((group) => rolled(group, captures, names));
  return { runs, stories: inOrderOfHarm(stories), names, whole: whole(captures) };
}

type Group = readonly { readonly told: ToldRun; readonly story: Story }[];

function rolled(group: Group, all: Several['all'], names: Several['names']): RolledStory {
  const places = new Map<string, Place>();
  const confidences = new Map<Story['confidences'][number][0], number>();
  for (const { story } of group) {
    for (const [confidence, number] of story.confidences)
      confidences.set(confidence, (confidences.get(confidence) ?? 0) + number);
    for (const { where, count: own, connections } of story.places) {
      const before = places.get(where);
      places.set(where, {
        where,
        count: own + (before?.count ?? 0),
        connections: before === undefined ? connections : sum(before.connections, connections),
      });
    }
  }
  const sure = ({ story }: Group[number]) => CONFIDENCES.indexOf(story.example.confidence);
  const [best] = [...group].sort((a, b) => sure(b) - sure(a)) as [Group[number], ...Group];
  const moments = group.flatMap(({ told: { capture }, story }) =>
    [story.first, story.last].flatMap(({ time }) => absolute(capture.first, time) ?? []),
  );
  return {
    ...best.story,
    severity: group.map(({ story }) => story.severity).sort(bySeverity)[0] ?? best.story.severity,
    count: group.reduce((total, { story }) => total + story.count, 0),
    confidences: [...confidences].sort((a, b) => CONFIDENCES.indexOf(b[0]) - CONFIDENCES.indexOf(a[0])),
    places: [...places.values()].sort((a, b) => b.count - a.count),
    connections: group.reduce<number | null>((total, { story }) => sum(total, story.connections), 0),
    verdicts: group.flatMap(({ story }) => story.verdicts),
    told: best.told,
    several: {
      all,
      captures: group
        .map(({ told: { capture }, story }) => ({ capture, count: story.count }))
        .sort((a, b) => b.count - a.count),
      names,
      ...period(moments),
    },
  };
}

const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
const bySeverity = (a: Story['severity'], b: Story['severity']) => SEVERITIES.indexOf(b) - SEVERITIES.indexOf(a);

/** Captures further apart than this are no one incident: what lies between them is no time that anything took. */
const ONE_INCIDENT = 31n * 86_400_000_000_000n;

/** From the first to the last of them; null where the captures have nothing to do with each other. */
function period(moments: readonly bigint[]): Pick<Several, 'from' | 'to'> {
  let [from, to] = [moments[0] ?? null, moments[0] ?? null];
  for (const one of moments) {
    if (from === null || one < from) from = one;
    if (to === null || one > to) to = one;
  }
  return from === null || to === null || to - from > ONE_INCIDENT ? { from: null, to: null } : { from, to };
}

/** From the first record of all to the last. */
export function periodOfAll(captures: readonly CaptureSummary[]): Pick<Several, 'from' | 'to'> {
  return period(captures.flatMap(({ first, last }) => [first, last].filter((time) => time !== null)));
}

/** Counts added up; what is true of one capture alone is not said of all. */
function whole(captures: readonly CaptureSummary[]): CaptureSummary {
  const total = (of: (capture: CaptureSummary) => number) =>
    captures.reduce((added, capture) => added + of(capture), 0);
  const { from: first, to: last } = periodOfAll(captures);
  return {
    file: '',
    format: '',
    linkTypes: [],
    records: total(({ records }) => records),
    segments: total(({ segments }) => segments),
    copies: total(({ copies }) => copies),
    connections: total(({ connections }) => connections),
    resets: total(({ resets }) => resets),
    resetCopies: total(({ resetCopies = 0 }) => resetCopies),
    deaths: total(({ deaths }) => deaths),
    omitted: total(({ omitted = 0 }) => omitted),
    tally: {
      lost: total(({ tally }) => tally.lost),
      refused: total(({ tally }) => tally.refused),
      harmless: total(({ tally }) => tally.harmless),
      aftershocks: total(({ tally }) => tally.aftershocks),
      ignored: total(({ tally }) => tally.ignored),
    },
    first,
    last,
    vantage: { at: 'unknown', why: '' },
    quality: [],
    warnings: [],
  };
}

/** As many parts of each path, from its end, as tell all captures apart: mostly the name of the file. */
function shortNames(captures: readonly CaptureSummary[]): Several['names'] {
  const parts = captures.map(({ file }) => file.split(/[\\/]/).filter((part) => part !== ''));
  const deepest = Math.max(1, ...parts.map(({ length }) => length));
  let names: readonly string[] = [];
  for (let depth = 1; depth <= deepest; depth += 1) {
    names = parts.map((own, index) => own.slice(-depth).join('/') || (captures[index]?.file ?? ''));
    if (new Set(names).size === names.length) break;
  }
  return new Map(captures.map((capture, index) => [capture, names[index] as string]));
}

/** How many connections of a capture were cut, and how many refused, by its stories. */
export function harmIn(stories: readonly Story[], harm: Harm): number {
  return stories.reduce((total, story) => (story.harm === harm ? total + story.count : total), 0);
}

/** The captures in which something of weight happened, the worst first. */
export function troubled(runs: readonly ToldRun[]): readonly ToldRun[] {
  return runs
    .filter(({ stories }) => stories.some(({ harm }) => harm !== 'noise'))
    .sort(
      (a, b) =>
        harmIn(b.stories, 'lost') - harmIn(a.stories, 'lost') ||
        harmIn(b.stories, 'refused') - harmIn(a.stories, 'refused'),
    );
}

/** `120 no answer to the SYN and 9 went silent`, the most frequent first; one kind needs no number. */
export function endingKinds(endings: readonly Ending[], words: Readonly<Record<Ending['kind'], string>>): string {
  const kinds = new Map<Ending['kind'], number>();
  for (const { kind } of endings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const sorted = [...kinds].sort((a, b) => b[1] - a[1]);
  return listed(
    sorted.map(([kind, number]) => (sorted.length === 1 ? words[kind] : `${count(number)} ${words[kind]}`)),
  );
}
